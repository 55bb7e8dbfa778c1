"""As recorded: what a service decided and keeps, held against a fold of the very log that its run left."""

from collections.abc import Sequence
from typing import Any

from chassis.entry import Entry
from chassis.postgres import Connection
from chassis.replay import as_recorded
from chassis.service import Service

_DEADLINES = "select community, due, kind, key from deadline order by community, due, kind, key"
_LETTERS = "select letter from dead_letter where settled is distinct from 'redriven' order by letter"


async def differences(
    service: Service, connection: Connection, entries: Sequence[Entry], *, secret: bytes
) -> list[str]:
    """What is not as the log has it, in words; empty when decisions, rows, deadlines and letters are the same.

    `connection`: on the service's schema, at rest. `entries`: the whole log, in order. `secret`: under which those who
    were erased have no name.
    """
    fold = as_recorded(service, entries, secret=secret)
    found = []
    for community in sorted({*fold.decided, *fold.recorded}):
        decided, recorded = fold.decided.get(community, []), fold.recorded.get(community, [])
        if decided != recorded:
            place = next((n for n, pair in enumerate(zip(decided, recorded, strict=False)) if pair[0] != pair[1]), None)
            where = min(len(decided), len(recorded)) if place is None else place
            found.append(
                f"{service.name} is recorded to have made {len(recorded):,} decisions in {community}, its fold makes"
                f" {len(decided):,}; the first difference is number {where + 1:,}"
            )
    for row, table in service.table_of.items():
        records = await connection.fetch(table.everything)
        rows = dict(table.from_record(tuple(record)) for record in records)
        if rows != fold.shelf.rows[row]:
            found.append(_rows(service, table.name, rows, fold.shelf.rows[row]))
    deadlines = [tuple(record) for record in await connection.fetch(_DEADLINES)]
    if deadlines != [(deadline.community, *deadline[:3]) for deadline in fold.shelf.deadlines()]:
        found.append(f"{service.name} has other deadlines than its fold")
    letters = [record[0] for record in await connection.fetch(_LETTERS)]
    if letters != sorted(letter.letter for letter in fold.shelf.letters):
        found.append(f"{service.name} has {len(letters):,} dead letters, its fold {len(fold.shelf.letters):,}")
    return found


def _rows(service: Service, table: str, rows: dict[Any, Any], folded: dict[Any, Any]) -> str:
    keys = [key for key in {**rows, **folded} if rows.get(key) != folded.get(key)]
    return f"{service.name}.{table} differs from the fold in {len(keys):,} rows, the first {'/'.join(min(keys))}"
