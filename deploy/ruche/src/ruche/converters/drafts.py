"""What a converter makes of an export: facts before they have an envelope, and what it found on the way."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from contracts.errors import Refused
from ruche.converters.values import Unfit, key

SHOWN = 20
"""So many bad records of an export are kept in full; the rest are counted."""
MOST_REACTIONS = 10_000
"""No post has more of one kind than this: a record that says so is wrong."""
POST_TIME = "post"
"""`time_precision` of a reaction of which the platform tells no time: it stands at the time of its post."""


class BadExport(Refused):
    """What was given is not an export of that platform, or cannot be read at all."""

    kind = "bad-export"


class Draft(NamedTuple):
    """A fact without its envelope.

    Attributes:
        time: when it happened.
        type: of the contracts.
        id: derived from the platform's own ids, the same in every export that holds the same record.
        data: its fields, `community` left out. `thread` is left out for a message of a flat chat: `thread-gap/1` says.
        where: the place in the export, for what is said about a bad record.
    """

    time: datetime
    type: str
    id: str
    data: Mapping[str, Any]
    where: str


class Bad(NamedTuple):
    """A record that is no fact: what is wrong, where, and how to mend it."""

    what: str
    where: str
    cure: str


@dataclass(slots=True)
class Findings:
    """What a conversion found beside facts.

    Attributes:
        community: what the platform calls the place, where it says so; a name for people, not yet one for the bus.
        ends_at: when the export was made, where it says so.
        bad: how many records were no facts; the first of them in `shown`.
        left_out: how many records were passed over on purpose, by what they are.
    """

    community: str | None = None
    ends_at: datetime | None = None
    bad: int = 0
    shown: list[Bad] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def refuse(
        self, what: str, *, where: str, cure: str = "the export is damaged here: export again, or go without"
    ) -> None:
        """Count a record that cannot be made a fact, and go on."""
        self.bad += 1
        if len(self.shown) < SHOWN:
            self.shown.append(Bad(what, where, cure))

    def leave_out(self, what: str, times: int = 1) -> None:
        """Count records that are passed over on purpose."""
        self.left_out[what] += times


def fitting(made: Iterable[Draft], findings: Findings, where: str) -> list[Draft]:
    """The drafts of one record; none of them when it turns out to be no fact, which is counted."""
    try:
        return list(made)
    except Unfit as unfit:
        findings.refuse(str(unfit), where=where)
        return []


def reacted(
    post: str, reaction: str, members: Iterable[str], *, count: int, at: datetime, author: str | None, where: str
) -> Iterable[Draft]:
    """Reactions of which a platform tells the givers, or some, and no time. Raises Unfit for an impossible count."""
    known = list(dict.fromkeys(members))
    if count > MOST_REACTIONS:
        raise Unfit(f"{count:,} reactions of one kind to one post")
    mark = key(reaction)
    data = {"post": post, "reaction": reaction, "time_precision": POST_TIME}
    if author is not None:
        data["post_author"] = author
    for member in known:
        yield Draft(at, "reaction.added", f"reaction/{post}/{mark}/{member}", {"member": member, **data}, where)
    for number in range(len(known) + 1, count + 1):
        yield Draft(at, "reaction.added", f"reaction/{post}/{mark}/{number}", {"member": None, **data}, where)
