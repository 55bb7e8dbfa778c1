"""An export as files by name, wherever they lie: a folder, a zip, a tar, or one file.

Nothing is ever unpacked under a name that an export chose: members are read where they are, or copied to a temporary
file that has no name. A name that would lead outside (`..`, an absolute path, a drive), a link or a device is never
opened, and is reported.
"""

import gzip
import io
import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import orjson

from ruche.converters.drafts import BadExport, Findings

LARGEST_WHOLE_BYTES = 256 * 1024 * 1024
"""What is read whole, as a list of channels or a day of messages, may be as large as this once unpacked."""
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
_GZIP = b"\x1f\x8b"
_Opener = Callable[[], IO[bytes]]
DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, tarfile.TarError)
"""What reading on in a damaged, truncated or encrypted file may raise."""


class Export:
    """The files of an export that a platform's converter reads, by name in order; a context that closes them."""

    def __init__(self, path: Path, files: dict[str, _Opener]) -> None:
        self.path = path
        self._files = dict(sorted(files.items()))

    def names(self, ending: str = "") -> list[str]:
        """The names that end so, sorted."""
        return [name for name in self._files if name.endswith(ending)]

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def folder_of(self, name: str) -> str | None:
        """The folder (`""`, or ending in `/`) nearest to the top that holds a file of that name; None without one."""
        found = [path for path in self._files if path == name or path.endswith(f"/{name}")]
        nearest = min(found, key=lambda path: (path.count("/"), path), default=None)
        return None if nearest is None else nearest.removesuffix(name)

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """A file for reading as a stream, unpacked when it is gzip by its first bytes."""
        with ExitStack() as stack:
            file: Any = stack.enter_context(self._files[name]())
            plain = io.BufferedReader(file)
            if plain.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
                plain = io.BufferedReader(stack.enter_context(gzip.GzipFile(fileobj=plain)))
            yield plain

    def json(self, name: str) -> object:
        """A small JSON file, whole. Raises BadExport for one that is damaged or beyond 256 MiB."""
        try:
            with self.opened(name) as file:
                raw = file.read(LARGEST_WHOLE_BYTES + 1)
        except DAMAGED as error:
            raise BadExport(f"{name} cannot be read: {error}", where=name, cure="export again") from None
        if len(raw) > LARGEST_WHOLE_BYTES:
            raise BadExport(f"{name} is over 256 MiB", where=name, cure="it is no file of such an export")
        try:
            return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise BadExport(f"{name} is no JSON: {error}", where=name, cure="export again") from None


@contextmanager
def opened(path: Path, endings: Sequence[str], findings: Findings) -> Iterator[Export]:
    """The export at a path, of which files that end so are wanted. Raises BadExport when there is nothing to open."""
    with ExitStack() as stack:
        try:
            files = _files(path, tuple(endings), findings, stack)
        except DAMAGED as error:
            raise BadExport(f"{path} cannot be read: {error}", where=str(path), cure="is it whole?") from None
        yield Export(path, files)


def _files(path: Path, endings: tuple[str, ...], findings: Findings, stack: ExitStack) -> dict[str, _Opener]:
    if path.is_dir():
        return _in_folder(path, endings, findings)
    with path.open("rb") as file:
        head = file.read(6)
    if head == _SEVEN_ZIP:
        raise BadExport(f"{path.name} is a 7z archive", where=str(path), cure="unpack it (`7z x`), and give the folder")
    if zipfile.is_zipfile(path):
        return _in_zip(stack.enter_context(zipfile.ZipFile(path)), endings, findings)
    if tarfile.is_tarfile(path):
        return _in_tar(path, endings, findings, stack)
    return {path.name: lambda: path.open("rb")}


def is_safe(name: str) -> bool:
    """Whether a name inside an archive stays inside it."""
    path = PurePosixPath(name)
    return not (
        not name or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0] or "\0" in name
    )


def _taken(name: str, endings: tuple[str, ...], findings: Findings, *, plain: bool = True) -> bool:
    if not name.endswith(endings):
        return False
    if not is_safe(name) or not plain:
        findings.refuse(
            "a file of the archive that leads outside of it, or is no file",
            where=repr(name[:200]),
            cure="it was not opened: an export has no such file",
        )
        return False
    return True


def _in_folder(folder: Path, endings: tuple[str, ...], findings: Findings) -> dict[str, _Opener]:
    found: dict[str, _Opener] = {}
    for place, _folders, names in os.walk(folder):
        for name in names:
            file = Path(place) / name
            inside = file.relative_to(folder).as_posix()
            if _taken(inside, endings, findings, plain=file.is_file() and not file.is_symlink()):
                found[inside] = lambda file=file: file.open("rb")  # type: ignore[misc]
    return found


def _in_zip(archive: zipfile.ZipFile, endings: tuple[str, ...], findings: Findings) -> dict[str, _Opener]:
    return {
        info.filename: lambda info=info: archive.open(info)  # type: ignore[misc]
        for info in archive.infolist()
        if not info.is_dir() and _taken(info.filename, endings, findings)
    }


def _in_tar(path: Path, endings: tuple[str, ...], findings: Findings, stack: ExitStack) -> dict[str, _Opener]:
    # A packed tar has no index, and going back means unpacking it again: what is wanted is copied out in one pass,
    # under numbers.
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ruche-convert-")))
    found: dict[str, _Opener] = {}
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            if member.isdir() or not _taken(member.name, endings, findings, plain=member.isfile()):
                continue
            content = archive.extractfile(member)
            if content is not None:
                copy = folder / str(len(found))
                with copy.open("wb") as target:
                    shutil.copyfileobj(content, target)
                found[member.name.removeprefix("./")] = lambda copy=copy: copy.open("rb")  # type: ignore[misc]
    return found
