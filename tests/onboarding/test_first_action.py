"""First action: exactly one, by what is possible, motivation, skill, order; one reminder; thanks and a next step."""

import pytest

from facts import (
    MONDAY,
    asked,
    chose,
    days,
    decided,
    described,
    fact,
    hours,
    joined,
    minutes,
    motivated,
    overruled,
    posted,
    reacted,
    replied,
)
from onboarding.state import Newcomer
from stories import given, passing

TEAM = {"people": {"core_team": [{"member": "eve", "name": "Eve"}]}}
ALL = ("member.joined", "post.created", "preference.changed", "poll.voted", "beta.reported", "meetup.attended")


def welcomed(**data):
    story = given(described(MONDAY - days(1), *ALL), joined("ana", MONDAY, **data), playbook=TEAM)
    return story.when(passing(MONDAY + minutes(10)))


def test_exactly_one_is_proposed_in_catalogue_order_due_in_seven_days():
    proposed = welcomed().expect("action.proposed").data

    assert (proposed.action, proposed.chosen_by, proposed.step) == ("ask", "order", 1)
    assert proposed.due == MONDAY + minutes(10) + days(7)


def test_a_motivation_tells_it_from_the_others():
    assert welcomed(motivations=["act"]).expect("action.proposed").data.action == "vote"
    assert welcomed(motivations=["belong"]).expect("action.proposed").data.action == "introduce"


def test_what_the_platform_cannot_tell_is_not_proposed():
    story = given(described(MONDAY - days(1), "member.joined", "post.created"), joined("ana", motivations=["act"]))

    assert story.when(passing(MONDAY + minutes(10))).expect("action.proposed").data.action == "ask"


def test_a_skill_tells_between_actions_that_suit_the_motivation_alike():
    catalogue = [
        {
            "action": "one",
            "kind": "ask",
            "label": {"fr": "ta question", "en": "your question"},
            "motivations": ["learn"],
        },
        {
            "action": "two",
            "kind": "answer",
            "label": {"fr": "ta réponse", "en": "your answer"},
            "motivations": ["learn"],
            "skills": ["couture"],
        },
    ]
    playbook = {"onboarding": {"catalogue": catalogue}}
    plain = given(joined("ana", motivations=["learn"]), playbook=playbook).when(passing(MONDAY + minutes(10)))
    sewing = given(joined("ana", skills=["Couture"]), playbook=playbook).when(passing(MONDAY + minutes(10)))

    assert plain.expect("action.proposed").data.action == "one"
    assert (sewing.expect("action.proposed").data.action, sewing.found("action.proposed")[0].data.chosen_by) == (
        "two",
        "skill",
    )


def test_done_is_thanked_and_a_next_step_is_offered():
    story = welcomed()
    story.when(asked("ana", MONDAY + hours(1)))

    done = story.expect("action.completed", action="ask", late=False).data
    story.expect("action.proposed", step=2, action="answer")
    thanks = story.expect_message(template="action_done")

    assert done.done_by == done.because[0].evidence[1]
    assert thanks.purse == "reply"
    assert "Merci Ana, c'est fait : ta première question" in thanks.text.replace("\u00a0", " ")
    assert "une réponse à une question encore ouverte" in thanks.text


def test_each_kind_is_done_by_its_own_fact():
    for motivation, happening, kind in (
        ("share", replied("ana", "q1", MONDAY + hours(2)), "answer"),
        ("belong", chose("ana", MONDAY + hours(2), introduce=True), "introduce"),
        ("act", fact("poll.voted", MONDAY + hours(2), member="ana", poll="p1"), "vote"),
    ):
        story = welcomed(motivations=[motivation]).when(asked("bob", MONDAY + hours(1), post="q1"))
        story.when(happening).expect("action.completed", kind=kind)


def test_a_test_or_a_meetup_is_done_by_a_report_or_by_attending():
    def one(kind):
        catalogue = [{"action": "it", "kind": kind, "label": {"fr": "un essai", "en": "a trial"}}]
        story = given(
            described(MONDAY - days(1), *ALL), joined("ana"), playbook={"onboarding": {"catalogue": catalogue}}
        )
        return story.when(passing(MONDAY + minutes(10)))

    one("test").when(fact("beta.reported", MONDAY + hours(2), member="ana", programme="b")).expect("action.completed")
    one("attend").when(fact("meetup.attended", MONDAY + hours(2), member="ana", meetup="m")).expect("action.completed")


def test_a_me_too_answers_nothing():
    story = welcomed(motivations=["share"]).when(asked("bob", MONDAY + hours(1), post="q1"))

    story.when(replied("ana", "q1", MONDAY + hours(2), body="Moi aussi")).expect_none("action.completed")


def test_one_reminder_at_day_five_after_a_sign_of_life():
    story = welcomed().when(motivated("ana", MONDAY + hours(1), "learn"))

    story.when(passing(MONDAY + days(5) + minutes(9))).expect_none("message.requested")
    story.when(passing(MONDAY + days(6)))

    nudge = story.expect_message(template="nudge")
    assert (nudge.to.id, nudge.purse, nudge.kind) == ("ana", "attention", "nudge")
    assert "ta première question t'attend toujours, et Eve serait là pour t'aider" in nudge.text
    assert story.messages()[0].time == MONDAY + days(5) + minutes(10)


def test_no_reminder_without_a_sign_of_life_and_a_reaction_is_none():
    story = welcomed().when(reacted("ana", "p1", MONDAY + hours(1)), passing(MONDAY + days(9)))

    assert story.messages() == []
    story.expect("action.expired", nudged=False)


def test_not_done_after_seven_days_it_expires_and_may_still_be_done():
    story = welcomed().when(motivated("ana", MONDAY + hours(1)), passing(MONDAY + days(7) + minutes(10)))
    story.expect("action.expired", action="ask", nudged=True)

    story.when(asked("ana", MONDAY + days(9))).expect("action.completed", action="ask", late=True)


def test_later_said_under_the_reminder_or_the_welcome_means_never_again():
    story = welcomed().when(motivated("ana", MONDAY + hours(1)))
    request = story.all("message.requested", template="welcome")[0]
    tap = fact("request.answered", MONDAY + hours(2), member="ana", request=request.id, answer="later")

    story.when(tap, passing(MONDAY + days(9))).expect_none("message.requested")


def test_no_reminder_in_a_quiet_season():
    july = MONDAY.replace(month=7, day=12)
    story = given(joined("ana", july), passing(july + minutes(10)), motivated("ana", july + hours(1)), playbook=TEAM)

    story.when(passing(july + days(8))).expect_none("message.requested", template="nudge")
    story.expect("action.expired", nudged=False)


def test_a_crisis_kills_reminders_those_on_their_way_included():
    story = welcomed().when(motivated("ana", MONDAY + hours(1)), passing(MONDAY + days(5) + minutes(10)))
    nudge = story.all("message.requested", template="nudge")[0]

    story.when(
        decided(
            "support",
            "crisis.opened",
            MONDAY + days(5) + minutes(11),
            crisis="c1",
            subject={"kind": "tag", "id": "t"},
            complaints=9,
            people=5,
            scope="inside",
            next_update=MONDAY + days(6),
        )
    )

    assert story.expect("message.cancelled").data.request == nudge.id


def test_done_before_the_welcome_is_not_proposed():
    story = given(joined("ana"), asked("ana", MONDAY + minutes(2)), playbook=TEAM)

    assert story.when(passing(MONDAY + minutes(10))).expect("action.proposed").data.action == "answer"


def test_who_wants_no_thanks_gets_none():
    story = welcomed().when(chose("ana", MONDAY + hours(1), thanks="none"))

    story.when(asked("ana", MONDAY + hours(2))).expect("action.completed")
    assert story.messages(to="ana") == []


def test_an_empty_catalogue_proposes_nothing():
    story = given(joined("ana"), playbook={"onboarding": {"catalogue": []}}).when(passing(MONDAY + minutes(10)))

    story.expect("member.welcomed", action=None)
    story.expect_none("action.proposed")


def test_a_question_found_by_support_is_a_first_question():
    story = welcomed().when(posted("ana", MONDAY + hours(1), post="p1", body="Je cherche une colle qui tient"))
    story.expect_none("action.completed")

    story.when(
        decided(
            "support",
            "question.opened",
            MONDAY + hours(1),
            member="ana",
            post="p1",
            thread="p1",
            channel="general",
            asked_at="2026-03-02T11:00:00Z",
            told_by="score",
            target_minutes=60,
            warn_at="2026-03-02T11:45:00Z",
            due="2026-03-02T12:00:00Z",
        )
    )

    story.expect("action.completed", action="ask")


def test_a_human_takes_the_proposal_back():
    story = welcomed()
    proposed = story.found("action.proposed")[0]
    story.when(motivated("ana", MONDAY + hours(1)), overruled(proposed, MONDAY + hours(2)))

    story.when(passing(MONDAY + days(9))).expect_nothing()
    assert story.row(Newcomer, "ana").action.set_aside


@pytest.mark.parametrize("says", ["later", "obstacle"])
def test_a_reminder_that_waits_for_the_morning_is_called_back_by_a_later_in_the_night(says):
    night = MONDAY + hours(12)  # 23:00 in Paris
    story = given(joined("ana", night), passing(night + hours(1)), motivated("ana", night + hours(10)))
    (welcome,) = story.every_message(template="welcome")
    story.when(passing(night + days(5) + hours(1))).expect_none("message.requested")
    at = night + days(5) + hours(2)
    word = {
        "later": fact("request.answered", at, request=welcome.id, member="ana", answer="later"),
        "obstacle": fact("obstacle.declared", at, member="ana", obstacle="time"),
    }[says]

    story.when(word).expect("message.withheld", template="nudge", to="ana")

    story.when(passing(night + days(6))).expect_none("message.requested", template="nudge")
