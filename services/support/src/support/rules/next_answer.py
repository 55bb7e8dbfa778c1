"""The next answer: who is asked when the asker has the last word and waits."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.office_time import add_office_minutes
from contracts.people import may_be_written_to
from contracts.reasons import because
from contracts.turn import Turn
from support.rules import helpers
from support.rules.clocks import office_minutes
from support.rules.ladder import named, say_warned
from support.rules.matching import Match, may_help_now
from support.rules.records import keep
from support.rules.speech import is_for_the_team, remembered, shown, tell_team
from support.state import Question, Thread

NEXT = "next_answer"
"""The deadline, and the rule."""


def waits(turn: Turn, thread: Thread, question: Question, *, since: datetime, by: str) -> Question:
    """The asker has the last word and waits for the next answer. Answers the question, not yet put."""
    hours = turn.playbook.support.next_answer_office_hours
    turn.arm(NEXT, thread.thread, add_office_minutes(turn.playbook.office, since, hours * 60))
    return replace(question, waits_since=since, waits_by=by)


def due(turn: Turn, key: str, _due: datetime) -> None:
    """The asker still has the last word: whoever answered is asked again, else the best match, else the team."""
    thread = turn.get(Thread, key)
    question = thread.question if thread is not None else None
    if thread is None or question is None or question.status != "answered" or question.waits_since is None:
        return
    if not may_be_written_to(turn.person(question.member)):
        return
    hours = turn.playbook.support.next_answer_office_hours
    why = because(
        NEXT,
        threshold=f"{hours} office h after the asker's last word",
        actual=office_minutes(turn, question.waits_since, turn.now) // 60,
        evidence=(question.by, question.waits_by),
    )
    evidence = question.waits_by or question.by
    # A new turn of the conversation: whoever was asked before may be asked again.
    question = replace(question, tried=(), attempts=0)
    question, asked = _ask_again(turn, thread, question, evidence)
    say_warned(turn, thread, question, asked, why, clock="next_answer", since=question.waits_since or turn.now)
    if not asked:
        told = tell_team(
            turn,
            key=f"{thread.thread}/next",
            rule=NEXT,
            template="next_team",
            lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
            values={**shown(turn, thread, question), "nature": question.nature},
            because=(why,),
            thread=thread.thread,
            mentions=named(turn, question),
        )
        question = remembered(turn, question, *told)
    keep(turn, replace(thread, question=question))


def _ask_again(turn: Turn, thread: Thread, question: Question, evidence: str) -> tuple[Question, tuple[str, ...]]:
    """Whoever answered last, if they may be asked now; else the best match."""
    if is_for_the_team(turn, thread, question):
        return question, ()
    for word in reversed(question.answers):
        person = turn.person(word.member) if word.member is not None else None
        if person is None or person.member == question.member or not may_help_now(turn, person):
            continue
        match = Match(person.member, (), derived=False)
        question = helpers.ask(turn, thread, question, match, template="next_answer", evidence=evidence)
        return question, (person.member,)
    return helpers.ask_best(turn, thread, question, 1, template="next_answer", evidence=evidence)
