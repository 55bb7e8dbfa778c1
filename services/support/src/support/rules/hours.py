"""Hours: who asks while the community is closed is told when it opens next, once in a while."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.naming import to_member
from contracts.office_time import is_open, next_opening
from contracts.people import may_be_asked
from contracts.reasons import because
from contracts.turn import Act, Message, Purse, To, Turn
from support.rules.speech import is_hidden, remembered
from support.state import Asker, Question, Thread, Told

HOURS = "hours"


def told(turn: Turn, thread: Thread, question: Question, *, at: datetime) -> Question:
    """Tell the asker the next opening. Answers the question, not yet put."""
    figures = turn.playbook.support
    office = turn.playbook.office
    fresh = turn.now - at <= timedelta(minutes=turn.playbook.purses.reply_within_minutes)
    if turn.backfill or not fresh or question.status != "open" or is_open(office, at) or is_open(office, turn.now):
        return question
    if question.nature == "care" or thread.troubled or not may_be_asked(turn.person(question.member), turn.now):
        return question
    asker = turn.get(Asker, question.member) or Asker(member=question.member)
    spacing = timedelta(days=figures.closed_notice_days)
    if asker.told_hours_at is not None and turn.now - asker.told_hours_at < spacing:
        return question
    opens = next_opening(office, turn.now)
    turn.put(replace(asker, told_hours_at=turn.now))
    private = turn.community.direct_first_contact or is_hidden(turn, thread)
    to = to_member(question.member) if private else To(kind="channel", id=thread.channel or turn.slug)
    purse: Purse = "reply" if private else "none"
    why = because(HOURS, threshold="outside office hours", actual=opens.isoformat(), evidence=(question.by,))
    turn.request(
        Message(
            key=question.member,
            rule=HOURS,
            kind=HOURS,
            template="hours",
            to=to,
            purse=purse,
            lifetime=min(max(opens - turn.now, timedelta(minutes=1)), timedelta(hours=48)),
            values={"opens_at": opens.isoformat(), "complaint": question.nature == "complaint", "private": private},
            thread=thread.thread,
            priority="low",
            actions=(Act(id="no_question", label="no_question"),) if question.told_by == "score" else (),
            serves=question.opened_by,
            because=(why,),
        )
    )
    return remembered(turn, question, Told(rule=HOURS, key=question.member, kind=to.kind, id=to.id))
