"""Hand-over: a relay, or a newcomer, is no longer there; whoever is left is seen to at once."""

from typing import Literal

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.turn import Turn
from onboarding.rules.circle import named
from onboarding.rules.matching import PAIRING
from onboarding.rules.pairing import Reason, ask_next, release
from onboarding.rules.speech import CORE_TEAM
from onboarding.state import PAIRINGS_WITH, Newcomer, Pairing, Relay


def relay_gone(turn: Turn, member: str, reason: Reason, *, evidence: str | None = None) -> None:
    """A relay is no longer there: every newcomer they were asked for, or look after, gets another at once."""
    for pairing in turn.find(PAIRINGS_WITH, member):
        release(turn, pairing, reason, evidence=evidence)
        if pairing.state == "asking":
            ask_next(turn, pairing)
        else:
            ask_next(turn, replace(pairing, attempt=0, tried=(member,), replaces=member))


def newcomer_gone(
    turn: Turn, member: str, reason: Literal["newcomer_left", "newcomer_paused"], *, evidence: str
) -> None:
    """The newcomer left: the relay is free. Or asked for rest: only an ask that is open is called back."""
    pairing = turn.get(Pairing, member)
    if pairing is None or (reason == "newcomer_paused" and pairing.state == "paired"):
        return
    release(turn, pairing, reason, evidence=evidence)
    turn.recall(PAIRING, member, to=CORE_TEAM, why=reason)
    turn.disarm(PAIRING, member)
    turn.put(replace(pairing, state="over", relay=None))
    newcomer = turn.get(Newcomer, member)
    if newcomer is not None and not pairing.paired:
        turn.put(replace(newcomer, alone=True))


def rested(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word: a relay rests, and nothing is asked; or is back."""
    relay = turn.get(Relay, event.data.member)
    if relay is None:
        return
    if event.data.status == "back":
        turn.put(replace(relay, standing="in"))
        return
    turn.put(replace(relay, standing="resting"))
    relay_gone(turn, event.data.member, "paused", evidence=event.id)


def retired(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word: somebody left the circle."""
    turn.drop(Relay, event.data.member)
    relay_gone(turn, event.data.member, "left" if event.data.reason == "left" else "removed", evidence=event.id)


def configured(turn: Turn, event: AnyEvent) -> None:
    """A new playbook may name other relays."""
    for member in named(turn, event):
        relay_gone(turn, member, "removed", evidence=event.id)
