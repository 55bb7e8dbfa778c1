"""Two people who give each other most of what they get are looked at by a human; until then what they give waits."""

import pytest

from facts import MONDAY, days, fact, hours, minutes, overruled, posted, reacted
from recognised import people, points, told
from recognition.state import Pair
from recognition.state_book import Suspicion

CROWD = [f"m{n}" for n in range(32)]
MANAGER = {"people": {"manager": "eve", "core_team": [{"member": "eve", "name": "Ève"}]}}


def pair(count=12, *, crowd=CROWD, others=0):
    """Ana and Ben react to each other once a day each."""
    story = told(*people("ana", "ben", *crowd), playbook=MANAGER)
    story.when(*[posted(name, MONDAY - days(1)) for name in crowd])
    story.when(*[posted(name, MONDAY, post=f"{name}{n}") for name in ("ana", "ben") for n in range(count)])
    for n in range(others):
        story.when(reacted(crowd[n], f"ana{n}", MONDAY + hours(1) + minutes(n)))
        story.when(reacted(crowd[n], f"ben{n}", MONDAY + hours(1) + minutes(n)))
    for n in range(count):
        at = MONDAY + days(n) + hours(3)
        story.when(reacted("ana", f"ben{n}", at), reacted("ben", f"ana{n}", at + minutes(1)))
    return story


def test_a_pair_is_suspected_once_and_the_manager_is_asked():
    story = pair()

    (suspected,) = story.all("gaming.suspected")
    assert suspected.data.members == ("ana", "ben")
    assert (suspected.data.events, suspected.data.share_percent) == (10, "100.0")
    (asked,) = [message for message in story.every_message() if message.data.rule == "gaming"]
    assert (asked.data.to.id, [action.id for action in asked.data.actions]) == ("manager", ["fair", "gaming", "later"])
    assert suspected.id == asked.data.serves


def test_what_they_give_each_other_since_waits_and_others_reactions_count():
    story = pair()
    held = story.all("points.held")
    assert held
    assert all(event.data.suspicion == story.all("gaming.suspected")[0].id for event in held)

    story.when(reacted("m1", "ana0", MONDAY + days(20))).expect("points.awarded", member="ana", giver="m1")


@pytest.mark.parametrize(
    "story",
    [
        lambda: pair(4),
        lambda: pair(crowd=CROWD[:20]),
        lambda: pair(others=10),
    ],
    ids=["under ten events", "in a small community", "below 60 % of what they get"],
)
def test_friends_are_left_alone(story):
    assert story().all("gaming.suspected") == []


LATER = MONDAY + days(15)


def verdict(story, answer, at=LATER):
    (asked,) = [message for message in story.every_message() if message.data.rule == "gaming"]
    return story.when(fact("request.answered", at, request=asked.data.request, member="eve", answer=answer))


def test_a_human_says_it_is_fair_and_what_waited_is_awarded():
    story = pair()
    held = sum(event.data.points_hundredths for event in story.all("points.held"))
    before = points(story, "ana") + points(story, "ben")

    verdict(story, "fair")

    assert points(story, "ana") + points(story, "ben") == before + held
    assert story.rows(Suspicion) == []
    story.when(reacted("ana", "ben0", MONDAY + days(16))).expect_none("gaming.suspected").expect_none("points.held")


def test_a_human_says_it_is_gaming_and_it_is_taken_back_and_counts_for_nothing_for_a_time():
    story = pair()

    verdict(story, "gaming")

    taken = story.found("points.withdrawn", reason="gaming")
    assert {event.data.member for event in taken} == {"ana", "ben"}
    assert story.row(Pair, "ana", "ben").verdict == "void"
    story.when(reacted("ben", "ana0", MONDAY + days(16))).expect_none("points.awarded", giver="ben")


def test_later_is_no_verdict():
    story = verdict(pair(), "later")

    assert len(story.rows(Suspicion)) == 1


def test_overruling_the_suspicion_is_saying_that_it_is_fair():
    story = pair()

    story.when(overruled(story.all("gaming.suspected")[0], MONDAY + days(15)))

    story.expect("points.awarded", times=len(story.all("points.held")))


def test_a_held_reaction_that_is_removed_waits_no_more():
    story = pair()
    waiting = story.rows(Suspicion)[0].held
    last = waiting[-1]

    story.when(fact("reaction.removed", MONDAY + days(14), member=last.giver, post=last.post, reaction="thanks"))

    assert story.rows(Suspicion)[0].held == waiting[:-1]
