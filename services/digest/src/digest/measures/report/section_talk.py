"""The sections of what is said: how long questions wait, and how fresh the place is."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from chassis.look import plots
from contracts.activity import iso_week
from digest.measures.estimates import censored_median, survival_curve
from digest.measures.indicators import waits
from digest.measures.report.desk import QUARTER_WEEKS, Desk, Grid, Part
from digest.measures.report.view import DAY

_TICKS = (15, 60, 240, 1440, 4 * 1440, 14 * 1440)
"""Minutes that are named on the axis of waiting."""


class Responses(Desk):
    """Response times, the unanswered kept in."""

    def part(self) -> Part:
        """The section."""
        view, say = self.view, self.say
        title, asked = say("responses"), self.questions()
        if len(asked) < max(1, view.veil.least):
            return Part(id="responses", title=title, lead=(say("responses_none", least=max(1, view.veil.least)),))
        hours = view.playbook.digest.unanswered_after_hours
        age = timedelta(hours=hours)
        old = [talk for talk in asked if talk.at is not None and talk.at + age <= view.now]
        alone = sum(
            talk.response_at is None or (talk.at is not None and talk.response_at > talk.at + age) for talk in old
        )
        left = say.percent(view.veil.percent(alone, len(old)))
        curves: dict[str, list[tuple[float, float]]] = {}
        medians: list[int | None] = []
        for name, what in (("first_response", "response_at"), ("first_answer", "answer_at")):
            ended, waiting = waits(asked, what, view.now)
            medians.append(censored_median(ended, waiting))
            curve = [(0.0, 100.0)]
            for minutes, share in survival_curve(ended, waiting):
                curve.append((max(float(minutes), 0.5), float(view.veil.rounded_percent(share, len(asked)))))
            curves[say(name)] = curve
        median = medians[0]
        if median is not None:
            lead = say("responses_lead", median=say.wait(median), hours=hours, left=left)
        else:
            lead = say("responses_long", hours=hours, left=left)
        rows = [(say.wait(tick), *(say.percent(int(_at(curve, tick))) for curve in curves.values())) for tick in _TICKS]
        rows.append((say("median"), *(say("unknown") if each is None else say.wait(each) for each in medians)))
        grid = Grid(caption=title, columns=(say("after"), *curves), rows=tuple(rows))
        minutes = view.playbook.digest.answered_within_minutes
        ticks = [(tick, say.wait(tick)) for tick in _TICKS]
        draw = plots.curves(curves, ticks, mark=minutes, mark_name=say.wait(minutes), percent=say.percent)
        note = say("responses_note", count=self.count(len(asked)))
        figure = self.plot("responses", title, draw, grid, text=f"{lead} {note}", note=note)
        return Part(id="responses", title=title, lead=(lead, *self._answers_by()), plots=(figure,))

    def _answers_by(self) -> tuple[str, ...]:
        view = self.view
        first = view.today - 28 * DAY
        split = {who: view.between(first, view.today, f"answers.{who}") for who in ("member", "relay", "staff")}
        if view.veil.parts(split) is None:
            return ()
        return (self.say("answers_by", **{who: self.count(number) for who, number in split.items()}),)


class Freshness(Desk):
    """Threads against the place's own rhythm."""

    def part(self) -> Part:
        """The section."""
        view, say = self.view, self.say
        title, name = say("freshness"), say("freshness_plot")
        mondays = view.mondays(min(QUARTER_WEEKS, 8))
        if not mondays:
            return Part(id="freshness", title=title, lead=(say("unknown"),))
        threads = [view.between(monday, monday + 6 * DAY, "threads") for monday in mondays]
        usual: list[Fraction | None] = []
        for monday in mondays:
            days = [view.usual(monday + step * DAY) for step in range(7)]
            usual.append(None if None in days else sum((day for day in days if day is not None), Fraction(0)))
        shown = [None if each is None else view.veil.count(int(each)) for each in usual]
        recent = [each for each in usual[-4:] if each is not None]
        lead = say(
            "freshness_lead",
            count=self.count(sum(threads[-4:])),
            usual=self.count(int(sum(recent, Fraction(0)))) if len(recent) == len(usual[-4:]) else say("unknown"),
        )
        rows = [
            (iso_week(monday), self.count(number), say("unknown") if each is None else self.count(int(each)))
            for monday, number, each in zip(mondays, threads, usual, strict=True)
        ]
        grid = Grid(caption=name, columns=(say("week"), say("threads"), say("usual")), rows=tuple(rows))
        draw = plots.bars(
            [view.veil.count(number) for number in threads],
            [say.short_day(monday) for monday in mondays],
            name=say("threads"),
            line=shown,
            line_name=say("usual"),
        )
        note = say("freshness_note", weeks=view.playbook.digest.rhythm_weeks)
        return Part(
            id="freshness",
            title=title,
            lead=(lead,),
            plots=(self.plot("freshness", name, draw, grid, text=f"{lead} {note}", note=note, height=2.6),),
        )


def _at(curve: Sequence[tuple[float, float]], minutes: float) -> float:
    return [share for at, share in curve if at <= minutes][-1]
