"""A few of the seeded trials of `make faults`, on every run of the tests: short ones, of different kinds."""

from pathlib import Path

import pytest

from servers import folder
from trials.ground import Lane
from trials.place import placed
from trials.plan import plan_of
from trials.trial import run

SEEDS = (16, 6)
"""The toy with its servers frozen and replicas that come and go; a real service killed and frozen in a batch."""


@pytest.fixture(scope="module")
def ground():
    with folder() as path:
        yield path


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_befalls_a_service_all_is_applied_once_and_in_order(ground: Path, seed: int):
    plan = plan_of(seed)
    lane = Lane(ground / f"lane-{seed}")
    try:
        place_folder = ground / f"seed-{seed}"
        place_folder.mkdir()
        async with placed(plan, lane, place_folder) as place:
            await run(plan, place)
    except AssertionError as error:
        error.add_note(f"{plan}\nagain: make faults SEEDS={seed}")
        raise
    finally:
        await lane.close()
