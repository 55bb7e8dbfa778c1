"""The section of the life stage: which, since when, and why."""

from decimal import Decimal
from fractions import Fraction

from chassis.look import plots
from contracts.activity import iso_week
from digest.measures.report.desk import Desk, Grid, Part
from digest.measures.state import Check

TREND_WEEKS = 26


class Life(Desk):
    """The life stage, with reasons."""

    def part(self) -> Part:
        """The section."""
        view, say, life = self.view, self.say, self.view.life
        needed = view.playbook.digest.stage_change_weeks
        lead = []
        if life.stage is None:
            lead.append(say("life_none", weeks=needed))
        else:
            lead.append(say("life_lead", stage=say(f"stage.{life.stage}"), week=life.since or ""))
        if life.candidate is not None:
            lead.append(say("life_candidate", stage=say(f"stage.{life.candidate}"), weeks=needed))
        if life.compared_with is not None:
            lead.append(say("life_year"))
        elif life.resting:
            lead.append(say("life_resting"))
        mondays = view.mondays(TREND_WEEKS)
        series = {
            say(name): [view.veil.count(view.in_week(each, name)) for each in mondays]
            for name in ("actives", "newcomers")
        }
        figures = []
        if mondays:
            title = say("life_plot")
            rows = [
                (iso_week(each), *(self.count(view.in_week(each, name)) for name in ("actives", "newcomers")))
                for each in mondays
            ]
            grid = Grid(caption=title, columns=(say("week"), *series), rows=tuple(rows))
            labels = [say.short_day(each) for each in mondays]
            figures.append(self.plot("life", title, plots.lines(series, labels), grid, text=" ".join(lead)))
        why = Grid(
            caption=say("why"),
            columns=(say("check"), say("threshold"), say("actual"), say("holds")),
            rows=tuple(self._check(check) for check in life.checks),
        )
        return Part(
            id="life", title=say("life"), lead=tuple(lead), plots=tuple(figures), grids=(why,) if why.rows else ()
        )

    def _check(self, check: Check) -> tuple[str, ...]:
        say, figures = self.say, self.view.playbook.digest
        values = {
            "weeks": figures.stage_dormant_weeks,
            "actives": figures.stage_dormant_actives,
            "members": figures.stage_newborn_members,
            "percent": say.number(Fraction(Decimal(str(figures.stage_slope_percent)))),
        }
        threshold = say(f"takes.{check.rule}", **values)
        actual = say("unknown")
        if check.actual is not None and check.rule == "dormant":
            numbers = [self.count(int(number)) for number in check.actual.split(", ")]
            actual = say("actives_of", numbers=", ".join(numbers))
        elif check.actual is not None and check.rule == "newborn":
            actual = self.count(int(check.actual))
        elif check.actual is not None:
            slopes = [part.split()[1] for part in check.actual.split(", ")]
            said = [
                say("unknown") if each == "unknown" else say("per_week", percent=self._signed(each)) for each in slopes
            ]
            actual = say("slopes", actives=said[0], newcomers=said[1])
        return (say(f"stage.{check.rule}"), threshold, actual, say("yes" if check.holds else "no"))

    def _signed(self, text: str) -> str:
        number = self.say.number(abs(float(text)))
        return f"\N{MINUS SIGN}{number}" if text.startswith("-") else f"+{number}"
