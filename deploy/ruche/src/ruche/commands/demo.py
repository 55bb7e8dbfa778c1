"""`ruche demo`: a fortnight of a simulated community through the real bus, then the same facts in process."""

import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer

from chassis.bus import Bus
from chassis.conductor import Conductor, OutOfStep
from chassis.entry import Entry, read
from chassis.provision import PARTITIONS
from chassis.replay import Turns
from chassis.service import Service
from ruche import on_bus, playbooks
from ruche.commands.replay import opened_with
from ruche.commands.report import of_turns, written
from ruche.connection import run
from ruche.exits import Code, Problem
from ruche.on_bus import House
from ruche.output import err, note, out, progress
from ruche.processes import interrupt
from ruche.services import chosen
from ruche.simulate import START, simulate
from ruche.tally import show_difference, show_tally
from ruche.telling import Story

PLAYBOOK = "latelier"
COMMUNITY = "latelier"
MEMBERS = 60
WEEKS = 2
SEED = 1
MOST_STEPS = 2500
REPORT = Path("data") / "demo-report.html"
"""In the data folder of `ruche up`, which no repository keeps."""


def demo(
    members: Annotated[int, typer.Option(min=12, max=500, help="How many people belong.")] = MEMBERS,
    weeks: Annotated[int, typer.Option(min=1, max=8, help="How long it is watched.")] = WEEKS,
    seed: Annotated[int, typer.Option(help="Another seed, another community.")] = SEED,
    everything: Annotated[
        bool, typer.Option("--all", help="A line for every decision, also for those like many before.")
    ] = False,
) -> None:
    """See Ruche at work: a simulated fortnight of L'Atelier, a repair community, through real servers.

    Starts a private NATS and Postgres, runs every service on them, and shows what they decide and what members
    would read. Then runs the same facts in process: exit code 4 if a single byte of the decisions differs.
    """
    services = chosen()
    # Told to stop, it stops what it started, as with Ctrl-C.
    signal.signal(signal.SIGTERM, interrupt)
    facts = opening(members, weeks, seed)
    story = Story(out(), START.tzinfo, everything=everything)
    _introduce(members, weeks, len(facts))
    started = time.monotonic()
    heard: list[bytes] = []
    conductor = _on_the_bus(services, facts, story, heard)
    between = time.monotonic()
    again: list[bytes] = []
    in_process = _in_process(services, facts, again)
    show_tally(
        out(),
        conductor,
        in_process,
        services=[service.name for service in services],
        bus_seconds=between - started,
        process_seconds=time.monotonic() - between,
    )
    if conductor.sha256() != in_process.sha256():
        show_difference(out(), heard, again)
        raise Problem("the decisions on the bus and in process differ: this is a bug, please report it", Code.DIFFERS)
    out().print("Next: `make up` runs Ruche on live time; README.md says how a platform sends its first event.")
    _report(services, in_process)


def _report(services: Sequence[Service], in_process: Turns) -> None:
    """The last line: where the page is that shows how the community does."""
    try:
        page = of_turns(services, in_process, COMMUNITY)
    except Problem as missing:
        note(str(missing))
        return
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    written(page, REPORT)
    out().print(f"The report of this fortnight: {REPORT.resolve()}")


def _introduce(members: int, weeks: int, facts: int) -> None:
    console = out()
    console.print(
        f"L'Atelier, a simulated repair community: {members} people, {weeks} weeks, {facts:,} facts.", style="bold"
    )
    console.print(
        "Each fact goes onto a real NATS log; the services read it in turns, keep their state in a real Postgres and\n"
        "say on the log what they decide. Below: what happened (dim), what was decided on it and why (·), and the\n"
        "messages that members would read, whole the first time. What has been seen is counted at the day's end."
    )


def opening(members: int, weeks: int, seed: int) -> list[Entry]:
    """The demonstration's facts: L'Atelier's playbook and the word that unmutes it, then the simulated ones."""
    playbook = playbooks.load(PLAYBOOK)
    raws = (orjson.dumps(fact) for fact in simulate(members=members, weeks=weeks, seed=seed, community=COMMUNITY))
    simulated = (read(raw, seq=number) for number, raw in enumerate(raws, 1))
    return list(opened_with(simulated, playbook=playbook, unmute=True))


def _on_the_bus(services: Sequence[Service], facts: Sequence[Entry], story: Story, heard: list[bytes]) -> Conductor:
    async def work(house: House) -> Conductor:
        async with on_bus.at_work(services, house, more={"RUCHE_CONDUCTED": "true"}) as bus:
            return await _conduct(bus, services, facts, story, heard)

    with on_bus.house(services, None) as house:
        return run(work(house))


async def _conduct(
    bus: Bus, services: Sequence[Service], facts: Sequence[Entry], story: Story, heard: list[bytes]
) -> Conductor:
    conductor = Conductor(bus.client, [service.name for service in services], PARTITIONS)
    steps = 0
    try:
        await conductor.begin()
        with progress("a fortnight", len(facts), "facts") as advance:
            async for step in conductor.play(facts):
                steps += 1
                if step.event.type != "clock.ticked":
                    advance()
                heard += (said.raw for said in step.said)
                story.tell(step)
        story.end_of_day()
    except OutOfStep as wrong:
        raise Problem(f"the run broke off: {wrong}", Code.UNREACHABLE) from None
    if steps > MOST_STEPS:
        err().print(f"{steps:,} steps; a demonstration should have at most {MOST_STEPS:,}", style="yellow")
    return conductor


def _in_process(services: Sequence[Service], facts: Sequence[Entry], again: list[bytes]) -> Turns:
    turns = Turns(services, on_decision=lambda _event, raw: again.append(raw))
    with progress("the same in process", len(facts), "facts") as advance:
        for entry in facts:
            turns.play(entry)
            advance()
    return turns
