"""One event from an operator's command onto the log, acknowledged."""

import asyncio
import json
import secrets
from typing import NamedTuple

from nats import errors
from nats.aio.msg import Msg

from chassis.bus import EVENTS, Bus
from contracts.envelope import CONTENT_TYPE, AnyEvent
from contracts.registry import OPERATOR
from contracts.subjects import subject_of
from ruche.exits import Code, Problem

PUBLISH_SECONDS = 5.0
_TRIES = 3


class Acknowledged(NamedTuple):
    """Where the log has it; `duplicate`: it was there already, under the same identity."""

    seq: int
    duplicate: bool


async def publish(bus: Bus, event: AnyEvent, raw: bytes | None = None) -> Acknowledged:
    """Publish an event on its subject, waiting for the log's word.

    A publish that was not answered is sent again: under the same id it stands in the log once. A platform's fact goes
    under its identity; what an operator says goes under an id that nobody can guess, and so forestall.
    """
    subject = str(subject_of(event))
    headers = {
        "Nats-Msg-Id": secrets.token_hex(16) if event.type in OPERATOR else f"{event.source} {event.id}",
        "Nats-Expected-Stream": EVENTS,
        "Content-Type": CONTENT_TYPE,
    }
    for _ in range(_TRIES):
        try:
            message = await _answered(bus, subject, event.to_json() if raw is None else raw, headers)
        except errors.NoRespondersError:
            raise Problem("there is no log yet: `ruche log provision` makes it", Code.UNREACHABLE) from None
        except TimeoutError:
            continue
        answer = json.loads(message.data)
        if "error" in answer:
            raise Problem(f"the log refused {subject}: {answer['error'].get('description', 'no word of why')}")
        return Acknowledged(int(answer["seq"]), bool(answer.get("duplicate")))
    raise Problem(f"the log did not acknowledge {subject} in {_TRIES} tries", Code.UNREACHABLE)


async def _answered(bus: Bus, subject: str, body: bytes, headers: dict[str, str]) -> Msg:
    """The log's word; `Problem` as soon as the server says that this user may not ask for it."""
    asking = asyncio.ensure_future(bus.client.request(subject, body, timeout=PUBLISH_SECONDS, headers=headers))
    denial = asyncio.ensure_future(bus.denied.get())
    try:
        await asyncio.wait({asking, denial}, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            raise Problem(f"NATS does not let this user publish {subject}: {denial.result()}")
        return await asking
    finally:
        asking.cancel()
        denial.cancel()
