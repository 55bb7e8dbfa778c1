"""Every installed service on real servers with a believable community: whatever happens to it, as recorded holds."""

import json

import pytest

from chassis.entry import read
from contracts.wire import decode
from recorded import fortnight, installed
from staged import staged, until

SERVICES = {service.name: service for service in sorted(installed(), key=lambda one: one.name != "onboarding")}
STEPS = ("after-read", "before-commit", "after-commit", "mid-publish", "before-clear")


def community(name="latelier", *, seed=7, most=350):
    """The first facts of a simulated community, configured and unmuted, as events."""
    facts = fortnight(seed=seed, community=name)[:most]
    return [decode(json.dumps(fact, ensure_ascii=False).encode()) for fact in facts]


def interleaved(*streams):
    return [event for pair in zip(*streams, strict=False) for event in pair]


FIRST = next(iter(SERVICES))
"""What the chassis does for all is tried on one of them; `make proof` tries it on each."""
EACH = [FIRST, *(pytest.param(name, marks=pytest.mark.proof) for name in SERVICES if name != FIRST)]
# `make test` tries the hard ones on the toy (tests/chassis/test_runner.py), and two of the seeded trials.


@pytest.mark.parametrize(
    ("service", "batch_size"),
    [
        (FIRST, 7),
        *(pytest.param(FIRST, size, marks=pytest.mark.proof) for size in (1, 500)),
        *(pytest.param(name, 7, marks=pytest.mark.proof) for name in SERVICES if name != FIRST),
    ],
)
async def test_batches_of_any_size_with_every_fact_published_twice(nats, postgres, service, batch_size):
    async with staged(nats, postgres, SERVICES[service]) as stage:
        events = interleaved(community(most=150), community("voisins", seed=8, most=150))
        await stage.publish(*events[:100])
        async with stage.running(batch_size=batch_size) as runner:
            await stage.publish(*events[100:])
            last = await stage.publish(*events, again="/again")
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()
        assert await stage.fetch("select 1 from person limit 1")


@pytest.mark.proof
@pytest.mark.parametrize("service", SERVICES)
async def test_killed_between_any_two_steps_of_a_batch_and_started_again(nats, postgres, service):
    async with staged(nats, postgres, SERVICES[service]) as stage:
        last = await stage.publish(*community(most=200))
        # In its first or second batch: digest has little to say in so few days.
        for nth, step in enumerate(STEPS):
            process = await stage.process(crash_at=f"{step}:{1 + nth % 2}", batch_size=16)
            assert await process.wait(60) == -9, step
        async with stage.running(batch_size=16) as runner:
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()


@pytest.mark.proof
@pytest.mark.parametrize("service", [FIRST])
async def test_two_replicas_and_one_killed_while_facts_flow(nats, postgres, service):
    async with staged(nats, postgres, SERVICES[service]) as stage:
        names = ("latelier", "voisins", "fablab", "jardin")
        events = interleaved(*(community(name, seed=seed, most=60) for seed, name in enumerate(names)))
        other = await stage.process(lease_seconds=2)
        async with stage.running(lease_seconds=2) as runner:
            await until(lambda: len(runner.status()["partitions"]) == 4, "the partitions were shared")
            await stage.publish(*events[:120])
            await other.kill()
            await until(lambda: len(runner.status()["partitions"]) == 8, "they moved within 10 s", 10)
            last = await stage.publish(*events[120:])
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()


@pytest.mark.parametrize("service", [FIRST])
async def test_bad_input_ends_as_letters_and_its_neighbours_are_untouched(nats, postgres, service):
    good = community(most=60)
    subject = "post.created.latelier.simulation"
    fact = {
        "specversion": "1.0",
        "id": "bad",
        "source": "/platforms/simulation",
        "type": "post.created",
        "time": good[-1].time.isoformat(),
        "data": {
            "community": "latelier",
            "member": "ana",
            "post": "p",
            "thread": "p",
            "channel": "c",
            "kind": "question",
        },
    }

    def changed(**data):
        return json.dumps(fact | {"data": {**fact["data"], **data}}).encode()

    without = {name: value for name, value in fact["data"].items() if name != "member"}
    bad = {
        "not-json": (subject, b"{not json"),
        "bad-data missing": (subject, json.dumps(fact | {"data": without}).encode()),
        "bad-data type": (subject, changed(member=7)),
        "from-the-future": (subject, json.dumps(fact | {"time": "2999-01-01T00:00:00Z"}).encode()),
        "wrong-subject community": (subject, changed(community="voisins")),
        "wrong-subject publisher": ("post.created.latelier.elsewhere", changed()),
        "too-large": (subject, changed(body="x" * 300 * 1024)),
    }
    async with staged(nats, postgres, SERVICES[service]) as stage:
        async with stage.running() as runner:
            await stage.publish(*good[:30])
            for where, raw in bad.values():
                await stage.publish_raw([(where, raw)])
            await stage.publish_raw([(subject.replace("created", "teleported"), b'{"specversion":"1.0"}')])
            unknown = fact | {"type": "post.teleported", "id": "unknown"}
            await stage.publish_raw([(subject.replace("created", "teleported"), json.dumps(unknown).encode())])
            last = await stage.publish(*good[30:])
            await stage.quiet(runner, upto=last)
            assert runner.ready() == (True, [])
        letters = await stage.fetch("select kind, what, place, cure from dead_letter order by seq")
        kinds = [letter[0] for letter in letters]
        assert kinds[: len(bad)] == [name.partition(" ")[0] for name in bad]
        assert all(all(letter) for letter in letters)
        rows = await stage.fetch("select count(*) from person")
        assert rows[0][0] > 0
        await stage.holds_as_recorded()


@pytest.mark.parametrize("service", EACH)
async def test_a_post_before_its_authors_join_and_an_edit_after_a_deletion_are_no_faults(nats, postgres, service):
    events = [event for event in community() if event.type in {"member.joined", "post.created"}][:80]
    posts = [event for event in events if event.type == "post.created"]
    joins = [event for event in events if event.type == "member.joined"]
    gone = _later(posts[0], "post.deleted", "gone")
    edit = _later(posts[0], "post.updated", "edit", body="autre chose")
    async with staged(nats, postgres, SERVICES[service]) as stage:
        async with stage.running() as runner:
            last = await stage.publish(*posts, *joins, gone, edit)
            await stage.quiet(runner, upto=last)
        assert await stage.fetch("select letter from dead_letter") == []
        await stage.holds_as_recorded()


def _later(post, kind, name, **data):
    event = {
        "specversion": "1.0",
        "id": name,
        "source": post.source,
        "type": kind,
        "time": post.time.isoformat(),
        "data": {"community": post.data.community, "post": post.data.post, "thread": post.data.thread, **data},
    }
    entry = read(json.dumps(event).encode(), seq=1)
    assert entry.event is not None, entry.refusal
    return entry.event
