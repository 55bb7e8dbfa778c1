"""Texts: one source, five formats; what people wrote is escaped in each, and French is spaced as French."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chassis import words
from chassis.rendering import MissingText, Texts, shortened
from parlour import TEMPLATES, parlour

NOW = datetime(2026, 3, 3, 15, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
VALUES = {"name": "Inès", "title": "Grille-pain", "count": 2, "helpers": ["Ana", "Bo", "Cy"]}


@pytest.fixture
def texts(tmp_path, monkeypatch):
    return Texts(parlour(tmp_path, monkeypatch, "parlour_rendering"))


def test_french_is_spaced_and_counted_by_its_own_rules(texts):
    rendered = texts.render("fr-tu", "word", VALUES, now=NOW, zone=PARIS)

    assert rendered.title == "Un mot pour Inès"
    assert rendered.text == (
        "Bonjour Inès, as-tu lu «\u00a0Grille-pain\u00a0»\u202f?\n\nIl y a 2 réponses\u00a0: Ana, Bo et Cy."
    )
    assert "0 réponse\u00a0:" in texts.render("fr-tu", "word", VALUES | {"count": 0}, now=NOW, zone=PARIS).text


def test_english_counts_none_as_many(texts):
    rendered = texts.render("en", "word", VALUES | {"count": 0}, now=NOW, zone=PARIS)

    assert rendered.text.endswith("There are 0 answers:\nAna, Bo and Cy.")


def test_html_escapes_everything_that_was_written(texts):
    rendered = texts.render("en", "word", VALUES | {"title": "<img src=x onerror=alert(1)>"}, now=NOW, zone=PARIS)

    assert "<img" not in rendered.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in rendered.html
    assert rendered.html.startswith("<p>Hello Inès")


def test_markdown_escapes_values_and_leaves_the_prose_alone(texts):
    rendered = texts.render("en", "word", VALUES | {"title": "[click](http://x) **now**"}, now=NOW, zone=PARIS)

    assert r"\[click\]\(http://x\) \*\*now\*\*" in rendered.markdown
    assert "Hello Inès, have you" in rendered.markdown


def test_a_value_can_neither_call_a_crowd_nor_steer_a_terminal_nor_be_a_template(texts):
    hostile = "@everyone \x1b[2J\u202e {{ 7 * 7 }} {% for x in y %}"
    rendered = texts.render("en", "word", VALUES | {"title": hostile}, now=NOW, zone=PARIS)

    for text in rendered:
        assert "@everyone" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "{{ 7 * 7 }}" in rendered.text


def test_a_private_message_ends_with_the_stop_line_once(texts):
    rendered = texts.render("en", "word", VALUES, now=NOW, zone=PARIS, private=True)

    assert rendered.text.count("To get no more messages of this kind") == 1
    assert rendered.text.endswith("answer “stop”.")


def test_an_override_of_the_playbook_takes_the_place_of_the_text(texts):
    override = "{% block title %}T{% endblock %}{% block body %}Salut {{ name }} !{% endblock %}"

    assert texts.render("fr-tu", "word", VALUES, now=NOW, zone=PARIS, override=override).text == "Salut Inès\u202f!"


def test_an_override_cannot_reach_out_of_the_sandbox(texts):
    override = "{% block title %}T{% endblock %}{% block body %}{{ name.__class__.__mro__ }}{% endblock %}"

    with pytest.raises(Exception, match="unsafe"):
        texts.render("fr-tu", "word", VALUES, now=NOW, zone=PARIS, override=override)


def test_a_text_missing_in_one_language_is_an_error_at_start(tmp_path, monkeypatch):
    package = parlour(tmp_path, monkeypatch, "parlour_missing")
    (tmp_path / package / "messages" / "en" / "word.txt").unlink()

    with pytest.raises(MissingText, match="messages/en lacks word"):
        Texts(package)


def test_a_text_that_does_not_parse_is_an_error_at_start_with_its_line(tmp_path, monkeypatch):
    broken = TEMPLATES | {"en": "{% block title %}{% endblock %}\n{% block body %}{{ name }"}

    with pytest.raises(MissingText, match=r"messages/en/word.txt: line 2"):
        Texts(parlour(tmp_path, monkeypatch, "parlour_broken", broken))


def test_a_short_form_has_at_most_280_characters_and_ends_between_words():
    short = shortened("mot " * 200)

    assert len(short) <= 280
    assert short.endswith("mot…")


@pytest.mark.parametrize(
    ("catalog", "moment", "said"),
    [
        ("fr-tu", datetime(2026, 3, 3, 8, tzinfo=UTC), "ce matin"),
        ("fr-tu", datetime(2026, 3, 2, 20, tzinfo=UTC), "hier soir"),
        ("en", datetime(2026, 3, 2, 20, tzinfo=UTC), "last night"),
        ("fr-vous", datetime(2026, 2, 27, 12, tzinfo=UTC), "vendredi"),
        ("en", datetime(2026, 2, 10, 12, tzinfo=UTC), "on Tuesday 10 February"),
        ("fr-tu", datetime(2026, 3, 4, 8, tzinfo=UTC), "demain"),
    ],
)
def test_moments_are_said_in_words_of_the_recipients_day(catalog, moment, said):
    assert words.when(catalog, moment, NOW, PARIS) == said


def test_hours_are_written_as_the_language_writes_them():
    local = datetime(2026, 3, 3, 14, 5, tzinfo=PARIS)

    assert words.clock("fr-tu", local) == "14\u00a0h\u00a005"
    assert words.clock("en", local) == "14:05"
    assert words.day("fr-tu", local) == "mardi 3 mars"


def test_a_short_form_keeps_the_spaces_of_french_that_do_not_break(texts):
    rendered = texts.render("fr-tu", "word", VALUES, now=NOW, zone=PARIS)

    assert rendered.short == (
        "Bonjour Inès, as-tu lu «\u00a0Grille-pain\u00a0»\u202f? Il y a 2 réponses\u00a0: Ana, Bo et Cy."
    )


def test_a_title_is_one_line_whoever_it_names(texts):
    rendered = texts.render("fr-tu", "word", VALUES | {"name": "Inès\n\nBcc: x"}, now=NOW, zone=PARIS)

    assert rendered.title == "Un mot pour Inès Bcc: x"


def test_a_short_form_that_meets_an_endless_word_still_says_something():
    assert shortened("Bonjour " + "N" * 400) == "Bonjour " + "N" * 271 + "…"


@pytest.mark.parametrize(
    ("address", "text", "markdown"),
    [
        (
            "https://forum.example/@ana/a_b-c?x=1#y",
            "https://forum.example/%40ana/a_b-c?x=1#y",
            "<https://forum.example/%40ana/a_b-c?x=1#y>",
        ),
        (
            "https://x/](javascript:1)> **b**",
            "https://x/](javascript:1)> **b**",
            r"https://x/\]\(javascript:1\)\> \*\*b\*\*",
        ),
        ("javascript:alert@x", "javascript:alert@\u2060x", "javascript:alert@\u2060x"),
    ],
)
def test_an_address_can_be_followed_in_every_format_and_what_is_none_is_escaped(texts, address, text, markdown):
    override = "{% block title %}T{% endblock %}{% block body %}{{ url | link }}{% endblock %}"

    rendered = texts.render("en", "word", {"url": address}, now=NOW, zone=PARIS, override=override)

    assert (rendered.text, rendered.markdown) == (text, markdown)
