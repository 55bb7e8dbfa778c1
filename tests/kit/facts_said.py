"""Facts as a platform says them, with everything a story does not mention left at a default."""

from datetime import UTC, datetime
from typing import Any

from contracts.envelope import AnyEvent, Event
from contracts.registry import MODELS

FORUM = "/platforms/forum"


def moment(text: str) -> datetime:
    """`2026-03-02 10:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(
    event_type: str, at: str, *, source: str = FORUM, backfill: bool = False, event_id: str | None = None, **data: Any
) -> AnyEvent:
    """An event of that type at that time, of the community `atelier`."""
    model = MODELS[event_type]
    return Event[model](  # type: ignore[valid-type]
        id=event_id or f"{event_type}/{at}",
        source=source,
        type=event_type,
        time=moment(at),
        backfill=backfill,
        data=model.model_validate({"community": "atelier", **data}),
    )


def posted(at: str, member: str = "ana", body: str = "Bonjour à tous", **data: Any) -> AnyEvent:
    """A message in a thread of somebody else's."""
    fields = {"post": f"p-{at}", "thread": "t-1", "channel": "general", "kind": "message", **data}
    envelope = {name: fields.pop(name) for name in ("source", "backfill", "event_id") if name in fields}
    return said("post.created", at, member=member, body=body, **envelope, **fields)
