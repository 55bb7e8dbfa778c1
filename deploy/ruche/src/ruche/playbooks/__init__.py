"""Playbooks as files: YAML read with its lines, problems said with theirs, holidays expanded into dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path

import holidays
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from chassis.rendering import Texts
from contracts.errors import BadPlaybook
from contracts.playbook import Playbook
from contracts.playbook.loading import Place, UnfitPlaybook, written
from contracts.playbook.loading import Problem as Unfit
from contracts.playbook.loading import load as load_document
from ruche.exits import Code, Problem
from ruche.output import one_line

YEARS_BEFORE = 1
YEARS_AFTER = 5
"""Holidays are expanded from so many years before a moment to so many after it."""
LARGEST_FILE_BYTES = 1024 * 1024


class UnfitFile(Problem):
    """A file that is no playbook: every problem in it, each with file, line, reason and cure."""

    def __init__(self, complaints: tuple["Complaint", ...]) -> None:
        super().__init__("\n".join(str(complaint) for complaint in complaints))
        self.complaints = complaints


@dataclass(frozen=True, slots=True)
class Complaint:
    """One problem of a file. `line` counts from 1; `place` is the path to it, as `support.answer_minutes`."""

    file: str
    line: int
    place: str
    what: str
    cure: str

    def __str__(self) -> str:
        """As compilers write it, so that editors can jump to it."""
        return one_line(f"{self.file}:{self.line}: {self.place}: {self.what}; {self.cure}", 400)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A playbook as its file has it: holidays not yet expanded."""

    name: str
    playbook: Playbook

    def for_years_around(self, at: datetime) -> Playbook:
        """With the holidays of the years around a moment as dates."""
        return expanded(self.playbook, at.year - YEARS_BEFORE, at.year + YEARS_AFTER)


def shipped() -> Mapping[str, str]:
    """The playbooks that come with Ruche: name and text."""
    folder = resources.files(__name__)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in files}


def load(wanted: str) -> Loaded:
    """The playbook of a file, or a shipped one by its name; a `Problem` with everything that is wrong with it."""
    path = Path(wanted)
    if not path.exists():
        known = shipped()
        if wanted in known:
            return Loaded(wanted, parse(known[wanted], wanted))
        raise Problem(
            f"no playbook {wanted!r}: no such file, and the shipped ones are {', '.join(known) or 'none'}", Code.USAGE
        )
    try:
        raw = path.read_bytes()
        text = raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}", Code.USAGE) from None
    if len(raw) > LARGEST_FILE_BYTES:
        raise Problem(f"{path} has {len(raw):,} bytes: no playbook is larger than {LARGEST_FILE_BYTES:,}")
    return Loaded(path.stem, parse(text, str(path)))


def parse(text: str, file: str) -> Playbook:
    """The playbook in a YAML text; `UnfitFile` with every problem, each on its line."""
    loader = yaml.SafeLoader(text)
    try:
        if alias := next((event for event in yaml.parse(text) if isinstance(event, yaml.AliasEvent)), None):
            raise UnfitFile((_alias(alias, file),))
        root = loader.get_single_node()
        twice = _twice(root, file)
        document = {} if root is None else loader.construct_document(root)
    except yaml.YAMLError as error:
        raise UnfitFile((_unreadable(error, file),)) from None
    finally:
        loader.dispose()
    try:
        playbook = load_document(document)
        expect_fit_texts(playbook)
        _calendar(playbook, date.today().year)  # noqa: DTZ011 - any year will do to see that the calendar exists
    except UnfitPlaybook as unfit:
        complaints = [
            Complaint(file, _line(root, problem.place), written(problem.place), problem.what, problem.cure)
            for problem in unfit.problems
        ]
        raise UnfitFile(tuple(sorted([*twice, *complaints], key=lambda one: one.line))) from None
    except _NoCalendar as none:
        twice.append(Complaint(file, _line(root, none.place), written(none.place), none.what, none.cure))
    if twice:
        raise UnfitFile(tuple(twice))
    return playbook


def expanded(playbook: Playbook, first: int, last: int) -> Playbook:
    """The playbook with the public holidays of its country and region, of these years, as dates among its own."""
    days = {day for year in range(first, last + 1) for day in _calendar(playbook, year)}
    if not days:
        return playbook
    every = tuple(sorted({*playbook.seasons.holidays, *days}))
    seasons = playbook.seasons.model_copy(update={"holidays": every})
    return playbook.model_copy(update={"seasons": seasons})


class _NoCalendar(Exception):  # noqa: N818 - what was found
    """The library knows no such country or region."""

    def __init__(self, place: Place, what: str, cure: str) -> None:
        super().__init__(what)
        self.place, self.what, self.cure = place, what, cure


def _calendar(playbook: Playbook, year: int) -> list[date]:
    if playbook.country is None:
        return []
    regions = holidays.list_supported_countries().get(playbook.country)
    if regions is None:
        raise _NoCalendar(
            ("country",),
            f"there is no calendar of holidays for {playbook.country!r}",
            "write the country's two letters (ISO 3166), or leave it out and list seasons.holidays",
        )
    if playbook.region is not None and playbook.region not in regions:
        known = ", ".join(sorted(regions)) or "none"
        raise _NoCalendar(
            ("region",),
            f"the calendar of {playbook.country} has no region {playbook.region!r}",
            f"its regions are: {known}; without one, the days of the whole country hold",
        )
    return list(holidays.country_holidays(playbook.country, subdiv=playbook.region, years=year))


def _unreadable(error: yaml.YAMLError, file: str) -> Complaint:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    return Complaint(file, 1 if mark is None else mark.line + 1, "the document", f"not YAML: {what}", "mend this line")


def expect_fit_texts(playbook: Playbook) -> None:
    """Raise UnfitPlaybook for the playbook's own texts that no service would render."""
    problems = []
    for name, texts in playbook.messages.items():
        for catalog, source in texts.items():
            try:
                Texts.expect_fit({name: {catalog: source}})
            except BadPlaybook as bad:
                problems.append(Unfit(("messages", name, catalog), bad.what, bad.cure))
    if problems:
        raise UnfitPlaybook(tuple(problems))


def _alias(alias: yaml.AliasEvent, file: str) -> Complaint:
    # What refers to itself has no end, and a few lines of references to references have none to speak of.
    line = 1 if alias.start_mark is None else alias.start_mark.line + 1
    return Complaint(
        file, line, f"*{alias.anchor}", "a playbook refers to no other part of itself", "write it out here"
    )


def _twice(node: Node | None, file: str) -> list[Complaint]:
    """Keys that stand twice in one mapping: YAML would let the last one hold without a word."""
    found: list[Complaint] = []
    if isinstance(node, MappingNode):
        lines: dict[str, int] = {}
        for name, value in node.value:
            if isinstance(name, ScalarNode):
                line = name.start_mark.line + 1
                if name.value in lines:
                    what = f"it stands on line {lines[name.value]} already"
                    found.append(Complaint(file, line, name.value, what, "keep one of the two"))
                lines[name.value] = line
            found += _twice(value, file)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            found += _twice(value, file)
    return found


def _line(node: Node | None, place: Place) -> int:
    """The line of a path, from 1; that of the deepest part that is written where the rest is not."""
    line = 1 if node is None else node.start_mark.line + 1
    for part in place:
        if isinstance(node, MappingNode):
            match = next(((name, value) for name, value in node.value if name.value == str(part)), None)
            if match is None:
                break
            line, node = match[0].start_mark.line + 1, match[1]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
