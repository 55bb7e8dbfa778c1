"""Platform facts about coming together: surges, meet-ups, polls, beta programmes."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from contracts.envelope import PERSON, Instant, Key, Payload
from contracts.nulls import NullAs
from contracts.words import Actor, Channel, Member, Post, Title, Why


class SurgeAnnounced(Payload):
    """Many arrivals are expected, as after a talk or a broadcast: they are no raid."""

    TYPE: ClassVar[str] = "surge.announced"
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    from_: Instant = Field(alias="from", description="From then on.")
    until: Instant = Field(description="Until then.")
    why: Why


MeetupId = Annotated[Key, Field(description="The meet-up.")]


class _Meetup(Payload):
    meetup: MeetupId
    title: Title | None = None
    at: Instant | None = Field(None, description="When it takes place, or took place.")
    channel: Channel | None = None
    member: Actor = None
    registered: Annotated[tuple[Annotated[str, PERSON], ...], NullAs(())] = Field(
        (), description="Who said they would come, by the platform's ids."
    )


class MeetupScheduled(_Meetup):
    """A meet-up is planned, or its plan changed; `member` is the host."""

    TYPE: ClassVar[str] = "meetup.scheduled"


class MeetupHosted(_Meetup):
    """A meet-up took place; `member` is the host."""

    TYPE: ClassVar[str] = "meetup.hosted"


class MeetupCancelled(_Meetup):
    """A planned meet-up will not take place; `member` is the host."""

    TYPE: ClassVar[str] = "meetup.cancelled"


class MeetupAttended(_Meetup):
    """A member came to a meet-up; `member` is the attendee."""

    TYPE: ClassVar[str] = "meetup.attended"


PollId = Annotated[Key, Field(description="The poll.")]


class PollOpened(Payload):
    """A question with answers to choose from was put to members."""

    TYPE: ClassVar[str] = "poll.opened"

    poll: PollId
    member: Actor = None
    post: Post | None = None


class PollVoted(Payload):
    """Somebody voted; what for is not told."""

    TYPE: ClassVar[str] = "poll.voted"

    poll: PollId
    member: Actor = None
    post: Post | None = None


Programme = Annotated[Key, Field(description="The beta programme.")]


class BetaOpened(Payload):
    """Something can be tried before everybody gets it."""

    TYPE: ClassVar[str] = "beta.opened"

    programme: Programme
    member: Actor = None


class BetaEnrolled(Payload):
    """A member takes part in a beta programme."""

    TYPE: ClassVar[str] = "beta.enrolled"

    programme: Programme
    member: Member


class BetaReported(Payload):
    """A tester told what they found."""

    TYPE: ClassVar[str] = "beta.reported"

    programme: Programme
    member: Member
    severity: str | None = Field(None, description="How grave, in the programme's words.")
