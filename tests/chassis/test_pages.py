"""Pages: what a service shows of its rows to a browser, from memory and from Postgres alike."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest

from chassis.app import build
from chassis.memory import CompleteShelf
from chassis.pages import Reader, Shown, matched, words
from chassis.service import Service
from chassis.settings import load_settings
from chassis.shelf import Step
from chassis.showing import ShelfReader
from contracts.community import Place
from toy.service import TOY


async def channels(reader: Reader, named: Mapping[str, str]) -> Shown:
    rows = await reader.rows(Place, named["community"])
    if not rows:
        raise ConnectionError("the database is away")
    return words(HTTPStatus.OK, ", ".join(row.channel for row in rows))


async def broken(_reader: Reader, _named: Mapping[str, str]) -> Shown:
    raise ZeroDivisionError


SHOWING: Service = replace(TOY, pages={"/channels/{community}": channels, "/broken": broken})


def shelf() -> CompleteShelf:
    made = CompleteShelf(SHOWING)
    for community, channel in (("atelier", "b"), ("atelier", "a"), ("other", "c")):
        step = Step(community)
        step.rows[Place] = {(community, channel): Place(channel=channel)}
        made.apply(step)
    return made


class Runner:
    """A runner whose rows are in memory."""

    def __init__(self) -> None:
        self.rows = shelf()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        yield ShelfReader(self.rows)

    def ready(self) -> tuple[bool, list[str]]:
        return True, []


async def asked(path: str, method: str = "GET") -> tuple[int, Mapping[str, str], bytes]:
    settings = load_settings(nats_url="nats://127.0.0.1:9", postgres_dsn="postgresql://127.0.0.1:9/none", embedded=True)
    application, _ = build(SHOWING, settings, Runner())  # type: ignore[arg-type]
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
    await application(scope, receive, send)  # type: ignore[arg-type]
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


async def test_a_page_is_shown_with_the_rows_of_its_community_in_order():
    status, headers, body = await asked("/channels/atelier")

    assert (status, body) == (200, b"a, b\n")
    assert headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_page_may_ask_nothing_of_anybody_and_is_kept_by_nobody():
    _, headers, _ = await asked("/channels/atelier")

    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


async def test_only_its_head_is_sent_when_only_that_is_asked_for():
    status, _, body = await asked("/channels/atelier", "HEAD")

    assert (status, body) == (200, b"")


@pytest.mark.parametrize("path", ["/channels", "/channels/", "/channels/atelier/more", "/channel/atelier"])
async def test_what_is_no_page_is_not_found(path: str):
    assert (await asked(path))[0] == 404


async def test_a_page_is_only_read():
    assert (await asked("/channels/atelier", "POST"))[0] in {404, 405}


async def test_while_the_database_is_away_a_page_asks_for_patience():
    status, _, body = await asked("/channels/nobody")

    assert status == 503
    assert b"try again" in body


async def test_a_page_that_fails_says_no_more_than_that():
    status, _, body = await asked("/broken")

    assert status == 500
    assert b"ZeroDivision" not in body


async def test_probes_answer_beside_pages():
    assert (await asked("/healthz"))[0] == 200


def test_a_path_names_its_parts_as_people_write_them():
    assert matched(SHOWING.pages, "/channels/l%27atelier") == (channels, {"community": "l'atelier"})
