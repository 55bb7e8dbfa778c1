"""What a question is: the platform's word, else a score of signs; measured on labelled posts in French and English."""

import json
from pathlib import Path

import pytest

from contracts.playbook import NEUTRAL
from facts import MONDAY, asked, fact, joined, minutes, posted
from stories import given
from support.measure import measured
from support.rules.detection import asks_again, is_thanks, signs, waits_for_nothing
from support.service import SUPPORT

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "support-detection.md"
FIGURES = NEUTRAL.support
COMMAND = "python -m support.measure tests/support/sample_fr.json tests/support/sample_en.json"


def sample(language):
    return json.loads((HERE / f"sample_{language}.json").read_text("utf-8"))


def score(body, title=None, help_place=False):
    return signs(FIGURES, title=title, body=body, help_place=help_place).score


@pytest.mark.parametrize(
    ("language", "found", "wrong", "missed", "left", "precision", "recall"),
    [("fr", 93, 1, 13, 104, "98.9", "87.7"), ("en", 95, 2, 13, 106, "97.9", "87.9")],
)
def test_precision_and_recall_are_what_the_page_says(language, found, wrong, missed, left, precision, recall):
    posts = sample(language)

    figures = measured(posts)

    assert len(posts) >= 200
    assert len({(post["title"], post["body"]) for post in posts}) == len(posts)
    assert figures == (found, wrong, missed, left)
    assert (figures.precision, figures.recall) == (precision, recall)
    page = PAGE.read_text("utf-8")
    assert COMMAND in page
    assert f"| {language} | {len(posts)} | {found + missed} | {precision} % | {recall} % |" in page


def test_the_platforms_word_goes_before_any_score():
    story = given(service=SUPPORT)

    story.when(posted("ana", post="p1", kind="question", body="Merci."))

    story.expect("question.opened", post="p1", told_by="platform", score=None, target_minutes=60)


def test_a_question_by_score_says_its_score():
    story = given(service=SUPPORT)

    story.when(posted("ana", post="p1", body="Bonjour, quelqu'un sait comment détendre un fil trop serré ?"))

    opened = story.expect("question.opened", post="p1", told_by="score", score=3).data
    assert opened.because[0].actual == 3


def test_the_help_place_counts_as_a_sign():
    body = "Je cherche un professeur de guitare, niveau débutant."
    story = given(service=SUPPORT, playbook={"places": {"help": "aide"}})

    story.when(posted("ana", post="p1", body=body)).expect_none("question.opened")
    story.when(posted("ana", MONDAY + minutes(1), post="p2", body=body, channel="aide"))

    story.expect("question.opened", post="p2", score=2)


def test_a_channel_that_a_platform_calls_its_help_place_counts_too():
    story = given(fact("channel.described", channel="entraide", visibility="public", purpose="help"), service=SUPPORT)

    story.when(posted("ana", body="Je cherche un professeur de guitare.", channel="entraide"))

    story.expect("question.opened", told_by="score")


@pytest.mark.parametrize(
    "body",
    [
        "Dans ce tuto, étape 1 : percez. Étape 2 : vissez. Et vous, comment faites-vous ?",
        "J'ai fini ma table basse ! Pas mal, non ?",
        "Voici comment je range mes chutes. Qu'en pensez-vous ?",
        "Le budget est voté. Si vous avez des questions, n'hésitez pas !",
        "Bonjour à tous, comment ça va ?",
        "The whole story is on my blog. Any questions?",
        "Thanks everyone, that was fun, right?",
    ],
)
def test_a_tutorial_or_a_polite_ending_is_no_question(body):
    assert score(body) < FIGURES.question_score


@pytest.mark.parametrize(
    "body",
    [
        "J'ai suivi le tuto mais le moteur ne démarre pas, quelqu'un a eu le même souci ?",
        "Bonjour, peut-on changer l'adresse après l'envoi ? Merci d'avance, bonne journée à tous. Paul",
        "jarrive pas a ouvrir le fichier, quelquun sait pourquoi",
        "does anyone know how to center a div",
    ],
)
def test_a_question_in_plain_clothes_is_one(body):
    assert score(body) >= FIGURES.question_score


def test_a_question_mark_counts_in_the_last_sentences_only():
    tail = "Je l'ai donc fait. Cela m'a pris une heure. Tout tient. Voilà."

    assert signs(FIGURES, title=None, body=f"Pourquoi pas ? {tail}", help_place=False).mark == 0
    assert signs(FIGURES, title=None, body="Il pleut. Et demain, il fera quel temps ?", help_place=False).mark == 1


def test_quotes_code_and_addresses_are_not_the_persons_words():
    assert score("> quelqu'un sait comment faire ?\nMoi je ne réponds pas à cela.") == 0
    assert score("Le lien : https://exemple.org/?q=comment&any=idea") == 0
    assert score("```\nwhy = is_there_a_way()?\n```") == 0


def test_staff_and_announcements_are_questions_by_the_platforms_word_alone():
    team = {"people": {"core_team": [{"member": "eve", "name": "Eve"}]}}
    story = given(service=SUPPORT, playbook=team)
    body = "Quelqu'un a une idée pour la sortie de juin ?"

    story.when(
        posted("eve", body=body),
        posted("ana", MONDAY, body=body, kind="announcement"),
        posted("ana", MONDAY, body=body, origin="organisation"),
    ).expect_none("question.opened")
    story.when(asked("eve", MONDAY + minutes(1), body=body)).expect("question.opened", member="eve")


def test_a_program_never_asks():
    story = given(joined("robot", bot=True), service=SUPPORT)

    story.when(asked("robot", post="p1"), asked("ana", post="p2", bot=True)).expect_nothing()


def test_an_opening_edited_into_a_question_asks_from_the_edit_on():
    story = given(posted("ana", post="p1", body="Ma machine saute des points."), service=SUPPORT)
    at = MONDAY + minutes(90)

    story.when(fact("post.updated", at, post="p1", thread="p1", body="Quelqu'un sait pourquoi ma machine saute ?"))

    story.expect("question.opened", post="p1", asked_at=at)


def test_a_message_in_somebody_elses_thread_opens_no_question():
    story = given(posted("ana", post="p1"), service=SUPPORT)

    story.when(posted("bob", MONDAY + minutes(1), thread="p1", body="Quelqu'un sait comment faire ?"))

    story.expect_none("question.opened")


@pytest.mark.parametrize(
    ("body", "thanks"),
    [
        ("Merci !", True),
        ("Super, ça marche, merci beaucoup.", True),
        ("Merci, et pour la couleur ?", False),
        ("Merci mais ça ne marche toujours pas.", False),
        ("Thanks, that worked", True),
        ("D'accord", False),
    ],
)
def test_thanks_are_thanks_without_a_question_mark_or_a_but(body, thanks):
    assert is_thanks(FIGURES, body) is thanks


def test_a_mere_ok_waits_for_nothing_and_a_follow_up_does():
    assert waits_for_nothing(FIGURES, "ok, je vais essayer")
    assert not waits_for_nothing(FIGURES, "J'ai essayé, le fil casse maintenant.")
    assert asks_again(FIGURES, "Rebonjour, ça ne marche toujours pas")
    assert not asks_again(FIGURES, "Merci encore, mais quelle semaine !")
