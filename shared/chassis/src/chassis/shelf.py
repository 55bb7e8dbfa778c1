"""What a fold reads from and writes to: rows, identities and deadlines at hand, and what one step changes of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from msgspec import Struct, field

from chassis.tables import Key
from contracts.envelope import AnyEvent
from contracts.identity import Cause
from contracts.turn import Selection


class Deadline(NamedTuple):
    """Something that falls due in a community. Ordered by (due, kind, key).

    Attributes:
        armed_at: the community's now when it was armed; it never fires at an earlier now.
        cause: what armed it.
        backfill: armed by a backfilled event: it never makes a message.
    """

    due: datetime
    kind: str
    key: str
    community: str
    armed_at: datetime
    cause: Cause
    backfill: bool


class Letter(NamedTuple):
    """A dead letter: an input refused, or a rule that failed on it.

    Attributes:
        letter: its id, the same whenever the same thing goes wrong with the same input.
        kind: the kind of refusal, or `rule-failure`.
        body: the raw input, or the deadline as JSON.
    """

    letter: str
    community: str
    kind: str
    what: str
    where: str
    cure: str
    event_source: str | None
    event_id: str | None
    event_type: str | None
    subject: str | None
    seq: int
    body: bytes
    traceback: str | None
    at: datetime | None


class Step(Struct):
    """What one turn changes and says; applied whole, or forgotten when the turn fails.

    `seen` is the identity that was accepted, and the community's now.
    """

    community: str
    rows: dict[type, dict[Key, Any]] = field(default_factory=dict)
    deadlines: dict[tuple[str, str], Deadline | None] = field(default_factory=dict)
    decisions: list[AnyEvent] = field(default_factory=list)
    seen: tuple[bytes, datetime] | None = None
    drops_backfill_deadlines: bool = False
    letters: list[Letter] = field(default_factory=list)


class Wanted(NamedTuple):
    """Rows by key, or a selection by its values, that a turn needs and the shelf lacks."""

    row: type
    keys: tuple[Key, ...] = ()
    selection: Selection[Any] | None = None
    values: Key = ()


class WantedDeadlines(NamedTuple):
    """Deadlines that a fold needs: the earliest until an instant, or one by its name."""

    community: str
    until: datetime | None = None
    name: tuple[str, str] | None = None


class Missing(LookupError):  # noqa: N818 - a request to the shell, not an error
    """A turn needs what is not at hand. The shell loads it and runs the same turn again."""

    def __init__(self, wanted: Wanted | WantedDeadlines) -> None:
        super().__init__(wanted)
        self.wanted = wanted


class Shelf(Protocol):
    """The state of one service at hand. Every read may raise `Missing`."""

    def row(self, row: type, key: Key) -> Any:
        """The row, or None."""

    def whole(self, community: str) -> Mapping[type, Mapping[Key, Any]] | None:
        """Every row of a community, by its table, when all of them are at hand; what is not there does not exist."""

    def select(self, selection: Selection[Any], key: Key) -> list[tuple[Key, Any]]:
        """(key, row) of a selection's members, in any order; `key` = community, then values."""

    def seen_at(self, identity: bytes, community: str) -> datetime | None:
        """The community's now when this identity was last accepted."""

    def earliest(self, community: str, until: datetime) -> Deadline | None:
        """The first deadline due at or before an instant."""

    def deadline(self, community: str, kind: str, key: str) -> Deadline | None:
        """A deadline by its name."""

    def apply(self, step: Step) -> None:
        """Make a step true."""
