"""Plots as inline SVG, drawn by matplotlib: the same bytes every time, colours left to the page, text left as text."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

WIDTH_INCHES, DPI = 5.2, 72
"""Narrow enough that its letters can be read on a phone, where it is as wide as the screen."""
INK, QUIET, GRID, FIRST, SECOND, THIRD, SURFACE = (f"#0{n}0{n}0{n}" for n in range(1, 8))
_COLOURS = {
    INK: "--ink",
    QUIET: "--quiet",
    GRID: "--grid",
    FIRST: "--first",
    SECOND: "--second",
    THIRD: "--third",
    SURFACE: "--surface",
}
"""Colours that stand for the page's own: it has light and dark ones."""
_STYLE: Mapping[Any, Any] = {
    "svg.hashsalt": "ruche",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 13.5,
    # What stands between two dollars is somebody's words, and no formula.
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": QUIET,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 1,
    "figure.facecolor": "none",
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.major.size": 0,
    "xtick.major.pad": 8,
    "ytick.major.size": 0,
    "lines.linewidth": 2.4,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "path.simplify": False,
}
LONGEST = 44
_QUARTERS = (0, 25, 50, 75, 100)
_HALVES = (0, 50, 100, 150)
_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_ONE_AT_A_TIME = Lock()
"""matplotlib's settings are of the whole process."""
_FONT = re.compile(r"font:\s*(?:(\d+)\s+)?([\d.]+)px[^;\"]*")


def drawn(name: str, title: str, description: str, draw: Callable[[Axes], None], *, height: float = 3.0) -> str:
    """An SVG with a name, a title and a description for those who do not see it. `height` in inches."""
    with _ONE_AT_A_TIME, mpl.rc_context(dict(_STYLE)):
        figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DPI, layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata=_METADATA)
    return _inline(file.getvalue(), name, title, description)


def _inline(svg: str, name: str, title: str, description: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\b(id|aria-labelledby)="([^"]+)"', rf'\1="{name}-\2"', svg)
    svg = re.sub(r'((?:xlink:)?href="#|url\(#)', rf"\1{name}-", svg)
    svg = svg.replace("xlink:href", "href")
    for colour, variable in _COLOURS.items():
        svg = svg.replace(colour, f"var({variable})")
    # The page's own letters, at the size that was laid out for.
    svg = _FONT.sub(lambda found: f"font-size: {found[2]}px", svg)
    view = re.search(r'viewBox="([^"]+)"', svg)
    box = view[1] if view else "0 0 100 100"
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    head = (
        f'<svg viewBox="{box}" role="img" aria-labelledby="{name}-title {name}-desc" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
    return head + re.sub(r"\s*\n\s*", " ", body).strip()


def lines(series: Mapping[str, Sequence[float]], labels: Sequence[str]) -> Callable[[Axes], None]:
    """Several lines over the same labelled places."""

    def draw(axes: Axes) -> None:
        places = list(range(len(labels)))
        for (name, values), colour, dash in zip(series.items(), (FIRST, SECOND, THIRD), ("-", "--", ":"), strict=False):
            axes.plot(places, values, color=colour, linestyle=dash, label=name)
        axes.set_ylim(bottom=0)
        axes.set_xlim(-0.3, max(1, len(labels) - 1) + 0.3)
        _label(axes, labels)
        axes.grid(visible=False, axis="x")
        _legend(axes)

    return draw


def bars(
    values: Sequence[float], labels: Sequence[str], *, name: str, line: Sequence[float | None] = (), line_name: str = ""
) -> Callable[[Axes], None]:
    """Upright bars, and a line over them that says what is usual."""

    def draw(axes: Axes) -> None:
        places = list(range(len(values)))
        axes.bar(places, values, color=FIRST, width=0.72, label=name)
        known = [(place, usual) for place, usual in enumerate(line) if usual is not None]
        if known:
            axes.plot(
                [at for at, _ in known], [usual for _, usual in known], color=SECOND, linestyle="--", label=line_name
            )
        axes.set_ylim(bottom=0)
        _label(axes, labels)
        axes.grid(visible=False, axis="x")
        if line_name:
            _legend(axes)

    return draw


def pyramid(values: Sequence[float], labels: Sequence[str], shown: Sequence[str]) -> Callable[[Axes], None]:
    """Centred bars, the widest below; `labels` and `values` from below upwards."""

    def draw(axes: Axes) -> None:
        widest = max(values, default=0) or 1
        # A sliver is drawn even of few, so that it can be seen that there are some.
        widths = [max(value, widest * 0.02) if value else 0 for value in values]
        places = list(range(len(values)))
        axes.barh(places, widths, left=[-width / 2 for width in widths], color=FIRST, height=0.62)
        for place, label, figure in zip(places, labels, shown, strict=True):
            _written(axes, 0, place + 0.34, f"{label} · {figure}", ha="center")
        axes.set_xlim(-widest / 2 * 1.05, widest / 2 * 1.05)
        axes.set_ylim(-0.5, len(values) - 0.5 + 0.35)
        axes.axis("off")

    return draw


def curves(
    series: Mapping[str, Sequence[tuple[float, float]]],
    ticks: Sequence[tuple[float, str]],
    *,
    mark: float,
    mark_name: str,
    percent: Callable[[int], str],
) -> Callable[[Axes], None]:
    """Steps of a share in percent over time on a scale of logarithms, with a mark at one time."""

    def draw(axes: Axes) -> None:
        first, last = ticks[0][0] / 3, ticks[-1][0] * 3
        for (name, points), colour, dash in zip(series.items(), (FIRST, SECOND), ("-", "--"), strict=False):
            inside = [(max(at, first), share) for at, share in points if at <= last]
            until = [*inside, (last, inside[-1][1])] if inside else []
            axes.step(
                [at for at, _ in until],
                [share for _, share in until],
                where="post",
                color=colour,
                linestyle=dash,
                label=name,
            )
        axes.axvline(mark, color=QUIET, linestyle=":", linewidth=1.6, label=mark_name)
        axes.set_xscale("log")
        axes.set_xlim(first, last)
        axes.set_ylim(0, 100)
        axes.set_xticks([at for at, _ in ticks], [label for _, label in ticks])
        axes.set_xticks([], minor=True)
        axes.set_yticks(_QUARTERS, [percent(each) for each in _QUARTERS])
        _legend(axes)

    return draw


def squares(
    shares: Sequence[Sequence[int | None]], rows: Sequence[str], columns: Sequence[str], blank: str
) -> Callable[[Axes], None]:
    """A table of squares, darker for more; `blank` where a share may not be shown or is not known yet."""

    def draw(axes: Axes) -> None:
        for line, values in enumerate(shares):
            for column, value in enumerate(values):
                strength = 0.06 if value is None else 0.14 + 0.66 * value / 100
                axes.barh(line, 0.94, left=column - 0.47, height=0.9, color=FIRST, alpha=strength)
                axes.text(column, line, blank if value is None else f"{value}", ha="center", va="center", color=INK)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return draw


def progress(
    values: Sequence[float | None],
    labels: Sequence[str],
    shown: Sequence[str],
    *,
    mark_name: str,
    percent: Callable[[int], str],
) -> Callable[[Axes], None]:
    """Lying bars in percent of what is aimed at, a line at the aim."""

    def draw(axes: Axes) -> None:
        places = list(range(len(values)))
        axes.barh(places, [min(value or 0, 150) for value in values], color=FIRST, height=0.42)
        axes.axvline(100, color=SECOND, linestyle="--", linewidth=2, label=mark_name)
        for place, label, figure in zip(places, labels, shown, strict=True):
            _written(axes, 0, place - 0.3, f"{label} · {figure}", ha="left")
        axes.set_xlim(0, 152)
        axes.set_ylim(len(values) - 0.45, -0.85)
        axes.set_xticks(_HALVES, [percent(each) for each in _HALVES])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False, axis="y")
        _legend(axes)

    return draw


def stacked(parts: Mapping[str, Sequence[int]], labels: Sequence[str]) -> Callable[[Axes], None]:
    """Lying bars of parts."""

    def draw(axes: Axes) -> None:
        left = [0] * len(labels)
        hatches = ("", "//", "..")
        for (name, values), colour, hatch in zip(parts.items(), (FIRST, SECOND, THIRD), hatches, strict=False):
            places = range(len(labels))
            axes.barh(
                places,
                values,
                left=left,
                color=colour,
                height=0.42,
                label=name,
                hatch=hatch,
                edgecolor=SURFACE,
                linewidth=0,
            )
            left = [before + value for before, value in zip(left, values, strict=True)]
        for place, label in enumerate(labels):
            _written(axes, 0, place - 0.3, label, ha="left")
        axes.set_ylim(len(labels) - 0.45, -0.85)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False, axis="y")
        _legend(axes)

    return draw


def _written(axes: Axes, x: float, y: float, words: str, *, ha: str) -> None:
    """A line of words above its bar. What members wrote themselves may be long."""
    short = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    # The layout makes room for axes; it must not shrink them to make room for what stands inside of them.
    axes.text(x, y, short, ha=ha, va="bottom", color=INK).set_in_layout(False)


def _label(axes: Axes, labels: Sequence[str]) -> None:
    """At most seven labels, the last among them."""
    step = max(1, -(-len(labels) // 6))
    places = list(range(len(labels) - 1, -1, -step))[::-1]
    axes.set_xticks(places, [labels[place] for place in places])


def _legend(axes: Axes) -> None:
    axes.figure.legend(
        *axes.get_legend_handles_labels(),
        loc="outside upper left",
        ncols=2,
        labelcolor=INK,
        handlelength=1.6,
        borderpad=0,
    )
