"""The log of a process: one line per thing that happened, an event name and its fields. No member's text, no secret."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from pydantic import SecretStr

from chassis.settings import Settings

_HIDDEN = frozenset(
    {"password", "secret", "deployment_secret", "dsn", "postgres_dsn", "token", "credentials", "authorization"}
)
_SPOKEN = frozenset({"text", "title", "body", "content", "message_text", "note", "reason_text", "display_name"})
"""Fields of events that hold people's words or names: what a member wrote stands in the log of events, not here."""
_LONGEST_CHAIN = 5
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BREAKS = {"\n": "\\n", "\t": "\\t"}
_FRAMES = frozenset({"exception", "stack"})
"""The fields that have lines of their own."""
_LOUD_LIBRARIES = ("nats", "faststream", "uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "alembic")


def _discreet(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in fields.items():
        if name in _HIDDEN or name in _SPOKEN or isinstance(value, SecretStr):
            fields[name] = "(not logged)"
        elif isinstance(value, bytes):
            fields[name] = f"({len(value)} bytes)"
    return fields


def _visible(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every text in characters that only show themselves: none moves a cursor, or begins a line that looks like ours.

    JSON needs no such thing: all that is not ASCII is escaped in it.
    """
    for name, value in fields.items():
        if isinstance(value, str):
            text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
            fields[name] = text if name in _FRAMES else "".join(_BREAKS.get(one, one) for one in text)
    return fields


def _told(error: BaseException) -> str:
    """An exception in a line. The words of a rule's or a driver's error may be a member's: only its type is said."""
    if isinstance(error, (OSError, TimeoutError, ExceptionGroup)) or type(error).__module__.startswith("nats."):
        return f"{type(error).__name__}: {error}"
    return type(error).__name__


def _traced(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The frames of an exception and of what led to it, without their values."""
    given = fields.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else sys.exception()
    parts: list[str] = []
    while given and error is not None and len(parts) < _LONGEST_CHAIN:
        parts.append("".join(traceback.format_tb(error.__traceback__)) + _told(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if parts:
        fields["exception"] = "\n\nled to:\n".join(reversed(parts))
    return fields


def configure_logging(settings: Settings, service: str, stream: TextIO | None = None) -> None:
    """Route everything a process says, its libraries' words included, to one stream in one form."""
    out = stream if stream is not None else sys.stderr
    console = settings.log_format == "console" or (settings.log_format == "auto" and out.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        _traced,
        _discreet,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_renderer(console=console, out=out))
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _LOUD_LIBRARIES:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(service=service)


def _renderer(*, console: bool, out: TextIO) -> list[structlog.typing.Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if console:
        return [drop, _visible, structlog.dev.ConsoleRenderer(colors=out.isatty())]
    return [drop, structlog.processors.JSONRenderer()]


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for the edge of the chassis: `log.info("batch committed", partition=3, events=500)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


@contextmanager
def event_bound(event_id: str, **fields: Any) -> Iterator[None]:
    """Everything logged inside carries the id of the event at work."""
    with structlog.contextvars.bound_contextvars(event_id=event_id, **fields):
        yield
