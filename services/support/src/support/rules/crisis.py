"""Crisis: complaints far above what is usual, on one subject, from several people. A human decides."""

from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal, localcontext
from typing import Literal, NamedTuple

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.choice import stable_hash
from contracts.decisions import CrisisProposed
from contracts.decisions.support import CrisisSubject
from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.identity import EPOCH
from contracts.naming import CORE_TEAM, RELAYS
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from support.rules import crisis_course, crisis_voice
from support.rules.clocks import hour_of
from support.rules.rhythm import weekly_actives
from support.rules.speech import head, is_hidden, say
from support.state import Climate, Complaint, Crisis, Outcry, Thread

CRISIS = crisis_course.CRISIS
MOST_RECENT = 200
MOST_TAGS = 5
Kind = Literal["tag", "thread", "channel"]


class Need(NamedTuple):
    """From how many complaints, and people, on it is a crisis."""

    complaints: int
    people: int


def complained(turn: Turn, thread: Thread, event: AnyEvent) -> None:
    """A complaint is counted on its subject: its tags, else its thread, else its channel."""
    data: PostCreated = event.data
    at = min(event.time, turn.now)
    tags = data.tags or (thread.question.tags if thread.question is not None else thread.tags)
    if tags:
        subjects: tuple[tuple[Kind, str], ...] = tuple(("tag", tag) for tag in dict.fromkeys(tags[:MOST_TAGS]))
    else:
        subjects = (("thread", data.thread), ("channel", data.channel))
    outcries = [(kind, about, _counted(turn, f"{kind}:{about}", event, at)) for kind, about in subjects]
    if crisis_course.goes_on(turn, outcries, member=data.member, by=event.id) or turn.backfill:
        return
    hot = [found for found in outcries if _is_one(turn, found[2])]
    if hot:
        order = {subject: place for place, subject in enumerate(subjects)}
        kind, about, outcry = max(hot, key=lambda found: (len(found[2].recent), -order[found[0], found[1]]))
        _propose(turn, (kind, about), outcry, thread, data)


def _counted(turn: Turn, subject: str, event: AnyEvent, at: datetime) -> Outcry:
    figures = turn.playbook.support
    known = turn.get(Outcry, subject)
    day = local_day(turn.now, turn.playbook.zone) + timedelta(days=figures.crisis_history_days + 1)
    outcry = known or Outcry(subject=subject, until=day)
    start = turn.now - timedelta(minutes=figures.crisis_window_minutes)
    recent = [complaint for complaint in outcry.recent if complaint.at > start]
    if at > start:
        recent.append(Complaint(member=event.data.member, at=at, by=event.id))
        recent.sort(key=lambda complaint: (complaint.at, complaint.by or ""))
    oldest = hour_of(turn.now) - figures.crisis_history_days * 24 - 24
    hours = {hour: count for hour, count in outcry.hours if hour > oldest}
    hours[hour_of(at)] = hours.get(hour_of(at), 0) + 1
    kept = tuple(recent[-MOST_RECENT:])
    people = tuple(sorted({complaint.member for complaint in kept if complaint.member is not None}))
    outcry = replace(outcry, recent=kept, hours=tuple(sorted(hours.items())), people=people, until=day)
    turn.put(outcry)
    return outcry


def need(turn: Turn, outcry: Outcry) -> Need:
    """What it takes now: complaints by the same hour of the days before, people by the week's actives.

    The mean and the deviation are over all days of the history, days without complaints included; what is a fraction
    is rounded up.
    """
    figures = turn.playbook.support
    days = figures.crisis_history_days
    zone = turn.playbook.zone
    here = turn.now.astimezone(zone)
    today = here.date()
    by_day: dict[int, int] = {}
    for hour, count in outcry.hours:
        there = (EPOCH + timedelta(hours=hour)).astimezone(zone)
        back = (today - there.date()).days
        if there.hour == here.hour and 1 <= back <= days:
            by_day[back] = by_day.get(back, 0) + count
    counts = [by_day[back] for back in sorted(by_day)]
    with localcontext() as context:
        context.prec = 28
        mean = Decimal(sum(counts)) / days
        deviation = (Decimal(sum(count * count for count in counts)) / days - mean * mean).max(Decimal(0)).sqrt()
        deviation = max(deviation, Decimal(str(figures.crisis_sigma_least)))
        unusual = mean + Decimal(str(figures.crisis_sigmas)) * deviation
        complaints = int(unusual.to_integral_value(rounding=ROUND_CEILING))
        share = Decimal(str(figures.crisis_people_share)) * weekly_actives(turn)
        people = int(share.to_integral_value(rounding=ROUND_CEILING))
    return Need(
        max(figures.crisis_complaints_least, complaints),
        max(figures.crisis_people_least, min(figures.crisis_people_most, people)),
    )


def _is_one(turn: Turn, outcry: Outcry) -> bool:
    if outcry.calm_until is not None and turn.now < outcry.calm_until:
        return False
    needed = need(turn, outcry)
    return len(outcry.recent) >= needed.complaints and len(outcry.people) >= needed.people


def _propose(turn: Turn, subject: tuple[Kind, str], outcry: Outcry, thread: Thread, data: PostCreated) -> None:
    """Core team and relays are told at any hour; a human opens or dismisses."""
    kind, about = subject
    figures = turn.playbook.support
    needed = need(turn, outcry)
    name = f"crisis-{turn.now:%Y%m%d-%H%M%S}-{stable_hash(CRISIS, kind, about) % 10**6:06}"
    opens_at = turn.now + timedelta(minutes=figures.crisis_opens_minutes)
    evidence = tuple(complaint.by for complaint in outcry.recent if complaint.by is not None)
    why = because(
        CRISIS,
        threshold=f"{needed.complaints} complaints by {needed.people} people in {figures.crisis_window_minutes} min",
        actual=f"{len(outcry.recent)} by {len(outcry.people)}",
        evidence=evidence,
    )
    decided = say(
        turn,
        CrisisProposed(
            **head(turn),
            because=(why,),
            crisis=name,
            subject=CrisisSubject(kind=kind, id=about),
            complaints=len(outcry.recent),
            people=len(outcry.people),
            complaints_needed=needed.complaints,
            people_needed=needed.people,
            opens_at=opens_at,
        ),
        rule=CRISIS,
        key=name,
        about=name,
    )
    hot_until = crisis_course.hot_until(outcry, needed.complaints, figures.crisis_window_minutes, turn.now)
    turn.put(
        Crisis(
            crisis=name,
            stage="proposed",
            kind=kind,
            about=about,
            since=turn.now,
            people=outcry.people,
            complaints=len(outcry.recent),
            needed=needed.complaints,
            needed_people=needed.people,
            hot_until=hot_until,
            evidence=evidence[-crisis_course.MOST_EVIDENCE :],
            proposal=decided,
            channel=data.channel,
            thread=data.thread if kind == "thread" else None,
        )
    )
    climate = turn.get(Climate) or Climate()
    turn.put(replace(climate, crises=tuple(sorted({*climate.crises, name}))))
    turn.arm(crisis_course.OPENS, name, opens_at)
    words = None if is_hidden(turn, thread) else crisis_voice.subject_words(turn, kind, about)
    for to in (CORE_TEAM, RELAYS):
        turn.request(
            Message(
                key=name,
                rule=CRISIS,
                kind=CRISIS,
                template="crisis_proposed",
                to=to,
                purse="none",
                lifetime=timedelta(hours=turn.playbook.lifetimes.crisis_hours),
                values={
                    "subject": words,
                    "complaints": len(outcry.recent),
                    "people": len(outcry.people),
                    "minutes": figures.crisis_opens_minutes,
                },
                priority="high",
                actions=(Act(id="open", label="open_crisis"), Act(id="dismiss", label="no_crisis")),
                serves=decided,
                because=(why,),
            )
        )
