"""Letters by cause, on real servers: grouped, given back together once the rule is mended, applied once each."""

from datetime import timedelta

from contracts.wire import decode
from facts_said import posted
from staged import says, staged, until
from toy.service import BOOM

FORUM = "post.created.atelier.forum"
AT = "2026-03-02 10:00"


def post(number, *, member="ana", body="Bonjour"):
    event = posted(AT, member=member, post=f"p{number}", event_id=f"e{number}", body=body)
    return event.model_copy(update={"time": event.time + timedelta(seconds=number)})


async def redriven(stage, runner, letter):
    """What `ruche dead redrive` does for one letter."""
    told = await runner.dead("redrive", letter=letter)
    last = await stage.publish(decode(told["event"].encode()))
    await runner.dead("settle", letter=letter)
    return last


async def test_letters_are_grouped_by_what_failed_and_not_by_whose_words_it_failed_on(nats, postgres):
    async with staged(nats, postgres) as stage, stage.running() as runner:
        await stage.publish(*(post(number, body=BOOM) for number in range(3)))
        last = await stage.publish_raw([(FORUM, b"not json")] * 2)
        await stage.quiet(runner, upto=last)
        listed = await runner.dead("list")
        causes = [(cause["kind"], cause["count"], cause["event_type"]) for cause in listed["causes"]]
        assert causes == [("rule-failure", 3, "post.created"), ("not-json", 2, None)]
        failed, unread = listed["causes"]
        assert failed["what"].startswith("RuntimeError in counted (service.py:")
        assert {letter["cause"] for letter in listed["letters"]} == {failed["cause"], unread["cause"]}
        of_one = (await runner.dead("list", cause=failed["cause"]))["letters"]
        assert [letter["event_id"] for letter in of_one] == ["e0", "e1", "e2"]
        assert (await runner.dead("list", cause="nothing"))["count"] == 0


async def test_a_group_is_given_back_after_the_fix_and_a_second_time_changes_nothing(nats, postgres, monkeypatch):
    async with staged(nats, postgres) as stage, stage.running() as runner:
        failing = [post(number, body=BOOM) for number in (1, 2, 4)]
        last = await stage.publish(post(0), failing[0], failing[1], post(3), failing[2])
        await stage.quiet(runner, upto=last)
        cause = (await runner.dead("list"))["causes"][0]["cause"]
        letters = [letter["letter"] for letter in (await runner.dead("list", cause=cause))["letters"]]
        events = [(await runner.dead("redrive", letter=letter))["event"] for letter in letters]

        # Not mended yet: the letter comes back, under another id, and is applied nowhere.
        await stage.quiet(runner, upto=await redriven(stage, runner, letters[0]))
        again = [letter["letter"] for letter in (await runner.dead("list", cause=cause))["letters"]]
        assert len(again) == 3
        assert letters[0] not in again
        assert await _posts(stage) == 2

        monkeypatch.setattr("toy.service.BOOM", "mended")
        for letter in again:
            last = await redriven(stage, runner, letter)
        await stage.quiet(runner, upto=last)
        assert (await runner.dead("list"))["count"] == 0
        assert await _posts(stage) == 5

        # Somebody publishes the same once more: nothing is applied twice.
        last = await stage.publish(*(decode(event.encode()) for event in events))
        await stage.quiet(runner, upto=last)
        assert await _posts(stage) == 5


async def _posts(stage):
    return (await stage.fetch("select sum(posts)::int from tally"))[0][0]


async def test_the_breaker_opens_on_rules_and_not_on_junk_and_readiness_says_why(nats, postgres):
    async with staged(nats, postgres) as stage, stage.running(breaker_failures=3) as runner:
        last = await stage.publish_raw([(FORUM, b"junk")] * 20)
        await stage.quiet(runner, upto=last)
        assert runner.ready() == (True, [])
        await stage.publish(*(post(number, body=BOOM) for number in range(3)))
        await until(lambda: says(runner, "rules failed 3 times"), "the breaker opened")
        assert any("read the dead letters, mend the rule, then resume" in reason for reason in runner.ready()[1])
