"""Pages at work: rows read from memory or from Postgres, and the application that answers a browser."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

from faststream.asgi import AsgiFastStream, AsgiResponse
from faststream.asgi.types import Receive, Scope, Send

from chassis.logging import get_logger
from chassis.memory import CompleteShelf
from chassis.pages import Shown, words
from chassis.postgres import Connection, passes
from chassis.service import Service

R = TypeVar("R")
HEADERS = {
    # A page is whole in itself: it may neither ask anything of anybody nor be framed by anybody.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}

log = get_logger(__name__)


class ShelfReader:
    """Rows in memory (`Reader`)."""

    def __init__(self, shelf: CompleteShelf) -> None:
        self._shelf = shelf

    async def rows(self, row: type[R], community: str) -> tuple[R, ...]:
        """Every row of a table in a community, in order of keys."""
        found = self._shelf.rows[row]
        return tuple(found[key] for key in sorted(key for key in found if key[0] == community))


class PostgresReader:
    """Rows in Postgres (`Reader`), over a connection whose transaction keeps them as of one moment."""

    def __init__(self, service: Service, connection: Connection) -> None:
        self._service = service
        self._connection = connection

    async def rows(self, row: type[R], community: str) -> tuple[R, ...]:
        """Every row of a table in a community, in order of keys."""
        table = self._service.table_of[row]
        order = ", ".join(("community", *table.key))
        sql = f"select {table.names} from {table.name} where community = $1 order by {order}"
        records = await self._connection.fetch(sql, community)
        return tuple(table.from_record(tuple(record))[1] for record in records)


class Application(AsgiFastStream):
    """FastStream's application, which also shows a service's pages; its own routes are exact paths only."""

    show: Callable[[str], Awaitable[Shown | None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and self.show is not None and scope["method"] in {"GET", "HEAD"}:
            try:
                shown = await self.show(scope["path"])
            except Exception as error:
                if not passes(error):
                    log.exception("a page failed", path=scope["path"])
                status = HTTPStatus.SERVICE_UNAVAILABLE if passes(error) else HTTPStatus.INTERNAL_SERVER_ERROR
                shown = words(status, "This page cannot be shown now. Please try again in a moment.")
            if shown is not None:
                body = shown.body if scope["method"] == "GET" else b""
                headers = {**HEADERS, "content-type": shown.kind}
                await AsgiResponse(body, shown.status, headers)(scope, receive, send)
                return
        await super().__call__(scope, receive, send)
