"""`ruche report`: one page of HTML that shows how a community does, from a file or from the running service."""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import typer

from chassis.pages import Page, Shown, matched
from chassis.replay import Turns
from chassis.service import Service
from chassis.showing import ShelfReader
from ruche import playbooks
from ruche.commands.replay import opened_with
from ruche.connection import DATA, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.exits import Code, Problem
from ruche.facts import entries
from ruche.output import note, out, progress
from ruche.processes import ask
from ruche.services import chosen

PAGE = "/report/{}"
WAIT_SECONDS = 60


def report(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|COMMUNITY", help="Facts or a recording, gzip too; or a community that is running."
        ),
    ],
    to: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the page is written.")] = Path("report.html"),
    community: Annotated[
        str | None, typer.Option("--community", metavar="NAME", help="Which community of the file.", callback=slug)
    ] = None,
    playbook: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="A playbook that holds from the file's first fact on, alone."),
    ] = None,
    address: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the digest service answers; else it is asked over NATS.")
    ] = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
) -> None:
    """Write the report of a community: one page, whole in itself, for a browser. Small figures are rounded in it."""
    file = Path(source)
    if file.is_file():
        page = of_file(file, community, playbook)
    else:
        name = _community(source, file)
        page = _fetched(address or run(_where(data, nats)), name)
    written(page, to)
    out().print(f"{to.resolve()}")


def of_file(file: Path, community: str | None, playbook: str | None) -> bytes:
    """The page of a file's facts, through the rules of every installed service in process."""
    services = chosen()
    shows(services)
    opening = None if playbook is None else playbooks.load(playbook)
    turns = Turns(services)
    with progress("replaying", unit="facts") as advance:
        for entry in opened_with(entries([file]), playbook=opening, unmute=False):
            turns.play(entry)
            advance()
    there = turns.communities()
    if not there:
        raise Problem(f"{file} has no fact of any community", Code.REFUSED)
    if community is None and len(there) > 1:
        raise Problem(f"{file} has several communities: choose one of {', '.join(there)} with --community", Code.USAGE)
    name = community or there[0]
    if name not in there:
        raise Problem(f"{file} has no fact of {name}; it has {', '.join(there)}", Code.USAGE)
    return of_turns(services, turns, name)


def of_turns(services: Sequence[Service], turns: Turns, community: str) -> bytes:
    """The page of a community as a replay left it."""
    service, page, named = shows(services, community)
    return _good(asyncio.run(_shown(page, ShelfReader(turns.shelves[service.name]), named)))


def shows(services: Sequence[Service], community: str = "any") -> tuple[Service, Page, Mapping[str, str]]:
    """The service that shows the report, and how; a usage problem when none does."""
    for service in services:
        found = matched(service.pages, PAGE.format(community))
        if found is not None:
            return service, *found
    raise Problem("no installed service shows a report: `pip install 'ruche-digest[report]'`", Code.USAGE)


async def _shown(page: Page, reader: ShelfReader, named: Mapping[str, str]) -> Shown:
    return await page(reader, named)


def _good(shown: Shown) -> bytes:
    if shown.status != HTTPStatus.OK:
        raise Problem(shown.body.decode().strip(), Code.REFUSED)
    return shown.body


def _community(source: str, file: Path) -> str:
    try:
        name = slug(source)
    except typer.BadParameter:
        name = None
    if name is None or file.suffix:
        raise Problem(f"{source} is no file, and no community's name", Code.USAGE)
    return name


async def _where(data: Path, nats: str | None) -> str:
    """The address at which the running digest service answers a browser."""
    async with connected(bus_settings(find(data, nats))) as bus:
        told = await ask(bus, "digest", "status")
    return str(told["http"])


def _fetched(address: str, community: str) -> bytes:
    url = address.rstrip("/") + PAGE.format(quote(community, safe=""))
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Problem(f"--address wants an address like http://127.0.0.1:8080, not {address!r}", Code.USAGE)
    try:
        with urlopen(url, timeout=WAIT_SECONDS) as answer:  # noqa: S310 - its scheme was looked at
            page: bytes = answer.read()
            return page
    except HTTPError as refused:
        raise Problem(refused.read().decode(errors="replace").strip() or f"{url}: {refused}", Code.REFUSED) from None
    except (URLError, OSError) as away:
        raise Problem(f"{url} does not answer: {getattr(away, 'reason', away)}", Code.UNREACHABLE) from None


def written(page: bytes, to: Path) -> None:
    """Write the page, or say why it cannot be."""
    try:
        to.write_bytes(page)
    except OSError as error:
        raise Problem(f"{to} cannot be written: {error.strerror}", Code.USAGE) from None
    note(f"{len(page) / 1000:,.0f} kB, whole in itself: open it in a browser")
