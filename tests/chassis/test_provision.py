"""The log is made once, as the design has it, and never rewritten by whoever comes later."""

import asyncio

import pytest

from chassis.bus import DEAD, EVENTS, Unavailable
from chassis.provision import Drift, describe, partitions_of, provision
from contracts.registry import ENTITIES
from contracts.subjects import partition_of
from staged import staged


async def test_the_log_has_the_literal_first_tokens_and_no_limits(nats, postgres):
    async with staged(nats, postgres) as stage:
        log = await describe(stage.bus, EVENTS)
        config = log["config"]
        assert sorted(config["subjects"]) == sorted(f"{entity}.*.*.*" for entity in ENTITIES)
        assert config["storage"] == "file"
        assert config["duplicate_window"] == 120 * 10**9
        assert config["allow_atomic"] is True
        assert (config["max_age"], config["max_bytes"], config["max_msgs"]) == (0, -1, -1)
        assert not config.get("allow_msg_ttl")
        assert not config.get("allow_msg_schedules")
        assert not config.get("allow_rollup_hdrs")
        assert partitions_of(log) == 8
        assert (await describe(stage.bus, DEAD))["config"]["subjects"] == ["dead.>"]


async def test_provisioning_again_makes_nothing(nats, postgres):
    async with staged(nats, postgres) as stage:
        done = await provision(stage.bus)
        assert (done.made, done.found) == ((), (EVENTS, DEAD))


async def test_another_number_of_partitions_is_refused_and_changes_nothing(nats, postgres):
    async with staged(nats, postgres) as stage:
        before = await describe(stage.bus, EVENTS)
        with pytest.raises(Drift, match="partition"):
            await provision(stage.bus, partitions=16)
        after = await describe(stage.bus, EVENTS)
        assert after["config"] == before["config"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"max_age": 10**18}, "max_age"),
        ({"allow_atomic": False}, "allow_atomic"),
        ({"duplicate_window": 10**9}, "duplicate_window"),
        ({"subjects": ["member.*.*.*"]}, "subjects"),
    ],
)
async def test_drift_is_said_and_left_alone(nats, postgres, change, named):
    async with staged(nats, postgres) as stage:
        config = (await describe(stage.bus, EVENTS))["config"]
        await stage.bus.api(f"STREAM.UPDATE.{EVENTS}", config | change)
        drifted = (await describe(stage.bus, EVENTS))["config"]
        with pytest.raises(Drift, match=named):
            await provision(stage.bus)
        assert (await describe(stage.bus, EVENTS))["config"] == drifted


@pytest.mark.parametrize("community", ["atelier", "a", "fablab-du-port", "x" * 63])
async def test_the_server_puts_a_community_where_the_contracts_say(nats, postgres, community):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw([(f"post.created.{community}.forum", b"{}")])
        message = await stage.bus.api(f"STREAM.MSG.GET.{EVENTS}", {"seq": 1})
        partition = partition_of(community, 8)
        assert message["message"]["subject"] == f"{partition}.post.created.{community}.forum"


@pytest.mark.parametrize("subject", ["post.created.atelier", "post.created.atelier.forum.more", "posts.created.a.b"])
async def test_a_subject_of_another_form_is_refused_at_the_door(nats, postgres, subject):
    """It would be stored where no reader looks."""
    async with staged(nats, postgres) as stage:
        with pytest.raises(Unavailable, match="NoResponders"):
            await stage.publish_raw([(subject, b"{}")], seconds=0)


async def test_two_who_provision_at_once_end_with_one_log(nats, postgres):
    async with staged(nats, postgres) as stage:
        for stream in (EVENTS, DEAD):
            await stage.bus.api(f"STREAM.DELETE.{stream}")
        await asyncio.gather(provision(stage.bus), provision(stage.bus))
        assert (await provision(stage.bus)).made == ()
