"""What is missing: at any time, what a member lacks for the next stratum and what keeps the present one."""

from contracts.playbook import Strata
from facts import MONDAY, days, fact, posted
from recognised import activity, people, regular, told
from recognition.rules.requirements import TELLING, Known, missing
from recognition.state import Activity, Pair, Standing


def known(story, member, at, **more):
    pairs = tuple(pair for pair in story.rows(Pair) if pair.receiver == member)
    return Known(
        activity=story.row(Activity, member) or Activity(member=member),
        standing=story.row(Standing, member) or Standing(member=member, since=at),
        strata=Strata(),
        day=at.date().toordinal(),
        pairs=pairs,
        **more,
    )


def test_somebody_who_only_listens_sees_what_taking_part_asks_for():
    story = told(*people("ana"))

    answer = missing(known(story, "ana", MONDAY))

    assert (answer.stratum, answer.next) == ("listening", "taking_part")
    assert [(one.key, one.needed, one.actual) for one in answer.for_next] == [
        ("active_days", 2, 0),
        ("posts_or_meetups", 1, 0),
    ]
    assert answer.keeping == ()


def test_one_step_before_only_what_lacks_is_said():
    story = told(*people("ana"), posted("ana", MONDAY))

    answer = missing(known(story, "ana", MONDAY))

    assert [(one.key, one.needed, one.actual) for one in answer.for_next] == [("active_days", 2, 1)]


def test_a_mainstay_sees_what_keeps_the_stratum_and_what_the_circle_takes():
    story = told(*people("ana", "zoe", *[f"fan{n}" for n in range(6)]), *regular("ana", MONDAY, 27))

    answer = missing(known(story, "ana", MONDAY + days(26), nominations=1))

    assert (answer.stratum, answer.next) == ("holding_up", "relay")
    assert {one.key: (one.needed, one.actual) for one in answer.for_next} == {
        "days_holding_up": (90, 2),
        "humans_yes": (1, 0),
        "members_yes": (1, 0),
        "nominations": (2, 1),
    }
    kept = {one.key: one.needed for one in answer.keeping}
    assert kept == {
        "active_days": 23,
        "answers_or_tasks": 1,
        "days_without_sanction": 162,
        "flags_upheld": 5,
        "reactions_or_kudos": 18,
        "reactions_or_kudos_days": 7,
        "reactions_or_kudos_people": 5,
        "threads_of_others": 9,
    }
    assert all(one.met for one in answer.keeping)


def test_the_managers_nomination_is_enough():
    story = told(*people("ana"))

    answer = missing(known(story, "ana", MONDAY, manager=True, nominations=1))
    assert answer.next == "taking_part"

    standing = Standing(member="ana", since=MONDAY, stratum=3, holding_since=MONDAY - days(200))
    circle = missing(known_with(standing, MONDAY, manager=True))
    assert "nominations" not in {one.key for one in circle.for_next}
    assert "days_holding_up" not in {one.key for one in circle.for_next}


def known_with(standing, at, **more):
    return Known(
        activity=Activity(member=standing.member), standing=standing, strata=Strata(), day=at.date().toordinal(), **more
    )


def test_what_a_platform_cannot_tell_is_named_by_what_stands_for_it():
    standing = Standing(member="ana", since=MONDAY, stratum=1)

    answer = missing(known_with(standing, MONDAY, able=()))

    assert {one.key: one.instead_of for one in answer.for_next} == {
        "active_days": None,
        "replies_given": "reactions_given",
        "replies_received": "reactions_received",
        "threads_of_others": None,
    }
    assert set(TELLING) == {"reaction.added", "kudos.given", "answer.accepted", "task.completed"}


def test_it_is_a_plain_function_of_rows_and_changes_nothing():
    story = told(*people("ana"), posted("ana", MONDAY), fact("member.seen", MONDAY, member="ana"))
    before = activity(story, "ana")

    assert missing(known(story, "ana", MONDAY)) == missing(known(story, "ana", MONDAY))
    assert activity(story, "ana") is before
