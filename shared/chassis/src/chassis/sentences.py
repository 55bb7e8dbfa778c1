"""Why, in words: the sentences that a package ships beside its messages, per language, for whoever asks.

`messages/why.<language>.toml` holds four tables: `rules` (each name that a `because` can have), `decisions` (each
type), `tells` (what the service can tell of a member) and `words` (a word of the contracts, as a person says it). A
rule of a family, as `points.reply`, may stand as `points.*`: `kind` is then the word of its last part. Values are
named as in the contracts; filters: `name` (a member), `title` (a thread), `word`, `moment`, `date`, and those of
messages.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Template, TemplateSyntaxError, UndefinedError, pass_context
from jinja2.runtime import Context

from chassis import words
from chassis.rendering import MissingText, environment, moment_of, plain
from contracts.telling import Tell

LANGUAGES = ("fr", "en")
TABLES = ("rules", "decisions", "tells", "words")
_FAMILY = ".*"
_SPACES = re.compile(r"[ \t\n]+")
_SHAPES = {"fr": "EEEE d MMMM y 'à' H\N{NO-BREAK SPACE}'h'\N{NO-BREAK SPACE}mm", "en": "EEEE d MMMM y 'at' HH:mm"}


def _nobody(_member: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Around:
    """What a sentence needs beside its own values: the community's zone and now, and what ids stand for."""

    zone: ZoneInfo
    now: datetime
    name: Callable[[str], str | None] = _nobody
    title: Callable[[str], str | None] = _nobody


@dataclass(frozen=True, slots=True)
class _Catalog:
    language: str
    tables: Mapping[str, Mapping[str, str]]
    compiled: dict[str, Template] = field(default_factory=dict)


class Sentences:
    """The sentences of a package in every language. Raises MissingText for a file, or a sentence, that is broken."""

    def __init__(self, package: str, folder: str = "messages") -> None:
        self.package = package
        self._catalogs = {language: _read(package, folder, language) for language in LANGUAGES}

    @cached_property
    def keys(self) -> Mapping[str, frozenset[str]]:
        """The keys of each table, which are the same in every language."""
        tables = self._catalogs[LANGUAGES[0]].tables
        return MappingProxyType({table: frozenset(tables[table]) for table in TABLES})

    def rule(self, language: str, name: str, values: Mapping[str, Any], around: Around) -> str | None:
        """What a rule says, with `threshold` and `actual`; None when it is none of this package's."""
        key, kind = self._rule_key(name)
        if key is None:
            return None
        word = self.word(language, kind) if kind is not None else None
        return self._render(language, "rules", key, {**values, "kind": word or kind, "rule": name}, around)

    def decision(self, language: str, type_: str, values: Mapping[str, Any], around: Around) -> str | None:
        """What a decision says, with the fields of its data; None when it is none of this package's."""
        if type_ not in self.keys["decisions"]:
            return None
        return self._render(language, "decisions", type_, values, around)

    def tell(self, language: str, tell: Tell, around: Around) -> str:
        """What a service tells of a member. Raises MissingText for a sentence that is not there."""
        if tell.key not in self.keys["tells"]:
            raise MissingText(f"{self.package}: messages/why.{language}.toml has no sentence {tell.key!r} in [tells]")
        return self._render(language, "tells", tell.key, {"due": tell.due, **tell.values}, around)

    def word(self, language: str, word: object) -> str | None:
        """A word of the contracts, as a person says it; None when there is none for it."""
        return self._catalogs[language].tables["words"].get(str(word))

    def knows_rule(self, name: str) -> bool:
        """Whether a rule has a sentence; one of a family also needs the word of its last part."""
        key, kind = self._rule_key(name)
        return key is not None and (kind is None or all(self.word(language, kind) for language in LANGUAGES))

    def _rule_key(self, name: str) -> tuple[str | None, str | None]:
        rules = self.keys["rules"]
        if name in rules:
            return name, None
        family, _, last = name.rpartition(".")
        return (family + _FAMILY, last) if family + _FAMILY in rules else (None, None)

    def _render(self, language: str, table: str, key: str, values: Mapping[str, Any], around: Around) -> str:
        catalog = self._catalogs[language]
        name = f"{table}.{key}"
        if name not in catalog.compiled:
            catalog.compiled[name] = self._compiled(language, table, key)
        given = {**values, "now": around.now, "zone": around.zone, "_around": around, "_words": catalog.tables["words"]}
        try:
            text = catalog.compiled[name].render(given)
        except UndefinedError as error:
            raise MissingText(f"{self.package}: messages/why.{language}.toml, {name}: {error}") from error
        return words.spaced(language, plain(_SPACES.sub(" ", text).strip()))

    def _compiled(self, language: str, table: str, key: str) -> Template:
        source = self._catalogs[language].tables[table][key]
        try:
            compiled: Template = _ENVIRONMENTS[language].from_string(source)
        except TemplateSyntaxError as error:
            raise MissingText(f"{self.package}: messages/why.{language}.toml, {table}.{key}: {error}") from error
        return compiled

    def check(self) -> None:
        """Compile every sentence; raises MissingText for the first that is broken, or missing in a language."""
        for table in TABLES:
            for language in LANGUAGES:
                other = set(self._catalogs[language].tables[table]) ^ self.keys[table]
                if other:
                    raise MissingText(
                        f"{self.package}: [{table}] differs between languages in {', '.join(sorted(other))}"
                    )
                for key in sorted(self.keys[table]) if table != "words" else ():
                    self._compiled(language, table, key)


def _read(package: str, folder: str, language: str) -> _Catalog:
    file = files(package) / folder / f"why.{language}.toml"
    if not file.is_file():
        raise MissingText(f"{package}: {folder}/why.{language}.toml does not exist")
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise MissingText(f"{package}: {folder}/why.{language}.toml: {error}") from error
    return _Catalog(language, {table: document.get(table, {}) for table in TABLES})


def _filters(language: str) -> Mapping[str, Callable[..., Any]]:
    someone, somewhere = {"fr": ("quelqu'un", "une conversation"), "en": ("somebody", "a conversation")}[language]
    quotes = {"fr": "« {} »", "en": "“{}”"}[language]

    @pass_context
    def name(context: Context, member: str | None) -> str:
        return (context["_around"].name(member) if member else None) or someone

    @pass_context
    def title(context: Context, thread: str | None) -> str:
        known = context["_around"].title(thread) if thread else None
        return quotes.format(known) if known else somewhere

    @pass_context
    def word(context: Context, value: object) -> str:
        return str(context["_words"].get(str(value), value))

    @pass_context
    def moment(context: Context, value: str | datetime | None) -> str:
        if value is None:
            return "?"
        local = moment_of(value).astimezone(context["zone"])
        return str(format_datetime(local, _SHAPES[language], locale=words.locale(language)))

    def date_(value: str | date) -> str:
        day = value if isinstance(value, date) else date.fromisoformat(value)
        return str(format_date(day, "d MMMM y", locale=words.locale(language)))

    return {"name": name, "title": title, "word": word, "moment": moment, "date": date_}


def _environment(language: str) -> Any:
    made = environment(language)
    made.filters.update(_filters(language))
    return made


_ENVIRONMENTS = {language: _environment(language) for language in LANGUAGES}
