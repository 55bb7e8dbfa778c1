"""Both replays, side by side: after each fact of the file what the two decided alike is let go.

Two playbooks are two versions, so the version that a decision names is no difference. The operator's words have the
same ids in both, so what follows from them is known again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.entry import Entry
from chassis.replay import Turns, is_fact
from chassis.service import Service
from contracts.activity import iso_week
from contracts.envelope import AnyEvent
from contracts.facts import CommunityConfigured
from contracts.playbook import NEUTRAL
from contracts.zones import zone_or
from ruche import orders, playbooks
from ruche_replay.difference import Comparison, Difference
from ruche_replay.files import Opening

SOURCE = "what-if"
MESSAGE = "message.requested"
_NAMED = frozenset({"member.joined", "member.updated"})


class Side:
    """One of the two replays: its turns, its messages, and the playbook that held in it.

    Attributes:
        label: how the playbook is called.
        playbook: it, whole, as a document: what held last, where the file brings its own.
        to_members: messages to each member; `by_week`: the same by ISO week, in UTC.
        elsewhere: messages to each channel (`#help`) and role (`core_team`).
    """

    def __init__(
        self,
        services: Sequence[Service],
        playbook: playbooks.Loaded | None,
        take: Callable[[bytes], object],
        *,
        muted: bool,
    ) -> None:
        self.label = "the file's own" if playbook is None else playbook.name
        self.playbook: Mapping[str, Any] = NEUTRAL.document()
        self.to_members: Counter[str] = Counter()
        self.by_week: Counter[str] = Counter()
        self.elsewhere: Counter[str] = Counter()
        self.names: dict[str, str] = {}
        self._given = playbook
        self._take = take
        self._muted = muted
        self._opening = Opening(self._orders, alone=playbook is not None)
        self.turns = Turns(services, on_decision=self._decided)

    def _orders(self, community: str, at: datetime) -> list[AnyEvent]:
        said = [] if self._muted else [orders.unmuted(community, at, by=SOURCE)]
        if self._given is not None:
            order = orders.configured(community, self._given.for_years_around(at), at)
            said.append(order.model_copy(update={"id": f"{SOURCE}/{community}/configured"}))
        return said

    def play(self, entry: Entry) -> None:
        """The next fact of the file."""
        for one in self._opening(entry):
            event = one.event
            if event is not None and event.type == CommunityConfigured.TYPE:
                self.playbook = event.data.playbook
            if event is not None and event.type in _NAMED and event.data.display_name:
                self.names[event.data.member] = event.data.display_name
            self.turns.play(one)

    def _decided(self, decision: AnyEvent, raw: bytes) -> None:
        if decision.type == MESSAGE:
            to = decision.data.to
            if to.kind == "member":
                self.to_members[to.id] += 1
                self.by_week[iso_week(decision.time.date())] += 1
            else:
                self.elsewhere[f"#{to.id}" if to.kind == "channel" else to.id] += 1
        self._take(raw)


@dataclass(frozen=True)
class Compared:
    """What a what-if found.

    Attributes:
        services: those that took part.
        before, after: the two replays.
        difference: every decision that is not the same.
        facts: how many the file has, recorded decisions and ticks left out.
        first, last: the first and the last fact's time; None where there was no fact.
    """

    services: tuple[Service, ...]
    before: Side
    after: Side
    difference: Difference
    facts: int
    first: datetime | None
    last: datetime | None

    @property
    def communities(self) -> list[str]:
        """Every community of the file."""
        return self.before.turns.communities()

    @property
    def zone(self) -> ZoneInfo:
        """Where the community is, by the playbook tried."""
        return zone_or(str(self.after.playbook["timezone"]), "UTC")

    def settings(self) -> list[tuple[str, Any, Any]]:
        """The settings that are not the same: name, before, after; in order of name."""
        old, new = _flat(self.before.playbook), _flat(self.after.playbook)
        # Holidays are expanded from a country and the years around the file: the country is the setting.
        names = sorted(name for name in {**old, **new} if not name.startswith("seasons.holidays"))
        return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def compared(
    entries: Iterable[Entry],
    services: Sequence[Service],
    *,
    before: playbooks.Loaded | None,
    after: playbooks.Loaded,
    muted: bool = False,
    until: datetime | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Compared:
    """Play a file's facts under two playbooks.

    Args:
        entries: its lines, in their order; recorded decisions and ticks are left out and made again.
        services: those that take part.
        before: the playbook to compare with; None for those that the file brings.
        after: the other one.
        muted: leave each community muted until the file unmutes it.
        until: leave out later facts, and let time pass up to it.
        advance: called after each line.
    """
    comparison = Comparison(ignored=("playbook",))
    sides = (
        Side(services, before, comparison.before, muted=muted),
        Side(services, after, comparison.after, muted=muted),
    )
    facts = 0
    first: datetime | None = None
    last: datetime | None = None
    for entry in entries:
        event = entry.event
        if event is not None and is_fact(event):
            if until is not None and event.time > until:
                continue
            facts += 1
            first = event.time if first is None else min(first, event.time)
            last = event.time if last is None else max(last, event.time)
        for side in sides:
            side.play(entry)
        advance()
    if until is not None:
        for side in sides:
            side.turns.finish(until)
    return Compared(tuple(services), *sides, comparison.difference(), facts, first, last)


def _flat(document: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """`support.answer_minutes` and its value, for every setting; a list is one value."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        place = f"{path}.{name}" if path else name
        if isinstance(value, Mapping) and value:
            found |= _flat(value, place)
        else:
            found[place] = value
    return found
