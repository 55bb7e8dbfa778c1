"""The week in short: what is in it, who edits it, when it goes out, and what never stands in it."""

from datetime import datetime, timedelta

import pytest

from contracts.envelope import AnyEvent
from digest.state import Thread
from digest.state_told import Synthesis
from editorial import DIGEST
from facts import (
    MONDAY,
    chose,
    days,
    decided,
    deleted,
    erased,
    fact,
    hours,
    joined,
    left,
    minutes,
    overruled,
    paused,
    posted,
    replied,
    unmuted,
)
from stories import Passing, Story, given, passing

TEAM = {"people": {"manager": "camille", "core_team": [{"member": "camille", "name": "Camille"}]}}
PLACES = {"places": {"general": {"channel": "general", "name": "Général"}}}
DRAFTED = MONDAY - hours(2)
"""Monday 09:00 in Paris."""
PUBLISHED = MONDAY + days(1) - hours(1)
"""Tuesday 10:00 in Paris."""
BEFORE = MONDAY - days(4) - hours(5)
JUST_AFTER, EARLIER, AFTERNOON = BEFORE + minutes(1), MONDAY - days(6), MONDAY + hours(2)


def talk(name: str, author: str, people: int = 2, at: datetime = BEFORE, posts: int = 0, **data) -> list[AnyEvent]:
    """A thread of so many people, its author included, and so many posts, at least one each."""
    opening = posted(author, at, post=name, title=f"Sujet {name}", **data)
    others = [
        replied(f"{name}-{n % (people - 1)}", name, at + minutes(5 + n)) for n in range(max(people - 1, posts - 1))
    ]
    return [opening, *others] if people > 1 else [opening]


def asked_by(member: str, name: str, at: datetime = BEFORE, **data) -> AnyEvent:
    return posted(member, at, post=name, kind="question", **{"title": f"Comment {name} ?", **data})


def thanked(member: str, at: datetime = JUST_AFTER, place: int = 1, **data) -> AnyEvent:
    deed = {"kind": "answer", "thread": None, "title": None}
    usual = {"thanks": "2026-W09", "week": "2026-W09", "audience": "public", "helper": True, "deeds": [deed]}
    return decided("recognition", "member.thanked", at, member=member, place=place, **{**usual, **data})


def strong(member: str, at: datetime = EARLIER, stratum: str = "holding_up", **data) -> AnyEvent:
    usual = {"previous": "lending_a_hand", "stratum": stratum}
    return decided("recognition", "stratum.raised", at, member=member, **{**usual, **data})


def a_week(*more: AnyEvent) -> list[AnyEvent]:
    """Enough for a synthesis: threads, an open question, thanks."""
    facts = [*talk("t1", "ana", 3), asked_by("bea", "q1"), joined("cy", BEFORE), thanked("cy"), *more]
    return sorted(facts, key=lambda event: event.time)


def place(*happenings: AnyEvent | Passing, playbook=None, **more) -> Story:
    hours_ = {"hours": "pro"}
    return given(*happenings, service=DIGEST, playbook=TEAM | PLACES | hours_ | (playbook or {}), **more)


def section(decision, kind: str) -> list:
    return [item for part in decision.data.sections if part.kind == kind for item in part.items]


def drafted(*happenings, **more) -> AnyEvent:
    return place(*happenings, passing(DRAFTED + minutes(1)), **more).expect("synthesis.drafted")


def published(*happenings, **more) -> AnyEvent:
    return place(*happenings, passing(PUBLISHED + minutes(1)), **more).expect("synthesis.published")


def test_it_is_drafted_the_business_day_before_at_nine_and_goes_out_tuesday_at_ten():
    story = place(*a_week(), passing(PUBLISHED + minutes(1)))

    draft, out = story.expect("synthesis.drafted"), story.expect("synthesis.published")

    assert (draft.time, draft.data.publishes_at, out.time) == (DRAFTED, PUBLISHED, PUBLISHED)
    assert (out.data.synthesis, out.data.week, out.data.channel) == ("2026-W10", "2026-W10", "general")


def test_it_stands_in_text_markdown_and_html_and_is_asked_to_be_said_with_the_same_words():
    story = place(*a_week(), passing(PUBLISHED + minutes(1)))

    out = story.expect("synthesis.published").data
    message = story.expect_message(template="synthesis", to="general")

    assert (message.text, message.markdown, message.html) == (out.text, out.markdown, out.html)
    assert "Sujet t1" in out.text
    assert "<li>" in out.html
    assert out.text.endswith("— Camille")


def test_with_fewer_than_three_kinds_nothing_goes_out():
    story = place(*talk("t1", "ana"), asked_by("bea", "q1"), passing(PUBLISHED + days(1)))

    story.expect_none("synthesis.drafted").expect_none("synthesis.published")


def test_a_question_that_we_made_up_is_no_third_kind_but_stands_beside_three():
    out = published(*a_week())

    assert [part.kind for part in out.data.sections] == ["threads", "thanks", "questions", "question_of_the_week"]


def test_two_threads_most_diverse_in_people_then_two_with_most_posts_of_distinct_authors():
    facts = [
        *talk("many-people", "ana", 6),
        *talk("more-people", "bea", 7),
        *talk("ana-again", "ana", 5),
        *talk("long", "cy", 2, posts=30),
        *talk("longer", "dan", 2, posts=40),
        *talk("small", "eve", 2),
        *talk("alone", "fay", 1),
    ]

    out = drafted(*a_week(*facts))

    assert [item.id for item in section(out, "threads")] == ["more-people", "many-people", "longer", "long"]


def test_ties_go_to_the_older_thread():
    facts = [event for n in (5, 2, 4, 1, 3) for event in talk(f"t-{n}", f"m{n}", 3, at=BEFORE + hours(n))]

    out = drafted(*a_week(*facts))

    assert [item.id for item in section(out, "threads")] == ["t1", "t-1", "t-2", "t-3"]


def test_only_threads_that_are_new_this_week():
    out = drafted(*talk("old", "zoe", 9, at=MONDAY - days(12)), *a_week(), opened=MONDAY - days(30))

    assert [item.id for item in section(out, "threads")] == ["t1"]


SPOILED = {
    "closed": [fact("post.closed", MONDAY - days(2), post="bad", thread="bad")],
    "deleted": [deleted("bad", MONDAY - days(2))],
    "flagged": [fact("post.flagged", MONDAY - days(2), post="bad", thread="bad", member="x")],
    "judged": [fact("post.moderated", MONDAY - days(2), post="bad", thread="bad", action="hidden", upheld=True)],
    "marked a complaint": [
        fact("question.marked", MONDAY - days(2), thread="bad", by="c", value="complaint", source="/operator")
    ],
    "marked care": [fact("question.marked", MONDAY - days(2), thread="bad", by="c", value="care", source="/operator")],
    "moved to a restricted place": [
        fact("channel.described", MONDAY - days(3), channel="equipe", visibility="restricted"),
        fact("thread.moved", MONDAY - days(2), thread="bad", channel="equipe"),
    ],
    "of somebody who left": [left("ana2", MONDAY - days(2))],
    "of somebody who died": [left("ana2", MONDAY - days(2), reason="deceased")],
    "of somebody forgotten": [erased("ana2", MONDAY - days(2))],
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_may_not_be_shown_is_in_no_synthesis(what):
    out = published(*a_week(*talk("bad", "ana2", 9), *SPOILED[what]))

    assert [item.id for item in section(out, "threads")] == ["t1"]
    assert "Sujet bad" not in out.data.text


@pytest.mark.parametrize("what", SPOILED)
def test_what_may_not_be_shown_any_more_goes_between_draft_and_publication(what):
    story = place(*a_week(*talk("bad", "ana2", 9)), passing(DRAFTED + minutes(1)))
    assert "bad" in [item.id for item in section(story.expect("synthesis.drafted"), "threads")]
    later = [event.model_copy(update={"time": MONDAY, "id": f"{event.id}/later"}) for event in SPOILED[what]]

    story.when(*later, passing(PUBLISHED + minutes(1)))

    out = story.expect("synthesis.published")
    assert [item.id for item in section(out, "threads")] == ["t1"]
    assert "Sujet bad" not in out.data.text


@pytest.mark.parametrize(
    "body", ["C'est une arnaque, remboursez-moi", "Je n'en peux plus, envie de mourir", "I want to kill myself"]
)
def test_a_complaint_or_a_cry_for_care_is_never_quoted_even_without_support(body):
    out = published(*a_week(*talk("bad", "ana2", 9, body=body)))

    assert [item.id for item in section(out, "threads")] == ["t1"]


def test_a_cry_for_care_in_a_reply_keeps_the_whole_thread_out():
    facts = [*talk("bad", "ana2", 9), replied("dan", "bad", MONDAY - days(1), body="Moi, je veux en finir.")]

    assert [item.id for item in section(published(*a_week(*facts)), "threads")] == ["t1"]


def test_nothing_from_a_restricted_place():
    restricted = fact("channel.described", MONDAY - days(6), channel="equipe", visibility="restricted")

    out = published(restricted, *a_week(*talk("bad", "ana2", 9, channel="equipe")))

    assert [item.id for item in section(out, "threads")] == ["t1"]


def test_threads_of_the_house_and_of_bots_are_no_threads_of_members():
    facts = [
        *talk("news", "camille", 9),
        *talk("beep", "robot", 9, bot=True),
        *talk("pr", "max", 9, origin="organisation"),
    ]

    assert [item.id for item in section(published(*a_week(*facts)), "threads")] == ["t1"]


def test_at_most_five_open_questions_each_has_its_turn_and_stays_until_it_is_answered():
    questions = [asked_by(f"m{n}", f"ask{n}", BEFORE + hours(n)) for n in range(7)]
    story = place(*a_week(*questions), passing(PUBLISHED + minutes(1)))
    first = [item.id for item in section(story.expect("synthesis.published"), "questions")]
    assert first == ["ask0", "q1", "ask1", "ask2", "ask3"]

    story.when(*talk("t2", "ana", 3, at=MONDAY + days(2)), thanked("cy", MONDAY + days(3)))
    story.when(replied("ben", "ask0", MONDAY + days(3)), passing(PUBLISHED + days(7) + minutes(1)))

    second = [item.id for item in section(story.expect("synthesis.published"), "questions")]
    assert second == ["ask4", "ask5", "ask6", "q1", "ask1"]


def test_a_question_that_passed_every_stage_of_support_is_shown_until_it_is_answered():
    clocks = {"office_minutes": 1440, "wall_minutes": 1440, "target_minutes": 60, "member": "m6", "post": "ask6"}
    stage = decided("support", "question.unanswered", MONDAY - days(1), thread="ask6", stage=4, **clocks)
    questions = [asked_by(f"m{n}", f"ask{n}", BEFORE + hours(n)) for n in range(7)]

    out = published(*a_week(*questions, stage))

    assert next(item.id for item in section(out, "questions")) == "ask6"


@pytest.mark.parametrize(
    ("answer", "open_"),
    [
        (replied("ben", "q1", MONDAY - days(2)), False),
        (replied("ben", "q1", MONDAY - days(2), body="Voir :", links=1), False),
        (replied("ben", "q1", MONDAY - days(2), body="oui"), True),
        (replied("ben", "q1", MONDAY - days(2), body="moi aussi"), True),
        (replied("bea", "q1", MONDAY - days(2), body="Je précise ma question, la voici."), True),
        (replied("robot", "q1", MONDAY - days(2), bot=True), True),
        (replied("camille", "q1", MONDAY - days(2)), False),
        (replied("ben", "q1", BEFORE - minutes(1)), False),
        (fact("answer.accepted", MONDAY - days(2), post="a", thread="q1"), False),
        (fact("thread.resolved", MONDAY - days(2), thread="q1"), False),
        (fact("thread.unresolved", MONDAY - days(2), thread="q1"), True),
    ],
)
def test_what_answers_a_question_and_what_does_not(answer, open_):
    story = place(*a_week(answer), passing(MONDAY - days(1)))

    assert story.row(Thread, "q1").open is open_


def test_thanks_of_recognition_only_in_public_and_only_while_they_may_be_named():
    facts = [
        *[joined(name, BEFORE) for name in ("dan", "eve", "fay")],
        thanked("dan", place=2),
        thanked("eve", place=3, audience="private"),
        thanked("fay", place=4),
        chose("fay", MONDAY - days(1), thanks="none"),
    ]

    out = published(*a_week(*facts))

    assert [item.members for item in section(out, "thanks")] == [("cy",), ("dan",)]
    assert "Dan" in out.data.text
    assert "Eve" not in out.data.text


def test_thanks_of_a_new_round_between_draft_and_publication_take_nothing_away():
    story = place(*a_week(), passing(DRAFTED + minutes(1)))

    story.when(thanked("cy", MONDAY, thanks="2026-W10", week="2026-W10"), passing(PUBLISHED + minutes(1)))

    assert [item.id for item in section(story.expect("synthesis.published"), "thanks")] == ["cy"]


def test_thanks_taken_out_after_the_draft_do_not_go_out():
    story = place(*a_week(joined("dan", BEFORE), thanked("dan", place=2)), passing(DRAFTED + minutes(1)))
    edit = fact("thanks.edited", MONDAY, thanks="2026-W09", by="camille", member="dan", source="/operator")

    story.when(edit, passing(PUBLISHED + minutes(1)))

    assert [item.id for item in section(story.expect("synthesis.published"), "thanks")] == ["cy"]


def test_thanks_taken_out_by_a_human_stay_out():
    edit = fact("thanks.edited", MONDAY - days(2), thanks="2026-W09", by="camille", member="dan", source="/operator")

    out = published(*a_week(joined("dan", BEFORE), thanked("dan", place=2), edit))

    assert [item.id for item in section(out, "thanks")] == ["cy"]


def test_without_recognition_members_own_kudos_are_the_thanks():
    facts = [joined("dan", BEFORE), fact("kudos.given", MONDAY - days(2), member="ana", receivers=["dan"], reason="x")]
    week = [event for event in a_week(*facts) if event.type != "member.thanked"]

    assert [item.members for item in section(published(*week), "thanks")] == [("dan",)]


def test_newcomers_only_those_who_agreed_and_each_once():
    facts = [joined("neo", BEFORE), chose("neo", MONDAY - days(2), introduce=True), joined("shy", BEFORE)]
    story = place(*a_week(*facts), passing(PUBLISHED + minutes(1)))

    out = story.expect("synthesis.published")
    assert [item.members for item in section(out, "newcomers")] == [("neo",)]
    assert "Neo" in out.data.text
    assert "Shy" not in out.data.text

    story.when(*talk("t2", "ana", 3, at=MONDAY + days(2)), thanked("cy", MONDAY + days(3)))
    story.when(passing(PUBLISHED + days(7) + minutes(1)))
    assert section(story.expect("synthesis.published"), "newcomers") == []


def test_meetups_to_come_and_those_that_were():
    facts = [
        fact("meetup.scheduled", BEFORE, meetup="next", title="Samedi vélo", at_=MONDAY + days(5), member="ana"),
        fact("meetup.scheduled", BEFORE, meetup="far", title="Loin", at_=MONDAY + days(60), member="ana"),
        fact("meetup.hosted", MONDAY - days(1), meetup="past", title="Samedi bois", at_=MONDAY - days(2), member="ana"),
        fact("meetup.attended", MONDAY - days(1), meetup="past", member="bea"),
        fact("meetup.scheduled", BEFORE, meetup="off", title="Annulé", at_=MONDAY + days(4)),
        fact("meetup.cancelled", MONDAY - days(1), meetup="off"),
    ]

    out = published(*a_week(*facts))

    assert [(item.id, item.figure) for item in section(out, "meetups")] == [("past", 1), ("next", None)]
    assert "samedi 7 mars" in out.data.text


def test_a_meetup_that_is_over_by_the_time_it_goes_out_is_not_announced():
    planned = fact("meetup.scheduled", BEFORE, meetup="m", title="Ce soir", at_=MONDAY + hours(8), member="ana")
    story = place(*a_week(planned), passing(DRAFTED + minutes(1)))
    assert section(story.expect("synthesis.drafted"), "meetups")

    story.when(passing(PUBLISHED + minutes(1)))

    assert section(story.expect("synthesis.published"), "meetups") == []


def test_what_came_of_feedback_and_promises_is_told_once():
    facts = [
        fact("feedback.submitted", BEFORE, feedback="f1", member="ana", title="Un fil par ville"),
        fact("feedback.answered", MONDAY - days(2), feedback="f1", outcome="adopted", why="dès avril", by="camille"),
        fact("promise.made", BEFORE, promise="p1", by="max", what="Une salle", due=MONDAY + days(9)),
        fact("promise.kept", MONDAY - days(2), promise="p1", by="max"),
        fact("promise.made", BEFORE, promise="p2", by="max", what="Un budget", due=MONDAY - days(1)),
    ]
    story = place(*a_week(*facts), passing(PUBLISHED + minutes(1)))

    out = story.expect("synthesis.published")
    assert sorted(item.id for item in section(out, "outcomes")) == ["f1", "p1", "p2"]
    assert "adopté (dès avril)" in out.data.text
    assert "Promesse tenue" in out.data.text
    assert "En retard" in out.data.text

    story.when(*talk("t2", "ana", 3, at=MONDAY + days(2)), thanked("cy", MONDAY + days(3)))
    story.when(passing(PUBLISHED + days(7) + minutes(1)))
    assert section(story.expect("synthesis.published"), "outcomes") == []


def test_feedback_that_is_a_complaint_is_not_quoted():
    facts = [
        fact("feedback.submitted", BEFORE, feedback="f1", member="ana", title="C'est inadmissible"),
        fact("feedback.answered", MONDAY - days(2), feedback="f1", outcome="no", why="", by="camille"),
    ]

    assert section(published(*a_week(*facts)), "outcomes") == []


def test_on_a_holiday_it_goes_out_the_business_day_before_and_is_drafted_before_that():
    story = place(*a_week(), playbook={"seasons": {"holidays": ["2026-03-03"]}})

    story.when(passing(MONDAY + days(2)))

    out = story.all("synthesis.published")
    assert [event.time for event in out] == [PUBLISHED - days(1)]
    assert story.all("synthesis.drafted")[0].time == DRAFTED - days(3)


def test_where_office_hours_are_few_the_draft_is_earlier_so_that_an_editor_has_eight():
    story = place(*a_week(), passing(PUBLISHED + minutes(1)), playbook={"hours": "asso"})

    draft = story.all("synthesis.drafted")[-1]

    # Evenings of 4.5 hours, eight on Saturday: Monday morning leaves 4.5, Friday morning 21.5.
    assert (draft.time, draft.data.publishes_at) == (DRAFTED - days(3), PUBLISHED)


def test_the_clock_change_night_does_not_move_it():
    change = datetime(2026, 3, 31, 8, tzinfo=MONDAY.tzinfo)
    story = place(*a_week(), passing(change - days(4)))

    story.when(
        *talk("t2", "ana", 3, at=change - days(3)), thanked("cy", change - days(3)), passing(change + minutes(1))
    )

    assert [event.time for event in story.found("synthesis.published")] == [change]


def test_the_editor_is_of_stratum_three_and_knows_what_the_threads_are_about():
    facts = [
        joined("dan", BEFORE, skills=["bois"]),
        joined("eve", BEFORE, skills=["vélo"]),
        strong("dan", BEFORE + hours(1)),
        strong("eve", BEFORE + hours(2)),
        *talk("t-velo", "gil", 8, tags=["vélo"]),
    ]
    story = place(*a_week(*facts), passing(DRAFTED + minutes(1)))

    asked = story.expect("editor.asked").data

    assert (asked.member, asked.attempt, asked.matched_skills, asked.expires_at) == ("eve", 1, ("velo",), PUBLISHED)
    assert story.expect("synthesis.drafted").data.editor == "eve"
    message = story.expect_message(to="eve")
    assert "Sujet t-velo" in message.text
    assert [action.id for action in message.actions] == ["yes", "not_this_time", "stop"]


def test_somebody_of_too_low_a_stratum_at_rest_staff_or_without_profile_is_not_asked():
    facts = [
        *[joined(name, BEFORE - days(1)) for name in ("low", "rests", "camille", "private", "stops")],
        strong("low", stratum="lending_a_hand"),
        *[strong(name, BEFORE) for name in ("rests", "camille", "private", "stops")],
        paused("rests", MONDAY - days(2)),
        chose("private", MONDAY - days(2), profiling=False),
        chose("stops", MONDAY - days(2), stop=["editor"]),
    ]

    story = place(*a_week(*facts), passing(DRAFTED + minutes(1)))

    story.expect_none("editor.asked")
    assert "L'essentiel" in story.expect_message(template="synthesis_draft", to="core_team").title


def test_without_recognition_the_editor_is_the_core_team():
    story = place(*a_week(), passing(DRAFTED + minutes(1)))

    assert story.expect("synthesis.drafted").data.editor is None
    story.expect_message(template="synthesis_draft", to="core_team")


def edited(member: str, text: str = "Une belle semaine, racontée par moi.", at=AFTERNOON) -> AnyEvent:
    return fact("synthesis.edited", at, synthesis="2026-W10", member=member, text=text)


def with_editor(*more) -> Story:
    facts = [joined("dan", BEFORE), strong("dan", BEFORE + hours(1)), *more]
    return place(*a_week(*facts), passing(DRAFTED + minutes(1)))


def test_what_the_editor_wrote_is_what_goes_out_with_their_name():
    story = with_editor().when(edited("dan"), passing(PUBLISHED + minutes(1)))

    out = story.expect("synthesis.published").data

    assert out.editor == "dan"
    assert out.text.startswith("Une belle semaine, racontée par moi.")
    assert out.text.endswith("— Dan, avec Camille")
    assert "dan" in story.expect_message(template="synthesis_edited").mentions


def test_a_silent_editor_is_not_named():
    out = with_editor().when(passing(PUBLISHED + minutes(1))).expect("synthesis.published").data

    assert out.editor is None
    assert "Dan" not in out.text


def test_an_editor_who_says_not_this_time_is_followed_by_the_next_then_by_the_core_team():
    story = with_editor(joined("eve", BEFORE), strong("eve", BEFORE + hours(2)))
    first = story.expect("editor.asked").data.member
    request = story.expect_message(to=first).request

    story.when(fact("ask.declined", DRAFTED + minutes(9), request=request, member=first))
    second = story.expect("editor.asked", attempt=2).data.member
    assert {first, second} == {"dan", "eve"}

    request = story.expect_message(to=second).request
    story.when(fact("request.answered", DRAFTED + minutes(20), request=request, member=second, answer="not_this_time"))
    story.expect_message(template="synthesis_draft", to="core_team")


@pytest.mark.parametrize("going", [left("dan", DRAFTED + minutes(9)), paused("dan", DRAFTED + minutes(9))])
def test_an_editor_who_leaves_or_pauses_while_asked_is_let_go(going):
    story = with_editor().when(going)

    story.expect("message.cancelled", why="left" if going.type == "member.left" else "paused")
    story.expect_message(template="synthesis_draft", to="core_team")


def test_an_editor_who_is_forgotten_leaves_no_trace():
    facts = [joined("xenia", BEFORE), strong("xenia", BEFORE + hours(1))]
    story = place(*a_week(*facts), passing(DRAFTED + minutes(1)))

    story.when(edited("xenia"), erased("xenia", MONDAY + hours(3)), passing(PUBLISHED + minutes(1)))

    assert story.expect("synthesis.published").data.editor is None
    assert story.mentions_of("xenia") == []


def test_nobody_edits_twice_in_six_weeks():
    story = with_editor().when(passing(PUBLISHED + minutes(1)))
    for week in range(1, 7):
        at = MONDAY + timedelta(weeks=week)
        story.when(*talk(f"w{week}", "ana", 3, at=at - days(2)), thanked("cy", at - days(2)))
        story.when(passing(at + days(1)))

    asked = [event.time for event in story.all("editor.asked")]

    assert len(asked) == 2
    assert asked[1].date() - asked[0].date() >= timedelta(weeks=6)


def test_words_of_somebody_who_was_not_asked_are_ignored_those_of_the_core_team_are_not():
    story = with_editor().when(edited("stranger"), passing(PUBLISHED + minutes(1)))
    assert story.expect("synthesis.published").data.editor is None

    story = with_editor().when(edited("camille"), passing(PUBLISHED + minutes(1)))
    assert story.expect("synthesis.published").data.editor == "camille"


def test_an_edited_text_is_not_used_once_a_thread_of_it_may_not_be_read_any_more():
    story = with_editor(*talk("bad", "ana2", 9)).when(edited("dan", "Lisez donc « Sujet bad »."))

    story.when(deleted("bad", MONDAY + hours(3)), passing(PUBLISHED + minutes(1)))

    out = story.expect("synthesis.published").data
    assert (out.editor, "Sujet bad" in out.text) == (None, False)


def test_a_question_answered_meanwhile_goes_from_the_list_and_the_editors_words_stay():
    story = with_editor(asked_by("gil", "q2")).when(edited("dan"), replied("ben", "q1", MONDAY + hours(3)))

    out = story.when(passing(PUBLISHED + minutes(1))).expect("synthesis.published")

    assert [item.id for item in section(out, "questions")] == ["q2"]
    assert out.data.editor == "dan"


def test_somebody_named_in_it_who_is_forgotten_before_it_goes_out_is_not_in_it():
    story = place(*a_week(joined("neo", BEFORE), chose("neo", BEFORE, introduce=True)), passing(DRAFTED + minutes(1)))

    story.when(erased("neo", MONDAY), passing(PUBLISHED + minutes(1)))

    assert "Neo" not in story.expect("synthesis.published").data.text
    assert story.mentions_of("neo") == []


def test_somebody_named_in_it_who_is_forgotten_afterwards_is_taken_out_of_what_was_said():
    story = place(*a_week(joined("neo", BEFORE), chose("neo", BEFORE, introduce=True)), passing(PUBLISHED + minutes(1)))

    story.when(erased("neo", MONDAY + days(2)))

    story.expect("message.cancelled", mode="redact", rule="synthesis")


def test_overruling_the_draft_stops_it():
    story = with_editor()

    story.when(overruled(story.expect("synthesis.drafted"), MONDAY), passing(PUBLISHED + minutes(1)))

    story.expect_none("synthesis.published")
    assert story.row(Synthesis) is None


def test_in_a_crisis_it_asks_no_new_question():
    out = published(*a_week(fact("crisis.declared", MONDAY - days(1), crisis="c", by="camille")))

    assert section(out, "question_of_the_week") == []


def test_the_new_question_of_the_week_is_a_prompt_like_any_other():
    story = place(*a_week(), passing(PUBLISHED + minutes(1)))

    question = section(story.expect("synthesis.published"), "question_of_the_week")[0]

    prompt = story.expect("prompt.published").data
    assert (prompt.prompt, prompt.text) == (question.id, question.title)
    assert story.messages(template="prompt") == []


def test_a_question_of_the_week_that_was_answered_stands_in_one_synthesis_only():
    story = place(*a_week(), passing(PUBLISHED + minutes(1)))
    first = section(story.expect("synthesis.published"), "question_of_the_week")[0].id
    answer = replied("dan", "t1", MONDAY + days(1) + hours(3), channel="general")

    story.when(answer, *talk("t2", "ana", 3, at=MONDAY + days(2)), thanked("cy", MONDAY + days(3)))
    story.when(passing(PUBLISHED + days(7) + minutes(1)))

    assert section(story.expect("synthesis.published"), "question_of_the_week")[0].id != first


def test_questions_of_an_import_older_than_a_fortnight_are_dormant_younger_ones_are_not():
    old = asked_by("ana", "old", MONDAY - days(40)).model_copy(update={"backfill": True})
    young = asked_by("ana", "young", MONDAY - days(8)).model_copy(update={"backfill": True})

    out = published(old, young, *a_week(), opened=MONDAY - days(60))

    assert sorted(item.id for item in section(out, "questions")) == ["q1", "young"]


def test_newcomers_are_presented_with_what_they_know_about():
    facts = [joined("neo", BEFORE, skills=["vélo"]), chose("neo", BEFORE, introduce=True)]
    skills = {"skills": [{"skill": "velo", "label": {"fr": "le vélo", "en": "bicycles"}}]}

    assert "- Neo\u00a0: le vélo" in published(*a_week(*facts), playbook=skills).data.text


def test_a_muted_community_drafts_and_publishes_for_nobody():
    story = place(*a_week(), passing(PUBLISHED + minutes(1)), muted=True)

    assert story.expect("synthesis.published")
    assert story.expect_message(template="synthesis").muted is True
    story.when(unmuted(MONDAY + days(2)))


def test_history_is_drafted_for_nobody():
    week = [event.model_copy(update={"backfill": True}) for event in a_week()]

    place(*week, passing(PUBLISHED + minutes(1))).expect_none("synthesis.drafted")


def test_a_community_of_one_member_has_no_synthesis():
    place(*talk("t1", "ana", 1), passing(PUBLISHED + minutes(1))).expect_none("synthesis.drafted")
