"""Who an export knows: profiles, joins that the platform tells, and those that have to be concluded."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ruche.converters.drafts import Draft


class People:
    """Collected while an export is read; `drafts` says at its end what is to be said about people."""

    def __init__(self) -> None:
        self._profiles: dict[str, dict[str, Any]] = {}
        self._joined: dict[str, datetime] = {}
        self._left: dict[str, tuple[datetime, str]] = {}
        self._acted: dict[str, tuple[bool, datetime]] = {}

    def describe(self, member: str, **profile: Any) -> None:
        """What the platform says of a person; what is None, empty or no is left out, what was said stays."""
        known = self._profiles.setdefault(member, {})
        for name, value in profile.items():
            if value:
                known.setdefault(name, value)

    def joins(self, member: str, at: datetime) -> None:
        """The platform tells a join; the earliest counts."""
        known = self._joined.get(member)
        self._joined[member] = at if known is None else min(known, at)

    def leaves(self, member: str, at: datetime, reason: str) -> None:
        """The platform tells that somebody is no longer there."""
        self._left[member] = (at, reason)

    def acts(self, member: str, at: datetime, *, timed: bool) -> None:
        """Somebody did something; a time that the platform tells goes before one that was put in its place."""
        known = self._acted.get(member)
        mine = (not timed, at)
        self._acted[member] = mine if known is None else min(known, mine)

    def is_bot(self, member: str) -> bool:
        """Whether it is a program."""
        return bool(self._profiles.get(member, {}).get("bot"))

    def profile(self, member: str) -> Mapping[str, Any]:
        """What was described."""
        return self._profiles.get(member, {})

    def drafts(self, ends_at: datetime) -> Iterator[Draft]:
        """Joins as told, else concluded from the first act; profiles of those of whom no date is known, at the end.

        The last are known and have never joined: nobody can say when, and a made-up date would make newcomers of them.
        """
        for member in sorted({*self._profiles, *self._joined, *self._acted}):
            told, acted = self._joined.get(member), self._acted.get(member)
            data = {"member": member, **self.profile(member)}
            if told is not None:
                yield Draft(told, "member.joined", f"member/{member}/joined", data, f"member {member}")
            elif acted is not None:
                data["inferred"] = True
                yield Draft(acted[1], "member.joined", f"member/{member}/joined", data, f"member {member}")
            else:
                yield Draft(ends_at, "member.updated", f"member/{member}/known", data, f"member {member}")
            if member in self._left:
                at, reason = self._left[member]
                last = max((at, *(time for time in (told, acted and acted[1]) if time is not None)))
                yield Draft(
                    last,
                    "member.left",
                    f"member/{member}/left",
                    {"member": member, "reason": reason},
                    f"member {member}",
                )
