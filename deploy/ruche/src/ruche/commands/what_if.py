"""`ruche what-if`: the same history under another playbook, and the difference as something a person reads."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from contracts.playbook.section import Language
from ruche import playbooks
from ruche.commands.replay import moment
from ruche.exits import Code, Problem
from ruche.facts import entries
from ruche.output import note, out, progress, say_json
from ruche.services import chosen
from ruche.what_if.compared import Compared, compared
from ruche.what_if.document import changes, document
from ruche.what_if.telling import tell


def what_if(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Facts, one CloudEvent a line, or recordings; gzip too; - is stdin."),
    ],
    against: Annotated[str, typer.Option(metavar="FILE|NAME", help="The playbook that is tried.")],
    playbook: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="The playbook it is compared with; the file's own ones unless given."),
    ] = None,
    service: Annotated[
        list[str] | None, typer.Option("--service", "-s", help="Only this service; may be repeated.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Leave out later facts, and let time pass until then.")
    ] = None,
    muted: Annotated[
        bool, typer.Option("--muted", help="Leave each community muted until the file unmutes it.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page for people, whole in itself.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="fr|en", help="Of the page; that of the playbook tried unless given.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write every change, one JSON document a line.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")] = False,
) -> None:
    """Replay facts under two playbooks: what appears, vanishes, moves in time, and for whom.

    In process, from facts in turns, as `ruche replay`; each community may speak from its first fact on.
    """
    if language not in {None, "fr", "en"}:
        raise typer.BadParameter(f"{language!r} is no language of the page: fr or en")
    for wanted in (html, decisions):
        if wanted is not None and not wanted.parent.is_dir():
            raise Problem(f"{wanted} cannot be written: there is no folder {wanted.parent}", Code.USAGE)
    end = None if until is None else moment(until)
    services = chosen(service or ())
    before = None if playbook is None else playbooks.load(playbook)
    after = playbooks.load(against)
    with progress("replaying twice", unit="facts") as advance:
        found = compared(entries(files), services, before=before, after=after, muted=muted, until=end, advance=advance)
    if found.first is None:
        raise Problem("there is no fact in what was given: nothing to compare", Code.REFUSED)
    if decisions is not None:
        _written(decisions, b"".join(orjson.dumps(one, default=str) + b"\n" for one in changes(found)))
    if html is not None:
        _page(found, html, language)
    if as_json:
        say_json(document(found))
    else:
        tell(out(), found)


def _page(found: Compared, to: Path, language: str | None) -> None:
    # What draws takes half a second to import: only who wants a page pays for it.
    from ruche.what_if.page import page  # noqa: PLC0415

    tongue: Language = language or found.after.playbook["language"]  # type: ignore[assignment]
    written = page(found, tongue).encode()
    _written(to, written)
    note(f"{to}: {len(written) / 1000:,.0f} kB, whole in itself: open it in a browser")


def _written(to: Path, content: bytes) -> None:
    try:
        to.write_bytes(content)
    except OSError as error:
        raise Problem(f"{to} cannot be written: {error.strerror}", Code.USAGE) from None
