"""`ruche access` as an operator has it: users and roles given, changed, renewed and taken away on running servers."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import asyncpg
import nats
import pytest
from nats.js.errors import NoStreamResponseError
from typer.testing import CliRunner

import servers
from chassis.provision import provision
from chassis.settings import load_settings
from facts_said import said
from ruche.access import rights
from ruche.access.credentials import read
from ruche.connection import bus_settings, connected
from ruche.deployment import addresses_of, own_users
from ruche.main import application
from ruche.servers import Servers
from ruche.services import load

RUNNER = CliRunner()


class Office:
    """A data folder whose servers run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.access = folder / "data" / "access"

    def ruche(self, *words: str, code: int = 0, env: dict | None = None) -> str:
        with chdir(self.folder):
            done = RUNNER.invoke(application(words[0]), list(words), env=env or {})
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.output

    def access_(self, *words: str, code: int = 0) -> str:
        return self.ruche("access", *words, code=code)

    def json(self, *words: str):
        return json.loads(self.access_(*words, "--json"))

    def may_say(self, name: str, subject: str, **instead) -> bool:
        """Whether the log takes something from somebody; raises NATS' error for one who is not let in at all."""
        own = {**read(self.access, name), **instead}

        async def said_and_taken() -> bool:
            client = await nats.connect(
                own["RUCHE_NATS_URL"],
                user=own["RUCHE_NATS_USER"],
                password=own["RUCHE_NATS_PASSWORD"],
                error_cb=_ignored,
                allow_reconnect=False,
                max_reconnect_attempts=0,
            )
            try:
                await client.jetstream().publish(subject, b"{}", timeout=5)
            except NoStreamResponseError:
                return False
            else:
                return True
            finally:
                await client.close()

        return servers.run(said_and_taken)

    @staticmethod
    def in_postgres(dsn: str, sql: str):
        async def asked():
            connection = await asyncpg.connect(dsn)
            try:
                return await connection.fetchval(sql)
            finally:
                await connection.close()

        return servers.run(asked)


async def _ignored(_error: Exception) -> None:
    return


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with servers.folder() as folder:
        data = folder / "data"
        with Servers(data, durable=False) as there:
            addresses_of(there).write(data)

            async def made() -> None:
                await own_users(there, [load("onboarding")])
                async with connected(bus_settings(addresses_of(there))) as bus:
                    await provision(bus)

            servers.run(made)
            yield Office(folder)


def test_a_platform_gets_what_it_needs_at_once_and_is_changed_without_losing_its_place(office):
    told = office.access_("platform", "add", "forum", "--community", "atelier")

    assert "NATS knows" in told
    assert stat.S_IMODE((office.access / "forum.env").stat().st_mode) == 0o600
    assert office.may_say("forum", "member.joined.atelier.forum")
    assert not office.may_say("forum", "member.joined.verger.forum")

    before = read(office.access, "forum")
    changed = office.json(
        *(
            "platform",
            "add",
            "forum",
            "-c",
            "verger",
            "-c",
            "atelier",
            "--receive",
            "question.*",
            "--receive",
            "care.needed",
        )
    )

    assert changed["communities"] == ["atelier", "verger"]
    assert {"message.requested", "question.unanswered", "care.needed"} < set(changed["receives"])
    assert read(office.access, "forum") == before
    assert office.may_say("forum", "member.joined.verger.forum")


def test_a_renewed_password_is_the_only_one_and_a_platform_taken_away_is_gone(office):
    office.access_("platform", "add", "chat", "--community", "atelier")
    former = read(office.access, "chat")["RUCHE_NATS_PASSWORD"]

    office.access_("platform", "rotate", "chat")

    assert office.may_say("chat", "member.joined.atelier.chat")
    with pytest.raises(nats.errors.Error):
        office.may_say("chat", "member.joined.atelier.chat", RUCHE_NATS_PASSWORD=former)

    current = (office.access / "chat.env").read_text()
    office.access_("platform", "remove", "chat")

    assert read(office.access, "chat") is None
    assert "chat" not in [one["name"] for one in office.json("list")]
    (office.access / "chat.env").write_text(current)
    with pytest.raises(nats.errors.Error):
        office.may_say("chat", "member.joined.atelier.chat")
    (office.access / "chat.env").unlink()
    assert "there is:" in office.access_("platform", "remove", "chat", code=2)


def test_a_service_gets_a_user_and_a_role_and_settings_that_it_starts_with(office):
    told = office.json("service", "add", "support")
    own = read(office.access, "support")

    settings = load_settings(**{name.removeprefix("RUCHE_").lower(): value for name, value in own.items()})
    dsn = settings.postgres_dsn.get_secret_value()
    assert office.in_postgres(dsn, "select current_user") == told["role"] == "ruche_support"
    assert office.in_postgres(dsn, "select has_schema_privilege('support', 'CREATE')") is True
    assert len(settings.secret) >= 16
    assert own["RUCHE_DEPLOYMENT_SECRET"] == read(office.access, "onboarding")["RUCHE_DEPLOYMENT_SECRET"]

    office.access_("service", "rotate", "support")
    renewed = read(office.access, "support")
    assert renewed["RUCHE_NATS_PASSWORD"] != own["RUCHE_NATS_PASSWORD"]
    assert renewed["RUCHE_POSTGRES_DSN"] != own["RUCHE_POSTGRES_DSN"]

    office.access_("service", "remove", "support")
    with pytest.raises(asyncpg.PostgresError):
        office.in_postgres(renewed["RUCHE_POSTGRES_DSN"], "select 1")


def test_operators_speak_to_all_or_to_their_own_communities(office):
    office.access_("operator", "add", "camille")
    office.access_("operator", "add", "sacha", "--community", "atelier")
    camille, sacha = read(office.access, "camille"), read(office.access, "sacha")

    assert "is unmuted from place" in office.ruche("community", "unmute", "verger", env=camille)
    assert "is muted from place" in office.ruche("community", "mute", "atelier", env=sacha)
    # From an account of its own, what is not let in has nobody to answer; inside the log's, the server says no.
    assert "no log" in office.ruche("community", "mute", "verger", env=sacha, code=3)
    fact = ("send", "member.joined", "community=verger", "member=ana")
    told = office.ruche(*fact, env=camille, code=1)
    assert "NATS does not let this user publish member.joined.verger.cli" in told
    assert "0 to read" not in office.ruche("log", "status", env=camille)


def test_a_source_of_ones_own_is_known_to_every_service_and_nobody_elses(office):
    office.access_("platform", "add", "wiki", "-c", "atelier", "--source", "https://wiki.example/")

    assert json.loads(read(office.access, "onboarding")["RUCHE_PUBLISHERS"]) == {"https://wiki.example/": "wiki"}
    for source in ("https://wiki.example/", "/platforms/wiki", "/operator", "/services/support", "/clock"):
        told = office.access_("platform", "add", "other", "-c", "atelier", "--source", source, code=2)
        assert "it cannot be other's" in told, source
    assert "other" not in [one["name"] for one in office.json("list")]
    office.access_("platform", "remove", "wiki")
    # What it said stays in the log, and must be read the same.
    assert "wiki.example" in read(office.access, "onboarding")["RUCHE_PUBLISHERS"]


def test_what_is_shown_holds_every_subject_and_no_password(office):
    office.access_("platform", "add", "shown", "-c", "atelier")
    told = office.access_("show", "shown")

    assert "post.created.atelier.shown" in told
    assert "$JS.ruche.API.CONSUMER.MSG.NEXT.EVENTS.shown" in told
    document = office.json("show", "shown")
    assert "password" not in document
    assert {"subject": "member.left.atelier.shown", "why": "facts of its communities", "called": None} in document[
        "says"
    ]
    assert "shown" in office.access_("list")
    own = read(office.access, "shown")["RUCHE_NATS_PASSWORD"]
    for file in office.access.parent.rglob("*"):
        if (
            file.is_file()
            and file.name != "shown.env"
            and "postgres" not in file.parts
            and "jetstream" not in file.parts
        ):
            assert own not in file.read_text(errors="replace"), file


def test_apply_makes_everything_again(office):
    office.access_("platform", "add", "again", "-c", "atelier")
    file = office.access / "nats.conf"
    before = file.read_text()
    file.write_text(before.replace("member.left.atelier.again", "member.left.atelier.lost"))

    assert "as they are kept" in office.access_("apply")
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("platform", "add", "forum"), "name each with --community"),
        (("platform", "add", "operator", "-c", "a"), "reserved name"),
        (("platform", "add", "onboarding", "-c", "a"), "reserved name"),
        (("platform", "add", "ruche", "-c", "a"), "owner of this data folder"),
        (("platform", "add", "Forum", "-c", "a"), "is no community"),
        (("platform", "add", "forum", "-c", "a b"), "is no community"),
        (("platform", "add", "forum", "-c", "a", "--receive", "question"), "question is no decision"),
        (("platform", "add", "forum", "-c", "a", "--receive", "*"), "* is no decision"),
        (("platform", "add", "forum", "-c", "a", "--receive", "post.created"), "post.created is no decision"),
        (("service", "add", "forum"), "no service is called forum"),
        (("service", "add", "support", "--role", "pg_x"), "no name for a role"),
        (("operator", "add", "x", "--keeper", "-c", "a"), "leave out --community or --keeper"),
        (("operator", "rotate", "nobody"), "no operator is called nobody"),
        (("show", "nobody"), "no user is called nobody"),
    ],
)
def test_what_cannot_be_is_said_with_its_cure_and_changes_nothing(office, words, told):
    before = (office.access / "access.json").read_bytes()

    assert told in office.access_(*words, code=2)
    assert (office.access / "access.json").read_bytes() == before


def test_a_registry_that_is_none_is_said_with_its_place(tmp_path):
    (tmp_path / "access.json").write_text('{"version": 1, "principals": [{"kind": "king", "name": "x"}]}')
    done = RUNNER.invoke(application("access"), ["access", "list", "--folder", str(tmp_path)])
    assert done.exit_code == 2
    assert "principals.0.kind" in done.output


def test_without_servers_it_is_said_what_would_be_needed(tmp_path):
    with chdir(tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "ruche", "access", "service", "add", "support", "--nats", "nats://127.0.0.1:1"],
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert "no Postgres to make a role on" in done.stderr
    assert not (tmp_path / "data" / "access" / "access.json").exists()


def test_private_decisions_leave_only_when_named():
    decided = ("points.awarded", "gaming.suspected", "care.needed", "member.fading", "member.welcomed")
    wide = rights.received(("points.*", "gaming.*", "care.*", "member.*"), decided)

    assert set(wide) == {"member.welcomed", "message.requested", "message.cancelled", "message.withheld"}
    assert "points.awarded" in rights.received(("points.awarded",), decided)
    assert said("member.joined", "2026-03-02 10:00", member="ana").type not in wide
