"""A believable community as platform facts: from a seed, the same bytes everywhere.

It opens on a Monday morning with a core team and founding relays; people come over the whole time, alone or together,
once in a crowd that means harm. Most read, many say a little, a few say most of it. Questions are asked and answered by
skill, late or never; the week has its meet-up, its poll, its tasks. There is a lull, and a crisis.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO

from contracts.zones import zone_or
from ruche.simulate.agenda import Agenda, Fact
from ruche.simulate.days import live
from ruche.simulate.english import ENGLISH
from ruche.simulate.french import FRENCH
from ruche.simulate.happenings import lull_days
from ruche.simulate.rhythm import Days
from ruche.simulate.world import World

__all__ = ["LANGUAGES", "LEAST_MEMBERS", "START", "simulate", "write_ndjson"]

LANGUAGES = {"en": ENGLISH, "fr": FRENCH}
LEAST_MEMBERS = 12
"""The core team, the relays, the sponsor, and somebody to care for."""
START = datetime(2025, 3, 3, tzinfo=zone_or("Europe/Paris", "UTC"))
"""A Monday in spring: no holiday and no quiet season for weeks, and a change of clocks in the fourth."""


def simulate(
    *,
    members: int,
    weeks: int,
    seed: int,
    language: str = "fr",
    start: datetime = START,
    community: str = "latelier",
) -> Iterator[Fact]:
    """Facts of a community by time, as CloudEvents ready for JSON; the same for the same arguments.

    Args:
        members: people who belong, core team and relays included; a bot and the accounts of a raid come on top.
        weeks: how long it is watched; from two on there are a raid, a lull and a crisis.
        seed: which of all such communities.
        language: what is spoken, `fr` or `en`; names, channels and skills are those of the shipped playbook.
        start: the Monday at 00:00, in the zone of the community, on which it opens.
        community: its slug.

    Raises:
        ValueError: an argument is impossible; the message says what would be right.
    """
    if members < LEAST_MEMBERS:
        raise ValueError(f"{members} members are too few: at least {LEAST_MEMBERS}, the core team and relays included")
    if weeks < 1:
        raise ValueError(f"{weeks} weeks are too few: at least 1")
    if language not in LANGUAGES:
        raise ValueError(f"no simulation speaks {language!r}: {' or '.join(sorted(LANGUAGES))}")
    if start.tzinfo is None or start.weekday() or start.time() != datetime.min.time():
        raise ValueError(f"{start.isoformat()} is no start: a Monday at 00:00 with its zone, as {START.isoformat()}")
    days = Days(start, weeks * 7, lull_days(weeks))
    world = World(LANGUAGES[language], days, Agenda(days, community, seed))
    return live(world, members=members, weeks=weeks, seed=seed)


def write_ndjson(facts: Iterable[Fact], file: IO[str]) -> int:
    """Write facts one to a line; answers how many."""
    count = 0
    for count, fact in enumerate(facts, 1):  # noqa: B007 - the count is what is wanted
        file.write(json.dumps(fact, ensure_ascii=False, separators=(",", ":")) + "\n")
    return count
