"""Purses are counted over all services: who was written to by one is left in peace by the others."""

from datetime import datetime, timedelta
from itertools import pairwise

from facts import MONDAY, asked, days, fact, hours, joined, minutes, posted, replied, said_yes
from stories import passing
from together import EARLIER, old_hands, tapped, together

DAY_STARTS, DAY_ENDS = 7, 20  # UTC: 08:00 and 21:00 in Paris in winter


def founded(*more):
    """Réa is the only relay; the others spoke before there was one, so that she is asked for newcomers alone."""
    first_words = [posted(name, EARLIER + days(1)) for name in ("rea", "bob", "zoe")]
    story = together(*old_hands("rea", skills=["vélo"]), *old_hands("bob", "zoe"), *first_words)
    story.when(passing(EARLIER + days(3)))
    story.when(tapped(story, "rea", "yes", EARLIER + days(3), template="founding_relay"))
    return story.when(*more)


def taken(story, member, purse):
    """When a member's purse was spent, and by which service."""
    messages = [message for message in story.every_message(to=member) if message.data.purse == purse]
    return [(message.time, message.source.rpartition("/")[2]) for message in messages if message.time >= MONDAY]


def test_who_was_asked_for_a_newcomer_is_not_asked_to_help_for_two_hours():
    story = founded(joined("ana"), passing(MONDAY + minutes(11)), posted("ana", MONDAY + minutes(20)))
    assert taken(story, "rea", "duty") == [(MONDAY + minutes(20), "onboarding")]

    first = asked("zoe", MONDAY + minutes(40), post="q1", title="Mon dérailleur saute", tags=["vélo"])
    second = asked("zoe", MONDAY + hours(3), post="q2", title="Un rayon cassé", tags=["vélo"])
    story.when(first, second, passing(MONDAY + hours(4)))

    assert [event.data.thread for event in story.all("helper.asked", member="rea")] == ["q2"]
    assert taken(story, "rea", "duty") == [
        (MONDAY + minutes(20), "onboarding"),
        (MONDAY + hours(3) + minutes(45), "support"),
    ]


def test_no_more_than_three_asks_in_twenty_hours_whoever_asks():
    newcomers = [f"n{n}" for n in range(3)]
    story = founded()
    for n, name in enumerate(newcomers):
        at = MONDAY + hours(2 * n) - hours(2)
        story.when(joined(name, at), posted(name, at + minutes(20)), passing(at + minutes(30)))
    assert [service for _, service in taken(story, "rea", "duty")][-2:] == ["onboarding", "onboarding"]

    story.when(asked("zoe", MONDAY + hours(6), post="q", title="Mon dérailleur saute", tags=["vélo"]))
    story.when(passing(MONDAY + hours(9)))

    assert story.all("helper.asked", member="rea") == []


def a_busy_monday():
    """Bob's own question waits for a word whether it helped; the same morning his first answer is accepted."""
    return together(
        *old_hands("bob", "zoe"),
        asked("bob", MONDAY - days(4), post="mine", title="Comment recoller une semelle ?"),
        replied("zoe", "mine", MONDAY - days(4) + minutes(30), post="hers"),
        asked("zoe", MONDAY - hours(2), post="q", title="Comment détendre un ressort ?"),
        replied("bob", "q", MONDAY - hours(1), post="a"),
        fact("answer.accepted", MONDAY + minutes(10), member="zoe", post="a", thread="q", answer_author="bob"),
        passing(MONDAY + days(3)),
    )


def test_a_milestone_of_recognition_waits_for_the_purse_that_a_question_of_support_took():
    story = a_busy_monday()

    (helped,) = story.every_message(to="bob", template="helped")
    (milestone,) = story.every_message(to="bob", template="milestone")
    (reached,) = story.all("milestone.reached", member="bob")
    assert helped.time < reached.time == MONDAY + minutes(10)
    assert (helped.source, milestone.source) == ("/services/support", "/services/recognition")
    assert milestone.time >= helped.time + timedelta(hours=20)


def test_what_answers_ones_own_act_of_just_now_is_in_no_purse():
    story = a_busy_monday()
    story.when(joined("ana", MONDAY + days(3)), passing(MONDAY + days(3) + minutes(11)))

    story.when(asked("ana", MONDAY + days(3) + minutes(20), post="hers-too"))

    done = [message.data for message in story.every_message(to="ana", template="action_done")]
    assert [message.purse for message in done] == ["reply"]


def test_over_a_busy_month_nobody_gets_more_than_the_purses_allow_by_all_services_together():
    story = founded()
    for n in range(28):
        at = MONDAY + days(n)
        name = f"new{n}"
        story.when(
            joined(name, at - hours(1)),
            asked(name, at, post=f"q{n}", title=f"Mon vélo numéro {n} grince", tags=["vélo"]),
            posted("zoe", at + minutes(30), post=f"t{n}", title=f"Un mot {n}"),
            said_yes("rea", name, at + hours(2)),
            replied("bob", f"q{n}", at + hours(5), post=f"a{n}"),
            fact("answer.accepted", at + hours(6), member=name, post=f"a{n}", thread=f"q{n}", answer_author="bob"),
        )
    everybody = {message.data.to.id for message in story.every_message() if message.data.to.kind == "member"}
    assert {"rea", "bob"} <= everybody

    for member in everybody:
        _within(taken(story, member, "attention"), {1: timedelta(hours=20), 3: timedelta(days=7)}, member)
        _within(taken(story, member, "duty"), {1: timedelta(hours=2), 3: timedelta(hours=20)}, member)


def _within(spent: list[tuple[datetime, str]], limits: dict[int, timedelta], member: str) -> None:
    times = [at for at, _ in spent]
    assert times == sorted(times)
    for most, span in limits.items():
        close = [pair for pair in zip(times, times[most:], strict=False) if pair[1] - pair[0] < span]
        assert close == [], (member, most)
    assert all(DAY_STARTS <= at.hour < DAY_ENDS for at in times), member
    assert len(set(pairwise(times))) == max(0, len(times) - 1)
