"""What the page is drawn from: the rows of one community, read once, in the order in which it shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from chassis.common import InForce
from chassis.pages import Reader
from contracts.activity import iso_week, local_day, week_start
from contracts.community import Community
from contracts.playbook import NEUTRAL, Playbook
from digest.measures.anonymity import Veil, veil
from digest.measures.state import Aim, Cohort, Life, NeedTotal, Period, Talk, Totals

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One community as it stands. `today` is the local day of its now; weeks are whole ones before it."""

    community: str
    playbook: Playbook
    now: datetime
    today: date
    opened: date
    veil: Veil
    periods: Mapping[str, Period]
    talks: tuple[Talk, ...]
    cohorts: Mapping[str, Cohort]
    life: Life
    totals: Totals
    needs: tuple[NeedTotal, ...]
    aims: Mapping[str, Aim]

    @property
    def name(self) -> str:
        """What the page calls the community: its name, else its slug."""
        return self.playbook.name or self.community

    def mondays(self, count: int) -> list[date]:
        """The last whole weeks in which the community was there, oldest first."""
        last = week_start(self.today) - WEEK
        weeks = [last - step * WEEK for step in reversed(range(count))]
        return [monday for monday in weeks if monday + 6 * DAY >= self.opened]

    def in_week(self, monday: date, name: str) -> int:
        """What was counted in a week by week."""
        period = self.periods.get(iso_week(monday))
        return period.marks.get(name, (0, "", ""))[0] if period is not None else 0

    def on(self, day: date, name: str) -> int:
        """What was counted on a day."""
        period = self.periods.get(day.isoformat())
        return period.marks.get(name, (0, "", ""))[0] if period is not None else 0

    def between(self, first: date, last: date, name: str) -> int:
        """What was counted on days, the last included."""
        return sum(self.on(first + step * DAY, name) for step in range((last - first).days + 1))

    def usual(self, day: date) -> Fraction | None:
        """Threads that are usual on that day: the median of its weekday over the weeks before."""
        weeks = self.playbook.digest.rhythm_weeks
        before = [day - 7 * step * DAY for step in range(1, weeks + 1)]
        numbers = sorted(self.on(each, "threads") for each in before if each >= self.opened)
        if len(numbers) < min(weeks, 3):
            return None
        return Fraction(numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2], 2)


async def viewed(reader: Reader, community: str) -> View | None:
    """A community's view; None when nothing of it is known."""
    known = await reader.rows(Community, community)
    if not known:
        return None
    in_force = await reader.rows(InForce, community)
    playbook = in_force[0].playbook if in_force else NEUTRAL
    life = await reader.rows(Life, community)
    totals = await reader.rows(Totals, community)
    opened = known[0].opened_at
    today = local_day(known[0].now, playbook.zone)
    return View(
        community=community,
        playbook=playbook,
        now=known[0].now,
        today=today,
        opened=min(today, local_day(opened, playbook.zone)),
        veil=veil(playbook.digest),
        periods={row.period: row for row in await reader.rows(Period, community)},
        talks=await reader.rows(Talk, community),
        cohorts={row.week: row for row in await reader.rows(Cohort, community)},
        life=life[0] if life else Life(),
        totals=totals[0] if totals else Totals(),
        needs=await reader.rows(NeedTotal, community),
        aims={row.goal: row for row in await reader.rows(Aim, community)},
    )
