"""People's own decisions about themselves: they leave, rest, are forgotten; profiling ends when they say so."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import is_paused
from contracts.turn import Turn
from onboarding.rules import first_post, handover, pairing, promises, unheard
from onboarding.rules.first_action import ACTION
from onboarding.rules.lapse import LAPSE
from onboarding.rules.matching import PAIRING
from onboarding.rules.onboarded import OBSTACLE, STALLED
from onboarding.rules.raid import WELCOME
from onboarding.rules.speech import to_member
from onboarding.state import (
    PAIRINGS_NAMING,
    PROMISES_NAMING,
    SAID_ABOUT,
    THREADS_NAMING,
    WAITING,
    Door,
    FirstAction,
    Guide,
    Newcomer,
    Pairing,
    Presence,
    Promise,
    Relay,
    Said,
    SponsorSeen,
    Thread,
)

DEADLINES = (ACTION, STALLED, OBSTACLE, PAIRING, first_post.FIRST_POST, first_post.TEAM, unheard.UNHEARD, LAPSE)
"""Every kind of deadline whose key is a member."""
_PRIVATE = ("nudge", "stalled", "first_action", LAPSE, "welcome_back", PAIRING)


def left(turn: Turn, event: AnyEvent) -> None:
    """Somebody left: what is pending is cancelled, a relay is replaced at once."""
    member = event.data.member
    person = turn.person(member)
    if person is not None and person.left_at is None:
        return  # they are back already: the leaving came late
    for kind in DEADLINES:
        turn.disarm(kind, member)
    newcomer = turn.get(Newcomer, member)
    if newcomer is not None:
        first_post.call_off(turn, newcomer, why="left")
        turn.put(replace(newcomer, left_at=event.time, waits=None, nudged_on=None, action=_ended(newcomer)))
        if newcomer.waits is not None:
            _empty(turn, newcomer.waits)
    handover.newcomer_gone(turn, member, "newcomer_left", evidence=event.id)
    handover.relay_gone(turn, member, "left", evidence=event.id)
    presence = turn.get(Presence, member)
    if presence is not None and presence.unheard_due is not None:
        turn.put(replace(presence, unheard_due=None))


def _ended(newcomer: Newcomer) -> FirstAction | None:
    action = newcomer.action
    return replace(action, expired=True) if action is not None and action.done_at is None else action


def _empty(turn: Turn, gathering: str) -> None:
    """A gathering in which nobody waits any more has no deadline."""
    if not turn.find(WAITING, gathering):
        turn.disarm(WELCOME, gathering)


def paused(turn: Turn, event: AnyEvent) -> None:
    """Somebody asked for rest: nothing is asked of them, and nothing asked that waits goes out."""
    member = event.data.member
    if not is_paused(turn.person(member), turn.now):
        return
    for rule in _PRIVATE:
        turn.recall(rule, member, to=to_member(member), why="paused")
    handover.newcomer_gone(turn, member, "newcomer_paused", evidence=event.id)
    handover.relay_gone(turn, member, "paused", evidence=event.id)


def chose(turn: Turn, event: AnyEvent) -> None:
    """Somebody wants no profile: no habit and no lapse are looked for."""
    if event.data.profiling is False:
        turn.disarm(LAPSE, event.data.member)
        turn.recall(LAPSE, event.data.member, to=to_member(event.data.member), why="profiling")


def linked(turn: Turn, event: AnyEvent) -> None:
    """Two ids are one person, who is welcomed once: under the one that was first, or under the one that is kept."""
    kept, other = turn.get(Newcomer, event.data.member), turn.get(Newcomer, event.data.other)
    if kept is None or other is None:
        return
    if other.welcomed_at is not None:
        kept, other = other, kept
    if other.welcomed_at is None and (kept.welcomed_at is not None or kept.waits is not None):
        turn.put(replace(other, waits=None, welcomed_at=kept.welcomed_at or turn.now, welcomed_by=kept.welcomed_by))
        if other.waits is not None:
            _empty(turn, other.waits)


def erased(turn: Turn, event: AnyEvent) -> None:
    """Somebody is forgotten: gone from every table; totals stay."""
    member = event.data.member
    newcomer = turn.get(Newcomer, member)
    if newcomer is not None:
        first_post.call_off(turn, newcomer, why="erased")
    for kind in DEADLINES:
        turn.disarm(kind, member)
    for row in (Newcomer, Presence, Guide, SponsorSeen):
        turn.drop(row, member)
    if newcomer is not None and newcomer.waits is not None:
        _empty(turn, newcomer.waits)
    door = turn.get(Door)
    if door is not None and any(arrival.member == member for arrival in door.recent):
        turn.put(replace(door, recent=tuple(arrival for arrival in door.recent if arrival.member != member)))
    for thread in turn.find(THREADS_NAMING, member):
        _forget_in_thread(turn, thread, member)
    for said in turn.find(SAID_ABOUT, member):
        turn.drop(Said, said.decision)
    _forget_in_circle(turn, member)
    for promise in turn.find(PROMISES_NAMING, member):
        if promise.by == member:
            turn.disarm(promises.PROMISE, promise.promise)
            turn.drop(Promise, promise.promise)
        else:
            turn.put(replace(promise, promised_to=None))


def _forget_in_thread(turn: Turn, thread: Thread, member: str) -> None:
    thread = replace(
        thread,
        words=tuple(word for word in thread.words if word.member != member),
        awaiting=tuple(author for author in thread.awaiting if author != member),
    )
    if thread.author == member:
        thread = replace(thread, author=None, title=None, url=None, question=False, open=False)
        if thread.post is not None and thread.post not in thread.gone:
            # A late copy or edit of the opening brings nothing of it back.
            thread = replace(thread, gone=(*thread.gone, thread.post))
    turn.put(thread)


def _forget_in_circle(turn: Turn, member: str) -> None:
    """The newcomer's own pairing goes; a relay's name goes from those of others, who get another relay at once."""
    own = turn.get(Pairing, member)
    if own is not None:
        pairing.recall_ask(turn, own, why="erased")
        turn.drop(Pairing, member)
    turn.drop(Relay, member)
    for other in turn.find(PAIRINGS_NAMING, member):
        carried = other.relay == member and other.state in {"asking", "paired"}
        tried = tuple(name for name in other.tried if name != member)
        again = replace(
            other,
            relay=None if other.relay == member else other.relay,
            replaces=None if other.replaces == member else other.replaces,
            paired=tuple(name for name in other.paired if name != member),
            tried=tried if other.state == "asking" else (),
            attempt=other.attempt if other.state == "asking" else 0,
        )
        turn.put(again)
        if carried:
            turn.disarm(PAIRING, other.newcomer)
            pairing.ask_next(turn, again)
