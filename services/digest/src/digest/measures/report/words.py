"""The words of the report, French and English. They speak to nobody by tu or vous, and of nobody by name."""

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


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Every text of the page in a language. A test holds the two languages against each other."""
    file = files("digest.measures.report") / f"words-{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


_SPACES = {"fr": "fr-vous", "en": "en"}


class Tongue:
    """One language of the page."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = texts(language)
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

    def percent(self, value: int | None) -> str:
        """`40 %`, or that it may not be shown."""
        return self("hidden") if value is None else self("share", value=value)

    def wait(self, minutes: float) -> str:
        """`40 min`, `2 h 10`, `3 j` / `3 d`."""
        whole = int(minutes)
        if whole < 60:
            return f"{whole}\u00a0min"
        if whole < 48 * 60:
            hours, rest = divmod(whole, 60)
            return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")
        return f"{self.number(whole / 1440)}\u00a0{'j' if self.language == 'fr' else 'd'}"
