"""Tasks and turns: to whom they suit best by skills and load, 48 hours to say yes, else the next."""

from facts import MONDAY, configured, days, erased, fact, hours, joined, left, minutes, overruled, paused, posted
from recognised import conversation, earned, people, pulse, told
from recognition.state import Standing
from recognition.state_book import Contribution
from recognition.state_circle import Task
from stories import passing

DUTY = {
    "duty": "veille",
    "name": {"fr": "la veille des questions", "en": "question watcher"},
    "skills": ["electricite"],
}
SKILLS = [{"skill": "electricite", "label": {"fr": "l'électricité", "en": "electricity"}, "synonyms": ["circuit"]}]

THE_DAY_BEFORE = MONDAY - days(1)


def lock(member, level, at=THE_DAY_BEFORE):
    return fact("stratum.locked", at, member=member, by="eve", value=level)


def workshop(*members, playbook=None, level="lending_a_hand", at=THE_DAY_BEFORE):
    """Members who take part, each with the skills given."""
    story = told(playbook={"skills": SKILLS, **(playbook or {})})
    for name, skills in members:
        story.when(joined(name, MONDAY - days(40), skills=skills))
    for name, _ in members:
        story.when(posted(name, at), lock(name, level, at))
    return story


def opened(task="t", at=MONDAY, **data):
    return fact(
        "task.opened", at, task=task, **{"title": "Vérifier les prises", "by": "eve", "skills": ["circuit"], **data}
    )


def test_a_task_is_offered_to_whose_skills_fit_best():
    story = workshop(("ana", []), ("ben", ["Électricité"]), ("cy", ["couture"]))

    story.when(opened())

    offered = story.expect("task.offered", task="t", member="ben", attempt=1)
    assert offered.data.matched_skills == ("electricite",)
    assert offered.data.expires_at == MONDAY + hours(48)
    message = story.expect_message(to="ben", template="task_offer")
    assert [(action.id, action.fact.type) for action in message.actions[:2]] == [
        ("yes", "task.accepted"),
        ("not_this_time", "task.declined"),
    ]
    assert "l'électricité" in message.text


def test_the_lightest_load_breaks_a_tie_and_nobody_is_chosen_twice_in_fourteen_days():
    story = workshop(("ana", ["circuit"]), ("ben", ["circuit"]))
    story.when(opened("t1"))
    first = story.expect("task.offered").data.member
    story.when(fact("task.accepted", MONDAY + hours(1), task="t1", member=first))

    story.when(opened("t2", MONDAY + hours(2)))
    second = story.expect("task.offered").data.member
    assert {first, second} == {"ana", "ben"}

    story.when(opened("t3", MONDAY + hours(3))).expect_none("task.offered")
    story.when(fact("task.declined", MONDAY + hours(4), task="t2", member=second))

    story.when(*[posted(name, MONDAY + days(14)) for name in ("ana", "ben")], opened("t4", MONDAY + days(15)))
    assert story.expect("task.offered", task="t4").data.member == second  # the other still has one to do


def test_silence_for_48_hours_passes_it_on():
    story = workshop(("ana", ["circuit"]), ("ben", []))
    story.when(opened())

    story.when(passing(MONDAY + hours(48)))

    passed = story.expect("task.passed", task="t", member="ana", reason="silent", next="ben")
    assert passed.time == MONDAY + hours(48)
    story.expect("task.offered", member="ben", attempt=2)
    story.expect("message.cancelled", why="silent")


def test_no_passes_it_on_at_once_and_when_nobody_is_left_the_core_team_is_told():
    story = workshop(("ana", ["circuit"]))
    story.when(opened())

    story.when(fact("task.declined", MONDAY + hours(1), task="t", member="ana"))

    assert story.expect("task.passed", member="ana", reason="declined").data.next is None
    story.expect_message(to="core_team", template="task_nobody")


def test_yes_assigns_it_and_is_answered_at_once():
    story = workshop(("ana", ["circuit"]))
    story.when(opened(due=MONDAY + days(6)))

    story.when(fact("task.accepted", MONDAY + hours(1), task="t", member="ana"))

    story.expect("task.assigned", task="t", member="ana", due=MONDAY + days(6))
    message = story.expect_message(to="ana", template="task_assigned", purse="reply")
    assert [action.id for action in message.actions] == ["done", "give_back", "stop"]
    story.when(passing(MONDAY + days(5))).expect_none("task.passed")


def test_somebody_else_who_takes_it_first_has_it_and_the_ask_is_called_back():
    story = workshop(("ana", ["circuit"]), ("ben", []))
    story.when(opened())

    story.when(fact("task.accepted", MONDAY + hours(1), task="t", member="ben"))

    story.expect("task.assigned", member="ben")
    story.expect("message.cancelled", why="answered")
    story.when(fact("task.accepted", MONDAY + hours(2), task="t", member="ana")).expect_none("task.assigned")


def test_a_task_given_back_goes_to_the_next():
    story = workshop(("ana", ["circuit"]), ("ben", []))
    story.when(opened(), fact("task.accepted", MONDAY + hours(1), task="t", member="ana"))

    story.when(fact("task.declined", MONDAY + hours(2), task="t", member="ana"))

    story.expect("task.passed", member="ana", reason="returned", next="ben")


def test_done_is_points_outside_the_limit_a_deed_and_thanks():
    story = workshop(("ana", ["circuit"]))
    story.when(opened(), fact("task.accepted", MONDAY + hours(1), task="t", member="ana"))

    story.when(fact("task.completed", MONDAY + hours(9), task="t", member="ana"))

    assert ("task_done", 600) in earned(story, "ana")
    assert story.row(Contribution, "ana").deeds[-1].title == "Vérifier les prises"
    assert "c'est grâce à toi" in story.expect_message(to="ana", template="task_done").text
    story.when(fact("task.completed", MONDAY + hours(10), task="t", member="ana")).expect_none("points.awarded")


def test_who_never_posted_or_was_not_here_lately_is_not_asked():
    story = told(*people("reader"), playbook={"skills": SKILLS})
    story.when(opened()).expect_none("task.offered")

    story = workshop(("ana", ["circuit"]), at=MONDAY - days(30))
    story.when(opened()).expect_none("task.offered")


def test_who_takes_part_a_little_is_asked_for_what_they_know_only():
    story = workshop(("ana", []), ("ben", ["circuit"]), level="taking_part")
    story.when(opened(skills=[])).expect_none("task.offered")

    story.when(opened("t2")).expect("task.offered", member="ben")


def test_nobody_at_rest_gone_or_who_said_stop_is_asked():
    story = workshop(("ana", ["circuit"]), ("ben", ["circuit"]), ("cy", ["circuit"]))
    story.when(
        paused("ana", MONDAY - hours(1)),
        left("ben", MONDAY - hours(1)),
        fact("preference.changed", MONDAY - hours(1), member="cy", stop=["task"]),
    )

    story.when(opened()).expect_none("task.offered")


def test_a_task_whose_member_leaves_pauses_or_is_forgotten_goes_on():
    story = workshop(("ana", ["circuit"]), ("ben", ["circuit"]), ("cy", ["circuit"]), ("dan", ["circuit"]))
    asked = []
    story.when(opened())
    asked.append(story.expect("task.offered").data.member)
    story.when(left(asked[0], MONDAY + hours(1)))
    story.expect("task.passed", reason="left", member=asked[0])
    asked.append(story.expect("task.offered").data.member)
    story.when(paused(asked[1], MONDAY + hours(2)))
    story.expect("task.passed", reason="paused", member=asked[1])
    asked.append(story.expect("task.offered").data.member)

    story.when(erased(asked[2], MONDAY + hours(3)))
    story.expect_none("task.passed")
    story.expect("task.offered")
    assert asked[2] not in repr(story.rows(Task))


def test_skills_shown_by_three_accepted_answers_count_as_declared_ones():
    story = workshop(("ana", []), ("ben", []), ("zoe", []))
    for n in range(3):
        at = MONDAY - hours(20 - 3 * n)
        story.when(*conversation("zoe", "ana", at, post=f"q{n}", tags=["Circuit"]))
        story.when(fact("answer.accepted", at + hours(2), member="zoe", post=f"q{n}-a", thread=f"q{n}"))

    story.when(opened())

    assert story.expect("task.offered", member="ana").data.matched_skills == ("electricite",)


def test_at_most_five_people_are_asked_and_nobody_after_its_day():
    story = workshop(*[(f"m{n}", ["circuit"]) for n in range(8)])
    story.when(opened(), *pulse(MONDAY + days(1), 15, "m0"))
    assert len(story.all("task.offered")) == 5

    story = workshop(("ana", ["circuit"]), ("ben", ["circuit"]))
    story.when(opened(due=MONDAY + hours(30)), passing(MONDAY + days(3)))
    assert len(story.all("task.offered")) == 1


def test_an_overruled_offer_goes_to_the_next():
    story = workshop(("ana", ["circuit"]), ("ben", []))
    story.when(opened())

    story.when(overruled(story.all("task.offered")[0], MONDAY + hours(1)))

    story.expect("task.offered", member="ben")


def duties():
    story = told(playbook={"skills": SKILLS, "recognition": {"duties": [DUTY]}, "people": {"relays": ["rea"]}})
    story.when(joined("rea", MONDAY - days(40)), joined("ana", MONDAY - days(40), skills=["circuit"]))
    return story.when(posted("rea", MONDAY - days(1)), posted("ana", MONDAY - days(1)), lock("ana", "holding_up"))


def test_a_turn_of_a_duty_is_offered_every_monday_at_ten_to_the_circle_first():
    story = duties()

    story.when(passing(MONDAY))

    offered = story.expect("task.offered", duty="veille")
    assert offered.time == MONDAY - hours(1)  # ten in Paris
    assert (offered.data.task, offered.data.member) == ("veille/2026-W10", "rea")
    assert story.expect_message(to="rea", template="task_offer").purse == "duty"
    evidence = offered.data.because[0].evidence
    assert evidence == (story.all("relay.appointed")[0].causationid,)


def test_at_the_end_of_a_turn_whoever_had_it_says_how_it_went():
    story = duties().when(passing(MONDAY))
    story.when(fact("task.accepted", MONDAY + hours(1), task="veille/2026-W10", member="rea"))

    story.when(posted("rea", MONDAY + days(6)), posted("ana", MONDAY + days(6)), passing(MONDAY + days(7) + hours(3)))

    message = story.expect_message(to="rea", template="turn_over")
    assert "la veille des questions" in message.text
    story.expect("task.offered", duty="veille", member="ana", task="veille/2026-W11")
    story.when(fact(message.actions[0].fact.type, MONDAY + days(7) + hours(4), task="veille/2026-W10", member="rea"))
    story.expect("points.awarded", act="task_done", member="rea")


def test_a_turn_nobody_answered_about_is_over_when_the_next_begins():
    story = duties().when(passing(MONDAY))

    story.when(posted("ana", MONDAY + days(6)), *pulse(MONDAY + days(7) + minutes(5), 2, "ana"))

    assert "veille/2026-W10" not in {task.task for task in story.rows(Task)}


def test_a_playbook_without_duties_offers_none_and_one_that_gets_them_does():
    story = told(*people("ana"), posted("ana", MONDAY - days(1)), lock("ana", "holding_up"))
    story.when(passing(MONDAY + hours(5))).expect_none("task.offered")

    story.when(configured(MONDAY + days(1), "v2", timezone="Europe/Paris", recognition={"duties": [DUTY]}))
    story.when(posted("ana", MONDAY + days(6)), passing(MONDAY + days(7)))
    story.expect("task.offered", duty="veille", member="ana")
    assert story.row(Standing, "ana").locked


def test_history_offers_nothing():
    story = workshop(("ana", ["circuit"]))

    story.when(fact("task.opened", MONDAY, task="t", title="x", by="eve", backfill=True))

    assert story.all("task.offered") == []
    assert story.row(Task, "t").state == "open"
