"""People's own choices, erasure, muting, order and the whole of a month, as they touch onboarding."""

import time

import pytest

from facts import (
    FRIDAY,
    MONDAY,
    asked,
    chose,
    days,
    decided,
    erased,
    fact,
    hours,
    joined,
    left,
    minutes,
    motivated,
    muted,
    paused,
    posted,
    reacted,
    replied,
    said_yes,
    updated,
)
from onboarding.rules import overruled, people
from onboarding.service import ONBOARDING
from onboarding.state import Newcomer, Said, Thread
from stories import MESSAGES, given, passing

PLAYBOOK = {"people": {"core_team": [{"member": "eve", "name": "Eve"}], "relays": ["relais-un", "relais-deux"]}}


def lived(member="personne-42"):
    """Somebody who did everything that leaves a trace."""
    story = given(joined("relais-un", MONDAY - days(9)), joined("relais-deux", MONDAY - days(9)), playbook=PLAYBOOK)
    story.when(
        joined(member, MONDAY, skills=["vélo"], display_name="Personne Quarante-Deux"), passing(MONDAY + hours(1))
    )
    story.when(
        asked(member, MONDAY + hours(2), post="q42", tags=["vélo"], title="Ma selle grince"),
        chose(member, MONDAY + hours(3), introduce=True),
        asked("relais-un", MONDAY + hours(3), post="q1", tags=["cuir"]),
        replied(member, "q1", MONDAY + hours(4), post="r42"),
        said_yes("relais-un", member, MONDAY + hours(5)),
        said_yes("relais-deux", member, MONDAY + hours(5)),
        fact("answer.accepted", MONDAY + hours(6), member="relais-un", post="r42", thread="q1", answer_author=member),
        fact("promise.made", MONDAY + hours(7), promise="p", by=member, what="un gâteau", due=MONDAY + days(60)),
    )
    return story.when(*[reacted(member, "q1", MONDAY + days(day)) for day in range(1, 12)], passing(MONDAY + days(12)))


def test_who_is_erased_is_in_no_table_and_no_deadline_afterwards():
    story = lived()
    assert story.mentions_of("personne-42")

    story.when(erased("personne-42", MONDAY + days(13)))

    assert story.mentions_of("personne-42") == []
    assert story.mentions_of("Quarante-Deux") == []
    assert story.mentions_of("Ma selle grince") == []


def test_nothing_is_said_of_somebody_who_is_erased():
    story = lived().when(erased("personne-42", MONDAY + days(13)))

    story.when(passing(MONDAY + days(120)))

    assert [event for event in story.news if "personne-42" in event.to_json().decode()] == []


def test_an_erased_sponsor_or_relay_leaves_no_trace_either():
    sponsor = {"member": "mecene-7", "name": "M.", "promises": [{"promise": "p", "what": "x", "due": "2026-04-01"}]}
    story = given(
        joined("mecene-7", MONDAY - days(3)),
        posted("mecene-7", MONDAY),
        playbook={"people": {"sponsors": [sponsor], "relays": ["relais-un"]}},
    )

    story.when(erased("mecene-7", MONDAY + days(1)), erased("relais-un", MONDAY + days(1)))

    left_over = [*story.mentions_of("mecene-7"), *story.mentions_of("relais-un")]
    assert [place for place in left_over if not place.startswith("InForce")] == []


def test_who_leaves_hears_nothing_more_and_nothing_is_asked_about_them():
    story = given(joined("ana", MONDAY), passing(MONDAY + minutes(10)), motivated("ana", MONDAY + hours(1)))
    story.when(left("ana", MONDAY + days(1)), passing(MONDAY + days(60)))

    assert story.messages() == []
    assert story.found("onboarding.stalled") == story.found("action.expired") == []


def test_deceased_nothing_is_ever_sent_again():
    story = given(joined("ana", MONDAY), passing(MONDAY + minutes(10)), posted("ana", MONDAY + hours(1)))
    story.when(left("ana", MONDAY + hours(2), reason="deceased"))

    story.when(passing(MONDAY + days(200)))

    assert [event for event in story.news if event.type in MESSAGES] == []


def test_a_leaving_that_is_told_after_the_return_changes_nothing():
    story = given(joined("ana", MONDAY), passing(MONDAY + minutes(10)))
    story.when(joined("ana", FRIDAY), left("ana", FRIDAY - days(1)))

    assert story.row(Newcomer, "ana").left_at is None


def test_a_pause_holds_what_is_on_its_way():
    late = MONDAY.replace(hour=20, minute=30)
    story = given(joined("ana", late - days(5) - minutes(10)), motivated("ana", late - days(4)), playbook=PLAYBOOK)
    story.when(passing(late))
    story.expect_none("message.withheld")

    story.when(paused("ana", late + minutes(5)), passing(late + days(20)))

    story.expect_none("message.requested", to="ana")


def test_profiling_off_no_habit_and_no_lapse_and_the_welcome_still_works():
    story = given(joined("ana", MONDAY), chose("ana", MONDAY + minutes(1), profiling=False), passing(MONDAY + hours(1)))
    story.expect("member.welcomed", member="ana")
    acts = [reacted("ana", "p", MONDAY + days(day)) for day in range(1, 20)]
    others = [reacted("zoe", "p", MONDAY + days(day) + hours(1)) for day in range(1, 90)]

    story.when(*sorted((*acts, *others), key=lambda event: event.time))

    story.expect_none("habit.installed", member="ana").expect_none("member.lapsed", member="ana")


def test_the_kill_switch_mutes_what_is_decided_from_then_on():
    story = given(joined("ana", MONDAY)).when(muted(MONDAY + minutes(5)), passing(MONDAY + minutes(10)))

    assert story.expect_message(template="welcome").muted


def test_muting_by_rule_mutes_that_rule_alone():
    story = given(joined("ana", MONDAY), passing(MONDAY + minutes(10)), muted(MONDAY + minutes(20), rules=["pairing"]))

    story.when(posted("ana", MONDAY + hours(1)), passing(MONDAY + hours(3)))

    assert story.expect_message(template="pairing_team").muted
    assert not story.messages(template="first_post")[0].data.muted


def test_a_backfilled_history_makes_state_and_not_one_message():
    history = [joined(f"m{n}", MONDAY - days(90) + hours(n), backfill=True, skills=["vélo"]) for n in range(8)]
    history += [posted(f"m{n}", MONDAY - days(80) + hours(n), backfill=True) for n in range(8)]
    story = given(*history, opened=MONDAY - days(100)).when(reacted("m0", "p", MONDAY), passing(MONDAY + days(60)))

    assert [event for event in story.decisions if event.type in MESSAGES] == []
    assert story.rows(Newcomer) == []


def test_a_community_with_one_member():
    story = given(joined("ana", MONDAY), passing(MONDAY + minutes(10)))
    story.when(*[posted("ana", MONDAY + days(day)) for day in range(1, 40)], passing(MONDAY + days(100)))

    assert story.all("member.welcomed", member="ana")
    assert all(event.data.member == "ana" for event in story.all("member.unheard"))


def test_a_platform_without_reactions_or_polls_loses_nothing():
    emits = ["member.joined", "post.created"]
    story = given(fact("platform.described", MONDAY - days(1), emits=emits), joined("ana"), joined("bob"))
    story.when(passing(MONDAY + minutes(10)), asked("ana", MONDAY + hours(1), post="q1"))

    story.when(replied("bob", "q1", MONDAY + hours(2))).expect("member.onboarded", member="ana")


def test_a_month_of_deadlines_passes_in_seconds_with_few_ticks():
    story = given(playbook=PLAYBOOK)
    for day in range(14):
        for n in range(7):
            name, at = f"m{day}-{n}", MONDAY + days(day) + hours(n)
            story.when(joined(name, at), posted(name, at + minutes(30)), posted("zoe", at + minutes(31)))
    began = time.perf_counter()

    story.when(passing(MONDAY + days(44)))

    assert time.perf_counter() - began < 10
    assert len(story.all("member.welcomed")) == 98
    assert story.heard("clock.ticked") < 1200


def test_rows_that_can_no_longer_matter_are_dropped():
    story = given(*[posted("ana", MONDAY + hours(n)) for n in range(30)])
    assert len(story.rows(Thread)) == 30

    story.when(posted("ana", MONDAY + days(40)), passing(MONDAY + days(41)))

    assert len(story.rows(Thread)) == 1
    assert all(said.day >= (MONDAY + days(9)).date() for said in story.rows(Said))


def test_a_reply_to_a_first_post_counts_however_late():
    story = given(joined("ana", MONDAY), passing(MONDAY + minutes(10)), posted("ana", MONDAY + hours(1), post="p1"))

    story.when(replied("bob", "p1", MONDAY + days(70)))

    assert story.row(Newcomer, "ana").replied_at == MONDAY + days(70)


def test_every_decision_says_why_and_under_which_playbook():
    story = lived().when(passing(MONDAY + days(60)))
    known = {event.id for event in story.decisions}

    for event in story.decisions:
        assert event.data.because, event.type
        assert event.data.playbook == "v1"
        assert event.source == "/services/onboarding"
        for reason in event.data.because:
            ids = reason.evidence if isinstance(reason.evidence, tuple) else (reason.evidence.first,)
            for one in ids:
                is_decision = one in known
                is_fact = "-" in one and "." in one
                assert is_decision or is_fact, (event.type, one)


def test_what_it_decides_is_what_it_says_that_it_emits():
    emitted = {model.TYPE for model in ONBOARDING.emits} | MESSAGES
    story = lived().when(passing(MONDAY + days(100)))

    assert {event.type for event in story.decisions} <= emitted
    assert {*overruled.OVERRULABLE} <= emitted


def test_every_deadline_of_a_member_goes_with_an_erasure():
    of_members = set(ONBOARDING.due) - {"welcome", "promise"}

    assert of_members == set(people.DEADLINES)


@pytest.mark.parametrize("service", ["recognition", "support"])
def test_decisions_about_people_who_are_not_known_here_break_nothing(service):
    happenings = {
        "recognition": decided(
            "recognition", "relay.retired", MONDAY, member="who", by="eve", reason="wish", served_days=1
        ),
        "support": decided("support", "question.cancelled", MONDAY, post="p", thread="p", reason="author"),
    }

    given(happenings[service]).expect_nothing()


def test_updates_of_people_who_are_not_known_break_nothing():
    given(
        updated("who", MONDAY, introduce=True),
        fact("post.updated", MONDAY, post="p", thread="p"),
        fact("post.deleted", MONDAY, post="p", thread="p"),
        fact("post.restored", MONDAY, post="p", thread="p"),
        fact("thread.resolved", MONDAY, thread="p"),
        fact("request.answered", MONDAY, member="who", request="r", answer="later"),
        fact("decision.overruled", MONDAY, decision="d", by="eve", why="no"),
        fact("obstacle.declared", MONDAY, member="who", obstacle="time"),
        fact("answer.withdrawn", MONDAY, post="p", thread="p", answer_author="who"),
    ).expect_nothing()


def test_two_ids_of_one_person_are_welcomed_once():
    link = fact("identity.linked", MONDAY + minutes(5), member="ana", other="ana2", proof="email")
    together = given(joined("ana", MONDAY), joined("ana2", MONDAY + minutes(1)), link)
    together.when(passing(MONDAY + minutes(20))).expect("member.welcomed", member="ana")

    later = given(joined("ana", MONDAY), passing(MONDAY + minutes(20)), joined("ana2", MONDAY + minutes(21)))
    link = fact("identity.linked", MONDAY + minutes(22), member="ana2", other="ana", proof="email")
    later.when(link, passing(MONDAY + hours(2))).expect_none("member.welcomed")


def test_who_is_erased_is_not_named_as_host_or_receiver_of_a_promise_or_helper_either():
    story = given(joined("personne-42", MONDAY), playbook={"people": {"relays": ["personne-42"]}})
    story.when(
        joined("ana", MONDAY + hours(13), invited_by="personne-42"),
        fact("promise.made", MONDAY + hours(13), promise="p", by="ana", to="personne-42", what="x", due=FRIDAY),
        passing(MONDAY + hours(13.5)),
        motivated("ana", MONDAY + hours(13.6)),
        said_yes("personne-42", "ana", MONDAY + hours(14)),
        passing(MONDAY + days(5) + hours(14)),
    )
    assert "Request ('atelier', 'member', 'ana', 'nudge', 'ana')" in story.mentions_of("Personne-42")

    story.when(erased("personne-42", MONDAY + days(5) + hours(15)))

    # The playbook is the manager's own.
    assert story.mentions_of("personne-42") == ["InForce ('atelier',)"]
    assert story.mentions_of("Personne-42") == []
    story.when(passing(MONDAY + days(7))).expect_none("message.requested", template="nudge")


def test_an_edit_that_comes_after_the_erasure_brings_nothing_back():
    story = given(joined("ana", MONDAY), asked("ana", MONDAY + hours(1), post="q"), erased("ana", MONDAY + hours(2)))

    story.when(fact("post.updated", MONDAY + hours(1.5), post="q", thread="q", title="Ma vie"))

    assert story.mentions_of("Ma vie") == []


def test_a_name_stays_on_one_line():
    name = "Ana\n\nAnnonce officielle : fermeture"
    story = given(joined("ana", MONDAY, display_name=name), passing(MONDAY + hours(1)))

    welcome = story.expect_message(template="welcome") if story.messages() else story.every_message()[0].data
    assert "Ana Annonce officielle" in welcome.text
