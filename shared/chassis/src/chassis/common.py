"""The common tables: what every service knows of its communities and people, by the definitions in `contracts`."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from chassis.tables import Statement, Table
from contracts.community import Community, Place
from contracts.people import Person
from contracts.playbook import Playbook
from contracts.silence import Pulse
from contracts.turn import Message, Selection


class InForce(Struct, frozen=True, kw_only=True):
    """The playbook in force in a community."""

    playbook: Playbook


class Request(Struct, frozen=True, kw_only=True):
    """A message that waits for its hour, or was sent and can still be answered, called back or redacted.

    Attributes:
        request: the id of its `message.requested`; None while it waits.
        message: the whole wish while it waits; None once it was sent.
        answerable: whether the platform has yet to say that it was delivered.
    """

    to_kind: str
    to_id: str
    rule: str
    key: str
    request: str | None
    kind: str
    serves: str | None
    made_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    delivered: bool
    mentions: tuple[str, ...]
    message: Message | None


class Ahead(Struct, frozen=True, kw_only=True):
    """What was told of a thread before its opening, or of a return before the deletion: see `chassis.ahead`.

    Attributes:
        until: when it is no longer waited for.
        facts: the events, as they came, in the order of their times.
        people: everybody whom they name, sorted.
    """

    thread: str
    until: datetime
    facts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class Tombstone(Struct, frozen=True, kw_only=True):
    """That somebody was erased, whoever it was.

    Attributes:
        person: a keyed hash of who (`chassis.forgetting`).
        erased_at: facts of platforms from until then are not taken in.
        until: decisions from until then are not taken in: the community's time when it was said.
    """

    person: str
    erased_at: datetime
    until: datetime


COMMUNITY = Table(row=Community, name="community", key=())
IN_FORCE = Table(row=InForce, name="playbook", key=())
PERSON = Table(row=Person, name="person", key=("member",))
PLACE = Table(row=Place, name="place", key=("channel",))
PULSE = Table(row=Pulse, name="pulse", key=("source",))
REQUEST = Table(row=Request, name="request", key=("to_kind", "to_id", "rule", "key"))
TOLD_AHEAD = Table(row=Ahead, name="ahead", key=("thread",))
TOMBSTONE = Table(row=Tombstone, name="tombstone", key=("person",))

TABLES: tuple[Table[Any], ...] = (COMMUNITY, IN_FORCE, PERSON, PLACE, PULSE, REQUEST, TOLD_AHEAD, TOMBSTONE)


def _names_in_public(request: Request) -> bool:
    """A public text keeps its row for as long as it names somebody, so that it can be redacted."""
    return request.to_kind != "member" and bool(request.mentions)


def _request_order(request: Request) -> tuple[Any, ...]:
    return (request.made_at, request.to_kind, request.to_id, request.rule, request.key)


AHEAD = Selection("ahead", Ahead, lambda _row: ((),), lambda row: (row.thread,))
AHEAD_NAMING = Selection(
    "ahead_naming", Ahead, lambda row: tuple((member,) for member in row.people), lambda row: (row.thread,)
)
INVITED_BY = Selection(
    "invited_by",
    Person,
    lambda person: ((person.invited_by,),) if person.invited_by is not None else (),
    lambda person: (person.member,),
)
PULSES = Selection("pulses", Pulse, lambda _pulse: ((),), lambda pulse: (pulse.source,))
REQUEST_BY_ID = Selection(
    "request_by_id",
    Request,
    lambda request: ((request.request,),) if request.request is not None else (),
    _request_order,
)
REQUESTS_TO = Selection("requests_to", Request, lambda request: ((request.to_kind, request.to_id),), _request_order)
REQUESTS_NAMING = Selection(
    "requests_naming", Request, lambda request: tuple((member,) for member in request.mentions), _request_order
)
REQUESTS_PASSING = Selection(
    "requests_passing",
    Request,
    lambda request: ((),) if request.sent_at is not None and not _names_in_public(request) else (),
    _request_order,
)

_REQUEST_ORDER = "order by made_at, to_kind, to_id, rule, key"
STATEMENTS: tuple[Statement, ...] = (
    Statement(AHEAD, f"select {TOLD_AHEAD.names} from ahead where community = $1 order by thread"),
    Statement(
        AHEAD_NAMING,
        f"select {TOLD_AHEAD.names} from ahead where community = $1 and people @> jsonb_build_array($2::text)"
        " order by thread",
    ),
    Statement(
        INVITED_BY, f"select {PERSON.names} from person where community = $1 and invited_by = $2 order by member"
    ),
    Statement(PULSES, f"select {PULSE.names} from pulse where community = $1 order by source"),
    Statement(
        REQUEST_BY_ID, f"select {REQUEST.names} from request where community = $1 and request = $2 {_REQUEST_ORDER}"
    ),
    Statement(
        REQUESTS_TO,
        f"select {REQUEST.names} from request where community = $1 and to_kind = $2 and to_id = $3 {_REQUEST_ORDER}",
    ),
    Statement(
        REQUESTS_NAMING,
        f"select {REQUEST.names} from request"
        f" where community = $1 and mentions @> jsonb_build_array($2::text) {_REQUEST_ORDER}",
    ),
    Statement(
        REQUESTS_PASSING,
        f"select {REQUEST.names} from request where community = $1 and sent_at is not null"
        f" and (to_kind = 'member' or mentions = '[]') {_REQUEST_ORDER}",
    ),
)
