"""`ruche replay --on-bus`: the facts through real servers, and what proves that the run was right."""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import typer

from chassis.bus import Bus
from chassis.conductor import Conductor, OutOfStep
from chassis.entry import Entry
from chassis.provision import PARTITIONS
from chassis.replay import Digest, Turns, is_fact
from chassis.service import Service
from contracts.envelope import AnyEvent
from contracts.identity import SERVICES
from ruche import on_bus
from ruche.connection import DATA, Addresses, find, run
from ruche.exits import Code, Problem
from ruche.on_bus import House, Pace
from ruche.output import err, out, progress
from ruche.recorder import extent
from ruche.tally import show_difference

Write = Callable[[AnyEvent, bytes], None] | None
TURNS, FULL = "turns", "max"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be replayed, through whom, and up to when."""

    services: Sequence[Service]
    facts: Sequence[Entry]
    until: datetime | None
    write: Write


def speed(text: str) -> str:
    """`turns`, `max`, or how many times as fast as it happened, as `60x`."""
    if text not in {TURNS, FULL} and not (text.removesuffix("x").isdigit() and text.endswith("x") and int(text[:-1])):
        raise typer.BadParameter(f"{text!r} is no speed: write turns, max, or 60x")
    return text


def servers(nats: str | None, postgres: str | None) -> Addresses | None:
    """The servers that a replay was given, by option or environment; None for private ones of its own."""
    if nats is None and "RUCHE_NATS_URL" not in os.environ:
        if postgres is not None:
            raise Problem("--postgres without --nats: a replay wants both servers, or neither", Code.USAGE)
        return None
    return find(DATA / "of-no-replay", nats, postgres)


def replayed(wanted: Wanted, how: str, given: Addresses | None) -> Mapping[str, Any]:
    """Replay on a bus; answers the figures, `on_bus` among them. `Problem` when the run is not what it must be."""
    started = time.monotonic()
    with on_bus.house(wanted.services, given) as house:
        if how == TURNS:
            figures, again = run(_in_turns(wanted, house))
        else:
            figures, again = run(_live(wanted, how, house)), None
    figures["on_bus"] |= {"speed": how, "seconds": round(time.monotonic() - started, 1)}
    if again is not None:
        _hold_against_turns(wanted, figures, again)
    return figures


async def _in_turns(wanted: Wanted, house: House) -> tuple[dict[str, Any], list[bytes]]:
    heard: list[bytes] = []
    services = wanted.services
    async with on_bus.at_work(services, house, more={"RUCHE_CONDUCTED": "true"}) as bus:
        conductor = await conducted(bus, wanted, heard)
        log = await extent(bus)
    communities = {entry.event.data.community for entry in wanted.facts if entry.event is not None}
    return {
        "communities": sorted(communities),
        "services": [service.name for service in services],
        "facts": dict(sorted(conductor.heard.items())),
        "refused": dict(sorted(conductor.refused.items())),
        "decisions": dict(sorted(conductor.said.items())),
        "sha256": conductor.sha256(),
        "on_bus": {"messages": log.messages},
    }, heard


async def conducted(bus: Bus, wanted: Wanted, heard: list[bytes]) -> Conductor:
    """Facts in turns through running services; `heard` gets every decision's bytes."""
    conductor = Conductor(bus.client, [service.name for service in wanted.services], PARTITIONS)
    try:
        await conductor.begin()
        with progress("in turns", len(wanted.facts), "facts") as advance:
            async for step in conductor.play(wanted.facts, until=wanted.until):
                if step.event.type != "clock.ticked":
                    advance()
                for said in step.said:
                    heard.append(said.raw)
                    if wanted.write is not None:
                        wanted.write(said.event, said.raw)
    except OutOfStep as wrong:
        raise Problem(f"the run broke off: {wrong}", Code.UNREACHABLE) from None
    return conductor


def _hold_against_turns(wanted: Wanted, figures: dict[str, Any], heard: list[bytes]) -> None:
    """The same facts in turns in process: every byte of the decisions must be the same."""
    again: list[bytes] = []
    turns = Turns(wanted.services, on_decision=lambda _event, raw: again.append(raw))
    with progress("the same in process", len(wanted.facts), "facts") as advance:
        for entry in wanted.facts:
            if wanted.until is None or entry.event is None or entry.event.time <= wanted.until:
                turns.play(entry)
            advance()
    if wanted.until is not None:
        turns.finish(wanted.until)
    figures["on_bus"]["equal"] = turns.sha256() == figures["sha256"]
    if not figures["on_bus"]["equal"]:
        show_difference(err(), heard, again)
        raise Problem("the decisions on the bus and in process differ: this is a bug, please report it", Code.DIFFERS)


async def _live(wanted: Wanted, how: str, house: House) -> dict[str, Any]:
    facts = [
        entry
        for entry in wanted.facts
        if entry.event is None or wanted.until is None or entry.event.time <= wanted.until
    ]
    first = min((entry.event.time for entry in facts if entry.event is not None), default=None)
    if first is None:
        raise Problem("there is no fact to replay", Code.REFUSED)
    pace = Pace(None if how == FULL else int(how.removesuffix("x")), first)
    more = {"RUCHE_REPLAY_CLOCK": pace.clock()}
    async with on_bus.at_work(wanted.services, house, more=more) as bus:
        with progress("publishing", len(facts), "facts") as advance:
            await on_bus.live(bus, facts, pace, published=advance)
        if wanted.until is not None:
            await pace.reach(wanted.until)
        await on_bus.at_rest(bus, wanted.services, PARTITIONS)
        log = await on_bus.log_of(bus)
        wrong = await on_bus.not_as_recorded(wanted.services, house.addresses, log)
    if wrong:
        for line in wrong:
            out().print(line, style="red")
        raise Problem("the run is not as recorded: this is a bug, please report it", Code.DIFFERS)
    refused = Counter(entry.refusal.kind for entry in facts if entry.refusal is not None)
    return _figures(wanted, log, refused)


def _figures(wanted: Wanted, log: Sequence[Entry], refused: Counter[str]) -> dict[str, Any]:
    heard: Counter[str] = Counter()
    said: Counter[str] = Counter()
    digest = Digest()
    communities = set()
    for entry in log:
        event = entry.event
        if event is None:
            continue
        communities.add(event.data.community)
        if event.source.startswith(SERVICES):
            said[event.type] += 1
            digest.add(event.data.community, entry.raw)
            if wanted.write is not None:
                wanted.write(event, entry.raw)
        else:
            heard[event.type] += 1
    return {
        "communities": sorted(communities),
        "services": [service.name for service in wanted.services],
        "facts": dict(sorted(heard.items())),
        "refused": dict(sorted(refused.items())),
        "decisions": dict(sorted(said.items())),
        "sha256": digest.hexdigest(),
        "on_bus": {"messages": len(log), "equal": True},
    }


def facts_of(entries: Sequence[Entry]) -> list[Entry]:
    """What is replayed: neither recorded decisions nor ticks; what cannot be read stays, to be counted."""
    return [entry for entry in entries if entry.event is None or is_fact(entry.event)]
