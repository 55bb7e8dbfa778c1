"""Turns given to services that are interrupted: facts that come again, batches cut anywhere, restarts inside a turn.

In process a service keeps nothing in memory between two batches: its rows go through their columns, and a batch that
is interrupted is folded and forgotten, then folded again. On the bus services are processes that kill themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from backing import Backing
from chassis.entry import Entry
from chassis.rendering import Texts
from chassis.replay import Digest, is_fact, tick, whole_second
from chassis.service import Service

REMEMBERED = timedelta(days=29)
"""An identity is known again for thirty days."""
FARTHEST = 60
"""So many places later, at most, a fact comes again."""


def repeated(facts: Sequence[Entry], chance: Random, share: float = 0.2) -> list[Entry]:
    """The facts, some of which come again: at once or later, once or twice, within the time they are known again."""
    places: list[tuple[float, int, Entry]] = [(place, 0, entry) for place, entry in enumerate(facts)]
    for place, entry in enumerate(facts):
        if entry.event is None or not is_fact(entry.event) or chance.random() >= share:
            continue
        for copy in range(1, chance.randint(1, 2) + 1):
            later = min(len(facts) - 1, place + chance.randint(0, FARTHEST))
            event = facts[later].event
            if event is not None and event.time - entry.event.time < REMEMBERED:
                places.append((later + 0.5, copy, entry))
    return [entry for _, _, entry in sorted(places, key=lambda one: one[:2])]


class InterruptedTurns:
    """From facts, in turns, by the rules of `chassis.replay.Turns`; interrupted as a seed says.

    Attributes:
        batches, interruptions: how many there were.
    """

    def __init__(self, services: Sequence[Service], texts: Callable[[Service], Texts], chance: Random) -> None:
        ordered = sorted(services, key=lambda service: service.name)
        self.backings = [Backing(service, texts(service)) for service in ordered]
        self.batches = 0
        self.interruptions = 0
        self._chance = chance
        self._digest = Digest()
        self._seq = 0

    def sha256(self) -> str:
        """Over all decisions so far, as `Turns.sha256`."""
        return self._digest.hexdigest()

    def play(self, facts: Iterable[Entry]) -> None:
        """Facts in their order, each after the ticks due before it."""
        for entry in facts:
            event = entry.event
            if event is not None and is_fact(event):
                while (due := self._next_due(event.data.community)) is not None:
                    second = whole_second(due)
                    if second > event.time:
                        break
                    self._settle(Entry(0, None, None, b"", tick(event.data.community, second)))
                self._settle(entry)

    def _next_due(self, community: str) -> datetime | None:
        dues = (
            line.due for backing in self.backings for line in backing.deadlines.values() if line.community == community
        )
        return min(dues, default=None)

    def _settle(self, first: Entry) -> None:
        log = [self._placed(first)]
        places = [0] * len(self.backings)
        grew = True
        while grew:
            grew = False
            for index, backing in enumerate(self.backings):
                end, known = len(log), len(backing.said)
                self._turn(backing, log[places[index] : end])
                for decision in backing.said[known:]:
                    raw = decision.to_json()
                    self._digest.add(decision.data.community, raw)
                    log.append(self._placed(Entry(0, None, None, raw, decision)))
                    grew = True
                places[index] = end

    def _turn(self, backing: Backing, hand: list[Entry]) -> None:
        """Everything in the hand, in batches of any size, each perhaps interrupted and begun again."""
        while hand:
            size = self._chance.randint(1, len(hand))
            while self._chance.random() < 0.2:
                backing.attempt(hand[: self._chance.randint(1, size)])
                self.interruptions += 1
            backing.batch(hand[:size])
            self.batches += 1
            hand = hand[size:]

    def _placed(self, entry: Entry) -> Entry:
        self._seq += 1
        return entry._replace(seq=self._seq)
