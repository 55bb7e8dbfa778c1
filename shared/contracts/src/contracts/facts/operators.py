"""What operators and managers say, and the clock."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from contracts.envelope import EventId, Frozen, Instant, Key, MemberId, Payload
from contracts.words import By, Stratum, Thread, Why

Value = Annotated[str, Field(description="The verdict, or the new wording.")]
RuleNames = Annotated[tuple[str, ...], Field(description="Rules or kinds of messages; null: the whole community.")]


class CommunityConfigured(Payload):
    """The playbook of a community, whole; it holds from its place in the log."""

    TYPE: ClassVar[str] = "community.configured"

    version: Key = Field(description="The version that decisions name.")
    playbook: dict[str, Any] = Field(
        description="The whole playbook, every figure written out, so that no later release moves a past decision;"
        " holidays as dates."
    )


class CommunityMuted(Payload):
    """Nothing may be delivered: the kill switch, whole or by rule."""

    TYPE: ClassVar[str] = "community.muted"

    rules: RuleNames | None = None
    by: By


class CommunityUnmuted(Payload):
    """Messages may go out from now on, whole or by rule. A community starts muted."""

    TYPE: ClassVar[str] = "community.unmuted"

    rules: RuleNames | None = None
    by: By


class DecisionOverruled(Payload):
    """A human undid a decision."""

    TYPE: ClassVar[str] = "decision.overruled"

    decision: EventId = Field(description="The id of the decision.")
    by: By
    why: Why


class StratumLocked(Payload):
    """A human fixed a member's stratum, or released it."""

    TYPE: ClassVar[str] = "stratum.locked"

    member: Annotated[MemberId, Field(description="Whose stratum.")]
    by: By
    value: Stratum | None = Field(None, description="The stratum; null: the rules decide again.")
    why: Why | None = None


class QuestionMarked(Payload):
    """A human said what a thread is."""

    TYPE: ClassVar[str] = "question.marked"

    thread: Thread
    by: By
    value: Value | None = Field(
        None, description="`question`, `complaint`, `care`, `solved` or `none` (no question at all); null: `question`."
    )
    why: Why | None = None


class _CrisisVerdict(Payload):
    crisis: Annotated[Key, Field(description="The crisis, as proposed, or a new id where none was.")]
    by: By
    value: Value | None = Field(None, description="Its subject, where a human names one.")
    why: Why | None = None


class CrisisDeclared(_CrisisVerdict):
    """A human opened a crisis, proposed or not."""

    TYPE: ClassVar[str] = "crisis.declared"


class CrisisDismissed(_CrisisVerdict):
    """A human said that it is no crisis, or no longer."""

    TYPE: ClassVar[str] = "crisis.dismissed"


class ThanksEdited(Payload):
    """A human changed or took out thanks before they went out."""

    TYPE: ClassVar[str] = "thanks.edited"

    thanks: Annotated[Key, Field(description="The round of thanks.")]
    by: By
    member: MemberId | None = Field(None, description="Whose line; null: the whole text.")
    value: Value | None = Field(None, description="The new wording; null: taken out.")
    why: Why | None = None


class PromptChosen(Payload):
    """A human chose the next prompt, or wrote one."""

    TYPE: ClassVar[str] = "prompt.chosen"

    prompt: Annotated[Key, Field(description="The prompt of the bank, or a new id.")]
    by: By
    value: Value | None = Field(None, description="Its wording, when it is a new one.")
    why: Why | None = None


class LetterRedriven(Payload):
    """An operator had a dead letter tried again: only that service applies its event, at this place of the log."""

    TYPE: ClassVar[str] = "letter.redriven"

    letter: Key = Field(description="The dead letter.")
    service: Key = Field(description="The service whose letter it is.")
    event: dict[str, Any] = Field(
        description="What is applied here, whole: the event that failed, or `{deadline}` for a deadline that did."
    )
    by: By


class Copy(Frozen):
    """What stands in the place of a message that named somebody who was erased."""

    seq: int = Field(ge=1, description="Its place in the log.")
    stored_at: Instant = Field(description="When the log took the message.")
    subject: str = Field(description="The subject it stands on, its partition in front.")
    event: dict[str, Any] = Field(description="The event without them.")


class MemberForgotten(Payload):
    """The log has forgotten somebody: their facts are gone from it, and what named them among others no longer does.

    One erasure may take several of these. It tells readers why messages are missing, and services of whom nothing
    that is told late may be written down.
    """

    TYPE: ClassVar[str] = "member.forgotten"

    person: str = Field(description="A keyed hash of who it was.", pattern=r"^[0-9a-f]{32}$")
    erased_at: Instant = Field(description="When they asked to be forgotten: facts from until then are not taken in.")
    until: Instant = Field(description="The community's time then: decisions from until then are not taken in.")
    removed: tuple[tuple[int, int], ...] = Field(
        (), description="Places of the log that are empty, first and last of each run."
    )
    copies: tuple[Copy, ...] = Field((), description="What stands in the place of some of them.")
    by: By


class ClockTicked(Payload):
    """Time went on: nothing happened, and a deadline may have passed."""

    TYPE: ClassVar[str] = "clock.ticked"
