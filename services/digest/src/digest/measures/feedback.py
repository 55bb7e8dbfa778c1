"""Feedback, needs and obstacles: what members wish for, and whether it was heard."""

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.facts import NeedAnswered
from contracts.people import is_bot, is_paused, is_staff, may_be_asked
from contracts.reasons import because
from contracts.turn import Act, Message, To, Turn, Value
from digest.measures import periods
from digest.measures.periods import DAY, FACTS
from digest.measures.state import ASKS_DUE, Answer, NeedTotal, Remark, Wish
from digest.measures.threads import word_due

RULE = "need"
ANSWERS: tuple[Answer, ...] = ("yes", "partly", "no")
SPACING_DAYS = 7
"""One person is asked about one need at a time, with so many days between."""
LIFETIME = timedelta(hours=48)


def submitted(turn: Turn, event: AnyEvent) -> None:
    """A member said what should be otherwise: the organisation owes a word."""
    day = periods.day_of(turn, event.time)
    names = [FACTS]
    known = turn.get(Remark, event.data.feedback)
    if known is None:
        turn.put(Remark(feedback=event.data.feedback, at=event.time, due=word_due(turn.playbook, day)))
        names.append("feedback")
    periods.count(turn, day, event.id, names)


def answered(turn: Turn, event: AnyEvent) -> None:
    """A piece of feedback has its outcome, or another one."""
    known = turn.get(Remark, event.data.feedback)
    day = periods.day_of(turn, event.time)
    remark = known or Remark(feedback=event.data.feedback, at=event.time, due=None)
    names = [FACTS]
    if remark.outcome != event.data.outcome:
        names.append(f"feedback.{event.data.outcome}")
    word_at = event.time if remark.word_at is None else min(remark.word_at, event.time)
    turn.put(replace(remark, outcome=event.data.outcome, word_at=word_at))
    periods.count(turn, day, event.id, names)


def obstacle(turn: Turn, event: AnyEvent) -> None:
    """A newcomer said what is in the way."""
    names = (FACTS, f"obstacles.{event.data.obstacle}")
    periods.count(turn, periods.day_of(turn, event.time), event.id, names)


def need_declared(turn: Turn, event: AnyEvent) -> None:
    """A member said what they need."""
    _declared(turn, event, event.data.need)


def motivated(turn: Turn, event: AnyEvent) -> None:
    """What brings somebody here is a need as well."""
    _declared(turn, event, event.data.motivation)


def _declared(turn: Turn, event: AnyEvent, need: str) -> None:
    day = periods.day_of(turn, event.time)
    periods.count(turn, day, event.id, (FACTS,))
    member = event.data.member
    person = turn.person(member)
    if is_bot(person) or is_staff(person, member, turn.playbook) or turn.get(Wish, member, need) is not None:
        return
    wish = Wish(member=member, need=need, declared=day, by=event.id, ask=None)
    # What is of history opens no question to anybody.
    turn.put(wish if event.backfill else _next(turn, wish, day))
    total = turn.get(NeedTotal, need) or NeedTotal(need=need)
    turn.put(replace(total, declared=total.declared + 1))


def _next(turn: Turn, wish: Wish, today: date) -> Wish:
    """The wish with the day on which it is asked about next: the first of the playbook's that is still to come."""
    for place, days in enumerate(turn.playbook.digest.needs_asked_days):
        if place >= wish.asked and wish.declared + days * DAY > today:
            return replace(wish, ask=(wish.declared + days * DAY).isoformat(), asked=place)
    return replace(wish, ask=None)


def need_answered(turn: Turn, event: AnyEvent) -> None:
    """A member said whether a need is met: the newest word holds."""
    data: NeedAnswered = event.data
    day = periods.day_of(turn, event.time)
    wish = turn.get(Wish, data.member, data.need)
    names = [FACTS, f"needs.{data.answer}"]
    total = turn.get(NeedTotal, data.need) or NeedTotal(need=data.need)
    tally = {answer: getattr(total, answer) for answer in ANSWERS}
    if wish is None:
        wish = Wish(member=data.member, need=data.need, declared=day, by=event.id, ask=None)
        total = replace(total, declared=total.declared + 1)
    if wish.answer is not None:
        tally[wish.answer] -= 1
    tally[data.answer] += 1
    turn.put(replace(total, **tally))
    turn.put(replace(wish, answer=data.answer))
    periods.count(turn, day, event.id, names)


def ask(turn: Turn, due: datetime) -> None:
    """Ask everybody whose day it is whether they found what they need: one need a person, one tap."""
    today = periods.day_of(turn, due)
    asked_today: dict[str, None] = {}
    for wish in turn.find(ASKS_DUE, today.isoformat()):
        person = turn.person(wish.member)
        if not may_be_asked(person, turn.now) and not is_paused(person, turn.now):
            turn.put(replace(wish, ask=None))
        elif wish.member in asked_today:
            turn.put(replace(wish, ask=(today + SPACING_DAYS * DAY).isoformat()))
        elif is_paused(person, turn.now) or turn.playbook.calendar.is_quiet(today) or turn.silent():
            turn.put(replace(wish, ask=(today + DAY).isoformat()))
        else:
            asked_today[wish.member] = None
            _ask(turn, wish, today)


def _ask(turn: Turn, wish: Wish, today: date) -> None:
    person = turn.person(wish.member)
    values: dict[str, Value] = {
        "name": (person.display_name if person is not None else None) or wish.member,
        "need": wish.need,
    }
    turn.request(
        Message(
            key=f"{wish.member}/{wish.need}"[:250],
            rule=RULE,
            kind=RULE,
            template="need",
            to=To(kind="member", id=wish.member),
            purse="attention",
            lifetime=LIFETIME,
            values=values,
            actions=tuple(
                Act(
                    id=answer,
                    label=f"need_{answer}",
                    fact={"type": NeedAnswered.TYPE, "data": {"need": wish.need, "answer": answer}},
                )
                for answer in ANSWERS
            ),
            because=(
                because(
                    "digest.needs_asked_days",
                    threshold=turn.playbook.digest.needs_asked_days[wish.asked]
                    if wish.asked < len(turn.playbook.digest.needs_asked_days)
                    else None,
                    actual=(today - wish.declared).days,
                    evidence=(wish.by,),
                ),
            ),
        )
    )
    turn.put(_next(turn, replace(wish, asked=wish.asked + 1), today))
