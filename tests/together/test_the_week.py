"""All services together over a week: what the synthesis tells of each, and what a crisis does to all."""

from facts import FRIDAY, MONDAY, TUESDAY, asked, chose, days, fact, hours, joined, minutes, posted, replied
from stories import passing
from together import EARLIER, old_hands, tapped, together

SYNTHESIS = MONDAY + days(8)  # the Tuesday after, at noon in Paris
FRIDAY_NOON = FRIDAY + hours(2)
GRUMBLE = "C'est inadmissible, encore une panne."


def talk(name, author, at, *others):
    opening = posted(author, at, post=name, title=f"Sujet {name}", body="Voici ce que j'ai mis de côté.")
    return [opening, *(replied(other, name, at + minutes(5 + n)) for n, other in enumerate(others))]


def a_full_week(*more, **options):
    """Answers on Monday, talk on Wednesday, thanks on Friday, an open question at the week-end, feedback answered."""
    story = together(*old_hands("bob", "cleo", "dan", "zoe"), **options)
    story.when(
        asked("zoe", MONDAY, post="q1", title="Comment recoller une semelle ?"),
        replied("bob", "q1", MONDAY + minutes(20), post="a1"),
        fact("answer.accepted", MONDAY + hours(1), member="zoe", post="a1", thread="q1", answer_author="bob"),
        fact("feedback.submitted", MONDAY + hours(2), feedback="f1", member="dan", title="Un banc de plus"),
        *talk("t1", "dan", MONDAY + days(2), "cleo", "bob"),
        fact(
            "feedback.answered",
            MONDAY + days(3),
            feedback="f1",
            member="dan",
            outcome="adopted",
            why="Il arrive samedi.",
            by="eve",
        ),
        asked("cleo", FRIDAY + days(1), post="q2", title="Comment détendre un ressort ?"),
        *more,
    )
    return story


def in_synthesis(story):
    (published,) = [event for event in story.all("synthesis.published") if event.time > SYNTHESIS - hours(9)]
    items = {
        section.kind: [(item.id, item.title, item.members) for item in section.items]
        for section in published.data.sections
    }
    return published.data, items


def test_the_synthesis_tells_unanswered_questions_thanks_and_what_came_of_feedback():
    story = a_full_week(passing(SYNTHESIS))

    published, items = in_synthesis(story)

    assert [id_ for id_, _, _ in items["questions"]] == ["q2"]
    assert [members for _, _, members in items["thanks"]] == [("bob",), ("dan",)]
    assert [(id_, title) for id_, title, _ in items["outcomes"]] == [("f1", "Un banc de plus")]
    assert "Comment détendre un ressort" in published.text
    assert "Bob" in published.text
    assert "Un banc de plus" in published.text


def test_thanks_of_the_synthesis_are_those_that_recognition_said_on_friday():
    story = a_full_week(passing(SYNTHESIS))

    thanked = [event.data.member for event in story.all("member.thanked") if event.data.audience == "public"]
    assert [members for _, _, members in in_synthesis(story)[1]["thanks"]] == [(member,) for member in thanked]


def test_what_support_finds_solved_stands_no_longer_among_the_open_questions():
    story = a_full_week(passing(MONDAY + days(7)))
    story.when(
        replied("bob", "q2", MONDAY + days(7) + minutes(1), post="a2", body="Avec un serre-joint."),
        replied("cleo", "q2", MONDAY + days(7) + minutes(9), post="m2", body="Merci !", kind="message"),
        passing(SYNTHESIS),
    )

    story.expect("question.answered", thread="q2")
    assert "questions" not in in_synthesis(story)[1]


def test_a_question_that_passed_every_stage_of_support_comes_before_younger_ones():
    story = a_full_week(
        asked("bob", FRIDAY + days(2), post="q3", title="Quel vernis pour dehors ?"), passing(SYNTHESIS)
    )

    assert [event.data.stage for event in story.all("question.unanswered", thread="q2")][-1] == 4
    assert [id_ for id_, _, _ in in_synthesis(story)[1]["questions"]] == ["q2", "q3"]


def test_a_newcomer_who_agreed_is_introduced_by_onboarding_and_named_in_the_synthesis():
    sunday = FRIDAY + days(2)
    newcomer = joined("ana", sunday, skills=["couture"]), chose("ana", sunday + minutes(5), introduce=True)
    story = a_full_week(*newcomer, posted("ana", sunday + hours(1)), passing(SYNTHESIS))

    assert [id_ for id_, _, _ in in_synthesis(story)[1]["newcomers"]] == ["ana"]
    assert [event.data.member for event in story.all("member.introduced")] == ["ana"]


def complaints():
    """Six complaints by six people, on one subject, before the hour of the thanks."""
    at = FRIDAY - hours(2)
    names = [f"m{n}" for n in range(6)]
    return [
        *old_hands(*names),
        *(posted(name, at + minutes(n), body=GRUMBLE, tags=["panne"]) for n, name in enumerate(names)),
    ]


def in_a_crisis(*more):
    """A week of answers, then complaints on Friday morning that nobody judges."""
    story = together(*old_hands("bob", "zoe"), *complaints()[:6])
    story.when(
        asked("zoe", MONDAY, post="q1", title="Comment recoller une semelle ?"),
        replied("bob", "q1", MONDAY + minutes(20), post="a1"),
        joined("ana", FRIDAY - days(5), motivations=["act"]),
    )
    story.when(posted("ana", FRIDAY - days(5) + minutes(20)), *complaints()[6:])
    return story.when(passing(FRIDAY - hours(1)), *more)


def test_a_crisis_found_by_support_moves_the_thanks_of_recognition_to_the_business_day_after_it():
    story = in_a_crisis(passing(FRIDAY_NOON))
    story.expect_none("member.thanked")
    (opened,) = story.all("crisis.opened")
    assert opened.data.scope == "inside"

    story.when(passing(MONDAY + days(8)))

    (closed,) = story.all("crisis.closed")
    (thanked,) = story.all("member.thanked")
    assert closed.time < thanked.time
    assert (thanked.data.member, thanked.data.week) == ("bob", "2026-W10")
    assert thanked.time == MONDAY + days(7) + minutes(30)  # Monday 11:30 in Paris


def test_a_crisis_stops_the_nudge_of_onboarding_and_takes_the_first_action_out_of_a_welcome():
    story = in_a_crisis(joined("lou", FRIDAY - minutes(30)), passing(FRIDAY_NOON))

    assert story.every_message(template="nudge") == []
    (welcomed,) = story.found("member.welcomed")
    assert (welcomed.data.member, welcomed.data.action) == ("lou", None)


def test_without_a_crisis_that_nudge_goes_out():
    story = together(*old_hands("bob"), joined("ana", FRIDAY - days(5)))
    story.when(posted("ana", FRIDAY - days(5) + minutes(20)), passing(FRIDAY_NOON))

    assert [message.data.to.id for message in story.every_message(template="nudge")] == ["ana"]


def test_a_crisis_holds_the_prompts_of_digest_and_the_morning_note_says_so():
    # A place that is used to talk every day, and from Monday on does not.
    story = together(*old_hands("bob"), *(posted("bob", MONDAY - days(n)) for n in range(28, 0, -1)))
    story.when(fact("crisis.declared", MONDAY - hours(3), crisis="grave", by="eve", value="une fuite"))

    story.when(passing(MONDAY + days(3)))

    (note,) = story.all("brief.sent", day=MONDAY.date())
    assert "crisis" in [line.kind for line in note.data.held_back]
    (closed,) = story.all("crisis.closed")
    prompts = [event.time for event in story.found("prompt.published")]
    assert prompts
    assert min(prompts) > closed.time


def test_a_crisis_is_proposed_to_humans_once_and_waits_in_the_morning_note():
    story = in_a_crisis(passing(MONDAY + days(7)))

    assert sorted(message.data.to.id for message in story.every_message(template="crisis_proposed")) == [
        "core_team",
        "relays",
    ]


def test_feedback_without_an_outcome_waits_in_the_morning_note_until_somebody_taps():
    story = together(*old_hands("dan"), fact("feedback.submitted", MONDAY, feedback="f", member="dan", title="Un banc"))
    story.when(passing(MONDAY + days(15)))
    note = story.every_message(to="manager", template="brief")[-1].data
    adopted = next(action for action in note.actions if action.id.startswith("adopted"))

    story.when(
        fact(
            adopted.fact.type,
            MONDAY + days(15) + hours(1),
            **{**adopted.fact.data, "community": "atelier", "member": "eve"},
        )
    )

    story.when(passing(MONDAY + days(16)))
    assert story.every_message(to="manager", template="brief")[-1].data.text.count("Un banc") == 0


def test_the_answer_of_a_helper_who_was_asked_is_counted_by_all_who_count():
    story = together(*old_hands("zoe"), *old_hands("bob", skills=["vélo"]), posted("bob", EARLIER + days(1)))
    story.when(
        asked("zoe", TUESDAY, post="q", title="Mon dérailleur saute", tags=["vélo"]), passing(TUESDAY + hours(1))
    )
    story.expect("helper.asked", member="bob")

    story.when(
        tapped(story, "bob", "yes", TUESDAY + hours(1), template="helper"),
        replied("bob", "q", TUESDAY + hours(2), post="a"),
    )

    assert story.expect("helper.credited", member="bob").data.asked
    story.expect("points.awarded", member="bob", act="reply_to_question")


def test_who_stopped_a_kind_gets_it_from_no_service():
    story = together(*old_hands("bob", skills=["vélo"]), *old_hands("zoe"), posted("bob", EARLIER + days(1)))
    story.when(chose("bob", MONDAY, stop=["all"]))

    story.when(asked("zoe", TUESDAY, post="q", title="Mon dérailleur saute", tags=["vélo"]), passing(TUESDAY + days(9)))

    assert [message for message in story.every_message(to="bob") if message.time > MONDAY] == []
