"""The log, written into an archive: every message as it stands, a manifest beside it, both read back."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chassis import archive
from chassis.archive import Manifest, StreamIdentity
from chassis.bus import EVENTS, Bus
from chassis.provision import describe, partitions_of
from contracts.errors import Refused
from contracts.playbook import NEUTRAL, load
from contracts.wire import decode
from ruche.exits import Code, Problem
from ruche.following import until
from ruche.lines import erasures, lines
from ruche.output import progress
from ruche.pseudonyms import Recast
from ruche.services import chosen
from ruche.veil import Veil, listened_by


class Extent:
    """The log as it stands: which it is, its first sequence and its last; last is before first when it is empty.

    A first message that was erased is one all the same.
    """

    def __init__(self, stream: StreamIdentity, first: int, last: int, messages: int) -> None:
        self.stream = stream
        self.first = first
        self.last = last
        self.messages = messages


async def extent(bus: Bus) -> Extent:
    """How the log stands now; `Problem` when it was never provisioned."""
    found = await describe(bus, EVENTS)
    if found is None:
        raise Problem("there is no log yet: `ruche log provision` makes it", Code.UNREACHABLE)
    state = found["state"]
    stream = StreamIdentity(name=EVENTS, created=found["created"], partitions=partitions_of(found))
    last = int(state["last_seq"])
    first = min(int(state["first_seq"]), last + 1)
    if first > 1:
        first = (await erasures(bus)).reach_back(first)
    return Extent(stream, first, last, int(state["messages"]))


def writable(file: Path, *, force: bool) -> None:
    """`Problem` when a file cannot be made there, or is there already and may be the only copy of what it holds."""
    if not force and (file.exists() or archive.manifest_path(file).exists()):
        raise Problem(f"{file} is there already: take another name, or say --force to lose what it holds", Code.USAGE)
    try:
        with archive.writing(file):
            pass
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}", Code.USAGE) from None
    archive.forget(file)


@dataclass(frozen=True, slots=True)
class Disguise:
    """What of a log is written under another name: its people, what they wrote; and the key that it takes."""

    people: bool
    text: bool
    key: bytes


PLAIN = Disguise(people=False, text=False, key=b"")


async def _recast(bus: Bus, log: Extent, community: str | None, disguise: Disguise) -> Recast:
    """What recasts the lines. Rules listen for what the playbooks of the log say, so these are read first."""
    veil = None
    if disguise.text:
        kind = "community.configured"
        filters = (f"*.{kind}.{'*' if community is None else community}.*",)
        playbooks = [NEUTRAL]
        async for message in until(bus, log.last, after=log.first - 1, filters=filters):
            with suppress(Refused):
                playbooks.append(load(decode(message.raw).data.playbook))
        services = chosen()
        listened = {phrase for playbook in playbooks for phrase in listened_by(playbook)}
        listened.update(phrase for service in services for phrase in service.listens)
        veil = Veil(disguise.key, listened, [service.likens for service in services if service.likens is not None])
    return Recast(disguise.key, people=disguise.people, veil=veil)


async def record(
    bus: Bus, file: Path, *, community: str | None = None, force: bool = False, disguise: Disguise = PLAIN
) -> Manifest:
    """Write the log as it stands into a file, and its manifest; read back before either takes its place."""
    writable(file, force=force)
    log = await extent(bus)
    filters = () if community is None else (f"*.*.*.{community}.*",)
    recast = None if disguise == PLAIN else await _recast(bus, log, community, disguise)
    try:
        with archive.writing(file) as writer, progress("recording", log.messages, "messages") as advance:
            async for line in lines(bus, log.last, after=log.first - 1, filters=filters):
                written = line if recast is None else recast.line(line)
                if written is not None:
                    writer.write(written)
                advance()
        manifest = writer.tally.manifest(
            log.stream,
            log.first,
            log.last,
            community=community,
            pseudonymised=disguise.people,
            text=not disguise.text,
            left_out={} if recast is None else dict(sorted(recast.left_out.items())),
        )
        archive.settle(file, manifest)
    except BaseException:
        archive.forget(file)
        raise
    return manifest
