"""Platform facts about tasks, and what people answer when they are asked for something."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.envelope import Instant, Key, MemberId, Payload
from contracts.words import Body, By, Member, Reason, Request, Skills, Title

TaskId = Annotated[Key, Field(description="The task.")]
Newcomer = Annotated[MemberId, Field(description="The newcomer.")]


class TaskOpened(Payload):
    """There is something to do, for somebody it suits."""

    TYPE: ClassVar[str] = "task.opened"

    task: TaskId
    title: Title
    skills: Skills = ()
    kind: Literal["task", "mission"] | None = Field(None, description="A mission is larger; null: a task.")
    due: Instant | None = Field(None, description="By when it is wanted.")
    by: By


class _TaskAnswered(Payload):
    task: TaskId
    member: Member
    proof: str | None = Field(None, description="What shows it, as an address.")


class TaskAccepted(_TaskAnswered):
    """A member took a task that was offered."""

    TYPE: ClassVar[str] = "task.accepted"


class TaskDeclined(_TaskAnswered):
    """A member said no to a task, or gave it back."""

    TYPE: ClassVar[str] = "task.declined"


class TaskCompleted(_TaskAnswered):
    """A task is done."""

    TYPE: ClassVar[str] = "task.completed"


class PairingAccepted(Payload):
    """A relay said yes to looking out for a newcomer."""

    TYPE: ClassVar[str] = "pairing.accepted"

    newcomer: Newcomer
    member: Annotated[MemberId, Field(description="The relay.")]


class PairingDeclined(Payload):
    """A relay said: not this time."""

    TYPE: ClassVar[str] = "pairing.declined"

    newcomer: Newcomer
    member: Annotated[MemberId, Field(description="The relay.")]


class AskAccepted(Payload):
    """A helper said yes to an ask."""

    TYPE: ClassVar[str] = "ask.accepted"

    request: Request
    member: Member


class AskDeclined(Payload):
    """A helper said: not this time."""

    TYPE: ClassVar[str] = "ask.declined"

    request: Request
    member: Member


class _Nomination(Payload):
    member: Annotated[MemberId, Field(description="Who is proposed for the circle.")]
    by: MemberId | None = Field(None, description="Who proposes, or whose word it is.")
    reason: Reason | None = None


class NominationMade(_Nomination):
    """Somebody proposed a member for the circle."""

    TYPE: ClassVar[str] = "nomination.made"


class NominationAccepted(_Nomination):
    """A member who was proposed for the circle said yes."""

    TYPE: ClassVar[str] = "nomination.accepted"


class NominationDeclined(_Nomination):
    """A member who was proposed for the circle said no."""

    TYPE: ClassVar[str] = "nomination.declined"


class SynthesisEdited(Payload):
    """The editor of the weekly synthesis wrote it in their own words."""

    TYPE: ClassVar[str] = "synthesis.edited"

    synthesis: Annotated[Key, Field(description="The synthesis.")]
    member: Annotated[MemberId, Field(description="The editor.")]
    text: Body


class RequestAnswered(Payload):
    """A tap or a verdict that has no type of its own."""

    TYPE: ClassVar[str] = "request.answered"

    request: Request
    member: Member
    answer: Key = Field(description="The id of the action that was chosen.")
    by: MemberId | None = Field(None, description="Who answered, when it is for somebody else.")
