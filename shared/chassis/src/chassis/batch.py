"""One batch folded over Postgres: what it needs is loaded, what it changes is collected; nothing is written yet."""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from datetime import UTC, datetime

from chassis.dead import RULE_FAILURE
from chassis.entry import Entry
from chassis.fold import TICK, Fold
from chassis.loading import Loader
from chassis.metrics import Metrics, Outcome
from chassis.partial import Changes, PartialShelf
from chassis.postgres import Connection
from chassis.service import Service
from chassis.shelf import Missing
from contracts.identity import SERVICES

BREATH_SECONDS = 0.05
"""Rules run without a pause for about so long: the leases are renewed, and probes answered, on the same loop."""
LARGEST_BATCH_ROWS = 5000
"""A batch ends early when it has changed or said so much: one deadline of a large community may fire for thousands."""


class Breaker:
    """Stops a partition when rules fail too often: so many times within so many of its latest events.

    It counts rule failures alone. Refused input says something about a platform, not about the rules.
    """

    def __init__(self, *, failures: int, events: int) -> None:
        self._allowed = failures
        self._window = events
        self._seen = 0
        self._failed: deque[int] = deque()

    @property
    def is_open(self) -> bool:
        """Whether the rules failed too often."""
        return len(self._failed) >= self._allowed

    @property
    def reason(self) -> str:
        """What an operator reads."""
        return (
            f"rules failed {len(self._failed)} times in the last {min(self._seen, self._window)} events:"
            " read the dead letters, mend the rule, then resume"
        )

    def count(self, failures: int) -> None:
        """One more event was folded, with so many failures."""
        self._seen += 1
        self._failed.extend([self._seen] * failures)
        while self._failed and self._failed[0] <= self._seen - self._window:
            self._failed.popleft()

    def close(self) -> None:
        """An operator says that it is mended."""
        self._failed.clear()


class Folded:
    """What became of the entries of a batch.

    Attributes:
        taken: how many were folded; the rest belongs to the next batch.
        outcomes: how many had which outcome.
    """

    def __init__(self) -> None:
        self.changes = Changes()
        self.taken = 0
        self.outcomes: Counter[Outcome] = Counter()

    @property
    def changed(self) -> bool:
        """Whether there is anything to write beside the cursor."""
        changes = self.changes
        return bool(
            changes.rows
            or changes.drops_backfill
            or changes.deadlines
            or changes.seen
            or changes.said
            or changes.letters
        )

    def measure(self, metrics: Metrics, partition: int, entries: Sequence[Entry], seconds: float) -> None:
        """Tell the figures of a committed batch, which took so long."""
        stored_at = entries[0].stored_at
        metrics.batch(seconds, None if stored_at is None else (datetime.now(UTC) - stored_at).total_seconds())
        for outcome, count in self.outcomes.items():
            metrics.events(partition, outcome, count)
        for event in self.changes.said:
            metrics.decided(event.type)
        for letter in self.changes.letters:
            metrics.lettered(letter.kind)


async def fold_batch(
    fold: Fold, shelf: PartialShelf, connection: Connection, entries: Sequence[Entry], breaker: Breaker
) -> Folded:
    """Fold entries in order. What a turn lacks is loaded and the turn run again: it is pure, so that is safe.

    What is folded stands on the shelf: unless it is committed, fold and shelf are of no more use.
    """
    service = fold.service
    folded = Folded()
    events = (entry.event for entry in entries if entry.event is not None and concerns(service, entry))
    folded.changes = changes = shelf.begin(dict.fromkeys(event.data.community for event in events))
    loader = Loader(service, connection, shelf)
    await loader.preload(entries)
    clock = asyncio.get_running_loop().time
    breathed = clock()
    for entry in entries:
        if clock() - breathed > BREATH_SECONDS:
            await asyncio.sleep(0)
            breathed = clock()
        letters, seen = len(changes.letters), len(changes.seen)
        while True:
            try:
                fold.take(entry)
            except Missing as missing:
                await loader.load(missing.wanted)
            else:
                break
        folded.taken += 1
        failures = 0
        if len(changes.letters) > letters:
            failures = sum(letter.kind == RULE_FAILURE for letter in changes.letters[letters:])
        outcome = _outcome(service, entry, failed=failures > 0, accepted=len(changes.seen) > seen)
        folded.outcomes[outcome] += 1
        breaker.count(failures)
        if breaker.is_open or _size(changes) >= LARGEST_BATCH_ROWS:
            break
    return folded


def concerns(service: Service, entry: Entry) -> bool:
    """Whether there is anything to fold: not so in what is skipped, and in what the service itself said."""
    return entry.refusal is not None or (entry.event is not None and entry.event.source != service.source)


def passed_over(entries: Sequence[Entry], breaker: Breaker) -> Folded:
    """What becomes of entries of which none concerns the service."""
    folded = Folded()
    folded.taken = folded.outcomes["skipped"] = len(entries)
    for _ in entries:
        breaker.count(0)
    return folded


def _outcome(service: Service, entry: Entry, *, failed: bool, accepted: bool) -> Outcome:
    if entry.refusal is not None:
        return "refused"
    if entry.event is None or entry.event.source == service.source:
        return "skipped"
    if failed:
        return "failed"
    if accepted or entry.event.type == TICK:
        return "applied"
    # Of another service's decision that no rule here reads, nothing is remembered.
    return "skipped" if entry.event.source.startswith(SERVICES) else "duplicate"


def _size(changes: Changes) -> int:
    return sum(map(len, changes.rows.values())) + len(changes.deadlines) + len(changes.said) + len(changes.letters)
