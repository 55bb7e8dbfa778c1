"""Helpers: who is asked to look at a question, within limits; passing on; calling back."""

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import HelperAsked, HelperPassed
from contracts.envelope import AnyEvent
from contracts.naming import to_member
from contracts.office_time import add_office_minutes
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from support.rules.expertise import label
from support.rules.matching import HELPER, Match, matches
from support.rules.records import keep
from support.rules.speech import head, say, shown
from support.state import THREADS_NAMING, Ask, Helper, Question, Thread

PASS = "pass"  # noqa: S105 - the name of a deadline
_SEPARATOR = "\x1f"
Reason = Literal["declined", "silent", "answered", "withdrawn", "left", "paused"]


def _heard_from(turn: Turn, member: str, *, silences: int) -> None:
    helper = turn.get(Helper, member)
    if helper is not None and helper.silences != silences:
        turn.put(replace(helper, silences=silences))


def ask(turn: Turn, thread: Thread, question: Question, match: Match, *, template: str, evidence: str) -> Question:
    """Ask somebody to look; silence passes it on. Answers the question, not yet put."""
    figures = turn.playbook.support
    expires = add_office_minutes(turn.playbook.office, turn.now, figures.helper_pass_office_minutes)
    helper = turn.get(Helper, match.member) or Helper(member=match.member)
    attempt = question.attempts + 1
    why = because(
        HELPER,
        threshold="skill, own hours, duty purse, least recently asked",
        actual=", ".join(match.skills) or "answered before",
        evidence=(evidence,),
    )
    decision = say(
        turn,
        HelperAsked(
            **head(turn),
            because=(why,),
            post=question.post,
            thread=thread.thread,
            member=match.member,
            attempt=attempt,
            matched_skills=match.skills,
            derived=match.derived,
            expires_at=expires,
        ),
        rule=HELPER,
        key=f"{thread.thread}/{match.member}/{attempt}",
        about=thread.thread,
        who=match.member,
    )
    person = turn.person(match.member)
    turn.put(replace(helper, asked_at=turn.now))
    life = add_office_minutes(turn.playbook.office, turn.now, turn.playbook.lifetimes.helper_ask_office_minutes)
    turn.request(
        Message(
            key=thread.thread,
            rule=HELPER,
            kind=HELPER,
            template=template,
            to=to_member(match.member),
            purse="duty",
            lifetime=life - turn.now,
            values={
                **shown(turn, thread, question),
                "skill": label(turn, match.skills[0], person) if match.skills else None,
            },
            thread=thread.thread,
            priority="high" if question.priority == "urgent" else "normal",
            actions=(
                Act(id="yes", label="will_look", fact={"type": "ask.accepted", "data": {}}),
                Act(id="not_this_time", label="not_today", fact={"type": "ask.declined", "data": {}}),
            ),
            serves=decision,
            mentions=(question.member,),
            because=(why,),
        )
    )
    turn.arm(PASS, f"{thread.thread}{_SEPARATOR}{match.member}", expires)
    asked = Ask(member=match.member, attempt=attempt, expires_at=expires, asked_by=decision, template=template)
    tried = tuple(dict.fromkeys((*question.tried, match.member)))
    return replace(question, asks=(*question.asks, asked), tried=tried, attempts=attempt)


def ask_best(
    turn: Turn, thread: Thread, question: Question, count: int, *, template: str, evidence: str
) -> tuple[Question, tuple[str, ...]]:
    """Ask the best so many, within the limit of a question. Answers the question, not yet put, and who is asked."""
    room = max(0, turn.playbook.support.helper_attempts_most - question.attempts)
    chosen = matches(turn, thread, question)[: min(count, room)]
    for match in chosen:
        question = ask(turn, thread, question, match, template=template, evidence=evidence)
    return question, tuple(match.member for match in chosen)


def passed(turn: Turn, thread: Thread, asked: Ask, reason: Reason, *, evidence: str) -> Thread:
    """A helper will not look: the next is asked, if the question still waits. Answers the thread, put."""
    question = thread.question
    if question is None:
        return thread
    if reason == "silent":
        helper = turn.get(Helper, asked.member)
        _heard_from(turn, asked.member, silences=(helper.silences if helper is not None else 0) + 1)
    elif reason == "declined":
        _heard_from(turn, asked.member, silences=0)
    question = _released(turn, thread, question, asked, why=reason)
    before = question.attempts
    following: tuple[str, ...] = ()
    if reason in {"declined", "silent", "left", "paused"} and _still_waits(question):
        question, following = ask_best(turn, thread, question, 1, template=asked.template, evidence=evidence)
    _say_passed(turn, thread, asked, reason, following=following, evidence=evidence, attempt=before)
    return keep(turn, replace(thread, question=question))


def _still_waits(question: Question) -> bool:
    return question.status == "open" or (question.status == "answered" and question.waits_since is not None)


def _released(turn: Turn, thread: Thread, question: Question, asked: Ask, *, why: str) -> Question:
    turn.disarm(PASS, f"{thread.thread}{_SEPARATOR}{asked.member}")
    turn.recall(HELPER, thread.thread, to=to_member(asked.member), why=why)
    return replace(question, asks=tuple(ask for ask in question.asks if ask.member != asked.member))


def _say_passed(
    turn: Turn, thread: Thread, asked: Ask, reason: Reason, *, following: tuple[str, ...], evidence: str, attempt: int
) -> None:
    figures = turn.playbook.support
    why = because(
        HELPER,
        threshold=f"{figures.helper_pass_office_minutes} office min of silence" if reason == "silent" else reason,
        actual=attempt,
        evidence=(asked.asked_by, evidence),
    )
    turn.decide(
        HelperPassed(
            **head(turn),
            because=(why,),
            post=thread.question.post if thread.question is not None else thread.thread,
            thread=thread.thread,
            member=asked.member,
            reason=reason,
            next=next(iter(following), None),
        ),
        rule=HELPER,
        key=f"{thread.thread}/{asked.member}/{asked.attempt}",
    )


def call_off(
    turn: Turn, thread: Thread, question: Question, reason: Reason, *, evidence: str, by: str | None = None
) -> Question:
    """Somebody answered, or the question is gone: everybody asked is let off. Answers the question, not yet put.

    `by` is who answered: nothing is passed on by them, they did it.
    """
    for asked in question.asks:
        question = _released(turn, thread, question, asked, why=reason)
        if asked.member == by:
            _heard_from(turn, asked.member, silences=0)
        else:
            _say_passed(turn, thread, asked, reason, following=(), evidence=evidence, attempt=asked.attempt)
    return question


def pass_due(turn: Turn, key: str, _due: datetime) -> None:
    """A helper said nothing for so long: on to the next. One who said yes is looking."""
    name, _, member = key.partition(_SEPARATOR)
    thread = turn.get(Thread, name)
    asked = _asked(thread, member)
    if thread is not None and asked is not None and not asked.accepted:
        passed(turn, thread, asked, "silent", evidence=asked.asked_by)


def _asked(thread: Thread | None, member: str) -> Ask | None:
    if thread is None or thread.question is None:
        return None
    return next((ask for ask in thread.question.asks if ask.member == member), None)


def accepted(turn: Turn, event: AnyEvent) -> None:
    """A helper is looking."""
    thread, asked = _answer_to(turn, event)
    if thread is None or thread.question is None or asked is None:
        return
    turn.disarm(PASS, f"{thread.thread}{_SEPARATOR}{asked.member}")
    _heard_from(turn, asked.member, silences=0)
    asks = tuple(replace(ask, accepted=True) if ask is asked else ask for ask in thread.question.asks)
    keep(turn, replace(thread, question=replace(thread.question, asks=asks)))


def declined(turn: Turn, event: AnyEvent) -> None:
    """Not this time: on to the next."""
    thread, asked = _answer_to(turn, event)
    if thread is not None and asked is not None:
        passed(turn, thread, asked, "declined", evidence=event.id)


def answered(turn: Turn, event: AnyEvent) -> None:
    """The same taps from a platform that knows only `request.answered`."""
    if event.data.answer == "yes":
        accepted(turn, event)
    elif event.data.answer == "not_this_time":
        declined(turn, event)


def _answer_to(turn: Turn, event: AnyEvent) -> tuple[Thread | None, Ask | None]:
    asked = turn.asked(event.data.request)
    if asked is None or asked.rule != HELPER or asked.to.id != event.data.member:
        return None, None
    thread = turn.get(Thread, asked.key)
    return thread, _asked(thread, event.data.member)


def gone(turn: Turn, member: str, reason: Literal["left", "paused"], *, evidence: str) -> None:
    """Somebody left, or asked for rest: what they were asked passes on."""
    for thread in turn.find(THREADS_NAMING, member):
        asked = _asked(thread, member)
        if asked is not None:
            passed(turn, thread, asked, reason, evidence=evidence)
