"""`ruche why`: the chain behind a decision, down to what platforms said."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ruche import services
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.output import clean, out, say_json
from ruche.why.chain import chain
from ruche.why.library import Library
from ruche.why.reading import community_in, community_of, from_files, from_log, whole_id
from ruche.why.remembered import Remembered, remembered
from ruche.why.showing import Shown


class Language(StrEnum):
    """In what the words are."""

    fr = "fr"
    en = "en"


LanguageOption = Annotated[
    Language | None, typer.Option("--language", "-l", help="In what; the community's own language unless given.")
]


def why(
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="Its id, or the beginning of it.")],
    file: Annotated[
        list[Path] | None,
        typer.Option(
            "--file", metavar="FILE", help="A recording, or facts and decisions; may be repeated. Else the log."
        ),
    ] = None,
    community: Annotated[
        str | None, typer.Option("--community", "-c", help="Whose it is: found faster.", callback=slug)
    ] = None,
    language: LanguageOption = None,
    ids: Annotated[bool, typer.Option("--ids", help="Types, ids, rule names and figures beside the words.")] = False,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the chain as one JSON document.")] = False,
) -> None:
    """Say why: a decision, its reasons in words, what shows them, and so on down to what platforms said."""
    if file:
        log = remembered(community or community_in(file, decision), from_files(file))
    else:
        log = run(_read(find(data, nats), decision, community))
    link = chain(log, whole_id(log, decision))
    shown = Shown(log, Library(services.chosen(), spoken(language, log)))
    if as_json:
        say_json(shown.document(link))
        return
    console = out()
    for line in shown.lines(link):
        beside = f"   [{clean(line.beside)}]" if ids and line.beside else ""
        style = {"decision": "bold" if line.depth == 0 else None, "word": "dim"}.get(line.kind)
        console.print(f"{'  ' * line.depth}{clean(line.text)}{beside}", style=style)


def spoken(language: Language | None, log: Remembered) -> str:
    """The language that is asked for, else the community's own."""
    return language.value if language is not None else log.playbook.voice().partition("-")[0]


async def _read(addresses: Addresses, decision: str, community: str | None) -> Remembered:
    async with connected(bus_settings(addresses)) as bus:
        return await from_log(bus, community or await community_of(bus, decision))
