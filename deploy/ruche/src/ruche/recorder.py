"""The log, written into an archive: every message as it stands, a manifest beside it, both read back."""

from pathlib import Path

from chassis import archive
from chassis.archive import Manifest, StreamIdentity
from chassis.bus import EVENTS, Bus
from chassis.provision import describe, partitions_of
from chassis.recording import Line
from ruche.exits import Code, Problem
from ruche.following import until
from ruche.output import progress


class Extent:
    """The log as it stands: which it is, its first sequence and its last; last is before first when it is empty."""

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
    return Extent(stream, min(int(state["first_seq"]), last + 1), last, int(state["messages"]))


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


async def record(bus: Bus, file: Path, *, community: str | None = None, force: bool = False) -> Manifest:
    """Write the log as it stands into a file, and its manifest; read back before either takes its place."""
    writable(file, force=force)
    log = await extent(bus)
    filters = () if community is None else (f"*.*.*.{community}.*",)
    try:
        with archive.writing(file) as writer, progress("recording", log.messages, "messages") as advance:
            async for message in until(bus, log.last, after=log.first - 1, filters=filters):
                writer.write(Line(message.seq, message.time, message.subject, message.raw))
                advance()
        manifest = writer.tally.manifest(log.stream, log.first, log.last, community=community)
        archive.settle(file, manifest)
    except BaseException:
        archive.forget(file)
        raise
    return manifest
