"""A human undid a decision: what followed from it is taken back, as far as it can be."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import may_be_written_to
from contracts.turn import To, Turn
from onboarding.rules import first_action, first_post, lapse, pairing, unheard
from onboarding.rules.first_action import ACTION
from onboarding.rules.introduction import INTRODUCTION
from onboarding.rules.matching import PAIRING
from onboarding.rules.onboarded import OBSTACLE
from onboarding.rules.promises import PROMISE
from onboarding.rules.raid import WELCOME
from onboarding.rules.speech import CORE_TEAM, MANAGER, channel_for, to_member
from onboarding.rules.welcome import gather
from onboarding.state import HELD, WAVE, Newcomer, Pairing, Presence, Said


def overruled(turn: Turn, event: AnyEvent) -> None:
    """Undo what can be undone; what was once for life stays spent. One that is not ours, or too old, is left."""
    said = turn.get(Said, event.data.decision)
    if said is None:
        return
    turn.drop(Said, said.decision)
    undo = _UNDO.get(said.type)
    if undo is not None:
        undo(turn, said)


def _welcomed(turn: Turn, said: Said) -> None:
    """The text is called back; the welcome stays spent."""
    for to in (To(kind="channel", id=channel_for(turn, WELCOME)[0]), to_member(said.about)):
        turn.recall(WELCOME, said.text, to=to, why="overruled")


def _held(turn: Turn, said: Said) -> None:
    """It is no raid: all it held are welcomed now. Or: this person need not wait for the wave."""
    newcomer = turn.get(Newcomer, said.about)
    if newcomer is None or newcomer.waits is None:
        return
    if newcomer.waits == HELD:
        turn.arm(WELCOME, HELD, turn.now)
    elif newcomer.waits.startswith(WAVE):
        turn.put(gather(turn, replace(newcomer, waits=None, called_in=True), joined_at=turn.now))


def _introduced(turn: Turn, said: Said) -> None:
    to = To(kind="channel", id=channel_for(turn, "introductions")[0])
    turn.recall(INTRODUCTION, said.text, to=to, why="overruled")


def _proposed(turn: Turn, said: Said) -> None:
    newcomer = turn.get(Newcomer, said.about)
    action = newcomer.action if newcomer is not None else None
    if newcomer is None or action is None or action.proposed_by != said.decision or action.done_at is not None:
        return
    turn.disarm(ACTION, said.about)
    first_action.set_aside(turn, newcomer, why="overruled")


def _paired(turn: Turn, said: Said) -> None:
    """Another relay is asked, or looked for."""
    known = turn.get(Pairing, said.about)
    if known is None or known.asked_by != said.decision or known.state == "over":
        return
    if known.relay is None:
        turn.recall(PAIRING, said.about, to=CORE_TEAM, why="overruled")
        turn.put(replace(known, state="over"))
        return
    pairing.release(turn, known, "removed")
    pairing.ask_next(turn, known)


def _unanswered(turn: Turn, said: Said) -> None:
    newcomer = turn.get(Newcomer, said.about)
    post = newcomer.first_post if newcomer is not None else None
    if newcomer is None or post is None or post.state != "waiting":
        return
    first_post.call_off(turn, newcomer, why="overruled")
    turn.put(replace(newcomer, first_post=replace(post, state="gone")))


def _unheard(turn: Turn, said: Said) -> None:
    unheard.call_back(turn, said.about, why="overruled")


def _stalled(turn: Turn, said: Said) -> None:
    turn.disarm(OBSTACLE, said.about)
    turn.recall("stalled", said.about, to=to_member(said.about), why="overruled")


def _lapsed(turn: Turn, said: Said) -> None:
    """It is no lapse: the person's silence is judged again after as long a while."""
    presence = turn.get(Presence, said.about)
    if presence is None or presence.lapsed_by != said.decision:
        return
    turn.recall(lapse.LAPSE, said.about, to=to_member(said.about), why="overruled")
    turn.put(replace(presence, lapsed_by=None, lapsed_at=None))
    if may_be_written_to(turn.person(said.about)):
        lapse.watch_again(turn, presence)


def _late(turn: Turn, said: Said) -> None:
    turn.recall(PROMISE, said.about, to=MANAGER, why="overruled")


_UNDO = {
    "member.welcomed": _welcomed,
    "welcome.held": _held,
    "member.introduced": _introduced,
    "action.proposed": _proposed,
    "relay.asked": _paired,
    "relay.paired": _paired,
    "newcomer.unanswered": _unanswered,
    "member.unheard": _unheard,
    "onboarding.stalled": _stalled,
    "member.lapsed": _lapsed,
    "promise.late": _late,
}
OVERRULABLE = tuple(sorted(_UNDO))
"""The types that a human may overrule here."""
