"""The morning note: one message every business day, a dozen lines at most, three things that wait, taps that work."""

import pytest

from contracts.envelope import AnyEvent
from digest.state_told import Brief, Note
from editorial import DIGEST
from facts import MONDAY, days, decided, erased, fact, hours, joined, left, minutes, overruled, posted, replied, unmuted
from stories import Passing, Story, given, passing

TEAM = {"people": {"manager": "camille", "core_team": [{"member": "camille", "name": "Camille"}]}}
PLACES = {"places": {"general": {"channel": "general", "name": "Général"}}}
MORNING = MONDAY - hours(2) - minutes(15)
"""Monday 08:45 in Paris."""
TUESDAY_MORNING = MORNING + days(1)
SUNDAY, EARLY, NIGHT = MONDAY - days(1), MONDAY - hours(4), MONDAY - hours(5)


def place(*happenings: AnyEvent | Passing, playbook=None, **more) -> Story:
    return given(*happenings, service=DIGEST, playbook=TEAM | PLACES | (playbook or {}), **more)


def a_week() -> list[AnyEvent]:
    """Enough for a synthesis on Tuesday."""
    at = MONDAY - days(4) - hours(5)
    return [
        posted("ana", at, post="t1", title="Sujet t1"),
        replied("bea", "t1", at + minutes(1)),
        posted("bea", at, post="q1", kind="question", title="Une selle usée ?"),
        fact("kudos.given", at + minutes(3), member="ana", receivers=["bea"], reason="merci"),
    ]


def suspicion(name: str, at=SUNDAY, members=("ana", "bea")) -> AnyEvent:
    return decided(
        "recognition", "gaming.suspected", at, suspicion=name, members=list(members), pattern="pair", events=10
    )


def proposed(at=EARLY, name="c1") -> AnyEvent:
    subject = {"kind": "tag", "id": "livraison"}
    return decided(
        "support",
        "crisis.proposed",
        at,
        crisis=name,
        subject=subject,
        complaints=6,
        people=4,
        complaints_needed=5,
        people_needed=3,
        opens_at=at + minutes(15),
    )


def care(thread: str = "t-care", at=NIGHT) -> AnyEvent:
    return decided(
        "support", "care.needed", at, member="ana", post=thread, thread=thread, channel="general", nature="distress"
    )


def invited(member: str, at=SUNDAY) -> AnyEvent:
    return decided(
        "recognition",
        "relay.invited",
        at,
        member=member,
        seats=5,
        taken=2,
        expires_at=MONDAY + days(10),
        nominated_by=[],
    )


def note_of(story: Story, at=MORNING):
    """The note of that morning."""
    return [event for event in story.when(passing(at)).found("brief.sent") if event.time == at][-1].data


def message_of(story: Story):
    """The newest note, as it was asked to be said."""
    return story.every_message(template="brief")[-1].data


def lines(brief) -> list[str]:
    good = (brief.good_news,) if brief.good_news is not None else ()
    return [line.text for line in (*brief.waiting, *brief.going_out, *brief.held_back, *good)]


def test_it_is_one_message_to_the_manager_every_business_day_at_a_quarter_to_nine():
    story = place(passing(MONDAY + days(7)), playbook={"seasons": {"holidays": ["2026-03-04"]}})

    days_ = [event.data.day.isoformat() for event in story.all("brief.sent") if event.time >= MORNING]

    assert days_ == ["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06", "2026-03-09"]
    assert {event.data.to.id for event in story.every_message(template="brief")} == {"manager"}
    assert story.all("brief.sent")[-1].time == MORNING + days(7)


def test_without_a_manager_it_goes_to_the_core_team():
    story = given(passing(MORNING), service=DIGEST)

    assert story.every_message(template="brief")[-1].data.to.id == "core_team"


def test_on_a_calm_day_it_says_so():
    story = place(passing(MORNING))

    assert "Rien n'attend" in message_of(story).text


def test_three_things_wait_at_most_the_gravest_first_and_nobody_is_named_who_need_not_be():
    waiting = [suspicion("s1"), invited("dan"), proposed(), care(), *[suspicion(f"s{n}") for n in range(2, 6)]]
    story = place(joined("dan", MONDAY - days(3)), *sorted(waiting, key=lambda event: event.time))

    brief = note_of(story)

    assert [line.kind for line in brief.waiting] == ["care", "crisis", "gaming"]
    assert not any("ana" in text or "bea" in text for text in lines(brief))
    assert [action.id for action in message_of(story).actions] == ["seen_1", "seen_2", "seen_3"]


def test_it_has_twelve_lines_at_most():
    crowd = [suspicion(f"s{n}") for n in range(9)]
    held = [
        decided(
            "onboarding",
            "message.withheld",
            MONDAY - hours(5) + minutes(n),
            to={"kind": "member", "id": "x"},
            purse="attention",
            rule="nudge",
            kind="nudge",
            template="nudge",
            why=why,
        )
        for n, why in enumerate(("expired", "stopped", "paused", "left", "recalled", "done"))
    ]
    story = place(*crowd, *held)

    note_of(story)

    assert len(message_of(story).text.splitlines()) <= 12
    assert story.found("brief.sent")[-1].data.held_back


def test_what_was_seen_to_does_not_come_back():
    story = place(suspicion("s1"), proposed(at=MONDAY - days(1)), passing(MORNING))
    request = story.every_message(template="brief")[-1].data.request

    story.when(fact("request.answered", MONDAY, request=request, member="camille", answer="seen_1"))

    assert [line.kind for line in note_of(story, TUESDAY_MORNING).waiting] == ["gaming"]


def test_what_was_settled_elsewhere_does_not_wait_any_more():
    story = place(proposed(), invited("dan"))
    story.when(fact("crisis.dismissed", MONDAY - hours(3), crisis="c1", by="camille"))
    story.when(decided("recognition", "relay.appointed", MONDAY - hours(3), member="dan", by="camille", founding=False))

    assert note_of(story).waiting == ()


def test_a_decision_that_was_overruled_waits_for_nobody():
    suspected = suspicion("s1")

    story = place(suspected, overruled(suspected, MONDAY - hours(5)))

    assert note_of(story).waiting == ()


def test_a_question_that_reached_the_core_team_is_named_while_it_may_be_quoted():
    clocks = {"office_minutes": 480, "wall_minutes": 480, "target_minutes": 60, "member": "ana", "post": "q1"}
    stage = decided("support", "question.unanswered", MONDAY - days(1), thread="q1", stage=3, **clocks)
    asked = posted("ana", MONDAY - days(2), post="q1", kind="question", title="Une selle usée ?")

    assert "Une selle usée" in note_of(place(asked, stage)).waiting[0].text

    marked = fact(
        "question.marked", MONDAY - hours(9), thread="q1", by="camille", value="complaint", source="/operator"
    )
    assert "Une selle usée" not in note_of(place(asked, stage, marked)).waiting[0].text
    assert note_of(place(asked, stage, replied("bea", "q1", MONDAY - days(1) + minutes(1)))).waiting != ()
    answered = decided(
        "support",
        "question.answered",
        MONDAY - days(1) + minutes(2),
        thread="q1",
        reply="r",
        responder="member",
        within_target=False,
        **{**clocks, "member": "bea"},
    )
    assert note_of(place(asked, stage, answered)).waiting == ()


def test_what_goes_out_today_is_said_with_its_stop():
    story = place(*a_week(), passing(TUESDAY_MORNING))

    brief = next(event for event in story.all("brief.sent") if event.time == TUESDAY_MORNING).data
    assert [line.kind for line in brief.going_out] == ["synthesis"]
    message = story.every_message(template="brief")[-1].data
    assert "stop_synthesis" in [action.id for action in message.actions]
    assert "10\u00a0h" in brief.going_out[0].text

    story.when(
        fact(
            "request.answered",
            TUESDAY_MORNING + minutes(9),
            request=message.request,
            member="c",
            answer="stop_synthesis",
        )
    )
    story.when(passing(MONDAY + days(2))).expect_none("synthesis.published")


def test_what_was_held_back_is_counted_with_its_reason_and_said_once():
    withheld = [
        decided(
            "onboarding",
            "message.withheld",
            MONDAY - days(1) + minutes(n),
            to={"kind": "member", "id": f"m{n}"},
            purse="attention",
            rule="nudge",
            kind="nudge",
            template="nudge",
            why="expired",
        )
        for n in range(3)
    ]
    story = place(*withheld)

    held = note_of(story).held_back

    assert [line.text for line in held] == ["3 messages retenus\u00a0: ces personnes ont déjà reçu assez de messages."]
    assert "withheld" not in [line.kind for line in note_of(story, TUESDAY_MORNING).held_back]


def test_a_muted_community_is_told_that_nothing_goes_out():
    story = place(muted=True)

    assert [line.kind for line in note_of(story).held_back] == ["muted"]
    story.when(unmuted(MONDAY))
    assert "muted" not in [line.kind for line in note_of(story, TUESDAY_MORNING).held_back]


def test_one_good_news_a_milestone_before_figures_and_only_once():
    milestone = decided(
        "recognition",
        "milestone.reached",
        MONDAY - days(1),
        member="dan",
        milestone="accepted_answers",
        count=50,
        audience="public",
    )
    story = place(joined("dan", MONDAY - days(3)), posted("ana", MONDAY - days(1)), milestone)

    assert note_of(story).good_news.text == "Dan en est à 50 réponses adoptées."
    assert note_of(story, TUESDAY_MORNING).good_news is None


def test_a_private_milestone_is_nobodys_news():
    milestone = decided(
        "recognition",
        "milestone.reached",
        MONDAY - days(1),
        member="dan",
        milestone="accepted_answers",
        count=1,
        audience="private",
    )

    assert note_of(place(joined("dan", MONDAY - days(3)), milestone)).good_news is None


def test_questions_that_found_an_answer_are_good_news():
    story = place(
        posted("ana", MONDAY - days(2), post="q", kind="question", title="Une selle usée ?"),
        replied("bea", "q", MONDAY - days(1)),
    )

    assert note_of(story).good_news.text == "1 question a trouvé réponse."


@pytest.mark.parametrize("gone", [left("dan", MONDAY - hours(9)), erased("dan", MONDAY - hours(9))])
def test_somebody_who_left_or_is_forgotten_is_not_named(gone):
    story = place(joined("dan", MONDAY - days(3)), invited("dan"), gone)

    assert all("Dan" not in text for text in lines(note_of(story)))


def test_the_note_names_only_who_can_be_taken_out_of_it_again():
    story = place(joined("dan", MONDAY - days(3)), invited("dan"))
    note_of(story)
    assert message_of(story).mentions == ("dan",)

    story.when(erased("dan", MONDAY))

    story.expect("message.cancelled", mode="redact", rule="brief")


def test_habits_are_counted_not_named():
    habits = [
        decided("onboarding", "habit.installed", MONDAY - days(1), member=name, first_act_at=MONDAY, weeks_active=3)
        for name in ("dan", "eve")
    ]

    assert note_of(place(*habits)).good_news.text == "2 personnes ont pris l'habitude de passer ici."


def test_notes_are_forgotten_when_they_have_no_more_point():
    story = place(proposed(), suspicion("s1"), passing(MONDAY + days(40)))

    assert story.rows(Note) == []
    assert len(story.rows(Brief)) == 1


def test_nothing_is_noted_from_history():
    story = place(suspicion("s1").model_copy(update={"backfill": True}))

    assert story.rows(Note) == []
