"""Care and complaints: humans first. The core team at once, no helpers, no public line, no suggestion, no credit."""

from facts import FRIDAY, MONDAY, asked, days, fact, hours, joined, minutes, overruled, posted, replied
from stories import given, passing
from support.service import SUPPORT
from support.state import Solved, Thread

EARLIER = MONDAY - days(2)
EVE = {"core_team": [{"member": "eve", "name": "Eve"}]}
CRY = "Je n'en peux plus, j'ai envie d'en finir."
GRUMBLE = "C'est inadmissible, trois semaines sans réponse."


def helper(name, at=EARLIER):
    return [joined(name, at, skills=["Vélo"]), posted(name, at + hours(1))]


def story_of(*facts, **playbook):
    return given(*facts, service=SUPPORT, playbook={"people": EVE, **playbook})


def test_words_of_distress_bring_the_core_team_at_once_at_any_hour():
    night = MONDAY.replace(hour=1)
    story = story_of(joined("lou", MONDAY - days(3)), hours="pro")

    story.when(posted("lou", night, post="p", body=CRY))

    story.expect("care.needed", member="lou", post="p", nature="distress")
    message = story.expect_message(template="care", to="core_team")
    assert (message.purse, message.priority, message.not_before) == ("none", "high", night)
    assert "finir" not in message.text


def test_a_deputy_who_stands_in_is_told_in_person_at_any_hour():
    away = {"first": "2026-03-01", "last": "2026-03-06", "deputy": "dan"}
    people = {"core_team": [{"member": "eve", "name": "Eve", "absences": [away]}]}
    story = story_of(people=people)

    story.when(posted("lou", MONDAY.replace(hour=1), body=CRY))

    assert {message.data.to.id for message in story.messages(template="care")} == {"core_team", "dan"}


def test_no_helper_no_public_line_no_suggestion_no_credit():
    story = story_of(*helper("bob"), asked("lou", post="q", body=CRY, tags=["vélo"]))

    story.when(passing(MONDAY + days(2)))
    assert {message.data.to.id for message in story.every_message()} == {"core_team"}
    assert not story.all("helper.asked")
    story.when(replied("bob", "q", MONDAY + days(2) + hours(1)))

    story.expect("question.answered")
    story.expect_none("helper.credited")
    story.when(fact("thread.resolved", MONDAY + days(3), thread="q")).expect("question.solved")
    assert story.rows(Solved) == []


def test_a_cry_in_somebodys_thread_silences_what_was_on_its_way_there():
    story = story_of(*helper("bob"), asked("ana", post="q", tags=["vélo"]), passing(MONDAY + minutes(46)))

    story.when(posted("lou", MONDAY + minutes(50), thread="q", body=CRY))

    story.expect("care.needed", thread="q", member="lou")
    story.expect("message.cancelled", to="bob")
    story.expect("helper.passed", member="bob", reason="withdrawn")
    story.when(passing(MONDAY + hours(2)))
    story.expect("question.unanswered", stage=1, told_role="core_team", told_channel=None)


def test_violence_is_named_as_such():
    story_of().when(posted("lou", body="Mon mari me bat, je ne sais plus quoi faire")).expect(
        "care.needed", nature="violence"
    )


def test_staff_who_speak_of_it_raise_no_alarm():
    story_of().when(posted("eve", body="Si quelqu'un a envie de mourir, appelez le 3114.")).expect_none("care.needed")


def test_a_false_alarm_overruled_is_an_ordinary_question_again():
    story = story_of(asked("lou", post="q", body=CRY))

    story.when(overruled(story.all("care.needed")[0], MONDAY + minutes(5)))

    thread = story.row(Thread, "q")
    assert (thread.troubled, thread.question.nature) == (False, "question")


def test_a_complaint_is_for_the_core_team_first_and_never_for_helpers():
    story = story_of(*helper("bob"), posted("ana", post="q", body=GRUMBLE, tags=["vélo"]))

    story.expect("question.opened", post="q", nature="complaint")
    assert "Les membres n'ont pas été sollicités" in story.expect_message(template="complaint", to="core_team").text
    story.when(passing(MONDAY + days(3)))

    assert not story.all("helper.asked")
    assert {message.data.to.id for message in story.every_message()} == {"core_team"}
    assert [event.data.stage for event in story.all("question.unanswered")] == [1, 3]


def test_the_platforms_flag_makes_a_complaint_and_its_no_takes_one_away():
    flagged = story_of().when(asked("ana", post="q", complaint=True, body="Bonjour."))
    cleared = story_of().when(asked("ana", post="q", complaint=False, body=GRUMBLE))

    flagged.expect("question.opened", nature="complaint", told_by="platform")
    cleared.expect("question.opened", nature="question")


def test_the_askers_answered_complaint_credits_nobody():
    story = story_of(posted("ana", post="q", body=GRUMBLE))

    story.when(replied("bob", "q", MONDAY + minutes(5))).expect("question.answered")
    story.expect_none("helper.credited")


def test_an_edit_with_words_of_distress_is_heard():
    story = story_of(asked("lou", post="q"))

    story.when(fact("post.updated", MONDAY + minutes(5), post="q", thread="q", body=CRY))

    story.expect("care.needed", member="lou", nature="distress")
    assert story.row(Thread, "q").question.nature == "care"


def test_a_human_may_mark_a_thread_as_care_or_complaint():
    story = story_of(posted("lou", FRIDAY, post="t", body="Je ne viendrai plus."))

    story.when(
        fact("question.marked", FRIDAY + hours(1), source="/operators/operator", thread="t", by="eve", value="care")
    )

    story.expect("care.needed", thread="t", member="lou")
    story.expect("question.opened", nature="care", told_by="human")
