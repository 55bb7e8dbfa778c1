"""Meet-ups: one is planned, questions are collected for it, and afterwards it is said how many came."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.community import can_emit, is_restricted
from contracts.decisions import MeetupMissing
from contracts.decisions.digest import SubjectCount
from contracts.envelope import AnyEvent
from contracts.facts import MeetupScheduled
from contracts.naming import one_line
from contracts.reasons import because
from contracts.turn import Message, Turn
from digest.rules import notes
from digest.rules.showing import is_waiting
from digest.rules.speech import climate_of, crisis, general_place, signed_by, to_place
from digest.rules.times import at, days_since, today
from digest.state_sets import MEETUPS, OPEN_QUESTIONS
from digest.state_told import Meetup

MEETUP = "meetup"
QUESTIONS = "meetup_questions"
KEPT_DAYS = 21
"""A meet-up that took place, or was planned for a day long past, is forgotten after so many days."""
TOLD_AFTER = timedelta(hours=12)
MOST_HEADINGS = 3
YOUNG_DAYS = 7
"""In its first week a community has other things to plan."""


def scheduled(turn: Turn, event: AnyEvent) -> None:
    """A meet-up is planned, or its plan changed."""
    data = event.data
    known = turn.get(Meetup, data.meetup)
    if known is not None and known.held_by is not None:
        return
    base = known or Meetup(meetup=data.meetup, ends_on=today(turn), planned_by=event.id)
    row = _planned(turn, base, event)
    turn.put(row)
    if row.at is not None and row.at > turn.now:
        notes.settle(turn, MEETUP, slot="waiting")


def _planned(turn: Turn, row: Meetup, event: AnyEvent) -> Meetup:
    data = event.data
    moment = data.at or row.at
    last = max(today(turn), local_day(moment, turn.playbook.zone)) if moment is not None else today(turn)
    registered = data.registered or row.registered
    return replace(
        row,
        ends_on=last + timedelta(days=KEPT_DAYS if moment is not None else 90),
        title=one_line(data.title) or row.title,
        at=moment,
        channel=data.channel or row.channel,
        host=data.member or row.host,
        registered=registered,
        registered_count=max(len(registered), row.registered_count if not data.registered else 0),
    )


def hosted(turn: Turn, event: AnyEvent) -> None:
    """It took place."""
    data = event.data
    row = turn.get(Meetup, data.meetup) or Meetup(meetup=data.meetup, ends_on=today(turn), planned_by=event.id)
    row = _planned(turn, row, event)
    row = replace(row, held_by=event.id, at=row.at if row.at is not None and row.at <= event.time else event.time)
    turn.put(row)
    turn.put(replace(climate_of(turn), meetup=data.meetup))


def attended(turn: Turn, event: AnyEvent) -> None:
    """Somebody came. One whose id the platform does not tell counts too."""
    data = event.data
    row = turn.get(Meetup, data.meetup) or Meetup(meetup=data.meetup, ends_on=today(turn), planned_by=event.id)
    if data.member is not None and data.member in row.attended:
        return
    row = replace(
        row,
        ends_on=max(row.ends_on, today(turn) + timedelta(days=KEPT_DAYS)),
        attended=(*row.attended, data.member) if data.member is not None else row.attended,
        attended_count=row.attended_count + 1,
        came_count=row.came_count + (data.member is not None and data.member in row.registered),
        title=row.title or one_line(data.title),
        at=row.at or data.at,
        channel=row.channel or data.channel,
    )
    turn.put(row)


def cancelled(turn: Turn, event: AnyEvent) -> None:
    """It will not take place: nobody is asked for questions."""
    turn.drop(Meetup, event.data.meetup)
    turn.recall(QUESTIONS, event.data.meetup, to=to_place(turn, general_place(turn)), why="cancelled")


def sweep(turn: Turn) -> None:
    """Once a day: collect questions for what comes, say how many came to what was, forget what is long over."""
    day = today(turn)
    for row in turn.find(MEETUPS):
        if row.ends_on <= day:
            turn.drop(Meetup, row.meetup)
        elif turn.backfill:
            continue
        elif row.held_by is None and row.at is not None and row.collected_on is None and _is_near(turn, row.at):
            _collect(turn, row, row.at)
        elif row.held_by is not None and row.at is not None and not row.told and turn.now >= row.at + TOLD_AFTER:
            _tell(turn, row)


def _is_near(turn: Turn, moment: datetime) -> bool:
    ahead = local_day(moment, turn.playbook.zone) - today(turn)
    return timedelta(0) < ahead <= timedelta(days=turn.playbook.digest.meetup_questions_days)


def _collect(turn: Turn, row: Meetup, moment: datetime) -> None:
    """Ask members what they would like to hear about, in the morning."""
    if crisis(turn) is not None or (row.channel is not None and is_restricted(turn.place(row.channel))):
        return
    turn.put(replace(row, collected_on=today(turn)))
    reason = because(
        QUESTIONS,
        threshold=f"{turn.playbook.digest.meetup_questions_days} days before",
        actual=moment.isoformat(),
        evidence=(row.planned_by,),
    )
    headings = tuple(dict.fromkeys(thread.heading for thread in turn.find(OPEN_QUESTIONS) if is_waiting(turn, thread)))
    turn.request(
        Message(
            key=row.meetup,
            rule=QUESTIONS,
            kind=QUESTIONS,
            template=QUESTIONS,
            to=to_place(turn, general_place(turn)),
            purse="none",
            lifetime=moment - turn.now,
            not_before=at(turn.playbook, today(turn), turn.playbook.digest.synthesis_time),
            values={
                "title": row.title,
                "at": moment.isoformat(),
                "questions": headings[:MOST_HEADINGS],
                "signed_by": signed_by(turn),
            },
            because=(reason,),
        )
    )


def _tell(turn: Turn, row: Meetup) -> None:
    """How many of those who said they would come did come; of what stood in a restricted place, nothing."""
    turn.put(replace(row, told=True))
    if row.channel is not None and is_restricted(turn.place(row.channel)):
        return
    if row.registered_count:
        kind, count = "showed_up", row.came_count
    elif row.attended_count:
        kind, count = "attended", row.attended_count
    else:
        return
    notes.put(
        turn,
        slot="good",
        kind=kind,
        about=f"meetup/{row.meetup}",
        by=row.held_by or row.planned_by,
        title=row.title or row.meetup,
        count=count,
        total=row.registered_count,
        weight=25,
        days=5,
    )


def stop(turn: Turn) -> None:
    """A human said that questions are not asked for today."""
    for row in turn.find(MEETUPS):
        if row.collected_on == today(turn):
            turn.recall(QUESTIONS, row.meetup, to=to_place(turn, general_place(turn)), why="stopped")


def morning(turn: Turn) -> None:
    """None planned for weeks ahead: the manager is offered subjects from what members ask."""
    figures = turn.playbook.digest
    climate = climate_of(turn)
    young = days_since(turn, turn.community.opened_at) < YOUNG_DAYS
    if young or not can_emit(turn.community, MeetupScheduled.TYPE):
        return
    if climate.meetup_at is not None and days_since(turn, climate.meetup_at) < figures.meetup_told_days:
        return
    ahead = turn.now + timedelta(days=figures.meetup_ahead_days)
    rows = turn.find(MEETUPS)
    if any(row.held_by is None and row.at is not None and turn.now <= row.at <= ahead for row in rows):
        return
    turn.put(replace(climate, meetup_at=turn.now))
    subjects, evidence = _subjects(turn)
    reason = because("meetup.missing", threshold=figures.meetup_ahead_days, actual=0, evidence=evidence)
    missing = turn.decide(
        MeetupMissing(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            horizon_days=figures.meetup_ahead_days,
            subjects=subjects[: figures.meetup_subjects],
            last_meetup=climate.meetup,
        ),
        rule=MEETUP,
    )
    titles = ", ".join(subject.subject for subject in subjects[: figures.meetup_subjects])
    notes.put(
        turn,
        slot="waiting",
        kind="meetup",
        about=MEETUP,
        by=missing,
        weight=55,
        days=14,
        title=titles or None,
        count=figures.meetup_ahead_days,
    )


def _subjects(turn: Turn) -> tuple[tuple[SubjectCount, ...], tuple[str, ...]]:
    """What open questions are about, most asked first; the newest where they have no tags."""
    threads = [thread for thread in turn.find(OPEN_QUESTIONS) if is_waiting(turn, thread)]
    by_tag: dict[str, list[str]] = {}
    evidence = [thread.opened_by for thread in threads if thread.opened_by is not None]
    for thread in threads:
        for tag in thread.tags or (thread.heading or "",):
            by_tag.setdefault(tag, []).append(thread.thread)
    heard = climate_of(turn).heard_by
    ordered = sorted(by_tag.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    labels = labels_of(turn)
    counts = tuple(
        SubjectCount(subject=labels.get(tag, tag), count=len(names), threads=tuple(names[:5])) for tag, names in ordered
    )
    return counts, tuple(evidence) or ((heard,) if heard is not None else ())


def labels_of(turn: Turn) -> Mapping[str, str]:
    """What texts call the playbook's skills, in the community's voice."""
    voice = turn.playbook.voice()
    return {skill.skill: skill.label.text(voice) for skill in turn.playbook.skills}
