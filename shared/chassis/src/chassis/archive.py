"""Archives: a recording of the log with a manifest beside it, which says what is inside and proves it by hashes."""

import gzip
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.recording import Line, opened, parsed, recorded
from chassis.replay import Digest
from contracts.errors import Refused
from contracts.identity import SERVICES
from contracts.instant import Instant

FORMAT: Literal[1] = 1
UNREADABLE = "unreadable"
"""The type under which messages are counted that are no event."""
_PART = ".part"


class BadArchive(Refused):
    """An archive lacks its manifest, or does not hold what that says."""

    kind = "bad-archive"


class StreamIdentity(BaseModel):
    """Which log an archive is of: one made anew under the same name is another."""

    model_config = ConfigDict(frozen=True)

    name: str
    created: str = Field(description="As the server writes it.")
    partitions: int


class Manifest(BaseModel):
    """What a recording holds.

    Attributes:
        stream: the log it was taken from.
        first, last: the sequences it covers; whatever of them the file has no line of was not in the log then.
        since, until: the log's own times of the first and last message; None when it has none.
        community: the one whose messages alone were taken; None for all.
        pseudonymised, text: whether people have other names, and whether what they wrote is in it.
        left_out: messages of the log that are not in it because it has other names, by kind.
        messages, types: how many lines, and of each type.
        decisions: how many of them are decisions.
        sha256_lines: over the lines as they stand in the file, unpacked.
        sha256_decisions: over decisions in log order per community, communities sorted, as a replay gives it.
        release: of Ruche.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = FORMAT
    release: str
    stream: StreamIdentity
    first: int
    last: int
    since: Instant | None
    until: Instant | None
    community: str | None = None
    pseudonymised: bool = False
    text: bool = True
    left_out: dict[str, int] = {}
    messages: int
    types: dict[str, int]
    decisions: int
    sha256_lines: str
    sha256_decisions: str

    @property
    def whole(self) -> bool:
        """Whether it holds the log itself: every community, every byte."""
        return self.community is None and not self.pseudonymised and self.text


class Tally:
    """Counts and hashes lines as they are written, or read back."""

    def __init__(self) -> None:
        self.messages = 0
        self.types: Counter[str] = Counter()
        self.decisions = 0
        self.since: datetime | None = None
        self.until: datetime | None = None
        self._lines = sha256()
        self._decisions = Digest()

    def add(self, line: Line, text: bytes) -> None:
        """One more line; `text` as it stands in the file."""
        self._lines.update(text)
        self.messages += 1
        if self.since is None:
            self.since = line.stored_at
        self.until = line.stored_at
        event = _document(line.raw)
        kind, source, data = event.get("type"), event.get("source"), event.get("data")
        self.types[kind if isinstance(kind, str) else UNREADABLE] += 1
        if isinstance(source, str) and source.startswith(SERVICES) and isinstance(data, dict):
            self.decisions += 1
            self._decisions.add(str(data.get("community")), line.raw)

    def manifest(self, stream: StreamIdentity, first: int, last: int, **kind: Any) -> Manifest:
        """What was counted, as the manifest of a file; `kind`: `community`, `pseudonymised`, `text`, `left_out`."""
        return Manifest(
            release=version("ruche-chassis"),
            stream=stream,
            first=first,
            last=last,
            **self.figures(),
            **kind,
        )

    def figures(self) -> dict[str, Any]:
        """What a manifest says of the lines themselves."""
        return {
            "since": self.since,
            "until": self.until,
            "messages": self.messages,
            "types": dict(sorted(self.types.items())),
            "decisions": self.decisions,
            "sha256_lines": self._lines.hexdigest(),
            "sha256_decisions": self._decisions.hexdigest(),
        }


def manifest_path(archive: Path) -> Path:
    """Where the manifest of an archive lies: beside it."""
    return archive.with_name(f"{archive.name}.manifest.json")


def read_manifest(archive: Path) -> Manifest:
    """The manifest of an archive. `BadArchive` when there is none, or it cannot be read."""
    path = manifest_path(archive)
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadArchive(
            f"{archive.name} has no manifest ({error.strerror})",
            where=path.name,
            cure="take the archive with `ruche log record`, and keep the two files together",
        ) from None
    except ValidationError:
        raise BadArchive(
            "the manifest cannot be read", where=path.name, cure="put back the one that was written with the archive"
        ) from None


def checked(archive: Path) -> Manifest:
    """The manifest of an archive, held against its lines. `BadArchive` when it is not what it holds."""
    manifest = read_manifest(archive)
    tally, previous = Tally(), manifest.first - 1
    for text, line in _lines(archive):
        if line.stored_at is None or not previous < line.seq <= manifest.last:
            raise BadArchive(
                f"line {tally.messages + 1} is not the next message of {manifest.first} to {manifest.last}",
                where=archive.name,
                cure="put the file back as it was recorded",
            )
        previous = line.seq
        tally.add(line, text)
    found = tally.figures()
    for name, value in found.items():
        if getattr(manifest, name) != value:
            raise BadArchive(
                f"the file has {name} {value}, its manifest says {getattr(manifest, name)}",
                where=archive.name,
                cure="put the file back as it was recorded: it was altered, cut, or belongs to another manifest",
            )
    return manifest


def archived(archive: Path) -> Iterator[Line]:
    """The lines of an archive; `BadArchive` for a file that cannot be read to its end."""
    for _, line in _lines(archive):
        yield line


def _lines(archive: Path) -> Iterator[tuple[bytes, Line]]:
    try:
        with opened(archive) as file:
            for number, text in enumerate(file, 1):
                yield text, parsed(text.rstrip(b"\n"), number, archive)
    except (OSError, EOFError) as error:
        raise BadArchive(
            f"the file cannot be read to its end: {error}", where=archive.name, cure="put it back whole"
        ) from None


class Writer:
    """Writes the lines of an archive; `tally` counts them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.tally = Tally()

    def write(self, line: Line) -> None:
        """One more message."""
        text = recorded(line)
        self._file.write(text)
        self.tally.add(line, text)


@contextmanager
def writing(archive: Path) -> Iterator[Writer]:
    """A writer into a file beside the archive, on the disk when the context ends; `settle` puts it in its place.

    A name that ends in `.gz` is packed, the same bytes every time.
    """
    with _part(archive).open("wb") as raw:
        if archive.suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                yield Writer(packed)  # type: ignore[arg-type]
        else:
            yield Writer(raw)
        raw.flush()
        os.fsync(raw.fileno())


def settle(archive: Path, manifest: Manifest) -> None:
    """Read back what was written, then put it and its manifest in their place. `BadArchive` when it differs."""
    part = _part(archive)
    _write_manifest(part, manifest)
    try:
        checked(part)
    except BadArchive:
        forget(archive)
        raise
    part.replace(archive)
    manifest_path(part).replace(manifest_path(archive))


def forget(archive: Path) -> None:
    """Take away what was written for an archive and is in no place yet."""
    _part(archive).unlink(missing_ok=True)
    manifest_path(_part(archive)).unlink(missing_ok=True)


def _part(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}{_PART}")


def _write_manifest(archive: Path, manifest: Manifest) -> None:
    with manifest_path(archive).open("wb") as file:
        file.write(orjson.dumps(manifest.model_dump(mode="json"), option=orjson.OPT_INDENT_2) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _document(raw: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}
