"""Each service alone: a complaint, a cry for help, a restricted place is quoted by none, whoever else is running."""

import pytest

from digest.service import DIGEST
from facts import (
    FRIDAY,
    MONDAY,
    asked,
    days,
    deleted,
    described,
    fact,
    hours,
    joined,
    minutes,
    posted,
    replied,
    said_yes,
)
from onboarding.service import ONBOARDING
from recognition.service import RECOGNITION
from stories import given, passing
from together import EARLIER, old_hands

TITLE = "Le secret de la semelle"
CRIES = ("J'ai envie d'en finir.", "Il me frappe depuis des mois.")
GRUMBLE = "C'est inadmissible, encore une panne."
PEOPLE = {"people": {"core_team": [{"member": "eve", "name": "Ève"}], "relays": ["rea"]}}
NOON = FRIDAY + hours(2)


def alone(service, *happenings):
    return given(*happenings, service=service, playbook=PEOPLE, opened=EARLIER)


def told(story) -> str:
    """Every word of every message, to anybody but the core team."""
    messages = [message.data for message in story.every_message() if message.data.to.id not in {"core_team", "manager"}]
    return "\n".join(f"{message.title}\n{message.text}" for message in messages)


def helped(*more, **question):
    """Recognition alone: Bob answered Zoe on Monday, and it is Friday noon."""
    story = alone(RECOGNITION, *old_hands("bob", "zoe"))
    answer = replied("bob", "q", MONDAY + hours(1), post="a", body="Regarde d'abord du côté du fusible.")
    return story.when(asked("zoe", MONDAY, post="q", title=TITLE, **question), answer, *more, passing(NOON))


def test_recognition_thanks_for_an_answer_and_says_to_what():
    assert TITLE in told(helped())


@pytest.mark.parametrize("body", [*CRIES, GRUMBLE])
def test_recognition_quotes_no_thread_that_cries_or_complains(body):
    assert TITLE not in told(helped(body=body))


@pytest.mark.parametrize(
    "later",
    [
        posted("zoe", MONDAY + hours(2), post="r", thread="q", reply_to="q", body=CRIES[0]),
        fact("post.updated", MONDAY + hours(2), post="q", thread="q", body=CRIES[1]),
        fact("post.updated", MONDAY + hours(2), post="q", thread="q", body=GRUMBLE),
        fact("post.updated", MONDAY + hours(2), post="a", thread="q", body=CRIES[0]),
        fact("channel.described", MONDAY + hours(2), channel="general", visibility="restricted"),
        fact("thread.moved", MONDAY + hours(2), thread="q", channel="cellule"),
        deleted("q", MONDAY + hours(2)),
    ],
    ids=["a reply cries", "edited to cry", "edited to complain", "the answer cries", "locked", "moved", "deleted"],
)
def test_recognition_quotes_nothing_that_became_private_before_friday(later):
    locked = fact("channel.described", MONDAY - days(1), channel="cellule", visibility="restricted")

    assert TITLE not in told(helped(locked, later))


def test_recognition_names_the_title_that_a_thread_has_now():
    edit = fact("post.updated", MONDAY + hours(2), post="q", thread="q", title="La semelle décollée")

    text = told(helped(edit))

    assert "La semelle décollée" in text
    assert TITLE not in text


def test_recognition_thanks_for_feedback_that_cries_without_a_word_of_it():
    said = {"feedback": "f", "member": "bob"}
    adopted = {**said, "outcome": "adopted", "why": "merci", "by": "eve"}
    for body, quoted in (("Un banc de plus.", True), (CRIES[0], False)):
        story = alone(RECOGNITION, *old_hands("bob"))
        story.when(
            fact("feedback.submitted", MONDAY, **said, title=TITLE, body=body),
            fact("feedback.answered", MONDAY + days(1), **adopted),
            passing(NOON),
        )
        assert "Bob" in told(story)
        assert (TITLE in told(story)) is quoted


def test_recognition_thanks_a_host_without_naming_a_meeting_behind_closed_doors():
    for visibility, quoted in (("members", True), ("restricted", False)):
        story = alone(RECOGNITION, *old_hands("bob"))
        story.when(
            fact("channel.described", MONDAY, channel="cellule", visibility=visibility),
            fact("meetup.hosted", MONDAY, meetup="m", member="bob", title=TITLE, channel="cellule"),
            passing(NOON),
        )
        assert (TITLE in told(story)) is quoted


@pytest.mark.parametrize("body", [*CRIES, GRUMBLE])
def test_digest_leaves_out_of_the_synthesis_what_cries_or_complains(body):
    week = [
        asked("zoe", MONDAY, post="q", title="Comment recoller une semelle ?"),
        posted("cleo", MONDAY + hours(1), post="t", title="Un banc pour tous"),
        fact("kudos.given", MONDAY + hours(2), member="zoe", receivers=["bob"], reason="merci"),
        posted("bob", MONDAY + hours(3), post="p", title=TITLE, body=body),
        posted("zoe", MONDAY + hours(4), post="s", title="Et la suite", body="Je raconte."),
    ]
    story = alone(DIGEST, *old_hands("bob", "cleo", "zoe"), *week, passing(MONDAY + days(8)))

    assert "Un banc pour tous" in told(story)
    assert TITLE not in told(story)


def newcomer(**first_post):
    """Onboarding alone: Ana's first words, the relay asked, and a day without a reply."""
    story = alone(ONBOARDING, *old_hands("rea"), joined("ana"))
    story.when(posted("ana", MONDAY + minutes(20), post="p", **first_post), said_yes("rea", "ana", MONDAY + hours(1)))
    return story.when(passing(MONDAY + days(2)))


def test_onboarding_tells_the_relay_what_a_newcomer_wrote_about():
    story = newcomer(title=TITLE)

    assert TITLE in told(story)
    assert [event.data.told for event in story.all("newcomer.unanswered")] == [("rea",), ()]


@pytest.mark.parametrize("body", [*CRIES, GRUMBLE])
def test_onboarding_leaves_a_cry_or_a_complaint_to_the_core_team_and_quotes_it_to_nobody(body):
    story = newcomer(title=TITLE, body=body)

    assert TITLE not in told(story)
    assert [event.data.told_role for event in story.all("newcomer.unanswered")] == ["core_team", "core_team"]
    assert all(TITLE not in message.data.text for message in story.every_message())


@pytest.mark.parametrize("body", ["Je cherche une colle.", *CRIES, GRUMBLE])
def test_onboarding_gives_no_such_question_to_somebody_it_invites_back(body):
    acts = [posted("bob", EARLIER + days(n), post=f"b{n}") for n in range(6)]
    question = asked("zoe", MONDAY + days(18), post="q", title=TITLE, body=body)
    alive = [fact("member.seen", MONDAY + days(n), member="zoe") for n in range(40)]
    story = alone(ONBOARDING, *old_hands("bob", "zoe"), *acts)
    story.when(described(MONDAY - days(20), "post.created"))

    story.when(*sorted([*alive, question], key=lambda event: event.time))

    (lapsed,) = story.all("member.lapsed", member="bob")
    assert lapsed.data.gives == ("q" if body == "Je cherche une colle." else None)
    assert (TITLE in told(story)) is (lapsed.data.gives is not None)
