"""What befalls a service rarely and takes long to try: a cut connection, a full disk, a lost tail, a lost leader."""

import asyncio
import re
import shutil
import time
from typing import TYPE_CHECKING

from chassis.bus import DEAD, EVENTS, ApiRefused, Unavailable
from staged import Stage
from trials.ground import LimitedNats, put_store_back
from trials.load import Parcel
from trials.plan import Act

if TYPE_CHECKING:
    from trials.trial import Trial

CUT_SECONDS = 30.0
_FULL_SECONDS = 2.0
_STOPPED = re.compile(r"partition (\d+) stopped: ")


async def cut(trial: "Trial", act: Act) -> None:
    """Nothing passes between the services and a server for 30 s; then what was held arrives, or is lost."""
    place = trial.place
    proxy = place.nats_proxy if act.name == "cut-from-nats" else place.postgres_proxy
    assert proxy is not None
    stage = trial.some_stage()
    await trial.wait(lambda: _all_ready(trial, stage), "the service was ready")
    began = time.monotonic()
    proxy.cut()
    try:
        await trial.wait(lambda: _none_ready(trial, stage), "readiness said no", 20)
        await asyncio.sleep(CUT_SECONDS - (time.monotonic() - began))
    finally:
        proxy.mend(reset=act.step == "reset")
    await trial.wait(lambda: _all_ready(trial, stage), "the service was ready again by itself")


async def disk_filled(trial: "Trial", _act: Act) -> None:
    """Not a byte is left for the log while platforms publish and services decide; then an operator makes room."""
    place = trial.place
    nats, refused = place.nats, trial.platforms.refused
    assert place.disk is not None
    assert isinstance(nats, LimitedNats)
    if place.disk.mounted:
        place.disk.fill()
    else:
        trial.history.notes.append("no small disk could be mounted: the server was limited instead")
        nats.limit = 1
        await asyncio.to_thread(nats.restart)
    await trial.wait(lambda: trial.flow.done() or trial.platforms.refused > refused, "the log refused a fact")
    assert trial.platforms.refused > refused, "the disk was full, and every fact was taken"
    await asyncio.sleep(_FULL_SECONDS)
    place.disk.empty()
    nats.limit = 0
    # A server that ran out of space has switched its log off: the operator starts it again.
    await asyncio.to_thread(nats.restart)


async def tail_lost(trial: "Trial", act: Act) -> None:
    """An old copy of the log's store is put back. Every service that read what is gone stops and says so.

    Then the true store is found again, the operator resumes, and all goes on.
    """
    place, copy = trial.place, trial.place.folder / "copy"
    stages = list(place.stages.values())
    await trial.flow
    for stage in stages:
        await trial.wait(lambda stage=stage: trial.quiet(stage), "the service came to rest")
    await asyncio.to_thread(place.nats.stop)
    shutil.copytree(place.nats.folder / "jetstream", copy)
    await asyncio.to_thread(place.nats.start)
    # So that there is no partition that lost nothing: it would go on, rightly, on a log that will be taken away again.
    lost = {client: _last_of(trial, client, "then lost") for client in sorted(trial.platforms.clients)}
    for client, parcel in lost.items():
        await trial.platforms.publish(client, [parcel], within=0)
    for stage in stages:
        await trial.wait(lambda stage=stage: trial.quiet(stage), "what will be lost was folded")
    await asyncio.to_thread(place.nats.kill)
    true = put_store_back(place.nats, copy)
    await asyncio.to_thread(place.nats.start)
    if act.step:
        await _write_on(trial, list(lost.values()))
    for stage in stages:
        await trial.wait(lambda stage=stage: _noticed(trial, stage, set(lost)), "the loss was noticed")
    await asyncio.to_thread(place.nats.kill)
    shutil.rmtree(place.nats.folder / "jetstream")
    true.rename(place.nats.folder / "jetstream")
    await asyncio.to_thread(place.nats.start)
    for stage in stages:
        stage.forget_log()
        await trial.wait(lambda stage=stage: _resumed(trial, stage), "the operator resumed")


async def leader_killed(trial: "Trial", _act: Act) -> None:
    """kill -9 of the server that leads the log; the others choose another, and it comes back."""
    cluster = trial.place.cluster
    assert cluster is not None
    leader = await _leader(trial)
    node = cluster.node(leader)
    await asyncio.to_thread(node.kill)

    async def moved() -> bool:
        return await _leader(trial) not in {"", leader}

    await trial.wait(moved, "another leader was chosen")
    await trial.flow
    await asyncio.to_thread(node.start)
    await trial.wait(lambda: _whole(trial), "it caught up")


async def node_killed(trial: "Trial", _act: Act) -> None:
    """kill -9 of a server that does not lead; it comes back."""
    cluster = trial.place.cluster
    assert cluster is not None
    leader = await _leader(trial)
    node = trial.chance.choice([node for node in cluster.nodes if node.server_name != leader])
    await asyncio.to_thread(node.kill)
    await trial.flow
    await asyncio.to_thread(node.start)
    await trial.wait(lambda: _whole(trial), "it caught up")


async def _all_ready(trial: "Trial", stage: Stage) -> bool:
    return all([await replica.is_ready() for replica in trial.alive(stage)])


async def _none_ready(trial: "Trial", stage: Stage) -> bool:
    return not any([await replica.is_ready() for replica in trial.alive(stage)])


def _last_of(trial: "Trial", client: str, mark: str) -> Parcel:
    """One more fact of a platform, like its last one."""
    last = next(one for one in reversed(trial.history.publishes) if one.client == client and one.body[:2] != b"{ ")
    body = last.body.replace(b'"id":"', b'"id":"' + mark.encode() + b" ", 1)
    return Parcel(last.subject, body, f"{client} {mark}")


async def _write_on(trial: "Trial", lost: list[Parcel]) -> None:
    """The log grows beyond where the cursors stand, with other things: its length shows nothing any more."""
    await trial.wait(lambda: _answers(trial), "the log answered")
    client = trial.place.bus.client.jetstream()
    for number in range(200):
        parcel = lost[number % len(lost)]
        body = parcel.body.replace(b"then lost", b"never to be %d" % number, 1)
        await client.publish(parcel.subject, body, headers={"Nats-Msg-Id": f"never to be {number}"})


async def _noticed(trial: "Trial", stage: Stage, communities: set[str]) -> bool:
    """Whether every partition with a community in it stands still and says which part of the log is gone."""
    told = [reason for replica in trial.alive(stage) for reason in (await replica.ready())[1]]
    found = [_STOPPED.match(reason) for reason in told if "gone" in reason or "put back" in reason]
    return {int(match[1]) for match in found if match is not None} >= trial.partitions(communities)


async def _resumed(trial: "Trial", stage: Stage) -> bool:
    """Ask every replica to resume; whether they are at work."""
    try:
        await trial.place.bus.send(f"ops.{stage.service.name}.resume", b"")
    except Unavailable:
        return False
    await asyncio.sleep(0.2)
    return await _all_ready(trial, stage)


async def _answers(trial: "Trial") -> bool:
    try:
        await trial.place.bus.api(f"STREAM.INFO.{EVENTS}")
    except (Unavailable, ApiRefused):
        return False
    return True


async def _leader(trial: "Trial") -> str:
    """The server that leads the log; nobody's name while they vote."""
    try:
        found = await trial.place.bus.api(f"STREAM.INFO.{EVENTS}")
    except (Unavailable, ApiRefused):
        return ""
    return str(found["cluster"].get("leader", ""))


async def _whole(trial: "Trial") -> bool:
    """Whether every server has all of both streams."""
    for stream in (EVENTS, DEAD):
        try:
            cluster = (await trial.place.bus.api(f"STREAM.INFO.{stream}"))["cluster"]
        except (Unavailable, ApiRefused):
            return False
        peers = cluster.get("replicas", [])
        if not cluster.get("leader") or len(peers) < 2 or not all(peer.get("current") for peer in peers):
            return False
    return True
