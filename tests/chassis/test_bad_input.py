"""Bad input over the real bus: a dead letter each, neighbours untouched, the service ready. And what follows."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chassis.operations import Refusal
from contracts.wire import decode
from facts_said import posted
from staged import says, staged, until
from toy.service import BOOM, TOY

NOW = datetime.now(UTC).replace(microsecond=0)


def post(number, *, member="ana", at=NOW, **given):
    event = posted("2026-03-02 10:00", member=member, event_id=f"e{number}", post=f"p{number}", **given)
    return event.model_copy(update={"time": at + timedelta(seconds=number)})


def envelope(**changes):
    document = json.loads(post(99, member="bad").to_json())
    for name, value in changes.items():
        if value is None:
            document.pop(name)
        else:
            document[name] = value
    return json.dumps(document).encode()


FORUM = "post.created.atelier.forum"
BAD = {
    "not-json": (FORUM, b"\x00\xffnot json"),
    "bad-envelope": (FORUM, envelope(time=None)),
    "bad-data": (FORUM, envelope(data={"community": "atelier", "member": 7})),
    "from-the-future": (FORUM, envelope(time=(NOW + timedelta(hours=1)).isoformat())),
    "wrong-subject": ("post.created.verger.forum", envelope()),
    "wrong-publisher": ("post.created.atelier.chat", envelope()),
    "too-large": (FORUM, envelope(padding="x" * 300 * 1024)),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_is_a_dead_letter_and_its_neighbours_are_untouched(nats, postgres, case):
    async with staged(nats, postgres) as stage:
        before, after = post(1), post(2)
        await stage.publish(before)
        await stage.publish_raw([BAD[case]])
        last = await stage.publish(after)
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
            listed = await runner.dead("list")
            assert listed["count"] == 1
            letter = listed["letters"][0]
            assert letter["kind"] == ("wrong-subject" if case == "wrong-publisher" else case)
            assert letter["what"]
            assert letter["where"]
            assert letter["cure"]
            shown = (await runner.dead("show", letter=letter["letter"]))["letter"]
            assert shown["body"].encode("utf-8", "replace")[:4] == BAD[case][1].decode("utf-8", "replace").encode()[:4]
        assert (await stage.fetch("select sum(posts)::int from tally"))[0][0] == 2
        dead = json.loads(await stage.fetch_body("DEAD", 1))
        assert (dead["service"], dead["kind"]) == ("support", letter["kind"])
        await stage.holds_as_recorded()


async def test_an_unknown_type_of_a_known_entity_is_passed_over(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw([("post.sung.atelier.forum", envelope(type="post.sung"))])
        last = await stage.publish(post(1))
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
            assert (await runner.dead("list"))["count"] == 0
        await stage.holds_as_recorded()


async def test_texts_that_no_column_can_hold_do_not_stop_a_partition(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish(post(1, member="zoe", body="nul \x00 inside", title="and \x00 here"))
        hostile = json.dumps("a\x00b")
        for name in ("display_name", "locale", "timezone", "experience", "population", "skills"):
            value = f"[{hostile}]" if name == "skills" else hostile
            data = f'{{"community":"atelier","member":"m-{name}","{name}":{value}}}'
            raw = envelope(type="member.joined", id=name, data={"here": 1}).decode().replace('{"here": 1}', data)
            await stage.publish_raw([("member.joined.atelier.forum", raw.encode())])
        lone = envelope(id="lone").decode().replace('"Bonjour', '"\\ud800 Bonjour')
        await stage.publish_raw([(FORUM, lone.encode())])
        last = await stage.publish(post(2))
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
        await stage.holds_as_recorded()


async def test_a_rule_that_fails_leaves_a_letter_that_is_given_back_once_mended(nats, postgres, monkeypatch):
    async with staged(nats, postgres) as stage:
        last = await stage.publish(post(1, at=NOW - timedelta(minutes=5)), post(2, body=BOOM), post(3))
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
            listed = await runner.dead("list")
            assert [(cause["kind"], cause["count"]) for cause in listed["causes"]] == [("rule-failure", 1)]
            letter = listed["letters"][0]["letter"]
            assert "the rule fails" in (await runner.dead("show", letter=letter))["letter"]["traceback"]
            monkeypatch.setattr("toy.service.BOOM", "mended")
            told = await runner.dead("redrive", letter=letter)
            assert (await runner.dead("redrive", letter=letter))["event"].split('"time"')[0] in told["event"]
            await stage.quiet(runner, upto=await stage.publish(decode(told["event"].encode())))
            await runner.dead("settle", letter=letter)
            assert (await runner.dead("list"))["count"] == 0
            with pytest.raises(Refusal, match="redriven already"):
                await runner.dead("redrive", letter=letter)
        assert (await stage.fetch("select posts::int from tally"))[0][0] == 3
        await stage.holds_as_recorded()


async def test_a_letter_is_dropped_and_an_unreadable_one_cannot_be_given_back(nats, postgres):
    async with staged(nats, postgres) as stage:
        last = await stage.publish_raw([(FORUM, b"not json")])
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
            await until(lambda: _listed(runner, 1), "the letter was written")
            letter = (await runner.dead("list", community="atelier"))["letters"][0]["letter"]
            with pytest.raises(Refusal, match="can never be read"):
                await runner.dead("redrive", letter=letter)
            assert (await runner.dead("drop", letter=letter))["settled"] == "dropped"
            assert (await runner.dead("list"))["count"] == 0
            with pytest.raises(Refusal, match="no dead letter nobody"):
                await runner.dead("show", letter="nobody")


async def _listed(runner, count):
    return (await runner.dead("list"))["count"] == count


async def test_rules_that_fail_too_often_stop_the_partition_until_an_operator_resumes(nats, postgres, monkeypatch):
    async with staged(nats, postgres) as stage:
        await stage.publish(*(post(number, body=BOOM) for number in range(8)))
        last = await stage.publish(post(8))
        async with stage.running(breaker_failures=5) as runner:
            await until(lambda: says(runner, "rules failed 5 times"), "the breaker opened")
            await until(lambda: _listed(runner, 5), "five letters, no more")
            monkeypatch.setattr("toy.service.BOOM", "mended")
            await runner.resume()
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
        assert (await stage.fetch("select posts::int from tally"))[0][0] == 4


async def test_refused_input_opens_no_breaker(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw([(FORUM, b"not json")] * 30)
        last = await stage.publish(post(1))
        async with stage.running(breaker_failures=5) as runner:
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
            assert (await runner.dead("list"))["count"] == 30
        assert TOY.name == "support"


async def test_a_log_that_lost_its_tail_stops_the_partition_and_readiness_says_so(nats, postgres):
    async with staged(nats, postgres) as stage:
        last = await stage.publish(post(1), post(2))
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
        await stage.bus.api("STREAM.PURGE.EVENTS")
        await stage.execute("update cursor set seq = seq + 1000 where seq > 0")
        async with stage.running() as runner:
            await until(lambda: says(runner, "are gone"), "it was noticed")
