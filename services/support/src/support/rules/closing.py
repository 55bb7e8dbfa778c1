"""Closing: the daily round asks once whether an answer helped, lets what was left go dormant, and tidies up."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.activity import iso_week, local_day
from contracts.naming import to_member
from contracts.people import is_bot, may_be_asked, stopped
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from support.rules import outcomes, suggestions
from support.rules.records import keep, review_again
from support.rules.speech import is_hidden, shown
from support.state import (
    OUTCRIES_TO_FORGET,
    RHYTHMS_OF_WEEK,
    SAID_OF_DAY,
    THREADS_TO_FORGET,
    THREADS_TO_REVIEW,
    Asker,
    Climate,
    Outcry,
    Question,
    Rhythm,
    Said,
    Share,
    Thread,
    Week,
)

HELPED = "helped"
OVERRULED_FOR = timedelta(days=30)
_RHYTHM_SLACK_WEEKS = 1
_WEEKS_KEPT = 3
_SHARES_KEPT_DAYS = 400


def round_made(turn: Turn, due: datetime) -> None:
    """The daily round."""
    day = local_day(due, turn.playbook.zone)
    for thread in turn.find(THREADS_TO_REVIEW, day.isoformat()):
        _review(turn, thread)
    for thread in turn.find(THREADS_TO_FORGET, day.isoformat()):
        turn.drop(Thread, thread.thread)
    for said in turn.find(SAID_OF_DAY, (day - OVERRULED_FOR).isoformat()):
        turn.drop(Said, said.decision)
    weeks = turn.playbook.support.helper_hours_weeks + _RHYTHM_SLACK_WEEKS
    for rhythm in turn.find(RHYTHMS_OF_WEEK, iso_week(day - timedelta(weeks=weeks))):
        turn.drop(Rhythm, rhythm.member)
    for outcry in turn.find(OUTCRIES_TO_FORGET, day.isoformat()):
        turn.drop(Outcry, outcry.subject)
    turn.drop(Week, iso_week(day - timedelta(weeks=_WEEKS_KEPT)))
    turn.drop(Share, f"{day - timedelta(days=_SHARES_KEPT_DAYS):%Y-%m}")
    suggestions.trim(turn)


def _review(turn: Turn, thread: Thread) -> None:
    question = thread.question
    if question is None:
        turn.put(replace(thread, review=None))
        return
    figures = turn.playbook.support
    if question.status == "open" and question.history:
        question = outcomes.dormant(turn, thread, question, reason="history")
    elif question.status == "answered":
        if turn.now >= question.last_word_at + timedelta(days=figures.dormant_days):
            question = outcomes.dormant(turn, thread, question, reason="answered")
        else:
            if not question.asked_solved and not question.history and _is_time(turn, question):
                question = _ask(turn, thread, question)
            review_again(turn, thread, question)
            return
    keep(turn, replace(thread, question=question, review=None))


def _is_time(turn: Turn, question: Question) -> bool:
    figures = turn.playbook.support
    if question.waits_since is not None or question.last_answer_at is None:
        return False
    if question.thanked_at is not None:
        thanked = question.thanked_at + timedelta(days=figures.solved_asked_after_thanks_days)
        if turn.now >= thanked:
            return True
    return turn.now >= question.last_answer_at + timedelta(days=figures.solved_asked_days)


def _ask(turn: Turn, thread: Thread, question: Question) -> Question:
    """Ask once whether it helped, at most once per member in so many days. Answers the question, not yet put."""
    figures = turn.playbook.support
    climate = turn.get(Climate)
    if climate is not None and climate.crises:
        return question  # while a crisis is on nobody is asked for anything of the kind; the round comes again
    asker = turn.get(Asker, question.member) or Asker(member=question.member)
    question = replace(question, asked_solved=True)
    person = turn.person(question.member)
    spacing = timedelta(days=figures.solved_asked_spacing_days)
    if asker.asked_solved_at is not None and turn.now - asker.asked_solved_at < spacing:
        return question
    if person is None or is_bot(person) or not may_be_asked(person, turn.now) or stopped(person, HELPED):
        return question
    if question.nature == "care" or thread.troubled or turn.backfill:
        return question
    turn.put(replace(asker, asked_solved_at=turn.now))
    last = question.answers[-1].by if question.answers else None
    days = figures.solved_asked_days if question.thanked_at is None else figures.solved_asked_after_thanks_days
    why = because(
        HELPED,
        threshold=f"{days} days after {'the last answer' if question.thanked_at is None else 'thanks'}",
        actual=(turn.now - (question.thanked_at or question.last_answer_at or question.asked_at)).days,
        evidence=(question.by, last),
    )
    turn.request(
        Message(
            key=thread.thread,
            rule=HELPED,
            kind=HELPED,
            template="helped",
            to=to_member(question.member),
            purse="attention",
            lifetime=timedelta(hours=turn.playbook.lifetimes.nudge_hours),
            values={**shown(turn, thread, question), "restricted": is_hidden(turn, thread)},
            thread=thread.thread,
            priority="low",
            actions=(
                Act(
                    id="yes",
                    label="it_helped",
                    fact={"type": "help.rated", "data": {"thread": thread.thread, "helped": True}},
                ),
                Act(
                    id="no",
                    label="not_yet",
                    fact={"type": "help.rated", "data": {"thread": thread.thread, "helped": False}},
                ),
            ),
            because=(why,),
        )
    )
    return question
