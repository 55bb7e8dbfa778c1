"""Turns on a real log give the bytes of turns in process. The services fold in memory here; the log is NATS'."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import nats as nats_client
import pytest
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.js.api import StreamConfig, SubjectTransform

from chassis.app import Server
from chassis.conductor import Conductor, OutOfStep, Step
from chassis.entry import Entry, read
from chassis.fold import Fold
from chassis.memory import CompleteShelf
from chassis.operations import Refusal, answer_requests, failures
from chassis.provision import events_config
from chassis.rendering import Texts
from chassis.replay import Turns, in_turns, tick
from chassis.service import Service
from contracts.decisions import ActionExpired, QuestionCancelled, WelcomeHeld
from contracts.envelope import AnyEvent, Because
from contracts.facts import MemberJoined
from contracts.subjects import parse_subject, subject_of
from contracts.turn import Turn
from facts_said import posted
from ruche.servers.child import free_port
from staged import settings_on, staged

PARTITIONS = 4
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMED = {"because": (Because(rule="toy"),), "playbook": "neutral"}


def joins(turn: Turn, event: Any) -> None:
    turn.arm("held", f"{event.data.community}/{event.data.member}", turn.now + timedelta(minutes=10, milliseconds=300))


def holds(turn: Turn, key: str, due: datetime) -> None:
    community, member = key.split("/")
    said = WelcomeHeld(community=community, member=member, reason="raid", hold=key, since=due, **NAMED)
    turn.decide(said, rule="hold", key=key)


def expires(turn: Turn, event: Any) -> None:
    said = ActionExpired(
        community=event.data.community, member=event.data.post, action="x", kind="ask", nudged=False, **NAMED
    )
    turn.decide(said, rule="expire")


def cancels(turn: Turn, event: Any) -> None:
    member = event.data.member
    said = QuestionCancelled(community=event.data.community, post=member, thread=member, reason="human", **NAMED)
    turn.decide(said, rule="cancel")
    if event.type == WelcomeHeld.TYPE:
        turn.arm("again", f"{event.data.community}/{member}", turn.now + timedelta(hours=1))


def cancels_again(turn: Turn, key: str, _due: datetime) -> None:
    community, member = key.split("/")
    said = QuestionCancelled(community=community, post=member, thread=member, reason="erased", **NAMED)
    turn.decide(said, rule="again", key=key)


ONBOARDING = Service(
    name="onboarding",
    package="onboarding",
    tables=(),
    reacts={MemberJoined: (joins,), QuestionCancelled: (expires,)},
    due={"held": holds},
    emits=(WelcomeHeld, ActionExpired),
)
SUPPORT = Service(
    name="support",
    package="onboarding",
    tables=(),
    reacts={WelcomeHeld: (cancels,)},
    due={"again": cancels_again},
    emits=(QuestionCancelled,),
)


class InMemory:
    """A conducted service without a database: it reads the real log, folds in memory and publishes to the real log."""

    def __init__(self, service: Service, client: Client) -> None:
        self.service = service
        self.shelf = CompleteShelf(service)
        self.turns = 0
        self._fold = Fold(service, self.shelf, Texts(service.package))
        self._log = client.jetstream()
        self._read_to: dict[int, int] = {}

    def status(self) -> Mapping[str, Any]:
        return {}

    async def pause(self) -> None: ...

    async def resume(self) -> None: ...

    async def dead(self, action: str, **_: Any) -> Mapping[str, Any]:
        raise Refusal(f"no {action} here")

    async def turn(self, partition: int, upto: int) -> Mapping[str, Any]:
        self.turns += 1
        published, communities = 0, set()
        for seq in range(self._read_to.get(partition, 0) + 1, upto + 1):
            message = await self._log.get_msg("EVENTS", seq)
            if not str(message.subject).startswith(f"{partition}."):
                continue
            communities.add(parse_subject(str(message.subject)).community)
            for decision in self._fold.take(read(message.data or b"", seq=seq)):
                published = (await self._log.publish(str(subject_of(decision)), decision.to_json())).seq
        self._read_to[partition] = upto
        due = {slug: self.shelf.next_deadline(slug) for slug in sorted(communities)}
        told = {slug: None if first is None else first.due.isoformat() for slug, first in due.items()}
        return {"partition": partition, "read_to": upto, "published_to": published, "due": told}


@pytest.fixture
async def client(nats: str) -> AsyncIterator[Client]:
    connection = await nats_client.connect(nats)
    wanted = events_config(PARTITIONS)
    transform = SubjectTransform(src=wanted["subject_transform"]["src"], dest=wanted["subject_transform"]["dest"])
    config = StreamConfig(name="EVENTS", subjects=wanted["subjects"], subject_transform=transform)
    await connection.jetstream().add_stream(config)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def services(client: Client, nats: str) -> AsyncIterator[list[InMemory]]:
    broker = NatsBroker(nats, middlewares=[failures()], logger=logging.getLogger("faststream.operations"))
    running = [InMemory(service, client) for service in (SUPPORT, ONBOARDING)]
    for service in running:
        answer_requests(broker, service.service.name, "here", service)
    await broker.start()
    try:
        yield running
    finally:
        await broker.stop()


def fact(community: str, member: str, at: datetime, *, name: str | None = None) -> bytes:
    event = AnyEvent(
        id=name or f"join-{member}",
        source="/platforms/forum",
        type="member.joined",
        time=at,
        data=MemberJoined(community=community, member=member),
    )
    return event.to_json()


def story() -> list[Entry]:
    lines = []
    for number in range(40):
        community = ("atelier", "jardin", "velo")[number % 3]
        lines.append(fact(community, f"m{number}", MONDAY + timedelta(minutes=7 * number, milliseconds=number)))
    lines.insert(5, lines[4])
    lines.insert(9, b"not json")
    lines.insert(12, b'{"specversion":"1.0","id":"n","source":"/platforms/forum","type":"member.sneezed"}')
    lines.insert(20, tick("atelier", MONDAY + timedelta(days=7)).to_json())
    # The same identity in another community, and again after it was forgotten, is another event.
    lines.append(fact("velo", "m0", MONDAY + timedelta(days=1), name="join-m0"))
    lines.append(fact("atelier", "m0", MONDAY + timedelta(days=40), name="join-m0"))
    return [read(raw, seq=number) for number, raw in enumerate(lines, 1)]


async def on_the_bus(client: Client, until: datetime | None = None) -> tuple[Conductor, list[Step]]:
    await (conductor := Conductor(client, ["support", "onboarding"], PARTITIONS)).begin()
    return conductor, [step async for step in conductor.play(story(), until=until)]


@pytest.mark.parametrize("until", [None, MONDAY + timedelta(hours=3), MONDAY + timedelta(days=20)])
async def test_the_bus_gives_the_bytes_of_the_replay_in_process(
    client: Client, services: list[InMemory], until: datetime | None
):
    said: list[bytes] = []
    in_process = Turns([ONBOARDING, SUPPORT], on_decision=lambda _event, raw: said.append(raw))
    for entry in story():
        if until is None or entry.event is None or entry.event.time <= until:
            in_process.play(entry)
    if until is not None:
        in_process.finish(until)

    conductor, steps = await on_the_bus(client, until)

    assert said
    assert [one.raw for step in steps for one in step.said] == said
    assert conductor.sha256() == in_process.sha256() == in_turns([SUPPORT, ONBOARDING], story(), until=until).sha256()
    assert conductor.said == in_process.said
    assert conductor.heard == in_process.heard
    assert (conductor.skipped, conductor.refused) == (in_process.skipped, in_process.refused)
    for service in services:
        assert service.shelf.rows == in_process.shelves[service.service.name].rows
        assert service.shelf.deadlines() == in_process.shelves[service.service.name].deadlines()


async def test_a_service_on_nats_and_postgres_gives_the_same_bytes(nats: str, postgres: str):
    """The whole way: HTTP server, operator requests, runner, database; the log it left folds to its rows as well."""
    async with staged(nats, postgres) as stage:
        facts = [
            posted(
                "2026-03-02 10:00",
                member=f"m{number % 5}",
                community=("atelier", "verger", "fablab")[number % 3],
                thread=f"t{number % 4}",
                event_id=f"e{number}",
            ).model_copy(update={"time": MONDAY + timedelta(minutes=4 * number + 20 * (number // 10))})
            for number in range(60)
        ]
        entries = [read(event.to_json(), seq=number) for number, event in enumerate(facts, 1)]
        settings = settings_on(nats, postgres, conducted=True, http_port=free_port())
        server = Server(stage.service, settings)
        serving = asyncio.create_task(server.serve())
        try:
            conductor = Conductor(stage.bus.client, [stage.service.name], 8)
            await conductor.begin()
            ticks = [step async for step in conductor.play(entries) if step.event.type == "clock.ticked"]
        finally:
            server.should_exit = True
            await serving

        in_process = in_turns([stage.service], entries)
        assert ticks
        assert conductor.sha256() == in_process.sha256()
        assert conductor.said == in_process.said
        assert conductor.heard == in_process.heard
        for event_type, count in in_process.said.items():
            labels = {"service": stage.service.name, "type": event_type}
            assert server.process.metrics.registry.get_sample_value("ruche_decisions_total", labels) == count
        await stage.holds_as_recorded()


@pytest.mark.usefixtures("services")
async def test_a_step_is_a_fact_or_tick_and_what_it_made_the_services_say(client: Client):
    _, steps = await on_the_bus(client)

    first_tick = next(step for step in steps if step.event.type == "clock.ticked")
    assert first_tick.event.id == "atelier/2026-03-02T09:10:01Z"
    assert [said.event.type for said in first_tick.said] == ["welcome.held", "question.cancelled", "action.expired"]
    assert [said.seq for said in first_tick.said] == [first_tick.seq + 1, first_tick.seq + 2, first_tick.seq + 3]


async def test_nobody_is_asked_for_nothing(client: Client, services: list[InMemory]):
    _, steps = await on_the_bus(client)

    silent = sum(not step.said for step in steps)
    speaking = len(steps) - silent
    beginning = PARTITIONS * len(services)
    assert sum(service.turns for service in services) <= beginning + 2 * silent + 4 * speaking


@pytest.mark.usefixtures("services")
async def test_a_second_conductor_goes_on_where_the_log_ends(client: Client):
    await client.jetstream().publish("member.joined.atelier.forum", fact("atelier", "early", MONDAY))

    conductor, steps = await on_the_bus(client)

    assert steps[0].seq == 2
    assert conductor.said["welcome.held"] == in_turns([ONBOARDING, SUPPORT], story()).said["welcome.held"] + 1


@pytest.mark.usefixtures("services")
async def test_a_stranger_who_publishes_meanwhile_is_noticed(client: Client):
    conductor = Conductor(client, ["onboarding", "support"], PARTITIONS)
    await conductor.begin()
    playing = conductor.play(story())
    await anext(playing)
    await client.jetstream().publish("member.joined.atelier.forum", fact("atelier", "stranger", MONDAY))

    with pytest.raises(OutOfStep, match="somebody else publishes"):
        await anext(playing)


async def test_a_service_that_does_not_run_is_named(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("chassis.conductor._READY_SECONDS", 0.3)

    with pytest.raises(OutOfStep, match="support is not ready: it does not run: start it with RUCHE_CONDUCTED=true"):
        await Conductor(client, ["support"], PARTITIONS).begin()


async def test_a_turn_that_is_refused_says_why(client: Client, services: list[InMemory]):
    async def refuse(partition: int, _upto: int) -> Mapping[str, Any]:
        await asyncio.sleep(0)
        raise Refusal(f"partition {partition} is not held here")

    services[0].turn = refuse  # type: ignore[method-assign]

    with pytest.raises(OutOfStep, match="support refused its turn: partition 0 is not held here"):
        await Conductor(client, ["support"], PARTITIONS).begin()
