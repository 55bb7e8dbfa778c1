"""The indicators, by what each promises. Days are those of Paris; MONDAY is 2 March 2026, 11:00 there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.decisions import Indicator
from contracts.identity import EPOCH
from digest.measures.definitions import DEFINITIONS
from digest.service import DIGEST
from facts import MONDAY, TUESDAY, asked, days, decided, deleted, fact, hours, joined, minutes, posted, reacted, replied
from stories import Story, given, passing

TEAM = {"people": {"core_team": [{"member": "camille", "name": "Camille"}]}}
PRO = {**TEAM, "hours": "pro"}
WEEK_END = MONDAY + days(7)


def story(*happenings, **playbook) -> Story:
    return given(*happenings, service=DIGEST, playbook=playbook)


def measured(told: Story, period="week") -> Mapping[str, Indicator]:
    """The newest figures of a day or a week, by key."""
    return {each.key: each for each in told.all("indicators.computed", period=period)[-1].data.indicators}


def of_week(*happenings, **playbook) -> Mapping[str, Indicator]:
    return measured(story(*happenings, passing(WEEK_END), **playbook))


def share(indicator):
    return indicator.numerator, indicator.denominator, indicator.value


def test_every_indicator_says_its_definition_and_its_figures_are_in_order():
    found = of_week(asked("ana", MONDAY))

    assert list(found) == sorted(found)
    assert {indicator.definition for indicator in found.values()} == {1}
    promised = {
        *("activation_7d", "activation_30d", "answered_within_60_minutes", "answered_within_60_minutes_wall"),
        *("answers_by", "contributor_absence_factor", "core_team_answer_time_office", "feedback_outcomes"),
        *("first_response_median", "first_answer_median", "freshness", "member_content", "monthly_actives"),
        *("needs_met", "newcomers", "obstacles", "participation_inequality", "reciprocity", "referrals_activated"),
        *("retention_7d", "retention_30d", "strata", "strata_flows", "support_cost_avoided", "unanswered_after_24h"),
        *("weekly_actives", "without_answer_after_24h"),
    }
    assert promised <= set(found)


def test_a_question_without_response_stays_in_the_share_that_was_answered_in_time():
    found = of_week(
        asked("ana", MONDAY, post="q1"),
        asked("bob", MONDAY, post="q2"),
        replied("cyd", "q1", MONDAY + minutes(30)),
        replied("cyd", "q2", MONDAY + minutes(61)),
        asked("dan", MONDAY, post="q3"),
    )

    assert share(found["answered_within_60_minutes_wall"]) == (1, 3, "0.333333")
    assert share(found["unanswered_after_24h"]) == (1, 3, "0.333333")


def test_the_event_range_of_an_indicator_names_the_first_and_the_last_event():
    first, second = asked("ana", MONDAY, post="q1"), asked("bob", TUESDAY, post="q2")

    found = of_week(first, second)["answered_within_60_minutes_wall"].events

    assert found is not None
    assert (found.first, found.last, found.count) == (first.id, second.id, 2)


def test_both_clocks_are_kept_the_wall_and_the_office():
    evening = MONDAY.replace(hour=20)

    found = of_week(asked("ana", evening, post="q"), replied("bob", "q", TUESDAY.replace(hour=8, minute=30)), **PRO)

    # Asked at 21:00 in Paris and answered at 9:30: half an hour of the office, half a day of the wall.
    assert share(found["answered_within_60_minutes"]) == (1, 1, "1")
    assert share(found["answered_within_60_minutes_wall"]) == (0, 1, "0")


def test_the_night_of_the_clock_change_has_the_hours_that_passed():
    saturday = MONDAY.replace(month=3, day=29, hour=0, minute=30)

    told = story(
        asked("ana", saturday, post="q"), replied("bob", "q", saturday + minutes(50)), passing(saturday + days(3))
    )

    # 01:30 to 03:20 in Paris: the clock skipped an hour in between.
    found = measured(told)
    assert share(found["answered_within_60_minutes"]) == (1, 1, "1")
    assert found["first_response_median"].value == "50"


def test_a_holiday_on_a_monday_stops_the_office_clock():
    seasons = {"holidays": ["2026-03-02"]}

    found = of_week(
        asked("ana", MONDAY, post="q"), replied("bob", "q", TUESDAY.replace(hour=8, minute=10)), seasons=seasons, **PRO
    )

    assert share(found["answered_within_60_minutes"]) == (1, 1, "1")


def test_the_median_wait_is_censored_so_that_those_who_still_wait_make_it_longer():
    answered = [asked("ana", MONDAY + minutes(n), post=f"q{n}") for n in range(3)]
    replies = [replied("bob", f"q{n}", MONDAY + minutes(n + 10 * (n + 1))) for n in range(3)]

    assert of_week(*answered, *replies)["first_response_median"].value == "20"
    waiting = [asked("ana", MONDAY + minutes(40 + n)) for n in range(3)]
    assert of_week(*answered, *replies, *waiting)["first_response_median"].value == "30"
    waiting.append(asked("ana", MONDAY + minutes(50)))
    assert of_week(*answered, *replies, *waiting)["first_response_median"].value is None


@pytest.mark.parametrize(
    "reply",
    [
        replied("ana", "q", MONDAY + minutes(5)),
        replied("robot", "q", MONDAY + minutes(5), bot=True),
        replied("bob", "q", MONDAY + minutes(5), body="pareil"),
        reacted("bob", "q", MONDAY + minutes(5)),
    ],
    ids=["the asker", "a bot", "me too", "a reaction"],
)
def test_no_response_is(reply):
    found = of_week(asked("ana", MONDAY, post="q"), reply)

    assert share(found["unanswered_after_24h"]) == (1, 1, "1")


def test_a_short_reply_is_a_response_and_an_answer_once_the_asker_thanks():
    short = replied("bob", "q", MONDAY + minutes(5), body="Oui, la bleue.")
    thanks = replied("ana", "q", MONDAY + minutes(9), body="Merci !")

    alone = of_week(asked("ana", MONDAY, post="q"), short)
    thanked = of_week(asked("ana", MONDAY, post="q"), short, thanks)

    assert share(alone["unanswered_after_24h"])[0] == 0
    assert share(alone["without_answer_after_24h"])[0] == 1
    assert share(thanked["without_answer_after_24h"])[0] == 0
    assert thanked["first_answer_median"].value == "5"


def test_thanks_that_ask_again_make_no_answer():
    found = of_week(
        asked("ana", MONDAY, post="q"),
        replied("bob", "q", MONDAY + minutes(5), body="Oui, la bleue."),
        replied("ana", "q", MONDAY + minutes(9), body="Merci, mais laquelle ?"),
    )

    assert share(found["without_answer_after_24h"])[0] == 1


def test_a_reply_that_comes_before_its_question_counts_from_the_question():
    found = of_week(
        replied("bob", "q", MONDAY + minutes(20)),
        asked("ana", MONDAY, post="q"),
    )

    assert found["first_response_median"].value == "20"
    assert found["answers_by"].parts == {"member": 1, "relay": 0, "staff": 0}


def test_a_deleted_question_is_no_question_and_is_one_again_when_restored():
    gone = (asked("ana", MONDAY, post="q"), deleted("q", MONDAY + hours(1)))

    assert of_week(*gone)["questions"].value == "0"
    back = fact("post.restored", MONDAY + hours(2), post="q", thread="q")
    assert of_week(*gone, back)["questions"].value == "1"


def test_answers_are_told_apart_by_who_gave_them():
    found = of_week(
        *(asked("ana", MONDAY + minutes(n), post=f"q{n}") for n in range(3)),
        replied("bob", "q0", MONDAY + hours(1)),
        replied("rene", "q1", MONDAY + hours(1)),
        replied("camille", "q2", MONDAY + hours(2)),
        people={"core_team": [{"member": "camille", "name": "Camille"}], "relays": ["rene"]},
        digest={"support_cost_per_answer": 7.5},
    )

    assert found["answers_by"].parts == {"member": 1, "relay": 1, "staff": 1}
    assert found["core_team_answer_time_wall"].value == "118"
    assert found["support_cost_avoided"].value == "15"


def test_somebody_whom_recognition_appointed_answers_as_a_relay():
    found = of_week(
        joined("rene", MONDAY),
        decided("recognition", "relay.appointed", MONDAY, member="rene", by="camille"),
        asked("ana", MONDAY, post="q"),
        replied("rene", "q", MONDAY + hours(1)),
    )

    assert found["answers_by"].parts["relay"] == 1


def test_staff_and_bots_are_no_members_in_the_figures():
    found = of_week(
        joined("camille", MONDAY),
        joined("robot", MONDAY, bot=True),
        posted("camille", MONDAY),
        posted("robot", MONDAY, bot=True),
        posted("ana", MONDAY),
        **TEAM,
    )

    assert found["newcomers"].value == "1"
    assert found["weekly_actives"].value == "1"
    assert share(found["member_content"]) == (1, 2, "0.5")
    assert found["threads"].value == "1"


def test_a_day_has_its_figures_at_midnight_of_the_place_and_a_silent_day_has_none():
    told = story(posted("ana", MONDAY), passing(MONDAY + days(3)))

    computed = told.all("indicators.computed", period="day")
    assert [event.data.since.isoformat() for event in computed][-1] == "2026-03-01T23:00:00+00:00"
    assert computed[-1].time.isoformat() == "2026-03-02T23:00:00+00:00"


def test_actives_are_distinct_people_over_seven_and_thirty_days():
    told = story(
        *(posted("ana", MONDAY + days(n)) for n in range(3)),
        reacted("bob", "p", MONDAY + days(1)),
        reacted(None, "p", MONDAY + days(1)),
        posted("cyd", MONDAY + days(8)),
        passing(MONDAY + days(14)),
    )

    first, second = (
        {each.key: each.value for each in event.data.indicators}
        for event in told.all("indicators.computed", period="week")[-2:]
    )
    assert (first["weekly_actives"], second["weekly_actives"]) == ("2", "1")
    assert (first["monthly_actives"], second["monthly_actives"]) == ("2", "3")


def test_activation_counts_those_who_acted_within_seven_days_of_joining():
    told = story(
        joined("ana", MONDAY),
        joined("bob", MONDAY),
        joined("cyd", MONDAY, inferred=True),
        reacted("ana", "p", MONDAY + days(7)),
        posted("bob", MONDAY + days(8)),
        passing(MONDAY + days(14)),
    )

    # Of a join that was concluded from a first post nobody can say whether the person took part soon after.
    assert share(measured(told)["activation_7d"]) == (1, 2, "0.5")


def test_retention_counts_those_who_came_back_in_the_week_after_the_first():
    told = story(
        posted("ana", MONDAY),
        posted("bob", MONDAY),
        posted("ana", MONDAY + days(7)),
        posted("bob", MONDAY + days(14)),
        passing(MONDAY + days(14)),
    )

    assert share(measured(told)["retention_7d"]) == (1, 2, "0.5")


def test_a_referral_counts_once_the_person_takes_part():
    found = of_week(
        joined("ana", MONDAY, invited_by="zoe"), joined("bob", MONDAY, invited_by="zoe"), posted("ana", TUESDAY)
    )

    assert found["referrals_activated"].value == "1"


def test_strata_are_unknown_until_recognition_speaks():
    raised = decided(
        "recognition", "stratum.raised", TUESDAY, member="ana", stratum="taking_part", previous="listening"
    )
    quiet = of_week(posted("ana", MONDAY), posted("bob", MONDAY))
    told = of_week(posted("ana", MONDAY), posted("bob", MONDAY), raised)

    assert (quiet["strata"].value, quiet["strata"].parts) == (None, {})
    assert told["strata"].parts == {"listening": 1, "taking_part": 1}
    assert told["strata_flows"].parts == {"raised.taking_part": 1}


def test_the_organisation_owes_a_word_within_two_business_days():
    thursday = MONDAY + days(3)
    found = measured(
        story(
            posted("ana", thursday, post="t1"),
            posted("bob", thursday, post="t2"),
            posted("cyd", thursday, post="t3"),
            replied("camille", "t1", thursday + days(1)),
            replied("dan", "t2", thursday + days(1)),
            replied("camille", "t3", thursday + days(5)),
            fact("feedback.submitted", thursday, feedback="f1", member="ana"),
            fact("feedback.answered", thursday + days(4), feedback="f1", outcome="adopted", why="juste", by="camille"),
            passing(MONDAY + days(14)),
            **TEAM,
        )
    )

    # Due by the end of Monday: a word on Friday, one on Monday for the feedback; a member's does not count.
    assert share(found["reciprocity"]) == (2, 4, "0.5")
    assert found["feedback_outcomes"].parts == {"adopted": 1, "later": 0, "no": 0, "waiting": 0}


def test_the_absence_factor_and_inequality_weigh_a_quarter_of_posts():
    found = of_week(
        *(posted("ana", MONDAY + minutes(n)) for n in range(6)), posted("bob", MONDAY), posted("cyd", MONDAY)
    )

    assert found["contributor_absence_factor"].value == "1"
    assert found["contributor_absence_factor"].parts == {"people": 3, "posts": 8}
    assert found["participation_inequality"].value == "0.416667"


def test_freshness_holds_threads_against_the_usual_ones_of_their_weekdays():
    opened = MONDAY - days(56)
    threads = [posted("ana", opened + days(7 * week) + minutes(n)) for week in range(8) for n in range(2)]
    told = given(*threads, posted("ana", MONDAY), passing(WEEK_END), service=DIGEST, opened=opened - days(7))

    assert measured(told)["freshness"].value == "0.5"


def test_obstacles_are_told_by_kind():
    found = of_week(
        fact("obstacle.declared", MONDAY, member="ana", obstacle="time"),
        fact("obstacle.declared", MONDAY, member="bob", obstacle="unclear"),
    )

    assert found["obstacles"].parts == {"time": 1, "unclear": 1}


def test_a_question_that_support_found_is_one_and_one_that_it_cancels_is_none():
    at = {"asked_at": MONDAY, "warn_at": MONDAY, "due": MONDAY, "target_minutes": 60, "told_by": "score"}
    opened = decided("support", "question.opened", MONDAY, member="ana", post="q", thread="q", channel="general", **at)
    cancelled = decided("support", "question.cancelled", TUESDAY, post="q", thread="q", reason="author")
    said = (posted("ana", MONDAY, post="q"), opened, replied("bob", "q", MONDAY + minutes(10)))

    assert of_week(*said)["first_response_median"].value == "10"
    assert of_week(*said, cancelled)["questions"].value == "0"


def test_a_late_fact_counts_on_its_own_day():
    told = story(posted("ana", TUESDAY), posted("bob", MONDAY), passing(WEEK_END))

    assert measured(told)["weekly_actives"].value == "2"
    assert told.all("indicators.computed", period="week")[-1].data.because[0].actual == 2


def test_time_that_passes_without_a_fact_costs_no_daily_figures():
    told = story(posted("ana", MONDAY), passing(MONDAY + timedelta(days=60)))

    assert len(told.all("indicators.computed", period="day")) <= 2
    assert len(told.all("indicators.computed", period="week")) == 9


def test_every_definition_stands_in_the_page_with_its_version_and_unit():
    page = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text("utf-8")

    for name, (version, unit, meaning) in DEFINITIONS.items():
        assert f"| `{name}` | {unit} | {version} | {meaning} |" in page


def test_a_community_with_one_member_has_figures_too():
    found = of_week(joined("ana", MONDAY), posted("ana", MONDAY))

    assert found["weekly_actives"].value == "1"
    assert found["contributor_absence_factor"].value == "1"
    assert found["participation_inequality"].value == "0"


def test_what_is_said_in_a_restricted_place_counts_and_is_named_nowhere():
    place = fact("channel.described", MONDAY, channel="team", visibility="restricted")
    told = story(place, asked("ana", MONDAY, post="q", channel="team"), passing(WEEK_END))

    computed = told.all("indicators.computed", period="week")[-1]
    assert measured(told)["questions"].value == "1"
    assert b"ana" not in computed.to_json()


def test_history_has_figures_of_its_own_days_marked_as_history():
    past = MONDAY - days(60)
    told = given(
        posted("ana", past, backfill=True),
        posted("ana", past + days(7), backfill=True),
        posted("bob", MONDAY),
        service=DIGEST,
        opened=past - days(1),
    )

    weeks = told.all("indicators.computed", period="week")
    assert next(each.value for each in weeks[0].data.indicators if each.key == "newcomers") == "1"
    assert measured(told)["weekly_actives"].value == "0"


def test_a_platform_without_reactions_is_measured_by_what_it_tells():
    described = fact("platform.described", MONDAY, emits=["post.created"], direct_first_contact="forbidden")

    assert of_week(described, posted("ana", MONDAY))["daily_actives"].value == "0.142857"


def test_the_week_in_which_1970_began_has_figures_though_no_moment_lies_before_it():
    first = datetime(1970, 1, 1, 10, tzinfo=UTC)
    told = given(posted("ana", first), service=DIGEST, playbook=TEAM, opened=first - hours(1))

    week = told.when(passing(first + days(7))).all("indicators.computed", period="week")[0].data

    assert (week.since, week.until) == (EPOCH, datetime(1970, 1, 4, 23, tzinfo=UTC))
    assert told.letters == []
