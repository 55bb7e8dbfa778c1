"""People of a simulation: who they are, how much they write, and who is about when something is to be done."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt

from ruche.simulate.chance import Chance

_TRIES = 12
_WRITERS = 0.42
"""The share of people who ever write of themselves; the others read, react, and sometimes ask."""
_LOUDEST = 60.0


@dataclass(slots=True, kw_only=True)
class Member:
    """One person.

    Attributes:
        voice: how much the person writes beside the others; 0 for those who only read.
        joined: when, in UTC milliseconds.
        pairings: newcomers a relay said yes to.
        spoke: whether a first sign of life was given.
    """

    id: str
    name: str
    voice: float
    joined: int
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    population: str | None = None
    staff: bool = False
    relay: bool = False
    pairings: int = 0
    spoke: bool = False


def voice_of_rank(share: float) -> float:
    """How much somebody writes who is at that share of all people, the loudest at 0: a Pareto tail, cut off."""
    return 0.0 if share >= _WRITERS else min(_LOUDEST, _WRITERS / max(share, 0.001))


def _asking(member: Member) -> float:
    return 0.0 if member.staff else 0.08 + min(sqrt(member.voice), 4.5)


def _reacting(member: Member) -> float:
    return 0.4 + min(member.voice, 6.0)


class _Lot:
    """People to draw from, each with a weight."""

    __slots__ = ("_people", "_sums")

    def __init__(self, people: Sequence[Member], weights: Iterable[float]) -> None:
        self._people = people
        self._sums = list(accumulate(weights))

    def draw(self, chance: Chance, time: int, besides: tuple[str, ...]) -> Member | None:
        """Somebody who has joined by then and is not among `besides`; None when luck does not find one."""
        if not self._sums or self._sums[-1] <= 0:
            return None
        for _ in range(_TRIES):
            place = bisect_right(self._sums, chance.share() * self._sums[-1])
            if place < len(self._people):
                member = self._people[place]
                if member.joined < time and member.id not in besides:
                    return member
        return None


class Crowd:
    """Everybody present, to draw from by what is to be done."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.refresh()

    def refresh(self) -> None:
        """Count again who is there: once a day is enough."""
        self._talking = _Lot(self.members, (member.voice for member in self.members))
        self._asking = _Lot(self.members, map(_asking, self.members))
        self._reacting = _Lot(self.members, map(_reacting, self.members))
        by_skill: dict[str, list[Member]] = {}
        for member in self.members:
            for skill in member.skills:
                by_skill.setdefault(skill, []).append(member)
        self._skilled = {skill: _Lot(people, [member.voice for member in people]) for skill, people in by_skill.items()}

    def leave(self, member: Member) -> None:
        """Somebody is no longer there to be drawn."""
        self.members = [other for other in self.members if other is not member]
        self.refresh()

    def talker(self, chance: Chance, time: int, *besides: str) -> Member | None:
        """Somebody who has something to say."""
        return self._talking.draw(chance, time, besides)

    def asker(self, chance: Chance, time: int) -> Member | None:
        """Somebody who has a question: more evenly spread than those who answer."""
        return self._asking.draw(chance, time, ())

    def reactor(self, chance: Chance, time: int, *besides: str) -> Member | None:
        """Somebody who reads and reacts."""
        return self._reacting.draw(chance, time, besides)

    def skilled(self, chance: Chance, time: int, skill: str, *besides: str) -> Member | None:
        """Somebody with the skill; now and then, or when nobody has it, anybody who has something to say."""
        lot = self._skilled.get(skill)
        if lot is None or chance.happens(0.15):
            return self.talker(chance, time, *besides)
        return lot.draw(chance, time, besides)
