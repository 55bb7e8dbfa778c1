"""Stories: given facts, when something happens, then exact decisions. In process, in turns, with no server.

story = given(joined("ana", MONDAY))
story.when(passing(MONDAY + minutes(10))).expect("member.welcomed", member="ana")
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from chassis.entry import Entry
from chassis.memory import CompleteShelf
from chassis.replay import Turns, tick
from chassis.service import Service
from contracts.envelope import AnyEvent
from contracts.identity import SERVICES
from facts import COMMUNITY, MONDAY, configured, unmuted

R = TypeVar("R")
MESSAGES = frozenset({"message.requested", "message.cancelled", "message.withheld"})
_UNTOLD = object()


@dataclass(frozen=True)
class Passing:
    """Time goes on to a moment, with whatever falls due."""

    until: datetime


def passing(until: datetime) -> Passing:
    return Passing(until)


class Story:
    """A community and one service or more, played forward; `expect` looks at what the last `when` decided."""

    def __init__(self, *services: Service) -> None:
        self.log: list[AnyEvent] = []
        self.decisions: list[AnyEvent] = []
        self._since = 0
        self._turns = Turns(services, on_decision=self._heard, on_message=self._written)

    def _written(self, event: AnyEvent, _raw: bytes) -> None:
        self.log.append(event)

    def _heard(self, decision: AnyEvent, _raw: bytes) -> None:
        self.decisions.append(decision)

    def when(self, *happenings: AnyEvent | Passing) -> "Story":
        """Play on; what was decided before is forgotten by `expect`."""
        self._since = len(self.decisions)
        for happening in happenings:
            if isinstance(happening, Passing):
                self._turns.pass_time(COMMUNITY, happening.until)
                # Time that passes without a deadline moves the community's now too.
                self._turns._settle(Entry(0, None, None, b"", tick(COMMUNITY, happening.until)))
            elif happening.source.startswith(SERVICES):
                self._turns.pass_time(happening.data.community, happening.time)
                self._turns._settle(Entry(0, None, None, happening.to_json(), happening))
            else:
                self._turns.play(Entry(0, None, None, happening.to_json(), happening))
        assert not self.letters, "\n".join(letter.traceback or letter.what for letter in self.letters)
        return self

    @property
    def letters(self) -> list[Any]:
        """Dead letters: there should be none."""
        return [letter for shelf in self._shelves for letter in shelf.letters]

    @property
    def _shelves(self) -> list[CompleteShelf]:
        return list(self._turns.shelves.values())

    def _shelf_of(self, kind: type) -> CompleteShelf:
        """The shelf of the service that keeps such rows; of the common ones, the first in order of name."""
        return next(shelf for shelf in self._shelves if kind in shelf.rows)

    @property
    def news(self) -> list[AnyEvent]:
        """What the last `when` decided."""
        return self.decisions[self._since :]

    def all(self, type_: str, **fields: Any) -> list[AnyEvent]:
        """Every decision of a type with these fields, in order, from the beginning."""
        return [event for event in self.decisions if event.type == type_ and _fits(event, fields)]

    def found(self, type_: str, **fields: Any) -> list[AnyEvent]:
        """The same, of the last `when`."""
        return [event for event in self.news if event.type == type_ and _fits(event, fields)]

    def expect(self, type_: str, *, times: int = 1, **fields: Any) -> AnyEvent:
        """Exactly so many decisions of the type with these fields in the last `when`; answers the last."""
        found = self.found(type_, **fields)
        assert len(found) == times, f"{len(found)} of {type_} {fields}; there were:\n{self}"
        return found[-1]

    def expect_none(self, type_: str, **fields: Any) -> "Story":
        """No such decision in the last `when`."""
        found = self.found(type_, **fields)
        assert not found, f"{len(found)} of {type_} {fields}; there were:\n{self}"
        return self

    def expect_nothing(self) -> "Story":
        """No decision at all in the last `when`."""
        assert not self.news, f"there were:\n{self}"
        return self

    def messages(self, **fields: Any) -> list[AnyEvent]:
        """Messages requested in the last `when`: `to` is the recipient's id."""
        return self.found("message.requested", **fields)

    def every_message(self, **fields: Any) -> list[AnyEvent]:
        """Messages requested from the beginning."""
        return self.all("message.requested", **fields)

    def expect_message(self, **fields: Any) -> Any:
        """Exactly one message with these fields in the last `when`; answers its data."""
        return self.expect("message.requested", **fields).data

    def row(self, kind: type[R], *key: str) -> R | None:
        """A row of the service that keeps such rows."""
        return self._shelf_of(kind).row(kind, (COMMUNITY, *key))

    def rows(self, kind: type[R]) -> list[R]:
        """All rows of a table, in the order of their keys."""
        return [row for _, row in sorted(self._shelf_of(kind).rows[kind].items())]

    def due(self, kind: str, key: str = "") -> datetime | None:
        """When a deadline is due, if it is armed."""
        found = (shelf.deadline(COMMUNITY, kind, key) for shelf in self._shelves)
        return next((deadline.due for deadline in found if deadline is not None), None)

    def mentions_of(self, text: str) -> list[str]:
        """Where a text still stands in the tables and deadlines of the services: after an erasure, nowhere."""
        places = []
        for shelf in self._shelves:
            places += [
                f"{kind.__name__} {key}"
                for kind, rows in shelf.rows.items()
                for key, row in rows.items()
                if text in str(key) or text in repr(row)
            ]
            places += [f"deadline {line.kind} {line.key}" for line in shelf.deadlines() if text in line.key]
        return places

    def heard(self, type_: str) -> int:
        """How many facts or ticks of a type were folded."""
        return self._turns.heard[type_]

    def __str__(self) -> str:
        return (
            "\n".join(f"  {event.time:%d %b %H:%M} {event.type} {_brief(event)}" for event in self.news) or "  nothing"
        )


def given(
    *happenings: AnyEvent | Passing,
    service: Service | None = None,
    services: Sequence[Service] = (),
    playbook: dict[str, Any] | None = None,
    muted: bool = False,
    opened: datetime = MONDAY - timedelta(days=7),
) -> Story:
    """A community that may speak, under a playbook (French, tu, in Paris), after some facts."""
    if service is None and not services:
        from onboarding.service import ONBOARDING  # noqa: PLC0415 - the kit serves every service

        service = ONBOARDING
    story = Story(*services, *([service] if service is not None else []))
    usual = {"name": "L'Atelier", "language": "fr", "register": "tu", "timezone": "Europe/Paris"}
    story.when(configured(opened, **{**usual, **(playbook or {})}))
    if not muted:
        story.when(unmuted(opened))
    story.when(*happenings)
    return story


def _fits(event: AnyEvent, fields: dict[str, Any]) -> bool:
    for name, wanted in fields.items():
        actual = getattr(event.data, name, _UNTOLD)
        if name == "to" and event.type in MESSAGES:
            actual = actual.id
        if actual != wanted:
            return False
    return True


def _brief(event: AnyEvent) -> str:
    data = event.data
    if event.type in MESSAGES:
        return f"{data.template if hasattr(data, 'template') else data.rule} to {data.to.id}"
    document = json.loads(data.model_dump_json(exclude={"because", "playbook", "community"}, exclude_none=True))
    return " ".join(f"{name}={value}" for name, value in document.items())


def ids(events: Iterable[AnyEvent]) -> list[str]:
    return [event.id for event in events]
