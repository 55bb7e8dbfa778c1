"""A history before it is adopted: what its facts hold, and what they cannot tell. Pure; nothing is sent here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.envelope import AnyEvent
from contracts.people import concerned_member
from contracts.registry import publisher_kind

PLATFORM = "platform"


@dataclass(slots=True)
class Found:
    """What the facts of one community hold.

    Attributes:
        facts: how many of each type.
        sources: who says them.
        joined: members whose join is told; `concluded`: those whose join was concluded from an act.
        members: everybody the facts are about; `bots` and `staff` among them.
        posts: by kind; `threads`; `placed`: posts that a rule for flat chats put into a thread.
        reactions: with a giver, and without.
        vague: facts whose time is not theirs, by `time_precision`.
        disordered: facts that are earlier than the one before them.
        left_out: what is in the file and is no fact of a platform, by type.
    """

    community: str
    facts: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    joined: set[str] = field(default_factory=set)
    concluded: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    bots: set[str] = field(default_factory=set)
    staff: set[str] = field(default_factory=set)
    channels: dict[str, str] = field(default_factory=dict)
    posts: Counter[str] = field(default_factory=Counter)
    threads: set[str] = field(default_factory=set)
    placed: int = 0
    reactions: Counter[bool] = field(default_factory=Counter)
    vague: Counter[str] = field(default_factory=Counter)
    disordered: int = 0
    first: datetime | None = None
    last: datetime | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    _before: datetime | None = None

    def add(self, event: AnyEvent) -> None:
        """One event of the file."""
        if not is_adopted(event):
            self.left_out[event.type] += 1
            return
        self.facts[event.type] += 1
        self.sources[event.source] += 1
        self.disordered += self._before is not None and event.time < self._before
        self._before = event.time
        self.first = event.time if self.first is None else min(self.first, event.time)
        self.last = event.time if self.last is None else max(self.last, event.time)
        member = concerned_member(event)
        if member is not None:
            self.members.add(member)
        precision = getattr(event.data, "time_precision", None)
        if precision:
            self.vague[precision] += 1
        self._look(event)

    def _look(self, event: AnyEvent) -> None:
        data = event.data
        match event.type:
            case "member.joined" | "member.updated":
                self.bots.update([data.member] if data.bot else ())
                self.staff.update([data.member] if data.staff else ())
                if event.type == "member.joined":
                    (self.concluded if data.inferred else self.joined).add(data.member)
            case "channel.described":
                self.channels[data.channel] = data.visibility
            case "post.created":
                self.posts[data.kind] += 1
                self.threads.add(data.thread)
                self.placed += bool((data.model_extra or {}).get("thread_inferred"))
                self.bots.update([data.member] if data.bot else ())
            case "reaction.added":
                self.reactions[data.member is not None] += 1
            case _:
                pass

    def document(self) -> Mapping[str, Any]:
        """As JSON has it; `cannot_tell` in sentences."""
        return {
            "community": self.community,
            "facts": dict(sorted(self.facts.items())),
            "sources": dict(sorted(self.sources.items())),
            "first": self.first,
            "last": self.last,
            "members": len(self.members),
            "joins_told": len(self.joined),
            "joins_concluded": len(self.concluded - self.joined),
            "bots": len(self.bots),
            "staff": len(self.staff),
            "channels": len(self.channels),
            "channels_restricted": sum(seen == "restricted" for seen in self.channels.values()),
            "posts": sum(self.posts.values()),
            "posts_by_kind": dict(sorted(self.posts.items())),
            "threads": len(self.threads),
            "posts_placed_by_rule": self.placed,
            "questions": self.posts["question"],
            "reactions": sum(self.reactions.values()),
            "answers_accepted": self.facts["answer.accepted"],
            "out_of_order": self.disordered,
            "left_out": dict(sorted(self.left_out.items())),
            "cannot_tell": list(self.cannot_tell()),
        }

    def cannot_tell(self) -> Iterator[str]:
        """What the platform, or its export, does not say: nothing of it is held against anybody."""
        concluded = len(self.concluded - self.joined)
        if not self.joined:
            yield "when people joined" + (": every join is concluded from a first act" if concluded else "")
        elif concluded:
            yield f"when {concluded:,} of {len(self.joined) + concluded:,} people joined: concluded from a first act"
        if known := len(self.members - self.joined - self.concluded):
            yield f"that {known:,} people joined at all: they are known, and have no date"
        yield from _missing(
            self.facts,
            {
                "member.left": "who left, and when",
                "member.seen": "who reads without a word",
                "channel.described": "what channels are for, and who may read them: undeclared ones count as open to"
                " members, so describe those that are not",
                "reaction.added": "reactions: where a rule asks for one received, a reply received stands for it",
                "answer.accepted": "which answers were accepted: what solved a question is told by words",
                "post.updated": "which posts were edited",
                "post.deleted": "which posts were taken away",
                "post.flagged": "which posts were reported",
            },
        )
        if self.reactions[False]:
            count = sum(self.reactions.values())
            yield f"who gave {self.reactions[False]:,} of {count:,} reactions: nobody earns by them"
        if self.posts and not self.posts["question"]:
            yield "which posts are questions: support judges by their words"
        if self.placed:
            yield f"which conversation {self.placed:,} posts belong to: a rule for flat chats says it"
        if self.members and not self.staff:
            yield "who is staff: name them in the playbook"
        for precision, count in sorted(self.vague.items()):
            what = {"day": "only the day is known", "post": "the time of their post stands for it"}
            yield f"when {count:,} things happened exactly: {what.get(precision, precision)}"


def is_adopted(event: AnyEvent) -> bool:
    """Whether an event is a fact of a platform: decisions, ticks and operators' words are no history to bring along."""
    return publisher_kind(event.type) == PLATFORM


def found(events: Iterable[AnyEvent]) -> dict[str, Found]:
    """What a file holds, by community."""
    result: dict[str, Found] = {}
    for event in events:
        community = event.data.community
        if community not in result:
            result[community] = Found(community)
        result[community].add(event)
    return dict(sorted(result.items()))


def _missing(facts: Mapping[str, int], words: Mapping[str, str]) -> Iterator[str]:
    return (sentence for type_, sentence in words.items() if not facts.get(type_))
