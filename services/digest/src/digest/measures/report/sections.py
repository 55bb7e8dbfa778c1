"""The page, section by section."""

from collections.abc import Iterator

from digest.measures.report.desk import Desk, Part, Tile
from digest.measures.report.section_goals import Goals
from digest.measures.report.section_life import Life
from digest.measures.report.section_members import Arrivals, Strata
from digest.measures.report.section_talk import Freshness, Responses
from digest.measures.report.view import DAY

SECTIONS: tuple[type[Life | Responses | Arrivals | Freshness | Strata | Goals], ...] = (
    *(Life, Responses, Arrivals, Freshness, Strata, Goals),
)


class Writer(Desk):
    """Writes the whole page."""

    def parts(self) -> Iterator[Part]:
        """All sections, in their order."""
        for section in SECTIONS:
            yield section(self.view, self.say).part()

    def tiles(self) -> Iterator[Tile]:
        """The page at a glance."""
        view, say = self.view, self.say
        week = [view.today - step * DAY for step in range(1, 8)]
        yield Tile(label=say("stage"), value=say(f"stage.{view.life.stage}") if view.life.stage else say("unknown"))
        yield Tile(label=say("members"), value=self.count(view.totals.members))
        # Whoever was active since is found under a later day.
        actives = sum(view.on(day, "last") for day in (view.today, *week))
        yield Tile(label=say("weekly_actives"), value=self.count(actives))
        arrivals = view.between(view.today - 28 * DAY, view.today - DAY, "newcomers")
        yield Tile(label=say("newcomers_4"), value=self.count(arrivals))
        minutes = view.playbook.digest.answered_within_minutes
        due = [talk for talk in self.questions() if talk.wall_target is not None and talk.wall_target <= view.now]
        met = sum(
            talk.response_at is not None and talk.response_at <= talk.wall_target for talk in due if talk.wall_target
        )
        share = view.veil.percent(met, len(due))
        yield Tile(label=say("in_time", minutes=minutes), value=say.percent(share), remark=say("of_questions"))
