"""What can befall a service: crashes, zombies, comings and goings, and what happens to its servers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from replicas import Replica
from staged import Stage
from trials import hard_acts
from trials.ground import freeze, thaw
from trials.plan import Act

if TYPE_CHECKING:
    from trials.trial import Trial

FROZEN_SECONDS = 1.5


async def crashed(trial: "Trial", act: Act) -> None:
    """Every replica is killed; the next dies by itself at a step of a batch; the one after it carries on."""
    stage = trial.some_stage()
    for replica in trial.alive(stage):
        await replica.kill()
    doomed = await trial.another(stage, crash_at=f"{act.step}:{trial.chance.choice((1, 2, 3))}")
    await _reached(trial, stage, doomed, act, lambda: doomed.returncode is not None)
    await doomed.kill()
    if trial.place.window_seconds < FROZEN_SECONDS:
        await asyncio.sleep(FROZEN_SECONDS)
    await trial.another(stage)


async def frozen(trial: "Trial", act: Act) -> None:
    """An owner stands still until its partitions have moved, and then goes on as if it still held them: a zombie."""
    stage = trial.some_stage()
    if act.step:
        for replica in trial.alive(stage):
            await replica.kill()
        zombie = await trial.another(stage, freeze_at=f"{act.step}:{trial.chance.choice((1, 2, 3))}")
        await _reached(trial, stage, zombie, act, lambda: zombie.frozen)
    else:
        await trial.wait(lambda: trial.all_held(stage), "the partitions were held")
        zombie = trial.chance.choice(trial.alive(stage))
    zombie.freeze()
    heir = await trial.another(stage)
    await trial.wait(lambda: trial.all_held(stage), "the zombie's partitions moved")
    if trial.place.window_seconds < FROZEN_SECONDS:
        await asyncio.sleep(FROZEN_SECONDS)
    await trial.wait(heir.is_ready, "its heir was ready")
    zombie.thaw()
    await trial.wait(zombie.is_ready, "the zombie was ready, with what is its own now")
    if trial.chance.random() < 0.5:
        await zombie.kill()


async def killed(trial: "Trial", _act: Act) -> None:
    """kill -9 of any replica, wherever it is; another comes."""
    stage = trial.some_stage()
    await trial.chance.choice(trial.alive(stage)).kill()
    await trial.another(stage)


async def joined_and_left(trial: "Trial", _act: Act) -> None:
    """Two replicas join, everybody has a share; one leaves, and the others have it all."""
    stage = trial.some_stage()
    for _ in range(2):
        await trial.another(stage)
    await trial.wait(lambda: _shared(trial, stage), "everybody had a share")
    leaving = trial.chance.choice(trial.alive(stage))
    assert await leaving.stop() == 0
    await trial.wait(lambda: trial.all_held(stage), "the others had it all")


async def sent_again(trial: "Trial", _act: Act) -> None:
    """Platforms publish what they published before, under new message ids."""
    await trial.flow
    known = trial.chance.sample(trial.history.publishes, k=min(60, len(trial.history.publishes)))
    for number, publish in enumerate(known):
        again = publish.message_id + f" once more {number}"
        await trial.platforms.publish_again(publish, again)


async def nats_killed(trial: "Trial", _act: Act) -> None:
    """kill -9 of NATS; away for a moment."""
    await _away(trial, trial.place.nats)


async def postgres_killed(trial: "Trial", _act: Act) -> None:
    """kill -9 of Postgres; away for a moment."""
    await _away(trial, trial.place.postgres)


async def nats_frozen(trial: "Trial", _act: Act) -> None:
    """NATS stands still for longer than a lease lasts, and goes on."""
    await _still(trial.place.nats)


async def postgres_frozen(trial: "Trial", _act: Act) -> None:
    """Postgres stands still for longer than a lease lasts, and goes on."""
    await _still(trial.place.postgres)


async def _away(trial, server) -> None:
    await asyncio.sleep(trial.chance.uniform(0, 0.5))
    await asyncio.to_thread(server.kill)
    await asyncio.sleep(trial.chance.choice((0.0, 0.5, FROZEN_SECONDS)))
    await asyncio.to_thread(server.start)


async def _still(server) -> None:
    pids = freeze(server)
    try:
        await asyncio.sleep(FROZEN_SECONDS)
    finally:
        thaw(pids)


async def _reached(trial: "Trial", stage: Stage, replica: Replica, act: Act, condition: Callable[[], bool]) -> None:
    """Until a replica reached the step it was to reach; or until nothing is left to do, which is noted."""

    async def over() -> bool:
        return condition() or (trial.flow.done() and await trial.quiet(stage))

    await trial.wait(over, f"{replica.name} reached {act.step}, or had no more to do")
    if not condition():
        trial.history.notes.append(f"{act} was not reached")


async def _shared(trial: "Trial", stage: Stage) -> bool:
    return all([await trial.held(stage, replica) for replica in trial.alive(stage)]) and await trial.all_held(stage)


ACTS: dict[str, Callable[["Trial", Act], Awaitable[None]]] = {
    "crashed": crashed,
    "frozen": frozen,
    "killed": killed,
    "joined-and-left": joined_and_left,
    "sent-again": sent_again,
    "nats-killed": nats_killed,
    "postgres-killed": postgres_killed,
    "nats-frozen": nats_frozen,
    "postgres-frozen": postgres_frozen,
    "cut-from-nats": hard_acts.cut,
    "cut-from-postgres": hard_acts.cut,
    "disk-filled": hard_acts.disk_filled,
    "tail-lost": hard_acts.tail_lost,
    "leader-killed": hard_acts.leader_killed,
    "node-killed": hard_acts.node_killed,
}
