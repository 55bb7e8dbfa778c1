"""Platform facts about what is written, and what others make of it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.envelope import PERSON, Key, MemberId, Payload
from contracts.nulls import NullAs
from contracts.words import (
    Actor,
    Body,
    Channel,
    Locale,
    Mark,
    Member,
    Post,
    PostKind,
    Reason,
    Tags,
    Thread,
    Title,
    Urgency,
    Url,
    Yes,
)

Mentions = Annotated[
    tuple[Annotated[str, PERSON], ...],
    NullAs(()),
    Field(description="Members named in the text, by the platform's ids."),
]
TimePrecision = Annotated[
    str,
    Field(
        description="`day` when the platform tells only the day: the time is then its last second. `post` when it tells"
        " none: the time is then the post's."
    ),
]


class PostCreated(Payload):
    """Something was written: the opening of a thread, or a word in one."""

    TYPE: ClassVar[str] = "post.created"

    member: Member
    post: Post
    thread: Thread
    reply_to: Key | None = Field(None, description="The post that is answered; null for the opening of a thread.")
    channel: Channel
    kind: PostKind = Field(description="What it is, by the platform's word.")
    title: Title | None = None
    body: Annotated[Body, NullAs("")] = ""
    tags: Tags = ()
    locale: Locale | None = None
    bot: Yes = Field(False, description="Written by a program: it never earns and never stops a clock.")
    mentions: Mentions = ()
    links: tuple[str, ...] | bool | int | None = Field(
        None, description="The addresses in the text, or how many, or whether there are any."
    )
    has_code: bool | None = Field(None, description="Whether the text holds code.")
    has_image: bool | None = Field(None, description="Whether there is an image.")
    url: Url | None = None
    complaint: bool | None = Field(None, description="The platform's word that this is a complaint.")
    priority: Urgency | None = Field(None, description="How urgent an answer is; null: normal.")
    origin: Literal["member", "organisation"] | None = Field(None, description="For whom it speaks; null: a member.")
    promotional: bool | None = Field(None, description="Whether it promotes something of the organisation.")
    exclusive: bool | None = Field(None, description="Whether it can be read here first or here only.")


class PostUpdated(Payload):
    """A post was edited. What is left out is as it was."""

    TYPE: ClassVar[str] = "post.updated"

    post: Post
    thread: Thread
    member: Actor = None
    body: Body | None = None
    title: Title | None = None
    tags: tuple[str, ...] | None = Field(None, description="All tags, from now on.")
    reason: Reason | None = None


class _Touched(Payload):
    post: Post
    thread: Thread
    member: Actor = None
    body: Body | None = None
    title: Title | None = None
    tags: Tags = ()
    reason: Reason | None = None


class PostDeleted(_Touched):
    """A post was taken away."""

    TYPE: ClassVar[str] = "post.deleted"


class PostRestored(_Touched):
    """A post that was taken away, or closed, is back."""

    TYPE: ClassVar[str] = "post.restored"


class PostClosed(_Touched):
    """A post takes no more answers."""

    TYPE: ClassVar[str] = "post.closed"


Category = Annotated[str, Field(description="What is wrong with the post, in the platform's words.")]


class PostFlagged(Payload):
    """Somebody reported a post."""

    TYPE: ClassVar[str] = "post.flagged"

    post: Post
    thread: Thread
    member: Actor = None
    category: Category | None = None


class PostModerated(Payload):
    """A moderator judged a post."""

    TYPE: ClassVar[str] = "post.moderated"

    post: Post
    thread: Thread
    member: Actor = None
    category: Category | None = None
    action: str = Field(description="What was done, in the platform's words.")
    upheld: bool | None = Field(None, description="Whether the flag was right; null: there was none, or not said.")


class PostScored(Payload):
    """How a post stands on the platform; beside post and thread, figures as the platform gives them."""

    TYPE: ClassVar[str] = "post.scored"

    post: Post
    thread: Thread


class _Reaction(Payload):
    member: Actor = None
    post: Post
    thread: Thread | None = None
    reaction: Mark = Field(description="Which, in the platform's words or as an emoji.")
    post_author: MemberId | None = Field(None, description="Who wrote the post, where the platform tells.")
    time_precision: TimePrecision | None = None


class ReactionAdded(_Reaction):
    """Somebody reacted to a post."""

    TYPE: ClassVar[str] = "reaction.added"


class ReactionRemoved(_Reaction):
    """A reaction was taken back."""

    TYPE: ClassVar[str] = "reaction.removed"


class _Answer(Payload):
    member: Actor = None
    post: Post
    thread: Thread
    answer_author: MemberId | None = Field(None, description="Who wrote the answer, where the platform tells.")
    time_precision: TimePrecision | None = None


class AnswerAccepted(_Answer):
    """A post was marked as the answer to its thread's question."""

    TYPE: ClassVar[str] = "answer.accepted"


class AnswerWithdrawn(_Answer):
    """A post is no longer marked as the answer."""

    TYPE: ClassVar[str] = "answer.withdrawn"


class HelpRated(Payload):
    """The asker said whether the answers helped."""

    TYPE: ClassVar[str] = "help.rated"

    member: Member
    thread: Thread
    helped: bool = Field(description="Whether they did.")


class _ThreadChanged(Payload):
    thread: Thread
    member: Actor = None
    channel: Channel | None = None
    title: Title | None = None


class ThreadResolved(_ThreadChanged):
    """A thread's question was marked as solved."""

    TYPE: ClassVar[str] = "thread.resolved"


class ThreadUnresolved(_ThreadChanged):
    """A thread's question is no longer marked as solved."""

    TYPE: ClassVar[str] = "thread.unresolved"


class ThreadMoved(_ThreadChanged):
    """A thread changed its channel or its title."""

    TYPE: ClassVar[str] = "thread.moved"


class ThreadFollowed(Payload):
    """A member wants to know what happens in a thread."""

    TYPE: ClassVar[str] = "thread.followed"

    member: Member
    thread: Thread


class ThreadUnfollowed(Payload):
    """A member no longer follows a thread."""

    TYPE: ClassVar[str] = "thread.unfollowed"

    member: Member
    thread: Thread


class KudosGiven(Payload):
    """A member thanked others, with a reason."""

    TYPE: ClassVar[str] = "kudos.given"

    member: Member
    receivers: tuple[MemberId, ...] = Field(min_length=1, description="Who is thanked.")
    reason: Reason
    post: Post | None = None
