"""Already answered: solved threads that match, privately or folded, never to a newcomer's first question too soon."""

import pytest

from facts import MONDAY, asked, days, deleted, described, fact, hours, joined, minutes, posted, replied
from stories import given, passing
from support.rules.terms import terms_of
from support.service import SUPPORT
from support.state import Library, Solved, Term, Thread

SOON = MONDAY + minutes(5)
BEFORE = MONDAY - days(20)
TITLE = "Comment recoller une semelle de chaussure en cuir ?"
LIKE = "Recoller la semelle de mes chaussures en cuir"


def solved(thread="old", at=BEFORE, title=TITLE, member="cleo", **data):
    """A question that was solved long ago."""
    return [
        asked(member, at, post=thread, title=title, body="Elle se décolle au talon.", **data),
        replied("bob", thread, at + minutes(10), post=f"{thread}-r"),
        fact("answer.accepted", at + hours(1), member=member, post=f"{thread}-r", thread=thread),
    ]


def known(member="ana"):
    """Somebody who has asked here before, and is no newcomer."""
    return asked(member, BEFORE, post=f"first-of-{member}", title="Où est la salle ?", body="Je ne la trouve pas.")


def story_of(*facts, **playbook):
    return given(*facts, service=SUPPORT, playbook=playbook)


def like(at=MONDAY, member="ana", **data):
    return asked(member, at, **{"post": "q", "title": LIKE, "body": "Elle bâille à l'avant.", **data})


def test_a_solved_thread_that_matches_is_suggested_folded_in_the_thread():
    story = story_of(*solved(), known())

    story.when(like())

    suggested = story.expect("answer.suggested", member="ana", way="folded").data
    assert [found.thread for found in suggested.suggestions] == ["old"]
    message = story.expect_message(template="suggestion", to="general")
    assert (message.thread, message.purse) == ("q", "none")
    assert TITLE.removesuffix(" ?") in message.text


def test_privately_where_the_platform_allows_it():
    story = story_of(*solved(), known(), described(BEFORE, "post.created", direct_first_contact="allowed"))

    story.when(like()).expect("answer.suggested", way="private")

    assert story.expect_message(template="suggestion", to="ana").purse == "reply"


def test_words_are_matched_by_their_stems_in_english_too():
    old = solved(title="How do I sharpen kitchen knives with a whetstone?")
    story = story_of(*old, known(), language="en")

    story.when(like(title="Sharpening a kitchen knife on whetstones", body="Which angle?"))

    story.expect("answer.suggested")


def test_what_does_not_match_is_not_suggested():
    story = story_of(*solved(), known())

    story.when(like(title="Quelle taille de vis pour une étagère ?", body="Mur en plâtre.")).expect_none(
        "answer.suggested"
    )


def test_at_most_three_the_best_first():
    old = [fact for n in range(5) for fact in solved(f"old{n}", BEFORE + hours(2 * n))]
    story = story_of(*old, *solved("best", title=LIKE), known())

    suggested = story.when(like()).expect("answer.suggested").data.suggestions

    assert len(suggested) == 3
    assert suggested[0].thread == "best"
    assert [found.score for found in suggested] == sorted((found.score for found in suggested), reverse=True)


def test_a_newcomers_first_question_waits_for_thirty_minutes():
    story = story_of(*solved(), joined("ana", MONDAY - hours(1)))

    story.when(like(), passing(MONDAY + minutes(29))).expect_none("answer.suggested")
    story.when(passing(MONDAY + minutes(30))).expect("answer.suggested", way="folded")


def test_or_until_a_human_spoke():
    story = story_of(*solved(), joined("ana", MONDAY - hours(1)), like())

    story.when(replied("zoe", "q", MONDAY + minutes(5), body="Bienvenue ici !")).expect("answer.suggested")
    story.when(passing(MONDAY + hours(1))).expect_none("answer.suggested")


def test_a_first_question_that_is_answered_needs_no_suggestion():
    story = story_of(*solved(), joined("ana", MONDAY - hours(1)), like())

    story.when(replied("zoe", "q", MONDAY + minutes(5)), passing(MONDAY + hours(1))).expect_none("answer.suggested")


def tapped(story, answer, at=SOON, member="ana"):
    request = story.every_message(template="suggestion")[-1].id
    return story.when(fact("request.answered", at, request=request, member=member, answer=answer))


def test_whether_it_helped_is_counted_and_solves_the_question():
    story = story_of(*solved(), known(), like())

    tapped(story, "helped_1").expect("question.solved", told_by="rated", suggestion="old")

    assert story.row(Solved, "old").helped == 1
    assert story.row(Library) == Library(threads=2, suggested=1, helped=1)


def test_that_it_did_not_is_counted_once_and_only_the_askers_word_counts():
    story = story_of(*solved(), known(), like())

    tapped(story, "not_helped", member="zoe").expect_nothing()
    tapped(story, "not_helped").expect_nothing()
    tapped(story, "not_helped", MONDAY + minutes(6))

    assert story.row(Solved, "old").not_helped == 1
    assert story.row(Library).not_helped == 1


def test_a_thread_that_never_helps_is_suggested_no_more():
    story = story_of(*solved(), *[known(name) for name in ("ana", "zoe", "lou", "max")])
    for n, name in enumerate(("ana", "zoe", "lou")):
        at = MONDAY + hours(n)
        story.when(like(at, name, post=f"q{n}"))
        tapped(story, "not_helped", at + minutes(5), name)

    story.when(like(MONDAY + hours(5), "max")).expect_none("answer.suggested")


def test_a_reopened_thread_is_found_no_more():
    story = story_of(*solved(), known())
    story.when(fact("answer.withdrawn", MONDAY - days(1), member="cleo", post="old-r", thread="old"))

    story.when(like()).expect_none("answer.suggested")


def test_nothing_from_a_restricted_place_is_suggested_even_when_it_became_one_later():
    story = story_of(*solved(channel="atelier-a"), known())

    story.when(fact("channel.described", MONDAY - days(1), channel="atelier-a", visibility="restricted"))

    story.when(like()).expect_none("answer.suggested")


def test_no_complaint_is_suggested():
    story = story_of(*solved(complaint=True), known())

    story.when(like()).expect_none("answer.suggested")
    assert story.row(Solved, "old") is None


def test_a_deleted_thread_leaves_the_index():
    story = story_of(*solved(), known(), deleted("old", MONDAY - days(1)))

    story.when(like()).expect_none("answer.suggested")
    assert story.rows(Term) == [] or all("old" not in term.threads for term in story.rows(Term))


def test_the_index_is_bounded():
    old = [fact for n in range(14) for fact in solved(f"old{n:02}", BEFORE + hours(2 * n))]
    story = story_of(*old, support={"suggestion_threads_kept": 10, "suggestion_term_threads": 5})

    story.when(passing(MONDAY))

    assert [row.thread for row in story.rows(Solved)] == [f"old{n:02}" for n in range(4, 14)]
    assert story.row(Library).threads == 10
    assert max(len(term.threads) for term in story.rows(Term)) == 5


def test_no_suggestion_on_history():
    story = story_of(*solved(), known())

    story.when(like(backfill=True)).expect_none("answer.suggested")
    assert story.row(Thread, "q") is not None


@pytest.mark.parametrize(
    ("title", "language", "term"),
    [
        ("Les machines à coudre industrielles", "fr", "machin"),
        ("How I am sharpening the knives", "en", "sharpen"),
    ],
)
def test_terms_are_stems_of_the_language_that_was_written(title, language, term):
    terms, strong = terms_of(title, ("Vélo",), "", locale=None, fallback="en" if language == "fr" else "fr")

    assert term in terms
    assert terms[0] == "#velo"
    assert strong == len(terms)


def test_a_suggestion_that_was_not_read_is_called_back_with_the_answer():
    story = story_of(*solved(), known(), like())

    story.when(posted("zoe", MONDAY + minutes(5), thread="q", body="Une colle néoprène fera l'affaire."))

    story.expect("message.cancelled", to="general", why="answered")
