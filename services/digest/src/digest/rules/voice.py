"""The voice of the community: once a month the organisation hears what members ask, complain of and wish for."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.decisions import VoiceReported
from contracts.decisions.digest import SubjectCount
from contracts.envelope import AnyEvent
from contracts.naming import SPONSORS
from contracts.reasons import because
from contracts.turn import Message, To, Turn
from digest.rules.speech import climate_of, manager_of
from digest.rules.times import month_before, month_of, today
from digest.rules.words import skills_in
from digest.state import Thread
from digest.state_sets import SUBJECTS
from digest.state_told import Subject

VOICE = "voice"
KINDS = ("questions", "complaints", "wishes")
OTHER = "other"
"""What has no tag and names no skill of the playbook."""
MOST_THREADS = 5


def asked(turn: Turn, thread: Thread, event: AnyEvent) -> None:
    """A question or a complaint, by what it is about; of care nothing is counted, of the organisation's own neither."""
    kind = {"question": "questions", "complaint": "complaints"}.get(thread.nature)
    if kind is None or thread.ours or event.backfill:
        return
    tags = thread.tags or skills_in(turn.playbook, thread.heading or "") or (_place(turn, thread),)
    for tag in tags:
        _count(turn, kind, tag, event, thread=thread.thread)


def _place(turn: Turn, thread: Thread) -> str:
    """Where a question without a subject was asked is better than nothing."""
    places = turn.playbook.places
    known = (places.help, places.general, places.introductions, places.welcome, places.thanks)
    names = {place.channel: place.label for place in known if place is not None}
    return f"#{names.get(thread.channel, thread.channel)}" if thread.channel is not None else OTHER


def wished(turn: Turn, words: str, event: AnyEvent, *, quotable: bool) -> None:
    """A piece of feedback, by the skills its words name: a complaint among them counts as one."""
    if not event.backfill:
        for tag in skills_in(turn.playbook, words) or (OTHER,):
            _count(turn, "wishes" if quotable else "complaints", tag, event, thread=None)


def _count(turn: Turn, kind: str, tag: str, event: AnyEvent, *, thread: str | None) -> None:
    month = month_of(today(turn))
    known = turn.get(Subject, month, kind, tag) or Subject(
        subject=tag,
        month=month,
        kind=kind,  # type: ignore[arg-type]
        count=0,
    )
    threads = known.threads if thread is None else (thread, *(one for one in known.threads if one != thread))
    turn.put(
        replace(known, count=known.count + 1, threads=threads[:MOST_THREADS], by=(*known.by, event.id)[-MOST_THREADS:])
    )


def morning(turn: Turn) -> None:
    """On the first business day of a month, the month before; nothing when nobody asked anything."""
    day = today(turn)
    month, climate = month_before(day), climate_of(turn)
    if climate.month == month:
        return
    turn.put(replace(climate, month=month))
    found = {kind: turn.find(SUBJECTS, month, kind) for kind in KINDS}
    if any(found.values()):
        _report(turn, month, found)
    for rows in found.values():
        for row in rows:
            turn.drop(Subject, row.month, row.kind, row.subject)


def _report(turn: Turn, month: str, found: dict[str, tuple[Subject, ...]]) -> None:
    most = turn.playbook.digest.voice_subjects
    top = {kind: rows[:most] for kind, rows in found.items()}
    evidence = tuple(event for rows in top.values() for row in rows for event in row.by)
    total = sum(row.count for rows in found.values() for row in rows)
    reason = because(VOICE, threshold=f"top {most} a month", actual=total, evidence=evidence)
    reported = turn.decide(
        VoiceReported(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            month=month,
            questions=_counts(top["questions"]),
            complaints=_counts(top["complaints"]),
            wishes=_counts(top["wishes"]),
        ),
        rule=VOICE,
    )
    labels = {skill.skill: skill.label.text(turn.playbook.voice()) for skill in turn.playbook.skills}
    values = {
        kind: [
            {"subject": None if row.subject == OTHER else labels.get(row.subject, row.subject), "count": row.count}
            for row in rows
        ]
        for kind, rows in top.items()
    }
    recipients: tuple[To, ...] = (manager_of(turn),)
    if turn.playbook.people.sponsors:
        recipients = (*recipients, SPONSORS)
    for to in recipients:
        turn.request(
            Message(
                key=month,
                rule=VOICE,
                kind=VOICE,
                template=VOICE,
                to=to,
                purse="none",
                lifetime=timedelta(days=14),
                values={**values, "month": f"{month}-15T12:00:00+00:00"},
                serves=reported,
                because=(reason,),
            )
        )


def _counts(rows: tuple[Subject, ...]) -> tuple[SubjectCount, ...]:
    return tuple(SubjectCount(subject=row.subject, count=row.count, threads=row.threads) for row in rows)
