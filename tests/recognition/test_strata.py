"""Strata: lists a member can read, one step a week, kept at nine tenths, down in silence after days of grace."""

from itertools import pairwise

import pytest

from contracts.playbook import Strata
from facts import (
    MONDAY,
    accepted,
    asked,
    chose,
    configured,
    days,
    described,
    fact,
    hours,
    minutes,
    overruled,
    paused,
    posted,
    reacted,
    replied,
)
from recognised import people, pulse, regular, stratum, told
from recognition.rules.requirements import KEYS, kept
from recognition.state import Standing
from stories import passing

FANS = [f"fan{n}" for n in range(8)]
# Spring, without a quiet season for a hundred days.
SPRING = MONDAY


def regulars(count, **playbook):
    return told(*people("ana", "zoe", *FANS), *regular("ana", SPRING, count), **playbook)


def test_taking_part_is_one_post_and_two_active_days():
    story = told(*people("ana"))
    story.when(posted("ana", MONDAY)).expect_none("stratum.raised")

    story.when(posted("ana", MONDAY + days(1)))

    raised = story.expect("stratum.raised", member="ana", stratum="taking_part", previous="listening")
    assert [(one.key, one.needed, one.actual, one.met) for one in raised.data.requirements] == [
        ("active_days", 2, 2, True),
        ("posts_or_meetups", 1, 2, True),
    ]
    story.expect_none("message.requested")


def test_two_active_days_without_a_post_are_not_taking_part_but_a_meetup_is():
    story = told(*people("ana", "ben"), posted("ben", MONDAY, post="p"), posted("ben", MONDAY, post="p2"))
    story.when(reacted("ana", "p", MONDAY), reacted("ana", "p2", MONDAY + days(1)))
    story.expect_none("stratum.raised", member="ana")

    story.when(fact("meetup.attended", MONDAY + days(1), meetup="m", member="ana"))
    story.expect("stratum.raised", member="ana", stratum="taking_part")


def test_lending_a_hand_takes_days_threads_of_others_and_a_reaction_each_way():
    story = told(*people("ana", "ben"), *[asked("ben", MONDAY, post=f"q{n}") for n in range(9)])
    for n in range(8):
        story.when(replied("ana", f"q{n % 3}", MONDAY + days(n), post=f"a{n}", body=f"Idée numéro {n} pour toi."))
    assert stratum(story, "ana") == 1

    # Nobody has reacted yet: what is not known to be possible is not asked for, replies stand for it.
    story.when(reacted("ben", "a0", MONDAY + days(8)))
    assert stratum(story, "ana") == 1
    story.when(reacted("ana", "q0", MONDAY + days(8) + hours(1)))

    raised = story.expect("stratum.raised", member="ana", stratum="lending_a_hand")
    assert [one.key for one in raised.data.requirements] == [
        *("active_days", "reactions_given", "reactions_received", "threads_of_others")
    ]
    assert story.expect_message(to="ana", template="stratum_raised", purse="attention").muted is False


def test_where_a_platform_cannot_tell_reactions_replies_stand_for_them_and_because_says_so():
    story = told(
        described(MONDAY - days(40), "post.created", "answer.accepted"),
        *people("ana", "ben"),
        *[asked("ben", MONDAY, post=f"q{n}") for n in range(3)],
        *[replied("ana", f"q{n % 3}", MONDAY + days(n), post=f"a{n}", body=f"Idée {n}.") for n in range(9)],
    )

    story.when(
        replied("ben", "q0", MONDAY + days(9), reply_to="a0", body="Merci, je regarde cela ce soir."),
        replied("ana", "q1", MONDAY + days(9) + hours(1), body="Dis-nous ce qu'il en est."),
    )

    raised = story.expect("stratum.raised", member="ana", stratum="lending_a_hand")
    stands = {one.instead_of: one.key for one in raised.data.requirements}
    assert stands["reactions_received"] == "replies_received"
    assert stands["reactions_given"] == "replies_given"
    assert "replies_received" in raised.data.because[0].threshold


def test_mainstay_takes_all_of_its_list_and_one_step_at_a_time():
    story = regulars(25)

    levels = [(event.data.stratum, event.time) for event in story.all("stratum.raised", member="ana")]
    assert [level for level, _ in levels] == ["taking_part", "lending_a_hand", "holding_up"]
    assert all(later - earlier >= days(7) for (_, earlier), (_, later) in pairwise(levels))
    assert [event.data.template for event in story.every_message(to="ana") if event.data.rule == "stratum"] == [
        "stratum_raised",
        "stratum_raised",
    ]


def test_one_step_in_seven_days_and_the_next_comes_with_time_alone():
    story = told(
        *people("ana", "zoe", *FANS), *[fact("stratum.locked", MONDAY, member="ana", by="eve", value="listening")]
    )
    story.when(*regular("ana", SPRING, 26))
    assert stratum(story, "ana") == 0

    story.when(fact("stratum.locked", SPRING + days(26), member="ana", by="eve"))
    assert stratum(story, "ana") == 1
    story.when(passing(SPRING + days(32)))
    assert stratum(story, "ana") == 1
    story.when(*pulse(SPRING + days(32), 12))
    assert stratum(story, "ana") == 3


@pytest.mark.parametrize(
    "spoils",
    [
        fact("member.sanctioned", SPRING + days(3), member="ana", kind="warning"),
        *[
            [
                fact(
                    "post.moderated",
                    SPRING
                    + days(
                        9,
                    )
                    + minutes(n),
                    post=f"ana-q{n}-a",
                    thread=f"ana-q{n}",
                    action="kept",
                    upheld=True,
                )
                for n in range(6)
            ]
        ],
    ],
    ids=["a sanction in 180 days", "more than five upheld flags"],
)
def test_what_spoils_the_third_stratum(spoils):
    happened = [*regular("ana", SPRING, 27), *(spoils if isinstance(spoils, list) else [spoils])]
    story = told(*people("ana", "zoe", *FANS), *sorted(happened, key=lambda event: event.time))

    assert stratum(story, "ana") == 2


def test_the_same_without_what_spoils_it():
    assert stratum(regulars(27), "ana") == 3


def test_twenty_reactions_from_one_person_are_not_from_five():
    happened = regular("ana", SPRING, 27, fans=1)

    assert stratum(told(*people("ana", "zoe", *FANS), *happened), "ana") == 2


def test_reactions_of_nobody_the_platform_names_count_as_figures_and_each_may_be_somebody_else():
    happened = [
        reacted(None, event.data.post, event.time)
        if event.type == "reaction.added" and event.data.member != "ana"
        else event
        for event in regular("ana", SPRING, 27)
    ]
    story = told(*people("ana", "zoe"), *happened)

    assert stratum(story, "ana") == 3
    story_awards = [
        award for award in story.all("points.awarded", act="reaction_received") if award.data.member == "ana"
    ]
    assert story_awards == []


@pytest.mark.parametrize(("needed", "keeps"), [(1, 1), (8, 8), (9, 9), (10, 9), (20, 18), (25, 23)])
def test_each_figure_is_kept_at_nine_tenths_rounded_up_and_small_ones_whole(needed, keeps):
    assert kept(Strata(), needed) == keeps


def test_down_in_silence_after_fourteen_days_of_grace_one_step_in_seven_days():
    story = regulars(27)
    # The accepted answer of the first day leaves the window of 100 days: from there on it is not kept.
    story.when(*pulse(SPRING + days(27), 69))
    assert stratum(story, "ana") == 3
    story.when(*pulse(SPRING + days(96), 164))

    fallen = story.all("stratum.lowered", member="ana")
    assert [event.data.stratum for event in fallen] == ["lending_a_hand", "taking_part", "listening"]
    first = fallen[0]
    assert first.time - first.data.grace_from >= days(14)
    assert all(later.time - earlier.time >= days(7) for earlier, later in pairwise(fallen))
    assert not [
        message
        for message in story.every_message(to="ana")
        if message.time > SPRING + days(90) and message.data.rule == "stratum"
    ]
    assert all(event.data.because[0].evidence for event in fallen)


def test_nobody_falls_in_a_quiet_season_and_its_days_are_no_grace():
    story = regulars(60)
    story.when(*pulse(SPRING + days(60), 240))

    assert story.all("stratum.lowered")
    quiet = [event.time for event in story.all("stratum.lowered")]
    assert not [at for at in quiet if (7, 15) <= (at.month, at.day) <= (8, 25)]


def test_whoever_is_active_again_within_the_grace_stays():
    story = regulars(27)
    story.when(*pulse(SPRING + days(27), 75))
    assert story.row(Standing, "ana").grace_from is not None

    story.when(*regular("ana", SPRING + days(102), 12, named="again"))
    assert story.row(Standing, "ana").grace_from is None
    assert stratum(story, "ana") == 3
    assert story.all("stratum.lowered", member="ana") == []


def test_strata_of_people_at_rest_are_frozen():
    story = regulars(27)
    story.when(paused("ana", SPRING + days(28)))
    story.when(*pulse(SPRING + days(29), 171))

    assert stratum(story, "ana") == 3
    assert story.all("stratum.lowered", member="ana") == []


def test_a_platform_that_is_silent_lowers_nobody():
    story = regulars(27)
    story.when(passing(SPRING + days(130)))

    assert stratum(story, "ana") == 3


def test_a_lock_holds_up_and_down_until_it_is_released():
    story = told(*people("ana"), posted("ana", MONDAY))
    story.when(fact("stratum.locked", MONDAY + hours(1), member="ana", by="eve", value="holding_up"))
    locked = story.expect("stratum.raised", member="ana", stratum="holding_up", decided_by="human")
    assert locked.data.requirements == ()

    story.when(*pulse(MONDAY + days(1), 130, "ben"))
    assert stratum(story, "ana") == 3

    story.when(
        fact("stratum.locked", MONDAY + days(131), member="ana", by="eve"), *pulse(MONDAY + days(132), 130, "ben")
    )
    assert stratum(story, "ana") < 3


def test_an_overruled_step_is_taken_back_and_stays_so():
    story = told(*people("ana"), posted("ana", MONDAY), posted("ana", MONDAY + days(1)))
    raised = story.all("stratum.raised")[0]

    story.when(overruled(raised, MONDAY + days(1)))
    story.expect("stratum.lowered", member="ana", stratum="listening", decided_by="human")
    story.when(posted("ana", MONDAY + days(9)), *pulse(MONDAY + days(9), 12, "ana"))
    assert stratum(story, "ana") == 0


def test_who_wants_no_profile_has_no_stratum_and_no_points():
    story = regulars(10)
    story.when(chose("ana", SPRING + days(10), profiling=False))
    assert stratum(story, "ana") == 0

    story.when(*[posted("ana", SPRING + days(11 + n)) for n in range(4)]).expect_nothing()


def test_a_deleted_post_is_no_figure_of_any_list():
    story = told(*people("ana"), posted("ana", MONDAY, post="p"), fact("post.deleted", MONDAY, post="p", thread="p"))

    story.when(posted("ana", MONDAY + days(1)))
    story.expect_none("stratum.raised")


def test_what_a_platform_learns_to_tell_takes_nothing_from_those_who_had_the_stratum_before():
    answers = [event for event in regular("ana", SPRING, 27) if event.type != "reaction.added"]
    thanks = [
        replied("zoe", f"ana-q{n}", SPRING + days(n) + hours(3), reply_to=f"ana-q{n}-a", body="Merci beaucoup.")
        for n in range(27)
    ]
    more = [
        replied(
            FANS[n % 6], f"ana-q{n}", SPRING + days(n) + hours(4), reply_to=f"ana-q{n}-a", body="Bien vu, vraiment."
        )
        for n in range(27)
    ]
    story = told(*people("ana", "zoe", *FANS), *sorted([*answers, *thanks, *more], key=lambda event: event.time))
    assert stratum(story, "ana") == 3

    story.when(reacted("ana", "ana-q1", SPRING + days(28)), *pulse(SPRING + days(29), 40))
    assert stratum(story, "ana") == 3


def test_a_new_playbook_is_what_everybody_is_looked_at_by_the_next_morning():
    story = regulars(40)
    strata = {"holding_up_active_days": 60, "grace_days": 0}
    story.when(configured(SPRING + days(40), "v2", timezone="Europe/Paris", recognition={"strata": strata}))

    story.when(*pulse(SPRING + days(41), 2))
    story.expect("stratum.lowered", member="ana", stratum="lending_a_hand")


def test_accepted_answers_or_tasks_are_one_requirement():
    happened = [event for event in regular("ana", SPRING, 27) if event.type != "answer.accepted"]
    story = told(
        *people("ana", "zoe", "ben", *FANS),
        *happened,
        accepted("ana-q0", "ana-q0", "zoe", SPRING + days(26) + hours(9)),
    )
    assert stratum(story, "ana") == 2

    story.when(fact("task.completed", SPRING + days(27), task="t", member="ana"))
    assert stratum(story, "ana") == 3


def test_keys_of_strata_are_those_of_the_product():
    assert KEYS == ("listening", "taking_part", "lending_a_hand", "holding_up", "relay")
