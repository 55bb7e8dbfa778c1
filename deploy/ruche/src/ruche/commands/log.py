"""`ruche log`: the streams, made and looked at; the log, recorded into a file."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from chassis.archive import Manifest
from chassis.bus import DEAD, EVENTS, Bus
from chassis.provision import PARTITIONS, Drift, Provisioned, describe, partitions_of, provision
from ruche.commands import log_keeping
from ruche.connection import DATA, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.exits import Code, Problem
from ruche.output import one_line, out, say_json
from ruche.processes import statuses
from ruche.recorder import PLAIN, Disguise, record
from ruche.servers.child import write_private
from ruche.services import names

app = typer.Typer(
    no_args_is_help=True, help="The log: make it, look at it, record it, keep it true.", rich_markup_mode=None
)
app.command("verify")(log_keeping.verify)
app.command("repair")(log_keeping.repair)
app.command("trim")(log_keeping.trim)
app.command("erase")(log_keeping.erase)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("provision")
def provision_log(
    partitions: Annotated[
        int, typer.Option(min=1, max=1024, help="Part of the log's identity: it can never be changed.")
    ] = PARTITIONS,
    replicas: Annotated[int, typer.Option(min=1, max=5, help="Copies, in a cluster.")] = 1,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Make the streams EVENTS and DEAD where they are missing; refuse to change those that stand otherwise."""

    async def work() -> Provisioned:
        async with connected(bus_settings(find(data, nats))) as bus:
            return await provision(bus, partitions=partitions, replicas=replicas)

    try:
        done = run(work())
    except Drift as drift:
        raise Problem(f"{drift}; nothing was changed", Code.DIFFERS) from None
    if as_json:
        say_json({"made": done.made, "found": done.found})
        return
    for stream in done.made:
        out().print(f"{stream}: made")
    for stream in done.found:
        out().print(f"{stream}: stands as it should")


@app.command("status")
def status(data: DataFolder = DATA, nats: NatsAddress = None, as_json: AsJson = False) -> None:
    """How the streams stand, and how far each service has read."""

    async def work() -> dict[str, Any]:
        async with connected(bus_settings(find(data, nats))) as bus:
            return await _status(bus)

    found = run(work())
    if as_json:
        say_json(found)
        return
    console = out()
    for stream, state in found["streams"].items():
        if state is None:
            console.print(f"{stream}: missing; `ruche log provision` makes it", style="red")
        else:
            parts = f", {state['partitions']} partitions" if "partitions" in state else ""
            console.print(
                f"{stream}: {state['messages']:,} messages, {state['bytes']:,} bytes, to {state['last']}{parts}"
            )
    for name, replicas in found["services"].items():
        if not replicas:
            console.print(f"{name}: does not run here", style="red")
        for told in replicas:
            _service(console, name, told)


def _service(console: Console, name: str, told: Mapping[str, Any]) -> None:
    """One replica: whether it does its work, what it holds, how far behind it is."""
    held: Sequence[Mapping[str, Any]] = told.get("partitions", ())
    state = "ready" if told.get("ready") else f"not ready: {'; '.join(told.get('reasons', ()))}"
    numbers = ", ".join(str(one["partition"]) for one in held) or "none"
    behind = f"{sum(one['lag'] for one in held):,} to read, {sum(one['outbox'] for one in held):,} to publish"
    console.print(
        one_line(f"{name} ({told.get('replica')}): {state}; partitions {numbers}; {behind}", 400),
        style=None if told.get("ready") else "red",
    )


async def _status(bus: Bus) -> dict[str, Any]:
    streams: dict[str, Any] = {}
    for stream in (EVENTS, DEAD):
        found = await describe(bus, stream)
        streams[stream] = None
        if found is not None:
            state = found["state"]
            streams[stream] = {
                "created": found["created"],
                "messages": state["messages"],
                "bytes": state["bytes"],
                "first": state["first_seq"],
                "last": state["last_seq"],
            }
            if stream == EVENTS:
                streams[stream]["partitions"] = partitions_of(found)
    return {"streams": streams, "services": {name: await statuses(bus, name) for name in names()}}


@app.command("record")
def record_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; packed when the name ends in .gz.")],
    community: Annotated[
        str | None, typer.Option("--community", "-c", help="Only this one's events.", callback=slug)
    ] = None,
    pseudonymise: Annotated[
        bool, typer.Option("--pseudonymise", help="People, posts and addresses have other names, stable in this file.")
    ] = False,
    no_text: Annotated[
        bool, typer.Option("--no-text", help="Of what people wrote only what rules read in it is left.")
    ] = False,
    keep_key: Annotated[
        Path | None,
        typer.Option(metavar="KEYFILE", help="Keep the key: who has it finds a known id again; else it is forgotten."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Write the log as it stands into an archive that `ruche replay` reads: one line a message, its bytes kept.

    FILE.manifest.json beside it says what it holds: sequences and times, counts by type, hashes of the lines and of
    the decisions, which log it was. Both are read back and compared before they take their place.

    With --pseudonymise or --no-text it holds facts alone, each at its place and time: a replay decides on them as on
    the true ones, but for whom it chooses among equals.
    """
    if keep_key is not None and not (pseudonymise or no_text):
        raise Problem("--keep-key without --pseudonymise or --no-text: there is no key to keep", Code.USAGE)
    disguise = PLAIN
    if pseudonymise or no_text:
        disguise = Disguise(people=pseudonymise, text=no_text, key=secrets.token_bytes(32))
    if keep_key is not None:
        write_private(keep_key, disguise.key.hex() + "\n")

    async def work() -> Manifest:
        async with connected(bus_settings(find(data, nats))) as bus:
            return await record(bus, file, community=community, force=force, disguise=disguise)

    manifest = run(work())
    if as_json:
        say_json({"file": str(file), **manifest.model_dump(mode="json")})
        return
    console = out()
    console.print(f"{file}: {manifest.messages:,} messages, {manifest.first:,} to {manifest.last:,} of the log")
    if disguise == PLAIN:
        console.print(f"{manifest.decisions:,} decisions, sha256 {manifest.sha256_decisions}")
    for kind, count in manifest.left_out.items():
        console.print(f"left out: {count:,} {kind}")
