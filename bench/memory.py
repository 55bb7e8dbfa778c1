"""Memory: bytes per live row, and how many rows there are while the same people go on as before.

`python bench/memory.py [ROUNDS]`: four simulated weeks of forty people, again and again under new ids, each round four
weeks later, through every installed service in process. The figures stand in docs/replay.md.
"""

import gc
import json
import re
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from chassis.entry import Entry, read
from chassis.replay import Turns
from ruche import playbooks
from ruche.commands.replay import opened_with
from ruche.services import chosen
from ruche.simulate import simulate

MEMBERS, WEEKS, SEED = 40, 4, 7
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$")
_OF_PEOPLE_AND_PLACES = {"community", "member", "channel", "source", "type", "specversion", "datacontenttype"}
_ONCE = {"member.joined", "channel.described", "channel.created"}


def again(fact: dict[str, Any], number: int, names: set[str]) -> dict[str, Any]:
    """The same fact, so many rounds later and about other things: people and places keep their names."""
    later = timedelta(weeks=WEEKS * number)

    def moved(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: moved(name, inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [moved(key, inner) for inner in value]
        if not isinstance(value, str) or key in _OF_PEOPLE_AND_PLACES or value in names:
            return value
        if _INSTANT.match(value):
            return (datetime.fromisoformat(value) + later).isoformat()
        return f"{value}~{number}" if value in things else value

    things = {value for key, value in fact["data"].items() if isinstance(value, str) and key in THINGS}
    things.add(fact["id"])
    return {key: moved(key, value) for key, value in fact.items()}


THINGS = {"post", "thread", "reply_to", "answer", "task", "meetup", "poll", "feedback", "promise", "crisis", "news"}
"""Fields of data that name what happens once."""


def main(count: int = 12) -> None:
    """Play the rounds; print a line for each."""
    facts = list(simulate(members=MEMBERS, weeks=WEEKS, seed=SEED))
    names = {fact["data"]["member"] for fact in facts if "member" in fact["data"]}
    lasting = [fact for fact in facts if fact["type"] not in _ONCE]
    turns = Turns(chosen())
    gc.collect()
    tracemalloc.start()
    print(f"{'week':>4} {'facts':>7} {'rows':>7} {'deadlines':>9} {'identities':>10} {'KiB':>8} {'bytes a row':>11}")
    told = 0
    for number in range(count):
        told += _play(
            turns, facts if number == 0 else (again(fact, number, names) for fact in lasting), opening=number == 0
        )
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
        shelves = turns.shelves.values()
        rows = sum(len(of_kind) for shelf in shelves for of_kind in shelf.rows.values())
        deadlines = sum(len(shelf.deadlines()) for shelf in shelves)
        seen = sum(1 for shelf in shelves for _ in shelf.seen())
        line = f"{(number + 1) * WEEKS:>4} {told:>7,} {rows:>7,} {deadlines:>9,} {seen:>10,}"
        print(f"{line} {held // 1024:>8,} {held // max(rows, 1):>11,}", flush=True)


def _play(turns: Turns, facts: Iterable[dict[str, Any]], *, opening: bool) -> int:
    """Play the facts of a round; answers how many."""
    count = 0

    def entries() -> Iterator[Entry]:
        nonlocal count
        for count, fact in enumerate(facts, 1):
            yield read(json.dumps(fact).encode(), seq=count)

    read_in = entries()
    if opening:
        read_in = opened_with(read_in, playbook=playbooks.load("latelier"), unmute=True)
    for entry in read_in:
        turns.play(entry)
    return count


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
