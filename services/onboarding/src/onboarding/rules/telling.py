"""What onboarding can tell of a member: how the arrival goes, what is missing, what is still open. It only reads."""

from collections.abc import Iterator

from contracts.telling import Tell
from contracts.turn import Turn
from onboarding.rules import first_post, onboarded, unheard
from onboarding.rules.first_action import ACTION
from onboarding.rules.lapse import LAPSE
from onboarding.rules.matching import PAIRING
from onboarding.state import Newcomer, Pairing, Presence, Relay
from onboarding.state.arrivals import FRESH, HELD, LATE, WAVE

_WAITS = {FRESH: "welcome_soon", LATE: "welcome_late", HELD: "welcome_held"}
OPEN = {
    ACTION: "action_due",
    onboarded.STALLED: "stalled_due",
    onboarded.OBSTACLE: "obstacle_due",
    PAIRING: "pairing_due",
    first_post.FIRST_POST: "first_post_due",
    first_post.TEAM: "first_post_team_due",
    unheard.UNHEARD: "unheard_due",
    LAPSE: "lapse_due",
}
"""Every kind of deadline whose key is a member, and its sentence."""


def tells(turn: Turn, member: str) -> Iterator[Tell]:
    """All of it, in the order of a person's way through the community."""
    person, newcomer = turn.person(member), turn.get(Newcomer, member)
    if person is not None and person.from_history:
        yield Tell(part="standing", key="from_history")
    if newcomer is not None:
        yield from _arrival(newcomer)
    pairing = turn.get(Pairing, member)
    if pairing is not None:
        yield from _relay(pairing)
    presence = turn.get(Presence, member)
    if presence is not None:
        yield from _presence(presence)
    relay = turn.get(Relay, member)
    if relay is not None:
        yield Tell(part="standing", key="in_circle", values={"standing": relay.standing, "since": relay.since})
    if newcomer is not None and newcomer.joined_at is not None and newcomer.onboarded_at is None:
        for lack in onboarded.missing(turn, newcomer):
            yield Tell(part="next", key=f"missing_{lack}")
    for kind, key in OPEN.items():
        due = turn.armed(kind, member)
        if due is not None:
            yield Tell(part="open", key=key, due=due)


def _arrival(newcomer: Newcomer) -> Iterator[Tell]:
    if newcomer.joined_at is not None:
        yield Tell(part="standing", key="joined", values={"at": newcomer.joined_at})
    if newcomer.welcomed_at is not None:
        yield Tell(part="standing", key="welcomed", values={"at": newcomer.welcomed_at})
    elif newcomer.waits is not None:
        held_for_wave = newcomer.waits.startswith(WAVE)
        yield Tell(part="standing", key="welcome_wave" if held_for_wave else _WAITS.get(newcomer.waits, "welcome_soon"))
    yield Tell(part="standing", key=f"introduction_{newcomer.introduction}")
    action = newcomer.action
    if action is not None and action.done_at is not None:
        yield Tell(part="standing", key="action_done", values={"action": action.action, "at": action.done_at})
    elif action is not None:
        state = "expired" if action.expired else "set_aside" if action.set_aside else "offered"
        yield Tell(part="standing", key=f"action_{state}", values={"action": action.action, "until": action.due})
    if newcomer.replied_at is not None:
        yield Tell(part="standing", key="replied", values={"at": newcomer.replied_at})
    if newcomer.onboarded_at is not None:
        yield Tell(part="standing", key="onboarded", values={"at": newcomer.onboarded_at})
    elif newcomer.stalled_at is not None:
        yield Tell(part="standing", key="stalled", values={"at": newcomer.stalled_at})


def _relay(pairing: Pairing) -> Iterator[Tell]:
    if pairing.state in {"asking", "paired"} and pairing.relay is not None:
        values = {"relay": pairing.relay, "at": pairing.paired_at or pairing.asked_at}
        yield Tell(part="standing", key=f"relay_{pairing.state}", values=values, others=("relay",))
    else:
        yield Tell(part="standing", key=f"relay_{pairing.state}")


def _presence(presence: Presence) -> Iterator[Tell]:
    values = {"days": presence.days, "first": presence.first_at, "last": presence.last_at}
    yield Tell(part="standing", key="presence", values=values)
    if presence.habit_at is not None:
        yield Tell(part="standing", key="habit", values={"at": presence.habit_at})
    if presence.lapsed_at is not None:
        yield Tell(part="standing", key="lapsed", values={"at": presence.lapsed_at})
    waiting = sum(not post.heard for post in presence.posts)
    if waiting:
        yield Tell(part="standing", key="unheard", values={"posts": waiting})
