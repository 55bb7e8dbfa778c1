"""Facts for stories: every builder defaults what the story does not mention. Times are UTC; MONDAY is 2026-03-02."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from contracts.envelope import AnyEvent
from contracts.identity import service_source
from contracts.wire import decode

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
_numbers = count(1)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def _plain(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def fact(
    type_: str,
    at: datetime = MONDAY,
    *,
    id: str | None = None,  # noqa: A002 - the envelope's word
    source: str | None = None,
    backfill: bool = False,
    community: str = COMMUNITY,
    **data: Any,
) -> AnyEvent:
    """Any fact, read from bytes as a service would read it. Each has an id of its own unless one is given."""
    document = {
        "specversion": "1.0",
        "id": id or f"{type_}-{next(_numbers)}",
        "source": source or (OPERATOR if type_ in _OPERATORS_FACTS else FORUM),
        "type": type_,
        "time": _plain(at),
        "backfill": backfill,
        "data": {"community": community, **{name.rstrip("_"): _plain(value) for name, value in data.items()}},
    }
    return decode(json.dumps(document).encode())


def decided(service: str, type_: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    """A decision of another service, as it stands in the log."""
    reasons = {"because": [{"rule": "told by the story"}], "playbook": "v1"}
    return fact(type_, at, source=service_source(service), **{**reasons, **data})


def joined(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("member.joined", at, member=member, **{"display_name": member.capitalize(), **data})


def left(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("member.left", at, member=member, **data)


def paused(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("member.paused", at, member=member, **data)


def erased(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("member.erased", at, member=member, **data)


def updated(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("member.updated", at, member=member, **data)


def chose(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("preference.changed", at, member=member, **data)


def motivated(member: str, at: datetime = MONDAY, motivation: str = "learn", **data: Any) -> AnyEvent:
    return fact("motivation.declared", at, member=member, motivation=motivation, **data)


def posted(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    """A message that opens a thread of its own, unless the story says otherwise."""
    post = data.pop("post", None) or f"post-{next(_numbers)}"
    usual = {"thread": post, "channel": "general", "kind": "message", "body": "Voici quelques mots de ma part."}
    return fact("post.created", at, member=member, post=post, **{**usual, **data})


def asked(member: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    """A question that opens a thread."""
    usual = {"kind": "question", "title": "Comment recoller une semelle ?", "body": "Je cherche une colle qui tient."}
    return posted(member, at, **{**usual, **data})


def replied(member: str, thread: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    """A reply in somebody's thread."""
    usual = {
        "thread": thread,
        "reply_to": thread,
        "kind": "answer",
        "body": "Une colle néoprène, et une nuit sous presse.",
    }
    return posted(member, at, **{**usual, **data})


def reacted(member: str | None, post: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("reaction.added", at, member=member, post=post, **{"reaction": "thanks", **data})


def deleted(post: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("post.deleted", at, post=post, **{"thread": post, **data})


def said_yes(relay: str, newcomer: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("pairing.accepted", at, member=relay, newcomer=newcomer, **data)


def said_no(relay: str, newcomer: str, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("pairing.declined", at, member=relay, newcomer=newcomer, **data)


def configured(at: datetime = MONDAY, version: str = "v1", **playbook: Any) -> AnyEvent:
    return fact("community.configured", at, version=version, playbook=playbook)


def unmuted(at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("community.unmuted", at, **{"by": "operator", **data})


def muted(at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("community.muted", at, **{"by": "operator", **data})


def described(at: datetime = MONDAY, *emits: str, **data: Any) -> AnyEvent:
    return fact("platform.described", at, emits=list(emits), **data)


def overruled(decision: AnyEvent, at: datetime = MONDAY, **data: Any) -> AnyEvent:
    return fact("decision.overruled", at, decision=decision.id, **{"by": "eve", "why": "I know better", **data})
