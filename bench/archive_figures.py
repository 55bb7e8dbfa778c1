"""The figures of docs/replay.md: one archive in process, through every installed service, from facts in turns.

`python bench/archive_figures.py FILE [PLAYBOOK]`, a shipped playbook by its name, unmuted; without one the neutral one.
"""

import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from chassis import collector
from chassis.entry import Entry, read
from chassis.recording import lines
from chassis.replay import Turns
from ruche import playbooks
from ruche.commands.replay import opened_with
from ruche.services import chosen

SIGNS_OF_LIFE = {"post.created", "motivation.declared", "poll.voted", "beta.reported", "meetup.attended"}
ASKS = {"helper", "next_answer", "pairing", "editor", "task", "turn"}


def bare(raws: list[bytes]) -> float:
    """Seconds for decoding and encoding every line, and nothing else."""
    started = time.perf_counter()
    for seq, raw in enumerate(raws):
        event = read(raw, seq=seq).event
        if event is not None:
            event.to_json()
    return time.perf_counter() - started


class Watch:
    """What the run did to people."""

    def __init__(self) -> None:
        self.joined: dict[str, bool] = {}
        self.alive: dict[str, str] = {}
        self.posted: set[str] = set()
        self.threads: set[str] = set()
        self.welcomed: Counter[str] = Counter()
        self.monthly: dict[str, Counter[str]] = defaultdict(Counter)
        self.silent: Counter[str] = Counter()
        self.prompts = 0
        self.asks: Counter[str] = Counter()
        self.withheld: Counter[str] = Counter()
        self.asked_strangers: set[str] = set()

    def __call__(self, event, _raw: bytes) -> None:  # noqa: ANN001
        data = event.data
        if event.type == "member.joined":
            self.joined.setdefault(data.member, data.bot)
        elif event.type == "post.created" and not data.bot:
            self.posted.add(data.member)
            self.threads.add(data.thread)
        if event.type in SIGNS_OF_LIFE and getattr(data, "member", None):
            self.alive.setdefault(data.member, event.type)
        if event.type == "member.welcomed":
            self.welcomed[data.member] += 1
        elif event.type == "prompt.published":
            self.prompts += 1
        elif event.type in {"message.requested", "message.withheld"}:
            self._message(event)

    def _message(self, event) -> None:  # noqa: ANN001
        data = event.data
        went = event.type == "message.requested"
        if data.kind in ASKS or data.purse == "duty":
            self.asks[data.kind] += 1
            self.withheld[data.kind] += not went
            if went and data.to.kind == "member" and data.to.id not in self.posted:
                self.asked_strangers.add(data.to.id)
        reached = [data.to.id] if data.to.kind == "member" else list(getattr(data, "mentions", ()))
        if went and data.to.kind == "member":
            self.monthly[event.time.strftime("%Y-%m")][data.to.id] += 1
        if went:
            for member in reached if data.to.kind == "member" or data.kind == "welcome" else ():
                if member not in self.alive:
                    self.silent[member] += 1


def spread(watch: Watch) -> dict[str, float]:
    """Private messages a member and month, over members who got any in that month."""
    counts = sorted(count for month in watch.monthly.values() for count in month.values())
    if not counts:
        return {"median": 0, "p95": 0, "most": 0}
    return {
        "median": statistics.median(counts),
        "p95": counts[min(len(counts) - 1, round(0.95 * (len(counts) - 1)))],
        "most": counts[-1],
    }


def main(path: str, playbook: str | None = None) -> None:
    """Run and print."""
    raws = [line.raw for line in lines(Path(path))]
    entries = (read(raw, seq=seq) for seq, raw in enumerate(raws, 1))
    if playbook is not None:
        entries = opened_with(entries, playbook=playbooks.load(playbook), unmute=True)
    collector.spare()
    watch = Watch()
    turns = Turns(chosen(), on_message=watch)
    before = bare(raws)
    started = time.perf_counter()
    for entry in entries:
        assert isinstance(entry, Entry)
        turns.play(entry)
    seconds = time.perf_counter() - started
    after = bare(raws)
    humans = {member for member, bot in watch.joined.items() if not bot}
    held = {
        key[1]
        for shelf in turns.shelves.values()
        for row, rows in shelf.rows.items()
        if row.__name__ == "Newcomer"
        for key, newcomer in rows.items()
        if newcomer.waits is not None
    }
    rows = sum(len(rows) for shelf in turns.shelves.values() for rows in shelf.rows.values())
    print(
        json.dumps(
            {
                "facts": len(raws),
                "ticks": turns.heard["clock.ticked"],
                "unknown_types": turns.skipped,
                "refused": dict(turns.refused),
                "letters": sum(len(shelf.letters) for shelf in turns.shelves.values()),
                "decisions": dict(sorted(turns.said.items())),
                "sha256": turns.sha256(),
                "humans_joined": len(humans),
                "welcomed_once": sum(watch.welcomed[member] == 1 for member in humans),
                "welcomed_more_than_once": sum(count > 1 for count in watch.welcomed.values()),
                "still_waiting": len(humans & held - set(watch.welcomed)),
                "bots_welcomed": sum(watch.joined.get(member, False) for member in watch.welcomed),
                "most_messages_without_a_sign_of_life": max(watch.silent.values(), default=0),
                "private_messages_per_member_and_month": spread(watch),
                "prompts_per_member_thread": [watch.prompts, len(watch.threads)],
                "asks_withheld": {kind: [watch.withheld[kind], count] for kind, count in sorted(watch.asks.items())},
                "asked_who_had_never_posted": len(watch.asked_strangers),
                "live_rows": rows,
                "seconds": round(seconds, 1),
                "times_a_bare_pass": round(seconds / ((before + after) / 2), 1),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
