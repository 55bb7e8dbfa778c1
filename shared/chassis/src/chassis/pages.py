"""Pages: what a service shows of its own rows over HTTP, read only, for people in a browser.

A service declares `Service.pages`: a path such as `/report/{community}` and what writes its page. It reads through a
`Reader`, so the same page is made from Postgres in a running service and from memory in a replay.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import unquote

R = TypeVar("R")
HTML = "text/html; charset=utf-8"


class Reader(Protocol):
    """The rows of a service as they stood at one moment."""

    async def rows(self, row: type[R], community: str) -> tuple[R, ...]:
        """Every row of a table in a community, in order of keys."""


class Shown(NamedTuple):
    """A page: how it ended, what it is, and its bytes."""

    status: HTTPStatus
    kind: str
    body: bytes


Page = Callable[[Reader, Mapping[str, str]], Awaitable[Shown]]
"""`async def page(reader, named)`: `named` are the path's parts in braces."""


def words(status: HTTPStatus, text: str) -> Shown:
    """A page of one sentence."""
    return Shown(status, "text/plain; charset=utf-8", f"{text}\n".encode())


def matched(pages: Mapping[str, Page], path: str) -> tuple[Page, Mapping[str, str]] | None:
    """The page of a path, and what its parts in braces are."""
    asked = path.split("/")
    for template, page in pages.items():
        parts = template.split("/")
        if len(parts) != len(asked):
            continue
        named: dict[str, str] = {}
        for part, given in zip(parts, asked, strict=True):
            if part.startswith("{") and part.endswith("}") and given:
                named[part[1:-1]] = unquote(given)
            elif part != given:
                break
        else:
            return page, named
    return None
