"""Taking back: deleted posts, withdrawn answers and reactions take their points with them, with the reason."""

import pytest

from facts import (
    MONDAY,
    accepted,
    asked,
    days,
    deleted,
    fact,
    hours,
    kudos,
    minutes,
    overruled,
    posted,
    reacted,
    replied,
)
from recognised import activity, conversation, earned, people, points, told
from recognition.state import Line, Standing


def helped():
    story = told(*people("ana", "ben", "cy"))
    return story.when(
        *conversation("ben", "ana", MONDAY, post="q"),
        accepted("q-a", "q", "ben", MONDAY + hours(2)),
        reacted("cy", "q-a", MONDAY + hours(3)),
    )


def test_a_deleted_post_takes_all_it_earned_and_each_line_says_why():
    story = helped()
    assert points(story, "ana") == 100 + 200 + 1000 + 100

    story.when(fact("post.deleted", MONDAY + hours(4), post="q-a", thread="q"))

    assert points(story, "ana") == 0
    withdrawn = story.found("points.withdrawn", member="ana", reason="deleted")
    assert {event.data.act for event in withdrawn} == {
        *("active_day", "reply_to_question", "accepted_answer", "reaction_received")
    }
    for event in withdrawn:
        assert story.row(Line, event.data.award).hundredths == event.data.points_hundredths


def test_the_day_stays_active_when_something_else_was_done_on_it():
    story = told(*people("ana", "ben"), posted("ana", MONDAY, post="p"), posted("ana", MONDAY + hours(1), post="p2"))

    story.when(deleted("p", MONDAY + hours(2)))
    assert earned(story, "ana") == [("active_day", 100)]
    assert activity(story, "ana").days[-1].posts == 1


def test_a_restored_post_brings_back_what_it_had_earned():
    story = helped()
    before = points(story, "ana")
    story.when(fact("post.deleted", MONDAY + hours(4), post="q-a", thread="q"))

    story.when(fact("post.restored", MONDAY + hours(5), post="q-a", thread="q"))
    assert points(story, "ana") == before

    story.when(fact("post.deleted", MONDAY + hours(6), post="q-a", thread="q"))
    assert points(story, "ana") == 0


def test_a_post_that_was_closed_and_not_deleted_keeps_its_points():
    story = helped()

    story.when(
        fact("post.closed", MONDAY + hours(4), post="q", thread="q"),
        fact("post.restored", MONDAY + hours(5), post="q", thread="q"),
    ).expect_nothing()


def test_a_withdrawn_answer_takes_its_points_its_figure_and_its_deed():
    story = helped()

    story.when(fact("answer.withdrawn", MONDAY + hours(4), post="q-a", thread="q", member="ben"))

    story.expect("points.withdrawn", reason="answer_withdrawn", act="accepted_answer", points_hundredths=1000)
    assert story.row(Standing, "ana").accepted == 0
    assert activity(story, "ana").days[-1].helped == 0


def test_accepted_then_withdrawn_then_accepted_again_counts_once():
    story = helped()
    story.when(fact("answer.withdrawn", MONDAY + hours(4), post="q-a", thread="q", member="ben"))
    story.when(accepted("q-a", "q", "ben", MONDAY + hours(5)))

    assert [act for act, amount in earned(story, "ana") if amount > 0].count("accepted_answer") == 2
    assert points(story, "ana") == 1400
    assert len(story.all("milestone.reached", milestone="accepted_answers")) == 1


def test_a_removed_reaction_takes_back_what_that_reaction_brought_and_no_other():
    story = told(*people("ana", "ben", "cy"), posted("ana", MONDAY, post="p"))
    story.when(
        reacted("ben", "p", MONDAY + minutes(1)),
        reacted("cy", "p", MONDAY + minutes(2)),
        reacted("ben", "p", MONDAY + minutes(3), reaction="heart"),
    )

    story.when(fact("reaction.removed", MONDAY + minutes(4), member="ben", post="p", reaction="thanks"))

    taken = story.expect("points.withdrawn", reason="reaction_removed", member="ana")
    assert taken.data.points_hundredths == 100
    assert activity(story, "ana").days[-1].received == 2


def test_a_reaction_removed_before_its_post_is_known_is_as_if_it_had_never_been():
    story = told(*people("ana", "ben"), reacted("ben", "p", MONDAY))
    story.when(fact("reaction.removed", MONDAY, member="ben", post="p", reaction="thanks"))

    story.when(posted("ana", MONDAY + minutes(1), post="p")).expect_none("points.awarded", act="reaction_received")


def test_a_post_moderated_with_an_upheld_flag_loses_its_points_and_counts_against_its_author():
    story = helped()

    story.when(fact("post.moderated", MONDAY + hours(4), post="q-a", thread="q", action="hidden", upheld=True))

    assert {event.data.reason for event in story.found("points.withdrawn")} == {"moderated"}
    assert activity(story, "ana").days[-1].flags == 1


def test_a_flag_that_is_not_upheld_changes_nothing():
    story = helped()

    story.when(
        fact("post.flagged", MONDAY + hours(4), post="q-a", thread="q", member="cy"),
        fact("post.moderated", MONDAY + hours(4), post="q-a", thread="q", action="kept", upheld=False),
    ).expect_nothing()


def test_a_deletion_before_its_post_leaves_a_post_that_earns_nothing():
    story = told(*people("ana", "ben"), asked("ben", MONDAY, post="q"))
    story.when(fact("post.deleted", MONDAY + minutes(2), post="a", thread="q"))

    story.when(replied("ana", "q", MONDAY + minutes(1), post="a"), reacted("ben", "a", MONDAY + minutes(3)))

    story.expect_none("points.awarded", member="ana")


def test_a_post_deleted_long_after_its_row_is_gone_takes_its_points_all_the_same():
    story = helped()
    story.when(posted("cy", MONDAY + days(300)))

    story.when(fact("post.deleted", MONDAY + days(301), post="q-a", thread="q"))

    assert points(story, "ana") in {0, 100}  # what had made the day active is not known any more
    assert {event.data.act for event in story.found("points.withdrawn")} >= {"accepted_answer", "reply_to_question"}


def test_a_human_can_overrule_an_award_and_a_withdrawal():
    story = helped()
    award = story.all("points.awarded", act="accepted_answer")[0]

    story.when(overruled(award, MONDAY + hours(4)))
    taken = story.expect("points.withdrawn", award=award.id, reason="overruled")
    story.when(overruled(award, MONDAY + hours(5))).expect_nothing()

    story.when(overruled(taken, MONDAY + hours(6)))
    story.expect("points.awarded", act="accepted_answer", points_hundredths=1000)


def test_deleting_a_post_with_kudos_takes_the_kudos_for_it():
    story = told(*people("ana", "ben"), posted("ana", MONDAY, post="p"), kudos("ben", "ana", at=MONDAY, post="p"))

    story.when(deleted("p", MONDAY + hours(1)))

    story.expect("points.withdrawn", act="kudos_received", reason="deleted")


@pytest.mark.parametrize("again", [1, 2, 3])
def test_deleting_again_takes_nothing_more(again):
    story = helped()
    story.when(*[fact("post.deleted", MONDAY + hours(3 + n), post="q-a", thread="q") for n in range(again)])

    assert points(story, "ana") == 0
    assert len(story.all("points.withdrawn")) == 4
