"""Drafts in order become events: flat chats get their threads, programs their mark, and every fact is examined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from contracts.envelope import AnyEvent
from contracts.errors import Refused
from contracts.wire import decode
from contracts.words import LONGEST_BODY
from ruche.converters import thread_gap
from ruche.converters.drafts import Draft, Findings
from ruche.converters.people import People
from ruche.converters.thread_gap import Talk


@dataclass(frozen=True, slots=True)
class Address:
    """Whose facts they are: the community, who publishes, and which channels the operator says are private."""

    community: str
    source: str
    restricted: frozenset[str] = frozenset()


class Weaver:
    """Makes events of drafts that come in order of time."""

    def __init__(self, address: Address, people: People, findings: Findings, *, flat: bool) -> None:
        self._address = address
        self._people = people
        self._findings = findings
        self._flat = flat
        self._thread_of: dict[str, str] = {}
        self._talks: dict[str, Talk] = {}

    def woven(self, drafts: Iterator[Draft]) -> Iterator[tuple[AnyEvent, bytes]]:
        """Each draft that the contracts accept, as an event and its bytes, an id once; the others are counted."""
        last = ""
        for draft in drafts:
            if draft.id == last:
                self._findings.leave_out("told twice")
                continue
            last = draft.id
            try:
                raw = self._written(draft)
                yield decode(raw), raw
            except Refused as error:
                self._findings.refuse(error.what, where=f"{draft.where}, {error.where}", cure=error.cure)

    def _written(self, draft: Draft) -> bytes:
        data = dict(draft.data)
        if draft.type == "post.created":
            data = self._posted(data, draft.time)
        elif self._flat and "post" in data and "thread" not in data:
            data["thread"] = self._thread_of.get(data["post"], data["post"])
        if draft.type == "channel.described" and data["channel"] in self._address.restricted:
            data["visibility"] = "restricted"
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": f"{self._address.community}:{draft.id}",
                "source": self._address.source,
                "type": draft.type,
                "time": draft.time.isoformat().replace("+00:00", "Z"),
                "subject": next((data[name] for name in ("post", "member", "channel") if data.get(name)), None),
                "datacontenttype": "application/json",
                "data": {"community": self._address.community, **data},
            }
        )

    def _posted(self, data: dict[str, Any], at: datetime) -> dict[str, Any]:
        data["body"] = data.get("body", "")[:LONGEST_BODY]
        bot = self._people.is_bot(data["member"]) or bool(data.get("bot"))
        data["bot"] = bot
        if not self._flat:
            return data
        post, channel = data["post"], data["channel"]
        talk = self._talks.get(channel)
        inferred: Mapping[str, Any] = {}
        if "thread" not in data:
            answered = data.get("reply_to")
            if answered is not None:
                data["thread"] = self._thread_of.setdefault(answered, answered)
            elif bot:
                data["thread"] = post
            else:
                talk = thread_gap.spoken(talk, post, at)
                data["thread"] = talk.thread
                data["reply_to"] = None if talk.thread == post else talk.thread
                inferred = {"thread_inferred": True, "thread_rule": thread_gap.NAME}
        after = thread_gap.replied(talk, data["thread"], at)
        if after is not None and not bot:
            self._talks[channel] = after
        self._thread_of[post] = data["thread"]
        return {**data, **inferred}
