"""The circle: nomination, invitation, two yeses, seats, founding relays, perks, rest and return, farewell."""

import pytest

from facts import (
    MONDAY,
    configured,
    days,
    decided,
    erased,
    fact,
    hours,
    left,
    minutes,
    muted,
    overruled,
    paused,
    posted,
    unmuted,
)
from recognised import people, pulse, regular, stratum, told
from recognition.state import Standing
from recognition.state_book import Book
from recognition.state_circle import Candidate, Grant, Relay

FANS = [f"fan{n}" for n in range(8)]
PERKS = [
    {"perk": "cle", "name": "la clé", "stock": 1},
    {"perk": "stage", "name": "un stage", "months": 1},
]
TEAM = {"manager": "eve", "core_team": [{"member": "eve", "name": "Ève"}]}
PLAYBOOK = {"people": TEAM, "recognition": {"perks": PERKS}}
READY = MONDAY + days(120)


def mainstay(*extra, playbook=PLAYBOOK, nominators=("zoe", "fan0"), **options):
    """Ana has been at stratum 3 for ninety days and is proposed by two people."""
    story = told(*people("ana", "zoe", *FANS), *regular("ana", MONDAY, 118), *extra, playbook=playbook, **options)
    return story.when(*[nominated(name, READY + minutes(n)) for n, name in enumerate(nominators)])


def nominated(by, at=READY, member="ana"):
    return fact("nomination.made", at, member=member, by=by, reason="toujours là")


def invited(**options):
    return mainstay(**options)


def tapped(story, rule, answer, at, by="eve"):
    asked = [one for one in story.every_message() if one.data.rule == rule][-1]
    return story.when(fact("request.answered", at, request=asked.data.request, member=by, answer=answer))


def appointed(**options):
    story = mainstay(**options)
    story.when(fact("nomination.accepted", READY + hours(1), member="ana"))
    return tapped(story, "relay_appoint", "yes", READY + hours(2))


def test_two_nominations_of_a_mainstay_of_ninety_days_are_an_invitation():
    story = mainstay()

    (invitation,) = story.all("relay.invited")
    assert invitation.data.nominated_by == ("zoe", "fan0")
    assert (invitation.data.seats, invitation.data.taken) == (5, 0)
    assert invitation.data.expires_at == invitation.time + days(14)
    assert len(invitation.data.because[0].evidence) == 2
    (message,) = [one.data for one in story.every_message(to="ana") if one.data.rule == "relay_invitation"]
    assert [(action.id, action.fact.type) for action in message.actions[:2]] == [
        ("yes", "nomination.accepted"),
        ("not_this_time", "nomination.declined"),
    ]
    assert "la clé" in message.text


def test_one_nomination_is_not_enough_and_the_managers_is():
    assert mainstay(nominators=("zoe",)).all("relay.invited") == []
    assert mainstay(nominators=("zoe", "zoe", "ana")).all("relay.invited") == []
    assert len(mainstay(nominators=("eve",)).all("relay.invited")) == 1


def test_a_nomination_before_the_ninety_days_is_an_invitation_once_they_are_over():
    story = told(*people("ana", "zoe", *FANS), *regular("ana", MONDAY, 60), playbook=PLAYBOOK)
    at = MONDAY + days(60)
    story.when(nominated("zoe", at), nominated("fan0", at)).expect_none("relay.invited")
    since = story.row(Standing, "ana").holding_since

    story.when(*regular("ana", at, 60, named="more"))

    (invitation,) = story.all("relay.invited")
    assert days(90) <= invitation.time - since < days(92)


def test_it_takes_the_members_yes_and_a_humans_yes():
    story = mainstay()
    story.when(fact("nomination.accepted", READY + hours(1), member="ana")).expect_none("relay.appointed")
    assert story.expect_message(template="relay_appoint", to="manager").actions[0].id == "yes"

    tapped(story, "relay_appoint", "yes", READY + hours(2))

    appointment = story.expect("relay.appointed", member="ana", by="eve", founding=False)
    assert len(appointment.data.because[0].evidence) == 3
    story.expect("stratum.raised", member="ana", stratum="relay", decided_by="human")
    assert stratum(story, "ana") == 4


def test_a_humans_no_ends_it():
    story = mainstay()
    story.when(fact("nomination.accepted", READY + hours(1), member="ana"))

    tapped(story, "relay_appoint", "not_this_time", READY + hours(2)).expect_none("relay.appointed")

    assert story.row(Candidate, "ana").state == "declined"


def test_the_members_no_is_not_asked_about_again_for_a_long_time():
    story = mainstay()
    story.when(fact("nomination.declined", READY + hours(1), member="ana"))
    story.when(nominated("fan1", READY + days(10)), nominated("fan2", READY + days(10))).expect_none("relay.invited")


def test_silence_for_fourteen_days_is_no():
    story = mainstay()

    story.when(*pulse(READY + days(1), 15), fact("nomination.accepted", READY + days(16), member="ana"))

    assert story.all("relay.appointed") == []


def test_seats_are_at_least_five_and_nobody_loses_a_place_when_they_shrink():
    others = [f"r{n}" for n in range(6)]
    story = told(*people(*others), playbook={**PLAYBOOK, "people": {**TEAM, "relays": others}})
    assert len(story.rows(Relay)) == 6

    story.when(*people("ana", "zoe", *FANS), *regular("ana", MONDAY, 118))
    story.when(nominated("zoe"), nominated("fan0"), *pulse(READY, 3)).expect_none("relay.invited")
    assert len(story.rows(Relay)) == 6


def test_a_seat_that_becomes_free_goes_to_who_waits():
    others = [f"r{n}" for n in range(5)]
    story = told(*people(*others), playbook={**PLAYBOOK, "people": {**TEAM, "relays": others}})
    story.when(*people("ana", "zoe", *FANS), *regular("ana", MONDAY, 118))
    story.when(nominated("zoe"), nominated("fan0"), *pulse(READY, 2)).expect_none("relay.invited")

    story.when(left("r0", READY + days(2)), *pulse(READY + days(2), 3))

    story.expect("relay.invited", member="ana", seats=5, taken=4)


def test_seats_grow_with_two_percent_of_the_months_actives_on_the_first():
    crowd = [f"m{n}" for n in range(310)]
    story = told(
        *people(*crowd), *[posted(name, MONDAY + minutes(n)) for n, name in enumerate(crowd)], playbook=PLAYBOOK
    )
    story.when(*people("ana", "zoe", *FANS), *regular("ana", MONDAY, 31), *pulse(MONDAY + days(31), 2))
    assert story.row(Book).seats == 6  # 2 % of 320


def test_perks_are_given_while_there_are_some_and_end_on_their_date():
    story = appointed()
    granted = {event.data.perk: event.data for event in story.all("perk.granted", member="ana")}
    assert granted["cle"].stock_left == 0
    assert granted["cle"].ends_at is None
    assert granted["stage"].stock_left is None
    assert (granted["stage"].ends_at - (READY + hours(2))).days == 30

    story.when(*pulse(READY + days(1), 34))
    (word,) = story.every_message(template="relay_appointed", to="ana")
    assert "la clé" in word.data.text
    ended = story.expect("perk.ended", member="ana", perk="stage", reason="date")
    assert ended.data.grant == granted["stage"].grant
    assert story.row(Grant, "stage", "ana").ended


def test_a_perk_that_is_free_again_goes_to_the_relay_who_has_waited_longest():
    people_ = {**TEAM, "relays": ["r1", "r2"]}
    story = told(*people("r1", "r2", "zoe"), playbook={**PLAYBOOK, "people": people_})
    (first,) = story.all("perk.granted", perk="cle")
    other = "r2" if first.data.member == "r1" else "r1"

    story.when(left(first.data.member, MONDAY), *pulse(MONDAY + days(1), 2))

    story.expect("perk.granted", perk="cle", member=other)
    assert story.all("perk.ended", perk="cle")[0].data.reason == "left"


def test_only_a_human_withdraws_a_perk():
    story = appointed()
    granted = story.all("perk.granted", perk="cle")[0]

    story.when(overruled(granted, READY + days(40)))

    assert story.expect("perk.ended", perk="cle", reason="withdrawn").data.by == "eve"
    story.when(*pulse(READY + days(41), 3)).expect_none("perk.granted")


FOUNDING = {"people": {**TEAM, "founding_relays": ["gil"]}, "launch": {"founding_relay_months": 6}}


def test_founding_relays_are_asked_on_the_second_morning_and_are_relays_by_their_yes():
    story = told(*people("gil", "zoe"), playbook=FOUNDING, opened=MONDAY - days(1))
    story.when(*pulse(MONDAY, 3))
    message = [one for one in story.every_message(to="gil") if one.data.rule == "founding_relay"]
    assert len(message) == 1

    at = MONDAY + days(3)
    story.when(fact("request.answered", at, request=message[0].data.request, member="gil", answer="yes"))

    appointment = story.expect("relay.appointed", member="gil", founding=True, by="eve")
    assert appointment.data.until.month == 9
    story.expect("stratum.raised", member="gil", stratum="relay", decided_by="human")


def test_when_onboarding_has_asked_one_invitation_is_enough_and_its_answer_counts():
    story = told(*people("gil", "zoe"), playbook=FOUNDING, opened=MONDAY - days(1))
    asked = decided(
        "onboarding",
        "message.requested",
        MONDAY - hours(20),
        request="r1",
        to={"kind": "member", "id": "gil"},
        purse="attention",
        rule="founding_relay",
        kind="founding_relay",
        template="founding_relay",
        locale="fr-tu",
        text="x",
        markdown="x",
        html="x",
        short="x",
        sender="Ève",
        expires_at=MONDAY + days(10),
    )
    story.when(asked, *pulse(MONDAY, 4))
    assert story.every_message(to="gil") == []

    story.when(fact("request.answered", MONDAY + days(4), request="r1", member="gil", answer="yes"))
    story.expect("relay.appointed", member="gil", founding=True)


def test_after_the_months_without_a_stratum_a_human_decides():
    story = told(*people("gil", "zoe"), playbook=FOUNDING, opened=MONDAY - days(1))
    story.when(fact("nomination.accepted", MONDAY, member="gil"), *pulse(MONDAY + days(1), 186))
    asked = [one.data for one in story.every_message() if one.data.rule == "relay_review"]
    assert [(one.to.id, one.actions[0].id) for one in asked] == [("manager", "keep")]
    assert story.row(Relay, "gil") is not None

    tapped(story, "relay_review", "farewell", MONDAY + days(187))
    assert story.expect("relay.retired", member="gil", reason="human").data.served_days == 187
    assert story.row(Relay, "gil") is None
    story.expect("stratum.lowered", member="gil", stratum="listening", decided_by="human")


def test_the_playbooks_relays_are_of_the_circle_and_leave_it_with_the_playbooks_word():
    story = told(*people("rea"), playbook={"people": {**TEAM, "relays": ["rea"]}})
    assert story.all("relay.appointed", member="rea")[0].data.founding is False
    assert stratum(story, "rea") in {0, 4}
    story.when(posted("rea", MONDAY))
    assert stratum(story, "rea") == 4
    story.when(*pulse(MONDAY, 40, "zoe")).expect_none("message.requested", template="rest_offer")

    story.when(configured(MONDAY + days(41), "v2", people=TEAM))
    story.expect("relay.retired", member="rea", reason="human")
    story.expect_message(to="rea", template="farewell")


def test_figures_alone_never_take_a_place_first_the_person_is_asked_about_a_rest():
    story = appointed()
    story.when(*pulse(READY + days(1), 250))
    fallen = [one for one in story.all("stratum.lowered") if one.data.member == "ana"]
    assert fallen == []
    asked = [one for one in story.every_message() if one.data.rule in {"relay_rest", "relay_review"}]
    assert [one.data.rule for one in asked][:2] == ["relay_rest", "relay_review"]
    assert asked[0].data.to.id == "ana"
    assert asked[1].data.to.id == "manager"
    assert asked[1].time - asked[0].time >= days(13)
    assert story.row(Relay, "ana") is not None


def test_yes_to_a_rest_keeps_the_place_and_a_word_suffices_to_come_back():
    story = appointed()
    story.when(*pulse(READY + days(1), 88))
    tapped(story, "relay_rest", "rest", READY + days(90), by="ana")
    rested = story.expect("relay.rested", member="ana", status="resting", asked_by="rules")
    assert story.row(Relay, "ana").resting
    (message,) = [one.data for one in story.every_message(to="ana") if one.data.template == "rested"]
    assert message.serves == rested.id

    tapped(story, "relay_rested", "back", READY + days(95), by="ana")
    story.expect("relay.rested", member="ana", status="back", asked_by="member")
    assert not story.row(Relay, "ana").resting


def test_a_relay_who_pauses_rests_until_the_pause_is_over():
    story = appointed()
    until = READY + days(10)
    story.when(paused("ana", READY + days(1), until=until))
    assert story.expect("relay.rested", member="ana", asked_by="member").data.until == until

    story.when(*pulse(READY + days(2), 10))
    story.expect("relay.rested", member="ana", status="back")


@pytest.mark.parametrize(
    ("goes", "reason", "farewell"),
    [
        (lambda _: left("ana", READY + days(1)), "left", 0),
        (lambda _: fact("nomination.declined", READY + days(1), member="ana"), "wish", 1),
        (lambda story: overruled(story.all("relay.appointed")[0], READY + days(1)), "human", 1),
    ],
    ids=["leaves", "wishes to", "by the manager's word"],
)
def test_farewell_ends_the_perks_and_is_said_with_thanks(goes, reason, farewell):
    story = appointed()

    story.when(goes(story))

    assert story.expect("relay.retired", member="ana", reason=reason).data.served_days == 0
    story.expect("perk.ended", times=2, member="ana")
    assert story.row(Relay, "ana") is None
    assert story.rows(Grant) == []
    story.when(*pulse(READY + days(2), 9))
    assert len(story.every_message(to="ana", template="farewell")) == farewell


def test_who_was_invited_while_nobody_could_hear_is_invited_when_they_can():
    story = mainstay(muted=True)
    assert [one.data.muted for one in story.every_message(to="ana") if one.data.rule == "relay_invitation"] == [True]

    story.when(unmuted(READY + days(1)))

    assert story.expect_message(to="ana", template="relay_invited").muted is False


def test_the_kill_switch_shuts_up_the_circle_too():
    story = mainstay(muted(READY - hours(1)))

    assert [one.data.muted for one in story.every_message(to="ana") if one.data.rule == "relay_invitation"] == [True]


def test_the_managers_lock_at_relay_is_a_nomination_and_not_a_yes():
    story = mainstay(nominators=())
    story.when(fact("stratum.locked", READY, member="ana", by="eve", value="relay"))

    story.expect("relay.invited", member="ana")
    story.expect_none("relay.appointed")
    assert stratum(story, "ana") == 3


def test_who_is_forgotten_leaves_no_trace_in_the_circle():
    story = appointed()
    story.when(nominated("ana", READY + days(1), member="zoe"), erased("ana", READY + days(2)))

    story.expect_none("relay.retired")
    assert story.rows(Relay) == []
    assert story.row(Candidate, "zoe").nominations == ()
