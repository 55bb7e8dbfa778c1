"""What operators can ask, on a real NATS; a stand-in answers for the runner, which has tests of its own."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import nats as nats_client
import pytest
from faststream.nats import NatsBroker
from nats.aio.client import Client

from chassis.operations import Refusal, answer_requests, failures, request_subject


class Steady:
    """A runner that stands, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def status(self) -> Mapping[str, Any]:
        return {"partitions": {"3": {"cursor": 17}}, "paused": "pause" in self.asked}

    async def pause(self) -> None:
        self.asked.append("pause")

    async def resume(self) -> None:
        self.asked.remove("pause")

    async def turn(self, partition: int, upto: int) -> Mapping[str, Any]:
        self.asked.append((partition, upto))
        return {"partition": partition, "read_to": upto, "published_to": 0, "due": {"atelier": None}}

    async def dead(
        self, action: str, *, letter: str | None, community: str | None, cause: str | None, limit: int
    ) -> Mapping[str, Any]:
        if action == "show":
            raise Refusal(f"there is no dead letter {letter}")
        if action == "drop":
            raise RuntimeError("what ana wrote")
        return {"letters": [], "limit": limit, "community": community, "cause": cause}

    async def member(self, community: str, member: str, audience: str) -> Mapping[str, Any]:
        if community != "atelier":
            raise Refusal(f"toy never heard of the community {community!r}")
        return {"community": community, "member": member, "audience": audience, "tells": []}


@pytest.fixture
def runner() -> Steady:
    return Steady()


@pytest.fixture
async def client(nats: str, runner: Steady) -> AsyncIterator[Client]:
    broker = NatsBroker(nats, middlewares=[failures()], logger=logging.getLogger("faststream.operations"))
    answer_requests(broker, "toy", "replica-1", runner, lambda: (False, ["starting"]))
    await broker.start()
    connection = await nats_client.connect(nats)
    try:
        yield connection
    finally:
        await connection.close()
        await broker.stop()


async def ask(client: Client, verb: str, request: Any = None) -> dict[str, Any]:
    body = request if isinstance(request, bytes) else b"" if request is None else json.dumps(request).encode()
    return json.loads((await client.request(request_subject("toy", verb), body, timeout=2)).data)


async def test_status_says_who_answers_and_whether_it_works(client: Client):
    assert await ask(client, "status") == {
        "service": "toy",
        "replica": "replica-1",
        "ready": False,
        "reasons": ["starting"],
        "partitions": {"3": {"cursor": 17}},
        "paused": False,
    }


async def test_pause_and_resume_answer_with_the_new_status(client: Client):
    assert (await ask(client, "pause"))["paused"] is True
    assert (await ask(client, "resume"))["paused"] is False


async def test_a_turn_is_given(client: Client, runner: Steady):
    answer = await ask(client, "turn", {"partition": 3, "upto": 17})

    assert answer == {"partition": 3, "read_to": 17, "published_to": 0, "due": {"atelier": None}}
    assert runner.asked == [(3, 17)]


async def test_dead_letters_are_listed_with_defaults(client: Client):
    assert (await ask(client, "dead", {}))["limit"] == 100
    assert (await ask(client, "dead", {"community": "atelier", "limit": 5}))["community"] == "atelier"
    assert (await ask(client, "dead", {"cause": "0123456789ab"}))["cause"] == "0123456789ab"


async def test_a_member_is_told_of_to_a_manager_unless_the_member_asks(client: Client):
    asked = {"community": "atelier", "member": "m"}

    assert (await ask(client, "member", asked))["audience"] == "manager"
    assert (await ask(client, "member", {**asked, "audience": "member"}))["audience"] == "member"


@pytest.mark.parametrize(
    ("verb", "request_", "told"),
    [
        ("dead", {"action": "show", "letter": "x"}, "there is no dead letter x"),
        ("dead", {"action": "burn"}, "the request does not fit: request.action: Input should be 'list', 'show'"),
        ("member", {"community": "elsewhere", "member": "m"}, "never heard of the community 'elsewhere'"),
        ("member", {"community": "atelier"}, "request.member: Field required"),
        ("dead", {"limit": 0}, "request.limit: Input should be greater than or equal to 1"),
        ("turn", {"partition": -1}, "request.upto: Field required"),
        ("turn", b"not json", "the request does not fit"),
        ("turn", b"", "the request does not fit"),
        ("dead", {"action": "drop", "letter": "x"}, "the service failed on this request (RuntimeError)"),
    ],
)
async def test_every_request_is_answered(client: Client, verb: str, request_: Any, told: str):
    answer = await ask(client, verb, request_)

    assert list(answer) == ["error"]
    assert told in answer["error"]
    assert "ana" not in answer["error"]


async def test_a_bad_request_does_not_keep_the_next_from_being_answered(client: Client):
    await asyncio.gather(*(ask(client, "turn", b"\xff\xfe") for _ in range(20)))

    assert (await ask(client, "turn", {"partition": 1, "upto": 1}))["read_to"] == 1
