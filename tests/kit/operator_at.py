"""The command `ruche`, run in this process against a stage's servers."""

import asyncio
import json
from urllib.parse import urlsplit

from typer.testing import CliRunner

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
