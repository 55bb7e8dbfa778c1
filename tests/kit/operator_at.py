"""The command `ruche`, run in this process against a stage's servers, and small runs for it to look at."""

import asyncio
import json
from datetime import timedelta
from urllib.parse import urlsplit

from typer.testing import CliRunner

from facts_said import posted
from ruche.main import application

RUNNER = CliRunner()


async def ruche(stage, *words: object, code: int = 0) -> str:
    """What a command prints; standard error too where it fails."""
    parts = urlsplit(stage.nats)
    environment = {
        "RUCHE_NATS_URL": stage.nats,
        "RUCHE_POSTGRES_DSN": stage.postgres,
        "RUCHE_EMBEDDED": "true",
        "RUCHE_DATA": "/nowhere",
        **({"RUCHE_NATS_USER": parts.username, "RUCHE_NATS_PASSWORD": parts.password} if parts.username else {}),
    }
    texts = [str(word) for word in words]
    done = await asyncio.to_thread(lambda: RUNNER.invoke(application(texts[0]), texts, env=environment))
    assert done.exit_code == code, (done.exit_code, done.output, done.exception)
    return done.stdout if code == 0 else done.output


async def told(stage, *words: object) -> dict:
    """The JSON a command prints."""
    return json.loads(await ruche(stage, *words, "--json"))


def posts(count, *, start=0, communities=("atelier", "verger")):
    """Posts, of which the toy credits every second of a member."""
    at = "2026-03-02 10:00"
    return [
        posted(at, member=f"m{n % 3}", community=communities[n % 2], post=f"p{n}", event_id=f"e{n}").model_copy(
            update={"time": posted(at).time + n * timedelta(seconds=20)}
        )
        for n in range(start, start + count)
    ]


async def ran(stage, events, **given):
    """A run to its end; its cursors follow to the end of the log when it stops."""
    async with stage.running(**given) as runner:
        await stage.quiet(runner, upto=await stage.publish(*events))
