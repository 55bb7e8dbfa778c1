"""Life stage, goals and needs, by what each promises."""

import json

import pytest

from contracts.wire import decode
from digest.measures.state import Life, NeedTotal
from digest.service import DIGEST
from facts import MONDAY, chose, days, decided, fact, joined, left, minutes, motivated, muted, paused, posted
from stories import Story, given, passing

NEWBORN = {"stage_newborn_members": 3}


WEEK_BEFORE = MONDAY - days(7)


def story(*happenings, opened=WEEK_BEFORE, **playbook) -> Story:
    return given(*happenings, service=DIGEST, playbook=playbook, opened=opened)


def weeks(*actives: int, start=MONDAY, newcomers: int = 0):
    """So many people active in each week, and so many of them for the first time ever."""
    known = max(actives) + 1
    for week, number in enumerate(actives):
        at = start + days(7 * week)
        yield from (posted(f"m{n:03}", at + minutes(n)) for n in range(number))
        yield from (joined(f"n{week}-{n}", at + minutes(n)) for n in range(round(newcomers * number / known)))


def stages(told: Story) -> list[str]:
    return [event.data.stage for event in told.all("stage.changed")]


def test_a_community_of_few_is_newborn_after_two_weeks_that_say_so():
    told = story(*weeks(5, 5), passing(MONDAY + days(14)))

    changed = told.all("stage.changed")
    assert [event.data.stage for event in changed] == ["newborn"]
    assert changed[0].data.previous is None
    assert changed[0].data.week == "2026-W11"


def test_it_says_every_check_in_order_with_its_threshold_and_evidence():
    told = story(*weeks(5, 5), passing(MONDAY + days(14)))

    reasons = told.all("stage.changed")[0].data.because
    assert [reason.rule for reason in reasons] == [
        *("life_stage.dormant", "life_stage.newborn", "life_stage.declining", "life_stage.growing"),
        "life_stage.weeks_in_a_row",
    ]
    assert reasons[1].threshold == "under 50 members"
    assert reasons[1].actual == "5"
    assert reasons[1].evidence.count == 10


def test_one_week_alone_changes_nothing():
    told = story(*weeks(*[10] * 10), passing(MONDAY + days(70)), digest=NEWBORN)

    told.when(*weeks(40, start=MONDAY + days(70), newcomers=40), passing(MONDAY + days(77)))
    assert stages(told) == ["mature"]


def test_growth_of_both_is_growing_and_the_fall_of_both_declining():
    rising = story(*weeks(*range(10, 60, 5), newcomers=60), passing(MONDAY + days(70)), digest=NEWBORN)
    falling = story(*weeks(*range(60, 10, -5), newcomers=60), passing(MONDAY + days(70)), digest=NEWBORN)
    half = story(*weeks(*range(10, 60, 5)), passing(MONDAY + days(70)), digest=NEWBORN)

    assert stages(rising)[-1] == "growing"
    assert stages(falling)[-1] == "declining"
    slope = rising.all("stage.changed")[-1].data.actives_slope_percent
    assert float(slope) > 2
    assert half.row(Life).stage == "mature"


def test_four_weeks_under_three_actives_are_dormant_whatever_else_holds():
    told = story(*weeks(10, 10, 2, 2, 2, 2, 2), passing(MONDAY + days(49)))

    assert stages(told) == ["newborn", "dormant"]


def test_a_quiet_season_without_a_year_before_leaves_the_stage_as_it_is():
    start = MONDAY + days(70)
    told = story(
        *weeks(*[30] * 9, *[2] * 6, start=start), passing(start + days(105)), opened=start - days(7), digest=NEWBORN
    )

    # Nine weeks from mid-May on, then six of the summer with next to nobody.
    assert stages(told) == ["mature"]
    assert told.row(Life).resting


def test_a_quiet_season_is_held_against_the_same_weeks_a_year_ago():
    numbers = [30 if 20 <= week % 52 + 10 <= 28 or week % 52 < 10 else 6 for week in range(76)]
    told = story(*weeks(*numbers), passing(MONDAY + days(7 * 76)), digest=NEWBORN)

    life = told.row(Life)
    assert life.compared_with is not None
    assert stages(told)[-1] == "mature"


def test_while_a_platform_is_silent_no_stage_is_judged():
    # A platform that speaks every hour of the day falls silent for good: nobody left.
    chatter = [posted(f"m{n % 60:02}", MONDAY + minutes(30 * n)) for n in range(48 * 28)]
    told = story(*chatter, passing(MONDAY + days(28 + 42)), digest=NEWBORN)

    assert "dormant" not in stages(told)


GOALS = [
    {"goal": "support", "what": "Vite", "target": 70, "unit": "percent", "indicator": "answered_within_60_minutes"},
    {"goal": "engagement", "what": "Des habitués", "target": 45, "unit": "percent", "indicator": "retention"},
    {"goal": "success", "what": "Des objets réparés", "target": 120, "unit": "objets"},
]  # fmt: skip


def outcome(at, value, period="2026-03"):
    data = {"community": "atelier", "goal": "success", "value": value, "unit": "objets", "period": period}
    envelope = {"specversion": "1.0", "id": f"outcome-{period}-{value}", "source": "/platforms/sheet"}
    at_ = at.isoformat().replace("+00:00", "Z")
    document = {
        **envelope,
        "type": "outcome.reported",
        "time": at_,
        "data": {**data, "source": "the workshop's ledger"},
    }
    return decode(json.dumps(document).encode())


def test_a_figure_from_outside_reports_its_goal_at_once_with_its_trend():
    told = story(outcome(MONDAY, 40, "2026-02"), goals=GOALS)
    told.when(outcome(MONDAY + days(1), 55))

    reported = told.expect("goal.reported", goal="success").data
    assert (reported.target, reported.actual, reported.trend, reported.period) == ("120", "55", "up", "2026-03")
    assert reported.because[0].evidence == (told.all("goal.reported")[-1].causationid,)


def test_a_corrected_figure_of_the_same_period_keeps_the_trend_it_had():
    told = story(outcome(MONDAY, 40, "2026-02"), outcome(MONDAY + days(1), 55), goals=GOALS)
    told.when(outcome(MONDAY + days(2), 54))

    assert told.expect("goal.reported", goal="success").data.trend == "up"


def test_on_the_first_of_the_month_every_goal_is_reported_in_order_of_its_letter():
    told = story(posted("ana", MONDAY), goals=GOALS)
    told.when(passing(MONDAY + days(31)))

    reported = told.found("goal.reported")
    assert [event.data.goal for event in reported] == ["engagement", "success", "support"]
    assert [event.data.indicator for event in reported] == [
        *("retention_30d", "outcome.reported", "answered_within_60_minutes")
    ]
    assert reported[0].data.period == "2026-03"


def test_a_goal_measured_by_what_does_not_exist_says_so():
    wrong = [{"goal": "support", "what": "Vite", "target": 1, "unit": "x", "indicator": "happiness"}]
    told = story(posted("ana", MONDAY), passing(MONDAY + days(31)), goals=wrong)

    assert "no indicator" in str(told.all("goal.reported")[0].data.because[0].actual)


def needs_of(told: Story):
    return [event.data for event in told.every_message(template="need")]


def test_a_need_is_asked_about_at_thirty_and_ninety_days_with_one_tap():
    told = story(joined("ana", MONDAY, display_name="Ana"), motivated("ana", MONDAY), passing(MONDAY + days(100)))

    asked = told.every_message(template="need")
    assert [(event.time.date() - MONDAY.date()).days for event in asked] == [30, 90]
    message = asked[0].data
    assert [action.id for action in message.actions] == ["yes", "partly", "no", "stop"]
    assert message.actions[0].fact.type == "need.answered"
    assert "pour apprendre" in message.text
    assert message.because[0].threshold == 30


def test_a_tap_is_counted_and_the_newest_word_holds():
    said = [fact("need.answered", MONDAY + days(n), member="ana", need="learn", answer=answer)
            for n, answer in ((31, "partly"), (91, "yes"))]  # fmt: skip
    told = story(motivated("ana", MONDAY), *said, passing(MONDAY + days(98)), goals=GOALS)

    assert told.rows(NeedTotal) == [NeedTotal(need="learn", declared=1, yes=1, partly=0, no=0)]
    needs = told.all("goal.reported")[-1].data.needs
    computed = told.all("indicators.computed", period="week")[-1].data.indicators
    met = next(each for each in computed if each.key == "needs_met")
    assert (met.numerator, met.denominator) == (1, 1)
    assert [(need.need, need.declared, need.asked) for need in needs] == [("learn", 1, 1)]


def test_somebody_with_several_needs_is_asked_about_one_a_week():
    told = story(
        joined("ana", MONDAY),
        motivated("ana", MONDAY, "learn"),
        motivated("ana", MONDAY, "help"),
        fact("need.declared", MONDAY, member="ana", need="un atelier près de chez moi"),
        passing(MONDAY + days(50)),
    )

    asked = told.every_message(template="need")
    assert [(event.time.date() - MONDAY.date()).days for event in asked] == [30, 37, 44]
    assert "« un atelier près de chez moi »".replace("« ", "«\u00a0").replace(" »", "\u00a0»") in asked[-1].data.text


@pytest.mark.parametrize(
    "happening",
    [
        left("ana", MONDAY + days(20)),
        left("ana", MONDAY + days(20), reason="deceased"),
        fact("member.erased", MONDAY + days(20), member="ana"),
        paused("ana", MONDAY + days(20)),
        chose("ana", MONDAY + days(20), stop=["need"]),
    ],
    ids=["left", "deceased", "erased", "paused", "stopped"],
)
def test_nobody_is_asked_who(happening):
    told = story(joined("ana", MONDAY), motivated("ana", MONDAY), happening, passing(MONDAY + days(100)))

    assert needs_of(told) == []


def test_somebody_who_rested_is_asked_when_the_rest_is_over():
    rest = paused("ana", MONDAY + days(20), until=MONDAY + days(40))
    told = story(joined("ana", MONDAY), motivated("ana", MONDAY), rest, passing(MONDAY + days(60)))

    assert [(event.time.date() - MONDAY.date()).days for event in told.every_message(template="need")] == [41]


def test_in_a_quiet_season_the_question_waits():
    june = MONDAY + days(110)
    told = story(joined("ana", june), motivated("ana", june), passing(june + days(80)))

    first = told.every_message(template="need")[0]
    assert (first.time.month, first.time.day) == (8, 26)


def test_a_need_of_history_is_counted_and_never_asked_about():
    told = story(
        fact("motivation.declared", MONDAY, member="ana", motivation="learn", backfill=True),
        posted("bob", MONDAY + days(1)),
        passing(MONDAY + days(100)),
    )

    assert needs_of(told) == []
    assert told.rows(NeedTotal)[0].declared == 1


def test_in_a_muted_community_the_question_is_muted():
    told = story(muted(MONDAY), joined("ana", MONDAY), motivated("ana", MONDAY), passing(MONDAY + days(31)))

    assert [message.muted for message in needs_of(told)] == [True]


def test_the_team_is_not_asked():
    people = {"core_team": [{"member": "camille", "name": "Camille"}]}
    told = story(motivated("camille", MONDAY), passing(MONDAY + days(31)), people=people)

    assert needs_of(told) == []


def test_the_decisions_of_the_measures_can_be_read_again():
    told = story(*weeks(5, 5), outcome(MONDAY + days(13), 40), passing(MONDAY + days(14)), goals=GOALS)
    told.when(
        decided(
            "recognition", "stratum.raised", MONDAY + days(14), member="m001", stratum="relay", previous="listening"
        )
    )

    for event in told.decisions:
        assert decode(event.to_json()).to_json() == event.to_json()
