"""All services together around a newcomer: a relay of the circle, a first answer, one escalation, one voice."""

import pytest

from contracts.people import Person
from facts import MONDAY, asked, days, fact, hours, joined, minutes, posted, replied, said_yes
from onboarding.state import Newcomer
from stories import passing
from together import EARLIER, old_hands, tapped, together

WELCOMED = MONDAY + minutes(11)
NEXT_DAY = MONDAY + days(1)


def founded(*more, **options):
    """Réa said yes to founding the circle, weeks ago."""
    story = together(*old_hands("rea", "bob"), passing(EARLIER + days(3)), **options)
    story.when(tapped(story, "rea", "yes", EARLIER + days(3), template="founding_relay"))
    return story.when(*more)


def with_a_newcomer(*more, **options):
    """Ana has just come, and Réa was asked, and says yes, at Ana's first words."""
    story = founded(joined("ana"), passing(WELCOMED), posted("ana", MONDAY + minutes(20), post="hello"), **options)
    return story.when(said_yes("rea", "ana", MONDAY + minutes(25)), *more)


def test_a_founding_relay_is_asked_once_and_one_yes_makes_a_relay_for_every_service():
    story = founded()

    assert len(story.every_message(to="rea", template="founding_relay")) == 1
    assert len(story.all("relay.appointed", member="rea", founding=True)) == 1


def test_founding_relays_named_in_the_evening_are_asked_once_in_the_morning_by_whoever_asks_first():
    evening = EARLIER + hours(12)
    story = together(joined("rea", evening - hours(1)), opened=evening)
    story.when(passing(evening + days(9)))

    assert [message.source for message in story.every_message(to="rea", template="founding_relay")] == [
        "/services/onboarding"
    ]


def test_a_newcomer_is_paired_with_a_relay_of_the_circle_at_the_first_words():
    story = with_a_newcomer()

    assert [event.data.member for event in story.all("relay.asked", newcomer="ana")] == ["rea"]
    story.expect("relay.paired", newcomer="ana", member="rea")
    story.expect_message(to="ana", template="paired")


def test_who_recognition_appoints_is_asked_for_newcomers_by_onboarding_and_counts_as_a_relay_for_support():
    story = together(
        *old_hands("cleo", "bob"),
        fact("stratum.locked", MONDAY - days(2), member="cleo", by="eve", value="holding_up"),
        fact("nomination.made", MONDAY - days(1), member="cleo", by="eve", reason="toujours là"),
        playbook={"recognition": {"strata": {"relay_days": 1}}},
    )
    story.when(passing(MONDAY - hours(2)), fact("nomination.accepted", MONDAY - hours(2), member="cleo"))
    story.when(tapped(story, "eve", "yes", MONDAY - hours(1), to="manager", template="relay_appoint"))
    story.expect("relay.appointed", member="cleo", by="eve")

    story.when(joined("ana"), asked("ana", MONDAY + minutes(5), post="q"), replied("cleo", "q", MONDAY + hours(1)))

    story.expect("relay.asked", newcomer="ana", member="cleo")
    story.expect("question.answered", thread="q", responder="relay")


def test_the_relay_paired_by_onboarding_is_told_by_support_of_the_newcomers_question():
    story = with_a_newcomer(asked("ana", MONDAY + hours(1), post="q"), passing(MONDAY + days(2)))

    stages = {event.data.stage: event.data.told for event in story.all("question.unanswered", thread="q")}
    assert stages[2] == ("rea",)


def test_a_newcomers_question_is_escalated_once_and_not_by_two_services():
    story = founded(joined("ana"), passing(WELCOMED), asked("ana", MONDAY + minutes(20), post="q"))
    story.when(said_yes("rea", "ana", MONDAY + minutes(25)), passing(MONDAY + days(3)))

    assert [event.data.stage for event in story.all("question.unanswered", thread="q")] == [1, 2, 3, 4]
    assert story.all("newcomer.unanswered") == []
    assert story.all("member.unheard") == []


def test_first_words_that_ask_nothing_are_escalated_by_onboarding_alone():
    story = with_a_newcomer(passing(MONDAY + days(3)))

    assert [event.data.stage for event in story.all("newcomer.unanswered", member="ana")] == [1, 2]
    assert story.all("question.unanswered") == []


def test_a_newcomers_first_human_answer_is_credited_by_every_service():
    story = founded(joined("ana"), passing(WELCOMED), asked("ana", MONDAY + minutes(20), post="q"))
    long_answer = "Une colle néoprène, et une nuit sous presse : la semelle tient depuis deux ans."
    story.when(replied("bob", "q", MONDAY + minutes(40), post="a", body=long_answer))

    credit = story.expect("helper.credited", member="bob", thread="q").data
    assert (credit.reply, credit.responder, credit.by_members) == ("a", "member", 1)
    earned = {event.data.act: event.data.points_hundredths for event in story.found("points.awarded", member="bob")}
    assert earned == {"reply_to_question": 200, "first_reply_to_newcomer": 400, "active_day": 100}
    assert story.row(Newcomer, "ana").replied_at == MONDAY + minutes(40)
    assert story.found("message.requested", kind="first_post") == []


def test_a_short_first_answer_is_credited_with_the_newcomers_thanks():
    story = founded(joined("ana"), passing(WELCOMED), asked("ana", MONDAY + minutes(20), post="q"))
    story.when(replied("bob", "q", MONDAY + minutes(40), post="a", body="De la néoprène."))
    story.expect_none("question.answered").expect_none("points.awarded", act="first_reply_to_newcomer")

    story.when(replied("ana", "q", MONDAY + minutes(50), body="Merci !", kind="message"))

    story.expect("question.answered", reply="a")
    story.expect("helper.credited", member="bob")
    story.expect("points.awarded", member="bob", act="first_reply_to_newcomer")


def test_onboarded_is_the_moment_when_all_four_hold_whoever_decided_them():
    story = founded(joined("ana", introduce=False), passing(WELCOMED), asked("ana", MONDAY + minutes(20), post="q"))
    story.expect("action.completed", member="ana", kind="ask")

    story.when(replied("bob", "q", MONDAY + minutes(40)))

    story.expect("member.onboarded", member="ana")


def test_a_relay_who_rests_is_replaced_and_not_told_of_questions():
    story = with_a_newcomer(fact("member.paused", NEXT_DAY, member="rea", until=NEXT_DAY + days(60)))
    story.expect("relay.released", member="rea", newcomer="ana")

    story.when(asked("ana", NEXT_DAY + hours(1), post="q"), passing(NEXT_DAY + days(2)))

    told = [event.data.told for event in story.all("question.unanswered", thread="q")]
    assert all("rea" not in names for names in told)


def test_a_relay_who_leaves_leaves_the_circle_of_every_service():
    story = with_a_newcomer(fact("member.left", NEXT_DAY, member="rea"))

    story.expect("relay.retired", member="rea")
    story.expect("relay.released", member="rea", newcomer="ana")
    story.when(asked("ana", NEXT_DAY + hours(1), post="q"), passing(NEXT_DAY + days(2)))
    assert all("rea" not in event.data.told for event in story.all("question.unanswered"))
    assert story.every_message(to="rea")[-1].time < NEXT_DAY


def test_somebody_who_grows_quiet_is_told_by_name_to_the_relay_that_onboarding_paired():
    story = with_a_newcomer()
    for n in range(30):
        story.when(posted("ana", MONDAY + days(n) + hours(2)), replied("bob", "hello", MONDAY + days(n) + hours(3)))
    for n in range(30, 56):  # the place goes on, so that the silence is hers
        story.when(posted("bob", MONDAY + days(n)))

    fading = story.all("member.fading", member="ana")
    assert [event.data.told for event in fading] == ["rea"]


@pytest.mark.parametrize("member", ["ana", "rea"])
def test_who_is_forgotten_is_in_no_table_of_any_service(member):
    story = with_a_newcomer(
        asked("ana", MONDAY + hours(1), post="q"), passing(MONDAY + days(2)), replied("rea", "q", MONDAY + days(2))
    )

    story.when(fact("member.erased", MONDAY + days(3), member=member))

    left = [place for place in story.mentions_of(f"'{member}'") if not place.startswith("InForce")]
    assert left == []
    assert story.row(Person, member) is None
