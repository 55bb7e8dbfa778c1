"""Turns on the bus: facts one by one into the real log, the services taking turns, as a replay in process does it.

The services run *conducted*: they read when they are told to, and publish no tick. Nobody else may publish meanwhile;
a conductor that finds a stranger's message between its own stops, because its order would be no order.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import NamedTuple

import orjson
from nats import errors
from nats.aio.client import Client
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from chassis.bus import EVENTS
from chassis.entry import Entry
from chassis.operations import TurnAnswer, request_subject
from chassis.replay import Digest, is_fact, tick, whole_second
from contracts.envelope import CONTENT_TYPE, AnyEvent
from contracts.identity import service_source
from contracts.subjects import partition_of, subject_of
from contracts.wire import decode

_TURN_SECONDS = 60.0
_READY_SECONDS = 30.0
_ASK_SECONDS = 0.1
_PUBLISH_SECONDS = 5.0
_PUBLISH_TRIES = 6


class OutOfStep(Exception):  # noqa: N818 - what was found, not a fault of the program
    """The conductor cannot go on: a service does not answer or refuses, or somebody else publishes."""


class Said(NamedTuple):
    """A decision as the log has it."""

    seq: int
    raw: bytes
    event: AnyEvent


class Step(NamedTuple):
    """One fact or tick, and everything that the services decided on it, in log order."""

    seq: int
    event: AnyEvent
    said: tuple[Said, ...]


class Conductor:
    """Gives the turns to running services, by the rules of `chassis.replay.Turns`, with the same bytes as result.

    Attributes:
        heard: facts and ticks by type; `skipped`, `refused`: lines of the file that never reach the bus.
        said: decisions by type.
    """

    def __init__(
        self,
        client: Client,
        services: Iterable[str],
        partitions: int,
        *,
        publishers: Mapping[str, str] | None = None,
    ) -> None:
        self._client = client
        self._log = client.jetstream(timeout=_PUBLISH_SECONDS)
        self._services = sorted(services)
        self._partitions = partitions
        self._publishers = publishers or {}
        # Ids of its own, so that a fact which stands twice in a file stands twice in the log, as in process.
        self._run = token_hex(8)
        self._published = 0
        self._end = 0
        self._due: dict[str, dict[str, datetime]] = {}
        self._communities: set[str] = set()
        self._digest = Digest()
        self.heard: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.skipped = 0
        self.refused: Counter[str] = Counter()

    def sha256(self) -> str:
        """Over all decisions so far, as `Turns.sha256`."""
        return self._digest.hexdigest()

    async def begin(self) -> tuple[Said, ...]:
        """Wait until the services are ready, and bring them to the end of the log as it is found.

        Answers what they decided on it.
        """
        for service in self._services:
            await self._ready(service)
        try:
            self._end = (await self._log.stream_info(EVENTS)).state.last_seq
        except NotFoundError:
            raise OutOfStep(f"there is no stream {EVENTS}: provision the log") from None
        said: list[Said] = []
        for partition in range(self._partitions):
            said += await self._settle(partition)
        return tuple(said)

    async def _ready(self, service: str) -> None:
        waited, why = 0.0, "it does not run: start it with RUCHE_CONDUCTED=true"
        while waited < _READY_SECONDS:
            try:
                message = await self._client.request(request_subject(service, "status"), b"", timeout=1)
                answer = orjson.loads(message.data)
                if answer.get("ready"):
                    return
                why = "; ".join(answer.get("reasons", [])) or str(answer.get("error"))
            except (TimeoutError, errors.Error):
                pass
            await asyncio.sleep(_ASK_SECONDS)
            waited += _ASK_SECONDS
        raise OutOfStep(f"{service} is not ready: {why}")

    async def play(self, facts: Iterable[Entry], *, until: datetime | None = None) -> AsyncIterator[Step]:
        """Facts in their order, each after the ticks due before it.

        Facts after `until` are left out, and time passes up to it.
        """
        for entry in facts:
            event = entry.event
            if event is None:
                self.skipped += entry.skipped
                if entry.refusal is not None:
                    self.refused[entry.refusal.kind] += 1
                continue
            if not is_fact(event) or (until is not None and event.time > until):
                continue
            async for step in self.pass_time(event.data.community, event.time):
                yield step
            yield await self._step(event, entry.raw)
        if until is not None:
            for community in sorted(self._communities | set(self._due)):
                async for step in self.pass_time(community, until):
                    yield step

    async def pass_time(self, community: str, until: datetime) -> AsyncIterator[Step]:
        """Tick for every deadline of a community whose whole second is at or before an instant."""
        while (due := min(self._due.get(community, {}).values(), default=None)) is not None:
            second = whole_second(due)
            if second > until:
                return
            event = tick(community, second)
            yield await self._step(event, event.to_json())

    async def _step(self, event: AnyEvent, raw: bytes) -> Step:
        community: str = event.data.community
        self._communities.add(community)
        self.heard[event.type] += 1
        seq = await self._publish(str(subject_of(event, self._publishers)), raw)
        return Step(seq, event, await self._settle(partition_of(community, self._partitions)))

    async def _publish(self, subject: str, raw: bytes) -> int:
        self._published += 1
        headers = {"Nats-Msg-Id": f"conductor-{self._run}-{self._published}", "Content-Type": CONTENT_TYPE}
        for last in (*[False] * (_PUBLISH_TRIES - 1), True):
            try:
                seq = (await self._log.publish(subject, raw, stream=EVENTS, headers=headers)).seq
            except (TimeoutError, errors.TimeoutError, errors.NoRespondersError):
                # It may have arrived all the same: under the same id it stands in the log once.
                if last:
                    raise OutOfStep(f"the log does not acknowledge {subject}") from None
                await asyncio.sleep(1)
            else:
                self._in_step(seq, self._end + 1)
                self._end = seq
                return seq
        raise AssertionError

    @staticmethod
    def _in_step(found: int, expected: int) -> None:
        if found != expected:
            raise OutOfStep(f"the log is at {found} where {expected} was expected: somebody else publishes meanwhile")

    async def _settle(self, partition: int) -> tuple[Said, ...]:
        """Rounds of turns in name order until one adds nothing.

        Whoever has nothing new but its own words is not asked: it would add nothing.
        """
        said: list[Said] = []
        unread = set(self._services)
        while unread:
            for name in self._services:
                if name not in unread:
                    continue
                unread.discard(name)
                added = await self._turn(name, partition)
                if added:
                    said += added
                    unread.update(other for other in self._services if other != name)
        return tuple(said)

    async def _turn(self, service: str, partition: int) -> list[Said]:
        request = orjson.dumps({"partition": partition, "upto": self._end})
        try:
            message = await self._client.request(request_subject(service, "turn"), request, timeout=_TURN_SECONDS)
        except errors.NoRespondersError:
            raise OutOfStep(f"{service} does not run: start it with RUCHE_CONDUCTED=true") from None
        except (TimeoutError, errors.TimeoutError):
            raise OutOfStep(f"{service} did not finish its turn within {_TURN_SECONDS:.0f} s; see its log") from None
        try:
            answer = TurnAnswer.model_validate_json(message.data)
        except ValidationError:
            why = orjson.loads(message.data).get("error", "no word of why")
            raise OutOfStep(f"{service} refused its turn: {why}") from None
        for community, due in answer.due.items():
            if due is not None:
                self._due.setdefault(community, {})[service] = datetime.fromisoformat(due)
            elif community in self._due:
                self._due[community].pop(service, None)
        return await self._read(service, answer.published_to)

    async def _read(self, service: str, to: int) -> list[Said]:
        """What a service has just added to the log, from the log."""
        start, self._end = self._end + 1, max(self._end, to)
        found = await asyncio.gather(*(self._log.get_msg(EVENTS, seq) for seq in range(start, to + 1)))
        result = []
        for seq, message in enumerate(found, start):
            raw = message.data or b""
            event = decode(raw)
            if event.source != service_source(service):
                raise OutOfStep(f"message {seq} is from {event.source}: somebody else publishes meanwhile")
            self._digest.add(event.data.community, raw)
            self.said[event.type] += 1
            result.append(Said(seq, raw, event))
        return result
