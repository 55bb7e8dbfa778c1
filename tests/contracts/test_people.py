from datetime import timedelta

import pytest

from contracts.people import (
    Person,
    acting_member,
    concerned_member,
    is_bot,
    is_paused,
    is_staff,
    may_be_asked,
    may_be_named,
    may_be_thanked_in_public,
    may_be_written_to,
    person_after,
    stopped,
)
from contracts.playbook import load
from facts_said import moment, posted, said

NOW = moment("2026-06-01 10:00")


def after(*events, person: Person | None = None) -> Person | None:
    for event in events:
        person = person_after(person, event, NOW)
    return person


def joined(at: str, **data):
    return said("member.joined", at, member="ana", **data)


def left(at: str, **data):
    return said("member.left", at, member="ana", **data)


def requested(at: str, purse: str = "attention", to: str = "ana", *, muted: bool = False, kind: str = "member"):
    return said(
        "message.requested",
        at,
        source="/services/support",
        because=[{"rule": "x"}],
        playbook="1",
        request="r",
        to={"kind": kind, "id": to},
        purse=purse,
        rule="ask",
        kind="ask",
        template="ask",
        locale="fr",
        text="a",
        markdown="a",
        html="a",
        short="a",
        sender="Nadia",
        expires_at=NOW,
        muted=muted,
    )


def test_a_join_tells_who_somebody_is():
    ana = after(joined("2026-03-02 10:00", display_name="Ana", skills=["couture"], timezone="Europe/Paris"))

    assert ana is not None
    assert (ana.display_name, ana.skills, ana.joined_at) == ("Ana", ("couture",), moment("2026-03-02 10:00"))
    assert (ana.first_seen_at, ana.from_history, ana.thanks, ana.profiling) == (ana.joined_at, False, "public", True)


def test_what_is_no_field_of_a_join_is_kept_and_tells_nothing():
    person = after(said("member.joined", "2026-03-02 10:00", member="ana", hours={"monday": ["x"]}, introduce="no"))

    assert (person.hours, person.introduce) == (None, None)


def test_somebody_who_acts_before_their_join_arrives_is_known_without_one():
    ana = after(posted("2026-03-02 10:05"))

    assert ana is not None
    assert (ana.joined_at, ana.first_seen_at) == (None, moment("2026-03-02 10:05"))
    ana = after(joined("2026-03-02 10:00"), person=ana)
    assert (ana.joined_at, ana.first_seen_at) == (moment("2026-03-02 10:00"), moment("2026-03-02 10:00"))


def test_a_usual_post_changes_nothing_at_all():
    ana = after(joined("2026-03-02 10:00"))

    assert after(posted("2026-03-02 11:00"), person=ana) is ana


def test_a_time_ahead_of_the_communitys_now_counts_as_now():
    ana = person_after(None, posted("2026-06-01 10:04"), NOW)

    assert ana.first_seen_at == NOW


def test_a_rejoin_keeps_the_last_leaving():
    ana = after(joined("2026-03-02 10:00"), left("2026-03-10 10:00"), joined("2026-03-20 10:00"))

    assert (ana.left_at, ana.away_since, ana.joined_at) == (
        None,
        moment("2026-03-10 10:00"),
        moment("2026-03-20 10:00"),
    )


def test_a_join_that_arrives_after_the_leaving_that_followed_it_brings_nobody_back():
    ana = after(left("2026-03-10 10:00"), joined("2026-03-02 10:00"))

    assert (ana.left_at, ana.joined_at) == (moment("2026-03-10 10:00"), moment("2026-03-02 10:00"))
    assert not may_be_written_to(ana)


def test_a_leaving_that_arrives_after_the_return_that_ended_it_drives_nobody_out():
    ana = after(joined("2026-03-02 10:00"), joined("2026-03-20 10:00"), left("2026-03-10 10:00"))

    assert (ana.left_at, ana.away_since) == (None, moment("2026-03-10 10:00"))


def test_a_new_act_brings_somebody_back_who_had_left():
    ana = after(joined("2026-01-02 10:00"), left("2026-01-10 10:00"), posted("2026-05-20 10:00"))

    assert (ana.left_at, ana.away_since) == (None, moment("2026-01-10 10:00"))


def test_a_late_post_from_before_the_leaving_does_not():
    ana = after(joined("2026-01-02 10:00"), left("2026-01-10 10:00"), posted("2026-01-09 10:00"))

    assert ana.left_at == moment("2026-01-10 10:00")


def test_death_is_final():
    ana = after(joined("2026-01-02 10:00"), left("2026-01-10 10:00", reason="deceased"))
    later = after(joined("2026-03-02 10:00"), posted("2026-03-03 10:00"), left("2026-03-04 10:00"), person=ana)

    assert (later.left_reason, later.left_at) == ("deceased", moment("2026-01-10 10:00"))
    assert not may_be_written_to(later)
    assert not may_be_named(later)
    assert not may_be_asked(later, NOW)


def test_a_death_that_arrives_after_a_later_leaving_still_holds():
    ana = after(joined("2026-01-02 10:00"), left("2026-02-10 10:00"), left("2026-01-10 10:00", reason="deceased"))

    assert ana.left_reason == "deceased"


def test_an_erased_person_is_nobody():
    assert after(joined("2026-03-02 10:00"), said("member.erased", "2026-03-03 10:00", member="ana")) is None


def test_people_known_from_an_import_are_of_the_history():
    assert after(joined("2020-03-02 10:00", backfill=True)).from_history
    assert after(posted("2020-03-02 10:00", backfill=True), joined("2026-03-02 10:00")).from_history
    assert after(posted("2026-03-02 10:00"), joined("2020-03-02 10:00", backfill=True)).from_history
    assert not after(joined("2026-03-02 10:00"), posted("2020-03-02 10:00", backfill=True)).from_history


def test_a_concluded_join_gives_way_to_one_that_the_platform_tells():
    ana = after(joined("2026-03-05 10:00", inferred=True), joined("2026-03-02 10:00"))

    assert (ana.joined_at, ana.inferred) == (moment("2026-03-02 10:00"), False)
    assert after(joined("2026-03-09 10:00", inferred=True), person=ana).joined_at == moment("2026-03-02 10:00")


def test_of_two_words_on_one_thing_the_later_holds_whichever_came_first():
    newer = said("member.updated", "2026-03-10 10:00", member="ana", display_name="Ana B.")
    older = said("member.updated", "2026-03-09 10:00", member="ana", display_name="Ana", population="pilotes")

    ana = after(joined("2026-03-02 10:00"), newer, older)

    assert (ana.display_name, ana.population) == ("Ana B.", "pilotes")


def test_a_choice_to_be_left_out_is_not_undone_by_an_older_yes_that_comes_late():
    ana = after(
        joined("2026-03-02 10:00"),
        said("preference.changed", "2026-03-10 10:00", member="ana", thanks="none", profiling=False),
        said("preference.changed", "2026-03-09 10:00", member="ana", thanks="public", digest=True),
    )

    assert (ana.thanks, ana.profiling, ana.digest) == ("none", False, True)
    assert not may_be_thanked_in_public(ana)
    assert may_be_named(ana)


def test_each_tap_on_stop_adds_a_kind_and_an_empty_list_takes_all_back():
    ana = after(
        said("preference.changed", "2026-03-09 10:00", member="ana", stop=["nudge"]),
        said("preference.changed", "2026-03-10 10:00", member="ana", stop=["lapse"]),
    )
    assert ana.stop == ("lapse", "nudge")
    assert stopped(ana, "nudge")
    assert not stopped(ana, "welcome")

    ana = after(said("preference.changed", "2026-03-11 10:00", member="ana", stop=[]), person=ana)
    assert ana.stop == ()
    assert after(said("preference.changed", "2026-03-10 12:00", member="ana", stop=["lapse"]), person=ana) is ana


def test_all_stops_every_kind():
    assert stopped(after(said("preference.changed", "2026-03-09 10:00", member="ana", stop=["all"])), "welcome")


def test_declared_hours_are_kept_as_minutes_of_the_week():
    ana = after(said("preference.changed", "2026-03-09 10:00", member="ana", hours={"monday": ["18:00-20:00"]}))

    assert ana.hours == (((1080, 1200),),) + ((),) * 6


def test_somebody_who_asked_for_rest_is_asked_nothing_until_it_is_over():
    until = "2026-06-10T10:00:00Z"
    ana = after(joined("2026-03-02 10:00"), said("member.paused", "2026-05-30 10:00", member="ana", until=until))

    assert is_paused(ana, NOW)
    assert not may_be_asked(ana, NOW)
    assert may_be_written_to(ana)
    assert may_be_asked(ana, NOW + timedelta(days=9))


def test_a_rest_without_end_ends_with_the_next_word_about_it():
    ana = after(said("member.paused", "2026-03-09 10:00", member="ana"))
    assert is_paused(ana, NOW)

    ana = after(said("member.paused", "2026-03-10 10:00", member="ana", until="2026-03-10T10:00:00Z"), person=ana)
    assert not is_paused(ana, NOW)


def test_motivations_add_up():
    ana = after(
        said("motivation.declared", "2026-03-09 10:00", member="ana", motivation="share"),
        said("motivation.declared", "2026-03-10 10:00", member="ana", motivation="learn"),
    )

    assert ana.motivations == ("learn", "share")


def test_a_post_by_a_bot_makes_a_bot_of_its_author_for_good():
    bot = after(posted("2026-03-02 10:00", bot=True), posted("2026-03-02 11:00"))

    assert is_bot(bot)
    assert not may_be_written_to(bot)


def test_staff_is_who_the_playbook_or_the_platform_says():
    playbook = load(
        {
            "people": {
                "manager": "max",
                "core_team": [{"member": "nadia", "name": "Nadia"}],
                "sponsors": [{"member": "paul", "name": "Paul"}],
                "relays": ["rémi"],
            }
        }
    )

    assert [is_staff(None, who, playbook) for who in ("max", "nadia", "paul", "rémi", "ana")] == [
        *(True, True, True),
        *(False, False),
    ]
    assert is_staff(after(joined("2026-03-02 10:00", staff=True)), "ana", playbook)


def test_a_request_of_any_service_spends_the_purse():
    ana = after(joined("2026-03-02 10:00"), requested("2026-03-03 10:00"), requested("2026-03-04 10:00", "duty"))

    assert (ana.attention, ana.duty) == ((moment("2026-03-03 10:00"),), (moment("2026-03-04 10:00"),))


def test_a_muted_request_a_reply_and_a_post_in_a_channel_spend_nothing():
    ana = after(joined("2026-03-02 10:00"))

    assert after(requested("2026-03-03 10:00", muted=True), person=ana) is ana
    assert after(requested("2026-03-03 10:00", "reply"), person=ana) is ana
    assert concerned_member(requested("2026-03-03 10:00", "none", "help", kind="channel")) is None


def test_a_request_that_was_on_its_way_does_not_write_an_erased_person_down_again():
    erased = said("member.erased", "2026-03-03 10:00", member="ana")

    assert after(joined("2026-03-02 10:00"), erased, requested("2026-03-03 10:01")) is None


def test_somebody_never_seen_can_be_written_to():
    assert may_be_written_to(None)
    assert may_be_asked(None, NOW)
    assert not stopped(None, "welcome")


@pytest.mark.parametrize(
    ("event", "acting", "concerned"),
    [
        (posted("2026-03-02 10:00"), "ana", "ana"),
        (left("2026-03-02 10:00"), None, "ana"),
        (said("member.sanctioned", "2026-03-02 10:00", member="ana", kind="warning"), None, "ana"),
        (said("nomination.made", "2026-03-02 10:00", member="ana", by="ben"), "ben", "ben"),
        (said("reaction.added", "2026-03-02 10:00", post="p", reaction="+1"), None, None),
        (said("community.muted", "2026-03-02 10:00", by="max"), None, None),
        (said("clock.ticked", "2026-03-02 10:00", source="/clock"), None, None),
        (requested("2026-03-02 10:00"), None, "ana"),
    ],
    ids=lambda value: getattr(value, "type", None),
)
def test_who_acts_and_who_is_concerned(event, acting, concerned):
    assert (acting_member(event), concerned_member(event)) == (acting, concerned)


def test_a_reaction_whose_giver_is_not_told_makes_nobody_known():
    assert after(said("reaction.added", "2026-03-02 10:00", post="p", reaction="+1")) is None
