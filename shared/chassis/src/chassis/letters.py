"""Dead letters, for the operator: see them, give one back to the fold, drop one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import orjson

from chassis.dead import REDRIVEN
from chassis.operations import Refusal
from chassis.postgres import Pool
from contracts.envelope import AnyEvent
from contracts.facts import LetterRedriven
from contracts.identity import uuid8

OPERATOR = "operator"
_FAILED = (
    # Where a rule failed, and with what; not the words of the error, which name this member and that post.
    'regexp_match(traceback, \'.*File "(?:[^"]*/)?([^"/]+)", line ([0-9]+), in ([^\\n]+)\') as frame'
)
_REASON = (
    "case when frame is null then what"
    " else split_part(what, ':', 1) || ' in ' || frame[3] || ' (' || frame[1] || ':' || frame[2] || ')' end"
)
_LETTERS = (
    f"(select *, left(md5(concat_ws(chr(31), kind, event_type, place, {_REASON})), 12) as cause, {_REASON} as reason"
    f" from (select *, {_FAILED} from dead_letter) as framed) as dead_letter"
)
_COLUMNS = (
    'letter, cause, community, kind, what, place as "where", cure, event_source, event_id, event_type, subject, seq,'
    " at, committed_at"
)
_OPEN = "settled is null and ($1::text is null or community = $1) and ($2::text is null or cause = $2)"
_LIST = f"select {_COLUMNS} from {_LETTERS} where {_OPEN} order by committed_at desc, letter limit $3"
_IN_LOG_ORDER = f"select {_COLUMNS} from {_LETTERS} where {_OPEN} order by seq, letter limit $3"
_CAUSES = (
    'select cause, kind, reason as what, place as "where", min(cure) as cure, event_type, count(*) as count,'
    " min(committed_at) as first, max(committed_at) as last, min(letter) as example"
    f" from {_LETTERS} where {_OPEN}"
    " group by cause, kind, reason, place, event_type order by count(*) desc, kind, reason limit $3"
)
_COUNT = f"select count(*) from {_LETTERS} where {_OPEN}"
_SHOW = f"select {_COLUMNS}, body, traceback, settled, settled_at from {_LETTERS} where letter = $1"
_SETTLE = "update dead_letter set settled = $2, settled_at = now() where letter = $1 and settled is null"


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, service: str, pool: Pool) -> None:
        self._service = service
        self._pool = pool

    async def listed(self, community: str | None, cause: str | None, limit: int) -> dict[str, Any]:
        """The open letters: how many, grouped by cause, and the newest of them; of one cause, the first in the log."""
        causes = await self._pool.fetch(_CAUSES, community, cause, limit)
        letters = await self._pool.fetch(_LIST if cause is None else _IN_LOG_ORDER, community, cause, limit)
        count = await self._pool.fetchval(_COUNT, community, cause)
        return {
            "count": count,
            "causes": [_plain(dict(row)) for row in causes],
            "letters": [_plain(dict(row)) for row in letters],
        }

    async def shown(self, letter: str) -> dict[str, Any]:
        """One letter, whole."""
        return {"letter": _plain(await self._row(letter))}

    async def redriven(self, letter: str) -> dict[str, Any]:
        """The `letter.redriven` to publish: at its place of the log the fold takes the letter's event again.

        Whoever asks publishes it, since a service may not speak as the operator, and then has the letter `settled`.
        Asked twice, it is the same event, which is applied once.
        """
        row = await self._row(letter)
        if row["settled"] is not None:
            raise Refusal(f"the letter was {row['settled']} already")
        try:
            body = orjson.loads(row["body"])
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refusal("this input is no JSON object and can never be read: its sender must publish it mended")
        event = AnyEvent(
            id=uuid8(row["committed_at"], OPERATOR, self._service, letter),
            source=f"/{OPERATOR}",
            type=REDRIVEN,
            time=row["committed_at"].replace(microsecond=0),
            data=LetterRedriven(
                community=row["community"], letter=letter, service=self._service, event=body, by=OPERATOR
            ),
        )
        return {"letter": letter, "event": event.to_json().decode()}

    async def settled(self, letter: str, how: Literal["redriven", "dropped"]) -> dict[str, Any]:
        """Put a letter aside: its `letter.redriven` is in the log, or nobody wants it any more."""
        row = await self._row(letter)
        if row["settled"] is not None:
            raise Refusal(f"the letter was {row['settled']} already")
        await self._pool.execute(_SETTLE, letter, how)
        return {"letter": letter, "settled": how}

    async def _row(self, letter: str) -> Mapping[str, Any]:
        row = await self._pool.fetchrow(_SHOW, letter)
        if row is None:
            raise Refusal(f"there is no dead letter {letter} at {self._service}")
        return dict(row)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON takes it."""
    result: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, datetime):
            result[name] = value.isoformat()
        elif isinstance(value, bytes):
            result[name] = value.decode("utf-8", "replace")
        else:
            result[name] = value
    return result
