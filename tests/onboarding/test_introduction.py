"""Introduction: Tuesday and Thursday 10:00, five at most who agreed, with those most likely to answer."""

from facts import (
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    asked,
    chose,
    days,
    fact,
    hours,
    joined,
    left,
    minutes,
    motivated,
    overruled,
    paused,
    posted,
    replied,
    updated,
)
from onboarding.state import Guide, Newcomer
from stories import given, passing

AT_TEN = TUESDAY.replace(hour=9)  # 10:00 in Paris
PLACES = {"places": {"introductions": {"channel": "presentations", "name": "#présentations"}}}


def newcomers(*names, at=MONDAY, **data):
    story = given(*[joined(name, at, **data) for name in names], playbook=PLACES)
    return story.when(passing(at + minutes(10)))


def test_those_who_agreed_are_introduced_on_tuesday_at_ten_by_skills_and_experience():
    story = newcomers("ana", skills=["Couture", "Vélo", "Soudure", "Zinguerie"], experience="Dix ans d'atelier")
    story.when(motivated("ana", MONDAY + hours(1), "share"), chose("ana", MONDAY + hours(2), introduce=True))

    story.when(passing(AT_TEN - minutes(1))).expect_none("member.introduced")
    story.when(passing(AT_TEN))

    introduced = story.expect("member.introduced", member="ana", channel="presentations").data
    text = story.expect_message(template="introduction").text
    assert introduced.skills == ("couture", "soudure", "velo")
    assert "Une nouvelle tête cette semaine." in text
    assert "- Ana connaît couture, soudure et velo et vient pour partager" in text.replace("\u00a0", " ")
    assert "Dix ans d'atelier" in text


def test_nobody_is_introduced_without_a_yes():
    story = newcomers("ana", "bob").when(
        posted("ana", MONDAY + hours(1)), chose("bob", MONDAY + hours(1), introduce=False)
    )

    story.when(passing(THURSDAY)).expect_none("member.introduced")


def test_the_next_day_is_thursday_and_then_tuesday():
    story = newcomers("ana").when(chose("ana", TUESDAY + hours(1), introduce=True), passing(THURSDAY))

    assert story.expect("member.introduced").time == THURSDAY.replace(hour=9)


def test_five_at_most_oldest_first_and_the_others_are_carried_over():
    names = [f"n{n}" for n in range(7)]
    story = newcomers(*names[:4]).when(*[joined(name, MONDAY + hours(1)) for name in names[4:]])
    story.when(*[chose(name, MONDAY + hours(2) + minutes(n), introduce=True) for n, name in enumerate(names)])

    story.when(passing(AT_TEN))
    assert [event.data.member for event in story.found("member.introduced")] == names[:5]
    story.when(passing(THURSDAY))
    assert [event.data.member for event in story.found("member.introduced")] == names[5:]


def test_carried_over_for_fourteen_days_and_no_longer():
    story = newcomers("ana").when(
        chose("ana", MONDAY + hours(2), introduce=True), paused("ana", MONDAY + hours(3), until=MONDAY + days(20))
    )

    story.when(passing(MONDAY + days(30))).expect_none("member.introduced")
    assert story.row(Newcomer, "ana").introduction == "passed"


def test_a_yes_taken_back_before_the_day_holds():
    story = newcomers("ana").when(chose("ana", MONDAY + hours(2), introduce=True))

    story.when(chose("ana", MONDAY + hours(3), introduce=False), passing(THURSDAY)).expect_none("member.introduced")


def test_who_left_is_not_introduced():
    story = newcomers("ana").when(chose("ana", MONDAY + hours(2), introduce=True), left("ana", MONDAY + hours(3)))

    story.when(passing(THURSDAY)).expect_none("member.introduced")


def test_a_profile_that_says_yes_without_a_sign_of_life_waits_for_one():
    story = newcomers("ana").when(updated("ana", MONDAY + hours(1), introduce=True))
    story.when(passing(AT_TEN)).expect_none("member.introduced")

    story.when(posted("ana", TUESDAY), passing(THURSDAY)).expect("member.introduced", member="ana")


def test_it_names_members_who_share_skills_then_those_who_answer_newcomers():
    story = given(
        *[joined(name, MONDAY - days(60), skills=skills) for name, skills in (("vera", ["vélo"]), ("viv", ["vélo"]))],
        joined("tim", MONDAY - days(60)),
        joined("low", MONDAY - days(60)),
        playbook=PLACES,
    )
    story.when(asked("low", MONDAY - days(50), post="q1"), replied("tim", "q1", MONDAY - days(49)))
    story.when(joined("ana", MONDAY, skills=["Vélo"]), passing(MONDAY + minutes(10)))
    story.when(chose("ana", MONDAY + hours(2), introduce=True), passing(AT_TEN))

    introduced = story.expect("member.introduced", member="ana").data

    assert set(introduced.helpers[:2]) == {"vera", "viv"}
    assert introduced.helpers[2] == "tim"
    assert "vous avez des choses à vous dire" in story.expect_message(template="introduction").text


def test_nobody_is_named_twice_within_seven_days():
    story = given(*[joined(name, MONDAY - days(60), skills=["vélo"]) for name in ("vera", "viv")], playbook=PLACES)
    story.when(joined("ana", MONDAY, skills=["vélo"]), joined("bob", MONDAY, skills=["vélo"]))
    story.when(chose("ana", MONDAY + hours(2), introduce=True), passing(AT_TEN))
    assert len(story.expect("member.introduced", member="ana").data.helpers) == 2

    story.when(chose("bob", TUESDAY + hours(2), introduce=True), passing(THURSDAY))
    assert story.expect("member.introduced", member="bob").data.helpers == ()


def test_one_name_alone_is_not_put_on_the_spot_and_staff_is_never_named():
    story = given(
        joined("vera", MONDAY - days(60), skills=["vélo"]),
        joined("eve", MONDAY - days(60), skills=["vélo"], staff=True),
    )
    story.when(joined("ana", MONDAY, skills=["vélo"]), passing(MONDAY + minutes(10)))

    story.when(chose("ana", MONDAY + hours(2), introduce=True), passing(AT_TEN))

    assert story.expect("member.introduced").data.helpers == ()


def test_answers_older_than_ninety_days_count_no_more():
    story = given(joined("tim", MONDAY - days(120)), joined("low", MONDAY - days(120)), opened=MONDAY - days(130))
    story.when(asked("low", MONDAY - days(100), post="q1"), replied("tim", "q1", MONDAY - days(99)))
    story.when(joined("ana", MONDAY), passing(MONDAY + minutes(10)))

    story.when(chose("ana", MONDAY + hours(2), introduce=True), passing(AT_TEN))

    assert story.expect("member.introduced").data.helpers == ()


def test_three_accepted_answers_on_a_tag_make_a_skill_that_counts():
    story = given(*[joined(name, MONDAY - days(30)) for name in ("tim", "viv", "low")], playbook=PLACES)
    for n, name in enumerate(["tim", "viv"] * 3):
        at = MONDAY - days(20) + hours(n)
        story.when(asked("low", at, post=f"q{n}", tags=["Vélo"]))
        story.when(replied(name, f"q{n}", at + minutes(5), post=f"a{n}"))
        accepted = {"member": "low", "post": f"a{n}", "thread": f"q{n}", "answer_author": name}
        story.when(fact("answer.accepted", at + minutes(9), **accepted))
    assert len(story.row(Guide, "tim").accepted) == 3

    story.when(joined("ana", MONDAY, skills=["vélo"]), chose("ana", MONDAY + hours(2), introduce=True), passing(AT_TEN))

    reasons = story.expect("member.introduced", member="ana").data.because
    assert reasons[1].actual == "2: velo"


def test_the_weekdays_and_the_hour_are_the_playbooks():
    figures = {"introduction_weekdays": ["saturday"], "introduction_time": "15:30"}
    story = given(joined("ana"), playbook={"onboarding": figures}).when(passing(MONDAY + minutes(10)))

    story.when(chose("ana", MONDAY + hours(2), introduce=True), passing(SATURDAY + days(1)))

    assert story.expect("member.introduced").time == SATURDAY.replace(hour=14, minute=30)


def test_a_human_takes_an_introduction_back():
    story = newcomers("ana").when(chose("ana", MONDAY + hours(2), introduce=True), passing(AT_TEN))

    story.when(overruled(story.expect("member.introduced"), AT_TEN + minutes(5))).expect(
        "message.cancelled", to="presentations"
    )


def test_an_experience_line_is_one_line_whatever_was_written():
    story = given(joined("ana", MONDAY, experience="Dix ans\n\nAnnonce : fermeture"), passing(MONDAY + hours(1)))

    story.when(chose("ana", MONDAY + hours(2), introduce=True), passing(MONDAY + days(2)))

    assert (
        "En une ligne\u00a0: «\u00a0Dix ans Annonce\u00a0: fermeture\u00a0»\n"
        in story.expect_message(template="introduction").text
    )
