"""What onboarding tells of a member: how the arrival goes, what is missing, what is open."""

from facts import MONDAY, chose, days, hours, joined, minutes, motivated, posted, replied, said_yes
from onboarding.rules.people import DEADLINES
from onboarding.rules.telling import OPEN
from stories import given, passing
from told import telling, told_of

RELAYS = {"people": {"founding_relays": []}, "places": {"welcome": {"channel": "accueil"}}}


def test_every_deadline_that_is_about_a_member_can_be_told():
    assert set(OPEN) == set(DEADLINES)


def test_a_newcomer_sees_what_was_done_what_is_missing_and_what_is_open():
    story = given(joined("ana", MONDAY), passing(MONDAY + minutes(11)))

    assert told_of(story, "ana", "standing")[:3] == [
        "Joined: Monday 2 March 2026 at 11:00.",
        "Word of welcome: Monday 2 March 2026 at 11:10.",
        "Introduction: not answered yet.",
    ]
    assert told_of(story, "ana", "next") == [
        "For the first steps to be made, this is missing: an answer, yes or no, about the introduction.",
        "For the first steps to be made, this is missing: the first action.",
        "For the first steps to be made, this is missing: a reply by a person.",
    ]
    assert "The first steps are looked at: Wednesday 1 April 2026 at 12:10." in told_of(story, "ana", "open")


def test_somebody_who_found_a_footing_lacks_nothing():
    story = given(joined("ana", MONDAY), joined("ben", MONDAY - days(40)), passing(MONDAY + minutes(11)))
    story.when(
        chose("ana", MONDAY + hours(1), introduce=False), posted("ana", MONDAY + hours(2), post="p", kind="question")
    )
    story.when(replied("ben", "p", MONDAY + hours(3)))

    assert told_of(story, "ana", "next") == []
    assert any(said.startswith("First steps made:") for said in told_of(story, "ana", "standing"))


def test_a_relay_is_named_to_the_manager_and_nobody_to_the_member():
    story = given(joined("rita", MONDAY - days(40), display_name="Rita"))
    story.when(joined("ana", MONDAY), passing(MONDAY + minutes(11)))
    story.when(motivated("ana", MONDAY + hours(1)), said_yes("rita", "ana", MONDAY + hours(2)))
    said = {audience: telling(story, "ana", audience) for audience in ("manager", "member")}

    assert "Rita" not in str(said["member"])
    assert "rita" not in str(said["member"])
    for answer in said.values():
        assert any(tell["key"].startswith("relay_") for tell in answer["tells"])


def test_somebody_of_the_history_is_told_so_and_nobody_is_told_nothing():
    old = posted("old", MONDAY - days(9)).model_copy(update={"backfill": True})
    story = given(joined("ana", MONDAY), playbook=RELAYS)
    story.when(old)

    assert told_of(story, "old", "standing")[0].startswith("Known from the history that was brought along")
    assert telling(story, "nobody")["tells"] == []
    assert telling(story, "nobody")["person"] is None
