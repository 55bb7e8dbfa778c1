"""What digest decides: freshness, synthesis, indicators, and what is said aloud to those who run the place."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.envelope import Decision, EvidenceRange, Frozen, Instant, Key, MemberId
from contracts.words import By, Channel, Count, Day, Goal, IsoWeek, Member, Month, Number, Role, Thread, Url

PromptId = Annotated[Key, Field(description="The prompt, as `prompt.chosen` names it.")]
Synthesis = Annotated[Key, Field(description="The synthesis, as `synthesis.edited` names it.")]
Stage = Literal["newborn", "growing", "mature", "declining", "dormant"]
Trend = Literal["up", "level", "down"]
PromptSource = Annotated[
    Literal["news", "question", "bank", "manager"],
    Field(description="From `news.found`, an open question, the bank, or the manager's own words."),
]


class ContentMissing(Decision):
    """The place is quieter than usual at this hour, or this week: the manager is shown a prompt."""

    TYPE: ClassVar[str] = "content.missing"

    day: Day
    rhythm: Literal["daily", "weekly"] = Field(description="Which rhythm the place has.")
    usual_threads: Number = Field(description="Member-started threads by now, at the place's own rhythm.")
    threads: Count = Field(description="How many there are.")
    prompt: PromptId | None = Field(None, description="The prompt that is offered; null: none is left.")
    publishes_at: Instant | None = Field(None, description="When the prompt goes out if nothing is said; null: never.")


class PromptPublished(Decision):
    """A question that calls for reactions is put to members."""

    TYPE: ClassVar[str] = "prompt.published"

    prompt: PromptId
    source: PromptSource
    text: str = Field(description="Its words.")
    channel: Channel | None = Field(None, description="Where; null: the community itself.")
    thread: Thread | None = Field(None, description="The open question it brings forward.")
    url: Url | None = Field(None, description="The news it is about.")
    signed_by: str = Field(description="Who signs.")
    chosen_by: By | None = Field(None, description="The manager who chose it; null: nobody did in time.")


class PromptRetired(Decision):
    """A prompt is not used again."""

    TYPE: ClassVar[str] = "prompt.retired"

    prompt: PromptId
    reason: Literal["unanswered", "human"] = Field(description="Fewer than two answers twice, or a human's word.")
    answers: Count = Field(description="Answers to it the last time.")


class EditorAsked(Decision):
    """A member is asked to edit the synthesis."""

    TYPE: ClassVar[str] = "editor.asked"

    synthesis: Synthesis
    member: Member
    attempt: int = Field(1, ge=1, description="1 for the first person asked, 2 for the next …")
    matched_skills: tuple[str, ...] = Field((), description="Skills of the person that its threads ask for.")
    expires_at: Instant = Field(description="Until when; then it is published without an editor's name.")


class SynthesisItem(Frozen):
    """One entry of a synthesis."""

    id: Key = Field(description="The thread, member, feedback, promise or meet-up.")
    title: str | None = Field(None, description="Its heading, where it has one and may be quoted.")
    members: tuple[MemberId, ...] = Field((), description="Whom it names.")
    figure: int | None = Field(None, description="The one figure it shows, if any.")


class SynthesisSection(Frozen):
    """One kind of thing in a synthesis."""

    kind: Literal["threads", "thanks", "newcomers", "questions", "question_of_the_week", "meetups", "outcomes"] = Field(
        description="What kind."
    )
    items: tuple[SynthesisItem, ...] = Field(min_length=1, description="In the order of the text.")


Sections = Annotated[tuple[SynthesisSection, ...], Field(description="What is in it, in the order of the text.")]


class SynthesisDrafted(Decision):
    """What the week has in it, for an editor to put into words."""

    TYPE: ClassVar[str] = "synthesis.drafted"

    synthesis: Synthesis
    week: IsoWeek
    sections: Sections
    publishes_at: Instant = Field(description="When it goes out, edited or not.")
    editor: MemberId | None = Field(None, description="Who is asked to edit; null: the core team.")


class SynthesisPublished(Decision):
    """The week in short."""

    TYPE: ClassVar[str] = "synthesis.published"

    synthesis: Synthesis
    week: IsoWeek
    sections: Sections
    editor: MemberId | None = Field(None, description="Who edited it; null: nobody did.")
    channel: Channel | None = Field(None, description="Where; null: the community itself.")
    title: str = Field(description="Its heading.")
    text: str = Field(description="The words, plain.")
    markdown: str = Field(description="The words as Markdown.")
    html: str = Field(description="The words as HTML.")


class DigestSent(Decision):
    """A member who wants it, and was away, is told what happened."""

    TYPE: ClassVar[str] = "digest.sent"

    member: Member
    since: Instant = Field(description="From the person's last sign of life.")
    threads: tuple[Key, ...] = Field(min_length=1, description="What it shows, best first.")
    questions: tuple[Key, ...] = Field((), description="Open questions in the person's skills.")


class FeedbackOverdue(Decision):
    """A piece of feedback has waited too long for its outcome."""

    TYPE: ClassVar[str] = "feedback.overdue"

    feedback: Key = Field(description="The piece of feedback.")
    member: MemberId | None = Field(None, description="Who gave it.")
    submitted_at: Instant = Field(description="When.")
    business_days: Count = Field(description="Business days since.")
    told_role: Role = Field("core_team", description="Which role is told.")


class SubjectCount(Frozen):
    """A subject and how often it came up."""

    subject: str = Field(description="A tag, or a subject of the playbook.")
    count: int = Field(ge=1, description="How often.")
    threads: tuple[Key, ...] = Field((), description="Where, newest first, at most five.", max_length=5)


class MeetupMissing(Decision):
    """No meet-up is planned: the manager is offered subjects from open questions."""

    TYPE: ClassVar[str] = "meetup.missing"

    horizon_days: Count = Field(description="In how many days ahead none is planned.")
    subjects: Annotated[tuple[SubjectCount, ...], Field(max_length=10)] = Field((), description="Most asked first.")
    last_meetup: Key | None = Field(None, description="The last one that took place.")


class VoiceReported(Decision):
    """What members ask, complain of and wish for, told to the organisation."""

    TYPE: ClassVar[str] = "voice.reported"

    month: Month
    questions: Annotated[tuple[SubjectCount, ...], Field(max_length=20)] = Field((), description="Most frequent first.")
    complaints: Annotated[tuple[SubjectCount, ...], Field(max_length=20)] = Field((), description="As questions.")
    wishes: Annotated[tuple[SubjectCount, ...], Field(max_length=20)] = Field((), description="As questions.")


class PromotionExcess(Decision):
    """Too much of what is written promotes something."""

    TYPE: ClassVar[str] = "promotion.excess"

    since: Day
    until: Day
    posts: Count = Field(description="All posts.")
    promotional: Count = Field(description="Those that promote.")


class Indicator(Frozen):
    """One figure, with all that it takes to compute it again."""

    key: Key = Field(description="Which, by the name of its definition.")
    definition: int = Field(ge=1, description="The version of the definition.")
    value: Number | None = Field(None, description="Null: there is nothing to compute it from.")
    unit: str = Field(description="`share`, `minutes`, `people`, `posts` …")
    numerator: int | None = Field(None, description="Of a share, what is counted.")
    denominator: int | None = Field(None, description="Of a share, out of how many.")
    parts: dict[str, int] = Field(default_factory=dict, description="The split, by key in order.")
    events: EvidenceRange | None = Field(None, description="The events it is computed from.")


class IndicatorsComputed(Decision):
    """How the community does, exactly."""

    TYPE: ClassVar[str] = "indicators.computed"

    period: Literal["day", "week"] = Field(description="Daily or weekly.")
    since: Instant = Field(description="From, included.")
    until: Instant = Field(description="To, not included.")
    indicators: tuple[Indicator, ...] = Field(min_length=1, description="In order of their keys.")


class NeedMet(Frozen):
    """A need of members, and whether they found it met."""

    need: Key = Field(description="The need.")
    declared: int = Field(ge=0, description="How many said that they have it.")
    asked: int = Field(ge=0, description="How many were asked and answered.")
    met: int = Field(ge=0, description="How many of those found it met.")
    partly: int = Field(ge=0, description="How many of those found it partly met.")


class GoalReported(Decision):
    """How a declared goal stands, beside what members need."""

    TYPE: ClassVar[str] = "goal.reported"

    goal: Goal = Field(description="The goal, by its SPACES letter.")
    indicator: Key = Field(description="The indicator, or the outside figure, that it is measured by.")
    unit: str = Field(description="In what it is counted.")
    target: Number
    actual: Number | None = Field(None, description="Null: not known yet.")
    trend: Trend | None = Field(None, description="Against the period before; null: there is none.")
    period: str = Field(description="What time it covers.")
    needs: tuple[NeedMet, ...] = Field((), description="Members' needs, in order of their keys.")


class StageChanged(Decision):
    """The community's life stage, computed, has changed."""

    TYPE: ClassVar[str] = "stage.changed"

    stage: Stage = Field(description="From now on.")
    previous: Stage | None = Field(None, description="Until now; null: this is the first.")
    week: IsoWeek
    members: Count = Field(description="How many there are.")
    weekly_actives: Count = Field(description="Active in the week.")
    newcomers: Count = Field(description="Arrived in the week.")
    actives_slope_percent: Number | None = Field(None, description="Trend of weekly actives, a week; null: unknown.")
    newcomers_slope_percent: Number | None = Field(None, description="Trend of newcomers, a week; null: unknown.")
    compared_with: IsoWeek | None = Field(None, description="The same week a year ago, in a quiet season.")


class BriefLine(Frozen):
    """One line of the morning note."""

    kind: Key = Field(description="What it is about: the type or the rule.")
    text: str = Field(description="Its words.")
    decision: Key | None = Field(None, description="The id of the decision or request that it speaks of.")


class BriefSent(Decision):
    """The manager's morning note: one message, at most twelve lines."""

    TYPE: ClassVar[str] = "brief.sent"

    day: Day
    waiting: Annotated[tuple[BriefLine, ...], Field(max_length=10)] = Field((), description="What waits for a human.")
    going_out: tuple[BriefLine, ...] = Field((), description="What goes out today unless it is stopped.")
    held_back: tuple[BriefLine, ...] = Field((), description="What was not said, and why.")
    good_news: BriefLine | None = Field(None, description="One good thing.")


class PlatformSilent(Decision):
    """No fact has come from a platform for far longer than usual: clocks on people stand still until it speaks."""

    TYPE: ClassVar[str] = "platform.silent"

    source: str = Field(description="The platform, by the `source` of its facts.")
    since: Instant = Field(description="Its last fact.")
    usual_gap_seconds: Count | None = Field(None, description="Its usual longest gap of a day; null: not known yet.")
    allowed_seconds: Count = Field(description="How long it may be quiet.")
