"""What was decided, and what a test says about it: exact decisions, messages, or nothing at all."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Self

import orjson

from contracts.envelope import AnyEvent
from contracts.registry import MODELS

MESSAGES = frozenset({"message.requested", "message.cancelled", "message.withheld"})
_UNTOLD = object()
_REASONS = frozenset({"because", "playbook", "community"})
_WORDS = frozenset({"text", "markdown", "html", "short", "actions", "sender", "locale", "not_before", "expires_at"})
_LONGEST = 160


class Told:
    """Decisions in their order; `expect` and its kin look at the news, what was decided since the last `when`."""

    def __init__(self) -> None:
        self.decisions: list[AnyEvent] = []
        self._since = 0

    @property
    def news(self) -> list[AnyEvent]:
        """What the last `when` decided."""
        return self.decisions[self._since :]

    def all(self, type_: str, **fields: Any) -> list[AnyEvent]:
        """Every decision of a type with these fields, in order, from the beginning.

        A field is one of the decision's data, or `at`, its time; `to` of a message is the recipient's id. Raises
        ValueError for a type or a field that no decision could have.
        """
        return _fitting(self.decisions, type_, fields)

    def found(self, type_: str, **fields: Any) -> list[AnyEvent]:
        """The same, of the last `when`."""
        return _fitting(self.news, type_, fields)

    def expect(self, type_: str, *, times: int = 1, **fields: Any) -> AnyEvent:
        """Exactly so many decisions of the type with these fields in the last `when`; answers the last."""
        __tracebackhide__ = True
        found = self.found(type_, **fields)
        if len(found) != times:
            raise AssertionError(_unlike(type_, fields, times, found, self.news))
        return found[-1]

    def expect_none(self, type_: str, **fields: Any) -> Self:
        """No such decision in the last `when`."""
        __tracebackhide__ = True
        found = self.found(type_, **fields)
        if found:
            raise AssertionError(_unlike(type_, fields, 0, found, self.news))
        return self

    def expect_nothing(self, **fields: Any) -> Self:
        """No decision at all in the last `when`; with fields, none that has them (`member="ana"`)."""
        __tracebackhide__ = True
        found = [event for event in self.news if _fits(event, fields)]
        if found:
            raise AssertionError(f"nothing{_named(fields)} was expected; there is\n{listed(found)}")
        return self

    def messages(self, **fields: Any) -> list[AnyEvent]:
        """Messages requested in the last `when`: `to` is the recipient's id."""
        return self.found("message.requested", **fields)

    def every_message(self, **fields: Any) -> list[AnyEvent]:
        """Messages requested from the beginning."""
        return self.all("message.requested", **fields)

    def expect_message(self, *, says: str | Sequence[str] = (), **fields: Any) -> Any:
        """Exactly one message with these fields in the last `when`, whose text has these words; answers its data."""
        __tracebackhide__ = True
        message = self.expect("message.requested", **fields).data
        for words in (says,) if isinstance(says, str) else says:
            if words not in message.text:
                raise AssertionError(f"the message does not say {words!r}; it says\n{message.text}")
        return message

    def expect_no_message(self, **fields: Any) -> Self:
        """No message with these fields in the last `when`."""
        __tracebackhide__ = True
        return self.expect_none("message.requested", **fields)

    def __str__(self) -> str:
        return listed(self.news)


def listed(decisions: Iterable[AnyEvent]) -> str:
    """Decisions for people: one a line, with why."""
    return "\n".join(f"  {brief(event)}" for event in decisions) or "  nothing"


def brief(event: AnyEvent) -> str:
    """One decision in a line: when, what, and the fields by which one knows it."""
    document = orjson.loads(event.data.model_dump_json(exclude=_REASONS | _WORDS, exclude_none=True))
    if event.type in MESSAGES:
        document = {"to": document.pop("to")["id"], **document}
    fields = " ".join(f"{name}={_short(value)}" for name, value in document.items())
    return f"{event.time:%d %b %Y %H:%M:%S}  {event.type}  {fields}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _fitting(decisions: Iterable[AnyEvent], type_: str, fields: dict[str, Any]) -> list[AnyEvent]:
    _possible(type_, fields)
    return [event for event in decisions if event.type == type_ and _fits(event, fields)]


def _possible(type_: str, fields: Iterable[str]) -> None:
    """A misspelt name would make `expect_none` true for ever."""
    model = MODELS.get(type_)
    if model is None:
        raise ValueError(f"there is no type {type_!r}{_perhaps(type_, MODELS)}")
    for name in fields:
        if name != "at" and name not in model.model_fields:
            raise ValueError(f"{type_} has no field {name!r}{_perhaps(name, model.model_fields)}")


def _perhaps(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=3)
    return f": is it {' or '.join(near)}?" if near else ""


def _fits(event: AnyEvent, fields: dict[str, Any]) -> bool:
    return not _unfit(event, fields)


def _unfit(event: AnyEvent, fields: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """The fields that are not as wanted: name, wanted, actual."""
    found = []
    for name, wanted in fields.items():
        actual = _field(event, name)
        if actual is _UNTOLD or actual != wanted:
            found.append((name, wanted, None if actual is _UNTOLD else actual))
    return found


def _field(event: AnyEvent, name: str) -> Any:
    if name == "at":
        return event.time
    actual: Any = getattr(event.data, name, _UNTOLD)
    if name == "to" and event.type in MESSAGES and actual is not _UNTOLD:
        return actual.id
    return actual


def _unlike(type_: str, fields: dict[str, Any], times: int, found: Sequence[AnyEvent], news: Sequence[AnyEvent]) -> str:
    wanted = f"{type_}{_named(fields)}"
    said = f"{wanted}: {len(found)} decided, {times or 'none'} expected; there is\n{listed(found or news)}"
    if len(found) > times:
        return said
    near = [event for event in news if event.type == type_ and event not in found]
    for event in near[:3]:
        unlike = ", ".join(f"{name} is {_shown(actual)}" for name, _, actual in _unfit(event, fields))
        said += f"\n  close: the {type_} of {event.time:%d %b %H:%M:%S}, but {unlike}"
    return said


def _named(fields: dict[str, Any]) -> str:
    if not fields:
        return ""
    return " with " + ", ".join(f"{name}={_shown(value)}" for name, value in fields.items())


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)
