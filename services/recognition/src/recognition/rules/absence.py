"""Fading away: somebody who carried a lot has grown quiet: by name to the paired relay only, else as a number."""

from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.decisions import MemberFading
from contracts.envelope import AnyEvent
from contracts.naming import CORE_TEAM
from contracts.office_time import instant
from contracts.people import is_paused, may_be_asked, may_be_named
from contracts.reasons import because
from contracts.silence import standing_still
from contracts.turn import Message, Turn
from recognition.rules import clocks
from recognition.rules.clocks import DAY, PULSES, today
from recognition.rules.counting import counts
from recognition.rules.speech import book_of, name_of, say, to_member
from recognition.state import Activity, Standing
from recognition.state_circle import Paired, Relay

FADING = "fading"
WEEK = 7
_MORNING = timedelta(hours=5)


def look(turn: Turn, standing: Standing) -> Standing:
    """Silence after a busy season. Answers the standing, put when somebody is said to fade."""
    activity = turn.get(Activity, standing.member)
    figures = turn.playbook.recognition
    if activity is None or activity.last_at is None or not _may_be_said(turn, standing):
        return standing
    acts = _acts(turn, activity, activity.last_at)
    if acts < figures.fading_acts:
        return standing
    silent = clocks.counted_days(turn, activity.last_at)
    if silent < figures.fading_silent_days or turn.silent():
        return standing
    return _fades(turn, standing, activity, sign="silence", acts=acts, silent=silent, usual=None)


def _may_be_said(turn: Turn, standing: Standing) -> bool:
    person = turn.person(standing.member)
    if person is None or not counts(turn, standing.member) or not may_be_named(person):
        return False
    if is_paused(person, turn.now):
        return False
    relay = turn.get(Relay, standing.member)
    if relay is not None and relay.resting:
        return False
    again = turn.playbook.recognition.fading_again_days
    return standing.faded_on is None or (today(turn) - standing.faded_on).days >= again


def _acts(turn: Turn, activity: Activity, until: datetime) -> int:
    """Acts in the 90 days before the last one, or before today."""
    last = local_day(until, turn.playbook.zone).toordinal()
    oldest = last - turn.playbook.recognition.fading_act_days
    return sum(day.acts for day in activity.days if oldest < day.day <= last)


def weekly(turn: Turn, standing: Standing) -> None:
    """Mondays, from stratum 2: weeks far below one's own."""
    activity = turn.get(Activity, standing.member)
    figures = turn.playbook.recognition
    if activity is None or standing.stratum < figures.fading_least_stratum or not _may_be_said(turn, standing):
        return
    monday = today(turn) - today(turn).weekday() * DAY
    weeks = figures.fading_weeks + figures.fading_median_weeks
    if not activity.days or activity.days[0].day > (monday - weeks * WEEK * DAY).toordinal() + WEEK:
        return  # no habit of so many weeks is known
    if _stood_still(turn, monday - figures.fading_weeks * WEEK * DAY, monday):
        return
    counts_ = [_in_week(activity, monday - back * WEEK * DAY) for back in range(weeks, 0, -1)]
    usual = _tenths(median(counts_[: figures.fading_median_weeks]))
    share = round(figures.fading_share * 1000)
    recent = counts_[figures.fading_median_weeks :]
    if usual > 0 and all(acts * 10 * 1000 < share * usual for acts in recent):
        silent = clocks.counted_days(turn, activity.last_at) if activity.last_at is not None else 0
        acts = _acts(turn, activity, turn.now)
        _fades(turn, standing, activity, sign="decline", acts=acts, silent=silent, usual=f"{usual // 10}.{usual % 10}")


def _tenths(value: float) -> int:
    """A median of whole numbers, in tenths: a half at most."""
    return round(value * 10)


def _in_week(activity: Activity, monday: date) -> int:
    first = monday.toordinal()
    return sum(day.acts for day in activity.days if first <= day.day < first + WEEK)


def _stood_still(turn: Turn, first: date, end: date) -> bool:
    """Whether some of these days were in a quiet season, or a platform was silent: such weeks say nothing."""
    if turn.silent() or turn.playbook.calendar.quiet_days_between(first - DAY, end - DAY):
        return True
    zone = turn.playbook.zone
    start = instant(first, 0, zone)
    return standing_still(turn.find(PULSES), start, turn.now, turn.playbook.silence) > DAY


def _fades(
    turn: Turn,
    standing: Standing,
    activity: Activity,
    *,
    sign: Literal["silence", "decline"],
    acts: int,
    silent: int,
    usual: str | None,
) -> Standing:
    figures = turn.playbook.recognition
    told = paired_relay(turn, standing.member)
    shown = [day.by for day in activity.days if day.by]
    threshold = (
        f"{figures.fading_acts} acts, then {figures.fading_silent_days} days"
        if sign == "silence"
        else f"below {figures.fading_share:.0%} of one's own for {figures.fading_weeks} weeks"
    )
    why = because(f"{FADING}.{sign}", threshold=threshold, actual=f"{acts} acts, {silent} days", evidence=shown)
    decision = say(
        turn,
        MemberFading(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=standing.member,
            sign=sign,
            acts_90_days=acts,
            silent_days=silent,
            usual_weekly_acts=usual,
            told=told,
        ),
        rule=FADING,
        key=standing.member,
        about=standing.member,
        name=told or "",
    )
    standing = replace(standing, faded_on=today(turn))
    turn.put(standing)
    book = book_of(turn)
    turn.put(replace(book, fading=book.fading + 1, fading_by=(*book.fading_by, decision)[-20:]))
    if told is not None:
        _tell(turn, standing.member, told, decision, sign)
    return standing


def _tell(turn: Turn, member: str, relay: str, decision: str, sign: str) -> None:
    turn.request(
        Message(
            key=member,
            rule=FADING,
            kind=FADING,
            template="fading",
            to=to_member(relay),
            purse="duty",
            lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
            values={"name": name_of(turn, relay), "member": name_of(turn, member), "silence": sign == "silence"},
            serves=decision,
            mentions=(member,),
            because=(because(FADING, threshold="the paired relay only", actual=sign, evidence=(decision,)),),
        )
    )


def paired_relay(turn: Turn, member: str) -> str | None:
    """The paired relay of a member: the last one paired who is still in the circle, and may be asked."""
    paired = turn.get(Paired, member)
    for name in reversed(paired.relays if paired is not None else ()):
        relay = turn.get(Relay, name)
        if relay is not None and not relay.resting and may_be_asked(turn.person(name), turn.now):
            return name
    return None


def paired(turn: Turn, event: AnyEvent) -> None:
    """Onboarding's word: a relay is there for somebody."""
    data = event.data
    if data.member is None or turn.person(data.newcomer) is None:
        return
    known = turn.get(Paired, data.newcomer)
    relays = tuple(name for name in (known.relays if known is not None else ()) if name != data.member)
    turn.put(Paired(member=data.newcomer, relays=(*relays, data.member)[-10:], by=event.id))


def count_told(turn: Turn) -> None:
    """Mondays: the core team hears how many, never who."""
    book = book_of(turn)
    if not book.fading:
        return
    turn.put(replace(book, fading=0, fading_by=()))
    turn.request(
        Message(
            key=today(turn).isoformat(),
            rule=FADING,
            kind=FADING,
            template="fading_count",
            to=CORE_TEAM,
            purse="none",
            lifetime=timedelta(days=2),
            not_before=turn.now + _MORNING,
            values={"count": book.fading},
            because=(because(FADING, threshold="as a number", actual=book.fading, evidence=book.fading_by),),
        )
    )
