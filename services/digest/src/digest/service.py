"""Digest's table of contents: what it reacts to, what falls due, what it knows, what it says."""

from collections.abc import Iterator
from functools import partial

from chassis.app import main as run
from chassis.service import Calendar, Early
from contracts import decisions, facts
from contracts.envelope import AnyEvent
from digest import measures, store
from digest.bank import BANK
from digest.part import Part, joined
from digest.rules import (
    arrivals,
    brief,
    conversation,
    editor,
    feedback,
    freshness,
    meetups,
    notes,
    overruled,
    people,
    personal,
    promises,
    prompts,
    questions,
    schedule,
    silence,
    speech,
    sweep,
    synthesis,
    telling,
    times,
)
from digest.state import Day, Floor, Thread
from digest.state_told import Reader


def needs(event: AnyEvent) -> Iterator[tuple[type, tuple[str, ...]]]:
    """The rows that nearly every post touches, to be loaded for a whole batch at once."""
    if event.type == "post.created":
        yield Thread, (event.data.thread,)
        yield Reader, (event.data.member,)
        yield Day, (event.time.date().isoformat(),)
        yield Floor, ()


EDITORIAL = Part(
    tables=store.TABLES,
    statements=store.STATEMENTS,
    needs=needs,
    reacts={
        # what is written
        facts.PostCreated: (conversation.posted, personal.here),
        facts.PostUpdated: (conversation.updated,),
        facts.PostDeleted: (conversation.deleted,),
        facts.PostRestored: (conversation.restored,),
        facts.PostClosed: (conversation.closed,),
        facts.PostFlagged: (conversation.flagged,),
        facts.PostModerated: (conversation.moderated,),
        facts.ThreadMoved: (conversation.moved,),
        facts.ThreadFollowed: (personal.followed, personal.here),
        facts.ThreadUnfollowed: (personal.unfollowed, personal.here),
        facts.AnswerAccepted: (questions.answered, personal.here),
        facts.AnswerWithdrawn: (questions.withdrawn,),
        facts.ThreadResolved: (questions.answered,),
        facts.ThreadUnresolved: (questions.reopened,),
        facts.QuestionMarked: (questions.marked,),
        # people
        facts.MemberJoined: (speech.heard, arrivals.joined, personal.here),
        facts.MemberSeen: (personal.here,),
        facts.ReactionAdded: (personal.here,),
        facts.PollVoted: (personal.here,),
        facts.TaskCompleted: (personal.here,),
        facts.KudosGiven: (arrivals.kudos, personal.here),
        facts.PreferenceChanged: (personal.chose,),
        facts.MemberLeft: (people.left,),
        facts.MemberPaused: (people.paused,),
        facts.MemberErased: (people.erased,),
        # what is wanted, promised and planned
        facts.FeedbackSubmitted: (feedback.submitted, personal.here),
        facts.FeedbackAnswered: (feedback.answered,),
        facts.PromiseMade: (promises.made,),
        facts.PromiseKept: (promises.kept,),
        facts.MeetupScheduled: (meetups.scheduled,),
        facts.MeetupHosted: (meetups.hosted, personal.here),
        facts.MeetupAttended: (meetups.attended, personal.here),
        facts.MeetupCancelled: (meetups.cancelled,),
        facts.NewsFound: (prompts.news_found,),
        # what is answered to us
        facts.PromptChosen: (partial(freshness.chose, bank=BANK),),
        facts.SynthesisEdited: (synthesis.edited,),
        facts.AskAccepted: (editor.accepted,),
        facts.AskDeclined: (people.refused,),
        facts.RequestAnswered: (partial(freshness.answered, bank=BANK), people.tapped, brief.answered),
        facts.MessageDelivered: (prompts.delivered,),
        facts.TaskAccepted: (notes.task_settled,),
        facts.NominationDeclined: (notes.relay_settled,),
        # what holds for everybody
        facts.ChannelDescribed: (speech.heard, speech.channel_described),
        facts.CommunityConfigured: (speech.heard, promises.configured),
        facts.CrisisDeclared: (speech.crisis_opened, freshness.crisis_came, notes.crisis_judged),
        facts.CrisisDismissed: (speech.crisis_over, notes.crisis_judged),
        facts.DecisionOverruled: (overruled.overruled,),
        facts.ThanksEdited: (arrivals.edited,),
        # what other services decide
        decisions.MemberIntroduced: (arrivals.introduced,),
        decisions.WelcomeHeld: (notes.welcome_held,),
        decisions.HabitInstalled: (notes.habit,),
        decisions.PromiseLate: (promises.late,),
        decisions.StratumRaised: (editor.stratum_moved,),
        decisions.StratumLowered: (editor.stratum_moved,),
        decisions.MemberThanked: (arrivals.thanked,),
        decisions.MilestoneReached: (notes.milestone,),
        decisions.RelayInvited: (notes.nominated,),
        decisions.RelayAppointed: (notes.relay_settled,),
        decisions.RelayRetired: (notes.relay_settled,),
        decisions.TaskPassed: (notes.task_passed,),
        decisions.TaskAssigned: (notes.task_settled,),
        decisions.GamingSuspected: (notes.gaming_suspected,),
        decisions.QuestionOpened: (questions.opened,),
        decisions.QuestionAnswered: (questions.answered,),
        decisions.QuestionSolved: (questions.answered,),
        decisions.QuestionReopened: (questions.reopened,),
        decisions.QuestionDormant: (questions.over,),
        decisions.QuestionCancelled: (questions.cancelled,),
        decisions.QuestionUnanswered: (questions.unanswered,),
        decisions.CareNeeded: (questions.needs_care,),
        decisions.CrisisProposed: (notes.crisis_proposed,),
        decisions.CrisisOpened: (speech.crisis_opened, freshness.crisis_came),
        decisions.CrisisClosed: (speech.crisis_over, notes.crisis_judged),
        decisions.MessageWithheld: (notes.withheld,),
    },
    early=(
        Early(
            known=conversation.opening_known,
            gone=conversation.is_gone,
            hears={
                facts.PostCreated: (conversation.posted,),
                facts.PostUpdated: (conversation.updated,),
                facts.PostClosed: (conversation.closed,),
                facts.PostFlagged: (conversation.flagged,),
                facts.PostModerated: (conversation.moderated,),
                facts.ThreadMoved: (conversation.moved,),
                facts.AnswerAccepted: (questions.answered,),
                facts.AnswerWithdrawn: (questions.withdrawn,),
                facts.ThreadResolved: (questions.answered,),
                facts.ThreadUnresolved: (questions.reopened,),
                facts.QuestionMarked: (questions.marked,),
            },
        ),
    ),
    due={
        prompts.MISSING: partial(freshness.fire, bank=BANK),
        prompts.DEADLINE: freshness.out,
        synthesis.SYNTHESIS: synthesis.publish,
        silence.SILENCE: silence.fire,
    },
    calendar={
        "sweep": Calendar(next=times.next_sweep, fire=sweep.fire),
        "draft": Calendar(next=schedule.next_draft, fire=partial(synthesis.draft, bank=BANK)),
        "morning": Calendar(
            next=lambda playbook, after: times.next_business(playbook, playbook.digest.brief_time, after),
            fire=brief.morning,
        ),
    },
    emits=(
        decisions.ContentMissing,
        decisions.PromptPublished,
        decisions.PromptRetired,
        decisions.SynthesisDrafted,
        decisions.SynthesisPublished,
        decisions.EditorAsked,
        decisions.DigestSent,
        decisions.FeedbackOverdue,
        decisions.MeetupMissing,
        decisions.VoiceReported,
        decisions.PromotionExcess,
        decisions.BriefSent,
        decisions.PlatformSilent,
    ),
)
"""What is written, said and asked; the indicators, goals and the report are a part of their own."""

MEASURES = Part(
    tables=measures.TABLES,
    statements=measures.STATEMENTS,
    reacts=measures.REACTS,
    due=measures.DUE,
    early=measures.EARLY,
    calendar=measures.CALENDAR,
    emits=measures.EMITS,
    needs=measures.needs,
    pages=measures.PAGES,
)

PARTS = (EDITORIAL, MEASURES)

DIGEST = joined("digest", package="digest", parts=PARTS, tells=telling.tells)


def main() -> int:
    """Run the service until it is told to stop; the exit code of its process."""
    return run(DIGEST)
