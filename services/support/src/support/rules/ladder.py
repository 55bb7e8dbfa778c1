"""Ladder: who is told, and when, that a question has no answer yet; and when the asker waits for the next one."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import QuestionUnanswered, QuestionWarned
from contracts.envelope import Because
from contracts.naming import to_member
from contracts.people import may_be_named, may_be_written_to
from contracts.reasons import because
from contracts.turn import Act, Message, To, Turn
from support.rules import circle, helpers
from support.rules.clocks import office_minutes, rung_due, wall_minutes, warning_due
from support.rules.records import keep
from support.rules.speech import channel_for, head, is_for_the_team, remembered, say, shown, team, tell_team
from support.state import Question, Thread, Told

LADDER = "ladder"
"""The deadline of the next rung."""
UNANSWERED = "unanswered"
WARNING = "warning"
"""The deadline of the warning, where the playbook sets it apart from the first rung."""
RUNGS = 5
PLACE_HOURS = 24


def due(turn: Turn, key: str, _due: datetime) -> None:
    """A rung of the ladder is reached and the question has no answer."""
    thread = turn.get(Thread, key)
    question = thread.question if thread is not None else None
    if thread is None or question is None or question.status != "open" or question.rung >= RUNGS:
        return
    if not may_be_written_to(turn.person(question.member)):
        return  # the asker has gone: the question stays open, nobody is asked for it
    rung = question.rung
    question = _climb(turn, thread, question, rung)
    question = replace(question, rung=rung + 1)
    if rung + 1 < RUNGS:
        turn.arm(LADDER, key, rung_due(turn, question, rung + 1))
    keep(turn, replace(thread, question=question))


def _climb(turn: Turn, thread: Thread, question: Question, rung: int) -> Question:
    alone = is_for_the_team(turn, thread, question)
    match rung:
        case 0:
            return _helped(turn, thread, question)
        case 1:
            return _team(turn, thread, question, stage=1) if alone else _place(turn, thread, question)
        case 2:
            return question if alone else _relay(turn, thread, question)
        case 3:
            return _team(turn, thread, question, stage=3)
        case _:
            return question if alone else _unanswered(turn, thread, question, stage=4)[0]


def start(turn: Turn, thread: Thread, question: Question) -> None:
    """Arm the ladder's next rung, and the warning where the playbook sets it apart from the first."""
    turn.arm(LADDER, thread.thread, rung_due(turn, question, question.rung))
    if question.rung == 0 and _warning_is_apart(turn):
        turn.arm(WARNING, thread.thread, warning_due(turn, question))


def stop(turn: Turn, thread: Thread) -> None:
    """No rung, no warning any more."""
    turn.disarm(LADDER, thread.thread)
    if _warning_is_apart(turn):
        turn.disarm(WARNING, thread.thread)


def _warning_is_apart(turn: Turn) -> bool:
    figures = turn.playbook.support
    return figures.warning_share != figures.ladder_multiples[0]


def _reason(turn: Turn, question: Question, multiple: float) -> Because:
    return because(
        UNANSWERED,
        threshold=f"{round(question.target * multiple)} office min without an answer",
        actual=office_minutes(turn, question.clock_from, turn.now),
        evidence=(question.by, question.response.by if question.response is not None else None),
    )


def _helped(turn: Turn, thread: Thread, question: Question) -> Question:
    """The first rung: helpers who match are asked; it is the warning too, unless the playbook sets that apart."""
    figures = turn.playbook.support
    question, asked = helpers.ask_best(
        turn, thread, question, figures.helpers_asked, template="helper", evidence=question.by
    )
    if not _warning_is_apart(turn):
        why = _reason(turn, question, figures.warning_share)
        say_warned(turn, thread, question, asked, why, clock="first_answer", since=question.asked_at)
    return question


def warning_reached(turn: Turn, key: str, _due: datetime) -> None:
    """The target nears, where that is not the moment at which helpers are asked."""
    thread = turn.get(Thread, key)
    question = thread.question if thread is not None else None
    if thread is not None and question is not None and question.status == "open":
        asked = tuple(ask.member for ask in question.asks)
        why = _reason(turn, question, turn.playbook.support.warning_share)
        say_warned(turn, thread, question, asked, why, clock="first_answer", since=question.asked_at)


def say_warned(
    turn: Turn,
    thread: Thread,
    question: Question,
    asked: tuple[str, ...],
    why: Because,
    *,
    clock: Literal["first_answer", "next_answer"],
    since: datetime,
) -> None:
    """Say that a question nears its target, or that its asker waits for the next answer."""
    hours = turn.playbook.support.next_answer_office_hours
    say(
        turn,
        QuestionWarned(
            **head(turn),
            because=(why,),
            post=question.post,
            thread=thread.thread,
            clock=clock,
            office_minutes=office_minutes(turn, since, turn.now),
            wall_minutes=wall_minutes(since, turn.now),
            target_minutes=question.target if clock == "first_answer" else hours * 60,
            helpers=asked,
        ),
        rule=UNANSWERED if clock == "first_answer" else clock,
        key=thread.thread,
        about=thread.thread,
    )


def _unanswered(
    turn: Turn,
    thread: Thread,
    question: Question,
    *,
    stage: Literal[1, 2, 3, 4],
    told: tuple[str, ...] = (),
    role: Literal["core_team"] | None = None,
    channel: str | None = None,
) -> tuple[Question, str, Because]:
    why = _reason(turn, question, turn.playbook.support.ladder_multiples[stage])
    decided = say(
        turn,
        QuestionUnanswered(
            **head(turn),
            because=(why,),
            post=question.post,
            thread=thread.thread,
            member=question.member,
            stage=stage,
            office_minutes=office_minutes(turn, question.asked_at, turn.now),
            wall_minutes=wall_minutes(question.asked_at, turn.now),
            target_minutes=question.target,
            told=told,
            told_role=role,
            told_channel=channel,
        ),
        rule=UNANSWERED,
        key=f"{thread.thread}/{stage}",
        about=thread.thread,
    )
    return question, decided, why


def _place(turn: Turn, thread: Thread, question: Question) -> Question:
    """Stage 1: a line in the help place, about the question and not about time gone by."""
    channel, _ = channel_for(turn, "help")
    question, decided, why = _unanswered(turn, thread, question, stage=1, channel=channel)
    key = f"{thread.thread}/1"
    turn.request(
        Message(
            key=key,
            rule=UNANSWERED,
            kind=UNANSWERED,
            template="still_open",
            to=To(kind="channel", id=channel),
            purse="none",
            lifetime=timedelta(hours=PLACE_HOURS),
            values={**shown(turn, thread, question), "here": thread.channel == channel},
            thread=thread.thread if thread.channel == channel else None,
            priority=_priority(question),
            serves=decided,
            mentions=named(turn, question),
            because=(why,),
        )
    )
    return remembered(turn, question, Told(rule=UNANSWERED, key=key, kind="channel", id=channel))


def _relay(turn: Turn, thread: Thread, question: Question) -> Question:
    """Stage 2: the asker's paired relay, else the best match, else the core team."""
    relay = circle.relay_of(turn, question.member)
    if relay is not None and relay != question.member:
        question, decided, why = _unanswered(turn, thread, question, stage=2, told=(relay,))
        key = f"{thread.thread}/2"
        turn.request(
            Message(
                key=key,
                rule=UNANSWERED,
                kind=UNANSWERED,
                template="relay",
                to=to_member(relay),
                purse="duty",
                lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
                values=shown(turn, thread, question),
                thread=thread.thread,
                priority=_priority(question),
                serves=decided,
                mentions=named(turn, question),
                because=(why,),
            )
        )
        return remembered(turn, question, Told(rule=UNANSWERED, key=key, kind="member", id=relay))
    question, asked = helpers.ask_best(turn, thread, question, 1, template="helper", evidence=question.by)
    if asked:
        return _unanswered(turn, thread, question, stage=2, told=asked)[0]
    return _team(turn, thread, question, stage=2)


def _team(turn: Turn, thread: Thread, question: Question, *, stage: Literal[1, 2, 3]) -> Question:
    """The core team, by name those who are there today: deputies stand in for those away."""
    there = team(turn) if stage > 1 else ()
    question, decided, why = _unanswered(turn, thread, question, stage=stage, told=there, role="core_team")
    told = tell_team(
        turn,
        key=f"{thread.thread}/{stage}",
        rule=UNANSWERED,
        template="unanswered_team",
        lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
        values={**shown(turn, thread, question), "nature": question.nature, "last": stage > 2},
        because=(why,),
        urgent=question.nature == "care",
        thread=thread.thread,
        serves=decided,
        mentions=named(turn, question),
        actions=() if question.nature == "care" else (Act(id="no_question", label="no_question"),),
    )
    return remembered(turn, question, *told)


def _priority(question: Question) -> Literal["low", "normal", "high"]:
    return "high" if question.priority == "urgent" else "normal"


def named(turn: Turn, question: Question) -> tuple[str, ...]:
    """Whom a text about a question names: the asker, unless they may not be named."""
    return (question.member,) if may_be_named(turn.person(question.member)) else ()


def revived(turn: Turn, thread: Thread, question: Question) -> Question:
    """The asker of an unanswered question speaks again: one of an import is live, one of somebody gone counts again.

    The clock starts anew where the ladder stood. Answers the question, not yet put.
    """
    if turn.backfill or question.rung >= RUNGS or (not question.history and turn.armed(LADDER, thread.thread)):
        return question
    question = replace(question, history=False, clock_from=turn.now)
    start(turn, thread, question)
    return question
