"""Lapse: a habit that breaks off is noticed, and answered by giving something; nobody counts days aloud."""

from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from contracts.community import is_restricted
from contracts.decisions import MemberLapsed
from contracts.people import is_paused, is_staff, may_be_named, may_be_written_to, stopped
from contracts.playbook import Onboarding
from contracts.skills import skills_named
from contracts.turn import Act, Message, Turn
from onboarding.rules.clocks import at, counted_days, today
from onboarding.rules.guides import derived
from onboarding.rules.speech import because, name_of, say, to_member
from onboarding.state import OPEN_BY_SKILL, OPEN_QUESTIONS, Guide, Presence, Thread

LAPSE = "lapse"
AT = time(10)
"""The local hour at which lapses are judged: all of a day together."""
FRESH_QUESTION = timedelta(days=30)
MOST_SKILLS = 10


def doubled_median(gaps: tuple[int, ...]) -> int:
    """Twice the median, so that halves stay whole numbers."""
    ordered = sorted(gaps)
    middle = len(ordered) // 2
    if not ordered:
        return 0
    return 2 * ordered[middle] if len(ordered) % 2 else ordered[middle - 1] + ordered[middle]


def threshold_days(figures: Onboarding, gaps: tuple[int, ...]) -> int:
    """Silence of more days than that is a lapse: three usual gaps, rounded up, and 28 days at least."""
    usual = -(-figures.lapse_gap_factor * doubled_median(gaps) // 2)
    return max(usual, figures.lapse_least_days)


def _judged_at(turn: Turn, after: date, days: int) -> datetime:
    day = turn.playbook.calendar.waking_day_after(after, max(1, days))
    return at(day, AT, turn.playbook.zone)


def watch(turn: Turn, presence: Presence) -> None:
    """A new active day: the silence starts again. Only who has a history of some days can lapse."""
    figures = turn.playbook.onboarding
    if presence.days >= figures.lapse_active_days:
        days = threshold_days(figures, presence.gaps) + 1
        turn.arm(LAPSE, presence.member, _judged_at(turn, presence.last_day, days))


def fire(turn: Turn, member: str, _due: datetime) -> None:
    """So long a silence: a lapse, unless the season, the platform or the person's own rest explains it."""
    presence = turn.get(Presence, member)
    person = turn.person(member)
    if presence is None or person is None or presence.lapsed_by is not None or not may_be_written_to(person):
        return
    if not person.profiling or is_staff(person, member, turn.playbook):
        return
    threshold = threshold_days(turn.playbook.onboarding, presence.gaps)
    if is_paused(person, turn.now):
        turn.arm(LAPSE, member, _judged_at(turn, today(turn), threshold))
        return
    silent = counted_days(turn, presence.last_at, presence.last_day)
    if silent <= threshold:
        turn.arm(LAPSE, member, _judged_at(turn, today(turn), threshold - silent + 1))
        return
    if turn.silent():
        # Whether people are silent cannot be known until the platform speaks again.
        turn.arm(LAPSE, member, _judged_at(turn, today(turn), 7))
        return
    _lapsed(turn, presence, silent, threshold)


def _lapsed(turn: Turn, presence: Presence, silent: int, threshold: int) -> None:
    member = presence.member
    gift = _gift(turn, presence) if _may_invite(turn, presence) else None
    doubled = doubled_median(presence.gaps)
    why = because(
        "lapse",
        threshold=f"more than {threshold} days",
        actual=silent,
        evidence=(presence.last_by,),
    )
    decision = say(
        turn,
        MemberLapsed(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=member,
            last_act_at=presence.last_at,
            active_days=presence.days,
            usual_gap_days=f"{doubled // 2}.5" if doubled % 2 else str(doubled // 2),
            silent_days=silent,
            invited=gift is not None,
            gives=gift.thread if gift is not None else None,
        ),
        rule=LAPSE,
        key=member,
        about=member,
    )
    invited_at = turn.now if gift is not None else presence.invited_at
    turn.put(replace(presence, lapsed_at=turn.now, lapsed_by=decision, invited_at=invited_at))
    if gift is not None:
        _invite(turn, member, gift, decision)


def _may_invite(turn: Turn, presence: Presence) -> bool:
    last = presence.invited_at
    rested = last is None or turn.now - last >= timedelta(days=turn.playbook.onboarding.lapse_invitation_days)
    return rested and not turn.backfill and not stopped(turn.person(presence.member), LAPSE)


def _gift(turn: Turn, presence: Presence) -> Thread | None:
    """An open question in the person's skills, the newest; any open one for somebody whose skills nobody knows."""
    person = turn.person(presence.member)
    guide = turn.get(Guide, presence.member)
    skills = list(skills_named(turn.playbook.skill_index, person.skills)) if person is not None else []
    skills += [skill for skill in derived(guide, turn.now) if skill not in skills]
    found: dict[str, Thread] = {}
    for skill in skills[:MOST_SKILLS]:
        found |= {thread.thread: thread for thread in turn.find(OPEN_BY_SKILL, skill)}
    if not skills:
        found = {thread.thread: thread for thread in turn.find(OPEN_QUESTIONS)}
    fitting = [
        thread
        for thread in found.values()
        if thread.author != presence.member
        and (thread.author is None or may_be_named(turn.person(thread.author)))
        and (thread.channel is None or not is_restricted(turn.place(thread.channel)))
        and thread.asked_at is not None
        and turn.now - thread.asked_at <= FRESH_QUESTION
    ]
    fitting.sort(key=lambda thread: (turn.now - (thread.asked_at or turn.now), thread.thread))
    return fitting[0] if fitting else None


def _invite(turn: Turn, member: str, gift: Thread, decision: str) -> None:
    turn.request(
        Message(
            key=member,
            rule=LAPSE,
            kind=LAPSE,
            template="lapse",
            to=to_member(member),
            purse="attention",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={
                "name": name_of(turn, member),
                "title": gift.title,
                "asker": name_of(turn, gift.author) if gift.author is not None else None,
                "url": gift.url,
            },
            actions=(Act(id="see", label="see"),),
            thread=gift.thread,
            serves=decision,
            mentions=(gift.author,) if gift.author is not None else (),
            because=(
                because(
                    "lapse.invitation",
                    threshold=f"one in {turn.playbook.onboarding.lapse_invitation_days} days",
                    actual=gift.thread,
                    evidence=(decision,),
                ),
            ),
        )
    )


def watch_again(turn: Turn, presence: Presence) -> None:
    """A human said that it is no lapse: judge anew after as long a silence, counted from now."""
    days = threshold_days(turn.playbook.onboarding, presence.gaps) + 1
    turn.arm(LAPSE, presence.member, _judged_at(turn, today(turn), days))
