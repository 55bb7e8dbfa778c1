"""Facts on their way: made when their cause is, told on their day, in the order of their times."""

from collections.abc import Iterator
from typing import Any

from ruche.simulate.rhythm import Days, stamp

SOURCE = "/platforms/simulation"
"""The `source` of every simulated fact: the publisher is `simulation`."""

Fact = dict[str, Any]
_ABOUT_MEMBERS = ("member.joined", "member.left", "member.erased")
"""Facts of which the member is the subject, not the one who acts."""


class Agenda:
    """What is still to happen, by day. Only days to come are held, so that memory follows members, not facts."""

    def __init__(self, days: Days, community: str, seed: int) -> None:
        self._days = days
        self._community = community
        self._seed = seed
        self._by_day: dict[int, list[tuple[int, int, Fact]]] = {}
        self._serial = 0
        self._away: dict[str, list[tuple[int, int]]] = {}
        self._unwritten: set[str] = set()

    def add(self, type_: str, time: int, identity: str, subject: str, /, **data: Any) -> None:
        """Let a fact happen at a time; what is None is left out, what is after the end never happens."""
        if time >= self._days.end:
            return
        fact: Fact = {
            "specversion": "1.0",
            "id": f"{self._community}:{self._seed}:{identity}",
            "source": SOURCE,
            "type": type_,
            "time": stamp(time),
            "subject": subject,
            "datacontenttype": "application/json",
            "data": {"community": self._community} | {key: value for key, value in data.items() if value is not None},
        }
        self._serial += 1
        self._by_day.setdefault(self._days.day_of(time), []).append((time, self._serial, fact))

    def leave_out(self, member: str, since: int, until: int) -> None:
        """Somebody does nothing between two moments, whatever was foreseen."""
        self._away.setdefault(member, []).append((since, until))

    def tell(self, day: int) -> Iterator[Fact]:
        """The facts of a day by time; those of one moment in the order they were made."""
        for time, _, fact in sorted(self._by_day.pop(day, ()), key=lambda entry: entry[:2]):
            if self._happens(time, fact):
                yield fact

    def _happens(self, time: int, fact: Fact) -> bool:
        """Whether who is to act is there, and what it is about was ever written."""
        data = fact["data"]
        spans = self._away.get(data.get("member", ""), ())
        away = fact["type"] not in _ABOUT_MEMBERS and any(since < time < until for since, until in spans)
        if not away and self._unwritten.isdisjoint(data.get(key) for key in ("thread", "reply_to", "post")):
            return True
        if fact["type"] == "post.created":
            self._unwritten.add(data["post"] if "reply_to" in data else data["thread"])
        return False
