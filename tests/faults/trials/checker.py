"""What must hold after a trial, whatever befell: history, log and tables held against each other."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from chassis.entry import Entry
from chassis.provision import PARTITIONS
from contracts.identity import SERVICES
from contracts.subjects import partition_of
from toy.service import BOOM, TOY
from trials.history import History
from trials.place import Place


class Violation(AssertionError):  # noqa: N818 - what was found, not a fault of the program
    """Something that must hold does not."""


async def check(place: Place, history: History) -> None:
    """Everything. `Violation` names what was found; AssertionError where the tables are not the fold of the log."""
    stages = list(place.stages.values())
    log = await stages[0].log()
    found = list(violations(log, history, window=timedelta(seconds=place.window_seconds)))
    if found:
        raise Violation("; ".join(found[:5]) + (f" … and {len(found) - 5} more" if len(found) > 5 else ""))
    for stage in stages:
        # Whether a decision stands twice was judged above, by the duplicate window.
        await stage.holds_as_recorded(once=False)
        if stage.service is TOY:
            counted = await stage.fetch("select community, member, posts::int from tally")
            if {(record[0], record[1]): record[2] for record in counted} != tallied(log):
                raise Violation("the posts that were counted are not the posts that are in the log, each once")


def violations(log: Sequence[Entry], history: History, *, window: timedelta) -> Iterator[str]:
    """What the log and the cursors say that cannot be, in words; nothing when all is well."""
    yield from _lost(log, history)
    yield from _out_of_order(history)
    yield from _made_up(log, history)
    yield from _elsewhere(log)
    yield from _said_twice(log, window)
    yield from _without_cause(log)
    yield from _cursors_going_back(history)


def _lost(log: Sequence[Entry], history: History) -> Iterator[str]:
    """Every acknowledged fact stands where the log said."""
    at = {entry.seq: entry for entry in log}
    for publish in history.publishes:
        entry = at.get(publish.seq or 0)
        if publish.seq is not None and (entry is None or entry.raw != publish.body):
            yield f"{publish.client}'s message {publish.number} was acknowledged at {publish.seq} and is not there"


def _out_of_order(history: History) -> Iterator[str]:
    """What a platform sent one after the other stands in that order."""
    clients: dict[str, dict[str, int]] = defaultdict(dict)
    for publish in history.publishes:
        if publish.seq is not None:
            clients[publish.client].setdefault(publish.message_id, publish.seq)
    for client, places in clients.items():
        for earlier, later in zip(list(places.values()), list(places.values())[1:], strict=False):
            if earlier >= later:
                yield f"{client}'s message at {later} was sent after the one at {earlier}, and stands before it"


def _made_up(log: Sequence[Entry], history: History) -> Iterator[str]:
    """Nothing stands in the log that nobody said."""
    said = {publish.body for publish in history.publishes}
    for entry in log:
        ours = entry.event is not None and (entry.event.source.startswith(SERVICES) or entry.event.source == "/clock")
        if not ours and entry.raw not in said:
            yield f"the message at {entry.seq} was published by nobody"


def _elsewhere(log: Sequence[Entry]) -> Iterator[str]:
    """A community is in one partition, always the same."""
    for entry in log:
        partition, *_, community, _publisher = (entry.subject or "").split(".")
        if int(partition) != partition_of(community, PARTITIONS):
            yield f"{community} at {entry.seq} is in partition {partition}"


def _said_twice(log: Sequence[Entry], window: timedelta) -> Iterator[str]:
    """A decision stands once; again only when the log could not know any more that it was there, and then the same."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in log:
        event = entry.event
        if event is None or not event.source.startswith(SERVICES):
            continue
        before = first.setdefault((event.source, event.id), entry)
        if before is entry:
            continue
        if before.raw != entry.raw:
            yield f"{event.type} {event.id} says two things, at {before.seq} and {entry.seq}"
        elif before.stored_at is None or entry.stored_at is None or entry.stored_at - before.stored_at < window:
            yield f"{event.type} {event.id} stands at {before.seq} and, within the duplicate window, at {entry.seq}"


def _without_cause(log: Sequence[Entry]) -> Iterator[str]:
    """A decision stands behind what it follows from; a calendar rule's follows from the calendar of its community."""
    seen: set[str] = set()
    for entry in log:
        event = entry.event
        if event is None:
            continue
        if event.source.startswith(SERVICES):
            cause = event.causationid or ""
            if cause not in seen and not cause.startswith(f"calendar:{event.data.community}/"):
                yield f"{event.type} at {entry.seq} follows from {cause!r}, which is not before it"
        seen.add(event.id)


def _cursors_going_back(history: History) -> Iterator[str]:
    """Neither a cursor nor its epoch ever goes back."""
    last: dict[tuple[str, int], tuple[int, int]] = {}
    for service, partition, epoch, seq in history.cursors:
        before_epoch, before_seq = last.get((service, partition), (0, 0))
        if epoch < before_epoch or seq < before_seq:
            yield f"{service}'s cursor of {partition} went from {before_epoch}/{before_seq} back to {epoch}/{seq}"
        last[service, partition] = (epoch, seq)


def tallied(log: Sequence[Entry]) -> Mapping[tuple[str, str], int]:
    """What the toy must have counted, without any of the code that it runs on: posts of a member, each once."""
    posts = {}
    for entry in log:
        event = entry.event
        if event is not None and event.type == "post.created" and event.data.body != BOOM:
            posts[event.source, event.id] = (event.data.community, event.data.member)
    return Counter(posts.values())
