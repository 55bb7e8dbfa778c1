"""The sections of members: who came and stayed, and how large a part they take."""

from collections.abc import Sequence
from datetime import date

from chassis.look import plots
from contracts.activity import iso_week
from digest.measures.report.desk import QUARTER_WEEKS, Desk, Grid, Part, Plot
from digest.measures.report.view import DAY, WEEK

COHORT_COLUMNS = (0, 1, 2, 3, 4, 6, 8, 12)
COHORT_LINES = 6


class Arrivals(Desk):
    """Newcomers, and retention by cohort."""

    def part(self) -> Part:
        """The section."""
        view, say = self.view, self.say
        title, mondays = say("arrivals"), view.mondays(QUARTER_WEEKS)
        if not mondays:
            return Part(id="arrivals", title=title, lead=(say("unknown"),))
        numbers = [view.in_week(each, "newcomers") for each in mondays]
        last = view.today - 14 * DAY
        kept = view.between(mondays[0], last, "kept.7")
        started = view.between(mondays[0], last, "first_acts")
        share = view.veil.percent(kept, started)
        lead = say("arrivals_lead", count=self.count(sum(numbers)))
        if share is not None:
            lead = f"{lead} {say('arrivals_kept', kept=say.percent(share))}"
        name = say("arrivals_plot")
        rows = [(iso_week(each), self.count(number)) for each, number in zip(mondays, numbers, strict=True)]
        grid = Grid(caption=name, columns=(say("week"), say("newcomers")), rows=tuple(rows))
        labels = [say.short_day(each) for each in mondays]
        draw = plots.bars([view.veil.count(number) for number in numbers], labels, name=say("newcomers"))
        figures = [self.plot("arrivals", name, draw, grid, text=lead, height=2.4)]
        cohorts = self._cohorts()
        return Part(id="arrivals", title=title, lead=(lead,), plots=(*figures, *cohorts))

    def _cohorts(self) -> tuple[Plot, ...]:
        view, say = self.view, self.say
        this_week = view.today - view.today.weekday() * DAY
        shares: list[list[int | None]] = []
        labels: list[str] = []
        rows: list[tuple[str, ...]] = []
        for line in reversed(range(COHORT_LINES)):
            weeks = [this_week - (4 * line + step) * WEEK for step in (4, 3, 2, 1)]
            size = sum(self._of_cohort(monday, 0) for monday in weeks)
            if not size:
                continue
            found = [self._kept(weeks, later, this_week) for later in COHORT_COLUMNS]
            shares.append(found)
            labels.append(say.short_day(weeks[0]))
            rows.append(
                (labels[-1], self.count(size), *("·" if share is None else say.percent(share) for share in found))
            )
        if not shares:
            return ()
        name = say("cohorts_plot")
        columns = tuple(f"+{later}" if later else "0" for later in COHORT_COLUMNS)
        grid = Grid(caption=name, columns=(say("cohort"), say("size"), *columns), rows=tuple(rows))
        note = say("cohorts_note")
        draw = plots.squares(shares, labels, columns, "·")
        return (self.plot("cohorts", name, draw, grid, text=note, note=note, height=1.3 + 0.36 * len(shares)),)

    def _of_cohort(self, monday: date, later: int) -> int:
        cohort = self.view.cohorts.get(iso_week(monday))
        return cohort.active[later] if cohort is not None and later < len(cohort.active) else 0

    def _kept(self, weeks: Sequence[date], later: int, this_week: date) -> int | None:
        """The share of four weeks' beginners who were active so many weeks later, of those weeks that are over."""
        ripe = [monday for monday in weeks if monday + later * WEEK < this_week]
        if len(ripe) < len(weeks):
            return None
        size = sum(self._of_cohort(monday, 0) for monday in ripe)
        back = sum(self._of_cohort(monday, later) for monday in ripe)
        if later == 0:
            return 100 if self.view.veil.may_split(size) else None
        return self.view.veil.percent(min(back, size), size)


class Strata(Desk):
    """The pyramid of strata."""

    def part(self) -> Part:
        """The section."""
        view, say = self.view, self.say
        title = say("strata")
        if not view.totals.strata:
            return Part(id="strata", title=title, lead=(say("strata_none"),))
        named = {key: max(0, number) for key, number in view.totals.strata.items() if key != "listening"}
        others = max(0, view.totals.members - sum(named.values()))
        order = ("listening", "taking_part", "lending_a_hand", "holding_up", "relay")
        levels = [([key], others if key == "listening" else named.get(key, 0)) for key in order]
        merged = _merged(levels, view.veil.least)
        labels = [" + ".join(say(key) for key in keys) for keys, _ in merged]
        shown = [self.count(number) for _, number in merged]
        values = [view.veil.count(number) for _, number in merged]
        grid = Grid(
            caption=title,
            columns=(say("stratum"), say("members")),
            rows=tuple(zip(reversed(labels), reversed(shown), strict=True)),
        )
        note = say("strata_merged", least=view.veil.least) if len(merged) < len(levels) else ""
        lead = say("strata_lead", count=self.count(view.totals.members))
        draw = plots.pyramid(values, labels, shown)
        figure = self.plot("strata", title, draw, grid, text=lead, note=note, height=0.7 + 0.62 * len(merged))
        return Part(id="strata", title=title, lead=(lead,), plots=(figure,))


def _merged(levels: Sequence[tuple[list[str], int]], least: int) -> list[tuple[list[str], int]]:
    """Levels from below, those too small joined to the one below; the lowest, if it is, to the one above."""
    result: list[tuple[list[str], int]] = []
    for keys, number in reversed(levels):
        if result and result[-1][1] < least:
            above, count = result[-1]
            result[-1] = ([*keys, *above], count + number)
        else:
            result.append((list(keys), number))
    if len(result) > 1 and result[-1][1] < least:
        keys, number = result.pop()
        above, count = result[-1]
        result[-1] = ([*keys, *above], count + number)
    return result[::-1]
