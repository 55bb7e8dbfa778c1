"""When somebody is here: active days, and with them the habit, the lapse and the return."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.activity import active_member, local_day
from contracts.decisions import HabitInstalled, MemberReturned
from contracts.envelope import AnyEvent
from contracts.people import Person, is_bot, is_staff, may_be_asked
from contracts.turn import Message, Turn
from onboarding.rules import lapse, sponsors
from onboarding.rules.clocks import away_days, counted_days
from onboarding.rules.speech import because, name_of, to_member, totem, voice_of
from onboarding.state import Presence

GAPS = 20
"""So many of the newest gaps make the usual one."""
WEEK_DAYS = 7
OVER = -1
LONGEST_WINDOW = timedelta(days=400)
"""However long quiet seasons are: the first weeks are over by then."""


def acted(turn: Turn, event: AnyEvent) -> None:
    """Any act but a post that makes a day active."""
    member = active_member(event)
    if member is None:
        return
    person = turn.person(member)
    if is_bot(person):
        return
    if is_staff(person, member, turn.playbook):
        sponsors.seen(turn, member, event)
        return
    turn.put(after(turn, turn.get(Presence, member), event, person, member))


def after(turn: Turn, presence: Presence | None, event: AnyEvent, person: Person | None, member: str) -> Presence:
    """The presence after an act, with what follows from it said. Answers the row, not yet put."""
    if presence is None:
        day = local_day(event.time, turn.playbook.zone)
        if person is not None and person.away_since is not None:
            _maybe_back(turn, event, person, None, member)
        return Presence(
            member=member,
            first_at=event.time,
            first_by=event.id,
            last_at=event.time,
            last_by=event.id,
            last_day=day,
        )
    if event.time <= presence.last_at:
        # A late fact: it is in no order any more, and says nothing of today.
        if event.time >= presence.first_at:
            return presence
        return replace(presence, first_at=event.time, first_by=event.id)
    day = local_day(event.time, turn.playbook.zone)
    if day == presence.last_day:
        return replace(presence, last_at=event.time, last_by=event.id)
    if presence.lapsed_by is not None or event.time - presence.last_at >= _absence(turn):
        presence = _maybe_back(turn, event, person, presence, member) or presence
    gap = turn.playbook.calendar.waking_days_between(presence.last_day, day)
    presence = replace(
        presence,
        last_at=event.time,
        last_by=event.id,
        last_day=day,
        days=presence.days + 1,
        gaps=(*presence.gaps, gap)[-GAPS:],
    )
    if person is not None and not person.profiling:
        turn.disarm(lapse.LAPSE, member)
        return presence
    if presence.weeks != OVER:
        presence = _week(turn, presence, event)
    lapse.watch(turn, presence)
    return presence


def _absence(turn: Turn) -> timedelta:
    return timedelta(days=turn.playbook.onboarding.welcome_back_days)


def _week(turn: Turn, presence: Presence, event: AnyEvent) -> Presence:
    """Mark the week of an act; enough of the first weeks: the habit is there."""
    figures = turn.playbook.onboarding
    zone = turn.playbook.zone
    if event.time - presence.first_at > LONGEST_WINDOW:
        return replace(presence, weeks=OVER)
    week = counted_days(turn, presence.first_at, local_day(presence.first_at, zone)) // WEEK_DAYS
    if week >= figures.habit_weeks:
        return replace(presence, weeks=OVER)
    weeks = presence.weeks | 1 << week
    active = weeks.bit_count()
    if active < figures.habit_active_weeks:
        return presence if weeks == presence.weeks else replace(presence, weeks=weeks)
    turn.decide(
        HabitInstalled(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    "habit.installed",
                    threshold=f"{figures.habit_active_weeks} of the first {figures.habit_weeks} weeks",
                    actual=active,
                    evidence=(presence.first_by, event.id),
                ),
            ),
            member=presence.member,
            first_act_at=presence.first_at,
            weeks_active=active,
        ),
        rule="habit",
        key=presence.member,
    )
    return replace(presence, weeks=OVER, habit_at=turn.now)


def _maybe_back(
    turn: Turn, event: AnyEvent, person: Person | None, presence: Presence | None, member: str
) -> Presence | None:
    """Back after a lapse, or after so long that the person is welcomed back."""
    left_at = person.away_since if person is not None else None
    last_at = presence.last_at if presence is not None else None
    since = max((moment for moment in (last_at, left_at) if moment is not None), default=None)
    if since is None:
        return presence
    away = away_days(turn, since)
    long_gone = away >= turn.playbook.onboarding.welcome_back_days
    lapsed_by = presence.lapsed_by if presence is not None else None
    if lapsed_by is None and not long_gone:
        return presence
    decision = turn.decide(
        MemberReturned(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    "lapse.returned" if lapsed_by is not None else "welcome.back",
                    threshold="an act after the lapse"
                    if lapsed_by is not None
                    else turn.playbook.onboarding.welcome_back_days,
                    actual=away,
                    evidence=(lapsed_by, presence.last_by if presence is not None else None, event.id),
                ),
            ),
            member=member,
            after="lapse" if lapsed_by is not None else "absence",
            away_days=away,
        ),
        rule="returned",
        key=member,
    )
    turn.recall(lapse.LAPSE, member, to=to_member(member), why="returned")
    horizon = turn.community.horizon
    since_history = horizon is not None and since <= horizon
    # What an import says of somebody's last act need not have been the last: a reader leaves no trace in an export.
    if long_gone and not since_history and may_be_asked(person, turn.now):
        _welcome_back(turn, member, person, decision, event.time)
    return replace(presence, lapsed_by=None, lapsed_at=None) if presence is not None else None


def _welcome_back(turn: Turn, member: str, person: Person | None, decision: str, at: datetime) -> None:
    recent = turn.now - at <= timedelta(minutes=turn.playbook.purses.reply_within_minutes)
    turn.request(
        Message(
            key=member,
            rule="welcome_back",
            kind="welcome",
            template="welcome_back",
            to=to_member(member),
            purse="reply" if recent else "attention",
            lifetime=timedelta(hours=turn.playbook.lifetimes.welcome_hours),
            values={"name": name_of(turn, member), "totem": totem(turn, voice_of(turn, person))},
            serves=decision,
            because=(
                because("welcome.back", threshold=turn.playbook.onboarding.welcome_back_days, evidence=(decision,)),
            ),
        )
    )
