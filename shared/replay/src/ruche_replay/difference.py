"""What differs between two runs of the same facts: which decisions appear, vanish, move in time, or say something else.

The id of a decision begins with its time and goes on with a hash of its cause, its rule and its key, so the same one at
another moment has the same tail. Under one tail those of the same moment belong together first; the others pair up in
the order of their times; what is left on one side appeared or vanished. Pure: no I/O, no clock.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

from ruche_replay.decision import Decision, Key, read, timeless

Kind = Literal["appeared", "vanished", "moved", "changed", "grounds"]
"""`changed`: at the same moment it says something else. `grounds`: it says the same, for another reason."""
KINDS: tuple[Kind, ...] = ("appeared", "vanished", "moved", "changed", "grounds")
_REASONS = frozenset({"because", "community"})


class Field(NamedTuple):
    """One thing that is said otherwise: a field of the data, or a part of a reason (`threshold`, `actual` …)."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One decision that is not the same in both runs.

    Attributes:
        before, after: the decision in each run; None where it was not taken.
        fields: what it says otherwise, reasons and ids that only moved left out.
        reasons: what of its reasons is otherwise.
    """

    kind: Kind
    before: Decision | None
    after: Decision | None
    fields: tuple[Field, ...] = ()
    reasons: tuple[Field, ...] = ()

    @property
    def decision(self) -> Decision:
        """As the later run has it, or had it in the earlier one."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change has a decision on at least one side")
        return found

    @property
    def first(self) -> Decision:
        """Whichever is earlier in time: there the runs begin to part."""
        both = [one for one in (self.before, self.after) if one is not None]
        return min(both, key=lambda one: one.time)

    @property
    def shift(self) -> timedelta:
        """How much later it is taken than before; negative for earlier."""
        if self.before is None or self.after is None:
            return timedelta(0)
        return self.after.time - self.before.time


class Matter(NamedTuple):
    """What changes are told together: a service's decisions of one type by one rule."""

    service: str
    type: str
    rule: str


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two runs, in the order in which it begins to.

    Attributes:
        before, after: how many decisions each run took.
        same: how many are the same in both.
    """

    changes: tuple[Change, ...]
    before: int
    after: int
    same: int
    counts: Counter[Kind] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def matters(self) -> dict[Matter, list[Change]]:
        """The changes by service, type and rule, in the order in which each begins."""
        found: dict[Matter, list[Change]] = {}
        for change in self.changes:
            one = change.decision
            found.setdefault(Matter(one.service, one.type, one.rule), []).append(change)
        return found


class Comparison:
    """Takes the decisions of two runs, in any order, and tells what differs.

    What is the same in both is let go at once: of runs that are played side by side only the differences are kept.

    Args:
        ignored: fields of the data that may differ (`playbook`, where two playbooks are compared).
    """

    def __init__(self, *, ignored: Collection[str] = ()) -> None:
        self._ignored = frozenset(ignored) | _REASONS
        self._open: tuple[dict[tuple[str, str], Decision], dict[tuple[str, str], Decision]] = ({}, {})
        self._counts = [0, 0]
        self._same = 0
        self._changes: list[Change] = []

    def before(self, raw: bytes) -> Decision:
        """One decision of the first run, in its bytes. Raises ValueError for what is no decision."""
        return self._take(0, read(raw))

    def after(self, raw: bytes) -> Decision:
        """One decision of the second run."""
        return self._take(1, read(raw))

    def _take(self, side: int, decision: Decision) -> Decision:
        self._counts[side] += 1
        name = (decision.community, decision.id)
        other = self._open[1 - side].pop(name, None)
        if other is None:
            self._open[side][name] = decision
        else:
            self._match(*((other, decision) if side else (decision, other)))
        return decision

    def _match(self, before: Decision, after: Decision) -> None:
        """Two of the same moment."""
        fields, reasons = self._told(before, after)
        if not fields and not reasons:
            self._same += 1
        else:
            self._changes.append(Change("changed" if fields else "grounds", before, after, fields, reasons))

    def _told(self, before: Decision, after: Decision) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        return tuple(_otherwise(before, after, self._ignored)), tuple(_reasons(before, after))

    def difference(self) -> Difference:
        """What differs between what was taken so far."""
        left: defaultdict[Key, tuple[list[Decision], list[Decision]]] = defaultdict(lambda: ([], []))
        for side in (0, 1):
            for decision in self._open[side].values():
                left[decision.key][side].append(decision)
        changes = list(self._changes)
        for befores, afters in left.values():
            changes += self._pairs(befores, afters)
        changes.sort(key=lambda change: (change.first.time, change.first.key, change.kind))
        counts = Counter(change.kind for change in changes)
        return Difference(tuple(changes), self._counts[0], self._counts[1], self._same, counts)

    def _pairs(self, befores: list[Decision], afters: list[Decision]) -> Iterator[Change]:
        for before, after in zip_longest(
            sorted(befores, key=lambda one: one.time), sorted(afters, key=lambda one: one.time)
        ):
            if before is None:
                yield Change("appeared", None, after)
            elif after is None:
                yield Change("vanished", before, None)
            else:
                fields, reasons = self._told(before, after)
                yield Change("moved", before, after, fields, reasons)


def difference(before: Iterable[bytes], after: Iterable[bytes], *, ignored: Collection[str] = ()) -> Difference:
    """What differs between two runs, each given by the bytes of its decisions."""
    comparison = Comparison(ignored=ignored)
    for raw in before:
        comparison.before(raw)
    for raw in after:
        comparison.after(raw)
    return comparison.difference()


def _otherwise(before: Decision, after: Decision, ignored: Collection[str]) -> Iterator[Field]:
    for name in {**before.data, **after.data}:
        if name not in ignored:
            old, new = before.data.get(name), after.data.get(name)
            if old != new and timeless(old) != timeless(new):
                yield Field(name, old, new)


def _reasons(before: Decision, after: Decision) -> Iterator[Field]:
    olds: list[dict[str, Any]] = before.data["because"]
    news: list[dict[str, Any]] = after.data["because"]
    if olds == news:
        return
    nothing: dict[str, Any] = {}
    for old, new in zip_longest(olds, news, fillvalue=nothing):
        for name in {**old, **new}:
            if old.get(name) != new.get(name) and timeless(old.get(name)) != timeless(new.get(name)):
                yield Field(name, old.get(name), new.get(name))
