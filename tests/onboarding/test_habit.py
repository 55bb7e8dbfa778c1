"""Habit: active in 3 of the 4 weeks after the first act; lapse and return; quiet seasons and silences stand still."""

from contracts.playbook import NEUTRAL
from facts import MONDAY, asked, chose, days, fact, hours, joined, left, minutes, overruled, paused, posted, reacted
from onboarding.rules.lapse import doubled_median, threshold_days
from onboarding.state import Presence
from stories import given, passing

FIGURES = NEUTRAL.onboarding


def heartbeat(first, last, member="zoe"):
    """Somebody else is there every day: the platform is not silent."""
    return [reacted(member, "p", MONDAY + days(day)) for day in range(first, last)]


def active(member, *offsets):
    return [reacted(member, "p", MONDAY + days(day)) for day in offsets]


def played(*happenings, **settings):
    return given(*sorted(happenings, key=lambda event: event.time), **settings)


def test_three_of_the_first_four_weeks_make_a_habit_at_once():
    story = given(*active("ana", 0, 8))

    installed = story.when(*active("ana", 15)).expect("habit.installed", member="ana", weeks_active=3).data

    assert installed.first_act_at == MONDAY
    story.when(*active("ana", 22)).expect_none("habit.installed")


def test_three_days_of_one_week_and_a_late_third_week_make_none():
    story = played(*active("ana", 0, 1, 2, 8, 29, 30, 40), *heartbeat(0, 41))

    assert story.all("habit.installed", member="ana") == []


def test_every_kind_of_act_counts_and_reading_or_an_anonymous_reaction_does_not():
    acts = [
        fact("task.completed", MONDAY, member="ana", task="t"),
        fact("meetup.attended", MONDAY + days(8), member="ana", meetup="m"),
        fact("poll.voted", MONDAY + days(15), member="ana", poll="p"),
    ]
    given(*acts).expect("habit.installed", member="ana")

    story = given(*[fact("member.seen", MONDAY + days(day), member="ana") for day in (0, 8, 15)])
    story.when(reacted(None, "p", MONDAY + days(16)))
    assert story.rows(Presence) == []


def test_quiet_seasons_stand_still_for_the_first_weeks():
    # 14 December to 5 January: of these days, 16 are in the season of 20 December to 4 January.
    december = MONDAY.replace(month=12, day=14)
    story = given(*[reacted("ana", "p", december + days(day)) for day in (0, 8 + 16)])

    story.when(reacted("ana", "p", december + days(15 + 16))).expect("habit.installed", weeks_active=3)


def test_bots_staff_and_who_wants_no_profile_have_no_habit():
    given(joined("eve", MONDAY, staff=True), *active("eve", 0, 8, 15)).expect_none("habit.installed")
    given(chose("ana", MONDAY, profiling=False), *active("ana", 0, 8, 15)).expect_none("habit.installed")


def test_the_usual_gap_is_a_median_and_the_threshold_three_of_it_or_28_days():
    assert doubled_median((1, 2, 3, 10)) == 5
    assert doubled_median((4, 1, 2)) == 4
    assert doubled_median(()) == 0
    assert threshold_days(FIGURES, (1, 1, 1)) == 28
    assert threshold_days(FIGURES, (10, 11)) == 32
    assert threshold_days(FIGURES, (12, 12, 12)) == 36


def lapsing(*extra, until=60, **settings):
    """Ana is here five days running, then no more; others go on."""
    return played(*active("ana", 0, 1, 2, 3, 4), *heartbeat(0, until), *extra, **settings)


def test_a_silence_of_more_than_28_days_after_five_active_days_is_a_lapse():
    story = lapsing(until=32)
    assert story.all("member.lapsed") == []

    story.when(*heartbeat(32, 35))

    lapsed = story.expect("member.lapsed", member="ana", active_days=5, usual_gap_days="1", silent_days=29).data
    assert lapsed.because[0].threshold == "more than 28 days"
    assert story.expect("member.lapsed").time == (MONDAY + days(33)).replace(hour=8)  # 10:00, summer time


def test_four_active_days_are_no_history():
    story = played(*active("ana", 0, 1, 2, 3), *heartbeat(0, 60))

    assert story.all("member.lapsed", member="ana") == []


def test_the_invitation_gives_an_open_question_in_the_persons_skills_and_counts_no_days():
    question = asked("low", MONDAY + days(30), post="q1", title="Quelle aiguille pour du cuir ?", tags=["Couture"])
    other = asked("low", MONDAY + days(31), post="q2", title="Un pneu ?", tags=["vélo"])
    story = lapsing(joined("ana", MONDAY, skills=["couture"]), question, other, until=33)
    story.when(*heartbeat(33, 35))

    assert story.expect("member.lapsed", invited=True, gives="q1")
    invitation = story.expect_message(template="lapse")
    assert (invitation.to.id, invitation.purse, invitation.thread) == ("ana", "attention", "q1")
    assert "« Quelle aiguille pour du cuir" in invitation.text.replace("\u00a0", " ")
    assert not any(character.isdigit() for character in invitation.text)


def test_nothing_to_give_no_invitation():
    answered = asked("low", MONDAY + days(30), post="q1", tags=["couture"])
    reply = posted("zoe", MONDAY + days(30) + hours(1), thread="q1", reply_to="q1", body="Une aiguille triangulaire.")
    story = lapsing(joined("ana", MONDAY, skills=["couture"]), answered, reply, until=36)

    assert story.all("member.lapsed", member="ana")[0].data.invited is False
    assert story.every_message(template="lapse") == []


def test_one_invitation_in_180_days():
    questions = [asked("low", MONDAY + days(day), title="Une idée ?") for day in (30, 80, 130, 200, 250)]
    comings = [fact for start in (0, 50, 100, 220) for fact in active("ana", *range(start, start + 5))]
    story = played(*comings, *heartbeat(0, 260), *questions)

    assert len(story.all("member.lapsed", member="ana")) == 4
    assert [event.data.invited for event in story.all("member.lapsed", member="ana")] == [True, False, False, True]


def test_back_is_returned():
    story = lapsing(until=40)

    returned = story.when(posted("ana", MONDAY + days(40))).expect("member.returned", after="lapse").data

    assert returned.away_days == 36
    assert returned.because[0].evidence[0] == story.all("member.lapsed")[0].id
    story.expect_none("message.requested", template="welcome_back")


def test_a_quiet_season_stands_still():
    june = days(91)  # the first of June
    acts = [reacted("ana", "p", MONDAY + june + days(day)) for day in range(26, 31)]  # until 1 July
    beats = [reacted("zoe", "p", MONDAY + june + days(day)) for day in range(26, 110)]
    story = played(*acts, *beats)

    # 13 days before the season, 42 in it; 29 days of silence that count are over on the 10th of September.
    assert [event.time.date().isoformat() for event in story.all("member.lapsed", member="ana")] == ["2026-09-10"]


def test_silence_of_the_platform_is_not_silence_of_people():
    story = played(*active("ana", 0, 1, 2, 3, 4), *heartbeat(0, 10))
    story.when(passing(MONDAY + days(100)))
    assert story.all("member.lapsed") == []

    story.when(*heartbeat(100, 110)).expect_none("member.lapsed", member="ana")
    story.when(*heartbeat(110, 130)).expect("member.lapsed", member="ana")


def test_rest_and_leaving_are_no_lapse():
    rested = lapsing(paused("ana", MONDAY + days(6)))
    gone = lapsing(left("ana", MONDAY + days(6)))

    assert rested.all("member.lapsed", member="ana") == gone.all("member.lapsed", member="ana") == []


def test_who_stopped_such_messages_lapses_without_an_invitation():
    story = lapsing(chose("ana", MONDAY + days(6), stop=["lapse"]), asked("low", MONDAY + days(30), title="Une idée ?"))

    assert story.all("member.lapsed", member="ana")[0].data.invited is False


def test_deadlines_opened_by_history_never_speak():
    history = [reacted("ana", "p", MONDAY + days(day), backfill=True) for day in range(-40, -30)]
    story = given(*history, opened=MONDAY - days(50)).when(*heartbeat(0, 60))

    assert all(event.backfill for event in story.all("member.lapsed", member="ana"))
    assert story.every_message(to="ana") == []


def test_a_human_says_that_it_is_no_lapse():
    story = lapsing(until=34)

    story.when(overruled(story.all("member.lapsed")[0], MONDAY + days(34)), *heartbeat(34, 50))

    story.when(posted("ana", MONDAY + days(51) + minutes(1))).expect_none("member.returned")


def test_the_question_of_somebody_who_left_is_given_to_nobody():
    story = given(*[reacted("kim", "p", MONDAY + days(day)) for day in range(6)], joined("lea", MONDAY))
    story.when(*[reacted("zoe", "p", MONDAY + days(day)) for day in range(6, 30)])
    story.when(asked("lea", MONDAY + days(30), post="q9"), left("lea", MONDAY + days(31), reason="deceased"))

    story.when(*[reacted("zoe", "p", MONDAY + days(day)) for day in range(32, 40)])

    story.expect("member.lapsed", member="kim", invited=False, gives=None)
