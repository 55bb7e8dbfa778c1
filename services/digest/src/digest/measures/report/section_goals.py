"""The section of goals, and of members' needs beside them."""

from decimal import Decimal
from fractions import Fraction

from chassis.look import plots
from digest.measures.indicators import DEFINITIONS
from digest.measures.report.desk import Desk, Grid, Part, Plot


class Goals(Desk):
    """Goals and needs."""

    def part(self) -> Part:
        """The section."""
        say = self.say
        lead: list[str] = []
        figures: list[Plot] = []
        self._aims(lead, figures)
        self._needs(lead, figures)
        return Part(id="goals", title=say("goals"), lead=tuple(lead), plots=tuple(figures))

    def _aims(self, lead: list[str], figures: list[Plot]) -> None:
        view, say = self.view, self.say
        goals = view.playbook.goals
        if not goals:
            lead.append(say("goals_none"))
            return
        voice = view.playbook.voice()
        rows, labels, values, shown = [], [], [], []
        for goal in goals:
            aim = view.aims.get(goal.goal)
            target = Fraction(Decimal(str(goal.target)))
            label = say(f"goal.{goal.goal}")
            actual = Fraction(Decimal(aim.value)) if aim is not None and aim.value is not None else None
            said = self._actual(goal.indicator, actual, aim.unit if aim is not None else goal.unit)
            rows.append(
                (
                    f"{label}: {goal.what.text(voice)}",
                    f"{say.number(target)} {goal.unit}",
                    said,
                    say(aim.trend) if aim is not None and aim.trend else say("unknown"),
                    aim.period if aim is not None and aim.value is not None else "",
                )
            )
            labels.append(label)
            shown.append(said)
            values.append(self._of_target(goal.indicator, actual, target, goal.unit))
        name = say("goals_plot")
        columns = (say("goal"), say("target"), say("actual"), say("trend"), say("period"))
        grid = Grid(caption=name, columns=columns, rows=tuple(rows))
        if all(value is None for value in values):
            lead.append(say("goals_unknown"))
        draw = plots.progress(values, labels, shown, mark_name=say("target"), percent=say.percent)
        text = ". ".join(f"{label}: {figure}" for label, figure in zip(labels, shown, strict=True))
        figures.append(self.plot("goals-aims", name, draw, grid, text=text, height=1.3 + 0.62 * len(labels)))

    def _actual(self, indicator: str | None, actual: Fraction | None, unit: str) -> str:
        if actual is None:
            return self.say("unknown")
        if indicator is None:
            return f"{self.say.number(actual)} {unit}"
        if _is_share(indicator):
            return self.say.percent(self.view.veil.rounded_percent(actual, 0))
        if unit == "minutes":
            return self.say.wait(float(actual))
        return f"{self.count(int(actual))} {unit}"

    def _of_target(self, indicator: str | None, actual: Fraction | None, target: Fraction, unit: str) -> float | None:
        if actual is None or not target:
            return None
        if indicator is not None:
            # A share is computed from 0 to 1, and aimed at in percent.
            actual = actual * 100 if _is_share(indicator) and target > 1 else actual
            if not _is_share(indicator) and unit != "minutes":
                actual = Fraction(self.view.veil.count(int(actual)))
        return float(round(actual / target * 20)) * 5

    def _needs(self, lead: list[str], figures: list[Plot]) -> None:
        view, say = self.view, self.say
        if not view.needs:
            lead.append(say("needs_none"))
            return
        labels: list[str] = []
        rows: list[tuple[str, ...]] = []
        parts: dict[str, list[int]] = {say("met"): [], say("partly"): [], say("not_met"): []}
        for total in view.needs:
            label = say(f"need.{total.need}") if say.has(f"need.{total.need}") else total.need
            split = view.veil.parts({"yes": total.yes, "partly": total.partly, "no": total.no})
            if split is None:
                hidden = say("hidden")
                rows.append((label, self.count(total.declared), hidden, hidden, hidden))
                continue
            rows.append((label, self.count(total.declared), *(self.count(getattr(total, key)) for key in split)))
            labels.append(label)
            for values, number in zip(parts.values(), split.values(), strict=True):
                values.append(number)
        name = say("needs_plot")
        grid = Grid(caption=name, columns=(say("need"), say("declared"), *parts), rows=tuple(rows))
        if labels:
            text = ". ".join(" ".join(row) for row in rows)
            draw = plots.stacked(parts, labels)
            figures.append(self.plot("goals-needs", name, draw, grid, text=text, height=1.4 + 0.6 * len(labels)))
        else:
            lead.append(say("needs_quiet"))
            figures.append(Plot(title=name, svg="", grid=grid))


def _is_share(indicator: str) -> bool:
    name = max((name for name in DEFINITIONS if indicator.startswith(name)), key=len, default="")
    return bool(name) and DEFINITIONS[name][1] == "share"
