"""The words of a page: texts by key from a package's own file of each language, spaced as the language wants it."""

import tomllib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files

from babel.dates import format_date
from babel.numbers import format_decimal

from chassis import words as spacing
from contracts.playbook.section import Language

_SPACES = {"fr": "fr-vous", "en": "en"}
_HOUR, _TWO_DAYS, _DAY = 60, 48 * 60, 24 * 60


@cache
def texts(package: str, language: Language) -> Mapping[str, str]:
    """Every text of a package's pages in a language: its file `words-<language>.toml`."""
    return tomllib.loads((files(package) / f"words-{language}.toml").read_text("utf-8"))


class Tongue:
    """One language of a page."""

    def __init__(self, package: str, language: Language) -> None:
        self.language = language
        self._texts = texts(package, language)
        self._locale = spacing.locale(_SPACES[language])

    def __call__(self, key: str, **values: object) -> str:
        """A text with its values, spaced as the language wants it."""
        return spacing.spaced(_SPACES[self.language], self._texts[key].format(**values))

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self._texts

    def number(self, value: float | Fraction) -> str:
        """`1 234,5` / `1,234.5`, at most one decimal."""
        return str(format_decimal(round(float(value), 1), format="#,##0.#", locale=self._locale))

    def day(self, day: date) -> str:
        """`3 juin 2026` / `3 June 2026`."""
        return str(format_date(day, "d MMMM y", locale=self._locale))

    def short_day(self, day: date) -> str:
        """`3 juin` / `3 Jun`."""
        return str(format_date(day, "d MMM", locale=self._locale))

    def wait(self, minutes: float) -> str:
        """`40 min`, `2 h 10`, `3 j` / `3 d`."""
        whole = int(minutes)
        if whole < _HOUR:
            return f"{whole}\u00a0min"
        if whole < _TWO_DAYS:
            hours, rest = divmod(whole, _HOUR)
            return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")
        return f"{self.number(whole / _DAY)}\u00a0{'j' if self.language == 'fr' else 'd'}"
