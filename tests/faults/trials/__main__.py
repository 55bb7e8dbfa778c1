"""`python -m trials [SEEDS]`: trials side by side, a line each; the last line counts them. See `make faults`."""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import structlog

from trials.ground import Lane
from trials.place import placed
from trials.plan import Plan, plan_of, seeds_of
from trials.trial import run

TRIAL_SECONDS = 400.0
FAILED = 1
BAD_SEEDS = 2


class Trials:
    """Seeds played in lanes, each with servers of its own.

    Attributes:
        passed, failed: by seed; a failed one with what was found.
    """

    def __init__(self, seeds: list[int], folder: Path) -> None:
        self.passed: list[int] = []
        self.failed: dict[int, str] = {}
        self.acts: Counter[str] = Counter()
        self._left = seeds[::-1]
        self._folder = folder

    async def play(self, lanes: int) -> None:
        """All of them."""
        await asyncio.gather(*(self._lane(number) for number in range(lanes)))

    async def _lane(self, number: int) -> None:
        lane = Lane(self._folder / f"lane-{number}")
        try:
            while self._left:
                await self._one(plan_of(self._left.pop()), lane)
        finally:
            await lane.close()

    async def _one(self, plan: Plan, lane: Lane) -> None:
        folder = self._folder / f"seed-{plan.seed}"
        folder.mkdir()
        began = time.monotonic()
        try:
            async with asyncio.timeout(TRIAL_SECONDS), placed(plan, lane, folder) as place:
                notes = (await run(plan, place)).notes
        except Exception as error:  # noqa: BLE001 - whatever it is, this seed failed and the others go on
            self.failed[plan.seed] = f"{type(error).__name__}: {str(error)[:2000]}"
            (folder / "traceback.txt").write_text("".join(traceback.format_exception(error)))
            say(f"seed {plan.seed} FAILED: {plan}\n  {self.failed[plan.seed]}\n  logs: {folder}")
            say(f"  again: make faults SEEDS={plan.seed}")
        else:
            self.passed.append(plan.seed)
            self.acts.update(map(str, plan.acts))
            say(f"seed {plan.seed} passed in {time.monotonic() - began:.1f} s: {plan} ({'; '.join(notes)})")
            shutil.rmtree(folder, ignore_errors=True)


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Play the seeds of the command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("seeds", nargs="?", default="1-50", help="1-50, 17, or 3,5,9-12")
    parser.add_argument("--lanes", type=int, default=3, help="how many trials run side by side")
    parser.add_argument("--plans", action="store_true", help="only say what would happen")
    given = parser.parse_args()
    try:
        seeds = seeds_of(given.seeds)
    except ValueError:
        parser.error(f"{given.seeds!r} are no seeds: 1-50, 17, or 3,5,9-12")
    if given.plans:
        for seed in seeds:
            say(f"seed {seed}: {plan_of(seed)}")
        return 0
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(tempfile.mkdtemp(prefix="ruche-faults-"))
    trials = Trials(seeds, folder)
    began = time.monotonic()
    asyncio.run(trials.play(min(given.lanes, len(seeds))))
    if not trials.failed:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"{time.monotonic() - began:.0f} s; acts: " + ", ".join(f"{act} {n}" for act, n in sorted(trials.acts.items())))
    for seed in trials.failed:
        say(f"again: make faults SEEDS={seed}")
    say(f"{len(trials.passed)} passed, {len(trials.failed)} failed")
    return FAILED if trials.failed else 0


if __name__ == "__main__":
    sys.exit(main())
