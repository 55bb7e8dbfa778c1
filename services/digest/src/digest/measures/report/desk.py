"""What every section of the page is made with: sentences, tables, plots, and figures as people read them."""

from collections.abc import Callable
from dataclasses import dataclass

from chassis.look import plots
from digest.measures.report.view import WEEK, View
from digest.measures.report.words import Tongue
from digest.measures.state import Talk

QUARTER_WEEKS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: the first cell of each row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure: its name, the SVG, the table beside it, and a remark below."""

    title: str
    svg: str
    grid: Grid
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section of the page."""

    id: str
    title: str
    lead: tuple[str, ...]
    plots: tuple[Plot, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure at a glance."""

    label: str
    value: str
    remark: str = ""


class Desk:
    """Writes about one view in one language."""

    def __init__(self, view: View, say: Tongue) -> None:
        self.view = view
        self.say = say

    def count(self, number: int) -> str:
        """A count as people read it."""
        veil = self.view.veil
        if veil.is_exact(number):
            return self.say.number(number)
        rounded = veil.count(number)
        return self.say("about", number=self.say.number(rounded)) if rounded else self.say("few", least=veil.least)

    def plot(
        self,
        name: str,
        title: str,
        draw: Callable[..., None],
        grid: Grid,
        *,
        text: str,
        note: str = "",
        height: float = 3.0,
    ) -> Plot:
        """A plot with the table that says the same; `text` says in words what it shows."""
        svg = plots.drawn(name, self.say("plot", title=title), text, draw, height=height)
        return Plot(title=title, svg=svg, grid=grid, note=note)

    def questions(self) -> list[Talk]:
        """The questions of the last quarter."""
        since = self.view.now - QUARTER_WEEKS * WEEK
        return [
            talk for talk in self.view.talks if talk.asks and not talk.gone and talk.at is not None and talk.at >= since
        ]
