"""`ruche tail`: decisions as they come."""

from datetime import datetime, tzinfo
from typing import Annotated

import typer

from chassis.bus import Bus
from contracts.errors import Refused
from contracts.registry import DECISIONS
from contracts.wire import decode
from contracts.zones import zone_named
from ruche import showing
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run
from ruche.exits import Code, Problem
from ruche.following import Follower, last_sequence
from ruche.output import note, out, say_raw

Zone = Annotated[str | None, typer.Option("--zone", metavar="ZONE", help="Time zone to print in; this machine's.")]


def zone(name: str | None) -> tzinfo:
    """A time zone by name, or this machine's."""
    if name is None:
        here = datetime.now().astimezone().tzinfo
        if here is None:
            raise Problem("this machine has no time zone: give --zone", Code.USAGE)
        return here
    found = zone_named(name)
    if found is None:
        raise Problem(f"no time zone {name!r}: write an IANA name, as Europe/Paris", Code.USAGE)
    return found


def tail(
    community: Annotated[list[str] | None, typer.Option("--community", "-c", help="Only this one's.")] = None,
    service: Annotated[list[str] | None, typer.Option("--service", "-s", help="Only this one's.")] = None,
    last: Annotated[int, typer.Option("--last", "-n", min=0, help="Begin so many messages of the log back.")] = 0,
    everything: Annotated[bool, typer.Option("--all", help="Facts and ticks too.")] = False,
    follow: Annotated[bool, typer.Option(help="Stay and print what comes.")] = True,
    words: Annotated[bool, typer.Option("--words", help="Print messages whole, as they are read.")] = False,
    zone_name: Zone = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the events themselves, one a line.")] = False,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
) -> None:
    """Show decisions as services take them, until Ctrl-C."""
    unknown = sorted(set(service or ()) - set(DECISIONS))
    if unknown:
        raise Problem(f"no service is called {unknown[0]}: they are {', '.join(DECISIONS)}", Code.USAGE)
    publishers = ["*"] if everything and not service else (service or list(DECISIONS))
    filters = [f"*.*.*.{slug}.{name}" for slug in (community or ["*"]) for name in publishers]
    show = _Show(zone(zone_name), words=words, as_json=as_json)
    try:
        run(_tail(find(data, nats), filters, last, show, follow=follow))
    except KeyboardInterrupt:
        # Ctrl-C is how one stops looking.
        return


class _Show:
    """Prints one message of the log."""

    def __init__(self, zone: tzinfo, *, words: bool, as_json: bool) -> None:
        self._zone = zone
        self._words = words
        self._as_json = as_json
        self._out = out()

    def __call__(self, raw: bytes) -> None:
        if self._as_json:
            say_raw(raw)
            return
        try:
            event = decode(raw)
        except Refused as refused:
            self._out.print(f"(not an event: {refused.what})", style="dim")
            return
        if self._words and event.type == "message.requested":
            self._out.print(showing.message(event, self._zone, columns=self._out.width), soft_wrap=False)
        else:
            self._out.print(showing.line(event, self._zone))


async def _tail(addresses: Addresses, filters: list[str], last: int, show: _Show, *, follow: bool) -> None:
    async with connected(bus_settings(addresses)) as bus:
        await _follow(bus, filters, last, show, follow=follow)


async def _follow(bus: Bus, filters: list[str], last: int, show: _Show, *, follow: bool) -> None:
    end = await last_sequence(bus)
    if follow:
        note("decisions as they come; Ctrl-C ends")
    async for message in Follower(bus, after=max(0, end - last), filters=filters).messages():
        if message is not None:
            show(message.raw)
        if not follow and (message is None or message.seq >= end):
            return
