"""The raid guard: more than 5 uninvited joins in a minute are held; one grouped welcome once calm."""

from facts import MONDAY, days, erased, fact, hours, joined, minutes, overruled, seconds
from onboarding.state import Door
from stories import given, passing


def rush(number, at=MONDAY, **data):
    return [joined(f"m{n}", at + seconds(n), **data) for n in range(number)]


def test_five_in_a_minute_are_no_raid():
    story = given(*rush(5)).when(passing(MONDAY + minutes(11)))

    assert len(story.found("member.welcomed")) == 5
    assert story.all("welcome.held") == []


def test_six_in_a_minute_are_held_with_those_before_and_the_core_team_is_told():
    story = given().when(*rush(6))

    assert [event.data.member for event in story.found("welcome.held")] == ["m0", "m1", "m2", "m3", "m4", "m5"]
    held = story.expect("welcome.held", member="m5").data
    assert held.reason == "raid"
    assert held.because[0].threshold == "5 joins in 60 s"
    assert (held.because[0].actual, len(held.because[0].evidence)) == (6, 6)
    told = story.expect_message(template="raid")
    assert (told.to.kind, told.to.id, told.purse) == ("role", "core_team", "none")


def test_calm_for_fifteen_minutes_makes_one_grouped_welcome():
    story = given(*rush(8))

    story.when(passing(MONDAY + minutes(15))).expect_none("member.welcomed")
    story.when(passing(MONDAY + minutes(16)))

    assert len(story.found("member.welcomed", grouped=True, together=8)) == 8
    story.expect_message(template="welcome")


def test_the_raid_goes_on_while_more_come():
    story = given(*rush(8), *[joined(f"n{n}", MONDAY + minutes(10) + seconds(n)) for n in range(6)])

    story.when(passing(MONDAY + minutes(20))).expect_none("member.welcomed")
    story.when(passing(MONDAY + minutes(26)))

    assert len(story.found("member.welcomed")) == 14


def test_accounts_younger_than_twelve_hours_are_welcomed_and_not_named():
    young = [joined(f"y{n}", MONDAY + seconds(n), account_created_at=MONDAY - hours(1)) for n in range(5)]
    story = given(*young, joined("old", MONDAY + seconds(6), account_created_at=MONDAY - days(300)))
    story.when(passing(MONDAY + minutes(20)))

    welcome = story.expect_message(template="welcome")

    assert len(story.found("member.welcomed")) == 6
    assert welcome.mentions == ("old",)
    assert "Old" in welcome.text
    assert "Y1" not in welcome.text


def test_when_nobody_can_be_named_the_text_still_reads_well():
    story = given(*rush(7, account_created_at=MONDAY - minutes(5))).when(passing(MONDAY + minutes(20)))

    welcome = story.expect_message(template="welcome")

    assert welcome.text.startswith("Bonjour à toutes les personnes qui viennent d'arriver")
    assert welcome.mentions == ()


def test_invited_people_are_no_raid():
    story = given(*rush(10, invited_by="eve")).when(passing(MONDAY + minutes(11)))

    assert len(story.found("member.welcomed", grouped=False)) == 10


def test_an_announced_surge_is_no_raid():
    surge = fact("surge.announced", MONDAY - hours(1), from_=MONDAY, until=MONDAY + hours(2), why="an article")
    story = given(surge, *rush(10)).when(passing(MONDAY + minutes(11)))

    assert len(story.found("member.welcomed", grouped=False)) == 10


def test_who_came_before_the_raid_is_welcomed_in_time():
    story = given(joined("ana", MONDAY - minutes(5)), *rush(7)).when(passing(MONDAY + minutes(5)))

    story.expect("member.welcomed", member="ana", together=1, grouped=False)


def test_a_human_says_that_it_is_no_raid():
    story = given(*rush(7))
    held = story.all("welcome.held")[0]

    story.when(overruled(held, MONDAY + minutes(2)), passing(MONDAY + minutes(2)))

    assert len(story.found("member.welcomed")) == 7


def test_the_guard_keeps_no_more_than_it_counts_and_forgets_who_is_erased():
    story = given(*rush(50))
    assert len(story.row(Door).recent) == 6

    story.when(erased("m49", MONDAY + minutes(1)))

    assert "m49" not in [arrival.member for arrival in story.row(Door).recent]


def test_a_large_welcome_names_twenty_and_says_that_there_are_others():
    story = given(*rush(40, invited_by="eve")).when(passing(MONDAY + minutes(11)))

    welcome = story.expect_message(template="welcome")

    assert len(welcome.mentions) == 20
    assert "et toutes les personnes qui viennent d'arriver" in welcome.text
    assert len(story.found("member.welcomed")) == 40


def test_joinings_told_newest_first_are_no_raid_when_they_were_minutes_apart():
    story = given(*[joined(f"p{n}", MONDAY + minutes(14) - minutes(2 * n)) for n in range(7)])

    story.when(passing(MONDAY + hours(1))).expect_none("welcome.held")
    assert len(story.all("member.welcomed")) == 7


def test_a_raid_told_newest_first_is_a_raid_all_the_same():
    story = given(*[joined(f"p{n}", MONDAY + seconds(40) - seconds(5 * n)) for n in range(7)])

    assert len(story.all("welcome.held", reason="raid")) == 7


def test_young_accounts_of_a_raid_are_not_named_when_they_have_to_wait_for_a_wave_either():
    waves = [
        {"wave": "un", "name": {"fr": "un", "en": "one"}, "populations": ["a"], "opens": "2026-03-02"},
        {"wave": "deux", "name": {"fr": "deux", "en": "two"}, "populations": ["b"], "opens": "2026-04-13"},
    ]
    story = given(playbook={"launch": {"start": "2026-03-02", "waves": waves}})

    story.when(*rush(7, population="b", account_created_at=MONDAY - hours(1)), passing(MONDAY + hours(1)))

    told = story.expect_message(template="wave_closed")
    assert told.mentions == ()
    assert told.text.startswith("Bonjour à toutes les personnes qui viennent d'arriver. Votre place")
