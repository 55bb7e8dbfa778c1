"""Whatever members write, it is shown and does nothing: in HTML, Markdown, plain text, SVG, a terminal, a log, SQL."""

import io
import json
import logging
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
import structlog
from rich.console import Console

from chassis.entry import Entry, read
from chassis.grammar import FILTERS, MOST_LOOPS
from chassis.logging import configure_logging, get_logger
from chassis.rendering import MissingText, Texts, compiled
from chassis.replay import Turns
from chassis.settings import load_settings
from contracts.envelope import AnyEvent
from contracts.wire import decode
from contracts.zones import zone_or
from facts_said import posted
from hostile import MARKUP
from recorded import fortnight, installed
from ruche import showing
from ruche.commands.report import of_turns
from ruche.output import say_json, say_raw
from ruche.playbooks import UnfitFile, parse
from staged import staged

WRITTEN = ("display_name", "experience", "title", "body", "reason", "why", "text", "what", "severity")
ACTING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What moves a cursor or turns the reading order around."""
TAGS = {"p", "br", "ul", "li"}


def spoilt(facts: list[dict]) -> Iterator[Entry]:
    """The facts, hostile words in all that people wrote; what the contracts refuse of it is left as it was."""
    for number, fact in enumerate(facts, 1):
        data = dict(fact["data"])
        for place, name in enumerate(WRITTEN):
            if isinstance(data.get(name), str):
                data[name] = f"{MARKUP[(number + place) % len(MARKUP)]} {data[name]}"
        for name in ("tags", "skills"):
            if data.get(name):
                data[name] = [*data[name], MARKUP[number % len(MARKUP)]]
        changed = read(json.dumps({**fact, "data": data}).encode(), seq=number)
        yield changed if changed.event is not None else read(json.dumps(fact).encode(), seq=number)


@cache
def played() -> tuple[Turns, tuple[AnyEvent, ...]]:
    """A fortnight of hostile words through the four services, and all that they decided."""
    decided: list[AnyEvent] = []
    turns = Turns(installed(), on_decision=lambda event, _raw: decided.append(event))
    for entry in spoilt(fortnight(members=14)):
        turns.play(entry)
    return turns, tuple(decided)


def texts() -> list:
    """Everything that goes out in several formats."""
    return [event.data for event in played()[1] if event.type in {"message.requested", "synthesis.published"}]


class Page(HTMLParser):
    """Tags, attributes and words of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def test_no_rule_fails_on_them_and_they_reach_what_people_read():
    turns, _ = played()

    assert not [letter for shelf in turns.shelves.values() for letter in shelf.letters]
    everything = "".join(text.text for text in texts())
    for sample in ("<script>", "{{ 7 * 7 }}", "drop table", "[bold red]", "javascript:c", "jndi"):
        assert sample in everything, f"{sample} is not tried at all"
    assert len(texts()) > 100


def test_html_has_the_tags_of_the_texts_and_no_other():
    for text in texts():
        page = Page(text.html)
        assert {tag for tag, _ in page.tags} <= TAGS
        assert not any(attributes for _, attributes in page.tags)
        assert "<script" not in text.html
        assert not ACTING.search(text.html)


def test_plain_texts_call_no_crowd_and_steer_nothing():
    for text in texts():
        for words in (text.text, text.short, text.title or "") if hasattr(text, "short") else (text.text,):
            assert not ACTING.search(words)
            assert "@everyone" not in words
        assert "\n" not in (getattr(text, "title", None) or "")


def test_markdown_makes_nothing_of_them():
    for text in texts():
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text.markdown)
        for meant in ("<script", "](javascript", "**a**", "`d`", "[bold", "{{", "{%"):
            assert meant not in bare, text.markdown


def test_no_template_of_theirs_is_run():
    assert not any(re.search(r"\b49\b", text.text) and "7 * 7" not in text.text for text in texts())


def test_the_report_shows_them_and_asks_nothing_of_anybody():
    turns, _ = played()
    page = Page(of_turns(installed(), turns, "latelier").decode())

    assert not {tag for tag, _ in page.tags} & {"script", "iframe", "img", "object", "embed", "form", "base", "a:link"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("href", "src", "xlink:href", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,")), (tag, attributes)


def test_a_terminal_shows_every_decision_without_being_steered():
    console = Console(file=io.StringIO(), markup=False, emoji=False, highlight=False, force_terminal=False, width=120)
    zone = zone_or(None, "UTC")
    for event in played()[1]:
        console.print(showing.line(event, zone))
        for reason in showing.reasons(event):
            console.print(reason)
        if event.type == "message.requested":
            console.print(showing.message(event, zone, columns=100))
    shown = console.file.getvalue()

    assert not ACTING.search(shown.replace("\n", ""))
    assert "[bold red]" in shown


@pytest.mark.parametrize("words", MARKUP)
def test_json_for_scripts_steers_no_terminal_and_says_the_same(words, capsys):
    event = json.dumps({"id": words, "words": words}, ensure_ascii=False).encode()
    say_json({"words": words})
    say_raw(event)
    say_raw(b"{not json " + words.encode())
    say_raw(b"\xff\x1b[2J")
    document, raw, text, odd = capsys.readouterr().out.splitlines()

    assert not ACTING.search(document + raw + text + odd)
    assert json.loads(document) == {"words": words}
    assert json.loads(raw) == json.loads(event)
    assert json.loads(text) == "{not json " + words
    assert json.loads(odd) == "\\xff\x1b[2J"


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_log_has_one_line_for_each_thing_and_no_control_character(log_format):
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    settings = load_settings(
        nats_url="nats://h:1", postgres_dsn="postgresql://h/d", embedded=True, log_format=log_format
    )
    try:
        configure_logging(settings, "toy", stream)
        for words in MARKUP:
            get_logger("x").warning("a page failed", path=f"/report/{words}\n2026-01-01 [info] all is well")
            logging.getLogger("nats").warning("lost %s", words)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.contextvars.clear_contextvars()
        structlog.reset_defaults()

    told = stream.getvalue()
    assert len(told.splitlines()) == 2 * len(MARKUP)
    assert not ACTING.search(told.replace("\n", ""))


async def test_a_hostile_id_is_a_value_for_the_database(nats, postgres):
    """Every statement takes values as parameters; names in it are the program's own."""
    names = [*(words for words in MARKUP if words.isprintable()), "'); drop schema support cascade; --", "$1", "%s"]
    async with staged(nats, postgres) as stage:
        last = await stage.publish(
            *(
                posted("2026-03-02 10:00", member=name, post=name, thread=name, event_id=name, title=name, body=name)
                for name in names
            )
        )
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
        assert sorted(row[0] for row in await stage.fetch("select member from tally")) == sorted(names)
        await stage.holds_as_recorded()


BODY = "{{% block title %}}T{{% endblock %}}{{% block body %}}{}{{% endblock %}}"
GROWING = (
    *("{{ 'x' * 999999999 }}", "{{ '%999999999d' % 1 }}", "{{ 9 ** 999999 }}", "{{ 'x'.ljust(999999999) }}"),
    *("{{ 'x' | center(999999999) }}", "{{ '{:>999999999}'.format('x') }}", "{{ names | join(names | join) }}"),
    *("{% for a in range(9999999) %}x{% endfor %}", "{{ lipsum(100000) }}", "{{ cycler('a') }}"),
    "{% for a in t %}{% for b in t %}{% for c in t %}{% endfor %}{% endfor %}{% endfor %}",
    "{% set a = 'xx' %}{% set a = a ~ a %}",
    "{% set a = 'xx' %}{% set b = [a, a] %}{% set c = [b, b] %}{{ c }}",
    "{% set a %}{{ a }}{{ a }}{% endset %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% filter upper %}x{% endfilter %}",
    "{% call(x) y() %}{% endcall %}",
    "{{ name.__class__.__mro__ }}{{ self.title() }}",
    "{% for a in t recursive %}{{ loop(a) }}{% endfor %}",
)


@pytest.mark.parametrize("text", GROWING)
def test_a_playbooks_text_that_could_grow_or_call_is_refused_before_it_is_rendered(text):
    with pytest.raises(MissingText, match=r"line 1"):
        compiled("en", BODY.format(text))


def test_a_text_that_is_only_long_ends_at_a_bound():
    source = BODY.format("{% for a in t %}{% for b in t %}" + "x" * 100 + "{% endfor %}{% endfor %}")
    moment = decode(
        b'{"specversion":"1.0","id":"i","source":"/p/f","type":"member.seen","time":"2026-03-02T10:00:00Z",'
        b'"data":{"community":"a","member":"m"}}'
    ).time
    with pytest.raises(ValueError, match="more than 64,000 characters"):
        Texts("onboarding").render(
            "en", "welcome", {"t": "x" * 4000}, now=moment, zone=zone_or(None, "UTC"), override=source
        )


def test_what_texts_may_use_is_enough_for_every_shipped_one():
    assert all(Texts(service.package).names for service in installed())
    assert MOST_LOOPS == 2
    assert {"join", "replace", "center", "indent", "format", "map"}.isdisjoint(FILTERS)


def test_a_playbook_with_such_a_text_is_refused_by_the_command_and_by_every_service():
    text = BODY.format("{{ 'x' * 999999999 }}").replace("\n", " ")
    with pytest.raises(UnfitFile) as caught:
        parse(f'name: x\nmessages:\n  welcome:\n    en: "{text}"\n', "x.yaml")
    assert "x.yaml:4: messages.welcome.en" in str(caught.value)

    facts = fortnight(members=14)[:1]
    facts[0]["data"]["playbook"]["messages"] = {"welcome": {"en": text}}
    turns = Turns(installed())
    for entry in (read(json.dumps(fact).encode(), seq=1) for fact in facts):
        turns.play(entry)
    letters = [(name, letter.kind, letter.where) for name, shelf in turns.shelves.items() for letter in shelf.letters]
    assert letters == [(service.name, "bad-playbook", "messages.welcome.en") for service in installed()]


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}\nname: x", "x: &x [1]\n" + "y: [" + "*x, " * 50 + "]"])
def test_a_file_that_refers_to_itself_is_refused(text):
    with pytest.raises(UnfitFile, match=r"x\.yaml:"):
        parse(text, "x.yaml")
