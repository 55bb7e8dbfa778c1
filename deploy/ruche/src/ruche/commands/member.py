"""`ruche member`: where one member stands, what is missing, what keeps it, what is open, what was sent and why."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from chassis.replay import Turns
from chassis.telling import Audience, Teller, Unknown
from ruche import playbooks, services
from ruche.commands.replay import opened_with
from ruche.commands.why import LanguageOption, spoken
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.exits import Code, Problem
from ruche.facts import entries
from ruche.output import clean, note, out, say_json
from ruche.processes import ask
from ruche.why.library import Library
from ruche.why.member import Page, Writer
from ruche.why.page import Sheet
from ruche.why.reading import from_log
from ruche.why.remembered import Remembered

Answers = tuple[Remembered, dict[str, Mapping[str, Any]], dict[str, str]]
"""The log, what each service answered, and why others did not."""


def member(
    community: Annotated[str, typer.Argument(metavar="COMMUNITY", help="Its name on the bus.", callback=slug)],
    member_id: Annotated[str, typer.Argument(metavar="MEMBER", help="The member, by the platform's id.")],
    file: Annotated[
        list[Path] | None,
        typer.Option(
            "--file", metavar="FILE", help="Facts, or recordings, folded in process; else the running services."
        ),
    ] = None,
    playbook: Annotated[
        str | None, typer.Option(metavar="FILE|NAME", help="With --file: a playbook that holds from the first fact on.")
    ] = None,
    copy: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the member's own copy: one page, or JSON when it ends in .json; nobody else is in it.",
            dir_okay=False,
        ),
    ] = None,
    language: LanguageOption = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say where a member stands: what is missing for the next stratum, what keeps this one, deadlines, messages, why.

    Each service answers for its own tables; what was decided and sent is read from the log.
    """
    audience: Audience = "manager" if copy is None else "member"
    if file:
        log, answers, silent = _in_process(file, community, member_id, audience, playbook)
    else:
        log, answers, silent = run(_asked(find(data, nats), community, member_id, audience))
    if log.now is None:
        raise Problem(f"nothing is known of the community {community!r}")
    library = Library(services.chosen(), spoken(language, log))
    page = Writer(log, library, audience).page(member_id, answers, silent)
    if all(answer.get("person") is None for answer in answers.values()) and not (page.sent or page.decided):
        raise Problem(f"nobody of the id {member_id!r} is known in {community}")
    for name, why in silent.items():
        note(f"{name} did not answer: {clean(why)}")
    if copy is not None:
        _hand_over(copy, page, Sheet(page, library, log.around(log.now)))
    elif as_json:
        say_json(page.document())
    else:
        _show(Sheet(page, library, log.around(log.now)))


def _show(sheet: Sheet) -> None:
    console = out()
    for depth, text in sheet.lines():
        console.print(f"{'  ' * max(0, depth - 1)}{clean(text)}", style="bold" if depth < 2 else None)


def _hand_over(path: Path, page: Page, sheet: Sheet) -> None:
    """Write the member's own copy."""
    if path.suffix == ".json":
        content = orjson.dumps(page.document(), option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z) + b"\n"
    else:
        content = sheet.html().encode()
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}", Code.USAGE) from None
    note(f"{path} is the member's own copy: it names nobody else, and shows points, which are theirs alone")


def _in_process(
    files: Sequence[Path], community: str, member_id: str, audience: Audience, playbook: str | None
) -> Answers:
    """Facts through the rules in process; every service tells from memory."""
    log = Remembered(community)
    chosen = services.chosen()
    turns = Turns(chosen, on_message=log.learn)
    opening = None if playbook is None else playbooks.load(playbook)
    for entry in opened_with(entries(files), playbook=opening, unmute=False):
        if entry.event is not None and entry.event.data.community == community:
            turns.play(entry)
    answers: dict[str, Mapping[str, Any]] = {}
    for service in chosen:
        try:
            answers[service.name] = Teller(service).from_memory(
                turns.shelves[service.name], community, member_id, audience
            )
        except Unknown as unknown:
            raise Problem(str(unknown)) from None
    return log, answers, {}


async def _asked(addresses: Addresses, community: str, member_id: str, audience: Audience) -> Answers:
    """The running services, asked; the log, read. Raises Problem when none of them answers."""
    answers: dict[str, Mapping[str, Any]] = {}
    silent: dict[str, str] = {}
    code = Code.REFUSED
    async with connected(bus_settings(addresses)) as bus:
        for name in services.names():
            request = {"community": community, "member": member_id, "audience": audience}
            try:
                answers[name] = await ask(bus, name, "member", request)
            except Problem as problem:
                silent[name] = str(problem)
                code = max(code, problem.code)
        if not answers:
            raise Problem("; ".join(silent.values()), code)
        return await from_log(bus, community), answers, silent
