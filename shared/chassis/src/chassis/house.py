"""The common rules at work: community, people, places and pulses before a service reacts; calendars and messages."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from chassis import ahead, courier
from chassis.common import INVITED_BY, InForce
from chassis.service import Calendar, Service
from chassis.turn import LiveTurn
from contracts.community import Community, Place, community_after, place_after
from contracts.envelope import AnyEvent
from contracts.people import Person, concerned_member, may_be_named, person_after
from contracts.playbook import load
from contracts.registry import PLATFORM_KIND, publisher_kind
from contracts.silence import Pulse, pulse_after
from contracts.zones import zone_or

Firing = Callable[[LiveTurn, str, datetime], None]
CALENDAR = "@"
"""The first character of the kind under which a calendar rule is armed."""
TIDY_HOUR = 3


def _next_tidy(zone: str, after: datetime) -> datetime:
    there = after.astimezone(zone_or(zone, "UTC"))
    due = there.replace(hour=TIDY_HOUR, minute=0, second=0, microsecond=0)
    while due <= there:
        due += timedelta(days=1)
    return due.astimezone(after.tzinfo)


def _tidy(turn: LiveTurn, due: datetime) -> None:
    courier.tidy(turn, due)
    ahead.tidy(turn)


TIDY = Calendar(
    next=lambda playbook, after: _next_tidy(playbook.timezone, after),
    fire=_tidy,  # type: ignore[arg-type]
)


def calendars(service: Service) -> Mapping[str, Calendar]:
    """A service's calendar rules and the chassis' own."""
    return {"tidy": TIDY, **service.calendar}


def firings(service: Service) -> Mapping[str, Firing]:
    """What fires, beside a service's own deadlines: waiting messages and calendar rules."""
    result: dict[str, Firing] = {courier.WAITING: courier.due}
    for rule, calendar in calendars(service).items():
        result[CALENDAR + rule] = _recurring(calendar)
    return result


def _recurring(calendar: Calendar) -> Firing:
    def fire(turn: LiveTurn, _key: str, due: datetime) -> None:
        calendar.fire(turn, due)

    return fire


def go_on(turn: LiveTurn, service: Service, kind: str, due: datetime) -> None:
    """Before a calendar rule fires its next time is set: it recurs, also when it fails this once."""
    calendar = calendars(service).get(kind.removeprefix(CALENDAR)) if kind.startswith(CALENDAR) else None
    following = calendar.next(turn.playbook, due) if calendar is not None else None
    if following is not None:
        turn.arm_calendar(kind, following)


def _arm_calendars(turn: LiveTurn, service: Service) -> None:
    for rule, calendar in calendars(service).items():
        if turn.armed(CALENDAR + rule, "") is None:
            due = calendar.next(turn.playbook, turn.now)
            if due is not None:
                turn.arm_calendar(CALENDAR + rule, due)


def before(turn: LiveTurn, event: AnyEvent) -> bool:
    """What every service learns from an event before it reacts to it. Answers whether the community is new."""
    known = turn.get(Community)
    community = community_after(known, event, turn.now)
    if community is not known:
        turn.put(community)
    if known is not None and known.importing and not event.backfill:
        turn.step.drops_backfill_deadlines = True
    if publisher_kind(event.type) == PLATFORM_KIND and not event.backfill:
        _hear(turn, event)
    member = concerned_member(event)
    if member is not None:
        _know(turn, member, event)
    told = _TOLD.get(event.type)
    if told is not None:
        told(turn, event)
    return known is None


def _hear(turn: LiveTurn, event: AnyEvent) -> None:
    """A platform spoke: its pulse."""
    pulse = turn.get(Pulse, event.source)
    playbook = turn.playbook
    beat = pulse_after(pulse, event.source, min(event.time, turn.now), playbook.zone, playbook.silence)
    if beat is not pulse:
        turn.put(beat)


def _know(turn: LiveTurn, member: str, event: AnyEvent) -> None:
    """What an event says of the person whom it concerns."""
    person = turn.get(Person, member)
    changed = person_after(person, event, turn.now)
    if changed is person:
        return
    if changed is None:
        turn.drop(Person, member)
    else:
        turn.put(changed)


def _configured(turn: LiveTurn, event: AnyEvent) -> None:
    playbook = load(event.data.playbook)
    turn.texts.expect_fit(playbook.messages)
    turn.put(InForce(playbook=playbook))


def _described(turn: LiveTurn, event: AnyEvent) -> None:
    place = turn.get(Place, event.data.channel)
    described = place_after(place, event)
    if described is not place:
        turn.put(described)


def _delivered(turn: LiveTurn, event: AnyEvent) -> None:
    courier.answered(turn, event.data.request, delivered=True)


def _failed(turn: LiveTurn, event: AnyEvent) -> None:
    courier.answered(turn, event.data.request, delivered=False)


def _left(turn: LiveTurn, event: AnyEvent) -> None:
    """Somebody who is back already, of whom the leaving came late, is written to on."""
    if not may_be_named(turn.person(event.data.member)):
        courier.gone(turn, event.data.member, why="left")


def _erased(turn: LiveTurn, event: AnyEvent) -> None:
    ahead.forget(turn, event.data.member)
    courier.erased(turn, event.data.member)
    for guest in turn.find(INVITED_BY, event.data.member):
        turn.put(replace(guest, invited_by=None))


_TOLD: Mapping[str, Callable[[LiveTurn, AnyEvent], None]] = {
    "community.configured": _configured,
    "channel.described": _described,
    "message.delivered": _delivered,
    "message.failed": _failed,
    "member.left": _left,
    "member.erased": _erased,
}
"""What else an event tells every service, by its type: the playbook, a place, what becomes of messages."""


def after(turn: LiveTurn, event: AnyEvent, service: Service, *, new: bool) -> None:
    """After a service reacted: a community's first event, or a new playbook, sets the calendar."""
    if new or event.type == "community.configured":
        _arm_calendars(turn, service)
