"""Helper match: skill, own hours, duty purse, least recently asked; passing on, calling back, limits."""

import pytest

from facts import MONDAY, asked, chose, days, fact, hours, joined, left, minutes, paused, posted, replied
from stories import given, passing
from support.service import SUPPORT
from support.state import Helper, Thread

EARLIER = MONDAY - days(2)
WARNED = MONDAY + minutes(45)


def helper(name, at=EARLIER, skills=("Vélo",), **data):
    """Somebody with a skill who writes here."""
    return [joined(name, at, skills=list(skills), **data), posted(name, at + hours(1))]


def story_of(*facts, **playbook):
    return given(*facts, service=SUPPORT, playbook=playbook)


def bike(at=MONDAY, thread="q", member="ana"):
    return asked(member, at, post=thread, tags=["vélo"])


def whom(story):
    return [event.data.member for event in story.found("helper.asked")]


def request_to(story, member):
    return [event for event in story.every_message(template="helper") if event.data.to.id == member][-1]


def answer(story, type_, member, at):
    return fact(type_, at, request=request_to(story, member).id, member=member)


def test_only_members_with_a_skill_on_the_tags_are_asked():
    story = story_of(*helper("bob"), *helper("cleo", skills=["cuir"]), bike())

    story.when(passing(WARNED)).expect("helper.asked", member="bob", matched_skills=("velo",), derived=False)

    assert whom(story) == ["bob"]


def test_skills_are_matched_by_the_playbooks_synonyms():
    skills = [{"skill": "velo", "label": {"fr": "le vélo", "en": "bikes"}, "synonyms": ["bicyclette"]}]
    story = story_of(*helper("bob", skills=["Bicyclette"]), bike(), skills=skills)

    story.when(passing(WARNED)).expect("helper.asked", member="bob")

    assert "le vélo" in request_to(story, "bob").data.text


def test_a_place_without_tags_is_matched_by_skills_that_the_words_name():
    skills = [{"skill": "reliure", "label": {"fr": "la reliure", "en": "bookbinding"}, "synonyms": ["reliure"]}]
    question = asked("ana", post="q", title="Quelle colle pour la reliure d'un carnet ?")
    story = story_of(*helper("bob", skills=["reliure"]), question, skills=skills)

    story.when(passing(WARNED)).expect("helper.asked", member="bob")


def test_nobody_who_never_wrote_is_asked():
    story = story_of(joined("bob", MONDAY - days(2), skills=["vélo"]), bike())

    story.when(passing(WARNED)).expect_none("helper.asked")


def test_the_asker_staff_and_programs_are_not_asked():
    team = {"core_team": [{"member": "eve", "name": "Eve"}]}
    story = story_of(*helper("ana"), *helper("eve"), *helper("robot", bot=True), bike(), people=team)

    story.when(passing(WARNED)).expect_none("helper.asked")


def test_declared_hours_are_kept():
    evening = {day: ["19:00-21:00"] for day in ("monday", "tuesday")}
    story = story_of(*helper("bob"), *helper("cleo"), chose("bob", MONDAY - days(1), hours=evening), bike())

    story.when(passing(WARNED))

    assert whom(story) == ["cleo"]


def test_learned_hours_are_those_that_hold_most_acts():
    evenings = [posted("bob", MONDAY.replace(hour=19) - days(n)) for n in range(1, 13)]
    story = story_of(joined("bob", MONDAY - days(20), skills=["vélo"]), *evenings[::-1], *helper("cleo"), bike())
    story.when(passing(WARNED))
    assert whom(story) == ["cleo"]

    night = MONDAY.replace(hour=18, minute=20)  # 19:20 in Paris; 19:05 is when the helpers are asked
    story.when(bike(night, "q2"), passing(night + minutes(45)))

    assert sorted(whom(story)) == ["bob", "cleo"]


def test_a_full_duty_purse_is_not_asked_and_asks_are_two_hours_apart():
    story = story_of(*helper("bob"), bike(), passing(WARNED))
    story.when(bike(MONDAY + hours(1), "q2"), passing(MONDAY + hours(1) + minutes(45))).expect_none("helper.asked")

    for n in (3, 6):
        story.when(bike(MONDAY + hours(n), f"q{n}"), passing(MONDAY + hours(n) + minutes(45)))
        assert whom(story) == ["bob"]
    story.when(bike(MONDAY + hours(9), "q9"), passing(MONDAY + hours(9) + minutes(45))).expect_none("helper.asked")


def test_nobody_is_asked_at_night():
    night = MONDAY.replace(hour=22)
    story = story_of(*helper("bob"), bike(night))

    story.when(passing(night + minutes(45)))

    story.expect("question.warned", helpers=())


def test_the_least_recently_asked_goes_first():
    story = story_of(*helper("bob"), *helper("cleo"), bike(), passing(WARNED), support={"helpers_asked": 1})
    first = story.all("helper.asked")[0].data.member

    story.when(replied("zoe", "q", MONDAY + minutes(50)), bike(MONDAY + hours(4), "q2"))
    story.when(passing(MONDAY + hours(4) + minutes(45)))

    assert whom(story) == [{"bob": "cleo", "cleo": "bob"}[first]]


def test_not_this_time_passes_on_to_the_next():
    story = story_of(*helper("bob"), *helper("cleo"), bike(), passing(WARNED), support={"helpers_asked": 1})
    first = story.all("helper.asked")[0].data.member
    second = {"bob": "cleo", "cleo": "bob"}[first]

    story.when(answer(story, "ask.declined", first, WARNED + minutes(2)))

    story.expect("helper.passed", member=first, reason="declined", next=second)
    story.expect("helper.asked", member=second, attempt=2)


def test_the_same_tap_as_request_answered_does_the_same():
    story = story_of(*helper("bob"), bike(), passing(WARNED))
    request = request_to(story, "bob").id

    story.when(fact("request.answered", WARNED + minutes(1), request=request, member="bob", answer="not_this_time"))

    story.expect("helper.passed", member="bob", reason="declined", next=None)


def test_thirty_office_minutes_of_silence_pass_on():
    story = story_of(*helper("bob"), *helper("cleo"), bike(), passing(WARNED), support={"helpers_asked": 1})
    first = story.all("helper.asked")[0].data.member

    story.when(passing(WARNED + minutes(29))).expect_none("helper.passed")
    story.when(passing(WARNED + minutes(30))).expect("helper.passed", member=first, reason="silent")

    assert len(whom(story)) == 1


def test_who_said_yes_is_looking_and_is_not_passed_over():
    story = story_of(*helper("bob"), *helper("cleo"), bike(), passing(WARNED), support={"helpers_asked": 1})
    first = story.all("helper.asked")[0].data.member

    story.when(answer(story, "ask.accepted", first, WARNED + minutes(2)), passing(WARNED + minutes(40)))

    story.expect_none("helper.passed")
    assert story.row(Thread, "q").question.asks[0].accepted


def test_who_says_nothing_to_three_asks_in_a_row_is_left_in_peace_for_a_week():
    story = story_of(*helper("bob"), bike(), passing(MONDAY + minutes(80)))
    for n in (1, 2, 3):
        at = MONDAY + days(n)
        story.when(bike(at, f"q{n}"), passing(at + minutes(80)))
        assert whom(story) == (["bob"] if n < 3 else [])

    at = MONDAY + days(10)
    story.when(bike(at, "later"), passing(at + minutes(45))).expect("helper.asked", member="bob")


def test_a_no_is_a_word_and_nobody_is_left_out_for_it():
    story = story_of(*helper("bob"))
    for n in range(4):
        at = MONDAY + days(n)
        story.when(bike(at, f"q{n}"), passing(at + minutes(45)))
        assert whom(story) == ["bob"]
        story.when(answer(story, "ask.declined", "bob", at + minutes(50)))


def test_a_question_asks_only_so_many_helpers():
    names = [f"h{n}" for n in range(5)]
    people = [event for name in names for event in helper(name)]
    story = story_of(*people, bike(), support={"helpers_asked": 1, "helper_attempts_most": 3})

    story.when(passing(MONDAY + minutes(235)))

    assert len(whom(story)) == 3


@pytest.mark.parametrize(
    ("happening", "reason"),
    [(left("bob", WARNED + minutes(5)), "left"), (paused("bob", WARNED + minutes(5)), "paused")],
)
def test_a_helper_who_leaves_or_pauses_while_asked_passes_on(happening, reason):
    story = story_of(*helper("bob"), bike(), passing(WARNED))

    story.when(happening).expect("helper.passed", member="bob", reason=reason)


def test_who_stopped_these_messages_or_rests_is_not_asked():
    stopped = chose("bob", MONDAY - days(1), stop=["helper"])
    story = story_of(*helper("bob"), *helper("cleo"), stopped, paused("cleo", MONDAY - days(1)), bike())

    story.when(passing(WARNED)).expect_none("helper.asked")


def thanked(story, number, at, tag="vélo"):
    """Bob answers a question and is thanked."""
    thread = f"t{number}"
    return story.when(
        asked(f"asker{number}", at, post=thread, tags=[tag]),
        replied("bob", thread, at + minutes(3)),
        posted(f"asker{number}", at + minutes(6), thread=thread, body="Merci beaucoup !"),
    )


def test_three_thanked_answers_on_a_tag_make_a_skill_that_is_put_to_the_member():
    story = story_of(joined("bob", MONDAY - days(9)))
    for n in range(2):
        thanked(story, n, MONDAY - days(3 - n)).expect_none("message.requested", template="skill")

    message = thanked(story, 3, MONDAY - days(1)).expect_message(template="skill", to="bob")

    assert message.actions[0].fact.data["skills"] == ["velo"]
    story.when(bike(), passing(WARNED)).expect("helper.asked", member="bob", derived=True)


def test_a_derived_skill_that_is_refused_is_used_no_more():
    story = story_of(joined("bob", MONDAY - days(9)))
    for n in range(3):
        thanked(story, n, MONDAY - days(3 - n))
    request = story.every_message(template="skill")[-1]

    story.when(fact("request.answered", MONDAY - hours(5), request=request.id, member="bob", answer="no"))

    story.when(bike(), passing(WARNED)).expect_none("helper.asked")


def test_who_wants_no_profile_has_no_derived_skill_and_no_credit_by_name():
    story = story_of(joined("bob", MONDAY - days(9)), chose("bob", MONDAY - days(8), profiling=False))
    for n in range(3):
        thanked(story, n, MONDAY - days(3 - n)).expect_none("helper.credited")

    assert story.row(Helper, "bob") is None
    assert len(story.all("question.answered", member="bob")) == 3


def test_a_withdrawn_acceptance_takes_its_credit_back():
    story = story_of(joined("bob", MONDAY - days(9)), bike(), replied("bob", "q", MONDAY + minutes(5), post="r"))
    story.when(fact("answer.accepted", MONDAY + hours(1), member="ana", post="r", thread="q"))
    assert len(story.row(Helper, "bob").credits) == 1

    story.when(fact("answer.withdrawn", MONDAY + hours(2), member="ana", post="r", thread="q"))

    assert story.row(Helper, "bob").credits == ()
