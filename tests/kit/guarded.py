"""A nats-server whose users are made by `ruche access`: every kind of them, and an owner who sees everything."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import nats
from nats.aio.client import Client

import servers
from chassis.bus import Bus
from chassis.provision import provision
from contracts.registry import DECISIONS, SERVICES
from ruche.access import accounts, consumers, rights
from ruche.access.registry import Principal, Registry
from ruche.connection import Addresses, bus_settings
from ruche.servers import NatsServer
from staged import until

DECIDED = tuple(type_ for own in DECISIONS.values() for type_ in own)
FORUM = Principal(
    kind="platform", name="forum", password="", communities=("atelier",), receives=rights.received((), DECIDED)
)
CHAT = Principal(
    kind="platform",
    name="chat",
    password="",
    communities=("verger", "voisins"),
    receives=rights.received(("question.*", "member.*"), DECIDED),
)
EVERYBODY = (
    *(Principal(kind="service", name=name, password="") for name in SERVICES),
    FORUM,
    CHAT,
    Principal(kind="operator", name="camille", password=""),
    Principal(kind="operator", name="sacha", password="", communities=("atelier",)),
    Principal(kind="operator", name="gardien", password="", keeper=True),
)


class Guarded:
    """The server, its owner, and everybody's password (their name, twice)."""

    def __init__(self, server: NatsServer, registry: Registry) -> None:
        self.server = server
        self.registry = registry

    @property
    def settings(self):
        """Those of the owner."""
        return bus_settings(
            Addresses(
                nats=self.server.address,
                nats_user=self.server.user,
                nats_password=self.server.password,
                postgres="postgresql://unused",
                embedded=True,
            )
        )

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Bus]:
        """The owner's connection."""
        bus = Bus(self.settings, "owner")
        bus.start()
        try:
            assert await bus.connected_within(10)
            yield bus
        finally:
            await bus.close()

    @asynccontextmanager
    async def user(self, name: str) -> AsyncIterator[Client]:
        """Somebody's connection, with nothing but what NATS itself gives a client."""

        async def ignored(_error: Exception) -> None:
            return

        client = await nats.connect(
            self.server.address,
            user=name,
            password=name * 2,
            inbox_prefix=f"_INBOX_{name}".encode(),
            error_cb=ignored,
            allow_reconnect=False,
        )
        try:
            yield client
        finally:
            await client.close()


@contextmanager
def guarded() -> Iterator[Guarded]:
    """A server with everybody on it, the log provisioned, the platforms' consumers made."""
    registry = accounts.owned("ruche", "ruche-ruche")
    for one in EVERYBODY:
        registry = registry.put(one.model_copy(update={"password": accounts.hashed(one.name * 2)}))
    with servers.folder() as folder:
        (folder / "nats.password").write_text("ruche-ruche")
        (folder / "access").mkdir()
        file = accounts.write(folder / "access", registry)
        with NatsServer(folder, durable=False, accounts=file) as server:
            there = Guarded(server, registry)
            servers.run(lambda: _provisioned(there))
            yield there


async def _provisioned(there: Guarded) -> None:
    async with there.owner() as bus:
        await provision(bus)
        for one in EVERYBODY:
            if one.kind == "platform":
                await consumers.make_consumer(bus, one)


async def flushed(client: Client) -> None:
    """The server has read all that a client sent. nats-py's first ping may overtake what waits to be written."""
    await client.flush()
    await client.flush()


class Witness:
    """What arrives in the log's account, whoever sent it, stored or not: (subject, bytes)."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.heard: list[tuple[str, bytes]] = []

    async def watch(self) -> None:
        """Begin."""

        async def hear(message) -> None:
            self.heard.append((message.subject, bytes(message.data)))

        await self._bus.subscribe(">", hear)
        await flushed(self._bus.client)

    async def settle(self, *senders: Client) -> None:
        """All that was sent before has been heard: the server answers each sender, and then passes on a last word."""
        for sender in senders:
            await flushed(sender)
        last = f"last.{len(self.heard)}"
        await self._bus.send(last, b"")
        await until(lambda: any(subject == last for subject, _ in self.heard), "the last word was heard")

    def from_(self, mark: bytes) -> set[str]:
        """The subjects on which somebody's mark arrived."""
        return {subject for subject, data in self.heard if data == mark}


async def events(bus: Bus) -> tuple[int, int]:
    """How many messages the log holds, and its last sequence."""
    state = (await bus.api("STREAM.INFO.EVENTS"))["state"]
    return state["messages"], state["last_seq"]
