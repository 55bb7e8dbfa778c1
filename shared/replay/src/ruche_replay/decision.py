"""A decision as two runs are compared by it: read from its bytes, known by its id without the time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import orjson

from contracts.identity import SERVICES, tail

MESSAGES = frozenset({"message.requested", "message.cancelled", "message.withheld"})
_SAID_BY_A_SERVICE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class Reason(NamedTuple):
    """One `because`, without its evidence: which rule, what it takes, what there was."""

    rule: str
    threshold: Any
    actual: Any


class Key(NamedTuple):
    """The same decision in any run, whenever it was taken there."""

    community: str
    service: str
    type: str
    tail: str


@dataclass(frozen=True)
class Decision:
    """What a service said, by the fields that tell two runs apart. `data` is the event's, as JSON has it."""

    id: str
    time: datetime
    service: str
    type: str
    cause: str | None
    data: Mapping[str, Any]

    @property
    def community(self) -> str:
        """Where."""
        return str(self.data["community"])

    @cached_property
    def key(self) -> Key:
        """What stays when it moves."""
        return Key(self.community, self.service, self.type, tail(self.id))

    @property
    def rule(self) -> str:
        """The rule that wanted it: a message's own, else that of the first reason."""
        if self.type in MESSAGES:
            return str(self.data["rule"])
        return self.reasons[0].rule

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, without the evidence."""
        return tuple(Reason(one["rule"], one.get("threshold"), one.get("actual")) for one in self.data["because"])

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Whom it is about or written to, each once: of a post in a channel, those whom it names.

        A decision on a post alone, or a message to a role, is about nobody by name.
        """
        data = self.data
        if self.type in MESSAGES:
            to = data["to"]
            found = [to["id"]] if to["kind"] == "member" else _texts(data.get("mentions"))
            return tuple(dict.fromkeys(found if to["kind"] != "role" else ()))
        found = [data.get("member"), data.get("newcomer"), *_texts(data.get("members"))]
        return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def read(raw: bytes) -> Decision:
    """The decision in an event's bytes. Raises ValueError, with the reason, for anything else."""
    try:
        event = orjson.loads(raw)
        source, data = event["source"], event["data"]
        if not source.startswith(SERVICES):
            raise ValueError(f"an event of {source} is no decision of a service")
        decision = Decision(
            id=event["id"],
            time=datetime.fromisoformat(event["time"]),
            service=source.removeprefix(SERVICES),
            type=event["type"],
            cause=event.get("causationid"),
            data=data,
        )
        _ = decision.community, decision.rule, decision.members
    except (KeyError, TypeError, AttributeError, IndexError) as fault:
        raise ValueError(f"it is no decision of a service: {fault!r}") from fault
    return decision


def timeless(value: Any) -> Any:
    """A value of `data` with the time taken out of every id that a service gave, however deep."""
    if isinstance(value, str):
        return tail(value) if _SAID_BY_A_SERVICE.fullmatch(value) else value
    if isinstance(value, list):
        return [timeless(one) for one in value]
    if isinstance(value, dict):
        return {name: timeless(one) for name, one in value.items()}
    return value


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
