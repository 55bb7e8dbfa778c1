"""`ruche dead`: what could not be read, and what a rule failed on; tried again, or let go."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from chassis.bus import Bus
from contracts.wire import decode
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.exits import Problem
from ruche.output import clean, one_line, out, say_json
from ruche.processes import ask
from ruche.publishing import Acknowledged, publish
from ruche.services import names

app = typer.Typer(no_args_is_help=True, help="Dead letters: list, show, redrive, drop.", rich_markup_mode=None)

Service = Annotated[
    str | None, typer.Option("--service", "-s", help="Whose letter; asked of every installed one unless given.")
]
Letter = Annotated[str, typer.Argument(metavar="LETTER", help="Its id, as `ruche dead list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_letters(
    service: Service = None,
    community: Annotated[str | None, typer.Option("--community", "-c", help="Only this one's.", callback=slug)] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many of each service.")] = 100,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """The dead letters, newest first: what is wrong, and how to mend it."""
    request = {"action": "list", "limit": limit, **({"community": community} if community else {})}
    found = run(_ask(find(data, nats), [service] if service else list(names()), request))
    if as_json:
        say_json({name: answer.get("letters", []) for name, answer in found.items()})
        return
    for name, answer in found.items():
        _list(name, answer)


@app.command("show")
def show(
    letter: Letter, service: Service = None, data: DataFolder = DATA, nats: NatsAddress = None, as_json: AsJson = False
) -> None:
    """One dead letter whole: its input as it came, and the frames of a failed rule."""
    name, answer = _one(find(data, nats), service, letter, "show")
    if as_json:
        say_json(answer)
        return
    console = out()
    console.print(f"service      {name}")
    for key, value in answer["letter"].items():
        text = clean(value if isinstance(value, str) else str(value))
        console.print(f"{key:<12} {text}" if "\n" not in text else f"{key}\n{text}")


@app.command("redrive")
def redrive(
    letter: Letter, service: Service = None, data: DataFolder = DATA, nats: NatsAddress = None, as_json: AsJson = False
) -> None:
    """Try it again, at the end of the log: after the rule is mended, or the input can be read by now."""
    name, told = run(_redriven(find(data, nats), service, letter))
    _done(name, letter, f"goes back into the log, at place {told.seq}", told._asdict(), as_json=as_json)


@app.command("drop")
def drop(
    letter: Letter, service: Service = None, data: DataFolder = DATA, nats: NatsAddress = None, as_json: AsJson = False
) -> None:
    """Let it go: it stays in the log, and is no longer listed."""
    name, answer = _one(find(data, nats), service, letter, "drop")
    _done(name, letter, "is dropped", answer, as_json=as_json)


async def _ask(addresses: Addresses, services: list[str], request: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    async with connected(bus_settings(addresses)) as bus:
        return {name: await ask(bus, name, "dead", request) for name in services}


async def _redriven(addresses: Addresses, service: str | None, letter: str) -> tuple[str, Acknowledged]:
    """Publish what redrives a letter, as the operator; only then is the letter put aside."""
    async with connected(bus_settings(addresses)) as bus:
        name, answer = await _knowing(bus, service, letter, "redrive")
        told = await publish(bus, decode(answer["event"].encode()))
        await ask(bus, name, "dead", {"action": "settle", "letter": letter})
        return name, told


def _one(addresses: Addresses, service: str | None, letter: str, action: str) -> tuple[str, Mapping[str, Any]]:
    async def work() -> tuple[str, Mapping[str, Any]]:
        async with connected(bus_settings(addresses)) as bus:
            return await _knowing(bus, service, letter, action)

    return run(work())


async def _knowing(bus: Bus, service: str | None, letter: str, action: str) -> tuple[str, Mapping[str, Any]]:
    """The first service that knows the letter, and its answer; `Problem` with what each said when none does."""
    refusals = []
    for name in [service] if service else names():
        try:
            answer = await ask(bus, name, "dead", {"action": action, "letter": letter})
        except Problem as problem:
            refusals.append(problem)
        else:
            return name, answer
    raise Problem("; ".join(str(problem) for problem in refusals), max(problem.code for problem in refusals))


def _done(name: str, letter: str, what: str, answer: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(answer)
    else:
        out().print(f"{name}: letter {letter} {what}")


def _list(name: str, answer: Mapping[str, Any]) -> None:
    console = out()
    letters: list[Mapping[str, Any]] = answer.get("letters", [])
    if not letters:
        console.print(f"{name}: no dead letter")
        return
    console.print(f"{name}: {answer.get('count', len(letters)):,}")
    for letter in letters:
        cells = (letter.get(key) for key in ("letter", "at", "community", "kind", "event_type", "what"))
        console.print("  " + "  ".join(one_line(str(cell or "-"), 160) for cell in cells))
        console.print(
            f"      at {one_line(str(letter.get('where')), 120)}: {one_line(str(letter.get('cure')), 240)}", style="dim"
        )
