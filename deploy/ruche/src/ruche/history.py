"""The log from its beginning: archives of what was trimmed, then what the stream still holds, each message once."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chassis import archive
from chassis.archive import Manifest
from chassis.bus import Bus
from chassis.recording import Line
from ruche.exits import Code, Problem
from ruche.lines import lines
from ruche.recorder import Extent, extent


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose lines were held against its manifest."""

    path: Path
    manifest: Manifest


def archives(files: Sequence[Path], log: Extent) -> tuple[Archive, ...]:
    """Archives of this log, checked, in its order. `Problem` for one of another log, or of a part of its messages."""
    found = []
    for file in files:
        manifest = archive.checked(file)
        if manifest.stream != log.stream:
            raise Problem(
                f"{file} is of the log that was created at {manifest.stream.created} with {manifest.stream.partitions}"
                f" partitions; this one was created at {log.stream.created} with {log.stream.partitions}"
            )
        if not manifest.whole:
            raise Problem(f"{file} holds a part of the log only: take one without --community and other names")
        found.append(Archive(file, manifest))
    return tuple(sorted(found, key=lambda one: (one.manifest.first, one.manifest.last)))


@dataclass(frozen=True, slots=True)
class History:
    """Archives and the log behind them, without a gap from `first` on."""

    archives: tuple[Archive, ...]
    log: Extent
    first: int

    async def messages(self, bus: Bus, *, kind: str | None = None, community: str | None = None) -> AsyncIterator[Line]:
        """Every message in order; only those on subjects of one type or community, if it is given."""
        for line in self.archived(kind=kind, community=community):
            yield line
        after = max(self.log.first - 1, self.archives[-1].manifest.last if self.archives else 0)
        subject = f"*.{kind or '*.*'}.{community or '*'}.*"
        filters = () if kind is None and community is None else (subject,)
        async for line in lines(bus, self.log.last, after=after, filters=filters):
            yield line

    def archived(self, *, kind: str | None = None, community: str | None = None) -> Iterator[Line]:
        """What of that is in archives."""
        done = 0
        for one in self.archives:
            if kind is None or kind in one.manifest.types:
                for line in archive.archived(one.path):
                    subject = line.subject or ""
                    wanted = (kind is None or f".{kind}." in subject) and (
                        community is None or f".{community}." in subject
                    )
                    if line.seq > done and wanted:
                        yield line
            done = max(done, one.manifest.last)


async def history(bus: Bus, files: Sequence[Path]) -> History:
    """The log as it stands and archives of what was trimmed from it. `Problem` where the two leave a gap."""
    log = await extent(bus)
    found = archives(files, log)
    following = found[0].manifest.first if found else log.first
    first = following
    for one in found:
        if one.manifest.first > following:
            raise Problem(f"messages {following:,} to {one.manifest.first - 1:,} are in no archive: give it too")
        following = max(following, one.manifest.last + 1)
    if found and following < log.first:
        raise Problem(f"messages {following:,} to {log.first - 1:,} are in no archive and no longer in the log")
    return History(found, log, first)


def from_the_beginning(past: History) -> None:
    """`Problem` when the first messages are missing."""
    if past.first > 1:
        raise Problem(
            f"messages 1 to {past.first - 1:,} are missing: give the archives of what was trimmed, with --archive",
            Code.REFUSED,
        )
