"""First post: 60 office minutes to the relay, 24 hours to the core team; with support on the bus, support alone."""

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
    motivated,
    overruled,
    paused,
    posted,
    reacted,
    replied,
    said_yes,
)
from onboarding.state import Newcomer, Thread
from stories import given, passing

EVE = {"core_team": [{"member": "eve", "name": "Eve"}]}


def arrived(**playbook):
    story = given(joined("ana", MONDAY - hours(1)), joined("bob", MONDAY - hours(1)), playbook=playbook)
    return story.when(passing(MONDAY - minutes(30)))


def opened_by_support(at, **data):
    usual = {"member": "ana", "post": "p1", "thread": "p1", "channel": "general", "told_by": "platform"}
    moments = {"asked_at": "2026-03-02T10:00:00Z", "warn_at": "2026-03-02T10:45:00Z", "due": "2026-03-02T11:00:00Z"}
    return decided("support", "question.opened", at, **usual, **moments, target_minutes=60, **data)


def test_after_60_office_minutes_the_paired_relay_is_told():
    story = given(
        joined("rea", MONDAY - days(9)), joined("ana", MONDAY - hours(1)), playbook={"people": {"relays": ["rea"]}}
    ).when(passing(MONDAY - minutes(30)), posted("ana", MONDAY, post="p1", title="Bonjour"))
    story.when(said_yes("rea", "ana", MONDAY + minutes(5)))

    story.when(passing(MONDAY + minutes(59))).expect_none("newcomer.unanswered")
    story.when(passing(MONDAY + minutes(60)))

    told = story.expect("newcomer.unanswered", member="ana", stage=1, told=("rea",)).data
    assert (told.office_minutes, told.wall_minutes, told.because[0].actual) == (60, 60, 60)
    # The ask of five minutes ago and this one are at least two hours apart: the purse holds it back.
    story.when(passing(MONDAY + hours(3)))
    assert story.expect_message(template="first_post_relay").purse == "duty"


def test_without_a_relay_the_welcomers_are_told_and_without_welcomers_the_core_team():
    with_welcomers = arrived(people={**EVE, "welcomers": ["wim"]}).when(posted("ana"), passing(MONDAY + hours(1)))
    alone = arrived(people=EVE).when(posted("ana"), passing(MONDAY + hours(1)))

    with_welcomers.expect("newcomer.unanswered", told_role="welcomers")
    assert with_welcomers.expect_message(template="first_post").to.id == "welcomers"
    alone.expect("newcomer.unanswered", told_role="core_team", stage=1)


def test_office_minutes_wait_for_the_office_and_the_core_team_does_not():
    story = arrived(hours="pro", people={**EVE, "welcomers": ["wim"]})
    evening = FRIDAY.replace(hour=18)
    story.when(posted("ana", evening), passing(evening + hours(23))).expect_none("newcomer.unanswered")

    story.when(passing(evening + hours(24))).expect("newcomer.unanswered", stage=2, told_role="core_team")
    monday = (FRIDAY + days(3)).replace(hour=9)  # 09:00 in Paris is 08:00 UTC
    story.when(passing(monday)).expect("newcomer.unanswered", stage=1, told_role="welcomers", office_minutes=60)


def test_after_24_hours_the_core_team_is_told():
    story = arrived(people=EVE).when(posted("ana", title="Bonjour"), passing(MONDAY + days(1)))

    story.expect("newcomer.unanswered", stage=2, told_role="core_team", wall_minutes=1440)
    assert "attend toujours une réponse" in story.messages(template="first_post")[-1].data.text


def test_a_human_reply_stops_it_and_calls_back_what_was_said():
    story = arrived(people=EVE).when(posted("ana", post="p1"), passing(MONDAY + hours(1)))

    story.when(replied("bob", "p1", MONDAY + hours(2))).expect("message.cancelled")

    story.when(passing(MONDAY + days(2))).expect_none("newcomer.unanswered", member="ana")


def test_a_bot_me_too_a_reaction_or_the_author_stop_nothing_and_staff_do():
    story = arrived(people=EVE).when(
        posted("ana", post="p1"),
        replied("hal", "p1", MONDAY + minutes(5), bot=True),
        replied("bob", "p1", MONDAY + minutes(6), body="Pareil !"),
        reacted("bob", "p1", MONDAY + minutes(7)),
        posted("ana", MONDAY + minutes(8), thread="p1", reply_to="p1"),
    )
    story.when(passing(MONDAY + hours(1))).expect("newcomer.unanswered", stage=1)

    story.when(replied("eve", "p1", MONDAY + hours(2)), passing(MONDAY + days(2))).expect_none("newcomer.unanswered")


def test_only_the_first_post_is_watched():
    story = arrived(people=EVE).when(
        posted("ana", post="p1"), replied("bob", "p1", MONDAY + minutes(5)), posted("ana", MONDAY + minutes(10))
    )

    story.when(passing(MONDAY + days(2))).expect_none("newcomer.unanswered", member="ana")


def test_a_reply_that_comes_before_its_question_has_answered_it():
    story = arrived(people=EVE).when(replied("bob", "p1", MONDAY + minutes(5)), asked("ana", MONDAY, post="p1"))

    story.when(passing(MONDAY + days(2))).expect_none("newcomer.unanswered", member="ana")
    assert story.row(Newcomer, "ana").replied_at is not None


def test_a_post_before_its_authors_joining_is_watched_from_the_joining_on():
    story = given(posted("ana", MONDAY, post="p1"), playbook={"people": EVE})
    story.when(passing(MONDAY + minutes(30))).expect_nothing()

    story.when(joined("ana", MONDAY + minutes(40))).expect("relay.paired", newcomer="ana")
    story.when(passing(MONDAY + minutes(60))).expect("newcomer.unanswered", member="ana", wall_minutes=60)


def test_with_a_question_opened_support_alone_escalates():
    story = arrived(people=EVE).when(asked("ana", post="p1"), opened_by_support(MONDAY))

    story.when(passing(MONDAY + days(2))).expect_none("newcomer.unanswered")


def test_a_question_opened_after_the_first_telling_calls_it_back():
    story = arrived(people=EVE).when(posted("ana", post="p1"), passing(MONDAY + hours(1)))

    story.when(opened_by_support(MONDAY + hours(2))).expect("message.cancelled")


def test_a_question_that_is_none_after_all_is_watched_again():
    story = arrived(people=EVE).when(posted("ana", post="p1"), opened_by_support(MONDAY))
    cancelled = {"post": "p1", "thread": "p1", "reason": "human"}

    story.when(decided("support", "question.cancelled", MONDAY + minutes(90), **cancelled))

    story.expect("newcomer.unanswered", stage=1)


def test_a_deleted_or_closed_post_is_told_to_nobody_and_a_new_one_is_the_first():
    story = arrived(people=EVE).when(posted("ana", post="p1"), deleted("p1", MONDAY + minutes(5)))
    story.when(passing(MONDAY + hours(2))).expect_none("newcomer.unanswered")

    story.when(posted("ana", MONDAY + hours(2), post="p2"), passing(MONDAY + hours(3)))

    story.expect("newcomer.unanswered", post="p2")


def test_a_post_told_after_its_own_deletion_is_no_post():
    story = arrived(people=EVE).when(deleted("p1", MONDAY + minutes(5)), posted("ana", MONDAY, post="p1"))

    story.when(passing(MONDAY + days(2))).expect_none("newcomer.unanswered")
    assert story.row(Newcomer, "ana").first_post is None


def test_what_is_written_in_a_restricted_place_stays_there():
    restricted = fact("channel.described", MONDAY - days(1), channel="cercle", visibility="restricted")
    story = arrived(people=EVE).when(restricted, posted("ana", channel="cercle", title="Secret"))

    story.when(passing(MONDAY + days(2))).expect_none("newcomer.unanswered")
    assert all("Secret" not in message.data.text for message in story.every_message())


def test_a_newcomer_who_leaves_needs_no_answer():
    story = arrived(people=EVE).when(posted("ana"), left("ana", MONDAY + minutes(5)), passing(MONDAY + days(2)))

    story.expect_none("newcomer.unanswered")


def test_a_human_says_that_it_needs_no_answer():
    story = arrived(people=EVE).when(posted("ana"), passing(MONDAY + hours(1)))

    story.when(overruled(story.news[-2], MONDAY + hours(2)), passing(MONDAY + days(2)))

    story.expect_none("newcomer.unanswered")


def test_a_post_that_is_restored_waits_again():
    story = arrived(people=EVE).when(posted("ana", post="p1"), deleted("p1", MONDAY + minutes(5)))

    story.when(fact("post.restored", MONDAY + minutes(10), post="p1", thread="p1"), passing(MONDAY + hours(1)))

    story.expect("newcomer.unanswered", post="p1", stage=1)


def test_a_place_that_becomes_restricted_keeps_what_was_written_there():
    story = arrived(people=EVE).when(posted("ana", post="p1", channel="cercle"))
    story.when(fact("channel.described", MONDAY + minutes(5), channel="cercle", visibility="restricted"))

    story.when(passing(MONDAY + days(2))).expect_none("newcomer.unanswered")


def test_a_relay_who_wants_no_such_messages_is_passed_over():
    story = given(
        joined("rea", MONDAY - days(9)),
        joined("ana", MONDAY - hours(1)),
        playbook={"people": {**EVE, "relays": ["rea"], "welcomers": ["wim"]}},
    ).when(passing(MONDAY - minutes(30)), posted("ana", MONDAY, post="p1"), said_yes("rea", "ana", MONDAY))
    story.when(fact("preference.changed", MONDAY + minutes(5), member="rea", stop=["first_post"]))

    story.when(passing(MONDAY + hours(1))).expect("newcomer.unanswered", told_role="welcomers")


def test_the_title_that_is_quoted_is_the_one_it_was_edited_to():
    story = given(joined("ana", MONDAY), passing(MONDAY + hours(1)))
    story.when(asked("ana", MONDAY + hours(2), post="q", title="Mon numéro : 06 12"))

    story.when(fact("post.updated", MONDAY + hours(2.5), post="q", thread="q", title="Une colle"))

    story.when(passing(MONDAY + days(2)))
    first, second = story.messages(template="first_post")
    assert "«\u00a0Une colle\u00a0»" in first.data.text
    assert "«\u00a0Une colle\u00a0»" in second.data.text


def test_a_title_told_after_the_deletion_is_not_kept():
    story = given(asked("ana", MONDAY, post="q"), deleted("q", MONDAY + minutes(1)))

    story.when(fact("thread.moved", MONDAY + minutes(2), thread="q", title="Un secret"))

    assert story.row(Thread, "q").title is None


def test_the_relay_who_was_told_and_rests_since_is_not_told_of_what_was_answered():
    night = MONDAY + hours(12)  # 23:00 in Paris
    story = given(joined("ana", MONDAY - days(1)), passing(MONDAY), playbook={"people": {"relays": ["rea", "rod"]}})
    relay = story.when(motivated("ana", night - hours(8))).expect("relay.asked").data.member
    story.when(said_yes(relay, "ana", night - hours(7)), asked("ana", night, post="q"), passing(night + hours(1.5)))
    story.expect("newcomer.unanswered", stage=1, told=(relay,))

    story.when(paused(relay, night + hours(2), until=night + hours(3)), replied("bob", "q", night + hours(2.5)))

    story.when(passing(night + days(1))).expect_none("message.requested", template="first_post_relay")
