"""Facts for stories: every builder defaults what the story does not mention. Times are UTC; MONDAY is 2026-03-02 10:00.

A fact without a time happens at the story's present, never before MONDAY; outside a story it happens on MONDAY.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.envelope import AnyEvent
from contracts.identity import service_source
from contracts.wire import decode
from ruche_replay.numbering import NUMBERS

COMMUNITY = "atelier"
FORUM = "/platforms/forum"
OPERATOR = "/operators/operator"
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=n) for n in range(1, 7))
_OPERATORS_FACTS = frozenset(
    {
        *("community.configured", "community.muted", "community.unmuted", "decision.overruled"),
        *("crisis.declared", "crisis.dismissed"),
    }
)


class Unplaced(AnyEvent):
    """A fact whose time the story gives."""


def seconds(number: float) -> timedelta:
    """So many seconds."""
    return timedelta(seconds=number)


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def _plain(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def fact(
    type_: str,
    at: datetime | None = None,
    *,
    id: str | None = None,  # noqa: A002 - the envelope's word
    source: str | None = None,
    backfill: bool = False,
    community: str = COMMUNITY,
    **data: Any,
) -> AnyEvent:
    """Any fact, read from bytes as a service would read it. Each has an id of its own unless one is given.

    Raises `contracts.errors.Refused` for what a service would refuse. A name of `data` that is a word of Python is
    written with an underscore behind it (`from_`).
    """
    document = {
        "specversion": "1.0",
        "id": id or f"{type_}-{NUMBERS.next()}",
        "source": source or (OPERATOR if type_ in _OPERATORS_FACTS else FORUM),
        "type": type_,
        "time": _plain(at or MONDAY),
        "backfill": backfill,
        "data": {"community": community, **{name.rstrip("_"): _plain(value) for name, value in data.items()}},
    }
    event = decode(json.dumps(document).encode())
    return event if at is not None else Unplaced(**dict(event))


def placed(event: AnyEvent, at: datetime) -> AnyEvent:
    """The fact at a moment, if it has no time of its own."""
    if not isinstance(event, Unplaced):
        return event
    return decode(event.model_copy(update={"time": at}).to_json())


def decided(service: str, type_: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A decision of another service, as it stands in the log."""
    reasons = {"because": [{"rule": "told by the story"}], "playbook": "v1"}
    return fact(type_, at, source=service_source(service), **{**reasons, **data})


def joined(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """Somebody arrives."""
    return fact("member.joined", at, member=member, **{"display_name": member.capitalize(), **data})


def left(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """Somebody goes."""
    return fact("member.left", at, member=member, **data)


def paused(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """Somebody wants to be left in peace for a while."""
    return fact("member.paused", at, member=member, **data)


def erased(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """Somebody is to be forgotten."""
    return fact("member.erased", at, member=member, **data)


def updated(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """Somebody's profile changes."""
    return fact("member.updated", at, member=member, **data)


def seen(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """Somebody was there, reading."""
    return fact("member.seen", at, member=member, **data)


def chose(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """Somebody's choice of what they want to be asked, told and thanked for."""
    return fact("preference.changed", at, member=member, **data)


def motivated(member: str, at: datetime | None = None, motivation: str = "learn", **data: Any) -> AnyEvent:
    """What brings somebody here."""
    return fact("motivation.declared", at, member=member, motivation=motivation, **data)


def posted(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A message that opens a thread of its own, unless the story says otherwise."""
    post = data.pop("post", None) or f"post-{NUMBERS.next()}"
    usual = {"thread": post, "channel": "general", "kind": "message", "body": "Voici quelques mots de ma part."}
    return fact("post.created", at, member=member, post=post, **{**usual, **data})


def asked(member: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A question that opens a thread."""
    usual = {"kind": "question", "title": "Comment recoller une semelle ?", "body": "Je cherche une colle qui tient."}
    return posted(member, at, **{**usual, **data})


def replied(member: str, thread: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A reply in somebody's thread."""
    usual = {
        "thread": thread,
        "reply_to": thread,
        "kind": "answer",
        "body": "Une colle néoprène, et une nuit sous presse.",
    }
    return posted(member, at, **{**usual, **data})


def reacted(member: str | None, post: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A reaction to a post."""
    return fact("reaction.added", at, member=member, post=post, **{"reaction": "thanks", **data})


def accepted(post: str, thread: str, by: str | None, at: datetime | None = None, **data: Any) -> AnyEvent:
    """An answer is accepted by whoever asked."""
    return fact("answer.accepted", at, post=post, thread=thread, member=by, **data)


def kudos(giver: str, *receivers: str, at: datetime | None = None, reason: str = "merci", **data: Any) -> AnyEvent:
    """Thanks of one member to others, with the reason."""
    return fact("kudos.given", at, member=giver, receivers=list(receivers), reason=reason, **data)


def deleted(post: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A post is taken away."""
    return fact("post.deleted", at, post=post, **{"thread": post, **data})


def said_yes(relay: str, newcomer: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A relay takes a newcomer on."""
    return fact("pairing.accepted", at, member=relay, newcomer=newcomer, **data)


def said_no(relay: str, newcomer: str, at: datetime | None = None, **data: Any) -> AnyEvent:
    """A relay cannot, this time."""
    return fact("pairing.declined", at, member=relay, newcomer=newcomer, **data)


def configured(
    at: datetime | None = None,
    version: str = "v1",
    *,
    id: str | None = None,  # noqa: A002 - the envelope's word
    community: str = COMMUNITY,
    **playbook: Any,
) -> AnyEvent:
    """From here on this playbook holds: its keys as in docs/playbook.md."""
    return fact("community.configured", at, id=id, community=community, version=version, playbook=playbook)


def unmuted(at: datetime | None = None, **data: Any) -> AnyEvent:
    """From here on messages may be delivered."""
    return fact("community.unmuted", at, **{"by": "operator", **data})


def muted(at: datetime | None = None, **data: Any) -> AnyEvent:
    """From here on nothing may be delivered."""
    return fact("community.muted", at, **{"by": "operator", **data})


def described(at: datetime | None = None, *emits: str, **data: Any) -> AnyEvent:
    """What the platform can emit."""
    return fact("platform.described", at, emits=list(emits), **data)


def overruled(decision: AnyEvent, at: datetime | None = None, **data: Any) -> AnyEvent:
    """The manager takes a decision back."""
    return fact("decision.overruled", at, decision=decision.id, **{"by": "eve", "why": "I know better", **data})


def tapped(request: AnyEvent, answer: str, at: datetime | None = None, *, by: str, **data: Any) -> AnyEvent:
    """Somebody taps an action of a message that has no fact of its own."""
    return fact("request.answered", at, request=request.data.request, member=by, answer=answer, **data)
