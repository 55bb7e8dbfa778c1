"""Stories: given facts, when something happens, then exact decisions. In process, in turns, with no server.

story = given(joined("ana"))
story.after(minutes=10).expect("member.welcomed", member="ana")
story.when(asked("ana", post="q")).expect("question.opened", post="q")
story.after(hours=1).expect("question.unanswered", post="q", stage=1)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

from chassis.entry import Entry
from chassis.memory import CompleteShelf
from chassis.replay import Turns, tick
from chassis.service import Service
from chassis.shelf import Letter
from contracts.envelope import AnyEvent
from ruche_replay.facts import COMMUNITY, MONDAY, configured, placed, unmuted
from ruche_replay.files import facts_of, opened
from ruche_replay.installed import chosen
from ruche_replay.told import Told

R = TypeVar("R")
Services = Service | str | Sequence[Service | str] | None
"""Services by name or as they are; None means every installed one."""
_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN_AT_MOST = 5


@dataclass(frozen=True)
class Passing:
    """Time goes on to a moment, with whatever falls due."""

    until: datetime


def passing(until: datetime) -> Passing:
    """Time goes on to that moment."""
    return Passing(until)


class Story(Told):
    """Communities and services, played forward; `expect` looks at what the last `when` decided.

    Attributes:
        community: whose rows and deadlines are looked at when no other is named.
        services: those that take part.
        now: how far time has gone; a fact without a time happens then.
        log: every fact, tick and decision so far, in order.
    """

    def __init__(self, services: Services = None, *, community: str = COMMUNITY, begins: datetime = MONDAY) -> None:
        super().__init__()
        self.community = community
        self.now = _BEFORE
        self.log: list[AnyEvent] = []
        self._begins = begins
        self.services = chosen(services)
        self._turns = Turns(self.services, on_decision=self._heard, on_message=self._written)

    def _written(self, event: AnyEvent, _raw: bytes) -> None:
        self.log.append(event)

    def _heard(self, decision: AnyEvent, _raw: bytes) -> None:
        self.decisions.append(decision)

    def when(self, *happenings: AnyEvent | Passing) -> Self:
        """Play on; what was decided before is forgotten by `expect`.

        Facts, and decisions of services that do not take part, in the order given. Raises AssertionError, with the
        place, when a rule fails on one of them.
        """
        __tracebackhide__ = True
        self._since = len(self.decisions)
        for happening in happenings:
            if isinstance(happening, Passing):
                self._pass(happening.until)
            else:
                event = placed(happening, max(self.now, self._begins))
                self._turns.hear(Entry(0, None, None, event.to_json(), event))
                self.now = max(self.now, event.time)
        self._without_letters()
        return self

    def after(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> Self:
        """So much time passes, and nothing else happens: what falls due is decided. A year takes seconds."""
        __tracebackhide__ = True
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.until(max(self.now, self._begins) + span)

    def until(self, moment: datetime) -> Self:
        """Time goes on to a moment."""
        __tracebackhide__ = True
        return self.when(Passing(moment))

    def play(self, entries: Iterable[Entry], *, until: datetime | None = None) -> Self:
        """Facts of a file, in its order, as one `when`; later ones than `until` are left out, and time goes up to it.

        Recorded decisions and ticks are left out and made again. Raises AssertionError for a line that is refused,
        with where and how to mend it, and when a rule fails.
        """
        __tracebackhide__ = True
        self._since = len(self.decisions)
        refused = []
        for entry in entries:
            event = entry.event
            if event is not None and until is not None and event.time > until:
                continue
            if entry.refusal is not None:
                refused.append(f"  line {entry.seq}: {entry.refusal}")
                continue
            self._turns.play(entry)
            if event is not None:
                self.now = max(self.now, event.time)
        if refused:
            shown = "\n".join(refused[:_SHOWN_AT_MOST])
            raise AssertionError(f"{len(refused)} lines are refused, as every service would refuse them:\n{shown}")
        if until is not None:
            self._pass(until)
        self._without_letters()
        return self

    def _pass(self, until: datetime) -> None:
        for community in self._turns.communities() or [self.community]:
            # Time that passes without a deadline moves the community's now too.
            event = tick(community, until)
            self._turns.hear(Entry(0, None, None, event.to_json(), event))
        self.now = max(self.now, until)

    def _without_letters(self) -> None:
        __tracebackhide__ = True
        if self.letters:
            raise AssertionError(
                "\n".join(letter.traceback or f"{letter.where}: {letter.what}" for letter in self.letters)
            )

    @property
    def letters(self) -> list[Letter]:
        """Dead letters of all services: there should be none."""
        return [letter for shelf in self._turns.shelves.values() for letter in shelf.letters]

    @property
    def turns(self) -> Turns:
        """The replay below: its shelves, counts and sha256."""
        return self._turns

    def row(self, kind: type[R], *key: str, service: str | None = None) -> R | None:
        """A row of a service; of one that every service keeps, that of the first, or of the one named."""
        found: R | None = self._shelf(kind, service).row(kind, (self.community, *key))
        return found

    def rows(self, kind: type[R], *, service: str | None = None) -> list[R]:
        """All rows of a table, in the order of their keys."""
        return [row for _, row in sorted(self._shelf(kind, service).rows[kind].items())]

    def expect_row(self, kind: type[R], *key: str, service: str | None = None, **fields: Any) -> R:
        """The row of that key, with these fields."""
        __tracebackhide__ = True
        row = self.row(kind, *key, service=service)
        named = f"{kind.__name__} {'/'.join(key)}"
        if row is None:
            raise AssertionError(f"there is no row {named}")
        unlike = [
            f"{name} is {actual!r}"
            for name, wanted in fields.items()
            if (actual := getattr(row, name, "no field of it")) != wanted
        ]
        if unlike:
            raise AssertionError(f"the row {named} is there, but {', '.join(unlike)}; it is\n  {row!r}")
        return row

    def expect_no_row(self, kind: type[Any], *key: str, service: str | None = None) -> Self:
        """No row of that key."""
        __tracebackhide__ = True
        row = self.row(kind, *key, service=service)
        if row is not None:
            raise AssertionError(f"no row {kind.__name__} {'/'.join(key)} was expected; there is\n  {row!r}")
        return self

    def _shelf(self, kind: type[Any], service: str | None) -> CompleteShelf:
        for name, shelf in self._turns.shelves.items():
            if kind in shelf.rows and service in {None, name}:
                return shelf
        there = ", ".join(self._turns.shelves)
        raise LookupError(f"{service or 'no service of this story'} keeps no {kind.__name__}; here are {there}")

    def due(self, kind: str, key: str = "") -> datetime | None:
        """When a deadline is due, if a service has armed it."""
        for shelf in self._turns.shelves.values():
            deadline = shelf.deadline(self.community, kind, key)
            if deadline is not None:
                return deadline.due
        return None

    def mentions_of(self, text: str) -> list[str]:
        """Where a text still stands in the tables and deadlines of the services: after an erasure, nowhere."""
        places = []
        for shelf in self._turns.shelves.values():
            for kind, rows in shelf.rows.items():
                places += [f"{kind.__name__} {key}" for key, row in rows.items() if text in f"{key} {row!r}"]
            places += [f"deadline {line.kind} {line.key}" for line in shelf.deadlines() if text in line.key]
        return places

    def heard(self, type_: str) -> int:
        """How many facts or ticks of a type were folded."""
        return self._turns.heard[type_]


def given(
    *happenings: AnyEvent | Passing,
    services: Services = None,
    playbook: Mapping[str, Any] | None = None,
    community: str = COMMUNITY,
    muted: bool = False,
    begins: datetime = MONDAY,
    opened: datetime | None = None,
) -> Story:
    """A community that may speak, under a playbook, after some facts.

    Args:
        happenings: facts in their order; one without a time happens at `begins` or at the story's present.
        services: those that take part; every installed one unless named.
        playbook: its keys as in docs/playbook.md; what is left out is at its default.
        community: its name on the bus.
        muted: everything is decided, and requests may not be delivered.
        begins: the story's first moment.
        opened: when the community was configured and unmuted; a week before `begins` unless given.
    """
    __tracebackhide__ = True
    story = Story(services, community=community, begins=begins)
    at = begins - timedelta(days=7) if opened is None else opened
    story.when(configured(at, community=community, **(playbook or {})))
    if not muted:
        story.when(unmuted(at, community=community))
    return story.when(*happenings)


def replayed(
    path: Path | str,
    *,
    services: Services = None,
    playbook: Mapping[str, Any] | None = None,
    muted: bool = False,
    until: datetime | None = None,
) -> Story:
    """A facts file or a recording, replayed from facts in turns: the story goes on from its end.

    Args:
        path: one CloudEvent a line, or what `ruche log record` wrote; gzip too.
        services: those that take part; every installed one unless named.
        playbook: holds from each community's first fact on, alone; the file's own ones unless given.
        muted: leave each community muted until the file unmutes it; else it may speak from its first fact on.
        until: leave out later facts, and let time pass until then.

    Raises AssertionError for a line that is refused and when a rule fails.
    """
    __tracebackhide__ = True

    def orders(community: str, at: datetime) -> list[AnyEvent]:
        said = [] if muted else [unmuted(at, community=community, id=f"unmuted/{community}")]
        if playbook is not None:
            said.append(configured(at, community=community, id=f"configured/{community}", **playbook))
        return said

    story = Story(services, begins=_BEFORE)
    story.play(opened(facts_of(path), orders, alone=playbook is not None), until=until)
    communities = story.turns.communities()
    story.community = communities[0] if communities else COMMUNITY
    return story
