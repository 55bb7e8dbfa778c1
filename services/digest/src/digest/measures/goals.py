"""Goals: what the organisation wants of the community, how it stands, and members' needs beside it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import GoalReported, Indicator, NeedMet
from contracts.envelope import AnyEvent, Because, EvidenceRange
from contracts.playbook.digest import Goal
from contracts.turn import Turn
from digest.measures import periods, rounding
from digest.measures.indicators import computed, found
from digest.measures.periods import DAY, FACTS
from digest.measures.state import NEED_TOTALS, Aim

RULE = "goals"
OUTSIDE = "outcome.reported"
LEVEL_SHARE = Fraction(2, 100)
"""A figure that moved by less than that of what it was is level."""
Trend = Literal["up", "level", "down"]


def outcome(turn: Turn, event: AnyEvent) -> None:
    """A figure from outside: the goal it measures is reported at once."""
    data = event.data
    periods.count(turn, periods.day_of(turn, event.time), event.id, (FACTS,))
    before = turn.get(Aim, data.goal)
    value = rounding.text(data.value)
    corrected = before is not None and before.period == data.period
    trend = before.trend if before is not None and corrected else trend_of(before.value if before else None, value)
    aim = Aim(
        goal=data.goal,
        value=value,
        unit=data.unit,
        period=data.period,
        by=event.id,
        source=data.source,
        trend=trend,
    )
    if before == aim:
        return
    turn.put(aim)
    goal = next((goal for goal in turn.playbook.goals if goal.goal == data.goal), None)
    if goal is not None and goal.indicator is None:
        _report(turn, goal, aim, OUTSIDE, _from_outside(aim, None))


def monthly(turn: Turn, first: date) -> None:
    """On the first of a month: every goal, for the month before, whose first day is given."""
    goals = sorted(turn.playbook.goals, key=lambda goal: goal.goal)
    if not goals:
        return
    last = (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    month = f"{first:%Y-%m}"
    heard = periods.Days(turn, first, last).events(FACTS)
    measured: tuple[Indicator, ...] = ()
    if any(goal.indicator is not None for goal in goals):
        measured = computed(turn, first, last, contributions=True)
    for goal in goals:
        before = turn.get(Aim, goal.goal)
        if goal.indicator is None:
            aim = before or Aim(goal=goal.goal, unit=goal.unit, period=month)
            _report(turn, goal, aim, OUTSIDE, _from_outside(aim, heard))
            continue
        indicator = found(measured, goal.indicator)
        value = indicator.value if indicator is not None else None
        trend = trend_of(before.value if before is not None else None, value)
        aim = Aim(
            goal=goal.goal, value=value, unit=indicator.unit if indicator else goal.unit, period=month, trend=trend
        )
        turn.put(aim)
        _report(turn, goal, aim, indicator.key if indicator else goal.indicator, _from_inside(goal, indicator, heard))


def trend_of(before: str | None, value: str | None) -> Trend | None:
    """Against the figure before; level within 2 % of it."""
    if before is None or value is None:
        return None
    earlier, now = Fraction(Decimal(before)), Fraction(Decimal(value))
    if abs(now - earlier) <= abs(earlier) * LEVEL_SHARE:
        return "level"
    return "up" if now > earlier else "down"


def _from_outside(aim: Aim, heard: EvidenceRange | None) -> Because:
    """`heard`: the facts of the month, which show that nothing was told from outside."""
    evidence = (aim.by,) if aim.by is not None else heard or ()
    return Because(rule=f"{RULE}.outside", threshold=aim.source, actual=aim.value, evidence=evidence)


def _from_inside(goal: Goal, indicator: Indicator | None, heard: EvidenceRange | None) -> Because:
    """`heard`: the facts of the month, which show that there was nothing to measure."""
    if indicator is None:
        words = "there is no indicator of that name"
        return Because(rule=f"{RULE}.indicator", threshold=goal.indicator, actual=words, evidence=heard or ())
    return Because(
        rule=f"{RULE}.indicator",
        threshold=f"{indicator.key}, definition {indicator.definition}",
        actual=indicator.value,
        evidence=indicator.events or heard or (),
    )


def _report(turn: Turn, goal: Goal, aim: Aim, indicator: str, why: Because) -> None:
    trend: Trend | None = aim.trend  # type: ignore[assignment]
    target = rounding.number(Fraction(Decimal(str(goal.target))), rounding.SHARE_PLACES)
    turn.decide(
        GoalReported(
            community=turn.slug,
            because=(
                why,
                Because(rule=f"{RULE}.target", threshold=target, actual=aim.value, evidence=why.evidence),
            ),
            playbook=turn.version,
            goal=goal.goal,
            indicator=indicator,
            unit=aim.unit or goal.unit,
            target=target,
            actual=aim.value,
            trend=trend,
            period=aim.period,
            needs=needs_met(turn),
        ),
        rule=RULE,
        key=goal.goal,
    )


def needs_met(turn: Turn) -> tuple[NeedMet, ...]:
    """What members need, and what they said of it, in order of keys."""
    return tuple(
        NeedMet(
            need=total.need,
            declared=total.declared,
            asked=total.yes + total.partly + total.no,
            met=total.yes,
            partly=total.partly,
        )
        for total in turn.find(NEED_TOTALS)
    )


def redeclared(turn: Turn, event: AnyEvent) -> None:
    """A new playbook: what a goal measured by another indicator was before says nothing of it now."""
    periods.count(turn, periods.day_of(turn, event.time), event.id, (FACTS,))
    for goal in turn.playbook.goals:
        aim = turn.get(Aim, goal.goal)
        if aim is not None and (aim.source is None) == (goal.indicator is None):
            turn.put(replace(aim, value=None, trend=None, by=None, source=None, unit=goal.unit))
