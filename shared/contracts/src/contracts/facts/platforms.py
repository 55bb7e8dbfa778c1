"""What a platform says of itself, and of the messages it was given."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.envelope import Payload
from contracts.words import Channel, Reason, Request


class PlatformDescribed(Payload):
    """What a platform can emit: what it cannot is never held against anyone."""

    TYPE: ClassVar[str] = "platform.described"

    emits: tuple[str, ...] = Field(description="The types it emits.")
    direct_first_contact: Literal["allowed", "forbidden"] = Field(
        "forbidden", description="Whether a person who has not written first may be written to in private."
    )


class ChannelDescribed(Payload):
    """What a channel is for, and who can read it; an undeclared one is visible to members."""

    TYPE: ClassVar[str] = "channel.described"

    channel: Channel
    visibility: Literal["public", "members", "restricted"] = Field(
        description="Nothing from a restricted place is quoted, suggested, introduced or counted by name."
    )
    purpose: Literal["welcome", "help", "introductions", "thanks", "general", "team"] | None = Field(
        None, description="What happens there."
    )


PlatformMessage = Annotated[str, Field(description="The platform's id of the message it made.")]


class MessageDelivered(Payload):
    """A requested message reached its place."""

    TYPE: ClassVar[str] = "message.delivered"

    request: Request
    platform_message: PlatformMessage | None = None


class MessageFailed(Payload):
    """A requested message could not be delivered, and will not be."""

    TYPE: ClassVar[str] = "message.failed"

    request: Request
    platform_message: PlatformMessage | None = None
    reason: Reason
