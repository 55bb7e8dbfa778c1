"""What stops the clocks: the first response is any human reply, the first answer more; wall and office apart."""

from datetime import UTC, datetime, timedelta

import pytest

from facts import FRIDAY, MONDAY, asked, days, fact, hours, joined, minutes, posted, reacted, replied
from stories import given, passing
from support.service import SUPPORT
from support.state import Thread

EVE = {"core_team": [{"member": "eve", "name": "Eve"}]}


def story_of(*facts, **playbook):
    return given(*facts, service=SUPPORT, playbook=playbook)


def question(story, thread="q"):
    return story.row(Thread, thread).question


def test_first_response_and_first_answer_are_kept_apart():
    story = story_of(asked("ana", post="q"))

    story.when(replied("bob", "q", MONDAY + minutes(5), post="r1", body="Hum."))
    story.expect("question.responded", reply="r1", wall_minutes=5, responder="member")
    story.expect_none("question.answered")
    story.when(replied("cleo", "q", MONDAY + minutes(20), post="r2"))

    story.expect_none("question.responded")
    story.expect("question.answered", reply="r2", member="cleo", wall_minutes=20, office_minutes=20, within_target=True)
    story.expect("helper.credited", member="cleo", by_members=1, month="2026-03")


@pytest.mark.parametrize(
    "extra", [{"links": ["https://x.org"]}, {"has_code": True}, {"has_image": True}, {"body": "http://x.y"}]
)
def test_a_short_reply_with_a_link_code_or_an_image_is_an_answer(extra):
    story = story_of(asked("ana", post="q"))

    story.when(replied("bob", "q", MONDAY + minutes(5), **{"body": "Là :", **extra})).expect("question.answered")


def test_a_short_chat_answer_followed_by_the_askers_thanks_was_the_answer():
    story = story_of(asked("ana", post="q"), replied("bob", "q", MONDAY + minutes(5), post="r", body="Avec du talc"))

    story.when(posted("ana", MONDAY + minutes(9), thread="q", body="Merci !"))

    story.expect("question.answered", reply="r", member="bob", wall_minutes=5)
    assert story.due("ladder", "q") is None


def test_reactions_stop_nothing():
    story = story_of(asked("ana", post="q"))

    story.when(reacted("bob", "q", MONDAY + minutes(5))).expect_nothing()
    assert story.due("ladder", "q") == MONDAY + minutes(45)


@pytest.mark.parametrize("body", ["+1", "pareil", "up", "me too", "Moi aussi !"])
def test_a_me_too_is_no_human_reply(body):
    story = story_of(asked("ana", post="q"))

    story.when(replied("bob", "q", MONDAY + minutes(5), body=body)).expect_nothing()


def test_a_program_stops_no_clock():
    story = story_of(asked("ana", post="q"), joined("robot", bot=True))

    story.when(
        replied("robot", "q", MONDAY + minutes(5)), replied("bob", "q", MONDAY + minutes(6), bot=True)
    ).expect_nothing()


def test_an_asker_who_answers_alone_stops_no_clock():
    story = story_of(asked("ana", post="q"))

    story.when(replied("ana", "q", MONDAY + minutes(5))).expect_nothing()
    assert story.due("ladder", "q") == MONDAY + minutes(45)


def test_staff_stop_both_clocks_marked_as_staff():
    story = story_of(asked("ana", post="q"), people=EVE)

    story.when(replied("eve", "q", MONDAY + minutes(5)))

    story.expect("question.responded", responder="staff")
    story.expect("question.answered", responder="staff")
    story.expect("helper.credited", responder="staff", by_members=0, by_staff=1)


def test_a_relay_answers_as_a_relay():
    story = story_of(asked("ana", post="q"), people={"relays": ["rea"]})

    story.when(replied("rea", "q", MONDAY + minutes(5))).expect("question.answered", responder="relay")


def test_the_share_of_members_relays_and_staff_is_counted_by_month():
    story = story_of(people={**EVE, "relays": ["rea"]})
    for n, name in enumerate(("bob", "rea", "eve", "cleo")):
        story.when(
            asked("ana", MONDAY + hours(n), post=f"q{n}"),
            replied(
                name,
                f"q{n}",
                MONDAY
                + hours(
                    n,
                )
                + minutes(1),
            ),
        )

    last = story.expect("helper.credited").data
    assert (last.by_members, last.by_relays, last.by_staff) == (2, 1, 1)


@pytest.mark.parametrize(("priority", "target"), [("urgent", 30), ("normal", 60), ("low", 240)])
def test_targets_by_priority(priority, target):
    story = story_of()

    opened = story.when(asked("ana", post="q", priority=priority)).expect("question.opened").data

    assert (opened.target_minutes, opened.priority) == (target, priority)
    assert opened.warn_at == MONDAY + minutes(target * 0.75)
    assert opened.due == MONDAY + minutes(target)


def test_both_clocks_over_a_weekend():
    evening = FRIDAY.replace(hour=16, minute=30)  # 17:30 in Paris, half an hour before closing
    story = story_of(asked("ana", evening, post="q"), hours="pro")
    monday = (FRIDAY + days(3)).replace(hour=8, minute=20)  # 09:20 in Paris

    story.when(replied("bob", "q", monday))

    answered = story.expect("question.answered", office_minutes=50, within_target=True).data
    assert answered.wall_minutes == (monday - evening) // timedelta(minutes=1)


def test_a_holiday_on_a_monday_is_no_office_day():
    friday = datetime(2026, 4, 3, 15, 30, tzinfo=UTC)  # 17:30 in Paris, before Easter Monday
    story = story_of(hours="pro", seasons={"holidays": ["2026-04-06"]})

    opened = story.when(asked("ana", friday, post="q")).expect("question.opened").data

    assert opened.due == datetime(2026, 4, 7, 7, 30, tzinfo=UTC)  # Tuesday, 09:30 in Paris


def test_the_night_the_clocks_change_has_its_real_length():
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30 in Paris; at 02:00 it is 03:00
    story = story_of()

    opened = story.when(asked("ana", before, post="q", priority="low")).expect("question.opened").data
    story.when(replied("bob", "q", before + hours(2)))

    assert opened.due == before + hours(4)
    story.expect("question.answered", wall_minutes=120, office_minutes=120)


def test_a_quiet_season_stops_no_question():
    august = datetime(2026, 8, 3, 10, tzinfo=UTC)
    story = story_of(asked("ana", august, post="q"))

    story.when(passing(august + minutes(60))).expect("question.unanswered", stage=1)


def test_a_reply_that_comes_late_counts_at_its_own_time():
    story = story_of(asked("ana", post="q"), passing(MONDAY + minutes(50)))

    story.when(replied("bob", "q", MONDAY + minutes(10)))

    story.expect("question.answered", office_minutes=10, wall_minutes=10, within_target=True)


def test_an_edit_of_the_question_keeps_its_clock():
    story = story_of(asked("ana", post="q"))

    story.when(
        fact("post.updated", MONDAY + minutes(5), post="q", thread="q", title="Comment recoller une semelle en cuir ?")
    )

    story.expect_nothing()
    assert question(story).title == "Comment recoller une semelle en cuir ?"
    assert question(story).asked_at == MONDAY
