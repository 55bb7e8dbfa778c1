"""The life stage of a community, judged once a week: in which, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec.structs import replace

from contracts.activity import iso_week, local_day, week_start
from contracts.decisions import StageChanged
from contracts.envelope import Because
from contracts.turn import Turn
from digest.measures import rounding
from digest.measures.estimates import PRECISION, logarithm, weekly_growth_percent
from digest.measures.periods import DAY, spanned, week_marks
from digest.measures.state import Check, Life, Mark, Totals

Stage = Literal["newborn", "growing", "mature", "declining", "dormant"]
RULE = "life_stage"
WEEK = timedelta(days=7)
QUIET_DAYS = 4
"""From so many quiet days on a week is of a quiet season."""
PLACES = 4


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks that a judgement looks at, oldest first; `quiet` tells those of a quiet season."""

    mondays: tuple[date, ...]
    marks: Mapping[str, Mapping[str, Mark]]
    quiet: tuple[bool, ...]
    opened: date

    def number(self, monday: date, name: str) -> int:
        """What was counted in the week of a Monday."""
        return self.marks.get(iso_week(monday), {}).get(name, (0, "", ""))[0]

    def known(self, monday: date) -> bool:
        """Whether the community was there for the whole week."""
        return monday >= self.opened


def judged(turn: Turn, last: date) -> None:
    """Judge the week that ends with `last`. While a platform is silent, nothing is."""
    life = turn.get(Life) or Life()
    week = iso_week(last)
    if turn.silent() or life.judged == week:
        return
    weeks = _weeks(turn, week_start(last))
    if not weeks.known(week_start(last)):
        return
    slopes, compared = _slopes(turn, weeks)
    checks = _checks(turn, weeks, slopes)
    unknown = None in slopes.values()
    resting = unknown and any(weeks.quiet[-turn.playbook.digest.stage_weeks :])
    life = replace(life, judged=week, checks=checks, compared_with=compared, resting=resting)
    found = _stage(checks, unknown=unknown, resting=resting, present=life.stage)
    turn.put(life if found is None else _after(turn, life, found, weeks, slopes))


def _weeks(turn: Turn, monday: date) -> Weeks:
    count = max(turn.playbook.digest.stage_weeks, turn.playbook.digest.stage_dormant_weeks + 8)
    mondays = tuple(monday - step * WEEK for step in reversed(range(count)))
    calendar = turn.playbook.calendar
    quiet = tuple(sum(calendar.is_quiet(each + step * DAY) for step in range(7)) >= QUIET_DAYS for each in mondays)
    wanted = [iso_week(each) for each in mondays] + [_year_before(each) for each in mondays]
    opened = local_day(turn.community.opened_at, turn.playbook.zone)
    # The week in which a community begins is not whole, and would make every beginning look like growth.
    first = opened if opened.weekday() == 0 else week_start(opened) + WEEK
    return Weeks(mondays, week_marks(turn, wanted), quiet, first)


def _year_before(monday: date) -> str:
    """The ISO week of the same number a year ago; the 53rd is held against the 52nd."""
    year, week, _ = monday.isocalendar()
    try:
        return iso_week(date.fromisocalendar(year - 1, week, 1))
    except ValueError:
        return iso_week(date.fromisocalendar(year - 1, 52, 1))


def _slopes(turn: Turn, weeks: Weeks) -> tuple[Mapping[str, Decimal | None], str | None]:
    """Growth a week, in percent, of actives and of newcomers; and the week of a year ago it was compared with.

    Where a quiet season lies among the weeks, each is compared with the same one a year ago; where there was none,
    the weeks of the season are left out.
    """
    count = turn.playbook.digest.stage_weeks
    window = [(monday, quiet) for monday, quiet in zip(weeks.mondays, weeks.quiet, strict=True)][-count:]
    window = [(monday, quiet) for monday, quiet in window if weeks.known(monday)]
    seasonal = any(quiet for _, quiet in window)
    year_ago = seasonal and all(weeks.marks.get(_year_before(monday)) for monday, _ in window)
    slopes: dict[str, Decimal | None] = {}
    for name in ("actives", "newcomers"):
        points = []
        for place, (monday, quiet) in enumerate(window):
            value = logarithm(weeks.number(monday, name))
            if year_ago:
                before = weeks.marks[_year_before(monday)].get(name, (0, "", ""))[0]
                value = PRECISION.subtract(value, logarithm(before))
            elif quiet:
                continue
            points.append((place, value))
        slopes[name] = weekly_growth_percent(points) if len(window) >= count // 2 else None
    return slopes, _year_before(weeks.mondays[-1]) if year_ago else None


def _checks(turn: Turn, weeks: Weeks, slopes: Mapping[str, Decimal | None]) -> tuple[Check, ...]:
    figures = turn.playbook.digest
    waking = [
        monday for monday, quiet in zip(weeks.mondays, weeks.quiet, strict=True) if not quiet and weeks.known(monday)
    ][-figures.stage_dormant_weeks :]
    actives = [weeks.number(monday, "actives") for monday in waking]
    asleep = len(actives) == figures.stage_dormant_weeks and max(actives) < figures.stage_dormant_actives
    members = (turn.get(Totals) or Totals()).members
    limit = Decimal(str(figures.stage_slope_percent))
    both = [slope for slope in slopes.values() if slope is not None]
    said = ", ".join(f"{name} {_percent(slope)} %" for name, slope in slopes.items()) if both else None
    return (
        Check(
            rule="dormant",
            threshold=f"{figures.stage_dormant_weeks} weeks under {figures.stage_dormant_actives} actives",
            actual=", ".join(map(str, actives)) or None,
            holds=asleep,
        ),
        Check(
            rule="newborn",
            threshold=f"under {figures.stage_newborn_members} members",
            actual=str(members),
            holds=members < figures.stage_newborn_members,
        ),
        Check(
            rule="declining",
            threshold=f"both under -{limit} % a week",
            actual=said,
            holds=len(both) == len(slopes) and all(slope < -limit for slope in both),
        ),
        Check(
            rule="growing",
            threshold=f"both above {limit} % a week",
            actual=said,
            holds=len(both) == len(slopes) and all(slope > limit for slope in both),
        ),
    )


def _percent(slope: Decimal | None) -> str:
    return "unknown" if slope is None else rounding.number(Fraction(slope), PLACES)


def _stage(checks: Sequence[Check], *, unknown: bool, resting: bool, present: str | None) -> str | None:
    """The first that holds, else mature; None where it cannot be told yet.

    In a quiet season without a year to compare with it stays as it is.
    """
    if resting and present is not None:
        return present
    holds = next((check.rule for check in checks if check.holds), None)
    return holds if holds is not None or unknown else "mature"


def _after(turn: Turn, life: Life, found: str, weeks: Weeks, slopes: Mapping[str, Decimal | None]) -> Life:
    if found == life.stage:
        return replace(life, candidate=None, weeks=0)
    in_a_row = life.weeks + 1 if life.candidate == found else 1
    needed = turn.playbook.digest.stage_change_weeks
    if in_a_row < needed:
        return replace(life, candidate=found, weeks=in_a_row)
    monday = weeks.mondays[-1]
    stage: Stage = found  # type: ignore[assignment]
    previous: Stage | None = life.stage  # type: ignore[assignment]
    turn.decide(
        StageChanged(
            community=turn.slug,
            because=_reasons(life, weeks, in_a_row, needed),
            playbook=turn.version,
            stage=stage,
            previous=previous,
            week=iso_week(monday),
            members=(turn.get(Totals) or Totals()).members,
            weekly_actives=weeks.number(monday, "actives"),
            newcomers=weeks.number(monday, "newcomers"),
            actives_slope_percent=_number(slopes["actives"]),
            newcomers_slope_percent=_number(slopes["newcomers"]),
            compared_with=life.compared_with,
        ),
        rule=RULE,
    )
    return replace(life, stage=found, since=iso_week(monday), candidate=None, weeks=0)


def _number(slope: Decimal | None) -> str | None:
    return None if slope is None else rounding.number(Fraction(slope), PLACES)


def _reasons(life: Life, weeks: Weeks, in_a_row: int, needed: int) -> tuple[Because, ...]:
    marks = [mark for monday in weeks.mondays if (mark := weeks.marks.get(iso_week(monday), {}).get("actives"))]
    events = spanned(marks)
    reasons = [
        Because(rule=f"{RULE}.{check.rule}", threshold=check.threshold, actual=check.actual, evidence=events or ())
        for check in life.checks
    ]
    reasons.append(Because(rule=f"{RULE}.weeks_in_a_row", threshold=needed, actual=in_a_row, evidence=events or ()))
    return tuple(reasons)
