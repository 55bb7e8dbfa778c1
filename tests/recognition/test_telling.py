"""What recognition tells of a member: stratum, what is missing, what keeps it, tasks, circle; points to nobody else."""

from facts import MONDAY, accepted, chose, days, fact, hours, paused, posted
from recognised import conversation, people, regular, told
from told import telling, told_of


def test_somebody_who_listens_sees_what_taking_part_asks_for():
    story = told(*people("ana"), posted("ana", MONDAY))

    assert told_of(story, "ana", "standing")[0].startswith("Stratum: “listening in”, since")
    assert told_of(story, "ana", "next") == [
        "For “taking part”, 1 thing is missing:",
        "Days of being there: 1 of 2, in 100 days.",
    ]
    assert told_of(story, "ana", "keeping") == []
    assert (
        told_of(story, "ana", "next", language="fr")[1] == "Jours de présence\N{NO-BREAK SPACE}: 1 sur 2, en 100 jours."
    )


def test_a_mainstay_sees_what_keeps_the_stratum_until_when_and_what_the_circle_takes():
    story = told(*people("ana", "zoe", *[f"fan{n}" for n in range(6)]), *regular("ana", MONDAY, 27))
    story.when(fact("nomination.made", MONDAY + days(26), member="ana", by="zoe"))

    assert any(said.startswith("Stratum: “mainstay”") for said in told_of(story, "ana", "standing"))
    lacking = told_of(story, "ana", "next")
    assert lacking[0] == "For “relay”, 4 things are missing:"
    assert "Nominations: 1 of 2." in lacking
    keeping = told_of(story, "ana", "keeping")
    assert keeping[0].startswith("Without anything more, the stratum holds until ")
    assert "Flags upheld: 0 with 5 at most, in 100 days." in keeping


def test_points_are_told_to_the_member_who_asks_and_to_nobody_else():
    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"))
    story.when(accepted("q-a", "q", "zoe", MONDAY + hours(2)))

    assert not [said for said in told_of(story, "ana", "standing") if "oint" in said]
    assert [said for said in told_of(story, "ana", "standing", "member") if said.startswith("Points (for you alone): ")]


def test_an_open_task_says_until_when_it_waits():
    sewing = [{"skill": "couture", "label": {"fr": "la couture", "en": "sewing"}}]
    story = told(*people("ana", skills=["couture"]), posted("ana", MONDAY), playbook={"skills": sewing})
    story.when(fact("stratum.locked", MONDAY, member="ana", by="eve", value="lending_a_hand"))
    story.when(
        fact("task.opened", MONDAY + hours(1), task="t", title="Recoudre la bâche", by="eve", skills=["couture"])
    )

    assert "Offered: Recoudre la bâche." in told_of(story, "ana", "standing")
    assert told_of(story, "ana", "open") == [
        "An answer about “Recoudre la bâche” is awaited by Wednesday 4 March 2026 at 12:00."
    ]


def test_who_rests_or_wants_no_profile_is_told_just_that():
    story = told(*people("ana", "ben"), posted("ana", MONDAY), posted("ben", MONDAY))
    story.when(paused("ana", MONDAY + hours(1)), chose("ben", MONDAY + hours(1), profiling=False))

    assert "At rest: the stratum does not move." in told_of(story, "ana", "standing")
    assert told_of(story, "ben", "standing") == [
        "No stratum and no points: a program, the team, or the person's choice."
    ]
    assert telling(story, "nobody")["tells"] == []
