"""Onboarding's table of contents: what it reacts to, what falls due, what it knows, what it says."""

from collections.abc import Iterator

from chassis.service import Calendar, Early, Service
from contracts import decisions, facts
from contracts.envelope import AnyEvent
from onboarding import store
from onboarding.rules import (
    circle,
    climate,
    conversation,
    edits,
    first_action,
    first_post,
    guides,
    handover,
    introduction,
    lapse,
    life,
    matching,
    onboarded,
    overruled,
    pairing,
    people,
    presence,
    programme,
    promises,
    raid,
    sweep,
    telling,
    unheard,
    welcome,
)
from onboarding.state import Newcomer, Presence, Thread


def needs(event: AnyEvent) -> Iterator[tuple[type, tuple[str, ...]]]:
    """The rows that nearly every post touches, to be loaded for a whole batch at once."""
    if event.type == "post.created":
        member = event.data.member
        yield Newcomer, (member,)
        yield Presence, (member,)
        yield Thread, (event.data.thread,)


ONBOARDING = Service(
    name="onboarding",
    package="onboarding",
    tables=store.TABLES,
    statements=store.STATEMENTS,
    needs=needs,
    reacts={
        # people
        facts.MemberJoined: (welcome.joined, life.started, guides.profile_changed),
        facts.MemberUpdated: (guides.profile_changed, life.updated),
        facts.MemberLeft: (people.left,),
        facts.MemberPaused: (people.paused,),
        facts.MemberErased: (people.erased,),
        facts.IdentityLinked: (people.linked,),
        facts.PreferenceChanged: (people.chose, life.chose),
        facts.MotivationDeclared: (life.motivated,),
        facts.ObstacleDeclared: (life.obstacle_declared,),
        # what they do
        facts.PostCreated: (conversation.posted,),
        facts.PostUpdated: (edits.updated,),
        facts.PostDeleted: (edits.deleted,),
        facts.PostRestored: (edits.restored,),
        facts.PostClosed: (edits.closed,),
        facts.PostFlagged: (edits.closed,),
        facts.PostModerated: (edits.closed,),
        facts.ThreadResolved: (edits.closed,),
        facts.ThreadMoved: (edits.moved,),
        facts.ReactionAdded: (presence.acted,),
        facts.AnswerAccepted: (presence.acted, guides.answer_accepted, edits.closed),
        facts.AnswerWithdrawn: (guides.answer_withdrawn,),
        facts.TaskCompleted: (presence.acted,),
        facts.MeetupHosted: (presence.acted,),
        facts.MeetupAttended: (presence.acted, life.attended),
        facts.PollVoted: (presence.acted, life.voted),
        facts.BetaReported: (life.tested,),
        # what they answer
        facts.PairingAccepted: (pairing.accepted,),
        facts.PairingDeclined: (pairing.declined,),
        facts.RequestAnswered: (circle.answered, life.set_aside),
        facts.NominationAccepted: (circle.nominee_accepted,),
        facts.NominationDeclined: (circle.nominee_declined,),
        # what is promised
        facts.PromiseMade: (promises.made,),
        facts.PromiseKept: (promises.kept,),
        # what holds for everybody
        facts.SurgeAnnounced: (climate.surge_announced,),
        facts.ChannelDescribed: (climate.channel_described,),
        facts.CrisisDeclared: (climate.crisis_opened,),
        facts.CrisisDismissed: (climate.crisis_over,),
        facts.CommunityConfigured: (handover.configured, programme.configured),
        facts.CommunityUnmuted: (circle.invite_founders,),
        facts.DecisionOverruled: (overruled.overruled,),
        # what other services decide
        decisions.RelayAppointed: (circle.appointed,),
        decisions.RelayRested: (handover.rested,),
        decisions.RelayRetired: (handover.retired,),
        decisions.QuestionOpened: (edits.question_opened,),
        decisions.QuestionAnswered: (edits.question_over,),
        decisions.QuestionSolved: (edits.question_over,),
        decisions.QuestionDormant: (edits.question_over,),
        decisions.QuestionCancelled: (edits.question_over,),
        decisions.QuestionReopened: (edits.question_reopened,),
        decisions.CareNeeded: (edits.care_needed,),
        decisions.CrisisOpened: (climate.crisis_opened,),
        decisions.CrisisClosed: (climate.crisis_over,),
    },
    early=(
        Early(
            known=conversation.opening_known,
            gone=conversation.is_gone,
            hears={
                facts.PostCreated: (conversation.posted,),
                facts.PostUpdated: (edits.updated,),
                facts.PostClosed: (edits.closed,),
                facts.PostFlagged: (edits.closed,),
                facts.PostModerated: (edits.closed,),
                facts.ThreadResolved: (edits.closed,),
                facts.AnswerAccepted: (edits.closed,),
                facts.ThreadMoved: (edits.moved,),
            },
        ),
    ),
    due={
        raid.WELCOME: welcome.fire,
        first_action.ACTION: first_action.fire,
        first_post.FIRST_POST: first_post.relay_due,
        first_post.TEAM: first_post.team_due,
        lapse.LAPSE: lapse.fire,
        onboarded.STALLED: onboarded.stalled,
        onboarded.OBSTACLE: onboarded.asked_later,
        matching.PAIRING: pairing.fire,
        promises.PROMISE: promises.fire,
        unheard.UNHEARD: unheard.fire,
    },
    calendar={
        "introductions": Calendar(next=introduction.due, fire=introduction.fire),
        "launch": Calendar(next=programme.due, fire=programme.fire),
        "sweep": Calendar(next=sweep.due, fire=sweep.fire),
    },
    tells=telling.tells,
    emits=(
        decisions.MemberWelcomed,
        decisions.WelcomeHeld,
        decisions.MemberIntroduced,
        decisions.ActionProposed,
        decisions.ActionCompleted,
        decisions.ActionExpired,
        decisions.RelayAsked,
        decisions.RelayPaired,
        decisions.RelayReleased,
        decisions.NewcomerUnanswered,
        decisions.MemberUnheard,
        decisions.MemberOnboarded,
        decisions.OnboardingStalled,
        decisions.HabitInstalled,
        decisions.MemberLapsed,
        decisions.MemberReturned,
        decisions.LaunchChecked,
        decisions.WaveOpened,
        decisions.PromiseLate,
    ),
)


def main() -> int:
    """Run the service until it is told to stop; the exit code of its process."""
    from chassis.app import main as run  # noqa: PLC0415 - a replay needs no server, and starts twice as fast without

    return run(ONBOARDING)
