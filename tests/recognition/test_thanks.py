"""Weekly thanks: a few people, each for what it changed, in public for those who agreed, edited by a human before."""

from datetime import timedelta

from facts import (
    FRIDAY,
    MONDAY,
    accepted,
    asked,
    chose,
    days,
    decided,
    erased,
    fact,
    hours,
    kudos,
    left,
    minutes,
    posted,
    replied,
)
from recognised import conversation, people, told
from recognition.state_book import Contribution
from stories import passing

HALF_PAST_ELEVEN = FRIDAY + minutes(30)  # 10:30 in UTC is 11:30 in Paris in winter
NAMES = [f"m{n}" for n in range(8)]
MANAGER = {"people": {"manager": "eve", "core_team": [{"member": "eve", "name": "Ève"}]}}


def week_of(*helpers, at=MONDAY, playbook=None, **data):
    """Each of them answers a question of zoe's; the first ones have more of their answers accepted."""
    story = told(*people("zoe", *helpers), playbook=playbook)
    for place, helper in enumerate(helpers):
        for n in range(max(1, len(helpers) - place)):
            post = f"{helper}-{n}"
            start = at + hours(place) + minutes(n)
            story.when(*conversation("zoe", helper, start, post=post, **data))
            if n:
                story.when(accepted(f"{post}-a", post, "zoe", start + hours(1) + minutes(1)))
    return story


def test_on_friday_at_half_past_eleven_five_people_are_thanked_for_what_it_changed():
    story = week_of(*NAMES[:7], playbook=MANAGER)

    story.when(passing(HALF_PAST_ELEVEN))

    thanked = story.found("member.thanked")
    assert [event.data.member for event in thanked] == NAMES[:5]
    assert {event.time for event in thanked} == {HALF_PAST_ELEVEN}
    assert all(
        event.data.helper and event.data.deeds[0].title and event.data.deeds[0].helped == "zoe" for event in thanked
    )
    message = story.expect_message(template="thanks")
    assert (message.to.kind, message.purse) == ("channel", "none")
    assert "Merci à M0, dont la réponse sur" in message.text
    assert "a aidé Zoe" in message.text
    assert message.mentions[:5] == tuple(NAMES[:5])
    assert all(event.data.because[0].evidence for event in thanked)


def test_each_at_most_once_in_four_weeks():
    story = week_of("m0")
    story.when(passing(HALF_PAST_ELEVEN))
    for week in range(1, 5):
        at = MONDAY + days(7 * week)
        story.when(*conversation("zoe", "m0", at, post=f"w{week}"), passing(at + days(5)))

    weeks = [event.data.week for event in story.all("member.thanked", member="m0")]
    assert weeks == ["2026-W10", "2026-W14"]


def test_a_closed_friday_moves_thanks_to_the_business_day_before():
    holiday = {"seasons": {"holidays": ["2026-03-06"]}}
    story = week_of("m0", playbook=holiday)

    story.when(passing(FRIDAY - days(1) + minutes(31)))

    assert story.expect("member.thanked").time == FRIDAY - days(1) + minutes(30)
    story.when(passing(FRIDAY + hours(3))).expect_none("member.thanked")


def test_thanks_follow_the_clock_on_the_wall_over_the_change_of_the_hour():
    story = week_of("m0", at=MONDAY + days(28))  # the week after the last Sunday of March

    story.when(passing(FRIDAY + days(28)))

    assert story.expect("member.thanked").time == FRIDAY + days(28) - minutes(30)


def test_who_wants_it_private_is_thanked_in_private_and_who_wants_none_is_not():
    story = week_of("m0", "m1", "m2")
    story.when(
        chose("m0", MONDAY + days(1), thanks="private"),
        chose("m1", MONDAY + days(1), thanks="none"),
        passing(HALF_PAST_ELEVEN),
    )

    assert story.expect("member.thanked", member="m0").data.audience == "private"
    story.expect_none("member.thanked", member="m1")
    assert story.expect("member.thanked", member="m2").data.audience == "public"
    private = story.expect_message(to="m0", template="thanks_private")
    assert private.purse == "attention"
    assert "M0" not in story.expect_message(template="thanks").text


def test_a_helper_is_among_them_when_there_is_one():
    hosts = [f"host{n}" for n in range(6)]
    story = told(*people("zoe", "ana", *hosts))
    story.when(
        *[fact("meetup.hosted", MONDAY + minutes(n), meetup=f"m{n}", member=host) for n, host in enumerate(hosts)]
    )
    story.when(*conversation("zoe", "ana", MONDAY, post="q"))

    story.when(passing(HALF_PAST_ELEVEN))

    thanked = story.found("member.thanked")
    assert len(thanked) == 5
    assert [event.data.member for event in thanked if event.data.helper] == ["ana"]


def test_points_without_anything_done_for_anybody_are_thanked_by_nobody():
    story = told(*people("ana", "ben"), posted("ana", MONDAY), posted("ana", MONDAY + days(1)))

    story.when(passing(HALF_PAST_ELEVEN)).expect_none("member.thanked").expect_none("message.requested")


def test_the_manager_sees_them_in_the_morning_and_takes_one_out():
    story = week_of("m0", "m1", playbook=MANAGER)
    story.when(passing(FRIDAY - hours(1)))
    draft = story.expect_message(template="thanks_draft", to="manager")
    assert [action.id for action in draft.actions] == ["take_out_1", "take_out_2"]
    tap = draft.actions[0].fact
    assert tap.type == "request.answered"  # no platform may publish `thanks.edited`

    story.when(fact(tap.type, FRIDAY - minutes(30), **{**tap.data, "community": "atelier", "member": "eve"}))
    story.when(passing(HALF_PAST_ELEVEN))

    assert [event.data.member for event in story.found("member.thanked")] == ["m1"]


def test_lines_of_the_draft_keep_the_numbers_of_their_taps_when_one_was_taken_out_before():
    story = week_of("m0", "m1", "m2", playbook=MANAGER)
    story.when(fact("thanks.edited", FRIDAY - days(1), thanks="2026-W10", by="eve", member="m0"))
    story.when(passing(FRIDAY - hours(1)))
    draft = story.expect_message(template="thanks_draft", to="manager")
    assert [action.id for action in draft.actions] == ["take_out_2", "take_out_3"]
    assert "2. M1" in draft.text

    tap = draft.actions[1].fact
    story.when(fact(tap.type, FRIDAY - minutes(30), **{**tap.data, "community": "atelier", "member": "eve"}))
    story.when(passing(HALF_PAST_ELEVEN))

    assert [event.data.member for event in story.found("member.thanked")] == ["m1"]


def test_a_human_gives_a_line_or_the_whole_text_other_words():
    story = week_of("m0", "m1")
    story.when(
        fact("thanks.edited", FRIDAY - days(1), thanks="2026-W10", by="eve", member="m0", value="Un grand merci à M0.")
    )
    story.when(passing(HALF_PAST_ELEVEN))
    text = story.expect_message(template="thanks").text
    assert "Un grand merci à M0." in text
    assert "Merci à M1" in text

    story = week_of("m0", "m1")
    story.when(fact("thanks.edited", FRIDAY - days(1), thanks="2026-W10", by="eve", value="Merci à tout le monde."))
    story.when(passing(HALF_PAST_ELEVEN))
    assert story.expect_message(template="thanks").text.strip() == "Merci à tout le monde."


def test_a_crisis_moves_thanks_to_the_next_business_day():
    story = week_of("m0")
    subject = {"kind": "tag", "id": "panne"}
    story.when(
        decided(
            "support",
            "crisis.opened",
            FRIDAY - hours(3),
            crisis="c",
            subject=subject,
            complaints=9,
            people=5,
            scope="inside",
            next_update=FRIDAY,
        )
    )
    story.when(passing(FRIDAY + hours(5))).expect_none("member.thanked")

    story.when(
        decided(
            "support",
            "crisis.closed",
            FRIDAY + hours(6),
            crisis="c",
            subject=subject,
            reason="quiet",
            complaints=9,
            people=5,
        ),
        passing(MONDAY + days(7) + hours(1)),
    )

    thanked = story.expect("member.thanked", member="m0")
    assert thanked.time == HALF_PAST_ELEVEN + timedelta(days=3)
    assert thanked.data.week == "2026-W10"


def test_nothing_of_a_complaint_or_of_a_thread_that_needs_care_is_said():
    story = told(*people("zoe", "ana", "ben"))
    story.when(*conversation("zoe", "ana", MONDAY, post="angry", complaint=True, title="Scandale"))
    story.when(*conversation("zoe", "ben", MONDAY + hours(2), post="sad", title="Détresse"))
    story.when(
        decided(
            "support",
            "care.needed",
            MONDAY + hours(3),
            member="zoe",
            post="sad",
            thread="sad",
            channel="general",
            nature="distress",
        ),
        accepted("angry-a", "angry", "zoe", MONDAY + hours(4)),
    )

    story.when(passing(HALF_PAST_ELEVEN))

    assert not [
        message
        for message in story.every_message()
        if "Scandale" in message.data.text or "Détresse" in message.data.text
    ]
    story.expect_none("member.thanked", member="ben")


def test_nothing_of_a_restricted_place_earns_or_is_said():
    story = told(*people("zoe", "ana"), fact("channel.described", MONDAY, channel="cellule", visibility="restricted"))
    story.when(*conversation("zoe", "ana", MONDAY, post="q", channel="cellule"))
    story.when(accepted("q-a", "q", "zoe", MONDAY + hours(2)), passing(HALF_PAST_ELEVEN))

    story.expect_none("points.awarded").expect_none("member.thanked")
    assert story.all("points.awarded") == []


def test_who_left_or_was_forgotten_before_friday_is_not_named():
    story = week_of("m0", "m1", "m2")
    story.when(left("m0", FRIDAY - days(1)), erased("m1", FRIDAY - days(1)), passing(HALF_PAST_ELEVEN))

    assert [event.data.member for event in story.found("member.thanked")] == ["m2"]


def test_somebody_helped_who_left_is_not_named():
    story = week_of("m0")
    story.when(left("zoe", FRIDAY - days(1)), passing(HALF_PAST_ELEVEN))

    assert story.expect("member.thanked").data.deeds[0].helped is None
    assert "Zoe" not in story.expect_message(template="thanks").text


def test_equal_points_go_first_to_roles_that_were_thanked_longest_ago():
    story = told(*people("zoe", "ana", "ben"), playbook={"recognition": {"thanks_most": 1, "thanks_rest_weeks": 1}})
    for n in range(3):
        at = MONDAY - days(20 - n)
        story.when(fact("meetup.hosted", at, meetup=f"m{n}", member="ana"))
        story.when(fact("beta.reported", at, programme=f"p{n}", member="ben"))
    # A tester was thanked last week; a host longer ago.
    story.when(
        *[fact("beta.reported", MONDAY - days(6) + minutes(n), programme=f"x{n}", member="zoe") for n in range(3)]
    )
    story.when(passing(FRIDAY - days(6)))
    first = story.all("member.thanked")[-1].data.member
    assert first == "zoe"

    story.when(kudos("cy", "ana", at=MONDAY), kudos("dan", "ben", at=MONDAY), passing(HALF_PAST_ELEVEN))

    assert story.expect("member.thanked").data.member == "ana"
    assert story.row(Contribution, "ana").thanked_on is not None


def test_a_platform_without_reactions_thanks_as_well():
    story = told(
        fact("platform.described", MONDAY - days(40), emits=["post.created"]),
        *people("zoe", "ana"),
        asked("zoe", MONDAY, post="q"),
        replied("ana", "q", MONDAY + hours(1)),
    )

    story.when(passing(HALF_PAST_ELEVEN))

    story.expect("member.thanked", member="ana")


def test_a_community_with_one_member_thanks_nobody():
    story = told(*people("ana"), asked("ana", MONDAY, post="q"), replied("ana", "q", MONDAY + hours(1)))

    story.when(passing(FRIDAY + days(60)))

    story.expect_none("member.thanked").expect_none("gaming.suspected")
