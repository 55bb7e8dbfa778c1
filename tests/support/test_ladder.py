"""The ladder: helpers, help place, relay, core team, synthesis; it stops at the first answer and calls back."""

from facts import (
    FRIDAY,
    MONDAY,
    asked,
    days,
    decided,
    deleted,
    fact,
    hours,
    joined,
    left,
    minutes,
    posted,
    replied,
)
from stories import given, passing
from support.service import SUPPORT
from support.state import Thread

EARLIER = MONDAY - days(2)
YESTERDAY = MONDAY - days(1)
EVE = {"core_team": [{"member": "eve", "name": "Eve", "deputy": "dan", "absences": []}]}


def helper(name, at=EARLIER, **data):
    """Somebody with a skill who writes here."""
    return [joined(name, at, skills=["Vélo"], **data), posted(name, at + hours(1))]


def story_of(*facts, **playbook):
    return given(*facts, service=SUPPORT, playbook=playbook)


def paired(newcomer, relay, at=YESTERDAY):
    return decided("onboarding", "relay.paired", at, newcomer=newcomer, member=relay, attempt=1)


def test_the_whole_ladder_at_its_multiples_of_the_target():
    story = story_of(asked("ana", post="q"), people=EVE, places={"help": "aide"})

    for minute, type_, fields in (
        (45, "question.warned", {}),
        (60, "question.unanswered", {"stage": 1, "told_channel": "aide"}),
        (240, "question.unanswered", {"stage": 2, "told_role": "core_team"}),
        (480, "question.unanswered", {"stage": 3, "told_role": "core_team", "told": ("eve",)}),
        (1440, "question.unanswered", {"stage": 4, "told_role": None}),
    ):
        story.when(passing(MONDAY + minutes(minute) - minutes(1))).expect_none(type_)
        story.when(passing(MONDAY + minutes(minute)))
        story.expect(type_, office_minutes=minute, **fields)
    assert story.due("ladder", "q") is None


def test_an_unanswered_question_is_never_closed_and_never_dormant():
    story = story_of(asked("ana", post="q"))

    story.when(passing(MONDAY + days(400)))

    assert not story.all("question.dormant")
    assert story.row(Thread, "q").question.status == "open"
    story.when(replied("bob", "q", MONDAY + days(401))).expect("question.answered", within_target=False)


def test_two_matched_helpers_are_asked_at_three_quarters_of_the_target():
    story = story_of(*helper("bob"), *helper("cleo"), *helper("dan"), asked("ana", post="q", tags=["vélo"]))

    story.when(passing(MONDAY + minutes(45)))

    warned = story.expect("question.warned", clock="first_answer", target_minutes=60).data
    assert len(warned.helpers) == 2
    assert {ask.data.member for ask in story.found("helper.asked")} == set(warned.helpers)
    assert len(story.messages(template="helper", purse="duty")) == 2


def test_the_public_line_speaks_of_the_question_and_not_of_time():
    story = story_of(
        asked("ana", post="q", title="Comment recoller une semelle ?"), joined("ana"), places={"help": "aide"}
    )

    story.when(passing(MONDAY + minutes(60)))

    message = story.expect_message(template="still_open", to="aide", purse="none")
    assert "Comment recoller une semelle" in message.text
    assert not any(word in message.text for word in ("heure", "minute", "depuis", "matin"))


def test_without_a_help_place_the_line_goes_to_the_general_one_or_the_community():
    general = story_of(asked("ana", post="q"), places={"general": "salon"}).when(passing(MONDAY + minutes(60)))
    nowhere = story_of(asked("ana", post="q")).when(passing(MONDAY + minutes(60)))

    general.expect("question.unanswered", told_channel="salon")
    nowhere.expect("question.unanswered", told_channel="atelier")


def test_the_paired_relay_is_told_before_anybody_else():
    story = story_of(*helper("bob"), paired("ana", "rea"), asked("ana", post="q", tags=["vélo"]), people=EVE)
    story.when(passing(MONDAY + minutes(239)))

    story.when(passing(MONDAY + minutes(240)))

    story.expect("question.unanswered", stage=2, told=("rea",))
    assert story.expect_message(template="relay", to="rea").purse == "duty"


def test_a_relay_who_rests_or_left_the_circle_is_not_told_the_last_one_paired_is():
    rested = decided("recognition", "relay.rested", MONDAY, member="rea", status="resting", asked_by="member")
    story = story_of(paired("ana", "rod"), paired("ana", "rea", MONDAY - hours(3)), rested, asked("ana", post="q"))

    story.when(passing(MONDAY + minutes(240))).expect("question.unanswered", stage=2, told=("rod",))


def test_without_a_relay_the_best_match_is_asked_at_stage_2():
    story = story_of(*helper("bob"), asked("ana", post="q", tags=["vélo"]), people=EVE, support={"helpers_asked": 0})

    story.when(passing(MONDAY + minutes(240)))

    story.expect("question.unanswered", stage=2, told=("bob",), told_role=None)
    story.expect("helper.asked", member="bob")


def test_deputies_stand_in_for_those_away():
    away = {"first": "2026-03-02", "last": "2026-03-06", "deputy": "dan"}
    people = {"core_team": [{"member": "eve", "name": "Eve", "absences": [away]}]}
    story = story_of(asked("ana", post="q"), people=people)
    story.when(passing(MONDAY + minutes(479)))

    story.when(passing(MONDAY + minutes(480)))

    story.expect("question.unanswered", stage=3, told=("dan",), told_role="core_team")
    assert {message.data.to.id for message in story.messages(template="unanswered_team")} == {"core_team", "dan"}


def test_an_answer_stops_the_ladder_and_calls_back_what_was_said():
    story = story_of(
        *helper("bob"), *helper("cleo"), asked("ana", post="q", tags=["vélo"]), passing(MONDAY + minutes(61))
    )

    story.when(replied("bob", "q", MONDAY + minutes(70)))

    assert {event.data.to.id for event in story.found("message.cancelled")} == {"bob", "cleo", "atelier"}
    story.expect("helper.passed", member="cleo", reason="answered")
    story.expect("helper.credited", member="bob", asked=True)
    story.when(passing(MONDAY + hours(30))).expect_none("question.unanswered")


def test_a_delivered_message_is_not_called_back():
    story = story_of(asked("ana", post="q"), passing(MONDAY + minutes(60)))
    line = story.expect("message.requested", template="still_open")
    story.when(fact("message.delivered", MONDAY + minutes(61), request=line.id))

    story.when(replied("bob", "q", MONDAY + minutes(70))).expect_none("message.cancelled")


def test_a_response_that_is_no_answer_lets_the_ladder_run():
    story = story_of(asked("ana", post="q"), replied("bob", "q", MONDAY + minutes(5), body="Hum."))

    story.when(passing(MONDAY + minutes(60))).expect("question.unanswered", stage=1)


def test_rungs_are_counted_in_office_minutes():
    evening = FRIDAY.replace(hour=16, minute=30)  # half an hour of office time is left before the weekend
    story = story_of(asked("ana", evening, post="q"), hours="pro")
    monday = (FRIDAY + days(3)).replace(hour=8)

    story.when(passing(monday + minutes(14))).expect_none("question.warned")
    story.when(passing(monday + minutes(15))).expect("question.warned", office_minutes=45)


def test_the_ladder_ends_with_an_asker_who_leaves_and_the_question_stays_open():
    story = story_of(asked("ana", post="q"), passing(MONDAY + minutes(61)))

    story.when(left("ana", MONDAY + minutes(70))).expect("message.cancelled", to="atelier")
    story.when(passing(MONDAY + days(3))).expect_none("question.unanswered")

    assert story.row(Thread, "q").question.status == "open"


def test_a_deleted_question_is_cancelled_and_nobody_is_asked_any_more():
    story = story_of(*helper("bob"), asked("ana", post="q", tags=["vélo"]), passing(MONDAY + minutes(45)))

    story.when(deleted("q", MONDAY + minutes(50)))

    story.expect("question.cancelled", post="q", reason="deleted")
    story.expect("helper.passed", member="bob", reason="withdrawn")
    story.expect("message.cancelled", to="bob")
    story.when(passing(MONDAY + days(3))).expect_none("question.unanswered")


def test_a_silent_platform_stops_no_question():
    chatter = [posted("bob", MONDAY - days(3) + minutes(20 * n)) for n in range(216)]
    story = story_of(*chatter, asked("ana", post="q"))

    story.when(passing(MONDAY + days(2)))

    assert [event.data.stage for event in story.found("question.unanswered")] == [1, 2, 3, 4]


def test_a_warning_that_the_playbook_sets_apart_comes_at_its_own_moment():
    story = story_of(*helper("bob"), asked("ana", post="q", tags=["vélo"]), support={"warning_share": 0.5})

    story.when(passing(MONDAY + minutes(30))).expect("question.warned", office_minutes=30, helpers=())
    story.when(passing(MONDAY + minutes(45))).expect("helper.asked", member="bob")
    story.expect_none("question.warned")
    story.when(replied("bob", "q", MONDAY + minutes(50)), passing(MONDAY + days(2))).expect_none("question.warned")


def test_a_newcomers_question_is_escalated_by_support_alone():
    story = story_of(joined("ana", MONDAY - minutes(5)))

    story.when(asked("ana", post="q")).expect("question.opened", post="q", member="ana", newcomer=True)


def test_urgent_asks_go_first():
    story = story_of(*helper("bob"), asked("ana", post="q", tags=["vélo"], priority="urgent"))

    story.when(passing(MONDAY + minutes(30)))

    assert [message.data.priority for message in story.every_message()] == ["high", "high"]
