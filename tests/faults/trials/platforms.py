"""Platforms: clients that publish in order, each message until the log has it, and write down what they were told."""

import asyncio
import contextlib
import time
from collections.abc import Sequence

import nats
from nats import errors
from nats.aio.client import Client
from nats.js.errors import Error as JetStreamError

from trials.history import History, Publish
from trials.load import Parcel

PATIENCE_SECONDS = 90.0
_ACKNOWLEDGED_SECONDS = 2.0


class Platforms:
    """One client a community, on one connection of their own. Nothing of the chassis takes part."""

    def __init__(self, urls: Sequence[str], history: History) -> None:
        self._urls = list(urls)
        self._history = history
        self._client: Client | None = None
        self._numbers: dict[str, int] = {}
        self.refused = 0
        """How often the log said no, or nothing."""

    async def connect(self) -> None:
        """Connect, and stay connected for as long as the trial lasts."""
        self._client = await nats.connect(
            self._urls,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.1,
            ping_interval=2,
            max_outstanding_pings=2,
            error_cb=_silent,
        )

    async def close(self) -> None:
        """No more."""
        if self._client is not None:
            with contextlib.suppress(errors.Error, OSError):
                await self._client.close()

    async def publish(self, client: str, parcels: Sequence[Parcel], *, within: float) -> None:
        """Publish in order, spread over about so many seconds; each is sent until it is acknowledged."""
        for parcel in parcels:
            number = self._numbers[client] = self._numbers.get(client, 0) + 1
            publish = Publish(client, number, parcel.subject, parcel.body, parcel.message_id)
            self._history.publishes.append(publish)
            await self._send(publish)
            await asyncio.sleep(within / len(parcels))

    async def publish_again(self, publish: Publish, message_id: str) -> None:
        """The same bytes once more, under another message id."""
        await self.publish(publish.client, [Parcel(publish.subject, publish.body, message_id)], within=0)

    @property
    def clients(self) -> set[str]:
        """Who has published: one client a community."""
        return set(self._numbers)

    async def _send(self, publish: Publish) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while publish.seq is None:
            publish.tries += 1
            try:
                log = self._connected().jetstream(timeout=_ACKNOWLEDGED_SECONDS)
                acknowledged = await log.publish(
                    publish.subject, publish.body, headers={"Nats-Msg-Id": publish.message_id}
                )
            except (errors.Error, JetStreamError, TimeoutError, OSError) as error:
                self.refused += 1
                if time.monotonic() > deadline:
                    raise AssertionError(f"the log did not take {publish.subject}: {error!r}") from error
                await asyncio.sleep(0.1)
            else:
                publish.seq = acknowledged.seq

    def _connected(self) -> Client:
        if self._client is None:
            raise AssertionError("the platforms are not connected")
        return self._client


async def _silent(_error: Exception) -> None:
    """A connection that breaks is what a trial is about."""
