"""Something fresh at the place's own rhythm: said to the manager first, then put to members; never twice unanswered."""

from datetime import timedelta
from itertools import pairwise

import pytest

from contracts.envelope import AnyEvent
from digest.bank import BANK
from digest.rules.bank import Bank
from digest.state import Floor, Use
from editorial import DIGEST
from facts import MONDAY, days, decided, fact, hours, minutes, overruled, posted, replied
from stories import Passing, Story, given, passing

MANAGER = {"people": {"manager": "camille", "core_team": [{"member": "camille", "name": "Camille"}]}}
PLACES = {"places": {"general": {"channel": "general", "name": "Général"}}}
WEEKS = 8
NINE = MONDAY - hours(1)
"""09:00 UTC of a Monday, 10:00 in Paris (in winter)."""


def daily(*hours_of_day: float, weeks: int = WEEKS, until=MONDAY) -> list[AnyEvent]:
    """Weeks of a place in which members start a thread at these hours (UTC) of every day, up to a Monday."""
    first = until.replace(hour=0) - timedelta(weeks=weeks)
    return [
        posted(f"m{number % 7}", first + days(day) + hours(hour), post=f"old-{day}-{number}")
        for day in range(weeks * 7)
        for number, hour in enumerate(hours_of_day)
    ]


def place(*happenings: AnyEvent | Passing, playbook=None, **more) -> Story:
    opened = MONDAY - timedelta(weeks=WEEKS + 1)
    return given(*happenings, service=DIGEST, playbook=MANAGER | PLACES | (playbook or {}), opened=opened, **more)


def test_in_a_place_of_a_thread_a_day_the_manager_is_told_at_the_hour_by_which_most_threads_exist():
    story = place(*daily(8.5, 9.5, 15))

    missing = story.when(passing(MONDAY.replace(hour=13))).expect("content.missing").data

    # Two of three threads exist by 10:00 UTC: that is 60 % and more, at 11:00 in Paris.
    assert story.found("content.missing")[0].time == MONDAY
    assert (missing.rhythm, missing.usual_threads, missing.threads) == ("daily", "3", 0)
    assert missing.publishes_at == MONDAY + hours(3)
    assert missing.because[0].evidence.count == 3 * WEEKS


def test_the_manager_sees_the_prompt_and_can_let_it_go_have_another_or_none():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))

    message = story.expect_message(template="content_missing", to="manager")

    assert [action.id for action in message.actions] == ["publish_now", "another", "not_today"]
    prompt = story.expect("content.missing").data.prompt
    text = next(entry for entry in BANK if entry.prompt == prompt).text("fr-tu")
    assert text.replace(" ?", "\u202f?") in message.text


def test_three_hours_later_the_prompt_is_put_to_members_signed_by_a_person():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + hours(2)))

    published = story.when(passing(MONDAY + hours(3))).expect("prompt.published").data

    message = story.expect_message(template="prompt", to="general")
    assert (published.signed_by, published.source, published.chosen_by) == ("Camille", "bank", None)
    assert message.text.endswith("— Camille")
    assert message.expires_at == MONDAY + hours(6)


def test_a_thread_before_the_hour_leaves_the_manager_in_peace():
    story = place(*daily(8.5, 9.5), posted("ana", MONDAY - hours(2)))

    story.when(passing(MONDAY + hours(12))).expect_none("content.missing")


def test_a_thread_in_the_three_hours_takes_the_prompt_back():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))

    story.when(posted("ana", MONDAY + hours(1))).expect("message.cancelled", why="done")
    story.when(passing(MONDAY + hours(12))).expect_none("prompt.published")


def test_what_the_organisation_a_bot_or_a_restricted_place_starts_is_no_thread_of_members():
    story = place(
        *daily(8.5, 9.5),
        fact("channel.described", NINE - hours(3), channel="equipe", visibility="restricted", purpose="team"),
        posted("camille", NINE - hours(2)),
        posted("robot", NINE - hours(2), bot=True),
        posted("ana", NINE - hours(2), origin="organisation"),
        posted("ana", NINE - hours(2), channel="equipe"),
    )

    story.when(passing(MONDAY + minutes(1))).expect("content.missing", threads=0)


def test_publish_now_puts_it_at_once_in_the_name_of_who_tapped():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))
    request = story.expect_message(template="content_missing").request

    tap = fact("request.answered", MONDAY + minutes(5), request=request, member="camille", answer="publish_now")

    assert story.when(tap).expect("prompt.published").data.chosen_by == "camille"
    story.when(passing(MONDAY + hours(4))).expect_none("prompt.published")


def test_not_today_means_not_today():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))
    request = story.expect_message(template="content_missing").request

    story.when(fact("request.answered", MONDAY + minutes(5), request=request, member="camille", answer="not_today"))

    story.when(passing(MONDAY + hours(12))).expect_none("prompt.published")


def test_another_offers_another_prompt_once_more_with_its_time():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))
    first = story.expect("content.missing").data.prompt
    request = story.expect_message(template="content_missing").request

    story.when(fact("request.answered", MONDAY + minutes(5), request=request, member="camille", answer="another"))

    second = story.expect("content.missing").data
    assert second.prompt not in (None, first)
    assert story.when(passing(MONDAY + hours(4))).expect("prompt.published").data.prompt == second.prompt


def test_never_a_second_prompt_while_the_last_has_no_human_answer():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + hours(4)))
    story.expect("prompt.published")

    story.when(passing(MONDAY + days(4))).expect_none("prompt.published")

    story.when(replied("robot", "prompt", MONDAY + days(4) + minutes(5), bot=True))
    story.when(passing(MONDAY + days(5))).expect_none("prompt.published")


def test_after_an_answer_where_the_platform_put_it_the_next_quiet_day_has_its_prompt():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + hours(4)))
    request = story.expect_message(template="prompt").request
    story.when(fact("message.delivered", MONDAY + hours(5), request=request, platform_message="p-1"))
    story.when(replied("bea", "elsewhere", MONDAY + hours(6)))
    assert story.row(Floor).last.answers == 0

    story.when(replied("bea", "p-1", MONDAY + hours(7)))

    assert story.row(Floor).last.answers == 1
    story.when(passing(MONDAY + days(1) + hours(4))).expect("prompt.published")


def test_where_no_platform_says_where_a_prompt_stands_a_word_of_a_member_in_its_place_is_an_answer():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + hours(4)))

    story.when(replied("bea", "old-55-0", MONDAY + hours(6)))

    assert story.row(Floor).last.answers == 1


def test_me_too_is_no_answer_to_a_prompt():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + hours(4)))

    story.when(replied("bea", "old-55-0", MONDAY + hours(6), body="+1"))

    assert story.row(Floor).last.answers == 0


def test_none_on_a_holiday_even_a_monday():
    story = place(*daily(8.5, 9.5), playbook={"seasons": {"holidays": ["2026-03-02"]}})

    story.when(passing(MONDAY + hours(12))).expect_none("content.missing")


def test_a_crisis_in_progress_holds_prompts_back_and_takes_an_offered_one_back():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))

    story.when(fact("crisis.declared", MONDAY + minutes(30), crisis="c1", by="camille"))
    story.expect("message.cancelled", why="crisis")
    story.when(passing(MONDAY + days(1) + hours(6)))
    story.expect_none("prompt.published").expect_none("content.missing")

    story.when(fact("crisis.dismissed", MONDAY + days(1) + hours(7), crisis="c1", by="camille"))
    story.when(passing(MONDAY + days(2) + hours(2))).expect("content.missing")


def test_a_silent_platform_is_no_quiet_place():
    story = place(*daily(8.5, 9.5))

    story.when(passing(MONDAY + days(20)))

    last = story.all("content.missing")[-1].time
    assert story.all("platform.silent")[-1].time > last - days(1)


def test_news_come_first_then_open_questions_then_the_bank():
    question = posted("ana", MONDAY - days(3), post="q1", kind="question", title="Qui répare les vélos ?")
    found = fact("news.found", MONDAY - days(1), title="Une loi sur la réparation", url="https://example.org/loi")
    story = place(*daily(8.5, 9.5), question, found).when(passing(MONDAY + hours(4)))

    news = story.expect("prompt.published").data
    assert (news.source, news.text, news.url) == ("news", "Une loi sur la réparation", "https://example.org/loi")

    story.when(replied("bea", "x", MONDAY + hours(5)), passing(MONDAY + days(1) + hours(4)))
    asked = story.expect("prompt.published").data
    assert (asked.source, asked.thread, asked.text) == ("question", "q1", "Qui répare les vélos ?")

    story.when(replied("bea", "q1", MONDAY + days(1) + hours(5)), passing(MONDAY + days(2) + hours(4)))
    assert story.expect("prompt.published").data.source == "bank"


def test_a_question_that_is_answered_deleted_or_flagged_meanwhile_is_not_brought_forward():
    for spoiling in (
        replied("bea", "q1", MONDAY + hours(1)),
        fact("post.deleted", MONDAY + hours(1), post="q1", thread="q1"),
        fact("post.flagged", MONDAY + hours(1), post="q1", thread="q1"),
        fact("question.marked", MONDAY + hours(1), thread="q1", by="camille", value="complaint", source="/operator"),
    ):
        question = posted("ana", MONDAY - days(3), post="q1", kind="question", title="Qui répare les vélos ?")
        story = place(*daily(8.5, 9.5), question).when(passing(MONDAY + minutes(1)))
        assert story.expect("content.missing").data.prompt.startswith("question-")

        story.when(spoiling, passing(MONDAY + hours(4)))

        story.expect_none("prompt.published")


def test_the_communitys_own_prompts_come_before_the_shipped_ones():
    own = {"digest": {"prompts": [{"prompt": "ours", "text": {"fr": "Et toi, ta dernière panne ?", "en": "x"}}]}}
    story = place(*daily(8.5, 9.5), playbook=own)

    story.when(passing(MONDAY + hours(4))).expect("prompt.published", prompt="ours", text="Et toi, ta dernière panne ?")


def test_a_prompt_chosen_by_the_manager_is_the_next_one():
    choice = fact("prompt.chosen", MONDAY - days(1), prompt="tools-03", by="camille", source="/operator")
    story = place(*daily(8.5, 9.5), choice)

    published = story.when(passing(MONDAY + hours(4))).expect("prompt.published").data

    assert (published.prompt, published.chosen_by) == ("tools-03", "camille")


def test_words_of_the_managers_own_go_out_at_once_when_a_prompt_is_wanted():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))
    own = fact(
        "prompt.chosen",
        MONDAY + minutes(9),
        prompt="mine",
        value="Qui vient samedi ?",
        by="camille",
        source="/operator",
    )

    published = story.when(own).expect("prompt.published").data

    assert (published.source, published.text, published.chosen_by) == ("manager", "Qui vient samedi ?", "camille")


def quiet_week(story: Story, start, prompt_answers: int) -> None:
    """The prompt of a quiet Monday, with so many answers; the rest of the week members start threads."""
    story.when(passing(start + hours(4)))
    request = story.expect_message(template="prompt").request
    story.when(fact("message.delivered", start + hours(4), request=request, platform_message=f"p-{start:%j}"))
    for number in range(prompt_answers):
        story.when(replied(f"m{number}", f"p-{start:%j}", start + hours(5 + number)))
    story.when(*[posted("ana", start + days(day) - hours(5), post=f"own-{start:%j}-{day}") for day in range(1, 7)])


def test_a_prompt_with_fewer_than_two_answers_twice_is_retired():
    own = {"digest": {"prompt_rest_days": 7, "prompts": [{"prompt": "ours", "text": {"fr": "Alors ?", "en": "So?"}}]}}
    story = place(*daily(8.5, 9.5), playbook=own)
    quiet_week(story, MONDAY, 1)
    quiet_week(story, MONDAY + days(7), 2)
    quiet_week(story, MONDAY + days(14), 1)
    assert [event.data.prompt == "ours" for event in story.all("prompt.published")] == [True, False, True]
    assert story.all("prompt.retired") == []

    story.when(passing(MONDAY + days(22)))

    retired = story.expect("prompt.retired").data
    assert (retired.prompt, retired.reason, retired.answers) == ("ours", "unanswered", 1)


def test_two_answers_keep_a_prompt():
    story = place(*daily(8.5, 9.5))
    quiet_week(story, MONDAY, 2)

    story.when(passing(MONDAY + days(8)))

    assert story.rows(Use)[0].times_poor == 0


def test_a_prompt_is_not_used_again_for_half_a_year():
    own = [{"prompt": f"own-{n}", "text": f"Question {n} ?"} for n in range(2)]
    story = place(*daily(8.5, 9.5), playbook={"digest": {"prompts": own}})
    for week in range(3):
        quiet_week(story, MONDAY + days(7 * week), 2)

    used = [event.data.prompt for event in story.all("prompt.published")]

    assert used[:2] == ["own-0", "own-1"]
    assert used[2] not in used[:2]


def test_a_place_with_less_than_a_thread_a_day_is_judged_by_the_week_and_has_two_prompts_at_most():
    first = MONDAY - timedelta(weeks=WEEKS)
    weekly = [posted("ana", first + days(7 * week + 2), post=f"w{week}") for week in range(WEEKS)]
    story = place(*weekly)

    story.when(passing(MONDAY + days(5)))

    missing = story.all("content.missing")
    assert [event.data.rhythm for event in missing] == ["weekly"]
    story.when(replied("bea", "w1", MONDAY + days(5) + hours(1)), passing(MONDAY + days(12)))
    within = [event for event in story.all("content.missing") if event.data.prompt is not None]
    for event in within:
        assert len([other for other in within if timedelta() <= other.time - event.time < timedelta(days=7)]) <= 2


def test_a_silent_sunday_is_the_places_rhythm_too():
    busy = [event for event in daily(8.5, 9.5) if event.time.weekday() != 6]
    story = place(
        *busy,
        posted("ana", MONDAY - hours(3)),
        *[posted("ana", MONDAY + days(n) - hours(3), post=f"n{n}") for n in range(1, 6)],
    )

    story.when(passing(MONDAY + days(6) + hours(12))).expect_none("content.missing")


def test_a_manager_who_overrules_a_prompt_retires_it_and_calls_it_back():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + hours(4)))
    published = story.expect("prompt.published")

    story.when(overruled(published, MONDAY + hours(5)))

    story.expect("prompt.retired", prompt=published.data.prompt, reason="human")
    story.expect("message.cancelled", why="overruled")


def test_overruling_that_something_is_missing_drops_the_offer():
    story = place(*daily(8.5, 9.5)).when(passing(MONDAY + minutes(1)))

    story.when(overruled(story.expect("content.missing"), MONDAY + minutes(3)), passing(MONDAY + hours(8)))

    story.expect_none("prompt.published")


def test_what_is_prompted_while_muted_is_not_held_against_the_prompt():
    story = place(*daily(8.5, 9.5), muted=True).when(passing(MONDAY + hours(4)))

    assert story.expect_message(template="prompt").muted is True
    story.when(passing(MONDAY + days(9)))
    assert all(use.times_poor == 0 for use in story.rows(Use))


def test_history_prompts_nobody():
    old = [event.model_copy(update={"backfill": True}) for event in daily(8.5, 9.5)]

    story = place(*old).when(passing(MONDAY + days(3)))

    assert story.all("content.missing") == []


def test_a_question_opened_by_support_for_a_complaint_is_never_a_prompt():
    question = posted("ana", MONDAY - days(3), post="q1", kind="question", title="Où est mon argent ?")
    opened = decided(
        "support",
        "question.opened",
        MONDAY - days(3) + minutes(1),
        member="ana",
        post="q1",
        thread="q1",
        channel="general",
        asked_at=MONDAY - days(3),
        told_by="platform",
        nature="complaint",
        target_minutes=60,
        warn_at=MONDAY,
        due=MONDAY,
    )
    story = place(*daily(8.5, 9.5), question, opened).when(passing(MONDAY + hours(4)))

    assert story.expect("prompt.published").data.source == "bank"


@pytest.mark.parametrize("minute", [0, 1])
def test_the_night_has_no_prompt(minute):
    # Threads come at 20:00 UTC: the hour is 22:00 in Paris, and three hours later is the night.
    story = place(*daily(20.5, 20.6)).when(passing(MONDAY + days(1) + hours(2) + minutes(minute)))

    published = story.all("prompt.published")

    assert [event.time.hour for event in published] == [7]


def test_the_bank_has_150_prompts_in_each_language_by_subject_each_its_own():
    assert len(BANK) == 150
    for voice in ("fr-tu", "fr-vous", "en"):
        texts = [prompt.text(voice) for prompt in BANK]
        assert len(set(texts)) == 150
        assert all(text[-1] in "?.!" and len(text) < 200 for text in texts)
    subjects = {prompt.subject for prompt in BANK}
    assert len(subjects) == 15
    assert all(sum(prompt.subject == subject for prompt in BANK) == 10 for subject in subjects)


def test_tu_and_vous_are_whole_sentences_of_their_own_voice():
    bank: Bank = BANK
    for prompt in bank:
        tu, vous = f" {prompt.text('fr-tu').lower()} ", f" {prompt.text('fr-vous').lower()} "
        assert not any(word in tu for word in (" vous ", " votre ", " vos ", "-vous")), tu
        assert not any(word in vous for word in (" tu ", " ton ", " ta ", " tes ", "-tu ", " toi ")), vous


def test_two_prompts_in_a_row_are_of_different_subjects():
    story = place(*daily(8.5, 9.5))
    for week in range(4):
        quiet_week(story, MONDAY + days(7 * week), 2)

    subjects = [event.data.prompt.rpartition("-")[0] for event in story.all("prompt.published")]

    assert all(first != second for first, second in pairwise(subjects))
