"""What onboarding decides: from arrival to habit."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.envelope import PERSON, Decision, EventId, Frozen, Instant, Key, MemberId
from contracts.words import Channel, Count, Experience, Member, Number, Post, Thread

Newcomer = Annotated[MemberId, Field(description="The newcomer.")]
Relay = Annotated[MemberId, Field(description="The relay.")]
ActionKey = Annotated[Key, Field(description="The action, by its key in the playbook's catalogue.")]
ActionKind = Annotated[
    Literal["ask", "answer", "introduce", "vote", "test", "attend"],
    Field(description="First question, answer, introduction, `poll.voted`, `beta.reported`, meet-up."),
]
Attempt = Annotated[int, Field(ge=1, description="1 for the first relay asked for this newcomer, 2 for the next …")]
Missing = Literal["welcome", "introduction", "first_action", "reply"]
"""What makes somebody onboarded: welcomed, introduction answered either way, first action done, a human reply."""


class MemberWelcomed(Decision):
    """A newcomer was welcomed: once per person, for life. Those of one gathering share one text."""

    TYPE: ClassVar[str] = "member.welcomed"

    member: Newcomer
    joined_at: Instant = Field(description="When the person joined.")
    gathering: Key = Field(description="What those welcomed together share.")
    together: int = Field(ge=1, description="How many are welcomed together.")
    grouped: bool = Field(False, description="In the one welcome that follows a raid, or the opening of a wave.")
    way: Literal["mention", "private"] = Field(description="By mention in a place, or in private.")
    channel: Channel | None = Field(None, description="Where; null: the community itself, or in private.")
    action: ActionKey | None = Field(None, description="The first action that the text offers, if any.")


class WelcomeHeld(Decision):
    """A newcomer's welcome waits, and what for."""

    TYPE: ClassVar[str] = "welcome.held"

    member: Newcomer
    reason: Literal["raid", "wave"] = Field(description="Too many joins at once, or a population whose turn is later.")
    hold: Key = Field(description="What those held together share: the raid, or the wave.")
    since: Instant = Field(description="Since when.")
    until: Instant | None = Field(None, description="When the wave opens at the latest; null: once it is calm.")


class MemberIntroduced(Decision):
    """A newcomer who agreed was introduced to the others by skills and experience."""

    TYPE: ClassVar[str] = "member.introduced"

    member: Newcomer
    round: Key = Field(description="What those introduced together share.")
    skills: Annotated[tuple[str, ...], Field(max_length=10)] = Field((), description="The few that are shown.")
    experience: Experience | None = None
    helpers: Annotated[tuple[MemberId, ...], Field(max_length=10)] = Field(
        (), description="Those named as most likely to answer, best first."
    )
    channel: Channel | None = Field(None, description="Where; null: the community itself.")


class ActionProposed(Decision):
    """A newcomer was offered exactly one first action, or the next after it."""

    TYPE: ClassVar[str] = "action.proposed"

    member: Newcomer
    action: ActionKey
    kind: ActionKind
    due: Instant = Field(description="Until when it stays open.")
    chosen_by: Literal["motivation", "skill", "order"] = Field(
        description="What told it from the others: the declared motivation, a skill, the catalogue's order."
    )
    step: int = Field(1, ge=1, description="1 is the first action; the next follows it.")


class ActionCompleted(Decision):
    """The action that was offered is done."""

    TYPE: ClassVar[str] = "action.completed"

    member: Newcomer
    action: ActionKey
    kind: ActionKind
    done_by: EventId = Field(description="The id of the fact that did it.")
    late: bool = Field(False, description="After it had expired.")


class ActionExpired(Decision):
    """The action that was offered was not done in time; doing it later still counts."""

    TYPE: ClassVar[str] = "action.expired"

    member: Newcomer
    action: ActionKey
    kind: ActionKind
    nudged: bool = Field(description="Whether the one reminder was wanted.")


class RelayAsked(Decision):
    """A relay was asked to look out for a newcomer for a month."""

    TYPE: ClassVar[str] = "relay.asked"

    newcomer: Newcomer
    member: Relay
    attempt: Attempt
    score: int = Field(description="How well the two suit each other, by the rule's sum.")
    shared_skills: tuple[str, ...] = Field((), description="Skills that both have.")
    expires_at: Instant = Field(description="Silence until then is no.")
    replaces: MemberId | None = Field(None, description="The relay who is no longer there for the newcomer.")


class RelayPaired(Decision):
    """A relay, or the core team after three in vain, is there for a newcomer."""

    TYPE: ClassVar[str] = "relay.paired"

    newcomer: Newcomer
    member: Relay | None = Field(None, description="The relay; null: the core team.")
    attempt: Attempt
    until: Instant | None = Field(None, description="Until when the pairing takes one of the relay's places.")


class RelayReleased(Decision):
    """A relay asked or paired no longer is."""

    TYPE: ClassVar[str] = "relay.released"

    newcomer: Newcomer
    member: Relay
    stage: Literal["asked", "paired"] = Field(description="What the relay was released from.")
    reason: Literal["declined", "silent", "left", "paused", "removed", "newcomer_left", "newcomer_paused", "done"] = (
        Field(description="`left`, `paused`, `removed`: the relay's; `done`: the month is over.")
    )


class NewcomerUnanswered(Decision):
    """A newcomer's first post has no human reply yet, and somebody is told."""

    TYPE: ClassVar[str] = "newcomer.unanswered"

    member: Newcomer
    post: Post
    thread: Thread
    stage: Literal[1, 2] = Field(description="1: the paired relay, else welcomers; 2: the core team.")
    told: tuple[MemberId, ...] = Field((), description="Who is told, by name.")
    told_role: Literal["welcomers", "core_team"] | None = Field(None, description="Which role is told.")
    posted_at: Instant = Field(description="When it was written.")
    office_minutes: Count = Field(description="Office minutes since.")
    wall_minutes: Count = Field(description="Minutes since.")


class MemberUnheard(Decision):
    """A person's last posts had no human reply."""

    TYPE: ClassVar[str] = "member.unheard"

    member: Member
    posts: tuple[Key, ...] = Field(description="The posts, oldest first.")
    told: MemberId | None = Field(None, description="The paired relay who is told; null: the core team.")


class MemberOnboarded(Decision):
    """A newcomer is welcomed, has answered about the introduction, done the first action, and had a human reply."""

    TYPE: ClassVar[str] = "member.onboarded"

    member: Newcomer
    joined_at: Instant = Field(description="When the person joined.")
    days: Count = Field(description="Whole days since.")
    introduction: Literal["yes", "no", "replaced"] = Field(
        description="What the person answered about being introduced; `replaced`: the platform has no way to ask, and"
        " the first post stands for it."
    )
    late: bool = Field(False, description="After `onboarding.stalled`.")


class OnboardingStalled(Decision):
    """A month has passed and something is missing."""

    TYPE: ClassVar[str] = "onboarding.stalled"

    member: Newcomer
    joined_at: Instant = Field(description="When the person joined.")
    missing: tuple[Missing, ...] = Field(min_length=1, description="What, in this order.")


class HabitInstalled(Decision):
    """A member was active in enough of the first weeks after the first act."""

    TYPE: ClassVar[str] = "habit.installed"

    member: Member
    first_act_at: Instant = Field(description="When the first weeks began.")
    weeks_active: Count = Field(description="How many of those weeks.")


class MemberLapsed(Decision):
    """A member with a habit has been silent for much longer than usual."""

    TYPE: ClassVar[str] = "member.lapsed"

    member: Member
    last_act_at: Instant = Field(description="The last sign of activity.")
    active_days: Count = Field(description="Days of activity before.")
    usual_gap_days: Number = Field(description="The person's own median gap between active days, in days.")
    silent_days: Count = Field(description="Whole days of silence that count: quiet seasons and silences do not.")
    invited: bool = Field(description="Whether an invitation is sent: one in 180 days.")
    gives: Thread | None = Field(None, description="The open question, in the person's skills, that it gives.")


class MemberReturned(Decision):
    """A member is back."""

    TYPE: ClassVar[str] = "member.returned"

    member: Member
    after: Literal["lapse", "absence"] = Field(
        description="After a lapse, or after so long an absence that the person is welcomed back."
    )
    away_days: Count = Field(description="Whole days between the last act, or the leaving, and this one.")


class Prerequisite(Frozen):
    """One thing that a launch needs."""

    key: Key = Field(description="Which: `totem`, `core_team`, `founding_relays`, `sponsors_active` …")
    met: bool = Field(description="Whether it is there.")
    since: Instant | None = Field(None, description="Since when it is met or missing; null: ever since.")
    actual: int | None = Field(None, description="How many there are.")
    needed: int | None = Field(None, description="How many it takes.")
    names: tuple[str, ...] = Field((), description="Who or what, in order.")


class LaunchChecked(Decision):
    """How the launch programme stands on a day."""

    TYPE: ClassVar[str] = "launch.checked"

    week: int = Field(description="The week of the programme; 0 and below: before its start.")
    weeks: Count = Field(description="How long the programme is.")
    prerequisites: tuple[Prerequisite, ...] = Field(description="Each one, met or missing, in order of their keys.")
    missing: Count = Field(description="How many are missing.")
    wave: Key | None = Field(None, description="The last wave that opened.")


class WaveOpened(Decision):
    """A target population's turn has come."""

    TYPE: ClassVar[str] = "wave.opened"

    wave: Key = Field(description="The wave.")
    populations: tuple[str, ...] = Field(description="Whose turn it is.")
    opened_by: Literal["activation", "date"] = Field(
        description="Enough of the previous wave activated, or the wave's date."
    )
    previous: Key | None = Field(None, description="The wave before; null: this is the first.")
    activated: Count = Field(0, description="How many of the previous wave were activated in 14 days.")
    joined: Count = Field(0, description="Out of how many.")
    waiting: Count = Field(0, description="How many newcomers waited for it and are welcomed now.")


class PromiseLate(Decision):
    """A promise is due and not kept."""

    TYPE: ClassVar[str] = "promise.late"

    promise: Key = Field(description="The promise.")
    by: Annotated[Key, PERSON] = Field(description="Who promised.")
    to: str | None = Field(None, description="To whom.")
    what: str = Field(description="What, in words.")
    due: Instant = Field(description="By when it was to be kept.")
