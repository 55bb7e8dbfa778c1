"""Words that keep a text from being quoted, read alike by every service."""

import pytest

from contracts.playbook import NEUTRAL
from contracts.sensitive import heard, said, sensitive


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("J'ai envie d'en finir, je n'en peux plus", "distress"),
        ("i want to die", "distress"),
        ("mon mari me bat depuis des mois", "violence"),
        ("C'est inadmissible, je veux être remboursé", "complaint"),
        ("Pour en finir avec ce bug, redémarrez", None),
        ("Un viaduc, une violette, un débat", None),
    ],
)
def test_words_of_distress_violence_and_complaint_are_heard_as_whole_words(text, nature):
    assert heard(NEUTRAL, text) == nature


def test_the_gravest_word_counts_whichever_comes_first():
    text = "C'est inadmissible, et j'ai envie d'en finir."

    assert heard(NEUTRAL, text) == "distress"
    assert sensitive(NEUTRAL, text) == "care"


def test_distress_and_violence_are_care_and_a_complaint_is_one():
    found = [sensitive(NEUTRAL, text) for text in ("i want to die", "il me frappe", "c'est inadmissible", "bonjour")]

    assert found == ["care", "care", "complaint", None]


def test_apostrophes_may_be_curly_straight_or_left_out():
    assert {heard(NEUTRAL, f"J{mark}ai envie d{mark}en finir") for mark in ("'", "\u2019", "")} == {"distress"}


def test_a_title_is_part_of_what_a_post_says():
    assert sensitive(NEUTRAL, said("J'ai envie d'en finir", "Voilà.")) == "care"
    assert said(None, None) == ""
