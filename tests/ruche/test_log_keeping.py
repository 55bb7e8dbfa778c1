"""The log, kept true: verified against what services said, repaired, trimmed behind a verified archive."""

import json
import shutil

from chassis.archive import manifest_path
from chassis.bus import EVENTS
from operator_at import posts, ran, ruche, told
from staged import staged, until


async def decisions(stage):
    return [entry for entry in await stage.log() if entry.event is not None and entry.event.source.startswith("/serv")]


async def test_a_log_that_holds_what_was_said_is_true(nats, postgres):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(60))

        found = await told(stage, "log", "verify")

        assert found["equal"] is True
        assert found["services"] == {"support": {"kept": len(await decisions(stage)), "waiting": 0}}


async def test_decisions_that_the_log_lost_are_named_and_put_back_to_the_byte(nats, postgres):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(60))
        lost = [(await decisions(stage))[place] for place in (0, 3, 6)]
        for entry in lost:
            await stage.bus.api(f"STREAM.MSG.DELETE.{EVENTS}", {"seq": entry.seq})

        printed = await ruche(stage, "log", "verify", code=4)
        mended = await told(stage, "log", "repair")

        assert all(entry.event.id in printed for entry in lost)
        assert mended["put_back"] == 3
        assert mended["equal"] is True
        last = (await stage.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]["last_seq"]
        again = [await stage.fetch_body(EVENTS, seq) for seq in range(last - 2, last + 1)]
        assert sorted(again) == sorted(entry.raw for entry in lost)
        # Whoever said or applied it passes over it.
        before = await stage.fetch("select * from tally order by community, member")
        await ran(stage, posts(1, start=100, communities=("fablab", "fablab")))
        after = await stage.fetch("select * from tally where community <> 'fablab' order by community, member")
        assert after == before


async def test_what_no_service_said_and_what_was_altered_is_told_apart(nats, postgres):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(40))
        first, second, *_ = await decisions(stage)
        await stage.bus.api(f"STREAM.MSG.DELETE.{EVENTS}", {"seq": second.seq})
        forged = first.event.model_copy(update={"id": "forged"})
        await stage.publish_raw(
            [
                (second.subject.partition(".")[2], second.raw.replace(b"every_second", b"every_third!")),
                (first.subject.partition(".")[2], forged.to_json()),
            ]
        )
        await ran(stage, posts(20, start=40))

        output = await ruche(stage, "log", "verify", "--json", code=4)
        found = json.loads(output.splitlines()[0])

        assert [one["event"].rpartition(" ")[2] for one in found["altered"]] == [second.event.id]
        assert [one["event"].rpartition(" ")[2] for one in found["unknown"]] == ["forged"]
        assert found["missing"] == []


async def test_an_old_copy_of_the_log_put_back_is_told(nats, postgres):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(40))
        await stage.execute("update cursor set passed = passed + 10")

        output = await ruche(stage, "log", "verify", code=4)

        assert "the log ends at" in output


async def test_what_every_cursor_passed_and_an_archive_holds_is_trimmed_and_nobody_misses_it(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(40))
        await ruche(stage, "log", "record", tmp_path / "log.gz")
        last = len(await stage.log())
        await stage.publish(*posts(5, start=40))

        done = await told(stage, "log", "trim", "--archive", tmp_path / "log.gz")

        assert done == {"first": 1, "last": last, "messages": last, "kept_by": "the end of log.gz"}
        state = (await stage.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]
        assert (state["first_seq"], state["messages"]) == (last + 1, 5)
        assert "nothing can be dropped" in await ruche(stage, "log", "trim", "--archive", tmp_path / "log.gz", code=1)
        async with stage.running() as runner:

            async def read_on():
                return (await stage.fetch("select sum(posts)::int from tally"))[0][0] == 45

            await until(read_on, "the service read on where the log begins now", 20)
            assert runner.ready() == (True, [])


async def test_what_was_trimmed_is_neither_missing_nor_put_back(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(40))
        await ruche(stage, "log", "record", tmp_path / "log.gz")
        said = await decisions(stage)
        last = len(await stage.log())
        await ran(stage, posts(2, start=40))
        await ruche(stage, "log", "trim", "--archive", tmp_path / "log.gz")
        stands = len(await stage.log())

        alone = await told(stage, "log", "verify")
        put_back = await told(stage, "log", "repair")
        with_it = await told(stage, "log", "verify", "--archive", tmp_path / "log.gz")
        printed = await ruche(stage, "log", "verify")

        assert (alone["equal"], alone["begins"], alone["before"]) == (True, last + 1, len(said))
        assert (put_back["put_back"], len(await stage.log())) == (0, stands)
        assert (with_it["equal"], with_it["begins"], with_it["before"]) == (True, 1, 0)
        assert f"{len(said)} may have been trimmed" in printed


async def test_what_the_log_lost_before_it_was_trimmed_is_found_with_the_archive(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(40))
        lost = (await decisions(stage))[2]
        await stage.bus.api(f"STREAM.MSG.DELETE.{EVENTS}", {"seq": lost.seq})
        await ruche(stage, "log", "record", tmp_path / "log.gz")
        await ran(stage, posts(2, start=40))
        await ruche(stage, "log", "trim", "--archive", tmp_path / "log.gz")

        found = json.loads(
            (await ruche(stage, "log", "verify", "--json", "--archive", tmp_path / "log.gz", code=4)).splitlines()[0]
        )
        mended = await told(stage, "log", "repair", "--archive", tmp_path / "log.gz")

        assert [one.rpartition(" ")[2] for one in found["missing"]] == [lost.event.id]
        assert (mended["put_back"], mended["equal"]) == (1, True)


async def test_a_service_that_has_not_read_it_keeps_the_log(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(10))
        read = len(await stage.log())
        await stage.publish(*posts(5, start=10))
        await ruche(stage, "log", "record", tmp_path / "log.ndjson")

        done = await told(stage, "log", "trim", "--archive", tmp_path / "log.ndjson")

        assert done["last"] == read
        assert done["kept_by"].startswith("support, partition")


async def test_a_platform_that_has_yet_to_receive_keeps_the_log(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        durable = {"durable_name": "forum", "ack_policy": "explicit", "filter_subject": "*.helper.credited.*.*"}
        await stage.bus.api(
            f"CONSUMER.CREATE.{EVENTS}.forum", {"stream_name": EVENTS, "action": "create", "config": durable}
        )
        await ran(stage, posts(40))
        await ruche(stage, "log", "record", tmp_path / "log.ndjson")

        assert "what forum has yet to receive stands at 0" in await ruche(
            stage, "log", "trim", "--archive", tmp_path / "log.ndjson", code=1
        )


async def test_an_archive_that_does_not_hold_the_log_trims_nothing(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(12))
        file = tmp_path / "log.ndjson"
        await ruche(stage, "log", "record", file)
        lines, manifest = file.read_bytes(), json.loads(manifest_path(file).read_text())

        async def refused(code=1, *, text=lines, **changed):
            file.write_bytes(text)
            manifest_path(file).write_text(json.dumps(manifest | changed))
            output = await ruche(stage, "log", "trim", "--archive", file, code=code)
            assert (await stage.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]["first_seq"] == 1
            return output

        assert "it was altered" in await refused(text=lines.replace(b'"post":"p3"', b'"post":"p4"'))
        assert "created at 2020" in await refused(stream=manifest["stream"] | {"created": "2020-01-01T00:00:00Z"})
        assert "a part of the log only" in await refused(community="atelier")
        assert "line 1 is not the next message" in await refused(first=2)
        await stage.bus.api(f"STREAM.MSG.DELETE.{EVENTS}", {"seq": 9})
        assert "has another message 9 where the log holds message 10" in await refused(4)


async def test_an_archive_of_what_came_later_does_not_trim_what_came_before(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(12))
        await ruche(stage, "log", "record", tmp_path / "one.ndjson")
        await ruche(stage, "log", "trim", "--archive", tmp_path / "one.ndjson")
        await ran(stage, posts(12, start=12))
        await ruche(stage, "log", "record", tmp_path / "two.ndjson")

        done = await told(stage, "log", "trim", "--archive", tmp_path / "two.ndjson")

        assert done["first"] == 1 + json.loads(manifest_path(tmp_path / "one.ndjson").read_text())["last"]
        shutil.copy(tmp_path / "two.ndjson", tmp_path / "alone.ndjson")
        assert "has no manifest" in await ruche(stage, "log", "trim", "--archive", tmp_path / "alone.ndjson", code=1)
