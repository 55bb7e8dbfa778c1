"""From bytes to events and back: whatever comes in ends as an event or as one typed refusal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import NoneType
from typing import Any

from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from contracts.envelope import LARGEST_EVENT_BYTES, AnyEvent, Event, Payload
from contracts.errors import BadEnvelope, FromTheFuture, TooLarge, WrongSubject
from contracts.identity import CALENDAR, SERVICES, service_source
from contracts.refusals import refusal_of, refuse_what_cannot_be_kept
from contracts.registry import CLOCK_KIND, DECISIONS, MODELS, PLATFORM, may_publish
from contracts.subjects import parse_subject, publisher_of

FUTURE_ALLOWED = timedelta(minutes=5)
"""How far a publisher's clock may be ahead of the log's."""
CLOCK_SOURCE = "/clock"

_NUL = b"\\u0000"
_NOT_JSON = (b"NaN", b"Infinity")
_PLAIN = (str, int, bool, NoneType)
_FLAT = frozenset(MODELS[type_] for type_ in PLATFORM)


class _AnyOf:
    """One validator for all types, told apart by `type`: what it answers is of the class `Event[<model>]`."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {type_: handler.generate_schema(Event[model]) for type_, model in MODELS.items()}  # type: ignore[valid-type]
        return core_schema.tagged_union_schema(choices, discriminator="type")


_read_json = TypeAdapter(_AnyOf).validator.validate_json


def decode(raw: bytes) -> AnyEvent:
    """The event in the bytes, its data read by the model of its type; raises a `Refused` for anything else.

    Strict: a number is no text, and a text no yes-or-no. Of a key that stands twice the last one holds. NaN, Infinity
    and the character U+0000, which no text of Postgres can hold, are refused.
    """
    if len(raw) > LARGEST_EVENT_BYTES:
        raise TooLarge(
            f"the event has {len(raw):,} bytes",
            where="message",
            cure=f"send at most {LARGEST_EVENT_BYTES:,} bytes: cut the text, and link to what is long",
        )
    try:
        event: AnyEvent = _read_json(raw, strict=True)
    except ValidationError as error:
        raise refusal_of(raw, error) from None
    if "specversion" not in event.model_fields_set:
        raise BadEnvelope("`specversion` is missing", where="specversion", cure='write "specversion": "1.0"')
    if (b"\\" in raw and _NUL in raw) or (_hides_figures(event) and any(word in raw for word in _NOT_JSON)):
        refuse_what_cannot_be_kept(raw)
    return event


def _hides_figures(event: AnyEvent) -> bool:
    """Whether there are values that no model looked at and that may hold NaN; the usual event has none."""
    data: Payload = event.data
    if type(data) not in _FLAT:
        return True
    for extra in (data.__pydantic_extra__, event.__pydantic_extra__):
        if extra:
            for value in extra.values():
                if type(value) not in _PLAIN:
                    return True
    return False


def encode(event: AnyEvent) -> bytes:
    """The canonical bytes of an event."""
    return event.to_json()


def examine(
    event: AnyEvent,
    *,
    subject: str | None = None,
    stored_at: datetime | None = None,
    publishers: Mapping[str, str] | None = None,
) -> None:
    """Hold an event against where and when it came in; raises a `Refused` when the two do not fit.

    Args:
        event: what was decoded.
        subject: what the message came in on, with or without partition; None in a bare facts file: not checked.
        stored_at: the log's own timestamp of the message; None in a bare facts file: not checked.
        publishers: the publisher of each source that is registered under another than its last path segment.
    """
    if subject is not None:
        _examine_publisher(event, subject, publishers)
    if stored_at is not None and event.time > stored_at + FUTURE_ALLOWED:
        raise FromTheFuture(
            f"`time` is {(event.time - stored_at).total_seconds():.0f} s after the log's own time of the message",
            where="time",
            cure="set the publisher's clock, or its time zone; up to 5 min are allowed",
        )


def _examine_publisher(event: AnyEvent, text: str, publishers: Mapping[str, str] | None) -> None:
    subject = parse_subject(text)
    if event.type != subject.type:
        raise WrongSubject(
            f"an event of type {event.type} came in on {subject.type}",
            where="type",
            cure="publish every event on <type>.<community>.<publisher>, with its own type",
        )
    if event.data.community != subject.community:
        raise WrongSubject(
            f"the data are about the community {event.data.community}, the subject about {subject.community}",
            where="data.community",
            cure="publish every event on the subject of its own community",
        )
    if publisher_of(event.source, publishers) != subject.publisher or not _is_source_of(subject.publisher, event):
        raise WrongSubject(
            f"`source` is not one of the publisher {subject.publisher}",
            where="source",
            cure=f"let `source` end in /{subject.publisher}, or register another one for it with `ruche access`",
        )
    if not may_publish(subject.publisher, event.type):
        raise WrongSubject(
            f"{subject.publisher} may not publish {event.type}",
            where="type",
            cure="platforms publish platform facts, operators their own types, services their decisions",
        )


def _is_source_of(publisher: str, event: AnyEvent) -> bool:
    """Services and the clock have exactly one source; everybody else may have several, none of which is theirs."""
    if publisher in DECISIONS:
        return event.source == service_source(publisher)
    if publisher == CLOCK_KIND:
        return event.source == CLOCK_SOURCE
    return event.source not in {CLOCK_SOURCE, CALENDAR} and not event.source.startswith(SERVICES)
