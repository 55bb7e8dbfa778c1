"""Support, as a table of contents: no question left to die."""

from collections.abc import Iterable

from chassis.service import Calendar, Early, Service
from contracts.decisions import (
    AnswerSuggested,
    CareNeeded,
    CrisisClosed,
    CrisisOpened,
    CrisisProposed,
    CrisisUpdated,
    HelperAsked,
    HelperCredited,
    HelperPassed,
    MessageRequested,
    QuestionAnswered,
    QuestionCancelled,
    QuestionDormant,
    QuestionOpened,
    QuestionReopened,
    QuestionResponded,
    QuestionSolved,
    QuestionUnanswered,
    QuestionWarned,
    RelayAppointed,
    RelayPaired,
    RelayRested,
    RelayRetired,
)
from contracts.envelope import AnyEvent
from contracts.facts import (
    AnswerAccepted,
    AnswerWithdrawn,
    AskAccepted,
    AskDeclined,
    ChannelDescribed,
    CommunityConfigured,
    CrisisDeclared,
    CrisisDismissed,
    DecisionOverruled,
    HelpRated,
    MeetupAttended,
    MeetupHosted,
    MemberErased,
    MemberJoined,
    MemberLeft,
    MemberPaused,
    MemberUpdated,
    NominationAccepted,
    PollVoted,
    PostClosed,
    PostCreated,
    PostDeleted,
    PostModerated,
    PostRestored,
    PostUpdated,
    PreferenceChanged,
    QuestionMarked,
    ReactionAdded,
    RequestAnswered,
    TaskCompleted,
    ThreadMoved,
    ThreadResolved,
    ThreadUnresolved,
)
from support.rules import (
    circle,
    clocks,
    closing,
    conversation,
    crisis_course,
    edits,
    expertise,
    helpers,
    ladder,
    next_answer,
    people,
    rhythm,
    suggestions,
    telling,
    threads,
    verdicts,
)
from support.rules.detection import LISTENED
from support.rules.terms import LITTLE, likened, terms_of
from support.state import Climate, Rhythm, Term, Thread
from support.store import STATEMENTS, TABLES


def _needs(event: AnyEvent) -> Iterable[tuple[type, tuple[str, ...]]]:
    """A post asks for its thread, its author's rhythm, and, where it opens a question, the index of its terms."""
    if event.type != PostCreated.TYPE:
        thread = getattr(event.data, "thread", None)
        return ((Thread, (thread,)),) if isinstance(thread, str) else ()
    post = event.data
    wanted: list[tuple[type, tuple[str, ...]]] = [(Thread, (post.thread,)), (Rhythm, (post.member,)), (Climate, ())]
    if post.kind == "question" and post.reply_to is None and not event.backfill:
        terms, _ = terms_of(post.title, post.tags, post.body, locale=post.locale, fallback="en")
        wanted += [(Term, (term,)) for term in terms]
    return wanted


SUPPORT = Service(
    name="support",
    package="support",
    listens=(*LISTENED, *LITTLE),
    likens=likened,
    tables=TABLES,
    statements=STATEMENTS,
    reacts={
        # what is written
        PostCreated: (rhythm.acted, threads.posted),
        PostUpdated: (edits.updated,),
        PostDeleted: (threads.deleted,),
        PostRestored: (edits.restored,),
        PostClosed: (edits.closed,),
        PostModerated: (edits.moderated,),
        ThreadMoved: (edits.moved,),
        # what comes of a question
        AnswerAccepted: (rhythm.acted, conversation.accepted),
        AnswerWithdrawn: (conversation.withdrawn,),
        ThreadResolved: (conversation.resolved,),
        ThreadUnresolved: (conversation.unresolved,),
        HelpRated: (conversation.rated,),
        # what people answer
        AskAccepted: (helpers.accepted,),
        AskDeclined: (helpers.declined,),
        RequestAnswered: (
            helpers.answered,
            conversation.suggestion_answered,
            expertise.answered,
            crisis_course.answered,
            verdicts.tapped,
            circle.accepted,
        ),
        # other acts that make a day active
        ReactionAdded: (rhythm.acted,),
        TaskCompleted: (rhythm.acted,),
        MeetupHosted: (rhythm.acted,),
        MeetupAttended: (rhythm.acted,),
        PollVoted: (rhythm.acted,),
        # people and places
        MemberJoined: (expertise.profile_changed,),
        MemberUpdated: (expertise.profile_changed,),
        PreferenceChanged: (people.preferred,),
        MemberPaused: (people.paused,),
        MemberLeft: (people.left,),
        MemberErased: (people.forgotten,),
        ChannelDescribed: (people.described,),
        # the circle
        NominationAccepted: (circle.nominated,),
        MessageRequested: (circle.invited,),
        RelayPaired: (circle.paired,),
        RelayAppointed: (circle.appointed,),
        RelayRested: (circle.rested,),
        RelayRetired: (circle.retired,),
        # what operators and managers say
        CommunityConfigured: (expertise.configured,),
        QuestionMarked: (verdicts.marked,),
        DecisionOverruled: (verdicts.overruled,),
        CrisisDeclared: (crisis_course.declared,),
        CrisisDismissed: (crisis_course.dismissed,),
    },
    early=(
        Early(
            known=threads.opening_known,
            gone=threads.is_gone,
            hears={
                PostCreated: (threads.posted,),
                PostUpdated: (edits.updated,),
                PostClosed: (edits.closed,),
                PostModerated: (edits.moderated,),
                ThreadMoved: (edits.moved,),
                AnswerAccepted: (conversation.accepted,),
                AnswerWithdrawn: (conversation.withdrawn,),
                HelpRated: (conversation.rated,),
                QuestionMarked: (verdicts.marked,),
            },
        ),
    ),
    due={
        ladder.LADDER: ladder.due,
        ladder.WARNING: ladder.warning_reached,
        next_answer.NEXT: next_answer.due,
        helpers.PASS: helpers.pass_due,
        suggestions.SUGGESTION: suggestions.offer_due,
        crisis_course.OPENS: crisis_course.opens_due,
        crisis_course.UPDATE: crisis_course.update_due,
        crisis_course.CLOSE: crisis_course.close_due,
    },
    calendar={"round": Calendar(next=clocks.next_round, fire=closing.round_made)},
    needs=_needs,
    tells=telling.tells,
    emits=(
        *(QuestionOpened, QuestionCancelled, QuestionWarned, QuestionUnanswered, QuestionResponded, QuestionAnswered),
        *(QuestionSolved, QuestionReopened, QuestionDormant, HelperAsked, HelperPassed, HelperCredited),
        *(AnswerSuggested, CareNeeded, CrisisProposed, CrisisOpened, CrisisUpdated, CrisisClosed),
    ),
)


def main() -> int:
    """Run the service until it is told to stop; the exit code of its process."""
    from chassis.app import main as run  # noqa: PLC0415 - a replay needs no server, and starts twice as fast without

    return run(SUPPORT)
