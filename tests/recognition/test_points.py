"""Points: what each act is worth, and what fairness leaves of it."""

from facts import MONDAY, accepted, asked, days, fact, hours, joined, kudos, minutes, posted, reacted, replied, seconds
from recognised import conversation, earned, people, points, told
from stories import passing

LONG = "Bonjour et bienvenue, pour ta semelle je prendrais une colle néoprène et une nuit sous presse."


def test_every_act_of_the_table_earns_what_the_table_says():
    story = told(*people("ana", "ben", "cy"), passing(MONDAY - minutes(1)))
    story.when(
        *conversation("cy", "ana", MONDAY, post="q"),
        accepted("q-a", "q", "cy", MONDAY + hours(2)),
        reacted("ben", "q-a", MONDAY + hours(2)),
        kudos("ben", "ana", at=MONDAY + hours(3)),
        fact("meetup.hosted", MONDAY + hours(4), meetup="m", member="ana", title="Samedi"),
        fact("meetup.attended", MONDAY + hours(5), meetup="m", member="ben"),
        fact("task.opened", MONDAY + hours(5), task="t", title="Trier", by="eve"),
        fact("task.completed", MONDAY + hours(6), task="t", member="ana"),
        fact("beta.reported", MONDAY + hours(6), programme="p", member="ana"),
        fact("advocacy.reported", MONDAY + hours(7), member="ana", what="article", confirmed_by="eve"),
        fact("feedback.submitted", MONDAY + hours(7), feedback="f", member="ana", title="Plus de bancs"),
        fact("feedback.answered", MONDAY + hours(8), feedback="f", outcome="adopted", why="oui", by="eve"),
    )

    assert sorted(earned(story, "ana")) == sorted(
        [
            ("active_day", 100),
            ("reply_to_question", 200),
            ("accepted_answer", 1000),
            ("reaction_received", 100),
            ("kudos_received", 400),
            ("meetup_hosted", 1100),
            ("task_done", 600),
            ("beta_report", 600),
            ("advocacy", 600),
            ("feedback_adopted", 800),
        ]
    )
    assert earned(story, "ben") == [("active_day", 100), ("meetup_attended", 300)]


def test_joining_and_reacting_earn_nothing_but_the_active_day():
    story = told(*people("ana", "ben"), posted("ana", MONDAY - days(1), post="p"), reacted("ben", "p", MONDAY))

    assert earned(story, "ben") == [("active_day", 100)]


def test_an_active_day_is_one_local_day_however_many_acts_it_has():
    story = told(
        *people("ana"),
        posted("ana", MONDAY.replace(hour=22, minute=30)),  # 23:30 in Paris
        posted("ana", MONDAY.replace(hour=23, minute=30)),  # 00:30 in Paris, the next day
        posted("ana", MONDAY + days(1)),
    )

    assert earned(story, "ana") == [("active_day", 100), ("active_day", 100)]


def test_a_reply_to_a_question_is_worth_more_than_a_reply_and_a_word_in_ones_own_thread_nothing():
    story = told(
        *people("ana", "ben"),
        asked("ana", MONDAY, post="q"),
        replied("ben", "q", MONDAY + minutes(1), post="a"),
        replied("ana", "q", MONDAY + minutes(2), post="own"),
        replied("ana", "q", MONDAY + minutes(3), reply_to="a", kind="comment", body="Merci, j'essaie ce soir."),
    )

    assert earned(story, "ben") == [("active_day", 100), ("reply_to_question", 200)]
    assert earned(story, "ana") == [("active_day", 100), ("reply", 100)]


def test_me_too_is_no_reply():
    story = told(*people("ana", "ben"), asked("ana", MONDAY, post="q"), replied("ben", "q", MONDAY, body="+1"))

    assert earned(story, "ben") == [("active_day", 100)]


def test_in_a_chat_what_somebody_says_in_a_conversation_in_a_day_is_one_reply():
    words = [posted("ben", MONDAY + minutes(n), thread="p", body=f"mot {n} de la suite") for n in range(1, 30)]
    story = told(*people("ana", "ben"), posted("ana", MONDAY, post="p"), *words)

    assert earned(story, "ben") == [("active_day", 100), ("reply", 100)]


def test_a_thread_that_draws_two_other_people_earns_its_author_once():
    story = told(*people("ana", "ben", "cy", "dan"), posted("ana", MONDAY, post="p"))
    for n, name in enumerate(("ben", "cy", "dan"), 1):
        story.when(replied(name, "p", MONDAY + minutes(n)))

    assert earned(story, "ana") == [("active_day", 100), ("thread_that_draws", 200)]


def test_the_first_human_reply_to_a_newcomer_counts_when_it_is_long_enough():
    story = told(*people("ben", "cy"), joined("ana", MONDAY), posted("ana", MONDAY, post="p"))

    story.when(
        replied("ben", "p", MONDAY + minutes(1), body=LONG),
        replied("cy", "p", MONDAY + minutes(2), body=LONG + " Vraiment."),
    )

    assert ("first_reply_to_newcomer", 400) in earned(story, "ben")
    assert "first_reply_to_newcomer" not in dict(earned(story, "cy"))


def test_a_short_first_reply_to_a_newcomer_counts_with_the_newcomers_next_word():
    story = told(*people("ben"), joined("ana", MONDAY), posted("ana", MONDAY, post="p"))
    story.when(replied("ben", "p", MONDAY + minutes(1), body="Bienvenue à toi !"))
    story.expect_none("points.awarded", act="first_reply_to_newcomer")

    story.when(replied("ana", "p", MONDAY + minutes(9), body="merci !"))

    story.expect("points.awarded", act="first_reply_to_newcomer", member="ben", points_hundredths=400)


def test_kudos_are_three_a_week_with_a_reason_and_four_from_stratum_3():
    names = [f"m{n}" for n in range(6)]
    story = told(*people("ana", *names), kudos("ana", *names, at=MONDAY), kudos("ana", "m5", at=MONDAY, reason=" "))

    assert [points(story, name) for name in names] == [400, 400, 400, 0, 0, 0]

    story.when(fact("stratum.locked", MONDAY, member="ana", by="eve", value="holding_up"))
    story.when(kudos("ana", *names, at=MONDAY + hours(1)))
    assert [points(story, name) for name in names] == [800, 400, 400, 0, 0, 0]

    story.when(kudos("ana", "m5", at=MONDAY + days(7)))
    assert points(story, "m5") == 400


def test_a_referral_counts_once_the_newcomer_takes_part():
    story = told(*people("ana"), posted("ana", MONDAY - days(1)), joined("ben", MONDAY, invited_by="ana"))
    story.when(posted("ben", MONDAY)).expect_none("points.awarded", act="referral")

    story.when(posted("ben", MONDAY + days(1)))

    raised = story.expect("stratum.raised", member="ben", stratum="taking_part")
    award = story.expect("points.awarded", act="referral", member="ana", points_hundredths=1000)
    assert award.data.because[0].evidence == (raised.id,)
    assert [act for act, _ in earned(story, "ana")].count("referral") == 1


def test_feedback_that_is_not_adopted_and_advocacy_nobody_else_confirms_earn_nothing():
    story = told(*people("ana"))
    story.when(
        fact("feedback.answered", MONDAY, feedback="f", member="ana", outcome="later", why="plus tard", by="eve"),
        fact("advocacy.reported", MONDAY, member="ana", what="article"),
        fact("advocacy.reported", MONDAY, member="ana", what="article", confirmed_by="ana"),
    ).expect_none("points.awarded")


def test_fifty_points_a_local_day_and_accepted_answers_and_tasks_outside():
    story = told(*people("ana", "ben"))
    story.when(*[fact("beta.reported", MONDAY + minutes(n), programme=f"p{n}", member="ana") for n in range(10)])

    assert points(story, "ana") == 5000
    capped = story.all("points.awarded", capped=True)
    assert [award.data.points_hundredths for award in capped] == [200]

    story.when(*conversation("ben", "ana", MONDAY + hours(2), post="q"))
    story.when(accepted("q-a", "q", "ben", MONDAY + hours(4)))
    story.when(fact("task.completed", MONDAY + hours(5), task="t", member="ana"))
    assert points(story, "ana") == 5000 + 1000 + 600

    story.when(fact("beta.reported", MONDAY + days(1), programme="q", member="ana"))
    assert points(story, "ana") == 5000 + 1600 + 600


def test_a_withdrawal_frees_nothing_under_the_limit_of_a_day():
    story = told(*people("ana", "ben"), asked("ben", MONDAY, post="q"), replied("ana", "q", MONDAY, post="a"))
    story.when(*[fact("beta.reported", MONDAY + minutes(n), programme=f"p{n}", member="ana") for n in range(10)])
    story.when(fact("post.deleted", MONDAY + hours(1), post="a", thread="q"))
    before = points(story, "ana")

    story.when(fact("beta.reported", MONDAY + hours(2), programme="p", member="ana")).expect_none("points.awarded")

    assert points(story, "ana") == before < 5000


def test_the_nth_reaction_of_one_giver_to_one_receiver_in_seven_days_is_halved_each_time():
    story = told(*people("ana", "ben"))
    story.when(*[posted("ana", MONDAY + minutes(n), post=f"p{n}") for n in range(5)])
    story.when(*[reacted("ben", f"p{n}", MONDAY + hours(1 + n)) for n in range(4)])

    gained = [award.data.points_hundredths for award in story.all("points.awarded", act="reaction_received")]
    assert gained == [100, 50, 25, 13]

    story.when(reacted("ben", "p4", MONDAY + days(10)))
    assert story.expect("points.awarded", act="reaction_received").data.points_hundredths == 100


def test_above_twenty_points_in_thirty_days_at_most_30_percent_come_from_one_giver():
    names = [f"m{n}" for n in range(8)]
    story = told(*people("ana", *names))
    for week in range(4):
        story.when(*[kudos("m0", "ana", at=MONDAY + days(7 * week) + minutes(n)) for n in range(3)])

    # 20 points are free of the bound: five kudos of one giver, then nothing more of theirs.
    assert points(story, "ana") == 2000
    story.when(*[kudos(name, "ana", at=MONDAY + days(22)) for name in names[1:]])
    assert points(story, "ana") == 2000 + 7 * 400


def test_young_givers_weigh_less_in_communities_older_than_sixty_days():
    story = told(*people("ana", at=MONDAY - days(3)), posted("ana", MONDAY, post="p"))
    late = MONDAY + days(60)
    story.when(posted("ana", late, post="late"))
    story.when(joined("new", late - days(2)), joined("young", late - days(20)), joined("old", late - days(40)))

    story.when(*[reacted(name, "late", late + minutes(1)) for name in ("new", "young", "old")])

    gained = {award.data.giver: award.data.points_hundredths for award in story.found("points.awarded", post="late")}
    assert (gained["new"], gained["young"], gained["old"]) == (10, 50, 100)


def test_a_reaction_to_oneself_is_nothing_also_under_another_id_of_ones_own():
    story = told(*people("ana", "ana2"), posted("ana", MONDAY, post="p"))
    story.when(fact("identity.linked", MONDAY, member="ana", other="ana2", proof="courriel"))

    story.when(reacted("ana", "p", MONDAY), reacted("ana2", "p", MONDAY), kudos("ana2", "ana", at=MONDAY))

    story.expect_none("points.awarded")


def test_more_than_ten_reactions_in_a_minute_count_as_one():
    story = told(*people(*[f"m{n}" for n in range(12)], "ben"))
    story.when(*[posted(f"m{n}", MONDAY, post=f"p{n}") for n in range(12)])

    story.when(*[reacted("ben", f"p{n}", MONDAY + minutes(5) + seconds(n)) for n in range(12)])

    assert len(story.found("points.awarded", act="reaction_received")) == 10
    assert len(story.found("points.withdrawn", reason="burst")) == 9
    assert [points(story, f"m{n}") for n in range(12)] == [200] + [100] * 11


def test_a_giver_of_100_reactions_is_weighed_not_rewarded():
    story = told(*people("ana", "ben"))
    story.when(*[posted("ana", MONDAY + minutes(n), post=f"p{n}") for n in range(100)])
    story.when(*[reacted("ben", f"p{n}", MONDAY + hours(3) + minutes(2 * n)) for n in range(100)])

    assert sum(award.data.points_hundredths for award in story.all("points.awarded", giver="ben")) < 300
    assert points(story, "ben") == 100


def test_a_copy_of_one_of_the_last_five_posts_earns_nothing():
    story = told(*people("ana", "ben"), *[asked("ben", MONDAY, post=f"q{n}") for n in range(3)])
    words = "Il faut ouvrir le capot puis changer le condensateur de démarrage avec des gants isolants"
    story.when(replied("ana", "q0", MONDAY + minutes(1), body=words))
    story.expect("points.awarded", act="reply_to_question")

    story.when(replied("ana", "q1", MONDAY + minutes(2), body=words.upper() + " !"))
    story.expect_none("points.awarded", act="reply_to_question")

    story.when(replied("ana", "q2", MONDAY + minutes(3), body="Il faut un tournevis, de la patience et deux mains."))
    story.expect("points.awarded", act="reply_to_question")


def test_short_posts_are_not_compared():
    story = told(*people("ana", "ben"), *[asked("ben", MONDAY, post=f"q{n}") for n in range(2)])

    story.when(*[replied("ana", f"q{n}", MONDAY, body="Oui, essaie avec la colle.") for n in range(2)])

    story.expect("points.awarded", times=2, act="reply_to_question")


def test_reactions_of_nobody_the_platform_names_earn_nobody_anything():
    story = told(*people("ana"), posted("ana", MONDAY, post="p"))

    story.when(reacted(None, "p", MONDAY)).expect_none("points.awarded")


def test_bots_and_staff_never_earn_and_a_bots_reaction_gives_nothing():
    story = told(
        *people("ana"),
        joined("robot", MONDAY, bot=True),
        joined("eve", MONDAY, staff=True),
        posted("ana", MONDAY, post="p"),
        posted("eve", MONDAY, post="e"),
    )

    story.when(
        reacted("robot", "p", MONDAY),
        reacted("ana", "e", MONDAY),
        replied("robot", "p", MONDAY, bot=True),
        replied("eve", "p", MONDAY),
    ).expect_none("points.awarded")
    story.when(reacted("eve", "p", MONDAY)).expect("points.awarded", member="ana", giver="eve")


def test_answering_ones_own_question_and_having_it_accepted_is_nothing():
    story = told(*people("ana", "ben"), asked("ana", MONDAY, post="q"), replied("ana", "q", MONDAY, post="a"))

    story.when(accepted("a", "q", "ana", MONDAY), accepted("a", "q", "ben", MONDAY + hours(1)))

    story.expect_none("points.awarded", act="accepted_answer").expect_none("milestone.reached")
