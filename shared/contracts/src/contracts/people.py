"""People, folded from the log.

Order is not trusted: an act may come before its author's join, a leaving after a return, an older profile after a newer
one. Of two facts about one thing, the one that happened later holds, whichever came first.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from contracts.activity import ACTIVE_TYPES
from contracts.envelope import AnyEvent
from contracts.office_time import joined_week
from contracts.person import (
    DECEASED,
    EVERYTHING,
    Person,
    is_bot,
    is_deceased,
    is_paused,
    is_staff,
    may_be_asked,
    may_be_named,
    may_be_thanked_in_public,
    may_be_written_to,
    spend,
    stopped,
)

__all__ = [
    "DECEASED",
    "EVERYTHING",
    "Person",
    "acting_field",
    "acting_member",
    "concerned_member",
    "is_bot",
    "is_deceased",
    "is_paused",
    "is_staff",
    "may_be_asked",
    "may_be_named",
    "may_be_thanked_in_public",
    "may_be_written_to",
    "person_after",
    "spend",
    "stopped",
]

_PROFILE = (
    *("display_name", "locale", "timezone", "languages", "skills", "experience", "motivations", "population"),
    *("invited_by", "account_created_at", "customer", "bot", "staff", "hours", "introduce"),
)
_CHOICES = ("introduce", "thanks", "digest", "profiling", "hours", "locale")


def acting_member(event: AnyEvent) -> str | None:
    """Who did what a platform tells; None where it does not say, where nobody acted, and for decisions and operators.

    What is done to somebody (`member.left`, `badge.awarded` …) is not that person's act, though it makes them known:
    `concerned_member` answers for both.
    """
    field = _ACTOR.get(event.type)
    member: str | None = getattr(event.data, field, None) if field is not None else None
    return member


def acting_field(type_: str) -> str:
    """The field of a type's data that names who acts: `member`, or `by` where `member` is somebody else."""
    return _ACTOR.get(type_, "by")


def concerned_member(event: AnyEvent) -> str | None:
    """Whose `Person` the event may change, to be given to `person_after`."""
    field = _CONCERNED.get(event.type)
    if field is None:
        return None
    if field == "to":
        to = event.data.to
        return to.id if to.kind == "member" and event.data.purse in _PURSES else None
    member: str | None = getattr(event.data, field, None)
    return member


def person_after(person: Person | None, event: AnyEvent, now: datetime) -> Person | None:
    """The person after an event about them: the same object when nothing changed, None when there is nobody (any more).

    Args:
        person: what was known of the event's `concerned_member`; None for nobody yet.
        event: any event; one that concerns nobody changes nothing.
        now: the community's now; a time ahead of it counts as now.
    """
    handle = _AFTER.get(event.type)
    if handle is None:
        return person
    time = min(event.time, now)
    return handle(person, event, time)


def _known(person: Person | None, event: AnyEvent, time: datetime, member: str) -> Person:
    if person is None:
        return Person(member=member, first_seen_at=time, from_history=event.backfill)
    if time < person.first_seen_at:
        return replace(person, first_seen_at=time)
    return person


def _acted(person: Person | None, event: AnyEvent, time: datetime) -> Person | None:
    """An act of one's own: it makes known, and brings back somebody who had left before it."""
    if person is not None and person.left_at is None and time >= person.first_seen_at:
        return _flagged(person, event)
    member = acting_member(event)
    if member is None:
        return person
    person = _known(person, event, time, member)
    if person.left_at is not None and time > person.left_at and event.type in ACTIVE_TYPES:
        person = _returned(person)
    return _flagged(person, event)


def _flagged(person: Person, event: AnyEvent) -> Person:
    if not person.bot and event.type == "post.created" and event.data.bot:
        return replace(person, bot=True)
    return person


def _mentioned(person: Person | None, event: AnyEvent, time: datetime) -> Person | None:
    """Something that was done to the person, not by them."""
    member = concerned_member(event)
    return person if member is None else _known(person, event, time, member)


def _returned(person: Person) -> Person:
    if person.left_reason == DECEASED:
        return person
    return replace(person, away_since=person.left_at, left_at=None, left_reason=None)


def _joined(person: Person | None, event: AnyEvent, time: datetime) -> Person:
    data = event.data
    person = _known(person, event, time, data.member)
    if person.left_reason == DECEASED:
        return person
    back = person.left_at is not None and time > person.left_at
    if person.joined_at is None:
        # Somebody known by acts alone, of whom an import says that they joined, is of the history.
        history = person.from_history or event.backfill
        person = replace(person, joined_at=time, inferred=data.inferred, from_history=history)
    elif back or (not data.inferred and (person.inferred or time > person.joined_at)):
        # A join that the platform tells corrects one that was concluded; only a return makes a concluded one count.
        person = replace(person, joined_at=time, inferred=data.inferred)
    return _profiled(_returned(person) if back else person, event, time)


def _updated(person: Person | None, event: AnyEvent, time: datetime) -> Person:
    return _profiled(_known(person, event, time, event.data.member), event, time)


def _profiled(person: Person, event: AnyEvent, time: datetime) -> Person:
    """What the event says of the profile; what it leaves out, or leaves empty by null, is as it was.

    Only fields of its type count: of an unknown one, kept beside them, nobody has checked what it holds.
    """
    data = event.data
    known = type(data).model_fields
    said = {}
    for name in _PROFILE:
        if name in known and name in data.model_fields_set and (value := getattr(data, name)) is not None:
            said[name] = joined_week(value.week) if name == "hours" else value
    return _told(person, said, time)


def _chosen(person: Person | None, event: AnyEvent, time: datetime) -> Person:
    data = event.data
    person = _known(person, event, time, data.member)
    said = {name: value for name in _CHOICES if (value := getattr(data, name)) is not None}
    if data.hours is not None:
        said["hours"] = joined_week(data.hours.week)
    person = _told(person, said, time)
    if data.stop is None:
        return person
    return _stopped(person, data.stop, time)


def _stopped(person: Person, kinds: tuple[str, ...], time: datetime) -> Person:
    """A list adds to what was stopped, since a tap names one kind; an empty list takes back all that was stopped."""
    cleared = dict(person.told).get("stop")
    if cleared is not None and time < cleared:
        return person
    if not kinds:
        return _told(person, {"stop": ()}, time)
    stop = tuple(sorted({*person.stop, *kinds}))
    return person if stop == person.stop else replace(person, stop=stop)


def _told(person: Person, said: dict[str, Any], time: datetime) -> Person:
    """The person with what was said, each thing unless a newer word on it is known."""
    told = dict(person.told)
    newer = {name: value for name, value in said.items() if name not in told or time >= told[name]}
    changed = {name: value for name, value in newer.items() if getattr(person, name) != value}
    stamps = told | dict.fromkeys(newer, time)
    if changed or stamps != told:
        return replace(person, **changed, told=tuple(sorted(stamps.items())))
    return person


def _motivated(person: Person | None, event: AnyEvent, time: datetime) -> Person | None:
    person = _acted(person, event, time)
    if person is None or event.data.motivation in person.motivations:
        return person
    return replace(person, motivations=tuple(sorted({*person.motivations, event.data.motivation})))


def _left(person: Person | None, event: AnyEvent, time: datetime) -> Person:
    person = _known(person, event, time, event.data.member)
    reason = event.data.reason or "left"
    if person.left_reason == DECEASED:
        return person
    if reason == DECEASED or person.joined_at is None or time >= person.joined_at:
        if person.left_at is not None and time < person.left_at and reason != DECEASED:
            return person
        return replace(person, left_at=time, left_reason=reason)
    # A leaving that comes after the return that ended it.
    if person.away_since is None or time > person.away_since:
        return replace(person, away_since=time)
    return person


def _paused(person: Person | None, event: AnyEvent, time: datetime) -> Person:
    person = _known(person, event, time, event.data.member)
    until = event.data.until
    return _told(person, {"paused": until is None or until > time, "paused_until": until}, time)


def _erased(_person: Person | None, _event: AnyEvent, _time: datetime) -> None:
    return None


def _asked(person: Person | None, event: AnyEvent, time: datetime) -> Person | None:
    """A request of any service spends the purse of whom it is for; a muted one, which nobody delivers, spends none.

    It makes nobody known: one that was on its way when the person was erased must not write them down again.
    """
    data = event.data
    if person is None or data.muted or event.backfill or data.purse not in _PURSES or data.to.kind != "member":
        return person
    return spend(person, data.purse, time)


_PURSES = ("attention", "duty")
_ACTS = (
    *("member.joined", "member.updated", "member.paused", "member.seen", "preference.changed", "motivation.declared"),
    *("need.declared", "need.answered", "obstacle.declared", "identity.linked", "identity.unlinked", "post.created"),
    *("post.flagged", "reaction.added", "reaction.removed", "answer.accepted", "answer.withdrawn", "help.rated"),
    *("thread.resolved", "thread.unresolved", "thread.followed", "thread.unfollowed", "kudos.given"),
    *("meetup.scheduled", "meetup.hosted", "meetup.attended", "meetup.cancelled", "poll.opened", "poll.voted"),
    *("beta.opened", "beta.enrolled", "beta.reported", "feedback.submitted", "advocacy.reported", "task.accepted"),
    *("task.declined", "task.completed", "pairing.accepted", "pairing.declined", "ask.accepted", "ask.declined"),
    *("nomination.accepted", "nomination.declined", "synthesis.edited", "request.answered", "post.updated"),
)
_DONE_TO = ("member.left", "member.sanctioned", "badge.awarded", "member.erased")
_ACTOR = {**dict.fromkeys(_ACTS, "member"), "nomination.made": "by", "task.opened": "by"}
_CONCERNED = {**_ACTOR, **dict.fromkeys(_DONE_TO, "member"), "message.requested": "to"}
_AFTER: dict[str, Callable[[Person | None, AnyEvent, datetime], Person | None]] = {
    **dict.fromkeys(_ACTOR, _acted),
    "member.joined": _joined,
    "member.updated": _updated,
    "member.paused": _paused,
    "member.left": _left,
    "member.sanctioned": _mentioned,
    "badge.awarded": _mentioned,
    "member.erased": _erased,
    "preference.changed": _chosen,
    "motivation.declared": _motivated,
    "message.requested": _asked,
}
