"""Milestones, once for life; and the trace of one's help, told once a month in private."""

from datetime import UTC, datetime

import pytest

from facts import MONDAY, accepted, asked, chose, days, fact, hours, minutes, posted, reacted, replied
from recognised import conversation, people, pulse, told
from recognition.state_book import Help
from stories import passing

FIRST_OF_APRIL = datetime(2026, 4, 1, 8, tzinfo=UTC)  # 10:00 in Paris


def accepted_answers(count, **options):
    story = told(*people("ana", "zoe"), **options)
    for n in range(count):
        at = MONDAY + hours(5 * n)
        story.when(*conversation("zoe", "ana", at, post=f"q{n}"), accepted(f"q{n}-a", f"q{n}", "zoe", at + hours(2)))
    return story


def test_the_first_accepted_answer_is_told_in_private_and_once():
    story = accepted_answers(2)

    (reached,) = story.all("milestone.reached")
    assert (reached.data.milestone, reached.data.count, reached.data.audience) == ("accepted_answers", 1, "private")
    (message,) = [one.data for one in story.every_message() if one.data.rule == "milestone"]
    assert (message.to.id, message.purse) == ("ana", "attention")
    assert "c'est la première" in message.text


def test_from_the_fiftieth_on_it_is_public_for_those_who_agreed():
    story = accepted_answers(50)

    assert [(one.data.count, one.data.audience) for one in story.all("milestone.reached")] == [
        (1, "private"),
        (10, "private"),
        (50, "public"),
    ]
    public = [one.data for one in story.every_message() if one.data.template == "milestone_public"]
    assert [(one.to.kind, one.mentions) for one in public] == [("channel", ("ana",))]


def test_who_wants_private_thanks_has_the_fiftieth_in_private_and_who_wants_none_hears_nothing():
    story = told(*people("ana", "ben", "zoe"), playbook={"recognition": {"milestone_public_answers": 1}})
    story.when(chose("ana", MONDAY, thanks="private"), chose("ben", MONDAY, thanks="none"))
    for name in ("ana", "ben"):
        story.when(*conversation("zoe", name, MONDAY, post=name), accepted(f"{name}-a", name, "zoe", MONDAY + hours(2)))

    assert {one.data.member: one.data.audience for one in story.all("milestone.reached")} == {
        "ana": "private",
        "ben": "private",
    }
    assert not [one for one in story.every_message(to="ben") if one.data.rule == "milestone"]


def test_one_year_after_the_first_post():
    story = told(*people("ana", "zoe"), posted("ana", MONDAY, id="the-first"))
    story.when(*pulse(MONDAY + days(1), 363)).expect_none("milestone.reached")

    story.when(*pulse(MONDAY + days(364), 3))

    reached = story.expect("milestone.reached", member="ana", milestone="years", count=1)
    assert reached.data.because[0].evidence == ("the-first",)


def test_a_year_is_told_to_somebody_who_was_here_lately_and_to_nobody_who_is_gone():
    story = told(*people("ana", "ben", "zoe"), posted("ana", MONDAY), posted("ben", MONDAY))
    story.when(*pulse(MONDAY + days(1), 300), posted("ben", MONDAY + days(301)), *pulse(MONDAY + days(302), 66))

    assert {event.data.member for event in story.all("milestone.reached")} == {"ana", "ben"}
    assert [message.data.to.id for message in story.every_message() if message.data.rule == "milestone"] == ["ben"]


def test_milestones_passed_in_history_are_spent():
    story = told(
        fact(
            "post.created",
            MONDAY - days(30),
            member="zoe",
            post="q",
            thread="q",
            channel="c",
            kind="question",
            backfill=True,
        ),
        fact(
            "post.created",
            MONDAY - days(30),
            member="ana",
            post="a",
            thread="q",
            channel="c",
            kind="answer",
            backfill=True,
            reply_to="q",
            body="Une colle néoprène.",
        ),
        fact("answer.accepted", MONDAY - days(29), member="zoe", post="a", thread="q", backfill=True),
    )
    (reached,) = story.all("milestone.reached")
    assert reached.backfill
    assert story.every_message() == []

    story.when(fact("answer.withdrawn", MONDAY, member="zoe", post="a", thread="q"))
    story.when(accepted("a", "q", "zoe", MONDAY + hours(1)))
    story.expect_none("milestone.reached").expect_none("message.requested", rule="milestone")


def helped():
    story = accepted_answers(1)
    return story.when(
        *[reacted(name, "q0-a", MONDAY + hours(3)) for name in ("ben", "cy")],
        replied("zoe", "q0", MONDAY + hours(4), reply_to="q0-a", body="Merci, ça marche !"),
    )


def test_on_the_first_of_the_month_what_became_of_ones_help_is_told_in_private():
    story = helped()

    story.when(passing(FIRST_OF_APRIL))

    impact = story.expect("impact.told", member="ana", month="2026-03")
    assert [(trace.kind, trace.count) for trace in impact.data.traces] == [
        ("accepted", 1),
        ("reacted", 2),
        ("thanked", 1),
    ]
    message = story.expect_message(template="impact", to="ana", purse="attention")
    assert "mars" not in message.title
    assert "une réponse a été retenue" in message.text
    assert "2 réactions" in message.text
    assert story.rows(Help) == []


def test_it_is_told_once_and_not_again_without_anything_new():
    story = helped().when(passing(FIRST_OF_APRIL))

    story.when(passing(FIRST_OF_APRIL + days(31))).expect_none("impact.told")


def test_who_does_not_want_it_is_not_told():
    story = helped().when(chose("ana", MONDAY + days(1), stop=["impact"]))

    story.when(passing(FIRST_OF_APRIL)).expect_none("impact.told").expect_none("message.withheld")


def test_a_reaction_or_two_are_not_worth_a_message():
    story = told(*people("ana", "zoe", "ben"), *conversation("zoe", "ana", MONDAY, post="q"))
    story.when(reacted("ben", "q-a", MONDAY + hours(2)), reacted("zoe", "q-a", MONDAY + hours(2)))

    story.when(passing(FIRST_OF_APRIL)).expect_none("impact.told")


@pytest.mark.parametrize("solved_first", [True, False])
def test_a_post_that_a_solved_thread_links_to_helped_there(solved_first):
    url = "https://forum.example/p/17"
    story = told(*people("ana", "ben", "zoe"))
    story.when(asked("zoe", MONDAY, post="old"), replied("ana", "old", MONDAY, post="guide", url=url))
    story.when(asked("zoe", MONDAY + days(2), post="new"))
    link = replied("ben", "new", MONDAY + days(2) + hours(1), post="link", links=[url], body=f"Tout est là : {url}")
    solved = fact("thread.resolved", MONDAY + days(2) + hours(2), thread="new", member="zoe")
    story.when(*([solved, link] if solved_first else [link, solved]))

    story.when(passing(FIRST_OF_APRIL))

    impact = story.expect("impact.told", member="ana")
    assert [(trace.kind, trace.count, trace.threads) for trace in impact.data.traces] == [("linked", 1, ("new",))]


def test_merci_as_the_last_word_is_thanks_and_a_question_after_it_is_not_the_end():
    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"))
    story.when(replied("zoe", "q", MONDAY + hours(2), body="merci !"))
    assert [(one.kind, one.times) for one in story.row(Help, "ana").became] == [("thanked", 1)]

    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"))
    story.when(replied("zoe", "q", MONDAY + hours(2), body="merci mais ça ne marche toujours pas"))
    assert story.row(Help, "ana") is None


def test_short_chat_answers_leave_a_trace_too():
    story = told(*people("ana", "zoe"), asked("zoe", MONDAY, post="q", channel="salon"))
    story.when(posted("ana", MONDAY + minutes(1), thread="q", body="essaie sans"))
    story.when(posted("zoe", MONDAY + minutes(2), thread="q", body="nickel, merci"))

    assert story.row(Help, "ana").became[0].kind == "thanked"
