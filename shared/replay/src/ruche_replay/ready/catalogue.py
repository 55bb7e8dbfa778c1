"""What a ready story is, and where all of them are found: by the type of the decision that it leads to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from contracts.envelope import AnyEvent
from ruche_replay.facts import MONDAY
from ruche_replay.story import Services, Story, given
from ruche_replay.told import listed

SERVICES = ("onboarding", "recognition", "support", "digest")


@dataclass(frozen=True)
class Scene:
    """Where a ready story is told: which services take part, and what the reader's own playbook says."""

    services: Services
    playbook: Mapping[str, Any]

    def given(self, *happenings: AnyEvent, playbook: Mapping[str, Any] | None = None, **options: Any) -> Story:
        """`ruche_replay.story.given`; what the story needs of the playbook holds over the reader's own."""
        return given(*happenings, services=self.services, playbook={**self.playbook, **(playbook or {})}, **options)


Telling = Callable[[Scene], Story]


@dataclass(frozen=True)
class ReadyStory:
    """A run of facts that leads to a decision.

    Attributes:
        type: the decision's.
        service: who takes it.
        says: in a sentence, when it is taken.
        fields: what the decision says in this story.
    """

    type: str
    service: str
    says: str
    fields: Mapping[str, Any]
    tell: Telling


@dataclass(frozen=True)
class Told:
    """A ready story, told.

    Attributes:
        story: goes on from there.
        decision: the one it leads to.
        messages: the requests that put it into words, as a platform gets them; some decisions have none.
    """

    story: Story
    decision: AnyEvent
    messages: tuple[AnyEvent, ...]


_STORIES: dict[str, ReadyStory] = {}


def leads_to(type_: str, **fields: Any) -> Callable[[Telling], Telling]:
    """Puts a story into the catalogue; its docstring says when the decision is taken."""

    def kept(tell: Telling) -> Telling:
        service = tell.__module__.rpartition(".")[2]
        says = " ".join((tell.__doc__ or "").split())
        _STORIES[type_] = ReadyStory(type_, service, says, fields, tell)
        return tell

    return kept


def stories() -> Iterator[ReadyStory]:
    """Every ready story, service by service."""
    for service in SERVICES:
        import_module(f"ruche_replay.ready.{service}")
    yield from sorted(_STORIES.values(), key=lambda one: (SERVICES.index(one.service), one.type))


def ready(type_: str, *, services: Services = None, playbook: Mapping[str, Any] | None = None) -> Told:
    """Tell the story of a decision.

    Args:
        type_: the decision's, as `question.unanswered`.
        services: those that take part; unless named, the one that takes the decision, alone.
        playbook: your own; what the story needs holds over it.

    Raises LookupError, with what there is, for a decision without a ready story, and AssertionError when it is not
    taken (under that playbook, or with those services).
    """
    __tracebackhide__ = True
    known = {one.type: one for one in stories()}
    if type_ not in known:
        raise LookupError(f"no ready story leads to {type_!r}; there is one for each of {', '.join(known)}")
    one = known[type_]
    story = one.tell(Scene(one.service if services is None else services, playbook or {}))
    found = story.all(type_, **one.fields)
    if not found:
        raise AssertionError(f"the story of {type_} ({one.says}) led to\n{listed(story.decisions)}")
    decision = found[-1]
    messages = [event for event in story.every_message() if event.data.serves == decision.id]
    return Told(story, decision, tuple(messages))


BEFORE = MONDAY.replace(month=1, day=5)
"""Eight weeks before MONDAY, a Monday: where a story needs people with a past."""
