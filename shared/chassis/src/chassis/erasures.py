"""Holes in the log that an erasure made, as the log itself tells of them, and what stands there instead."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from chassis.bus import EVENTS, ApiRefused, Bus
from chassis.recording import Line

SUBJECT = "*.member.forgotten.*.*"
"""Where erasures are told of, in any partition."""
_TOLD = ".member.forgotten."
_NO_MESSAGE = 10037


@dataclass(slots=True)
class Erasures:
    """What erasures took out of the log.

    Attributes:
        removed: runs of places, first and last, that are empty.
        copies: what stands in the place of some of them, by place.
    """

    removed: list[tuple[int, int]] = field(default_factory=list)
    copies: dict[int, Line] = field(default_factory=dict)

    def add(self, raw: bytes) -> None:
        """One more `member.forgotten`; anything else on its subject says nothing."""
        try:
            data = orjson.loads(raw)["data"]
            lines = [_line(copy) for copy in data["copies"]]
            # An erasure may have changed what an earlier one told: that is read first, and this one holds.
            for line in lines:
                if told_in(line.subject):
                    self.add(line.raw)
            self.removed += [(int(first), int(last)) for first, last in data["removed"]]
            self.copies |= {line.seq: line for line in lines}
        except (ValueError, KeyError, TypeError):
            return

    def took(self, seq: int) -> bool:
        """Whether the message at a place was taken out."""
        return seq in self.copies or any(first <= seq <= last for first, last in self.removed)

    def reach_back(self, first: int) -> int:
        """The first place from which on everything before `first` was taken out."""
        for start, end in sorted(self._runs(), reverse=True):
            if start < first <= end + 1:
                first = start
        return first

    def cover(self, first: int, last: int) -> bool:
        """Whether every message from one place to another was taken out."""
        for start, end in sorted(self._runs()):
            if start <= first:
                first = max(first, end + 1)
        return first > last

    def _runs(self) -> list[tuple[int, int]]:
        return [*self.removed, *((place, place) for place in self.copies)]


def told_in(subject: str | None) -> bool:
    """Whether what stands on a subject of the log tells of an erasure."""
    return _TOLD in (subject or "")


def _line(copy: dict[str, Any]) -> Line:
    stored_at = datetime.fromisoformat(copy["stored_at"])
    return Line(int(copy["seq"]), stored_at, str(copy["subject"]), orjson.dumps(copy["event"]))


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Places as runs, first and last of each, in order."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


async def explained(bus: Bus, first: int, last: int) -> bool:
    """Whether the log tells that every message from one place to another was erased. It does so only behind them."""
    told, place = Erasures(), first + 1
    while not told.cover(first, last):
        try:
            answer = await bus.api(f"STREAM.MSG.GET.{EVENTS}", {"seq": place, "next_by_subj": SUBJECT})
        except ApiRefused as refused:
            if refused.code == _NO_MESSAGE:
                return False
            raise
        told.add(base64.b64decode(answer["message"].get("data", "")))
        place = int(answer["message"]["seq"]) + 1
    return True


async def tells_of_any(bus: Bus, partition: int) -> bool:
    """Whether a partition of the log tells of an erasure at all."""
    try:
        await bus.api(f"STREAM.MSG.GET.{EVENTS}", {"seq": 1, "next_by_subj": f"{partition}{_TOLD}*.*"})
    except ApiRefused as refused:
        if refused.code == _NO_MESSAGE:
            return False
        raise
    return True
