"""The courier: a wished message goes when its hour and purse allow, is withheld, called back or redacted.

When it may go, who pays, and who may be written to at all are the definitions of `contracts`; this applies them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from chassis.common import REQUEST_BY_ID, REQUESTS_NAMING, REQUESTS_PASSING, REQUESTS_TO, Request
from contracts.community import is_muted
from contracts.decisions import MessageCancelled, MessageRequested, MessageWithheld
from contracts.decisions.common import Action, ReadyFact, Recipient
from contracts.envelope import Because
from contracts.identity import tail
from contracts.people import Person, acting_field, is_paused, may_be_written_to, stopped
from contracts.purse import earliest, spend
from contracts.registry import MODELS
from contracts.turn import Act, Message
from contracts.zones import zone_or

if TYPE_CHECKING:  # the turn asks the courier, which works on that turn
    from chassis.turn import LiveTurn

WAITING = "@message"
"""The kind of deadline under which a message waits."""
ANSWERABLE = timedelta(days=30)
"""How long after it expired a request can still be answered by its id."""
_SEPARATOR = "\x1f"
_SCALARS = frozenset({str, int, bool})


def deadline_key(row: Request) -> str:
    """The key of the deadline at which a waiting message is judged again."""
    return f"{row.to_kind}{_SEPARATOR}{row.to_id}{_SEPARATOR}{row.rule}{_SEPARATOR}{row.key}"


def request(turn: "LiveTurn", message: Message) -> None:
    """Take a wish: it goes now, waits, or is withheld. On history nothing is said."""
    if turn.backfill:
        return
    # As JSON gives them back, so that a message that waited in a table is the one that waited in memory.
    # Whom it names, each once: a row is found under each of its names.
    message = replace(
        message,
        values=_plain(message.values),
        actions=_plain_acts(message.actions),
        mentions=tuple(dict.fromkeys(message.mentions)),
    )
    row = Request(
        to_kind=message.to.kind,
        to_id=message.to.id,
        rule=message.rule,
        key=message.key,
        request=None,
        kind=message.kind,
        serves=message.serves,
        made_at=turn.now,
        expires_at=turn.now + message.lifetime,
        sent_at=None,
        delivered=False,
        mentions=message.mentions,
        message=message,
    )
    _go_or_wait(turn, row)


def _plain(value: Any) -> Any:
    if value is None or type(value) in _SCALARS:
        return value
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _plain_acts(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    return tuple(replace(act, fact=_plain(act.fact)) for act in acts)


def due(turn: "LiveTurn", key: str, _due: datetime) -> None:
    """A waiting message's hour has come: judge it again."""
    row = turn.get(Request, *key.split(_SEPARATOR))
    if row is not None and row.message is not None:
        _go_or_wait(turn, row)


def _go_or_wait(turn: "LiveTurn", row: Request) -> None:
    message = row.message
    if message is None:
        return
    wanted = turn.now if message.not_before is None else max(turn.now, message.not_before)
    if message.to.kind == "member":
        person = turn.person(message.to.id)
        refused = _refused(person, message, turn.now)
        if refused is not None:
            _withhold(turn, row, why=refused)
            return
        if person is not None and is_paused(person, turn.now):
            wanted = max(wanted, person.paused_until or wanted)
        if not is_muted(turn.community, message.rule, message.kind):
            wanted = earliest(person, message.purse, wanted, turn.playbook)
    if wanted > row.expires_at:
        _withhold(turn, row, why="expired", earliest_at=wanted)
    elif wanted > turn.now:
        turn.put(row)
        turn.arm(WAITING, deadline_key(row), wanted)
    else:
        _send(turn, row, message)


def _refused(person: Person | None, message: Message, now: datetime) -> str | None:
    """Why a person is not written to, in a word; None when they are."""
    if person is None:
        return None
    if not may_be_written_to(person):
        return "deceased" if person.left_reason == "deceased" else "left"
    if stopped(person, message.kind):
        return "stopped"
    return "paused" if is_paused(person, now) and person.paused_until is None else None


def _send(turn: "LiveTurn", row: Request, message: Message) -> None:
    person = turn.person(message.to.id) if message.to.kind == "member" else None
    muted = is_muted(turn.community, message.rule, message.kind)
    catalog = turn.playbook.voice(
        None if person is None else person.locale,
        "sponsors" if message.to.kind == "role" and message.to.id == "sponsors" else "members",
    )
    private = message.to.kind == "member" and message.purse != "none"
    values: dict[str, Any] = {"community_name": turn.playbook.name, "sender": turn.playbook.sender_name(catalog)}
    zone = zone_or(None if person is None else person.timezone, turn.playbook.timezone)
    text = turn.texts.render(
        catalog,
        message.template,
        values | dict(message.values),
        now=turn.now,
        zone=zone,
        override=turn.playbook.messages.get(message.template, {}).get(catalog),
        private=private,
    )
    name = f"{message.to.kind}/{message.to.id}/{message.key}"
    request_id = turn.id_of(MessageRequested, rule=message.rule, key=name)
    turn.decide(
        MessageRequested(
            community=turn.slug,
            playbook=turn.version,
            because=message.because,
            request=request_id,
            to=Recipient(kind=message.to.kind, id=message.to.id),
            purse=message.purse,
            rule=message.rule,
            kind=message.kind,
            template=message.template,
            locale=catalog,
            title=text.title,
            text=text.text,
            markdown=text.markdown,
            html=text.html,
            short=text.short,
            thread=message.thread,
            actions=_actions(turn, message, request_id, catalog, private=private),
            mentions=message.mentions,
            sender=values["sender"],
            priority=message.priority,
            not_before=turn.now,
            expires_at=row.expires_at,
            serves=message.serves,
            muted=muted,
        ),
        rule=message.rule,
        key=name,
    )
    turn.disarm(WAITING, deadline_key(row))
    turn.put(replace(row, request=request_id, sent_at=turn.now, message=None))
    if message.to.kind == "member" and message.purse in ("attention", "duty") and not muted:
        recipient = person or Person(member=message.to.id, first_seen_at=turn.now)
        turn.put(spend(recipient, message.purse, turn.now))


def _actions(turn: "LiveTurn", message: Message, request_id: str, catalog: str, *, private: bool) -> tuple[Action, ...]:
    """The taps, each with its whole fact: who answers and which request are filled in where its type has them."""
    known = {"community": turn.slug, "request": request_id}
    acts = message.actions
    if private and all(act.id != "stop" for act in acts):
        # A private message can always be stopped.
        acts = (
            *acts,
            Act(id="stop", label="stop", fact={"type": "preference.changed", "data": {"stop": [message.kind]}}),
        )
    result = []
    for act in acts:
        fact: Mapping[str, Any] = act.fact or {"type": "request.answered", "data": {"answer": act.id}}
        fields = _fields(fact["type"])
        if message.to.kind == "member":
            known = {"community": turn.slug, "request": request_id, acting_field(fact["type"]): message.to.id}
        data = {name: value for name, value in known.items() if name in fields} | fact.get("data", {})
        ready = ReadyFact(type=fact["type"], data=data)
        result.append(Action(id=act.id, label=turn.texts.label(catalog, act.label), fact=ready))
    return tuple(result)


@cache
def _fields(type_: str) -> frozenset[str]:
    return frozenset(MODELS[type_].model_fields)


def _withhold(turn: "LiveTurn", row: Request, *, why: str, earliest_at: datetime | None = None) -> None:
    """Say that a wish will not be granted, and by which rule."""
    message = row.message
    if message is None:
        return
    turn.disarm(WAITING, deadline_key(row))
    turn.drop(Request, row.to_kind, row.to_id, row.rule, row.key)
    reason = Because(
        rule=f"message.{why}",
        threshold=row.expires_at.isoformat(),
        actual=None if earliest_at is None else earliest_at.isoformat(),
        evidence=message.because[0].evidence,
    )
    turn.decide(
        MessageWithheld(
            community=turn.slug,
            playbook=turn.version,
            because=(reason, *message.because),
            to=Recipient(kind=message.to.kind, id=message.to.id),
            purse=message.purse,
            rule=row.rule,
            kind=row.kind,
            template=message.template,
            serves=row.serves,
            why=why,
            wanted_at=row.made_at,
            expires_at=row.expires_at,
        ),
        rule=row.rule,
        key=f"{row.to_kind}/{row.to_id}/{row.key}",
    )


def recall(turn: "LiveTurn", row: Request, *, why: str) -> None:
    """Take a request back: a waiting one is withheld, a sent one that may still stand is withdrawn."""
    if row.message is not None:
        if turn.backfill:
            _forget(turn, row)
        else:
            _withhold(turn, row, why=why)
        return
    _forget(turn, row)
    if not row.delivered and row.expires_at >= turn.now:
        _cancel(turn, row, mode="withdraw", why=why)


def _forget(turn: "LiveTurn", row: Request) -> None:
    turn.disarm(WAITING, deadline_key(row))
    turn.drop(Request, row.to_kind, row.to_id, row.rule, row.key)


def _cancel(turn: "LiveTurn", row: Request, *, mode: Literal["withdraw", "redact"], why: str) -> None:
    if row.request is None:
        return
    turn.decide(
        MessageCancelled(
            community=turn.slug,
            playbook=turn.version,
            because=(Because(rule=f"message.{why}", evidence=(row.request,)),),
            request=row.request,
            to=Recipient(kind=row.to_kind, id=row.to_id),
            mode=mode,
            rule=row.rule,
            why=why,
        ),
        rule=row.rule,
        # Without its time: the cancelling of a request that went out a little later is still the same cancelling.
        key=f"{tail(row.request)}/{why}",
    )


def answered(turn: "LiveTurn", request_id: str, *, delivered: bool) -> None:
    """The platform answered: a delivered request can no longer be withdrawn, a failed one is over."""
    for row in turn.find(REQUEST_BY_ID, request_id):
        if delivered:
            turn.put(replace(row, delivered=True))
        else:
            _forget(turn, row)


def gone(turn: "LiveTurn", member: str, *, why: str) -> None:
    """Somebody left: what waits or is not yet delivered to them is called back."""
    for row in turn.find(REQUESTS_TO, "member", member):
        recall(turn, row, why=why)


def erased(turn: "LiveTurn", member: str) -> None:
    """Somebody is forgotten: no row to them remains, nothing new names them, public texts that do are redacted."""
    for row in turn.find(REQUESTS_TO, "member", member):
        _forget(turn, row)
    for row in turn.find(REQUESTS_NAMING, member):
        _forget(turn, row)
        if row.to_kind != "member":
            _cancel(turn, row, mode="redact", why="erased")


def tidy(turn: "LiveTurn", _due: datetime) -> None:
    """Once a day: forget requests that can no longer be answered or redacted."""
    for row in turn.find(REQUESTS_PASSING):
        if row.expires_at + ANSWERABLE < turn.now:
            turn.drop(Request, row.to_kind, row.to_id, row.rule, row.key)
