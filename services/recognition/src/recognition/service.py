"""Recognition: its table of contents, and what runs it."""

from collections.abc import Iterable

from chassis.service import Calendar, Early, Service
from contracts.community import Place
from contracts.decisions import (
    CareNeeded,
    CrisisClosed,
    CrisisOpened,
    GamingSuspected,
    ImpactTold,
    MemberFading,
    MemberThanked,
    MessageRequested,
    MilestoneReached,
    PerkEnded,
    PerkGranted,
    PointsAwarded,
    PointsHeld,
    PointsWithdrawn,
    QuestionCancelled,
    QuestionOpened,
    QuestionSolved,
    RelayAppointed,
    RelayInvited,
    RelayPaired,
    RelayRested,
    RelayRetired,
    RoleRecognised,
    StratumLowered,
    StratumRaised,
    SynthesisPublished,
    TaskAssigned,
    TaskOffered,
    TaskPassed,
)
from contracts.envelope import AnyEvent
from contracts.facts import (
    AdvocacyReported,
    AnswerAccepted,
    AnswerWithdrawn,
    BetaReported,
    ChannelDescribed,
    CommunityConfigured,
    CommunityUnmuted,
    CrisisDeclared,
    CrisisDismissed,
    DecisionOverruled,
    FeedbackAnswered,
    FeedbackSubmitted,
    IdentityLinked,
    IdentityUnlinked,
    KudosGiven,
    MeetupAttended,
    MeetupHosted,
    MemberErased,
    MemberJoined,
    MemberLeft,
    MemberPaused,
    MemberSanctioned,
    MemberUpdated,
    NominationAccepted,
    NominationDeclined,
    NominationMade,
    PollVoted,
    PostCreated,
    PostDeleted,
    PostModerated,
    PostRestored,
    PostUpdated,
    PreferenceChanged,
    QuestionMarked,
    ReactionAdded,
    ReactionRemoved,
    RequestAnswered,
    StratumLocked,
    SynthesisEdited,
    TaskAccepted,
    TaskCompleted,
    TaskDeclined,
    TaskOpened,
    ThanksEdited,
    ThreadMoved,
    ThreadResolved,
)
from contracts.people import Person
from recognition.rules import (
    absence,
    answers,
    circle,
    climate,
    clocks,
    daily,
    deeds,
    duties,
    founding,
    people,
    posts,
    presence,
    reactions,
    relays,
    removal,
    task_answers,
    tasks,
    telling,
    thanks,
    traces,
    verdicts,
)
from recognition.state import Account, Activity, Giver, Standing
from recognition.state_book import Book, Contribution, SamePerson
from recognition.state_threads import Post, Thread
from recognition.store import STATEMENTS, TABLES


def needs(event: AnyEvent) -> Iterable[tuple[type, tuple[str, ...]]]:
    """What nearly every post and reaction reads: worth loading for a whole batch at once."""
    data = event.data
    if event.type == PostCreated.TYPE:
        return (
            (Book, ()),
            (Post, (data.post,)),
            *(((Post, (data.reply_to,)),) if data.reply_to is not None else ()),
            (Thread, (data.thread,)),
            (Place, (data.channel,)),
            *((row, (data.member,)) for row in (Activity, Standing, Account, Contribution)),
        )
    if event.type == ReactionAdded.TYPE:
        givers = (Activity, Standing, Account, Giver, SamePerson) if data.member is not None else ()
        receivers = (Activity, Standing, Account, Person) if data.post_author is not None else ()
        return (
            (Book, ()),
            (Post, (data.post,)),
            *(((Thread, (data.thread,)),) if data.thread is not None else ()),
            *((row, (data.member,)) for row in givers),
            *((row, (data.post_author,)) for row in receivers),
        )
    return ((Book, ()),)


RECOGNITION = Service(
    name="recognition",
    package="recognition",
    tables=TABLES,
    statements=STATEMENTS,
    reacts={
        # What members write, and what others make of it
        PostCreated: (posts.posted,),
        PostUpdated: (removal.updated,),
        PostDeleted: (removal.deleted,),
        PostRestored: (removal.restored,),
        PostModerated: (removal.moderated,),
        ReactionAdded: (reactions.added,),
        ReactionRemoved: (reactions.removed,),
        KudosGiven: (reactions.kudos,),
        AnswerAccepted: (answers.accepted,),
        AnswerWithdrawn: (answers.withdrawn,),
        ThreadResolved: (removal.solved,),
        ThreadMoved: (removal.moved,),
        # What they do beside
        MeetupHosted: (deeds.hosted,),
        MeetupAttended: (deeds.attended,),
        PollVoted: (presence.voted,),
        BetaReported: (deeds.tested,),
        AdvocacyReported: (deeds.spoke_for,),
        FeedbackSubmitted: (deeds.fed_back,),
        FeedbackAnswered: (deeds.feedback_answered,),
        SynthesisEdited: (deeds.edited,),
        # Tasks and the circle
        TaskOpened: (tasks.opened,),
        TaskAccepted: (task_answers.accepted,),
        TaskDeclined: (task_answers.declined,),
        TaskCompleted: (task_answers.completed,),
        NominationMade: (circle.nominated,),
        NominationAccepted: (circle.accepted,),
        NominationDeclined: (verdicts.nomination_declined,),
        RequestAnswered: (verdicts.answered,),
        # People's own choices
        MemberJoined: (people.joined,),
        MemberUpdated: (people.updated,),
        MemberLeft: (people.left,),
        MemberPaused: (people.paused,),
        MemberErased: (people.erased,),
        MemberSanctioned: (people.sanctioned,),
        PreferenceChanged: (people.chose,),
        IdentityLinked: (people.linked,),
        IdentityUnlinked: (people.unlinked,),
        # The manager, and what holds for everybody
        CommunityConfigured: (relays.configured,),
        CommunityUnmuted: (climate.unmuted,),
        ChannelDescribed: (climate.channel_described,),
        DecisionOverruled: (verdicts.overruled,),
        StratumLocked: (verdicts.locked,),
        ThanksEdited: (thanks.edited,),
        QuestionMarked: (removal.question_marked,),
        CrisisDeclared: (climate.crisis_opened,),
        CrisisDismissed: (climate.crisis_over,),
        # What other services decide makes it better
        QuestionOpened: (removal.question_opened,),
        QuestionCancelled: (removal.question_cancelled,),
        QuestionSolved: (removal.solved,),
        CareNeeded: (removal.care_needed,),
        CrisisOpened: (climate.crisis_opened,),
        CrisisClosed: (climate.crisis_over,),
        RelayPaired: (absence.paired,),
        SynthesisPublished: (deeds.published,),
        MessageRequested: (founding.asked_elsewhere,),
    },
    early=(
        Early(
            known=posts.opening_known,
            gone=posts.is_gone,
            hears={
                PostCreated: (posts.posted,),
                PostUpdated: (removal.updated,),
                PostModerated: (removal.moderated,),
                ThreadMoved: (removal.moved,),
                ThreadResolved: (removal.solved,),
                QuestionMarked: (removal.question_marked,),
            },
        ),
    ),
    due={tasks.TASK: tasks.silent, thanks.THANKS: thanks.moved},
    calendar={
        "daily": Calendar(
            next=lambda playbook, after: clocks.next_daily(playbook, playbook.recognition.strata.judged_time, after),
            fire=daily.judged,
        ),
        "thanks_draft": Calendar(
            next=lambda playbook, after: clocks.next_weekly(
                playbook, playbook.recognition.thanks_weekday, playbook.recognition.thanks_draft_time, after
            ),
            fire=thanks.draft,
        ),
        "thanks": Calendar(
            next=lambda playbook, after: clocks.next_weekly(
                playbook, playbook.recognition.thanks_weekday, playbook.recognition.thanks_time, after
            ),
            fire=thanks.speak,
        ),
        "impact": Calendar(
            next=lambda playbook, after: clocks.next_monthly(
                playbook, playbook.recognition.impact_time, playbook.recognition.impact_months, after
            ),
            fire=traces.tell,
        ),
        "duties": Calendar(next=duties.next_due, fire=duties.offer),
    },
    needs=needs,
    tells=telling.tells,
    emits=(
        *(PointsAwarded, PointsWithdrawn, PointsHeld, StratumRaised, StratumLowered, RoleRecognised, MemberThanked),
        *(
            MilestoneReached,
            ImpactTold,
            RelayInvited,
            RelayAppointed,
            RelayRested,
            RelayRetired,
            PerkGranted,
            PerkEnded,
        ),
        *(TaskOffered, TaskAssigned, TaskPassed, GamingSuspected, MemberFading),
    ),
)


def main() -> int:
    """Run the service until it is told to stop; the exit code of its process."""
    from chassis.app import main as run  # noqa: PLC0415 - a replay needs no server, and starts twice as fast without

    return run(RECOGNITION)
