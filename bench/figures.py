"""Figures under names, a sample a round; their medians as one document and as tables, ratios first."""

import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table


class Figures:
    """Samples by name, as `services.onboarding.vs_tutorial`."""

    def __init__(self) -> None:
        self._samples: dict[str, list[float]] = {}

    def add(self, name: str, value: float) -> None:
        """One round's figure."""
        self._samples.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> float:
        """The median of the rounds."""
        return median(self._samples[name])

    def latest(self, name: str) -> float:
        """The figure of this round."""
        return self._samples[name][-1]

    def __contains__(self, name: str) -> bool:
        return name in self._samples

    def names(self, prefix: str) -> Iterable[str]:
        """The names below another, one step down, in the order in which they came."""
        steps = (
            name.removeprefix(f"{prefix}.").partition(".")[0] for name in self._samples if name.startswith(f"{prefix}.")
        )
        return dict.fromkeys(steps)

    def document(self) -> dict[str, Any]:
        """Every median, as a tree."""
        tree: dict[str, Any] = {}
        for name in self._samples:
            *path, leaf = name.split(".")
            place = tree
            for step in path:
                place = place.setdefault(step, {})
            place[leaf] = _rounded(self[name])
        return tree


def _rounded(value: float) -> float:
    """Four significant figures: more is noise."""
    return float(f"{value:.4g}")


def machine(**settings: object) -> dict[str, Any]:
    """Where and how it was measured."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": model,
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: version(name) for name in ("faststream", "nats-py", "asyncpg", "pydantic")},
        **settings,
    }


def write(path: Path, document: dict[str, Any]) -> None:
    """The document as a file."""
    path.write_text(json.dumps(document, indent=1) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[float | str]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if table.columns else "left")
    for row in rows:
        table.add_row(*(one if isinstance(one, str) else _number(one) for one in row))
    return table


def show(figures: Figures) -> None:
    """The tables."""
    console = Console(width=140)
    for table in (_pipelines(figures), _latencies(figures), _growth(figures), _replays(figures), _others(figures)):
        if table.row_count:
            console.print(table)
            console.print()


def _pipelines(figures: Figures) -> Table:
    columns = ("whole pipeline", "times tutorial", "of bare fetch", "events/s", "tutorial", "bare fetch", *_PROCESSOR)
    rows = []
    for service in figures.names("services"):
        for material in figures.names(f"services.{service}.pipeline"):
            at = f"services.{service}.pipeline.{material}"
            names = ("vs_tutorial", "vs_bare_fetch", "events_per_second", "tutorial_per_second", "bare_per_second")
            used = (f"processor_us.{part}" for part in ("python", "nats", "postgres"))
            rows.append((f"{service}, {material}", *(figures[f"{at}.{name}"] for name in (*names, *used))))
    return _table("Backlog: read, decide, commit, publish", columns, rows)


_PROCESSOR = ("python µs", "nats µs", "postgres µs")


def _latencies(figures: Figures) -> Table:
    columns = (
        "publish to decision",
        "p99 / bare p99",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "bare p50",
        "bare p99",
        "unanswered",
    )
    rows = []
    for service in figures.names("services"):
        for rate in figures.names(f"services.{service}.latency"):
            at, bare = f"services.{service}.latency.{rate}", f"bare.latency.{rate}"
            own = (figures[f"{at}.{name}"] for name in ("vs_bare_p99", "p50_ms", "p95_ms", "p99_ms"))
            rows.append(
                (
                    f"{service}, {rate}/s",
                    *own,
                    figures[f"{bare}.p50_ms"],
                    figures[f"{bare}.p99_ms"],
                    figures[f"{at}.lost"],
                )
            )
    return _table("Latency at a steady rate", columns, rows)


def _growth(figures: Figures) -> Table:
    columns = ("what there is", "of the least, wall", "of the least, processor", "µs an event", "processor µs")
    rows = []
    for what in figures.names("growth"):
        for size in figures.names(f"growth.{what}"):
            at = f"growth.{what}.{size}"
            names = ("vs_least", "processor_vs_least", "us", "processor_us")
            rows.append((f"{int(size):,} {what}", *(figures[f"{at}.{name}"] for name in names)))
    return _table("Cost of an event as history and community grow", columns, rows)


def _replays(figures: Figures) -> Table:
    rows = []
    for name in (*figures.names("services"), "all"):
        at = f"services.{name}.replay" if name != "all" else "all.replay"
        rows += [
            (f"{name}, {material}", *(figures[f"{at}.{material}.{one}"] for one in ("vs_bare", "rate")))
            for material in figures.names(at)
        ]
    return _table("Replay in process", ("", "times decode-encode", "facts/s of processor"), rows)


def _others(figures: Figures) -> Table:
    rows = [(name, figures[f"other.{name}"]) for name in figures.names("other")]
    return _table("Beside", ("", "median"), rows)
