"""The wall clock as a port, and when a community's next tick is due by it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Protocol

from chassis.replay import whole_second

ABSENCE = timedelta(seconds=60)
"""A tick that is later than this is made at the wall's second: one for all that fell due while nobody looked."""


class Clock(Protocol):
    """What time it is outside the log. It decides when a tick is published, and nothing else."""

    def now(self) -> datetime:
        """The moment, in UTC."""


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)


class ReplayClock:
    """The clock of a replay on live services: it showed an instant when the wall showed another, and runs as told.

    `speed`: how many times as fast as the wall; 0: it stands, and time passes by the facts alone.
    """

    def __init__(self, start: datetime, wall: datetime, speed: float) -> None:
        self._start = start
        self._wall = wall
        self._speed = speed

    def now(self) -> datetime:
        """The moment of the replay, in UTC."""
        return self._start + (datetime.now(UTC) - self._wall) * self._speed

    @classmethod
    def told(cls, text: str) -> "ReplayClock":
        """A clock as it is written in a setting: `<start>/<wall>/<speed>`. Raises ValueError."""
        start, wall, speed = text.split("/")
        instants = datetime.fromisoformat(start), datetime.fromisoformat(wall)
        if any(instant.tzinfo is None for instant in instants) or float(speed) < 0:
            raise ValueError(text)
        return cls(*instants, float(speed))

    def __str__(self) -> str:
        return f"{self._start.isoformat()}/{self._wall.isoformat()}/{self._speed:g}"


class Ticks:
    """The earliest due of each community of one partition, and which ticks were published for them.

    A tick that was published is not published again: it is in the log, and this partition will read it.
    """

    def __init__(self) -> None:
        self._due: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []
        self._published: dict[str, datetime] = {}
        self._without: set[str] = set()

    def replace(self, dues: Mapping[str, datetime | None]) -> None:
        """The earliest dues of these communities now; None: the community has no deadline."""
        for community, due in dues.items():
            if due is None:
                self._due.pop(community, None)
                self._published.pop(community, None)
                self._without.add(community)
            elif self._due.get(community) != due:
                self._due[community] = due
                heappush(self._heap, (due, community))
        if len(self._heap) > 64 + 4 * len(self._due):
            self._heap = sorted((due, community) for community, due in self._due.items())

    def all(self) -> Mapping[str, datetime]:
        """Each community's earliest due."""
        return self._due

    def reported(self) -> Mapping[str, datetime | None]:
        """Each community's earliest due, for a conductor; None once for those that have none any more."""
        result = {**dict.fromkeys(sorted(self._without)), **self._due}
        self._without.clear()
        return result

    def ready(self, now: datetime) -> Iterable[tuple[str, datetime]]:
        """(community, second of the tick) for every due that the wall has reached and no published tick passed."""
        result = []
        reached = []
        while (top := self._first()) is not None and whole_second(top[0]) <= now:
            heappop(self._heap)
            reached.append(top)
            second = whole_second(top[0])
            if now - second > ABSENCE:
                second = now.replace(microsecond=0)
            result.append((top[1], second))
        for item in reached:
            heappush(self._heap, item)
        return result

    def published(self, community: str, second: datetime) -> None:
        """The tick of a community at a second is in the log."""
        self._published[community] = second

    def forget_published(self) -> None:
        """A server that died may have lost the ticks it acknowledged: what is still due is ticked again."""
        self._published.clear()
        self._heap = sorted((due, community) for community, due in self._due.items())

    def wait_seconds(self, now: datetime) -> float | None:
        """How long until the wall reaches the next due that no published tick passed; None when there is none."""
        top = self._first()
        return None if top is None else max(0.0, (whole_second(top[0]) - now).total_seconds())

    def _first(self) -> tuple[datetime, str] | None:
        """The earliest due that still waits for a tick; what no longer does is taken off on the way."""
        while self._heap:
            due, community = self._heap[0]
            published = self._published.get(community)
            if self._due.get(community) == due and (published is None or published < due):
                return due, community
            heappop(self._heap)
        return None
