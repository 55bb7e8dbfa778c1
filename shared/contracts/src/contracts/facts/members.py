"""Platform facts about people: they come, change, choose, pause, leave and are forgotten."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from contracts.envelope import Frozen, Instant, Key, MemberId, Payload
from contracts.nulls import NullAs
from contracts.words import Experience, Locale, Member, Motivation, Obstacle, Reason, Skills, Texts, Yes


def _ends_after_it_starts(interval: str) -> str:
    if interval[:5] >= interval[6:]:
        raise ValueError("an interval ends after it starts; one past midnight is two, one on each day")
    return interval


Interval = Annotated[
    str,
    StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"),
    AfterValidator(_ends_after_it_starts),
]
"""Hours and minutes in the person's zone, as `18:00-22:30`."""
Intervals = Annotated[tuple[Interval, ...], NullAs(()), Field(description="Intervals of the day, as `18:00-22:30`.")]


class WeeklyHours(Frozen):
    """When a person likes to be asked, in the person's own zone: any number of intervals on each weekday."""

    monday: Intervals = ()
    tuesday: Intervals = ()
    wednesday: Intervals = ()
    thursday: Intervals = ()
    friday: Intervals = ()
    saturday: Intervals = ()
    sunday: Intervals = ()

    @property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Seven days from Monday; each, intervals in minutes of the local day, in order."""
        days = (
            *(self.monday, self.tuesday, self.wednesday, self.thursday),
            *(self.friday, self.saturday, self.sunday),
        )
        return tuple(tuple(sorted(_minutes(interval) for interval in day)) for day in days)


def _minutes(interval: str) -> tuple[int, int]:
    return int(interval[:2]) * 60 + int(interval[3:5]), int(interval[6:8]) * 60 + int(interval[9:])


DisplayName = Annotated[str, Field(description="How the person is named where others read.")]
Timezone = Annotated[str, Field(description="IANA zone, as `Europe/Paris`.")]
Languages = Annotated[Texts, Field(description="Languages the person reads, as tags.")]
Population = Annotated[str, Field(description="The target population of the launch programme that the person is of.")]
InvitedBy = Annotated[MemberId, Field(description="Who referred the person.")]
Hours = Annotated[WeeklyHours, Field(description="When the person likes to be asked.")]
Introduce = Annotated[bool, Field(description="Whether the person wants to be introduced to the others (opt-in).")]
Declared = Annotated[
    Texts,
    Field(description="Why the person came, as far as known: words of `motivation.declared`, others are ignored."),
]


class MemberJoined(Payload):
    """Somebody became a member, for the first time or again."""

    TYPE: ClassVar[str] = "member.joined"

    member: Member
    display_name: DisplayName | None = None
    locale: Locale | None = None
    timezone: Timezone | None = None
    languages: Languages = ()
    skills: Skills = ()
    experience: Experience | None = None
    motivations: Declared = ()
    population: Population | None = None
    invited_by: InvitedBy | None = None
    account_created_at: Instant | None = Field(None, description="When the account on the platform was made.")
    customer: bool | None = Field(None, description="Whether the person is a customer; null: not known.")
    bot: Yes = Field(False, description="A program, not a person: it is never welcomed and never earns.")
    staff: Yes = Field(False, description="Of the organisation: never welcomed, never earns, does stop clocks.")
    inferred: Yes = Field(False, description="Concluded from a first post, where a platform keeps no record of joins.")


class MemberUpdated(Payload):
    """A member's profile changed. What is left out, or null, is as it was; a list stands for the whole list."""

    TYPE: ClassVar[str] = "member.updated"

    member: Member
    display_name: DisplayName | None = None
    locale: Locale | None = None
    timezone: Timezone | None = None
    languages: tuple[str, ...] | None = Field(None, description="All languages the person reads, as tags.")
    skills: tuple[str, ...] | None = Field(None, description="All skills, in the person's words or as slugs.")
    experience: Experience | None = None
    motivations: tuple[str, ...] | None = Field(None, description="All reasons for which the person came.")
    population: Population | None = None
    invited_by: InvitedBy | None = None
    account_created_at: Instant | None = Field(None, description="When the account on the platform was made.")
    customer: bool | None = Field(None, description="Whether the person is a customer.")
    bot: bool | None = Field(None, description="Whether it is a program.")
    staff: bool | None = Field(None, description="Whether the person is of the organisation.")
    hours: Hours | None = None
    introduce: Introduce | None = None


class MemberLeft(Payload):
    """A member left. What is pending is cancelled; after `deceased` nothing is ever sent or printed again."""

    TYPE: ClassVar[str] = "member.left"

    member: Member
    reason: Literal["left", "removed", "deceased"] | None = Field(None, description="Null: not known.")


class MemberPaused(Payload):
    """A member asked for rest: nothing is asked, the stratum is frozen."""

    TYPE: ClassVar[str] = "member.paused"

    member: Member
    until: Instant | None = Field(None, description="End of the rest; null: not known.")


class MemberErased(Payload):
    """A member asked to be forgotten: gone from every table, totals kept."""

    TYPE: ClassVar[str] = "member.erased"

    member: Member


class MemberSeen(Payload):
    """A member was there without a word."""

    TYPE: ClassVar[str] = "member.seen"

    member: Member


class MemberSanctioned(Payload):
    """Moderation acted against a member."""

    TYPE: ClassVar[str] = "member.sanctioned"

    member: Member
    kind: Literal["warning", "silence", "suspension"] = Field(description="How hard.")
    until: Instant | None = Field(None, description="When it ends; null: without end, or at once for a warning.")


class PreferenceChanged(Payload):
    """A member chose. What is left out, or null, is as it was."""

    TYPE: ClassVar[str] = "preference.changed"

    member: Member
    introduce: Introduce | None = None
    thanks: Literal["public", "private", "none"] | None = Field(None, description="How the person wants to be thanked.")
    digest: bool | None = Field(None, description="Whether the person wants the personal digest (opt-in).")
    profiling: bool | None = Field(None, description="No: no points, strata, fading, thanks for this person.")
    stop: tuple[str, ...] | None = Field(
        None,
        description="Kinds of messages the person wants no more (`all`: any); they are added to those stopped, and an"
        " empty list takes all back.",
    )
    hours: Hours | None = None
    locale: Locale | None = None


class MotivationDeclared(Payload):
    """A member said what brings them here."""

    TYPE: ClassVar[str] = "motivation.declared"

    member: Member
    motivation: Motivation = Field(
        description="To learn, to share what one knows, for company, to support others, to act for a cause, to belong,"
        " to get help: all equally good."
    )


Need = Annotated[Key, Field(description="What the person is looking for, as a word of the playbook or a motivation.")]


class NeedDeclared(Payload):
    """A member said what they need from the community."""

    TYPE: ClassVar[str] = "need.declared"

    member: Member
    need: Need


class NeedAnswered(Payload):
    """A member said whether they found what they need."""

    TYPE: ClassVar[str] = "need.answered"

    member: Member
    need: Need
    answer: Literal["yes", "partly", "no"] = Field(description="Whether the need is met.")


class ObstacleDeclared(Payload):
    """A newcomer said what is in the way."""

    TYPE: ClassVar[str] = "obstacle.declared"

    member: Member
    obstacle: Obstacle = Field(description="No time, not understood, not for me, later.")


class IdentityLinked(Payload):
    """Two ids are one person."""

    TYPE: ClassVar[str] = "identity.linked"

    member: Member
    other: MemberId = Field(description="The person's id on another platform, or an earlier one.")
    proof: Reason


class IdentityUnlinked(Payload):
    """Two ids that were taken for one person are not, or no longer."""

    TYPE: ClassVar[str] = "identity.unlinked"

    member: Member
    other: MemberId = Field(description="The id that is not, or no longer, this person's.")
    proof: Reason
