"""Indicators of what is said: how long questions wait, who answers, whether the organisation does, how fresh it is."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from contracts.decisions import Indicator
from contracts.office_time import office_minutes_between
from digest.measures.definitions import Measured, indicator, merged, opening_facts
from digest.measures.estimates import censored_median
from digest.measures.periods import DAY, Days, midnight
from digest.measures.state import REMARKS_DUE, REMARKS_OPEN, WORDS_DUE, Remark, Talk

MEDIAN_DAYS = 28
MINUTE = timedelta(minutes=1)


def in_time(measured: Measured) -> Iterator[Indicator]:
    """Answered in time, over all questions, by both clocks."""
    minutes = measured.turn.playbook.digest.answered_within_minutes
    for clock, suffix in (("office", ""), ("wall", "_wall")):
        due = [
            (talk, target)
            for talk in measured.questions
            if (target := getattr(talk, f"{clock}_target")) is not None and measured.since <= target < measured.until
        ]
        met = sum(talk.response_at is not None and talk.response_at <= target for talk, target in due)
        yield indicator(
            f"answered_within{suffix}",
            key=f"answered_within_{minutes}_minutes{suffix}",
            numerator=met,
            denominator=len(due),
            events=opening_facts(talk for talk, _ in due),
        )


def left_alone(measured: Measured) -> Iterator[Indicator]:
    """Questions that became old without a response, or without an answer."""
    hours = measured.turn.playbook.digest.unanswered_after_hours
    age = timedelta(hours=hours)
    due = [talk for talk in measured.questions if talk.at and measured.since <= talk.at + age < measured.until]
    for name, what in (("unanswered_after", "response_at"), ("without_answer_after", "answer_at")):
        alone = sum((at := getattr(talk, what)) is None or talk.at is None or at > talk.at + age for talk in due)
        yield indicator(name, key=f"{name}_{hours}h", numerator=alone, denominator=len(due), events=opening_facts(due))


def waits(questions: Iterable[Talk], what: str, until: datetime) -> tuple[list[int], list[int]]:
    """Minutes from asking to the first `response_at` or `answer_at`, and so far of those who still wait."""
    ended, waiting = [], []
    for talk in questions:
        if talk.at is None:
            continue
        at = getattr(talk, what)
        if at is not None and at < until:
            ended.append((at - talk.at) // MINUTE)
        else:
            waiting.append(max(0, (until - talk.at) // MINUTE))
    return ended, waiting


def medians(measured: Measured) -> Iterator[Indicator]:
    """How long a first response and a first answer take, and how long the core team takes."""
    since = midnight(measured.turn.playbook, measured.last - (MEDIAN_DAYS - 1) * DAY)
    questions = [talk for talk in measured.questions if talk.at and since <= talk.at < measured.until]
    for name, what in (("first_response_median", "response_at"), ("first_answer_median", "answer_at")):
        ended, waiting = waits(questions, what, measured.until)
        yield indicator(
            name,
            value=censored_median(ended, waiting),
            numerator=len(ended),
            denominator=len(questions),
            events=opening_facts(questions),
        )
    by_staff = [(talk.at, talk.staff_at) for talk in questions if talk.at and talk.staff_at]
    office = measured.turn.playbook.office
    walls = sorted((said - at) // MINUTE for at, said in by_staff)
    offices = sorted(office_minutes_between(office, at, said) for at, said in by_staff)
    told = opening_facts(talk for talk in questions if talk.staff_at)
    for clock, minutes in (("office", offices), ("wall", walls)):
        middle = Fraction(minutes[(len(minutes) - 1) // 2] + minutes[len(minutes) // 2], 2) if minutes else None
        yield indicator(f"core_team_answer_time_{clock}", value=middle, denominator=len(minutes), events=told)


def answers(measured: Measured) -> Iterator[Indicator]:
    """Who answers, and what it saves."""
    days, first, last = measured.days, measured.first, measured.last
    by = {responder: days.number(f"answers.{responder}", first, last) for responder in ("member", "relay", "staff")}
    events = merged(days, [f"answers.{responder}" for responder in by], first, last)
    yield indicator("answers_by", value=sum(by.values()), parts=by, events=events)
    cost = Fraction(Decimal(str(measured.turn.playbook.digest.support_cost_per_answer)))
    avoided = by["member"] + by["relay"]
    yield indicator("support_cost_avoided", value=cost * avoided if cost else None, numerator=avoided, events=events)


def organisation(measured: Measured) -> Iterator[Indicator]:
    """The organisation's word on threads and feedback, and what came of feedback."""
    turn, days, first, last = measured.turn, measured.days, measured.first, measured.last
    due = heard = 0
    opened: list[Talk] = []
    day = first
    while day <= last:
        end = midnight(turn.playbook, day + DAY)
        talks = [talk for talk in turn.find(WORDS_DUE, day.isoformat()) if not talk.gone and talk.own]
        remarks: tuple[Remark, ...] = turn.find(REMARKS_DUE, day.isoformat())
        due += len(talks) + len(remarks)
        heard += sum(talk.staff_at is not None and talk.staff_at < end for talk in talks)
        heard += sum(remark.word_at is not None and remark.word_at < end for remark in remarks)
        opened += talks
        day += DAY
    opened.sort(key=lambda talk: (talk.at or turn.now, talk.thread))
    yield indicator("reciprocity", numerator=heard, denominator=due, events=opening_facts(opened))
    outcomes = {kind: days.number(f"feedback.{kind}", first, last) for kind in ("adopted", "later", "no")}
    events = merged(days, [f"feedback.{kind}" for kind in outcomes], first, last)
    parts = {**outcomes, "waiting": len(turn.find(REMARKS_OPEN))}
    yield indicator("feedback_outcomes", value=sum(outcomes.values()), parts=parts, events=events)


def usual_threads(days: Days, day: date, weeks: int, opened: date) -> Fraction | None:
    """The median number of member-started threads on that weekday, over so many weeks before; None without any."""
    before = [day - 7 * step * DAY for step in range(1, weeks + 1)]
    numbers = sorted(days.on(each, "threads") for each in before if each >= opened and each >= days.first)
    if not numbers:
        return None
    return Fraction(numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2], 2)


def freshness(measured: Measured) -> Iterator[Indicator]:
    """Threads against the place's own rhythm."""
    turn, days = measured.turn, measured.days
    opened = turn.community.opened_at.astimezone(turn.playbook.zone).date()
    weeks = turn.playbook.digest.rhythm_weeks
    span = [measured.first + step * DAY for step in range((measured.last - measured.first).days + 1)]
    usual = [usual_threads(days, day, weeks, opened) for day in span]
    threads = days.number("threads", measured.first, measured.last)
    whole = sum((each for each in usual if each is not None), Fraction(0))
    value = Fraction(threads) / whole if whole and None not in usual else None
    events = days.events("threads", measured.first, measured.last)
    yield indicator("freshness", value=value, numerator=threads, events=events)
