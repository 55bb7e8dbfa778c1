from msgspec.structs import replace

from contracts.community import (
    NOT_OPENED,
    Community,
    Place,
    can_emit,
    community_after,
    is_muted,
    is_restricted,
    place_after,
)
from facts_said import moment, posted, said

OPERATOR = "/operators/operator"


def after(*events, community: Community | None = None) -> Community:
    for event in events:
        now = event.time if community is None else max(community.now, event.time)
        community = community_after(community, event, now)
    assert community is not None
    return community


def ticked(at: str):
    return said("clock.ticked", at, source="/clock")


def described(at: str, *emits: str, source: str = "/platforms/forum", contact: str = "forbidden"):
    return said("platform.described", at, source=source, emits=list(emits), direct_first_contact=contact)


def test_a_community_starts_muted_under_the_neutral_playbook():
    community = after(posted("2026-03-02 10:00"))

    assert (community.muted, community.playbook, community.opened_at) == (True, "neutral", community.now)
    assert is_muted(community, "welcome")


def test_now_never_goes_back_and_history_makes_a_community_older():
    community = after(posted("2026-03-02 10:00"), posted("2020-03-02 10:00", backfill=True))

    assert community.now == moment("2026-03-02 10:00")
    assert (community.opened_at, community.horizon) == (moment("2020-03-02 10:00"), moment("2020-03-02 10:00"))


def test_the_same_moment_and_a_known_type_change_nothing():
    community = after(posted("2026-03-02 10:00"))

    assert after(posted("2026-03-02 10:00"), community=community) is community


def test_a_tick_changes_now_and_nothing_else():
    with_ticks = after(
        ticked("2026-03-02 09:00"), posted("2026-03-02 10:00"), ticked("2026-03-02 10:30"), posted("2026-03-02 11:00")
    )

    assert with_ticks == after(posted("2026-03-02 10:00"), posted("2026-03-02 11:00"))
    assert after(ticked("2026-03-02 09:00")).opened_at == NOT_OPENED


def test_every_field_lives_on_when_time_goes_by():
    community = Community(
        now=moment("2026-03-02 10:00"),
        opened_at=moment("2026-01-02 10:00"),
        playbook="7",
        muted=False,
        unmuted_rules=("a",),
        muted_rules=("b",),
        horizon=moment("2026-01-03 10:00"),
        importing=True,
        described=(("/platforms/forum", True, ("post.created",)),),
        emits=("post.created",),
        seen_types=("post.created",),
        direct_first_contact=True,
    )
    later = after(ticked("2026-03-02 12:00"), community=community)

    assert later == replace(community, now=moment("2026-03-02 12:00"))


def test_unmuted_whole_then_the_kill_switch():
    community = after(said("community.unmuted", "2026-03-02 10:00", source=OPERATOR, by="max"))
    assert not is_muted(community, "welcome")

    community = after(said("community.muted", "2026-03-02 11:00", source=OPERATOR, by="max"), community=community)
    assert is_muted(community, "welcome")


def test_unmuted_and_muted_by_rule():
    by_rule = {"source": OPERATOR, "by": "max", "rules": ["welcome"]}
    community = after(said("community.unmuted", "2026-03-02 10:00", **by_rule))
    assert not is_muted(community, "welcome")
    assert is_muted(community, "nudge")
    assert is_muted(after(said("community.muted", "2026-03-02 11:00", **by_rule), community=community), "welcome")

    loud = after(said("community.unmuted", "2026-03-02 12:00", source=OPERATOR, by="max"), community=community)
    loud = after(said("community.muted", "2026-03-02 13:00", **by_rule), community=loud)
    assert is_muted(loud, "arrival", "welcome")
    assert not is_muted(loud, "nudge")


def test_what_a_platform_can_emit_is_what_it_says_or_what_was_seen():
    community = after(described("2026-03-02 10:00", "post.created", "poll.voted"), posted("2026-03-02 11:00"))
    community = after(said("reaction.added", "2026-03-02 12:00", post="p", reaction="+1"), community=community)

    known = ("post.created", "poll.voted", "reaction.added", "beta.reported")
    assert [can_emit(community, event_type) for event_type in known] == [True, True, True, False]


def test_each_platform_speaks_for_itself():
    chat = "/platforms/chat"
    community = after(
        described("2026-03-02 10:00", "post.created", contact="allowed"),
        described("2026-03-02 10:01", "poll.voted", source=chat),
    )
    assert (community.emits, community.direct_first_contact) == (("poll.voted", "post.created"), False)

    community = after(described("2026-03-03 10:00", source=chat, contact="allowed"), community=community)
    assert (community.emits, community.direct_first_contact) == (("post.created",), True)


def test_decisions_of_services_are_no_fact_a_platform_emits():
    decision = said("badge.awarded", "2026-03-02 10:00", source="/services/recognition", member="ana", badge="b")

    assert after(decision).seen_types == ()


def test_a_new_playbook_holds():
    configured = said("community.configured", "2026-03-02 10:00", source=OPERATOR, version="3", playbook={})

    assert after(configured).playbook == "3"


def test_a_place_is_what_was_last_said_of_it():
    first = said("channel.described", "2026-03-02 10:00", channel="secret", visibility="restricted")
    place = place_after(None, first)

    assert place == Place(channel="secret", visibility="restricted")
    assert is_restricted(place)
    assert place_after(place, first) is place
    assert not is_restricted(Place(channel="general"))
