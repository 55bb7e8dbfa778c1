"""Texts: a template and its values, rendered once into title, text, Markdown, HTML and a short form.

Templates are prose (paragraphs, lists of `- `) with blocks `title`, `body` and, if wanted, `short`. What a value
prints is marked while rendering, so that every format escapes people's words in its own way and the template's not.
"""

import html
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chassis import words
from chassis.grammar import expect_plain
from contracts.errors import BadPlaybook
from contracts.turn import Rendered

SHORT_CHARACTERS = 280
MOST_CHARACTERS = 64_000
_OPEN, _CLOSE = "\ue000", "\ue001"
_LINK, _LINK_END = "\ue002", "\ue003"
_QUIET_AT = "@\u2060"
_MARKED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_LINKED = re.compile(f"{_LINK}([^{_LINK}{_LINK_END}]*){_LINK_END}")
_ADDRESS = re.compile(r"https?://[!-;=?-~\u00a1-\udfff\uf900-\U0010ffff]+")
"""An address on the web, of which no part can pass for a mark, a space or the end of a link."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ue000-\ue003]")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~&])")
_UNDERLINE = re.compile(r"^(?==+$)", re.MULTILINE)
"""Where a line of nothing but `=` begins: it would make a heading of the line above it."""
_BLANKS = re.compile(r"[ \t]*\n[ \t]*")
_SPACES = re.compile(r"[ \t\n]+")
"""Spaces at which a line may break; French keeps its unbreakable ones."""
_PARAGRAPHS = re.compile(r"\n{2,}")


class MissingText(LookupError):  # noqa: N818 - raised at start, in words
    """A text that a service needs does not exist in every catalog, or does not parse."""


def _finalize(value: Any) -> Any:
    """Mark what a value prints; strip what could pass for a mark, steer a terminal or ping a crowd."""
    if isinstance(value, str) and not isinstance(value, _Link):
        harmless = _CONTROLS.sub("", value).replace("@", _QUIET_AT)
        return f"{_OPEN}{harmless}{_CLOSE}"
    return value


class _Link(str):
    """An address between its marks: printed as it is in every format."""

    __slots__ = ()


def _link(value: str) -> str:
    """An address that can be followed, and pings nobody; what is none is printed as any other words."""
    address = _CONTROLS.sub("", value)
    if _ADDRESS.fullmatch(address) is None:
        return value
    return _Link(f"{_LINK}{address.replace('@', '%40')}{_LINK_END}")


def moment_of(value: str | datetime) -> datetime:
    """An instant, which JSON had to write as text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _filters(catalog: str) -> Mapping[str, Callable[..., str]]:
    @pass_context
    def day(context: Context, value: str | datetime) -> str:
        return words.day(catalog, moment_of(value).astimezone(context["zone"]))

    @pass_context
    def clock(context: Context, value: str | datetime) -> str:
        return words.clock(catalog, moment_of(value).astimezone(context["zone"]))

    @pass_context
    def when(context: Context, value: str | datetime) -> str:
        return words.when(catalog, moment_of(value), context["now"], context["zone"])

    return {
        "plural": lambda count, one, other: words.plural(catalog, count, one, other),
        "link": _link,
        "join_words": lambda values: words.join_words(catalog, tuple(values)),
        "day": day,
        "clock": clock,
        "when": when,
    }


def environment(catalog: str) -> ImmutableSandboxedEnvironment:
    """A sandbox in which the texts of a catalog, or of a language, are rendered; what it prints is marked."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=_finalize, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(_filters(catalog))
    return made


_ENVIRONMENTS = {catalog: environment(catalog) for catalog in words.CATALOGS}


@lru_cache(maxsize=1024)
def compiled(catalog: str, source: str) -> Template:
    """A template of a catalog; raises MissingText when it does not parse, lacks a block or uses more than it may."""
    environment = _ENVIRONMENTS[catalog]
    try:
        tree = environment.parse(source)
        expect_plain(tree)
        template = environment.from_string(tree)
    except TemplateSyntaxError as error:
        raise MissingText(f"line {error.lineno}: {error.message}") from error
    for block in ("title", "body"):
        if block not in template.blocks:
            raise MissingText(f"no block {block!r}: write {{% block {block} %}}…{{% endblock %}}")
    return template


def plain(marked: str) -> str:
    """The words without the marks of what was printed."""
    # Four searches for one character each; `str.translate` looks every character up.
    return marked.replace(_OPEN, "").replace(_CLOSE, "").replace(_LINK, "").replace(_LINK_END, "")


def _markdown(marked: str) -> str:
    escaped = _MARKED.sub(lambda found: _MARKDOWN_SPECIAL.sub(r"\\\1", found[1]), marked)
    return _UNDERLINE.sub(r"\\", plain(_LINKED.sub(r"<\1>", escaped)))


def _html(text: str) -> str:
    parts = []
    for paragraph in _PARAGRAPHS.split(html.escape(text)):
        lines = paragraph.split("\n")
        if all(line.startswith("- ") for line in lines):
            parts.append("<ul>" + "".join(f"<li>{line[2:]}</li>" for line in lines) + "</ul>")
        else:
            parts.append("<p>" + "<br>".join(lines) + "</p>")
    return "".join(parts)


def shortened(text: str) -> str:
    """At most 280 characters, cut between words, or within one that is longer than half of it."""
    line = _SPACES.sub(" ", text[: 2 * SHORT_CHARACTERS]).strip()
    if len(line) <= SHORT_CHARACTERS:
        line = _SPACES.sub(" ", text).strip()
    if len(line) <= SHORT_CHARACTERS:
        return line
    cut = line[: SHORT_CHARACTERS - 1]
    words_of_it = cut.rpartition(" ")[0].rstrip(" ,;:")
    return (words_of_it if len(words_of_it) > SHORT_CHARACTERS // 2 else cut) + "…"


def _bounded(parts: Iterable[str]) -> Iterator[str]:
    """The parts of a text, as long as together they are one that somebody could read."""
    length = 0
    for part in parts:
        length += len(part)
        if length > MOST_CHARACTERS:
            raise ValueError(f"the text has more than {MOST_CHARACTERS:,} characters")
        yield part


class Texts:
    """Every text of a service in every catalog, read once. Raises MissingText for one that is missing or broken."""

    def __init__(self, package: str) -> None:
        self._sources: dict[str, dict[str, str]] = {}
        self._labels: dict[str, dict[str, str]] = {}
        for catalog in words.CATALOGS:
            folder = files(package) / "messages" / catalog
            self._sources[catalog] = _sources(folder)
            self._labels[catalog] = _toml(files("chassis") / "messages" / catalog / "common.toml") | _toml(
                folder / "labels.toml"
            )
            for name, source in self._sources[catalog].items():
                try:
                    compiled(catalog, source)
                except MissingText as fault:
                    raise MissingText(f"{package}: messages/{catalog}/{name}.txt: {fault}") from fault
        self._same_everywhere(package)

    def _same_everywhere(self, package: str) -> None:
        for kind in (self._sources, self._labels):
            everything = sorted({name for catalog in words.CATALOGS for name in kind[catalog]})
            for catalog in words.CATALOGS:
                missing = [name for name in everything if name not in kind[catalog]]
                if missing:
                    raise MissingText(f"{package}: messages/{catalog} lacks {', '.join(missing)}")

    @staticmethod
    def expect_fit(overrides: Mapping[str, Mapping[Any, str]]) -> None:
        """Raise BadPlaybook for a playbook's own text that no service could render, whichever it is of."""
        for name, texts in overrides.items():
            for catalog, source in texts.items():
                try:
                    compiled(catalog, source)
                except MissingText as fault:
                    where = f"messages.{name}.{catalog}"
                    raise BadPlaybook(str(fault), where=where, cure="mend the text, or leave it out") from None

    @property
    def names(self) -> tuple[str, ...]:
        """The templates there are."""
        return tuple(sorted(self._sources[words.CATALOGS[0]]))

    def label(self, catalog: str, key: str) -> str:
        """The words of an action or a fixed phrase."""
        try:
            return words.spaced(catalog, self._labels[catalog][key])
        except KeyError:
            raise MissingText(f"messages/{catalog}/labels.toml has no {key!r}") from None

    def render(
        self,
        catalog: str,
        template: str,
        values: Mapping[str, Any],
        *,
        now: datetime,
        zone: ZoneInfo,
        override: str | None = None,
        private: bool = False,
    ) -> Rendered:
        """One text. `override` is the playbook's own source for it; `private` adds the stop line at the end."""
        source = self._sources[catalog].get(template) if override is None else override
        if source is None:
            raise MissingText(f"messages/{catalog}/{template}.txt does not exist")
        parsed = compiled(catalog, source)
        # Shared: Jinja would put its globals, of which there are few, in by a chain of mappings that costs more.
        context = parsed.new_context({**parsed.globals, **values, "now": now, "zone": zone}, shared=True)

        def block(name: str) -> str:
            body = "".join(_bounded(parsed.blocks[name](context))).strip()
            return words.spaced(catalog, _PARAGRAPHS.sub("\n\n", _BLANKS.sub("\n", body)))

        title, body = block("title"), block("body")
        short = block("short") if "short" in parsed.blocks else body
        if private:
            body = f"{body}\n\n{self.label(catalog, 'stop_line')}"
        text = plain(body)
        # A name with a line break in it must not start another line of a mail's head.
        return Rendered(_SPACES.sub(" ", plain(title)), text, _markdown(body), _html(text), shortened(plain(short)))


def _sources(folder: Traversable) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    found = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return {name.removesuffix(".txt"): entry.read_text("utf-8") for name, entry in found}


def _toml(file: Traversable) -> dict[str, str]:
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
