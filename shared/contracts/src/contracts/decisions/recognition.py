"""What recognition decides: points, strata, roles, thanks, the circle, tasks. Nobody is ranked."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.envelope import Decision, EventId, Frozen, Instant, Key, MemberId
from contracts.words import Act, Audience, By, Count, Day, IsoWeek, Member, Month, Number, Post, Reason, Stratum, Thread

Hundredths = Annotated[int, Field(ge=0, description="In hundredths of a point, after all weights and caps.")]
CircleRole = Annotated[
    Literal["helper", "host", "editor", "welcomer", "tester", "connector"],
    Field(description="What the person does for the others."),
]
Perk = Annotated[Key, Field(description="The perk, by its key in the playbook's catalogue.")]
Grant = Annotated[Key, Field(description="This granting of it.")]
TaskId = Annotated[Key, Field(description="The task, or this turn of a recurring duty.")]
Duty = Annotated[Key, Field(description="The recurring duty of the playbook that it is a turn of.")]


class PointsAwarded(Decision):
    """Something a member did counts. Points rank thanks inside and nothing else."""

    TYPE: ClassVar[str] = "points.awarded"

    member: Member
    act: Act
    points_hundredths: Hundredths
    full_hundredths: Annotated[int, Field(ge=0)] = Field(description="What it would have earned at full weight.")
    day: Day
    giver: MemberId | None = Field(None, description="Whose reaction, acceptance or word it was.")
    post: Post | None = None
    thread: Thread | None = None
    capped: bool = Field(False, description="Whether the day's limit took something off.")


class PointsWithdrawn(Decision):
    """What was awarded is taken back, as a line of its own; it frees nothing under the day's limit."""

    TYPE: ClassVar[str] = "points.withdrawn"

    member: Member
    award: EventId = Field(description="The id of the award.")
    act: Act
    points_hundredths: Hundredths
    reason: Literal["deleted", "moderated", "answer_withdrawn", "reaction_removed", "burst", "gaming", "overruled"] = (
        Field(description="Why; `burst`: many reactions at once count as one; `gaming`: a human's verdict.")
    )


class PointsHeld(Decision):
    """What would have been awarded waits for a human."""

    TYPE: ClassVar[str] = "points.held"

    member: Member
    act: Act
    points_hundredths: Hundredths
    giver: MemberId | None = Field(None, description="Who gave.")
    suspicion: EventId | None = Field(None, description="The id of the `gaming.suspected` that it waits on.")
    post: Post | None = None


class Requirement(Frozen):
    """One line of what a stratum asks for, as a member can read it."""

    key: Key = Field(description="Which: `active_days`, `threads_of_others`, `reactions_received` …")
    needed: int = Field(description="How much it takes.")
    actual: int = Field(description="How much there is.")
    met: bool = Field(description="Whether it is enough.")
    window_days: int | None = Field(None, description="Over how many days it is counted; null: ever.")
    at_most: bool = Field(False, description="The figure may not be above what is needed (flags, sanctions).")
    instead_of: Key | None = Field(None, description="The requirement it stands for where a platform cannot emit that.")


class _StratumMoved(Decision):
    member: Member
    stratum: Stratum = Field(description="From now on.")
    previous: Stratum = Field(description="Until now.")
    requirements: tuple[Requirement, ...] = Field((), description="Those it turned on, in order of their keys.")
    decided_by: Literal["rules", "human"] = Field("rules", description="By the list of requirements, or by a human.")


class StratumRaised(_StratumMoved):
    """A member takes a larger part."""

    TYPE: ClassVar[str] = "stratum.raised"


class StratumLowered(_StratumMoved):
    """A member takes a smaller part, after the days of grace; in silence."""

    TYPE: ClassVar[str] = "stratum.lowered"

    grace_from: Instant | None = Field(None, description="When a requirement was first not kept.")


class RoleRecognised(Decision):
    """A member does one kind of thing for the others often enough to be known for it, or no longer."""

    TYPE: ClassVar[str] = "role.recognised"

    member: Member
    role: CircleRole
    status: Literal["earned", "lapsed"] = Field("earned", description="`lapsed`: 120 days without.")
    acts: Count = Field(description="How many acts of the kind in the window.")


class Deed(Frozen):
    """One thing somebody is thanked for, and what it changed."""

    kind: Key = Field(description="What was done: `answer`, `welcome`, `task`, `meetup` …")
    post: Post | None = None
    thread: Thread | None = None
    task: TaskId | None = None
    helped: MemberId | None = Field(None, description="Whom it helped, if they may be named.")
    title: str | None = Field(None, description="What it was about, where it may be quoted.")


class MemberThanked(Decision):
    """A member is thanked for the week."""

    TYPE: ClassVar[str] = "member.thanked"

    member: Member
    thanks: Key = Field(description="The round of thanks, which `thanks.edited` names.")
    week: IsoWeek
    audience: Audience
    place: int = Field(ge=1, description="In which order the text names people; no rank.")
    helper: bool = Field(description="Thanked as a helper.")
    deeds: tuple[Deed, ...] = Field(min_length=1, description="For what.")


class MilestoneReached(Decision):
    """A member passed a milestone; each is passed once for life."""

    TYPE: ClassVar[str] = "milestone.reached"

    member: Member
    milestone: Literal["accepted_answers", "years"] = Field(description="Accepted answers, or years since first post.")
    count: int = Field(ge=1, description="How many.")
    audience: Audience


class Trace(Frozen):
    """What became of help: how much of it, where."""

    kind: Literal["accepted", "thanked", "reacted", "linked"] = Field(description="What became of it.")
    count: int = Field(ge=1, description="How often.")
    threads: tuple[Key, ...] = Field((), description="Where, newest first, at most five.", max_length=5)


class ImpactTold(Decision):
    """A member is told what became of their help in a month."""

    TYPE: ClassVar[str] = "impact.told"

    member: Member
    month: Month
    traces: tuple[Trace, ...] = Field(min_length=1, description="By kind.")


class RelayInvited(Decision):
    """A member is invited to the circle; it takes their yes and a human's."""

    TYPE: ClassVar[str] = "relay.invited"

    member: Member
    nominated_by: tuple[MemberId, ...] = Field((), description="Who proposed them.")
    seats: Count = Field(description="How many the circle has.")
    taken: Count = Field(description="How many of them are taken.")
    expires_at: Instant = Field(description="Until when the invitation stands.")


class RelayAppointed(Decision):
    """A member is of the circle."""

    TYPE: ClassVar[str] = "relay.appointed"

    member: Member
    by: By
    founding: bool = Field(False, description="A founding relay of the launch: no stratum needed for a time.")
    until: Instant | None = Field(None, description="Until when a founding relay needs no stratum.")
    duties: tuple[Key, ...] = Field((), description="What was agreed to.")


class RelayRested(Decision):
    """A relay rests: the place stays, nothing is asked."""

    TYPE: ClassVar[str] = "relay.rested"

    member: Member
    status: Literal["resting", "back"] = Field("resting", description="`back`: the rest is over.")
    asked_by: Literal["member", "rules", "human"] = Field(description="Whose idea it was; it takes the person's yes.")
    until: Instant | None = Field(None, description="Until when; null: a word suffices.")


class RelayRetired(Decision):
    """A relay left the circle, with thanks."""

    TYPE: ClassVar[str] = "relay.retired"

    member: Member
    by: By
    reason: Literal["wish", "left", "human"] = Field(description="Why.")
    served_days: Count = Field(description="Whole days in the circle.")


class PerkGranted(Decision):
    """A member was given a perk."""

    TYPE: ClassVar[str] = "perk.granted"

    member: Member
    perk: Perk
    grant: Grant
    ends_at: Instant | None = Field(None, description="When it ends; null: it does not.")
    stock_left: Count | None = Field(None, description="How many are left; null: no limit.")


class PerkEnded(Decision):
    """A perk is over."""

    TYPE: ClassVar[str] = "perk.ended"

    member: Member
    perk: Perk
    grant: Grant
    reason: Literal["date", "withdrawn", "left", "retired"] = Field(description="`withdrawn`: by a human.")
    by: By | None = None


class TaskOffered(Decision):
    """A task, or a turn of a duty, is offered to the member whom it suits best."""

    TYPE: ClassVar[str] = "task.offered"

    task: TaskId
    member: Member
    duty: Duty | None = None
    title: str = Field(description="What it is.")
    attempt: int = Field(ge=1, description="1 for the first person asked, 2 for the next …")
    matched_skills: tuple[str, ...] = Field((), description="Skills it asks for that the person has.")
    load: Count = Field(description="Tasks the person already has.")
    expires_at: Instant = Field(description="Silence until then is no.")


class TaskAssigned(Decision):
    """A member took the task."""

    TYPE: ClassVar[str] = "task.assigned"

    task: TaskId
    member: Member
    duty: Duty | None = None
    due: Instant | None = Field(None, description="By when it is wanted.")


class TaskPassed(Decision):
    """A task goes on to the next person, or to nobody."""

    TYPE: ClassVar[str] = "task.passed"

    task: TaskId
    member: Member
    duty: Duty | None = None
    reason: Literal["declined", "silent", "returned", "left", "paused"] = Field(description="Why.")
    next: MemberId | None = Field(None, description="Who is asked now; null: nobody is left, the core team is told.")


class GamingSuspected(Decision):
    """Something looks like points given for points' sake; a human judges."""

    TYPE: ClassVar[str] = "gaming.suspected"

    suspicion: Key = Field(description="The suspicion.")
    members: tuple[MemberId, ...] = Field(min_length=1, description="Whom it is about, in order of their ids.")
    pattern: Literal["pair"] = Field("pair", description="Two people who give each other most of what they get.")
    events: Count = Field(description="How many events show it.")
    share_percent: Number | None = Field(None, description="What share, where the pattern is one.")
    held_hundredths: Hundredths = Field(0, description="What is held until the verdict, in hundredths of a point.")
    reason: Reason | None = None


class MemberFading(Decision):
    """A member who carried a lot has grown quiet: by name to the paired relay only."""

    TYPE: ClassVar[str] = "member.fading"

    member: Member
    sign: Literal["silence", "decline"] = Field(description="Silent for three weeks, or far below their own median.")
    acts_90_days: Count = Field(description="Acts in the 90 days before.")
    silent_days: Count = Field(description="Whole days of silence that count.")
    usual_weekly_acts: Number | None = Field(None, description="The person's own median over 12 weeks.")
    told: MemberId | None = Field(None, description="The paired relay; null: only the number goes to the core team.")
