"""Files of facts and recordings, read for a replay."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from chassis.entry import Entry, read
from chassis.recording import lines
from chassis.replay import is_fact
from contracts.envelope import AnyEvent
from contracts.facts import CommunityConfigured

Orders = Callable[[str, datetime], Iterable[AnyEvent]]
"""What an operator says to a community of that name, at that moment, before its first fact."""


def facts_of(path: Path | str) -> Iterator[Entry]:
    """Every line of a facts file or a recording, plain or gzip, read and examined as a service would.

    Raises OSError for a file that cannot be read and `chassis.recording.BadFile` for a line that is neither.
    """
    for line in lines(Path(path)):
        yield read(line.raw, seq=line.seq, stored_at=line.stored_at, subject=line.subject)


class Opening:
    """Puts the operator's words before each community's first fact.

    Args:
        orders: what they are.
        alone: the playbooks that the file brings are left out, for the question is what the one ordered would do.
    """

    def __init__(self, orders: Orders, *, alone: bool = False) -> None:
        self._orders = orders
        self._alone = alone
        self._known: set[str] = set()

    def __call__(self, entry: Entry) -> Iterator[Entry]:
        """The next entry of the file, after what comes before it, if anything does."""
        event = entry.event
        if event is None or not is_fact(event):
            yield entry
            return
        if event.data.community not in self._known:
            self._known.add(event.data.community)
            for order in self._orders(event.data.community, event.time):
                # History stays history: an order in the midst of an import is not the first live event after it.
                said = order.model_copy(update={"backfill": event.backfill})
                yield Entry(0, None, None, said.to_json(), said)
        if not self._alone or event.type != CommunityConfigured.TYPE:
            yield entry


def opened(facts: Iterable[Entry], orders: Orders, *, alone: bool = False) -> Iterator[Entry]:
    """The facts of a file, each community's first one preceded by the operator's words (`Opening`)."""
    opening = Opening(orders, alone=alone)
    for entry in facts:
        yield from opening(entry)
