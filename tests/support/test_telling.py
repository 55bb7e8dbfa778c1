"""What support tells of a member: what they asked and how it stands, what they can help with."""

from facts import MONDAY, asked, hours, joined, minutes, replied
from stories import given, passing
from support.service import SUPPORT
from told import telling, told_of

SKILLS = [{"skill": "colle", "label": {"fr": "la colle", "en": "glue"}}]


def story_of(*happenings):
    return given(*happenings, service=SUPPORT, playbook={"skills": SKILLS})


def test_an_open_question_says_when_more_people_are_told():
    story = story_of(joined("ana", MONDAY), asked("ana", MONDAY, post="q", title="Quelle colle ?"))

    assert told_of(story, "ana", "standing") == [
        "1 question asked.",
        "Question without an answer: “Quelle colle ?”, Monday 2 March 2026 at 11:00.",
    ]
    assert told_of(story, "ana", "open")[0].startswith("Without an answer to “Quelle colle ?”, more people are told:")


def test_an_answered_question_is_told_as_such():
    story = story_of(joined("ana", MONDAY), joined("ben", MONDAY), asked("ana", MONDAY, post="q"))
    story.when(replied("ben", "q", MONDAY + hours(1)))

    assert told_of(story, "ana", "standing")[1].startswith("Question with an answer:")
    assert told_of(story, "ben", "standing") == []


def test_a_helper_who_is_asked_sees_until_when_and_in_their_own_copy_not_whose_question_it_is():
    story = story_of(joined("ana", MONDAY, display_name="Ana"), joined("ben", MONDAY, skills=["colle"]))
    story.when(
        asked("ben", MONDAY, post="mine"), asked("ana", MONDAY, post="q", title="Quelle colle ?", tags=["colle"])
    )
    story.when(passing(MONDAY + minutes(50)))

    copies = {audience: telling(story, "ben", audience) for audience in ("manager", "member")}

    assert "Skills declared: colle." in told_of(story, "ben", "standing")
    asks = [tell for tell in copies["manager"]["tells"] if tell["key"] == "ask_due"]
    assert [(ask["values"]["asker"], ask["values"]["title"]) for ask in asks] == [("ana", "Quelle colle ?")]
    own = [tell for tell in copies["member"]["tells"] if tell["key"] == "ask_due"]
    assert [tell["values"] for tell in own] == [{}]
    assert "Quelle colle" not in str(copies["member"])
