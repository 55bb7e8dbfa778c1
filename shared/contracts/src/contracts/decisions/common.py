"""Messages are requests: what every service asks platforms to say, calls back, or keeps to itself."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from contracts.envelope import Decision, EventId, Frozen, Instant, Key, MemberId
from contracts.words import Locale, Request, Thread

Purse = Annotated[
    Literal["attention", "duty", "reply", "none"],
    Field(
        description="Who pays for it: one person's attention; a helper's duty; `reply`, nobody, because it answers the"
        " person's own act; `none`, nobody, because it is a post in a channel or a message to a role."
    ),
]
Template = Annotated[str, Field(description="The text it is made from.")]
RuleName = Annotated[str, Field(description="The rule that wants it; muting names it by this or by `kind`.")]
Kind = Annotated[str, Field(description="What a person can stop: `welcome`, `nudge`, `pairing`, `lapse` …")]
Serves = Annotated[EventId, Field(description="The id of the decision that it puts into words.")]


class Recipient(Frozen):
    """Whom a message is for, exactly one: a member, a channel, or a role that the platform knows the people of."""

    kind: Literal["member", "channel", "role"] = Field(description="What `id` is the id of.")
    id: Key = Field(description="The member, the channel, or one of core_team, manager, relays, welcomers, sponsors.")


class ReadyFact(Frozen):
    """A fact as a platform publishes it when the action is chosen; it adds the envelope, and the person if missing."""

    type: str = Field(description="Its type.")
    data: dict[str, Any] = Field(description="Its data, as far as known.")


class Action(Frozen):
    """A tap that a message offers."""

    id: Key = Field(description="What `request.answered` names: `yes`, `not_this_time`, `later`, `stop` …")
    label: str = Field(description="Its words, in the language of the message.")
    fact: ReadyFact | None = Field(None, description="What to publish; null: `request.answered` with the id.")


To = Annotated[Recipient, Field(description="Whom it is for, exactly one.")]


class MessageRequested(Decision):
    """A platform is asked to say something. With `muted` it is decided and shown to nobody."""

    TYPE: ClassVar[str] = "message.requested"

    request: Request
    to: To
    purse: Purse
    rule: RuleName
    kind: Kind
    template: Template
    locale: Locale
    title: str | None = Field(None, description="A heading, where the platform has a place for one.")
    text: str = Field(description="The words, plain.")
    markdown: str = Field(description="The words as Markdown; people's own words in them are escaped.")
    html: str = Field(description="The words as HTML; people's own words in them are escaped.")
    short: Annotated[str, StringConstraints(max_length=280)] = Field(description="The words for a small screen.")
    thread: Thread | None = Field(None, description="The thread to say it in; null: a message of its own.")
    actions: tuple[Action, ...] = Field((), description="What the reader can tap.")
    mentions: tuple[MemberId, ...] = Field((), description="Members whom the text names.")
    sender: str = Field(description="The person, or team, who signs.")
    priority: Literal["low", "normal", "high"] = Field("normal", description="What goes first where a platform queues.")
    not_before: Instant | None = Field(None, description="Not to be delivered earlier; null: at once.")
    expires_at: Instant = Field(description="Not to be delivered later: by then it has lost its point.")
    serves: Serves | None = None
    muted: bool = Field(False, description="Decided while the community, or the rule, is muted: nobody may deliver it.")


class MessageCancelled(Decision):
    """A requested message has lost its point, or names somebody who is to be forgotten."""

    TYPE: ClassVar[str] = "message.cancelled"

    request: Request
    to: To
    mode: Literal["withdraw", "redact"] = Field(
        "withdraw",
        description="`withdraw`: do not deliver it, take it back where that is possible. `redact`: take out of what was"
        " delivered the person whom the cause of this decision is about.",
    )
    rule: RuleName
    why: str = Field(description="In a word: `answered`, `left`, `paused`, `erased`, `done`, `replaced` …")


class MessageWithheld(Decision):
    """A message was wanted and will not be asked for."""

    TYPE: ClassVar[str] = "message.withheld"

    request: EventId | None = Field(None, description="The id that the request would have had.")
    to: To
    purse: Purse
    rule: RuleName
    kind: Kind
    template: Template
    serves: Serves | None = None
    why: str = Field(
        description="In a word: `expired` (its hour or the purse came too late), `stopped` (the person's choice),"
        " `paused`, `left`, `erased`, `backfill`, `recalled` …"
    )
    wanted_at: Instant | None = Field(None, description="When it was first wanted.")
    expires_at: Instant | None = Field(None, description="When it lost its point.")
