"""What a rule may do while one event or one deadline of one community is folded: the port between rules and chassis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from msgspec import Struct

from contracts.community import Community, Place
from contracts.envelope import Because, Decision
from contracts.identity import Cause
from contracts.people import Person
from contracts.playbook import Playbook
from contracts.silence import Pulse

Purse = Literal["attention", "duty", "reply", "none"]
"""Who pays for a message: one person's attention; a helper's duty; `reply`, nobody, because it answers the person's
own act of the last 15 minutes; `none`, nobody, because it is a post in a channel or a message to a role."""

R = TypeVar("R")
Value = Any
"""What a template may print: text, whole numbers, yes or no, nothing, moments, and sequences and mappings of these;
what JSON has no form for is put into it when the message is asked for."""


class Rendered(NamedTuple):
    """One text in its formats. `text` is plain; `short` has at most 280 characters."""

    title: str
    text: str
    markdown: str
    html: str
    short: str


@dataclass(frozen=True, slots=True)
class Selection(Generic[R]):
    """A named, bounded, ordered set of rows of one table, found by values that are not the key.

    Attributes:
        name: the statement that loads it in the service's `store.py`.
        row: the struct it finds.
        values: for a row, every tuple of values under which it is found (none: it is in no set).
        order: for a row, what it is ordered by; ends with the key, so that there are no ties.
        limit: at most so many, the first by order; none means all, where another rule bounds them.
    """

    name: str
    row: type[R]
    values: Callable[[R], tuple[tuple[str, ...], ...]]
    order: Callable[[R], tuple[Any, ...]]
    limit: int | None = None


class To(Struct, frozen=True, kw_only=True):
    """One recipient: a member, a channel, or a role (`core_team`, `manager`, `relays`, `welcomers`, `sponsors`)."""

    kind: Literal["member", "channel", "role"]
    id: str


class Act(Struct, frozen=True, kw_only=True):
    """A tap: a ready-made fact that the platform publishes when the person chooses it.

    Attributes:
        id: what `request.answered` names (`yes`, `not_this_time`, `later`, `stop`).
        label: the key of its words in the template's `labels` (each language has its own).
        fact: `{"type": …, "data": {…}}`; the platform adds envelope and person. None: `request.answered` with `id`.
    """

    id: str
    label: str
    fact: Mapping[str, Value] | None = None


class Message(Struct, frozen=True, kw_only=True):
    """A request to say something to one recipient, complete: the courier only waits, renders and counts.

    Attributes:
        key: with the rule, the identity of the request inside its cause, and what `recall` names.
        rule: the rule that wants it; `muted` and `preference.changed {stop}` name it by `kind`.
        kind: what a person can stop (`welcome`, `nudge`, `pairing`, `lapse` …).
        template: the file in `messages/<language>/<template>.txt`.
        values: what the template may print; people's words among them are escaped where the format needs it.
        not_before: it may not go earlier (hours and purses may hold it longer).
        lifetime: it is withheld when it cannot go within this time of its making.
        serves: the id of the decision it puts into words.
        mentions: members whom a public text names (erasure redacts it).
        because: why, as in every decision; `message.requested` carries it on.
    """

    key: str
    rule: str
    kind: str
    template: str
    to: To
    purse: Purse
    lifetime: timedelta
    values: Mapping[str, Value] = field(default_factory=dict)
    actions: tuple[Act, ...] = ()
    thread: str | None = None
    priority: Literal["low", "normal", "high"] = "normal"
    not_before: datetime | None = None
    serves: str | None = None
    mentions: tuple[str, ...] = ()
    because: tuple[Because, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """A request that was sent: what `request.answered` answers."""

    rule: str
    key: str
    to: To
    sent_at: datetime
    serves: str | None


class Turn(Protocol):
    """One event or one due deadline of one community. Reads see what earlier rules of the turn changed.

    A read of what is not at hand ends the attempt; the shell loads it and runs the turn again from the start. So a
    rule does nothing but through its turn, and every call here is free to be repeated.
    """

    @property
    def slug(self) -> str:
        """The community's name on the bus: `community` of every decision."""

    @property
    def version(self) -> str:
        """The version of the playbook in force: `playbook` of every decision."""

    @property
    def now(self) -> datetime:
        """The community's time: it never goes back, and no wall clock takes part in it."""

    @property
    def playbook(self) -> Playbook:
        """The playbook in force at this place of the log; the neutral one before any was configured."""

    @property
    def community(self) -> Community:
        """What the common rules know of the community."""

    @property
    def cause(self) -> Cause:
        """What this turn follows from: the event, or what armed the deadline."""

    @property
    def backfill(self) -> bool:
        """Decided on history: state and decisions, no message."""

    def person(self, member: str) -> Person | None:
        """What the common rules know of a member; None when nobody of that id was ever seen or was erased."""

    def place(self, channel: str) -> Place:
        """A channel as described, or the undeclared one: visible to members, without a purpose."""

    def pulses(self) -> tuple[Pulse, ...]:
        """When each source of the community spoke: what `contracts.silence` judges, and how long clocks stood still."""

    def silent(self) -> bool:
        """Whether a platform of the community is silent now: clocks on people stand still."""

    def get(self, row: type[R], *key: str) -> R | None:
        """The row of that key in this community."""

    def put(self, row: object) -> None:
        """Write a row, whole; its key is in its fields."""

    def drop(self, row: type[Any], *key: str) -> None:
        """Remove the row of that key; one that is not there is no error."""

    def find(self, selection: Selection[R], *values: str) -> tuple[R, ...]:
        """The rows of a selection, in its order."""

    def decide(self, decision: Decision, *, rule: str, key: str = "") -> str:
        """Emit a decision; answers its id. One (rule, type, key) once in a turn."""

    def arm(self, kind: str, key: str, due: datetime) -> None:
        """Set the deadline (kind, key), in place of an earlier one of that name. This turn's cause is its cause."""

    def disarm(self, kind: str, key: str) -> None:
        """Take a deadline back; one that is not armed is no error."""

    def armed(self, kind: str, key: str) -> datetime | None:
        """When a deadline is due, if it is armed."""

    def request(self, message: Message) -> None:
        """Ask for a message: it goes now, waits for its hour and purse, or is withheld, by the common rules."""

    def render(self, template: str, values: Mapping[str, Value]) -> Rendered:
        """The words of a template in the community's own voice, for a decision that carries them; nothing is sent."""

    def asked(self, request: str) -> Asked | None:
        """The request of that id that this service sent, until 30 days after it expired."""

    def recall(self, rule: str, key: str, *, to: To, why: str) -> None:
        """Call back the newest request of that rule, key and recipient that has lost its point, sent or waiting."""
