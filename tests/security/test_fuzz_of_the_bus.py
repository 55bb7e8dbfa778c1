"""Anything at all on the real bus: a service gets past all of it, a dead letter for each refusal, neighbours untouched.

`make test` sends some hundreds of messages; `make proof` thousands, through each of the four services.
"""

from collections import Counter

import pytest

from facts_said import posted
from hostile import drawn
from recorded import installed
from staged import staged
from toy.service import TOY

SOME, MANY = 200, 4000
EVERY = 10


async def past_all_of_it(nats, postgres, service, count):
    # Nobody but the service may speak as it does: the bus sees to that (test_matrix_of_the_bus), and a log in which
    # somebody else did would not be what the service decided.
    messages = [(subject, raw) for subject, raw in drawn(count) if service.source.encode() not in raw]
    neighbours = [
        posted("2026-03-02 10:00", member="ana", post=f"p{number}", event_id=f"n{number}")
        for number in range(len(messages) // EVERY)
    ]
    async with staged(nats, postgres, service) as stage:
        async with stage.running(breaker_failures=1) as runner:
            for number, neighbour in enumerate(neighbours):
                await stage.publish_raw(messages[number * EVERY : (number + 1) * EVERY])
                last = await stage.publish(neighbour)
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
        entries = await stage.log()
        letters = Counter(row[0] for row in await stage.fetch("select kind from dead_letter"))
        refused = Counter(entry.refusal.kind for entry in entries if entry.refusal is not None)
        # A playbook is read only by the fold: what is wrong with one is a letter of its own kind.
        assert {kind: number for kind, number in letters.items() if kind != "bad-playbook"} == refused
        assert {"not-json", "bad-envelope", "bad-data", "wrong-subject"} <= set(refused)
        wanting = await stage.fetch("select letter from dead_letter where what = '' or place = '' or cure = ''")
        assert wanting == []
        accepted = {entry.event.id for entry in entries if entry.event is not None}
        assert {neighbour.id for neighbour in neighbours} <= accepted
        await stage.holds_as_recorded()
        return stage, len(neighbours)


async def test_some_messages_of_anything(nats, postgres):
    stage, neighbours = await past_all_of_it(nats, postgres, TOY, SOME)

    tallied = await stage.fetch("select posts from tally where community = 'atelier' and member = 'ana'")
    assert tallied[0][0] >= neighbours > SOME // EVERY // 2


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("service", installed(), ids=lambda service: service.name)
async def test_thousands_of_messages_of_anything_through_each_service(nats, postgres, service):
    await past_all_of_it(nats, postgres, service, MANY)
