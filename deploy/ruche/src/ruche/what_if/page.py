"""A what-if as a page: one file of HTML with everything in it, in words for whoever writes the playbook."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined, Template

from chassis.look import style
from chassis.look.tongue import Tongue
from chassis.sentences import Around
from contracts.identity import EPOCH, service_source
from contracts.playbook.section import Language
from ruche.output import one_line
from ruche.what_if.compared import Compared, Side
from ruche.what_if.people import TOUCHING, Affected, Reason, Typical, messages, most_affected, typical
from ruche.why.library import Library
from ruche_replay.difference import Change, Kind, Matter
from ruche_replay.wording import parted

PACKAGE = "ruche.what_if"
DRAWS = "matplotlib"
_SHOWN: tuple[Kind, ...] = ("appeared", "vanished", "moved", "changed")
_LONGEST = 120
_LEAST_WEEKS = 3
_SUMS = (("to_members", "total"), ("members_reached", "members"), ("middle", "middle"), ("most", "most"))


class Cell(NamedTuple):
    """What stands in a table, and a remark below it."""

    text: str
    below: str = ""


class Tile(NamedTuple):
    """One figure at a glance."""

    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: the first cell of each row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Plot(NamedTuple):
    """A figure; without what draws it, its table alone."""

    title: str
    svg: str
    grid: Grid


class Person(NamedTuple):
    """A member for whom much changes."""

    name: str
    counts: str
    reasons: tuple[Cell, ...]


@cache
def _template() -> Template:
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((files(PACKAGE) / "page.html.j2").read_text("utf-8"))


def page(found: Compared, language: Language) -> str:
    """The whole page."""
    return Writer(found, Tongue(PACKAGE, language)).page()


class Writer:
    """Writes about one what-if in one language."""

    def __init__(self, found: Compared, say: Tongue) -> None:
        self.found = found
        self.say = say
        self._library = Library(found.services, say.language)
        self._around = Around(found.zone, found.last or EPOCH)

    def page(self) -> str:
        """The whole page."""
        found, say = self.found, self.say
        return (
            _template().render(
                say=say,
                style=style(),
                title=say("title", tried=one_line(found.after.label, 80)),
                about=self._about(),
                tiles=list(self._tiles()),
                settings=self._settings(),
                rules=list(self._rules()),
                messages_lead=self._messages_lead(),
                plot=self._plot(),
                recipients=self._recipients(),
                people=[self._person(one) for one in most_affected(found)],
                reading=say("reading_words", services=", ".join(sorted(found.before.turns.shelves))),
            )
            + "\n"
        )

    def _about(self) -> str:
        found, say = self.found, self.say
        first, last = ("" if at is None else say.day(at.date()) for at in (found.first, found.last))
        communities = ", ".join(found.communities)
        return say("about", communities=communities, facts=say.number(found.facts), first=first, last=last)

    def _tiles(self) -> Iterator[Tile]:
        say, difference = self.say, self.found.difference
        alike = difference.same + difference.counts["grounds"]
        yield Tile(say("same"), say.number(alike), say("of_decisions", number=say.number(difference.before)))
        for kind in _SHOWN:
            yield Tile(say(kind), say.number(difference.counts[kind]))
        before, after = (side.to_members.total() for side in (self.found.before, self.found.after))
        yield Tile(say("to_members"), f"{say.number(before)} → {say.number(after)}")
        touched = {
            member for change in difference.changes if change.kind in TOUCHING for member in change.decision.members
        }
        yield Tile(say("touched"), say.number(len(touched)))

    def _settings(self) -> Grid:
        say = self.say
        rows = []
        for name, old, new in self.found.settings():
            before, after = parted(self._value(old), self._value(new), _LONGEST)
            rows.append((Cell(name), Cell(before), Cell(after)))
        labels = [self._label(side) for side in (self.found.before, self.found.after)]
        columns = (
            say("setting"),
            *(f"{say(when)} ({label})" for when, label in zip(("before", "after"), labels, strict=True)),
        )
        return Grid(say("tried"), columns, tuple(rows))

    def _label(self, side: Side) -> str:
        return one_line(side.label, 40) if side.label != "the file's own" else self.say("own")

    def _value(self, value: object) -> str:
        return self.say("none") if value is None else one_line(str(value))

    def _rules(self) -> Iterator[Grid]:
        """A table for each service, a row for each decision and rule, those that members notice first.

        What has only another reason is left out.
        """
        say = self.say
        by_service: defaultdict[str, list[tuple[Cell, ...]]] = defaultdict(list)
        matters = [
            (Counter(change.kind for change in changes), matter, changes)
            for matter, changes in self.found.difference.matters().items()
        ]
        for counts, matter, changes in sorted(matters, key=_noticed):
            if any(counts[kind] for kind in _SHOWN):
                numbers = (Cell(say.number(counts[kind]) if counts[kind] else "") for kind in _SHOWN)
                name = Cell(self._decision(matter.type), say("rule", rule=matter.rule))
                by_service[matter.service].append((name, *numbers, self._typical(typical(changes))))
        columns = (say("decision"), *(say(kind) for kind in _SHOWN), say("typically"))
        for service, rows in by_service.items():
            named = say(f"service.{service}") if say.has(f"service.{service}") else service
            yield Grid(named, columns, tuple(rows))

    def _decision(self, type_: str) -> str:
        return self.say(f"is.{type_}") if self.say.has(f"is.{type_}") else type_

    def _typical(self, found: Typical) -> Cell:
        shift, why = self._shift(found.shift), self._why(found)
        return Cell(shift, why) if shift else Cell(why)

    def _why(self, found: Typical) -> str:
        """What the rule says now, in the reader's language; else what is another in the reason, as it stands."""
        decision, earlier = found.example.decision, found.example.before
        reason = decision.reasons[0]
        source = service_source(decision.service)
        said = self._library.rule(source, reason.rule, reason.threshold, reason.actual, self._around)
        if said is not None and found.example.kind != "changed":
            was = None if earlier is None else earlier.reasons[0].actual
            if isinstance(was, int | str) and was != reason.actual:
                said += f" ({self.say('instead', before=one_line(str(was), _LONGEST))})"
            return one_line(said)
        if found.otherwise is None:
            return ""
        before, after = parted(found.otherwise.before, found.otherwise.after, _LONGEST)
        return self.say("otherwise", name=found.otherwise.name, before=one_line(before), after=one_line(after))

    def _shift(self, span: timedelta) -> str:
        if not span:
            return ""
        minutes = abs(span).total_seconds() / 60
        words = self.say.wait(minutes) if minutes >= 1 else f"{round(minutes * 60)}\u00a0s"
        return self.say("earlier" if span < timedelta(0) else "later", span=words)

    def _messages_lead(self) -> str:
        before, after = (self.say.number(side.to_members.total()) for side in (self.found.before, self.found.after))
        return self.say("messages_same" if before == after else "messages_lead", before=before, after=after)

    def _plot(self) -> Plot | None:
        """Messages to members by week; none where there are too few weeks to see a line."""
        say, sides = self.say, (self.found.before, self.found.after)
        weeks = sorted({*sides[0].by_week, *sides[1].by_week})
        if len(weeks) < _LEAST_WEEKS:
            return None
        title = say("messages_plot")
        rows = [(Cell(week), *(Cell(say.number(side.by_week[week])) for side in sides)) for week in weeks]
        grid = Grid(title, (say("week"), say("before"), say("after")), tuple(rows))
        return Plot(title, self._drawn(title, weeks, sides), grid)

    def _drawn(self, title: str, weeks: Sequence[str], sides: Sequence[Side]) -> str:
        if find_spec(DRAWS) is None:
            return ""
        from chassis.look import plots  # noqa: PLC0415 - what draws is not installed everywhere

        series = {
            self.say(when): [float(side.by_week[week]) for week in weeks]
            for when, side in zip(("before", "after"), sides, strict=True)
        }
        draw = plots.lines(series, weeks)
        return plots.drawn("weeks", self.say("plot", title=title), self._messages_lead(), draw)

    def _recipients(self) -> Grid:
        say, sides = self.say, (self.found.before, self.found.after)
        sums = [messages(side.to_members) for side in sides]
        rows = [
            (Cell(say(name)), *(Cell(say.number(getattr(one, figure))) for one in sums))
            for name, figure in (
                ("to_members", "total"),
                ("members_reached", "members"),
                ("middle", "middle"),
                ("most", "most"),
            )
        ]
        rows += [
            (Cell(self._elsewhere(name)), *(Cell(say.number(side.elsewhere[name])) for side in sides))
            for name in sorted({*sides[0].elsewhere, *sides[1].elsewhere})
        ]
        return Grid(say("messages"), (say("recipient"), say("before"), say("after")), tuple(rows))

    def _elsewhere(self, name: str) -> str:
        if name.startswith("#"):
            return self.say("channel", name=one_line(name, 60))
        return self.say(f"role.{name}") if self.say.has(f"role.{name}") else name

    def _person(self, one: Affected) -> Person:
        say = self.say
        counts = [f"{say.number(one.counts[kind])} {say(kind)}" for kind in _SHOWN if one.counts[kind]]
        if one.messages_before != one.messages_after:
            counts.append(f"{say('messages')} {say.number(one.messages_before)} → {say.number(one.messages_after)}")
        name = one.member if one.name is None else f"{one.name} ({one.member})"
        return Person(one_line(name, 80), " · ".join(counts), tuple(self._reason(reason) for reason in one.reasons))

    def _reason(self, reason: Reason) -> Cell:
        say = self.say
        what = self._shift(reason.typical.shift) if reason.kind == "moved" else say(f"for.{reason.kind}")
        said = say("reason", times=say.number(reason.times), decision=self._decision(reason.type), what=what)
        return Cell(said, self._why(reason.typical))


def _noticed(matter: tuple[Counter[Kind], Matter, Sequence[Change]]) -> tuple[int, int]:
    counts = matter[0]
    return -sum(counts[kind] for kind in TOUCHING), -counts["changed"]
