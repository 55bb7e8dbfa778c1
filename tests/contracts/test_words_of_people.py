"""Skills as people write them, what is a reply, which day is active, a choice among equals."""

import os
import subprocess
import sys
from datetime import date

import pytest

from contracts.activity import active_member, iso_week, local_day, week_start
from contracts.choice import stable_choice, stable_hash, stable_order
from contracts.human_reply import is_bare, is_human_reply
from contracts.playbook import load
from contracts.skills import fold, shared_skills, skill_named, skills_named
from contracts.zones import zone_named
from facts_said import moment, posted, said

SKILLS = load(
    {
        "skills": [
            {"skill": "couture", "label": {"fr": "la couture", "en": "sewing"}, "synonyms": ["machine à coudre"]},
            {"skill": "electronique", "label": "l'électronique", "synonyms": ["soudure"]},
        ]
    }
).skill_index


@pytest.mark.parametrize(
    "written", ["Couture", "COUTURE !", "la couture", "Sewing", "Machine a coudre", "machine-à-coudre"]
)
def test_slug_label_and_synonyms_are_one_skill(written):
    assert skill_named(SKILLS, written) == "couture"


def test_a_free_skill_is_matched_exactly_after_folding():
    assert skill_named(SKILLS, "Vélo  cargo") == skill_named(SKILLS, "velo-cargo") == "velo-cargo"
    assert skill_named(SKILLS, "vélos cargo") != "velo-cargo"
    assert skill_named(SKILLS, "C++") != skill_named(SKILLS, "C#") != skill_named(SKILLS, "C")


def test_shared_skills_are_sorted_and_said_once():
    assert shared_skills(SKILLS, ["Soudure", "couture", "vélo"], ["Velo", "sewing", "électronique", "cuisine"]) == (
        "couture",
        "electronique",
        "velo",
    )
    assert skills_named(SKILLS, ["!!", "", "Soudure", "électronique"]) == ("electronique",)


def test_folding_takes_case_accents_ligatures_and_punctuation():
    assert fold("  L'Œuvre, ÉLÈVE — straße…  ") == "l oeuvre eleve strasse"


@pytest.mark.parametrize(
    "body",
    [
        *("me too", "Me too!", "up", "UP !!!", "up up", "+1", "+1 👍", "👍", "pareil", "Pareil…", "pareil pour moi"),
        *("Moi aussi 😅", "idem", "Idem ici, merci", "Bonjour, même problème", "Same here.", "bump", "ditto"),
        *("moi aussi, +1", "petit up", "J'ai le même problème", "Hello, same issue here, thanks"),
    ],
)
def test_words_that_add_nothing_are_no_reply(body):
    assert is_bare(body)
    assert not is_human_reply(posted("2026-03-02 10:00", member="ben", body=body).data, to="ana")


@pytest.mark.parametrize(
    "body",
    [
        *("merci", "non", "Pareil, j'ai changé le fusible", "up to date", "on cherche", "❤️", "bonjour", "1"),
        *("Same here: check the fuse", "oui", "", "idée : le câble", "upcycling"),
    ],
)
def test_a_word_of_ones_own_is_a_reply(body):
    assert is_human_reply(posted("2026-03-02 10:00", member="ben", body=body).data, to="ana")


def test_neither_the_author_nor_a_bot_replies():
    own = posted("2026-03-02 10:00", member="ana", body="toujours là ?").data
    bot = posted("2026-03-02 10:00", member="robot", body="Have you tried turning it off?", bot=True).data
    known = posted("2026-03-02 10:00", member="robot", body="Have you tried turning it off?").data

    assert not is_human_reply(own, to="ana")
    assert not is_human_reply(bot, to="ana")
    assert not is_human_reply(known, to="ana", bot=True)
    assert is_human_reply(own, to=None)


@pytest.mark.parametrize(
    ("event", "member"),
    [
        (posted("2026-03-02 10:00"), "ana"),
        (posted("2026-03-02 10:00", bot=True), None),
        (said("reaction.added", "2026-03-02 10:00", member="ben", post="p", reaction="+1", post_author="ana"), "ben"),
        (said("reaction.added", "2026-03-02 10:00", post="p", reaction="+1", post_author="ana"), None),
        (said("answer.accepted", "2026-03-02 10:00", member="ben", post="p", thread="t", answer_author="ana"), "ben"),
        (said("task.completed", "2026-03-02 10:00", task="x", member="ana"), "ana"),
        (said("meetup.attended", "2026-03-02 10:00", meetup="x", member="ana"), "ana"),
        (said("poll.voted", "2026-03-02 10:00", poll="x", member="ana"), "ana"),
        (said("member.seen", "2026-03-02 10:00", member="ana"), None),
        (said("kudos.given", "2026-03-02 10:00", member="ana", receivers=["ben"], reason="merci"), None),
    ],
    ids=lambda value: getattr(value, "type", value),
)
def test_what_makes_a_day_active(event, member):
    assert active_member(event) == member


def test_a_day_and_a_week_are_those_of_the_zone():
    late = moment("2026-12-31 23:30")

    assert local_day(late, zone_named("Europe/Paris")) == date(2027, 1, 1)
    assert iso_week(date(2027, 1, 1)) == "2026-W53"
    assert week_start(date(2027, 1, 1)) == date(2026, 12, 28)


def test_a_choice_among_equals_does_not_depend_on_the_order_they_came_in():
    people = ["ana", "ben", "chloé", "dan"]

    assert stable_order(people, "pairing", 7) == stable_order(reversed(people), "pairing", 7)
    assert stable_choice(people, "pairing", 7) == stable_order(people, "pairing", 7)[0]
    assert len({stable_choice(people, "pairing", day) for day in range(50)}) == 4
    assert stable_choice([], "pairing") is None


def test_the_hash_is_the_same_in_every_process():
    code = "from contracts.choice import stable_hash; print(stable_hash('ana', 7))"
    seeds = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert seeds == {str(stable_hash("ana", 7))} == {"14527043727461767544"}
