"""`ruche playbook`: a community's settings, held against what is possible, applied, shown."""

import base64
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer
import yaml

from chassis.bus import EVENTS, ApiRefused, Bus
from contracts.envelope import LARGEST_EVENT_BYTES
from contracts.facts import CommunityConfigured
from contracts.playbook import NEUTRAL, Playbook
from contracts.playbook.loading import load
from contracts.wire import decode
from ruche import orders, playbooks
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.exits import Code, Problem
from ruche.output import one_line, out, say_json
from ruche.publishing import publish

app = typer.Typer(no_args_is_help=True, help="A community's settings: check, apply, show.", rich_markup_mode=None)
_NO_MESSAGE = 10037

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Community = Annotated[
    str, typer.Option("--community", "-c", help="Its name on the bus, as in `data.community`.", callback=slug)
]


@app.command("check")
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Playbooks, or names of shipped ones.")],
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with a playbook, each with its line, the reason and the cure."""
    complaints: list[playbooks.Complaint] = []
    for file in files:
        try:
            loaded = playbooks.load(file)
        except playbooks.UnfitFile as unfit:
            complaints += unfit.complaints
        else:
            if not as_json:
                out().print(f"{file}: fine, version {orders.version_of(loaded.playbook)} before holidays are expanded")
    if as_json:
        say_json([{name: getattr(one, name) for name in one.__slots__} for one in complaints])
    for complaint in complaints if not as_json else ():
        typer.echo(str(complaint), err=True)
    if complaints:
        raise typer.Exit(int(Code.REFUSED))


@app.command("apply")
def apply(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The playbook, or the name of a shipped one.")],
    community: Community,
    version: Annotated[
        str | None, typer.Option(help="What decisions call it; a digest of its content unless given.")
    ] = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Expand holidays into dates and publish the whole playbook: it holds from its place in the log on."""
    now = datetime.now(UTC)
    playbook = playbooks.load(file).for_years_around(now)
    event = orders.configured(community, playbook, now, version)
    raw = event.to_json()
    if len(raw) > LARGEST_EVENT_BYTES:
        raise Problem(f"the playbook has {len(raw):,} bytes, and an event at most {LARGEST_EVENT_BYTES:,}")
    decode(raw)

    async def published() -> int:
        async with connected(bus_settings(find(data, nats))) as bus:
            return (await publish(bus, event, raw)).seq

    seq = run(published())
    held = event.data.version
    if as_json:
        say_json({"id": event.id, "seq": seq, "version": held, "holidays": len(playbook.seasons.holidays)})
        return
    out().print(
        f"{community}: playbook {held} holds from place {seq} of the log on, with"
        f" {len(playbook.seasons.holidays)} holidays from {now.year - playbooks.YEARS_BEFORE} to"
        f" {now.year + playbooks.YEARS_AFTER}"
    )


@app.command("show")
def show(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A playbook, or a shipped one's name.")] = None,
    community: Annotated[
        str | None, typer.Option("--community", "-c", help="The one in force in this community instead.", callback=slug)
    ] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what is not at its default.")] = False,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Print a playbook whole, every default written out: a file's, a shipped one's, or a community's in force."""
    if (file is None) == (community is None):
        names = ", ".join(playbooks.shipped()) or "none"
        raise Problem(f"give a file, the name of a shipped playbook ({names}), or --community NAME", Code.USAGE)
    if file is not None:
        version, playbook = None, playbooks.load(file).playbook
    else:
        version, playbook = run(_in_force(find(data, nats), str(community)))
    document = playbook.document()
    if changed:
        document = _without(document, NEUTRAL.document())
    if as_json:
        say_json(document if version is None else {"version": version, "playbook": document})
        return
    if version is not None:
        typer.echo(f"# version {one_line(version)}")
    yaml.safe_dump(orjson.loads(orjson.dumps(document)), sys.stdout, allow_unicode=True, sort_keys=False, width=110)


async def _in_force(addresses: Addresses, community: str) -> tuple[str, Playbook]:
    async with connected(bus_settings(addresses)) as bus:
        return await in_force(bus, community)


async def in_force(bus: Bus, community: str) -> tuple[str, Playbook]:
    """The playbook that was last applied to a community, and its version; the neutral one before any."""
    subject = f"*.{CommunityConfigured.TYPE}.{community}.operator"
    try:
        found = await bus.api(f"STREAM.MSG.GET.{EVENTS}", {"last_by_subj": subject})
    except ApiRefused as refused:
        if refused.code == _NO_MESSAGE:
            return "neutral", NEUTRAL
        raise
    event = decode(base64.b64decode(found["message"]["data"]))
    return event.data.version, load(event.data.playbook)


def _without(document: dict[str, Any], neutral: dict[str, Any]) -> dict[str, Any]:
    """What is not as in the neutral playbook, key by key."""
    result = {}
    for name, value in document.items():
        default = neutral.get(name)
        if isinstance(value, dict) and isinstance(default, dict):
            if left := _without(value, default):
                result[name] = left
        elif value != default:
            result[name] = value
    return result
