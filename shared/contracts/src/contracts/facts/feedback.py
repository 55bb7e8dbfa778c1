"""Platform facts about what members want, what was promised, and what came of it outside."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from contracts.envelope import Instant, Key, MemberId, Payload
from contracts.words import Actor, Body, By, Goal, Member, Title, Url, Why

FeedbackId = Annotated[Key, Field(description="The piece of feedback.")]
PromiseId = Annotated[Key, Field(description="The promise.")]
What = Annotated[str, Field(description="What, in words.")]


class FeedbackSubmitted(Payload):
    """A member said what should be otherwise."""

    TYPE: ClassVar[str] = "feedback.submitted"

    feedback: FeedbackId
    member: Actor = None
    title: Title | None = None
    body: Body | None = None


class FeedbackAnswered(Payload):
    """The organisation gave a piece of feedback its outcome."""

    TYPE: ClassVar[str] = "feedback.answered"

    feedback: FeedbackId
    member: Annotated[MemberId | None, Field(description="Who gave the feedback.")] = None
    outcome: Literal["adopted", "later", "no"] = Field(description="What comes of it.")
    why: Why
    by: By


class PromiseMade(Payload):
    """Somebody promised the community something."""

    TYPE: ClassVar[str] = "promise.made"

    promise: PromiseId
    by: By
    to: str | None = Field(None, description="To whom.")
    what: What
    due: Instant = Field(description="By when it is kept, or late.")


class PromiseKept(Payload):
    """A promise was kept."""

    TYPE: ClassVar[str] = "promise.kept"

    promise: PromiseId
    by: By
    to: str | None = Field(None, description="To whom.")
    what: What | None = None
    due: Instant | None = Field(None, description="By when it was due.")


class AdvocacyReported(Payload):
    """A member spoke for the community outside of it."""

    TYPE: ClassVar[str] = "advocacy.reported"

    member: Member
    url: Url | None = None
    what: What
    confirmed_by: MemberId | None = Field(None, description="Who confirmed it; unconfirmed, it earns nothing.")


def _number_or_text(schema: dict[str, Any]) -> None:
    schema.pop("anyOf", None)
    schema.pop("pattern", None)
    schema["type"] = ["number", "string"]


class OutcomeReported(Payload):
    """A figure from outside the community that a declared goal is measured by."""

    TYPE: ClassVar[str] = "outcome.reported"

    goal: Goal = Field(description="The goal, by its SPACES letter.")
    value: Decimal = Field(
        max_digits=18,
        decimal_places=6,
        description="The figure: a number, or a decimal written as text.",
        json_schema_extra=_number_or_text,
    )
    unit: str = Field(description="In what it is counted.")
    period: str = Field(description="What time it covers, as `2026-03` or `2026-W11`.")
    source: str = Field(description="Where the figure is from.")


class NewsFound(Payload):
    """Something of interest to members appeared elsewhere."""

    TYPE: ClassVar[str] = "news.found"

    title: Title
    url: Url
    subject: str | None = Field(None, description="What it is about, as a tag or a subject of the playbook.")


class BadgeAwarded(Payload):
    """The platform gave a member a badge of its own; no rule uses it."""

    TYPE: ClassVar[str] = "badge.awarded"

    member: Member
    badge: str = Field(description="Which.")
