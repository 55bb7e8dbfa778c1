"""The page: whole in itself, in both languages, readable without seeing, and rounded so that nobody is picked out."""

import asyncio
import re
import subprocess
import sys
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path

import pytest

from browsing import CHROMIUM, Tags, refers_to_itself, rendered, whole_in_itself
from chassis.pages import matched
from chassis.showing import ShelfReader
from contracts.playbook import NEUTRAL
from digest.measures.anonymity import veil
from digest.measures.report.words import texts
from digest.service import DIGEST
from facts import MONDAY, asked, days, decided, fact, hours, joined, minutes, motivated, posted, replied
from stories import given, passing

PAGE = "/report/atelier"
GOALS = [
    {"goal": "support", "what": "Vite", "target": 70, "unit": "percent", "indicator": "answered_within_60_minutes"},
    {"goal": "success", "what": "Réparer", "target": 120, "unit": "objets"},
]


def page_of(told, community="atelier"):
    page, named = matched(DIGEST.pages, f"/report/{community}")
    return asyncio.run(page(ShelfReader(told.turns.shelves["digest"]), named))


def lively(**playbook):
    """A quarter of a community of sixty, with everything that the page can show."""
    playbook = {"name": "L'Atelier", "goals": GOALS, **playbook}
    told = given(service=DIGEST, playbook=playbook, opened=MONDAY - days(7))
    for week in range(11):
        at = MONDAY + days(7 * week)
        happenings = []
        for n in range(60):
            member = f"member-{n:02}"
            if week == n % 5:
                happenings += [joined(member, at + minutes(n)), motivated(member, at + minutes(n), "learn")]
            if week >= n % 5 and n * 7 % 11 > week // 2:
                thread = f"q-{week}-{n}"
                happenings.append(asked(member, at + hours(1) + minutes(n), post=thread))
                if n % 4:
                    happenings.append(replied(f"member-{(n + 7) % 60:02}", thread, at + hours(2) + minutes(n * 11)))
        told.when(*sorted(happenings, key=lambda event: event.time))
    end = MONDAY + days(77)
    levels = ["taking_part"] * 20 + ["lending_a_hand"] * 9 + ["holding_up"] * 2 + ["relay"]
    told.when(
        *(
            decided("recognition", "stratum.raised", end, member=f"member-{n:02}", stratum=level, previous="listening")
            for n, level in enumerate(levels)
        ),
        *(
            fact("need.answered", end, member=f"member-{n:02}", need="learn", answer=("yes", "partly", "no")[n % 3])
            for n in range(24)
        ),
        passing(end + days(8)),
    )
    return told


@pytest.fixture(scope="module")
def told():
    return lively()


@pytest.fixture(scope="module")
def html(told):
    shown = page_of(told)
    assert shown.status == HTTPStatus.OK
    return shown.body.decode()


def test_it_asks_nothing_of_anybody_else(html):
    whole_in_itself(html)


def test_every_id_is_one_of_a_kind_and_every_reference_has_its_target(html):
    refers_to_itself(html)


def test_every_plot_has_a_title_a_description_and_a_table_beside_it(html):
    tags = [tag for tag, _ in Tags(html).found]
    plots = tags.count("svg")

    assert plots == 8
    assert len(re.findall(r'<svg [^>]*role="img" aria-labelledby="\S+-title \S+-desc"[^>]*><title ', html)) == plots
    assert len(re.findall(r"<desc [^>]*>[^<]{20,}</desc>", html)) == plots
    assert tags.count("figure") == plots
    assert html.count("<table>") >= plots
    assert html.count('scope="row"') > 20


def test_it_can_be_walked_through_by_keyboard_and_by_headings(html):
    tags = Tags(html).found
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert next(attributes for tag, attributes in tags if tag == "a")["href"] == "#content"
    assert ("main", {"id": "content", "tabindex": "-1"}) in tags
    assert ":focus-visible" in html
    assert "prefers-color-scheme: dark" in html


def test_it_speaks_the_language_of_the_playbook(html):
    assert '<html lang="fr">' in html
    assert "La météo de L&#39;Atelier" in html
    english = page_of(lively(language="en")).body.decode()
    assert '<html lang="en">' in english
    assert "Health of L&#39;Atelier" in english
    assert "Strates" not in english


def test_both_languages_have_every_text_with_the_same_values():
    french, english = texts("fr"), texts("en")

    assert list(french) == list(english)
    for key, words in french.items():
        fields = re.compile(r"{(\w+)}")
        assert sorted(fields.findall(words)) == sorted(fields.findall(english[key])), key
        assert not re.search(r"\b(tu|toi|vous|votre|ton|ta)\b", words, re.IGNORECASE), key


def test_it_names_nobody(html):
    assert "member-" not in html


def test_the_same_rows_make_the_same_bytes(told, html):
    assert page_of(told).body.decode() == html
    script = (
        "import sys; sys.path[:0] = %r; import test_report as t; sys.stdout.write(t.page_of(t.lively()).body.decode())"
    )
    paths = [str(Path(__file__).parent), *sys.path]
    again = subprocess.run(
        [sys.executable, "-c", script % paths], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"}, text=True
    )
    assert again.stdout == html


def test_small_figures_are_rounded_and_small_sides_joined(html):
    strata = html[html.index('id="strata"') : html.index('id="goals"')]

    assert "Coup de main + Force vive + Relais" in strata
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td>([^<]+)</td>', strata)
    assert rows == [
        ("Coup de main + Force vive + Relais", "≈\u00a010"),
        ("De la partie", "≈\u00a020"),
        ("À l&#39;écoute", "≈\u00a030"),
    ]


def test_the_veil_rounds_below_fifty_and_hides_what_is_small():
    by = veil(NEUTRAL.digest)

    assert [by.count(number) for number in (0, 2, 3, 7, 8, 47, 48, 49, 50, 51)] == [0, 0, 5, 5, 10, 45, 50, 50, 50, 51]
    assert by.percent(4, 40) is None
    assert by.percent(36, 40) is None
    assert by.percent(13, 40) == 35
    assert by.percent(33, 100) == 33
    assert by.parts({"yes": 9, "no": 4}) is None
    assert by.parts({"yes": 9, "no": 52}) == {"yes": 10, "no": 52}


def test_without_recognition_there_is_no_pyramid_and_it_says_so():
    alone = given(posted("ana", MONDAY), passing(MONDAY + days(15)), service=DIGEST)

    html = page_of(alone).body.decode()
    assert "Le service recognition n&#39;a encore rien dit des strates" in html
    assert 'id="strata-title"' not in html


@pytest.mark.parametrize(
    "happenings", [(), (posted("ana", MONDAY),), (joined("ana", MONDAY), passing(MONDAY + days(30)))]
)
def test_a_community_of_next_to_nothing_has_a_page_too(happenings):
    shown = page_of(given(*happenings, service=DIGEST))

    assert shown.status == HTTPStatus.OK
    assert Tags(shown.body.decode()).open == []


def test_of_an_unknown_community_there_is_none(told):
    assert page_of(told, "nobody").status == HTTPStatus.NOT_FOUND


def test_peoples_words_in_the_playbook_stay_words():
    hostile = [{"goal": "support", "what": "<script>alert(1)</script>", "target": 1, "unit": "</td><b>"}]

    html = page_of(given(posted("ana", MONDAY), service=DIGEST, playbook={"name": "<b>L'Atelier", "goals": hostile}))

    assert "<script" not in html.body.decode()
    assert "<b>" not in html.body.decode()


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["wide", "narrow"])
def test_a_real_browser_shows_it_whole(html, width, dark):
    told = rendered(html, width, dark=dark)

    assert told["width"] == width
    assert told["overflow"] <= 0
    assert told["narrowest"] >= min(width - 80, 480)
    assert told["smallest"] >= 9
    assert told["out"] <= 1
    bright = [int(part) for part in re.findall(r"\d+", told["surface"])[:3]]
    assert (sum(bright) < 200) == dark
    ink = [int(part) for part in re.findall(r"\d+", told["ink"])[:3]]
    assert abs(sum(ink) - sum(bright)) > 250
