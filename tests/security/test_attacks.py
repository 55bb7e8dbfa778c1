"""A platform that means ill, with a valid user of its own, against a running service: it gets nowhere."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from chassis.committing import identity_of
from chassis.entry import read
from chassis.fold import Fold
from chassis.memory import CompleteShelf
from chassis.publish import message_id
from chassis.rendering import Texts
from contracts.examples import example
from facts_said import posted
from guarded import Guarded, Witness, events, flushed, guarded
from staged import Stage, staged
from toy.service import TOY

SECRET = "not known to any platform"  # noqa: S105 - of this test alone


@cache
def now() -> datetime:
    """A minute ago, from the first test on, not from when tests were collected: the toy waits ten minutes."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)


POST = "post.created.atelier.forum"


def post(number, **given):
    event = posted("2026-03-02 10:00", event_id=f"e{number}", post=f"p{number}", **given)
    return event.model_copy(update={"time": now() + timedelta(seconds=number)})


@asynccontextmanager
async def besieged(postgres: str) -> AsyncIterator[tuple[Guarded, Stage]]:
    """A service about to run as its own user, on a log where the platform `forum` has a user too."""
    with guarded() as guard:
        async with staged(guard.server.url, postgres) as stage:
            yield guard, stage


def as_itself(stage: Stage):
    """The service, running under its own user."""
    return stage.running(nats_user="support", nats_password="support" * 2, deployment_secret=SECRET, embedded=False)


def forged(type_: str, **changes) -> bytes:
    """The example of a type, as its rightful publisher would write it, happening now."""
    document = json.loads(example(type_)) | {"time": now().isoformat(), "id": f"forged-{type_}"}
    return json.dumps({**document, **changes}).encode()


FORGERIES = {
    "a decision": ("question.opened", "atelier", "support"),
    "a message": ("message.requested", "atelier", "onboarding"),
    "a tick": ("clock.ticked", "atelier", "clock"),
    "a playbook": ("community.configured", "atelier", "operator"),
    "the word that unmutes": ("community.unmuted", "atelier", "operator"),
    "a redrive": ("letter.redriven", "atelier", "operator"),
    "another community's fact": ("post.created", "verger", "forum"),
    "a fact of another platform": ("post.created", "atelier", "chat"),
}


async def test_a_forgery_has_no_effect_wherever_it_is_put(postgres):
    async with besieged(postgres) as (guard, stage):
        await stage.publish(post(1))
        inside = 0
        async with guard.user("forum") as forum, guard.owner() as bus:
            for what, (type_, community, publisher) in FORGERIES.items():
                document = json.loads(forged(type_))
                document["data"]["community"] = community
                if publisher == "chat":
                    document["source"] = "/platforms/chat"
                elif type_ == "post.created":
                    document["source"] = "/platforms/forum"
                bodies = {json.dumps(document).encode()}
                if publisher != "chat":
                    bodies.add(json.dumps({**document, "source": "/platforms/forum"}).encode())
                before = (await events(bus))[1]
                # On its own subject, and on that type under the platform's own name: it does not arrive.
                for raw in bodies:
                    await forum.publish(f"{type_}.{community}.{publisher}", raw)
                    if (type_, community) != ("post.created", "atelier"):
                        await forum.publish(f"{type_}.{community}.forum", raw)
                await flushed(forum)
                assert (await events(bus))[1] == before, what
                # Inside a fact's subject that is the platform's to use: it arrives, and is refused.
                for raw in bodies:
                    await forum.request(POST, raw, timeout=5)
                inside += len(bodies)
        last = await stage.publish(post(2))
        async with as_itself(stage) as runner:
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
            letters = (await runner.dead("list"))["letters"]
        assert {(letter["kind"], letter["community"]) for letter in letters} == {("wrong-subject", "atelier")}
        assert len(letters) == inside
        assert [tuple(row) for row in await stage.fetch("select community, posts from tally")] == [("atelier", 2)]
        assert [tuple(row) for row in await stage.fetch("select community, muted, playbook from community")] == [
            ("atelier", True, "neutral")
        ]
        await stage.holds_as_recorded()


def decision_on(*facts):
    """What the service will say on the last of these facts, as anybody who knows the rules can work out."""
    shelf = CompleteShelf(TOY)
    fold = Fold(TOY, shelf, Texts(TOY.package))
    decided = []
    for number, fact in enumerate(facts, 1):
        decided = fold.take(read(fact.to_json(), seq=number))
    return decided[0]


@pytest.mark.parametrize("leaked", [False, True], ids=["without the secret", "with the secret"])
async def test_a_guessed_message_id_suppresses_no_decision(postgres, leaked):
    facts = [post(1), post(2)]
    coming = decision_on(*facts)
    identity = identity_of(coming.source, coming.id)
    guesses = [identity, coming.id, f"{coming.source} {coming.id}", message_id(b"embedded", identity)]
    if leaked:
        guesses.append(message_id(SECRET.encode(), identity))
    async with besieged(postgres) as (guard, stage):
        async with guard.user("forum") as forum:
            for number, guess in enumerate(guesses, -20):
                fact = post(number, member="mallory", thread="t-2").to_json()
                answer = await forum.request(POST, fact, headers={"Nats-Msg-Id": guess}, timeout=5)
                assert "error" not in json.loads(answer.data)
        last = await stage.publish(*facts)
        async with as_itself(stage) as runner:
            await stage.quiet(runner, upto=last)
            counts = runner.status()["published"]
        said = [entry.event.id for entry in await stage.log() if entry.event and entry.event.source == TOY.source]
        assert coming.id in said
        assert len(said) == len(set(said)) == counts["published"]
        assert counts.get("occupied", 0) == leaked
        await stage.holds_as_recorded()


DESTINATIONS = (
    *("$JS.API.STREAM.PURGE.EVENTS", "$JS.API.STREAM.DELETE.EVENTS", "$JS.API.STREAM.DELETE.DEAD"),
    *("$JS.API.CONSUMER.DELETE.EVENTS.chat", "$JS.ACK.EVENTS.chat.1.1.1.1.0", "ops.support.pause"),
    *("clock.ticked.atelier.clock", "question.opened.atelier.support", "member.joined.verger.chat"),
    *("_INBOX_support.x", "dead.support.atelier"),
)


async def test_no_answer_of_the_server_is_turned_into_a_request_or_a_message(postgres):
    """NATS answers as itself, wherever a request says: within one account an empty answer would purge the log."""
    async with besieged(postgres) as (guard, stage):
        last = await stage.publish(post(1))
        async with guard.owner() as bus, guard.user("forum") as forum, as_itself(stage) as runner:
            await stage.quiet(runner, upto=last)
            own = "$JS.ruche.API.CONSUMER.{}.EVENTS.forum"
            for number, destination in enumerate(DESTINATIONS, 2):
                witness = Witness(bus)
                await witness.watch()
                await forum.publish(own.format("MSG.NEXT"), b'{"batch":1,"no_wait":true}', reply=destination)
                await forum.publish(own.format("INFO"), b"", reply=destination)
                await forum.publish(POST, post(number, member=f"m{number}").to_json(), reply=destination)
                # A fact that waits for its own answer: all before it has been dealt with by then.
                await forum.request(POST, post(number, member=f"m{number}").to_json(), timeout=5)
                await witness.settle(forum)
                assert not [subject for subject, _ in witness.heard if subject == destination], destination
                assert (await bus.api("CONSUMER.INFO.EVENTS.chat"))["name"] == "chat", destination
                assert (await bus.api("STREAM.INFO.DEAD"))["config"]["name"] == "DEAD", destination
                assert runner.status()["paused"] is False, destination
            messages, last = await events(bus)
            assert messages == last
            await stage.quiet(runner, upto=last)
        assert {entry.event.type for entry in await stage.log() if entry.event} == {"post.created"}
        await stage.holds_as_recorded()


HEADERS = {
    "roll-up": ({"Nats-Rollup": "all"}, "rollup not permitted"),
    "roll-up of a subject": ({"Nats-Rollup": "sub"}, "rollup not permitted"),
    "a life of its own": ({"Nats-TTL": "1s"}, "per-message TTL is disabled"),
    "a schedule": (
        {"Nats-Schedule": "@at 2030-01-01T00:00:00Z", "Nats-Schedule-Target": "clock.ticked.atelier.clock"},
        "message schedules is disabled",
    ),
    "a counter": ({"Nats-Incr": "+1"}, "message counters is disabled"),
    "another stream": ({"Nats-Expected-Stream": "DEAD"}, "expected stream does not match"),
}


@pytest.mark.parametrize("header", HEADERS)
async def test_no_header_gives_a_fact_power_over_the_log(header):
    headers, why = HEADERS[header]
    with guarded() as guard:
        async with guard.owner() as bus, guard.user("forum") as forum:
            await forum.request(POST, post(1).to_json(), timeout=5)
            answer = json.loads((await forum.request(POST, b"{}", headers=headers, timeout=5)).data)
            assert answer["error"]["description"] == why
            assert await events(bus) == (1, 1)


async def test_traces_go_nowhere_that_is_not_the_platforms():
    with guarded() as guard:
        async with guard.owner() as bus, guard.user("forum") as forum:
            witness = Witness(bus)
            await witness.watch()
            traces = await forum.subscribe("own.traces")
            hostile = ("ops.support.pause", "clock.ticked.atelier.clock", "$JS.API.STREAM.PURGE.EVENTS")
            for destination in (*hostile, "own.traces"):
                await forum.publish(POST, b"{}", headers={"Nats-Trace-Dest": destination})
            # Traces are sent a moment after their message; by the last one the others are out too.
            assert (await traces.next_msg(timeout=10)).data
            await witness.settle(forum)
            assert {subject for subject, _ in witness.heard if not subject.startswith("last.")} == {POST}
            assert await events(bus) == (4, 4)


async def test_batches_left_open_hold_no_decision_back(postgres):
    async with besieged(postgres) as (guard, stage):
        async with guard.user("forum") as forum:
            for number in range(200):
                headers = {"Nats-Batch-Id": f"open-{number}", "Nats-Batch-Sequence": "1"}
                await forum.publish(POST, post(number).to_json(), headers=headers)
            await flushed(forum)
            last = await stage.publish(*(post(number, member=f"m{number % 3}") for number in range(12)))
            async with as_itself(stage) as runner:
                await stage.quiet(runner, upto=last)
        said = [entry.event.type for entry in await stage.log() if entry.event and entry.event.source == TOY.source]
        assert said.count("helper.credited") == 6
        await stage.holds_as_recorded()
