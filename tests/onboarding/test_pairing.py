"""Relay pairing: one person to turn to, at the first sign of life; three asked, then the core team."""

from contracts.people import Person
from contracts.playbook import NEUTRAL
from facts import (
    FRIDAY,
    MONDAY,
    asked,
    chose,
    configured,
    days,
    decided,
    deleted,
    erased,
    fact,
    hours,
    joined,
    left,
    minutes,
    motivated,
    muted,
    overruled,
    paused,
    posted,
    reacted,
    said_no,
    said_yes,
    unmuted,
    updated,
)
from onboarding.rules.matching import score
from onboarding.state import Pairing, Relay, relays_of
from stories import given, passing

RELAYS = ["rea", "rod", "roy"]


def circle(*relays, **playbook):
    names = relays or RELAYS
    people = {"core_team": [{"member": "eve", "name": "Eve"}], "relays": list(names)}
    story = given(*[joined(name, MONDAY - days(30)) for name in names], playbook={"people": people, **playbook})
    return story.when(passing(MONDAY - days(1)))


def arrived(story, member="ana", at=MONDAY, **data):
    return story.when(joined(member, at, **data), passing(at + minutes(10)))


def person(**fields):
    return Person(member="x", first_seen_at=MONDAY, **fields)


def test_the_sum_of_skills_language_population_hours_less_open_pairings():
    week = (((1080, 1320),),) * 7
    newcomer = person(skills=("a", "b", "c", "d"), locale="fr", population="parents", hours=week)
    relay = person(skills=("d", "c", "b", "a"), languages=("fr-CA",), population="parents", hours=week)

    def points(relay, carried=0):
        return score(newcomer, relay, open_pairings=carried, playbook=NEUTRAL, day=MONDAY.date())

    assert points(relay) == 3 * 3 + 2 + 2 + 1
    assert points(relay, carried=2) == 14 - 4
    assert points(person()) == 0
    assert points(person(hours=(((0, 30),),) * 7)) == 0


def test_nobody_is_asked_before_a_sign_of_life():
    story = arrived(circle())

    story.expect_none("relay.asked")
    story.when(reacted("ana", "p", MONDAY + hours(1)), passing(MONDAY + days(2))).expect_none("relay.asked")


def test_a_first_post_a_motivation_or_an_action_done_is_a_sign_of_life():
    for sign in (
        posted("ana", MONDAY + hours(1)),
        motivated("ana", MONDAY + hours(1)),
        chose("ana", MONDAY + hours(1), introduce=True),
    ):
        arrived(circle()).when(sign).expect("relay.asked", newcomer="ana", attempt=1)


def test_the_relay_who_shares_most_is_asked_with_the_reason_and_two_taps():
    story = circle().when(updated("rod", MONDAY - hours(2), skills=["Couture"]))
    arrived(story, skills=["couture"]).when(asked("ana", MONDAY + hours(1)))

    ask = story.expect("relay.asked", member="rod", shared_skills=("couture",)).data
    message = story.expect_message(template="pairing_ask")

    assert ask.score == 3
    assert ask.expires_at == MONDAY + hours(49)
    assert (message.to.id, message.purse) == ("rod", "duty")
    assert "Tu partages couture avec cette personne" in message.text
    yes = message.actions[0]
    assert (yes.id, yes.fact.type, yes.fact.data["newcomer"], yes.fact.data["member"]) == (
        "yes",
        "pairing.accepted",
        "ana",
        "rod",
    )


def test_a_yes_pairs_for_a_month_and_the_newcomer_is_told_the_name():
    story = arrived(circle("rea")).when(posted("ana", MONDAY + hours(1)))
    at = MONDAY + hours(5)

    story.when(said_yes("rea", "ana", at)).expect("relay.paired", newcomer="ana", member="rea", until=at + days(30))

    news = story.expect_message(template="paired")
    assert (news.to.id, news.purse) == ("ana", "attention")
    assert "Rea sera ton relais" in news.text


def test_silence_for_48_hours_or_a_no_passes_to_the_next_and_after_three_to_the_core_team():
    story = arrived(circle()).when(posted("ana", MONDAY + hours(1)))
    first = story.expect("relay.asked").data.member
    story.when(passing(MONDAY + hours(49)))
    story.expect("relay.released", member=first, stage="asked", reason="silent")
    second = story.expect("relay.asked", attempt=2).data.member
    story.when(said_no(second, "ana", MONDAY + hours(60)))
    story.expect("relay.released", member=second, reason="declined")
    third = story.expect("relay.asked", attempt=3).data.member
    assert {first, second, third} == set(RELAYS)

    story.when(passing(MONDAY + hours(60 + 48)))

    story.expect("relay.paired", newcomer="ana", member=None, attempt=3)
    assert story.expect_message(template="pairing_team").to.id == "core_team"


def test_with_a_fourth_relay_the_core_team_still_comes_after_three():
    story = arrived(circle("ra", "rb", "rc", "rd")).when(posted("ana", MONDAY + hours(1)), passing(MONDAY + days(8)))

    assert len(story.all("relay.asked")) == 3
    story.expect("relay.paired", member=None)


def test_no_relays_known_is_the_core_team_at_once():
    story = arrived(given(playbook={})).when(posted("ana", MONDAY + hours(1)))

    story.expect("relay.paired", newcomer="ana", member=None)


def test_a_relay_looks_after_three_at_most_for_thirty_days():
    story = circle("rea")
    for n in range(4):
        at = MONDAY + hours(n)
        arrived(story, f"n{n}", at).when(posted(f"n{n}", at + minutes(20)))
        story.when(said_yes("rea", f"n{n}", at + minutes(30)))
    assert story.row(Pairing, "n3").state == "team"

    month = MONDAY + days(31)
    story.when(passing(month)).expect("relay.released", newcomer="n0", reason="done")

    arrived(story, "n4", month + hours(1)).when(posted("n4", month + hours(2))).expect("relay.asked", member="rea")


def test_among_equals_the_longest_unpaired_comes_first():
    story = circle("rea", "rod")
    arrived(story, "n0").when(posted("n0", MONDAY + hours(1)))
    first = story.expect("relay.asked").data.member
    story.when(said_yes(first, "n0", MONDAY + hours(2)), passing(MONDAY + days(40)))

    arrived(story, "n1", MONDAY + days(41)).when(posted("n1", MONDAY + days(41) + hours(1)))

    assert story.expect("relay.asked", newcomer="n1").data.member != first


def test_a_relay_who_leaves_is_replaced_at_once():
    story = arrived(circle("rea", "rod")).when(posted("ana", MONDAY + hours(1)))
    first = story.expect("relay.asked").data.member
    story.when(said_yes(first, "ana", MONDAY + hours(2)))

    story.when(left(first, MONDAY + days(2)))

    story.expect("relay.released", member=first, stage="paired", reason="left")
    story.expect("relay.asked", newcomer="ana", replaces=first)


def test_a_relay_who_leaves_while_asked_is_replaced_and_the_ask_called_back():
    story = arrived(circle("rea", "rod")).when(posted("ana", MONDAY + hours(1)))
    first = story.expect("relay.asked").data.member

    story.when(left(first, MONDAY + hours(2)))

    story.expect("relay.released", member=first, stage="asked", reason="left")
    story.expect("message.cancelled")
    story.expect("relay.asked", attempt=2)


def test_a_relay_who_rests_is_not_asked_and_retired_ones_are_replaced():
    story = circle("rea", "rod").when(
        decided("recognition", "relay.rested", MONDAY - hours(2), member="rea", asked_by="member")
    )
    arrived(story).when(posted("ana", MONDAY + hours(1))).expect("relay.asked", member="rod")
    story.when(said_yes("rod", "ana", MONDAY + hours(2)))
    story.when(
        decided("recognition", "relay.rested", MONDAY + hours(3), member="rea", asked_by="member", status="back")
    )

    story.when(
        decided("recognition", "relay.retired", MONDAY + days(1), member="rod", by="eve", reason="wish", served_days=9)
    )

    story.expect("relay.released", member="rod", reason="removed")
    story.expect("relay.asked", member="rea")


def test_recognition_appoints_relays():
    story = arrived(given(joined("zoe", MONDAY - days(3)), playbook={}))
    story.when(decided("recognition", "relay.appointed", MONDAY + minutes(30), member="zoe", by="eve"))

    story.when(posted("ana", MONDAY + hours(1))).expect("relay.asked", member="zoe")


def test_a_newcomer_who_leaves_or_rests_while_a_relay_is_asked_needs_none():
    for gone, reason in ((left, "newcomer_left"), (paused, "newcomer_paused")):
        story = arrived(circle("rea")).when(posted("ana", MONDAY + hours(1)))

        story.when(gone("ana", MONDAY + hours(2)))

        story.expect("relay.released", member="rea", reason=reason)
        story.expect("message.cancelled", to="rea")
        story.when(passing(MONDAY + days(5))).expect_none("relay.asked")


def test_after_the_rest_the_next_act_begins_again():
    story = arrived(circle("rea")).when(posted("ana", MONDAY + hours(1)))
    story.when(paused("ana", MONDAY + hours(2), until=FRIDAY), passing(FRIDAY + hours(1)))

    story.when(posted("ana", FRIDAY + hours(2))).expect("relay.asked", member="rea")


def test_a_yes_that_comes_late_counts_while_nobody_is_paired():
    story = arrived(circle("rea", "rod")).when(posted("ana", MONDAY + hours(1)))
    first = story.expect("relay.asked").data.member
    story.when(passing(MONDAY + hours(50)))

    story.when(said_yes(first, "ana", MONDAY + hours(51)))

    story.expect("relay.paired", member=first)
    story.expect("message.cancelled")


def test_a_yes_of_somebody_who_was_never_asked_pairs_nobody():
    story = arrived(circle("rea", "rod")).when(posted("ana", MONDAY + hours(1)))
    other = ({"rea", "rod"} - {story.expect("relay.asked").data.member}).pop()

    story.when(said_yes(other, "ana", MONDAY + hours(2)), said_yes("bob", "ana", MONDAY + hours(2)))

    story.expect_none("relay.paired")


def test_a_relay_who_is_the_newcomer_is_not_asked():
    story = circle("rea")
    arrived(story, "rea", MONDAY).when(motivated("rea", MONDAY + hours(1)))

    story.expect_none("relay.asked")


def test_a_relay_who_stopped_such_messages_is_not_asked():
    story = arrived(circle("rea")).when(chose("rea", MONDAY + minutes(20), stop=["pairing"]))

    story.when(posted("ana", MONDAY + hours(1))).expect("relay.paired", member=None)


def test_founding_relays_are_asked_and_are_relays_by_acceptance_for_six_months():
    people = {"core_team": [{"member": "eve", "name": "Eve"}], "founding_relays": ["fay", "fox"]}
    story = given(playbook={"people": people}, opened=MONDAY - days(2), muted=True)
    assert story.every_message() == []
    story.when(unmuted(MONDAY - days(1)))
    invitation = next(event for event in story.news if event.data.to.id == "fay")
    assert "parmi les premiers relais" in invitation.data.text

    story.when(fact("request.answered", MONDAY, member="fay", request=invitation.id, answer="yes"))
    assert story.row(Relay, "fay").until == MONDAY.replace(month=9)
    story.when(fact("nomination.declined", MONDAY, member="fox"))

    arrived(story).when(posted("ana", MONDAY + hours(1))).expect("relay.asked", member="fay")


def test_a_relay_whom_a_new_playbook_no_longer_names_is_replaced():
    story = arrived(circle("rea", "rod")).when(posted("ana", MONDAY + hours(1)))
    first = story.expect("relay.asked").data.member
    other = ({"rea", "rod"} - {first}).pop()

    story.when(configured(MONDAY + hours(2), "v2", people={"relays": [other]}))

    story.expect("relay.released", member=first, reason="removed")
    story.expect("relay.asked", member=other)


def test_a_human_takes_a_pairing_back():
    story = arrived(circle("rea", "rod")).when(posted("ana", MONDAY + hours(1)))
    ask = story.expect("relay.asked")

    story.when(overruled(ask, MONDAY + hours(2)))

    story.expect("relay.released", member=ask.data.member, reason="removed")
    story.expect("relay.asked", attempt=2)


def test_muted_the_rule_goes_on_and_nobody_hears_it():
    story = arrived(circle("rea")).when(muted(MONDAY + minutes(30)))

    story.when(posted("ana", MONDAY + hours(1))).expect("relay.asked")

    assert story.expect_message(template="pairing_ask").muted


def test_when_a_relay_is_erased_no_table_names_them_and_another_is_asked():
    story = arrived(circle("rea", "rod")).when(posted("ana", MONDAY + hours(1)))
    first = story.expect("relay.asked").data.member
    story.when(said_yes(first, "ana", MONDAY + hours(2)))

    story.when(erased(first, MONDAY + days(1)))

    story.expect("relay.asked", newcomer="ana", replaces=None)
    assert story.row(Relay, first) is None
    assert first not in relays_of(story.row(Pairing, "ana"))


def paired_in_the_night():
    """Ana's relay said yes at 23:00 in Paris: the news waits for the morning."""
    story = given(joined("ana", MONDAY + hours(10)), playbook={"people": {"relays": ["rea", "rod"]}})
    story.when(passing(MONDAY + hours(11)), posted("ana", MONDAY + hours(12), title="Bonsoir"))
    relay = story.expect("relay.asked").data.member
    story.when(said_yes(relay, "ana", MONDAY + hours(12))).expect_none("message.requested")
    return story, relay


def test_news_of_a_relay_who_leaves_before_it_went_out_never_goes_out():
    story, relay = paired_in_the_night()

    story.when(left(relay, MONDAY + hours(13), reason="deceased"))

    story.expect("message.withheld", template="paired", to="ana", why="left")
    story.when(passing(MONDAY + hours(30))).expect_none("message.requested", template="paired")


def test_a_leaving_that_comes_after_the_return_takes_nothing_back():
    story, _ = paired_in_the_night()

    story.when(joined("ana", MONDAY + hours(13)), left("ana", MONDAY + hours(12.5))).expect_none("message.withheld")

    story.when(passing(MONDAY + hours(30))).expect("message.requested", template="paired", to="ana")


def test_what_became_restricted_or_is_gone_is_not_quoted_to_the_next_relay():
    for after in (
        fact("channel.described", MONDAY + hours(3), channel="atelier-clos", visibility="restricted"),
        deleted("q", MONDAY + hours(3)),
    ):
        story = given(joined("ana", MONDAY), passing(MONDAY + hours(1)), playbook={"people": {"relays": ["rea"]}})
        story.when(asked("ana", MONDAY + hours(2), post="q", title="Un secret", channel="atelier-clos"))
        story.when(after, said_no("rea", "ana", MONDAY + hours(4)))

        told = story.expect_message(template="pairing_team")
        assert told.text.startswith("Ana fait ses premiers pas, et aucun relais")
