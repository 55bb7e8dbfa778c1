"""Feedback: every piece gets an outcome; one that waits too long is said to the core team."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.decisions import FeedbackOverdue
from contracts.envelope import AnyEvent
from contracts.naming import CORE_TEAM, one_line
from contracts.reasons import because
from contracts.sensitive import sensitive
from contracts.turn import Message, Turn
from digest.rules import notes, voice
from digest.rules.speech import shortened
from digest.rules.times import today
from digest.state_sets import FEEDBACK_OPEN
from digest.state_told import Feedback

OVERDUE = "feedback"
LONGEST_WHY = 280
"""Characters of a reason in the synthesis."""


def submitted(turn: Turn, event: AnyEvent) -> None:
    """A member said what should be otherwise."""
    data = event.data
    known = turn.get(Feedback, data.feedback)
    if known is not None and known.submitted_by != known.answered_by:
        return
    title = shortened(data.title or data.body or "") or None
    words = f"{data.title or ''} {data.body or ''}"
    quotable = sensitive(turn.playbook, words) is None
    base = known or Feedback(feedback=data.feedback, submitted_at=event.time, submitted_by=event.id)
    turn.put(
        replace(
            base,
            submitted_at=event.time,
            submitted_by=event.id,
            member=data.member,
            title=title,
            quotable=quotable,
        )
    )
    voice.wished(turn, words, event, quotable=quotable)


def answered(turn: Turn, event: AnyEvent) -> None:
    """It has its outcome, which the next synthesis tells; an outcome may come before what it answers."""
    data = event.data
    known = turn.get(Feedback, data.feedback)
    base = known or Feedback(feedback=data.feedback, submitted_at=event.time, submitted_by=event.id)
    turn.put(
        replace(
            base,
            outcome=data.outcome,
            why=one_line(data.why, LONGEST_WHY),
            answered_at=event.time,
            answered_by=event.id,
        )
    )
    notes.settle(turn, f"feedback/{data.feedback}")
    if data.outcome == "adopted" and not event.backfill:
        notes.put(turn, slot="good", kind="adopted", about=f"adopted/{data.feedback}", by=event.id, weight=30, days=5)


def morning(turn: Turn) -> None:
    """What has waited for its outcome longer than promised is said once."""
    most = turn.playbook.digest.feedback_business_days
    for row in turn.find(FEEDBACK_OPEN):
        submitted_on = local_day(row.submitted_at, turn.playbook.zone)
        days = turn.playbook.calendar.business_days_between(submitted_on, today(turn))
        if days < most:
            break
        if row.overdue is None:
            _overdue(turn, row, days, most)


def _overdue(turn: Turn, row: Feedback, days: int, most: int) -> None:
    reason = because("feedback.overdue", threshold=most, actual=days, evidence=(row.submitted_by,))
    overdue = turn.decide(
        FeedbackOverdue(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            feedback=row.feedback,
            member=row.member,
            submitted_at=row.submitted_at,
            business_days=days,
        ),
        rule=OVERDUE,
        key=row.feedback,
    )
    turn.put(replace(row, overdue=overdue))
    turn.request(
        Message(
            key=row.feedback,
            rule=OVERDUE,
            kind=OVERDUE,
            template="feedback_overdue",
            to=CORE_TEAM,
            purse="none",
            lifetime=timedelta(days=7),
            values={
                "title": row.title if row.quotable else None,
                "submitted_at": row.submitted_at.isoformat(),
                "feedback": row.feedback,
            },
            serves=overdue,
            mentions=(row.member,) if row.member is not None else (),
            because=(reason,),
        )
    )
    notes.put(
        turn,
        slot="waiting",
        kind="feedback",
        about=f"feedback/{row.feedback}",
        by=overdue,
        weight=25,
        days=60,
        title=row.title if row.quotable else None,
        member=None,
    )
