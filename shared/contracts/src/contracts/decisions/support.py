"""What support decides: no question is left to die. A question is named by the thread it opens."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.envelope import Decision, EventId, Frozen, Instant, Key, MemberId
from contracts.words import Channel, Count, Month, Post, Responder, Role, Tags, Thread, Urgency

Asker = Annotated[MemberId, Field(description="Who asked.")]
Question = Annotated[Key, Field(description="The post that asks.")]
OfficeMinutes = Annotated[int, Field(ge=0, description="Office minutes since the question.")]
WallMinutes = Annotated[int, Field(ge=0, description="Minutes since the question.")]
Crisis = Annotated[Key, Field(description="The crisis.")]
Attempt = Annotated[int, Field(ge=1, description="1 for the first helper asked about this question, 2 for the next …")]


class QuestionOpened(Decision):
    """Somebody asked: from here on support alone escalates."""

    TYPE: ClassVar[str] = "question.opened"

    member: Asker
    post: Question
    thread: Thread
    channel: Channel
    tags: Tags = ()
    asked_at: Instant = Field(description="When it was asked.")
    told_by: Literal["platform", "score", "human"] = Field(description="What made it a question.")
    score: int | None = Field(None, description="How many signs there were, where they were counted.")
    nature: Literal["question", "complaint", "care"] = Field(
        "question", description="A complaint is for the core team first; care is for humans only."
    )
    priority: Urgency = Field("normal", description="How urgent.")
    newcomer: bool = Field(False, description="The asker's first question here.")
    target_minutes: Count = Field(description="By when an answer is wanted, in office minutes.")
    warn_at: Instant = Field(description="When helpers are asked, if there is no answer by then.")
    due: Instant = Field(description="When the target ends on the wall.")


class QuestionCancelled(Decision):
    """It is no question, or is gone."""

    TYPE: ClassVar[str] = "question.cancelled"

    post: Question
    thread: Thread
    reason: Literal["author", "human", "deleted", "moderated", "erased", "replaced"] = Field(
        description="Whose word it is; `replaced`: an earlier post turned out to open the thread."
    )
    by: MemberId | None = Field(None, description="Who said so.")


class _Clocks(Decision):
    post: Question
    thread: Thread
    office_minutes: OfficeMinutes
    wall_minutes: WallMinutes
    target_minutes: Count = Field(description="The target, in office minutes.")


class QuestionWarned(_Clocks):
    """A question nears its target without an answer, or its asker has the last word and waits for the next one."""

    TYPE: ClassVar[str] = "question.warned"

    clock: Literal["first_answer", "next_answer"] = Field(
        "first_answer", description="`next_answer`: counted from the asker's last word, not from the question."
    )
    helpers: tuple[MemberId, ...] = Field((), description="Who is asked, best first.")


class QuestionUnanswered(_Clocks):
    """A question has passed its target, or a multiple of it, without an answer."""

    TYPE: ClassVar[str] = "question.unanswered"

    stage: Literal[1, 2, 3, 4] = Field(
        description="1: the help place; 2: the asker's relay, else the best match; 3: the core team; 4: the synthesis."
    )
    member: Asker
    told: tuple[MemberId, ...] = Field((), description="Who is told, by name.")
    told_role: Role | None = Field(None, description="Which role is told.")
    told_channel: Channel | None = Field(None, description="In which channel it is said.")


class _Replied(_Clocks):
    reply: Annotated[Key, Field(description="The post that replies.")]
    member: Annotated[MemberId, Field(description="Who replied.")]
    responder: Responder
    within_target: bool = Field(description="Whether within the target, in office minutes.")


class QuestionResponded(_Replied):
    """The first human reply to a question."""

    TYPE: ClassVar[str] = "question.responded"


class QuestionAnswered(_Replied):
    """The first human reply to a question that can be an answer: warning and ladder stop here."""

    TYPE: ClassVar[str] = "question.answered"


class QuestionSolved(Decision):
    """A question has found its answer."""

    TYPE: ClassVar[str] = "question.solved"

    post: Question
    thread: Thread
    told_by: Literal["accepted", "resolved", "rated", "human"] = Field(description="What says so.")
    answer: Post | None = Field(None, description="The post that solved it, where one is named.")
    member: MemberId | None = Field(None, description="Who wrote that post.")
    responder: Responder | None = None
    wall_minutes: WallMinutes
    suggestion: Thread | None = Field(None, description="The suggested thread that did it, where one did.")


class QuestionReopened(Decision):
    """A question that was solved, dormant or cancelled, or whose only answer is gone, is open again."""

    TYPE: ClassVar[str] = "question.reopened"

    post: Question
    thread: Thread
    reason: Literal[
        "answer_withdrawn", "answer_deleted", "unresolved", "not_helped", "asked_again", "restored", "human"
    ] = Field(description="Why; `restored`: the post is back after it was deleted or closed.")


class QuestionDormant(Decision):
    """A question was answered and left so, or is old history: nobody is asked about it any more."""

    TYPE: ClassVar[str] = "question.dormant"

    post: Question
    thread: Thread
    reason: Literal["answered", "history"] = Field(description="Answered without a word since, or from backfill.")
    since: Instant = Field(description="The last word in it.")


class HelperAsked(Decision):
    """A member who can help is asked to look at a question."""

    TYPE: ClassVar[str] = "helper.asked"

    post: Question
    thread: Thread
    member: Annotated[MemberId, Field(description="The helper.")]
    attempt: Attempt
    matched_skills: tuple[str, ...] = Field((), description="Skills of the helper that the question's tags name.")
    derived: bool = Field(False, description="Known from answers, not declared.")
    expires_at: Instant = Field(description="Silence until then passes it on.")


class HelperPassed(Decision):
    """A helper who was asked will not look at it."""

    TYPE: ClassVar[str] = "helper.passed"

    post: Question
    thread: Thread
    member: Annotated[MemberId, Field(description="The helper.")]
    reason: Literal["declined", "silent", "answered", "withdrawn", "left", "paused"] = Field(
        description="`answered`: somebody else did; `withdrawn`: the question is gone."
    )
    next: MemberId | None = Field(None, description="Who is asked now; null: nobody.")


class HelperCredited(Decision):
    """A member gave a question its first answer."""

    TYPE: ClassVar[str] = "helper.credited"

    post: Question
    thread: Thread
    member: Annotated[MemberId, Field(description="The helper.")]
    reply: Annotated[Key, Field(description="The post that answers.")]
    responder: Responder
    asked: bool = Field(False, description="The helper had been asked to.")
    month: Month | None = Field(None, description="The month of the three counts below.")
    by_members: Count = Field(0, description="First answers by members so far in that month, this one included.")
    by_relays: Count = Field(0, description="The same by relays.")
    by_staff: Count = Field(0, description="The same by staff.")


class Suggestion(Frozen):
    """A solved thread that may hold the answer."""

    thread: Thread
    title: str = Field(description="Its heading.")
    score: int = Field(ge=0, description="How well it matches, out of 1,000.")
    solved_at: Instant | None = Field(None, description="When it was solved.")


class AnswerSuggested(Decision):
    """An asker is shown solved threads that may hold the answer."""

    TYPE: ClassVar[str] = "answer.suggested"

    post: Question
    thread: Thread
    member: Asker
    suggestions: tuple[Suggestion, ...] = Field(min_length=1, max_length=3, description="Best first.")
    way: Literal["private", "folded"] = Field(description="In private, or folded below the question.")


class CareNeeded(Decision):
    """Somebody may need humans now. No text of theirs is repeated here."""

    TYPE: ClassVar[str] = "care.needed"

    member: Annotated[MemberId, Field(description="Who wrote.")]
    post: Post
    thread: Thread
    channel: Channel
    nature: str = Field(description="Which list of the playbook: `distress`, `violence` …")


class CrisisSubject(Frozen):
    """What complaints have in common."""

    kind: Literal["tag", "thread", "channel", "named"] = Field(description="What they share.")
    id: str = Field(description="The tag, thread or channel, or the subject as a human named it.")


Subject = Annotated[CrisisSubject, Field(description="What it is about.")]


class _Complaints(Decision):
    crisis: Crisis
    subject: Subject
    complaints: Count = Field(description="In the last hour.")
    people: Count = Field(description="From how many people.")


class CrisisProposed(_Complaints):
    """Complaints have risen far above what is usual: core team and relays are told, a human decides."""

    TYPE: ClassVar[str] = "crisis.proposed"

    complaints_needed: Count = Field(description="From how many on.")
    people_needed: Count = Field(description="From how many people on.")
    opens_at: Instant = Field(description="When it opens for inside effects if no human answers.")


class CrisisOpened(_Complaints):
    """A crisis is on: thanks move, nudges die, welcomes lose the first action."""

    TYPE: ClassVar[str] = "crisis.opened"

    scope: Literal["inside", "full"] = Field(description="`inside`: no human has answered yet, only inside effects.")
    by: MemberId | None = Field(None, description="The human who opened it.")
    proposal: EventId | None = Field(None, description="The id of the `crisis.proposed`; null: declared outright.")
    next_update: Instant = Field(description="When an update is asked for.")


class CrisisUpdated(_Complaints):
    """How a crisis stands; the core team is asked for a word."""

    TYPE: ClassVar[str] = "crisis.updated"

    scope: Literal["inside", "full"] = Field(description="`inside`: only inside effects.")
    opened_at: Instant = Field(description="Since when.")
    next_update: Instant = Field(description="When the next update is asked for.")


class CrisisClosed(Decision):
    """A crisis is over."""

    TYPE: ClassVar[str] = "crisis.closed"

    crisis: Crisis
    subject: Subject
    reason: Literal["quiet", "dismissed"] = Field(description="A day below the threshold, or a human's word.")
    by: MemberId | None = Field(None, description="The human who dismissed it.")
    opened_at: Instant | None = Field(None, description="Since when it was open; null: it was only proposed.")
    complaints: Count = Field(description="In all.")
    people: Count = Field(description="From how many people, in all.")
