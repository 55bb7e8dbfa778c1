"""One community's part of a log, remembered: events by id, what people and threads are called, the playbook's zone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import orjson

from chassis.sentences import Around
from contracts.envelope import AnyEvent
from contracts.naming import playbook_name
from contracts.persons import people_in
from contracts.playbook import NEUTRAL, Playbook, load
from contracts.wire import decode

CALENDAR = "calendar:"


class Told(NamedTuple):
    """An event as the log has it: read again when it is wanted, so that a large log fits into memory."""

    type: str
    source: str
    raw: bytes

    def event(self) -> AnyEvent:
        """The event."""
        return decode(self.raw)

    def people(self) -> frozenset[str]:
        """Every person whom it names, wherever the contracts say that a field does."""
        return people_in(self.type, orjson.loads(self.raw)["data"])


class Remembered:
    """Events of one community in log order."""

    def __init__(self, community: str) -> None:
        self.community = community
        self.playbook: Playbook = NEUTRAL
        self.now: datetime | None = None
        self._told: dict[str, Told] = {}
        self._names: dict[str, str] = {}
        self._titles: dict[str, tuple[str, str]] = {}
        self._erased: set[str] = set()

    def learn(self, event: AnyEvent, raw: bytes) -> None:
        """The next event. One that stands twice counts once, as it does for services."""
        if event.data.community != self.community:
            return
        self._told.setdefault(event.id, Told(event.type, event.source, raw))
        self.now = event.time if self.now is None else max(self.now, event.time)
        match event.type:
            case "member.joined" | "member.updated" if event.data.display_name:
                self._names[event.data.member] = event.data.display_name
            case "post.created" if event.data.title:
                self._titles.setdefault(event.data.thread, (event.data.title, event.data.member))
            case "community.configured":
                self.playbook = load(event.data.playbook)
            case "member.erased":
                self._forget(event.data.member)
            case _:
                pass

    def _forget(self, member: str) -> None:
        """Somebody asked to be forgotten: the log may still hold a name, and nobody is shown it."""
        self._names.pop(member, None)
        self._erased.add(member)
        self._titles = {thread: known for thread, known in self._titles.items() if known[1] != member}

    def find(self, event_id: str) -> AnyEvent | None:
        """An event by its id; None when it is not in this part of the log."""
        told = self._told.get(event_id)
        return None if told is None else told.event()

    def like(self, beginning: str) -> list[str]:
        """The ids that begin so, in log order."""
        return [event_id for event_id in self._told if event_id.startswith(beginning)]

    def events(self, *types: str) -> Iterator[AnyEvent]:
        """The events of some types, or all, in log order."""
        return (told.event() for told in self._told.values() if not types or told.type in types)

    def about(self, member: str) -> Iterator[AnyEvent]:
        """The events in which a member is named, in log order: a quick look at the bytes first, then at the fields."""
        needle = member.encode()
        for told in self._told.values():
            if (needle in told.raw or b"\\u" in told.raw) and member in told.people():
                yield told.event()

    def name(self, member: str) -> str | None:
        """What a member is called; the id where no name is known; None for somebody who asked to be forgotten."""
        if member in self._erased:
            return None
        return playbook_name(self.playbook, member) or self._names.get(member, member)

    def title(self, thread: str) -> str | None:
        """What a thread is called."""
        known = self._titles.get(thread)
        return None if known is None else known[0]

    def own_title(self, member: str, thread: str) -> str | None:
        """What a thread is called, if the member opened it."""
        known = self._titles.get(thread)
        return known[0] if known is not None and known[1] == member else None

    def around(self, now: datetime) -> Around:
        """What sentences need, for a manager who may read every name."""
        return Around(self.playbook.zone, now, name=self.name, title=self.title)

    @property
    def names(self) -> Mapping[str, str]:
        """Every name that is known, by id."""
        return self._names

    @property
    def titles(self) -> Mapping[str, tuple[str, str]]:
        """Every title that is known, and who opened the thread, by thread."""
        return self._titles


def remembered(community: str, events: Iterable[tuple[AnyEvent, bytes]]) -> Remembered:
    """All of some events that are of a community."""
    result = Remembered(community)
    for event, raw in events:
        result.learn(event, raw)
    return result
