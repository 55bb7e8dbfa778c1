"""The measuring half of digest: indicators, goals and needs, life stage. The service joins it to the other half."""

from collections.abc import Iterator, Mapping

from chassis.pages import Page
from chassis.service import Calendar, Early, Firing, Reaction
from contracts import decisions, facts
from contracts.envelope import AnyEvent, Decision, Payload
from digest.measures import feedback, goals, members, rounds, store, threads
from digest.measures.report.page import report
from digest.measures.state import Part, Talk

TABLES = store.TABLES
STATEMENTS = store.STATEMENTS

REACTS: Mapping[type[Payload], tuple[Reaction, ...]] = {
    # people
    facts.MemberJoined: (members.joined,),
    facts.MemberLeft: (members.left,),
    facts.MemberErased: (members.erased,),
    facts.MotivationDeclared: (feedback.motivated,),
    facts.NeedDeclared: (feedback.need_declared,),
    facts.NeedAnswered: (feedback.need_answered,),
    facts.ObstacleDeclared: (feedback.obstacle,),
    # what they do
    facts.PostCreated: (threads.posted,),
    facts.PostDeleted: (threads.fact_told, threads.deleted),
    facts.PostRestored: (threads.fact_told, threads.restored),
    facts.PostModerated: (threads.fact_told, threads.moderated),
    facts.AnswerAccepted: (members.acted, threads.solved),
    facts.AnswerWithdrawn: (threads.unsolved,),
    facts.ThreadResolved: (threads.solved,),
    facts.ThreadUnresolved: (threads.unsolved,),
    facts.ReactionAdded: (members.acted,),
    facts.TaskCompleted: (members.acted,),
    facts.MeetupHosted: (members.acted,),
    facts.MeetupAttended: (members.acted,),
    facts.PollVoted: (members.acted,),
    # what they wish for, and what came of it
    facts.FeedbackSubmitted: (feedback.submitted,),
    facts.FeedbackAnswered: (feedback.answered,),
    facts.OutcomeReported: (goals.outcome,),
    facts.CommunityConfigured: (goals.redeclared,),
    # what other services decide
    decisions.QuestionOpened: (threads.question_opened,),
    decisions.QuestionCancelled: (threads.question_cancelled,),
    decisions.QuestionReopened: (threads.question_reopened,),
    decisions.QuestionAnswered: (threads.question_answered,),
    decisions.StratumRaised: (members.stratum_moved,),
    decisions.StratumLowered: (members.stratum_moved,),
    decisions.RelayAppointed: (members.appointed,),
    decisions.RelayRetired: (members.retired,),
}

EARLY: tuple[Early, ...] = (
    Early(
        known=threads.opening_known,
        gone=threads.is_gone,
        hears={
            facts.PostDeleted: (threads.deleted,),
            facts.PostRestored: (threads.restored,),
            facts.PostModerated: (threads.moderated,),
            facts.AnswerAccepted: (threads.solved,),
            facts.AnswerWithdrawn: (threads.unsolved,),
            facts.ThreadResolved: (threads.solved,),
            facts.ThreadUnresolved: (threads.unsolved,),
        },
    ),
)

DUE: Mapping[str, Firing] = {}

CALENDAR: Mapping[str, Calendar] = {
    "indicators": Calendar(next=rounds.next_midnight, fire=rounds.taken),
    "needs": Calendar(next=rounds.next_asks, fire=rounds.asked),
}

PAGES: Mapping[str, Page] = {"/report/{community}": report}

EMITS: tuple[type[Decision], ...] = (decisions.IndicatorsComputed, decisions.GoalReported, decisions.StageChanged)


def needs(event: AnyEvent) -> Iterator[tuple[type, tuple[str, ...]]]:
    """The rows that nearly every post touches."""
    if event.type == "post.created":
        yield Part, (event.data.member,)
        yield Talk, (event.data.thread,)
    elif event.type in {"member.joined", "reaction.added"} and event.data.member is not None:
        yield Part, (event.data.member,)
