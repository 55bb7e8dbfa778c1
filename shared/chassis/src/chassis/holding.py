"""The partitions of a replica: a worker for each lease it holds. No worker that takes its time delays a renewal."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from chassis.lease import Claim
from chassis.ledger import Shop
from chassis.logging import get_logger
from chassis.partition import Partition

log = get_logger(__name__)


class Holding:
    """Takes what was claimed, gives up what was lost, hands over what is too much.

    Each of these waits for a worker's batch at hand, in a task of its own: were leases renewed only after it, one long
    batch on its way out would cost the replica everything else it holds.

    Attributes:
        workers: one for each partition at work here.
        paused: whether new workers begin paused.
    """

    def __init__(self, shop: Shop, *, paused: bool) -> None:
        self._shop = shop
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._moves: dict[int, asyncio.Task[None]] = {}
        self._claims: dict[int, Claim] = {}
        self.workers: dict[int, Partition] = {}
        self.paused = paused

    async def renew(self) -> None:
        """Renew the leases, and set in motion what follows from them."""
        leases = self._shop.leases
        self._claims |= {claim.partition: claim for claim in await leases.renew()}
        self._claims = {p: claim for p, claim in self._claims.items() if leases.held.get(p) == claim.epoch}
        for partition in self._claims:
            self._move(partition, self._take(partition))
        for partition, worker in list(self.workers.items()):
            if partition not in leases.held:
                log.warning("lease lost", partition=partition)
                self._move(partition, self._end(partition))
            elif worker.lost:
                # The lease is ours, the cursor was not: claimed anew, under another epoch.
                self._move(partition, self._hand_over(partition))
        for partition in {*leases.surplus(), *self._unattended()} - self._moves.keys():
            log.info("handing a partition over", partition=partition)
            self._move(partition, self._hand_over(partition))
        self._shop.metrics.leases(len(leases.held))

    async def settle(self) -> None:
        """Until everything that was set in motion is done."""
        while self._moves:
            await asyncio.gather(*self._moves.values(), return_exceptions=True)

    async def close(self) -> None:
        """Finish the batches at work, hand everything over."""
        self._claims.clear()
        await self.settle()
        await asyncio.gather(*(self._hand_over(partition) for partition in list(self._shop.leases.held)))

    def _unattended(self) -> set[int]:
        """Held, and nobody works on it: a claim or a hand-over whose answer from Postgres was lost."""
        return self._shop.leases.held.keys() - self.workers.keys() - self._claims.keys()

    def _move(self, partition: int, work: Coroutine[Any, Any, None]) -> None:
        """One thing at a time with each partition; what has to wait is found again at the next renewal."""
        if partition in self._moves:
            work.close()
            return
        task = asyncio.create_task(work, name=f"move of partition {partition}")
        self._moves[partition] = task
        task.add_done_callback(lambda _done: self._moves.pop(partition, None))

    async def _take(self, partition: int) -> None:
        await self._end(partition)
        claim = self._claims.pop(partition, None)
        if claim is None:
            # Lost again meanwhile.
            return
        worker = Partition(self._shop, partition, claim.epoch, paused=self.paused)
        self.workers[partition] = worker
        self._tasks[partition] = asyncio.create_task(worker.run(), name=f"partition {partition}")
        self._shop.metrics.took_over()
        log.info("partition taken", partition=partition, epoch=claim.epoch, cursor=claim.cursor.seq)

    async def _hand_over(self, partition: int) -> None:
        await self._end(partition)
        # Where Postgres does not hear it, the partition is found unattended at the next renewal, or its lease runs out.
        with contextlib.suppress(Exception):
            await self._shop.leases.release(partition)

    async def _end(self, partition: int) -> None:
        worker, task = self.workers.pop(partition, None), self._tasks.pop(partition, None)
        if worker is not None and task is not None:
            worker.end()
            await asyncio.gather(task, return_exceptions=True)
            with contextlib.suppress(KeyError):
                self._shop.metrics.lost(partition)
