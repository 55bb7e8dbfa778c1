"""`ruche dead`: what could not be read, and what a rule failed on; tried again, or let go."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import typer

from chassis.bus import Bus
from contracts.wire import decode
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.exits import Code, Problem
from ruche.output import clean, one_line, out, progress, say_json
from ruche.processes import ask
from ruche.publishing import Acknowledged, publish
from ruche.services import names

app = typer.Typer(no_args_is_help=True, help="Dead letters: list, show, redrive, drop.", rich_markup_mode=None)

LETTERS_AT_ONCE = 1000

Service = Annotated[
    str | None, typer.Option("--service", "-s", help="Whose letter; asked of every installed one unless given.")
]
Letter = Annotated[str, typer.Argument(metavar="LETTER", help="Its id, as `ruche dead list` shows it.")]
LetterOrCause = Annotated[
    str | None, typer.Argument(metavar="[LETTER]", help="Its id, as `ruche dead list` shows it; or give --cause.")
]
Cause = Annotated[
    str | None, typer.Option("--cause", help="All letters of this cause, as `ruche dead list --group` shows it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_letters(
    service: Service = None,
    community: Annotated[str | None, typer.Option("--community", "-c", help="Only this one's.", callback=slug)] = None,
    cause: Cause = None,
    group: Annotated[bool, typer.Option("--group", help="One line a cause, with how many letters it made.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many of each service.")] = 100,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """The dead letters, newest first: what is wrong, and how to mend it."""
    wanted = {"action": "list", "limit": limit, "community": community, "cause": cause}
    request = {name: value for name, value in wanted.items() if value is not None}
    found = run(_ask(find(data, nats), [service] if service else list(names()), request))
    if as_json:
        say_json({name: answer.get("causes" if group else "letters", []) for name, answer in found.items()})
        return
    for name, answer in found.items():
        (_list_causes if group else _list)(name, answer)


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
    letter: LetterOrCause = None,
    cause: Cause = None,
    service: Service = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Try it again, at the end of the log: after the rule is mended, or the input can be read by now.

    With --cause all letters of one cause, in the order of the log.
    """
    _one_of(letter, cause)
    addresses = find(data, nats)
    if letter is not None:
        name, told = run(_redriven(addresses, service, letter))
        _done(name, letter, f"goes back into the log, at place {told.seq}", told._asdict(), as_json=as_json)
        return
    done, refused = run(_each(addresses, service, str(cause), _redrive))
    _done_all(done, refused, "back into the log", as_json=as_json)


@app.command("drop")
def drop(
    letter: LetterOrCause = None,
    cause: Cause = None,
    service: Service = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Let it go: it stays in the log, and is no longer listed. With --cause all letters of one cause."""
    _one_of(letter, cause)
    addresses = find(data, nats)
    if letter is not None:
        name, answer = _one(addresses, service, letter, "drop")
        _done(name, letter, "is dropped", answer, as_json=as_json)
        return
    done, refused = run(_each(addresses, service, str(cause), _drop))
    _done_all(done, refused, "dropped", as_json=as_json)


def _one_of(letter: str | None, cause: str | None) -> None:
    if (letter is None) == (cause is None):
        raise typer.BadParameter("give the id of one letter, or --cause for all letters of a cause")


async def _ask(addresses: Addresses, services: list[str], request: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    async with connected(bus_settings(addresses)) as bus:
        return {name: await ask(bus, name, "dead", request) for name in services}


async def _redriven(addresses: Addresses, service: str | None, letter: str) -> tuple[str, Acknowledged]:
    async with connected(bus_settings(addresses)) as bus:
        name, answer = await _knowing(bus, service, letter, "redrive")
        return name, await _published(bus, name, letter, answer)


async def _published(bus: Bus, service: str, letter: str, answer: Mapping[str, Any]) -> Acknowledged:
    """Publish what redrives a letter, as the operator; only then is the letter put aside."""
    told = await publish(bus, decode(answer["event"].encode()))
    await ask(bus, service, "dead", {"action": "settle", "letter": letter})
    return told


async def _redrive(bus: Bus, service: str, letter: str) -> None:
    await _published(bus, service, letter, await ask(bus, service, "dead", {"action": "redrive", "letter": letter}))


async def _drop(bus: Bus, service: str, letter: str) -> None:
    await ask(bus, service, "dead", {"action": "drop", "letter": letter})


async def _each(
    addresses: Addresses, service: str | None, cause: str, act: Callable[[Bus, str, str], Awaitable[None]]
) -> tuple[dict[str, int], dict[str, str]]:
    """Act on every letter of a cause, first in the log first; how many by service, and why others were refused.

    Letters that the same cause makes meanwhile, as one whose rule is not mended, are left for the next time.
    """
    done: dict[str, int] = {}
    refused: dict[str, str] = {}
    async with connected(bus_settings(addresses)) as bus:
        for name in [service] if service else names():
            request = {"action": "list", "cause": cause, "limit": LETTERS_AT_ONCE}
            letters = (await ask(bus, name, "dead", request))["letters"]
            with progress(name, total=len(letters), unit="letters") as advance:
                for letter in letters:
                    try:
                        await act(bus, name, letter["letter"])
                    except Problem as problem:
                        if problem.code is not Code.REFUSED:
                            raise
                        refused[letter["letter"]] = str(problem)
                    else:
                        done[name] = done.get(name, 0) + 1
                    advance()
    if not done and not refused:
        raise Problem(f"no open letter has the cause {cause}: `ruche dead list --group` names those that there are")
    return done, refused


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


def _done_all(done: Mapping[str, int], refused: Mapping[str, str], what: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"done": done, "refused": refused})
    else:
        for name, count in done.items():
            out().print(f"{name}: {count:,} {what}")
        for letter, why in refused.items():
            out().print(f"letter {letter} left: {one_line(why, 240)}")
    if refused:
        raise typer.Exit(Code.REFUSED)


def _list_causes(name: str, answer: Mapping[str, Any]) -> None:
    for cause in _counted(name, answer, "causes"):
        words = _cells(cause, "kind", "event_type", "what")
        out().print(f"  {cause['cause']}  {cause['count']:>6,}  {words}")
        out().print(f"{_place(cause)}; as letter {cause['example']}", style="dim")


def _list(name: str, answer: Mapping[str, Any]) -> None:
    for letter in _counted(name, answer, "letters"):
        out().print("  " + _cells(letter, "letter", "at", "community", "kind", "event_type", "what"))
        out().print(_place(letter), style="dim")


def _counted(name: str, answer: Mapping[str, Any], what: str) -> list[Mapping[str, Any]]:
    """What a service answered, after a line that says how many letters there are."""
    found: list[Mapping[str, Any]] = answer.get(what, [])
    out().print(f"{name}: {answer.get('count', len(found)):,}" if found else f"{name}: no dead letter")
    return found


def _cells(one: Mapping[str, Any], *names: str) -> str:
    return "  ".join(one_line(str(one.get(name) or "-"), 160) for name in names)


def _place(one: Mapping[str, Any]) -> str:
    return f"      at {one_line(str(one.get('where')), 120)}: {one_line(str(one.get('cure')), 240)}"
