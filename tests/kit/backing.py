"""A database of dictionaries under a partial shelf: batches of any size, every load counted, no server."""

from collections import Counter

from chassis.entry import Entry
from chassis.fold import Fold
from chassis.held import Limits
from chassis.partial import DEADLINES_A_LOAD, PartialShelf
from chassis.rendering import Texts
from chassis.service import Service
from chassis.shelf import Deadline, Missing, WantedDeadlines
from contracts.identity import identity_key


class Backing:
    """What Postgres holds, between batches, and what the holder of the partition keeps in memory within limits."""

    def __init__(self, service: Service, texts: Texts, limits: Limits | None = None) -> None:
        self.service = service
        self.texts = texts
        self.shelf = PartialShelf(service, limits)
        self.rows = {row: {} for row in service.table_of}
        self._members = {}
        self.deadlines = {}
        self.seen = {}
        self.said = []
        self.letters = []
        self.loads = Counter()

    def batch(self, entries: list[Entry]) -> None:
        """Fold entries and keep what they change."""
        self._fold(self.shelf, entries)
        self._commit(self.shelf.changes)

    def attempt(self, entries: list[Entry]) -> PartialShelf:
        """Fold entries and keep nothing, as a service that is killed before it commits."""
        shelf = PartialShelf(self.service, self.shelf.limits)
        self._fold(shelf, entries)
        return shelf

    def _fold(self, shelf, entries):
        communities = dict.fromkeys(entry.event.data.community for entry in entries if entry.event is not None)
        shelf.begin(communities)
        fold = Fold(self.service, shelf, self.texts)
        for community in shelf.held.newcomers(communities):
            self._hold(shelf, community)
        self._preload_seen(shelf, entries)
        for entry in entries:
            while True:
                try:
                    fold.take(entry)
                except Missing as missing:
                    self.loads["missing"] += 1
                    self._load(shelf, missing.wanted)
                else:
                    break

    def _hold(self, shelf, community):
        rows = {row: {key: one for key, one in its.items() if key[0] == community} for row, its in self.rows.items()}
        deadlines = [deadline for name, deadline in self.deadlines.items() if name[0] == community]
        held = shelf.take_in(community, {row: len(its) for row, its in rows.items()} | {Deadline: len(deadlines)})
        self.loads["held"] += 1
        for row, its in held.rows.items():
            its.update(rows[row])
        if held.deadlines is not None:
            for deadline in deadlines:
                held.arm(deadline)

    def _preload_seen(self, shelf, entries):
        events = [entry.event for entry in entries if entry.event is not None]
        keys = [identity_key(event.time, event.data.community, event.source, event.id) for event in events]
        shelf.put_seen(keys, [(key, self.seen[key]) for key in keys if key in self.seen])

    def _load(self, shelf, wanted):
        if isinstance(wanted, WantedDeadlines):
            self._load_deadlines(shelf, wanted)
        elif wanted.selection is None:
            rows = self.rows[wanted.row]
            shelf.put_rows(wanted.row, wanted.keys, [(key, rows[key]) for key in wanted.keys if key in rows])
        else:
            selection, values = wanted.selection, wanted.values
            found = [(key, self.rows[wanted.row][key]) for key in self._members.get((selection.name, values), ())]
            found.sort(key=lambda pair: selection.order(pair[1]))
            shelf.put_selection(selection, values, found[: shelf.selection_limit(selection)])

    def _load_deadlines(self, shelf, wanted):
        if wanted.name is not None:
            name = (wanted.community, *wanted.name)
            shelf.put_named(name, self.deadlines.get(name))
            return
        reach = shelf.reach(wanted.community)
        found = sorted(
            deadline
            for deadline in self.deadlines.values()
            if deadline.community == wanted.community
            and deadline.due <= wanted.until
            and (reach is None or deadline[:3] > reach)
        )
        shelf.put_due(wanted.community, wanted.until, found[:DEADLINES_A_LOAD])

    def _commit(self, changes):
        for key, _, at in changes.seen:
            self.seen[key] = at
        for row, rows in changes.rows.items():
            for key, value in rows.items():
                self.put(row, key, value)
        if changes.drops_backfill:
            self.deadlines = {
                name: deadline
                for name, deadline in self.deadlines.items()
                if not (name[0] in changes.drops_backfill and deadline.backfill)
            }
        for name, deadline in changes.deadlines.items():
            if deadline is None:
                self.deadlines.pop(name, None)
            else:
                self.deadlines[name] = deadline
        self.said.extend(changes.said)
        self.letters.extend(changes.letters)

    def put(self, row, key, value):
        """A row as it is from now on; None: it is gone."""
        old = self.rows[row].pop(key, None)
        new = None if value is None else _through_columns(self.service.table_of[row], key, value)
        for selection in self.service.selections_of[row]:
            for values in () if old is None else selection.values(old):
                self._members[selection.name, (key[0], *values)].pop(key, None)
            for values in () if new is None else selection.values(new):
                self._members.setdefault((selection.name, (key[0], *values)), {})[key] = None
        if new is not None:
            self.rows[row][key] = new


def _through_columns(table, key, row):
    """The row as its columns give it back."""
    arrays = table.arrays([(key, row)])
    return table.from_record([array[0] for array in arrays])[1]
