"""The envelope: CloudEvents 1.0, structured JSON, around one frozen model of data per type."""

from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.instant import Instant
from contracts.nulls import NullAs

__all__ = [
    "CONTENT_TYPE",
    "LARGEST_EVENT_BYTES",
    "PERSON",
    "AnyEvent",
    "Because",
    "Decision",
    "Event",
    "EventId",
    "EvidenceRange",
    "Figure",
    "Frozen",
    "Instant",
    "Key",
    "MemberId",
    "Payload",
    "Person",
    "Slug",
    "Source",
]

CONTENT_TYPE = "application/cloudevents+json"
LARGEST_EVENT_BYTES = 256 * 1024
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A community or a publisher: one token of a subject."""


class Person:
    """Marks the type of a field that names a person by the platform's id, for whoever has to find all of them."""


PERSON = Person()
MemberId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\p{C}]+$"), PERSON]
"""A person, by the platform's id: printable, at most 128 characters."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\p{C}]+$")]
"""A platform's id of anything else: a post, a thread, a task."""
EventId = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[^\p{C}]+$")]
Source = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\s\p{C}]+$")]


class Frozen(BaseModel):
    """A value of the contracts: immutable; unknown fields are kept and ignored."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)


class Payload(Frozen):
    """The `data` of an event. A subclass names its type once, in `TYPE`."""

    TYPE: ClassVar[str] = ""

    community: Slug


class EvidenceRange(Frozen):
    """Evidence too long to list: the first and last event ids in log order, and how many there are."""

    first: EventId = Field(description="The id of the first event.")
    last: EventId = Field(description="The id of the last event.")
    count: int = Field(ge=1, description="How many there are.")


Figure = bool | int | str | None
"""A threshold or an actual value: a whole number, a word, or a decimal written as text by a stated rule."""


class Because(Frozen):
    """One reason of a decision: which rule, which threshold, which actual value, on which evidence."""

    rule: str = Field(description="The rule, by its name in the documentation.")
    threshold: Figure = Field(None, description="What it takes: a whole number, a decimal as text, or words.")
    actual: Figure = Field(None, description="What there is, in the same terms.")
    evidence: Annotated[tuple[EventId, ...], Field(max_length=20)] | EvidenceRange = Field(
        (), description="The ids of the events that show it, at most 20, else their range."
    )


class Decision(Payload):
    """The `data` of an event that a service emits: it says why, and under which version of the playbook."""

    because: tuple[Because, ...] = Field(min_length=1)
    playbook: str


D = TypeVar("D", bound=Payload, covariant=True)


class Event(BaseModel, Generic[D]):
    """One CloudEvent. Identity is (`source`, `id`); `time` is when it happened, by the publisher's account."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    specversion: Literal["1.0"] = Field("1.0", description="Of CloudEvents.")
    id: EventId = Field(description="With `source`, who the event is; a re-send repeats it.")
    source: Source = Field(description="Where it is from; its last path segment is the publisher.")
    type: str = Field(description="`<entity>.<happened>`.")
    time: Instant = Field(description="When it happened, by the publisher's account.")
    subject: str | None = Field(None, description="What it is about, for people who read along; no rule uses it.")
    datacontenttype: Annotated[Literal["application/json"], NullAs("application/json")] = Field(
        "application/json", description="Of `data`."
    )
    causationid: str | None = Field(None, description="The id of the event, or calendar rule's due, it follows from.")
    correlationid: str | None = Field(None, description="What a whole chain of events goes back to.")
    backfill: Annotated[bool, NullAs(False)] = Field(
        False, description="Imported history: it changes state and never makes a message."
    )
    data: D

    def to_json(self) -> bytes:
        """The canonical bytes: fields in the order of the model, nothing that is null."""
        return self.model_dump_json(exclude_none=True).encode()


AnyEvent = Event[Any]
