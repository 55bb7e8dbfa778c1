"""Communities held in memory: such of their tables as are small, whole, so that nothing of them is missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from chassis.indexed import Rows
from chassis.memory import Deadlines
from chassis.shelf import Deadline
from chassis.tables import Key
from contracts.turn import Selection


class Limits(NamedTuple):
    """How much the holder of a partition keeps in memory.

    Attributes:
        table_rows: a community's table (or its deadlines) is held with at most so many rows, and given up when it has
            grown to twice as many.
        rows: of all held communities together.
        communities: so many at most: a playbook is one row, and large.
        idle_batches: a community that came up in none of the latest so many batches, one at least, makes room for
            another. One at work does not: to hold in turns what does not fit is dearer than to read by key.
        by_key: rows kept of each table that is not held; those known longest go first.
    """

    table_rows: int = 5_000
    rows: int = 25_000
    communities: int = 100
    idle_batches: int = 100
    by_key: int = 2_000


class HeldCommunity:
    """The held tables of one community, and its deadlines where they are few.

    Attributes:
        rows: the held tables; what is not in one of them does not exist.
        deadlines: all of them; None when they are too many.
        whole: whether every table and the deadlines are held: no turn of this community can lack anything.
        used: the batch in which it came up last.
        counted: its rows and deadlines, as of then.
    """

    __slots__ = ("_tables", "counted", "deadlines", "rows", "used", "whole")

    def __init__(self, tables: Iterable[type], *, deadlines: bool, whole: bool) -> None:
        self._tables = {row: Rows() for row in tables}
        self.rows = {row: table.by_key for row, table in self._tables.items()}
        self.deadlines = Deadlines() if deadlines else None
        self.whole = whole
        self.used = 0
        self.counted = 0

    @property
    def size(self) -> int:
        """How many rows and deadlines are in memory."""
        return sum(map(len, self.rows.values())) + (0 if self.deadlines is None else len(self.deadlines.by_name))

    def put(self, row: type, changes: Mapping[Key, Any]) -> None:
        """Rows of a held table that changed; None: removed."""
        self._tables[row].put(changes)

    def arm(self, deadline: Deadline) -> None:
        """One more of its deadlines. Raises ValueError where they are not held."""
        if self.deadlines is None:
            raise ValueError(f"the deadlines of {deadline.community} are not held")
        self.deadlines.put((deadline.kind, deadline.key), deadline)

    def select(self, selection: Selection[Any], key: Key) -> list[tuple[Key, Any]]:
        """A selection's members in a held table."""
        return self._tables[selection.row].select(selection, key)

    def largest(self) -> tuple[type, int]:
        """What has most rows, and how many."""
        sizes: dict[type, int] = {row: len(rows) for row, rows in self.rows.items()}
        if self.deadlines is not None:
            sizes[Deadline] = len(self.deadlines.by_name)
        return max(sizes.items(), key=lambda item: item[1], default=(Deadline, 0))

    def give_up(self, row: type) -> None:
        """Hold a table, or the deadlines, no more: they are read by key from now on."""
        self.whole = False
        if row is Deadline:
            self.deadlines = None
        else:
            del self.rows[row], self._tables[row]


class Held:
    """The communities that the holder of a partition has in memory, within limits.

    Attributes:
        communities: by name, the one used longest ago first.
        rows: how many rows and deadlines they have together, as of the beginning of the batch.
    """

    def __init__(self, limits: Limits) -> None:
        self.communities: dict[str, HeldCommunity] = {}
        self.rows = 0
        self._limits = limits
        self._batch = 0
        self._changed: list[HeldCommunity] = []

    def begin(self, communities: Iterable[str]) -> None:
        """A new batch, which is about these; what outgrew the limits in the last one is given up."""
        self._batch += 1
        for changed in self._changed:
            self._shrink(changed, 2 * self._limits.table_rows)
        self._changed.clear()
        for community in communities:
            held = self.communities.pop(community, None)
            if held is not None:
                held.used = self._batch
                self.communities[community] = held
                self._changed.append(held)
        while self.rows > self._limits.rows:
            self._relieve()

    def newcomers(self, communities: Iterable[str]) -> Sequence[str]:
        """Those of these that are not held, and for which there is a place."""
        new = [community for community in communities if community not in self.communities]
        while len(self.communities) + len(new) > self._limits.communities and self._drop_idle():
            continue
        return new[: max(0, self._limits.communities - len(self.communities))]

    def take_in(self, community: str, counts: Mapping[type, int]) -> HeldCommunity:
        """A newcomer, to be filled: it holds of its tables (and of its deadlines, as `Deadline`) what fits.

        `counts`: the rows of each; what is above `table_rows` need not be exact.
        """
        limits = self._limits
        small = {row: count for row, count in counts.items() if count <= limits.table_rows}
        total = sum(small.values())
        while self.rows + total > limits.rows and self._drop_idle():
            continue
        taken: dict[type, int] = {}
        room = limits.rows - self.rows
        for row, count in sorted(small.items(), key=lambda item: (item[1], item[0].__name__)):
            if count <= room:
                taken[row] = count
                room -= count
        tables = [row for row in taken if row is not Deadline]
        held = HeldCommunity(tables, deadlines=Deadline in taken, whole=len(taken) == len(counts))
        held.used, held.counted = self._batch, sum(taken.values())
        self.rows += held.counted
        self.communities[community] = held
        self._changed.append(held)
        return held

    def _drop_idle(self) -> bool:
        """Let go of the community used longest ago, if that is long enough ago; answers whether."""
        if not self.communities:
            return False
        name, held = next(iter(self.communities.items()))
        if held.used > self._batch - self._limits.idle_batches:
            return False
        self.rows -= self.communities.pop(name).counted
        return True

    def _relieve(self) -> None:
        """Too much is held: what was used longest ago goes, or the largest table of what is used now."""
        name, held = next(iter(self.communities.items()))
        if held.used < self._batch:
            self.rows -= self.communities.pop(name).counted
        else:
            held = max(self.communities.values(), key=lambda one: one.counted)
            self._shrink(held, held.largest()[1] - 1)

    def _shrink(self, held: HeldCommunity, most: int) -> None:
        """Give up what has more than so many rows, and count what is left."""
        while (largest := held.largest())[1] > most:
            held.give_up(largest[0])
        size = held.size
        self.rows += size - held.counted
        held.counted = size
