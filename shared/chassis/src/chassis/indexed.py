"""The rows of one table in memory, and where selections find them."""

from collections.abc import Mapping
from typing import Any

from chassis.tables import Key
from contracts.turn import Selection

UNINDEXED_AT_MOST = 1024
"""Changed rows that wait until a selection is read, before they are put in their places all the same."""


class Index:
    """The keys that a selection finds, by its values."""

    __slots__ = ("groups", "places", "selection")

    def __init__(self, selection: Selection[Any]) -> None:
        self.selection = selection
        self.groups: dict[Key, dict[Key, None]] = {}
        self.places: dict[Key, tuple[Key, ...]] = {}

    def put(self, key: Key, row: Any) -> None:
        """A row changed; None: it was removed."""
        after = () if row is None else self.selection.values(row)
        before = self.places.get(key, ())
        if before == after:
            return
        groups = self.groups
        slug = key[0]
        for values in before:
            if values not in after:
                group = groups[slug, *values]
                del group[key]
                if not group:
                    del groups[slug, *values]
        for values in after:
            groups.setdefault((slug, *values), {})[key] = None
        if after:
            self.places[key] = after
        else:
            del self.places[key]


class Rows:
    """Rows by key. A selection gets its index when it is first read; most rows change more often than that.

    Attributes:
        by_key: what there is; what is not in it does not exist.
    """

    __slots__ = ("_indexes", "_unindexed", "by_key")

    def __init__(self) -> None:
        self.by_key: dict[Key, Any] = {}
        self._indexes: dict[str, Index] = {}
        self._unindexed: dict[Key, Any] = {}

    def put(self, changes: Mapping[Key, Any]) -> None:
        """Rows that changed; None: removed."""
        rows = self.by_key
        for key, value in changes.items():
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value
        if self._indexes:
            self._unindexed.update(changes)
            if len(self._unindexed) > UNINDEXED_AT_MOST:
                self._place()

    def select(self, selection: Selection[Any], key: Key) -> list[tuple[Key, Any]]:
        """A selection's members, in any order; `key` = community, then values."""
        rows = self.by_key
        return [(member, rows[member]) for member in self.index(selection).groups.get(key, ())]

    def index(self, selection: Selection[Any]) -> Index:
        """Where a selection finds its members, up to date."""
        if self._unindexed:
            self._place()
        found = self._indexes.get(selection.name)
        if found is None:
            found = self._indexes[selection.name] = Index(selection)
            for key, value in self.by_key.items():
                found.put(key, value)
        return found

    def _place(self) -> None:
        for index in self._indexes.values():
            put = index.put
            for key, value in self._unindexed.items():
                put(key, value)
        self._unindexed.clear()
