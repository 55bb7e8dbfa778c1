"""The rows of a Stack Exchange XML file, one by one: `<row Id="1" …/>`. Only rows are read, no entity expanded."""

from collections.abc import Iterator, Mapping
from typing import IO
from xml.parsers import expat

_CHUNK = 1 << 16


class NoRows(ValueError):  # noqa: N818 - said of a file
    """The file is not well-formed XML, or declares a document type, which no dump does."""


def rows(file: IO[bytes]) -> Iterator[Mapping[str, str]]:
    """The attributes of each row. Raises NoRows where the file breaks, after the rows before."""
    found: list[Mapping[str, str]] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def started(name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            found.append(attributes)

    def declared(*_told: object) -> None:
        raise NoRows("it declares a document type, through which entities can be blown up")

    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = declared
    try:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from found
        raise NoRows(str(error)) from None
