"""How rules give reasons, name people, choose voices and places, and put down what a human may overrule."""

from contracts.activity import local_day
from contracts.envelope import Decision
from contracts.naming import (
    CORE_TEAM,
    MANAGER,
    WELCOMERS,
    name_of,
    one_line,
    place_for,
    skill_words,
    to_member,
    voice_of,
)
from contracts.people import may_be_named
from contracts.playbook import Voice
from contracts.reasons import because
from contracts.turn import Turn
from onboarding.state import Climate, Said

__all__ = [
    "CORE_TEAM",
    "MANAGER",
    "WELCOMERS",
    "because",
    "channel_for",
    "contact",
    "name_of",
    "one_line",
    "say",
    "skill_words",
    "team_names",
    "to_member",
    "totem",
    "voice_of",
]


def say(turn: Turn, decision: Decision, *, rule: str, key: str, about: str, text: str = "") -> str:
    """Decide what a human may overrule within 30 days; answers its id.

    Args:
        turn: the turn.
        decision: what is decided.
        rule: whose decision it is.
        key: tells it from others of that rule and type in the same turn.
        about: the member, or the wave, hold or promise, that it is about.
        text: the key of the text about it, where that is not the member's.
    """
    decided = turn.decide(decision, rule=rule, key=key)
    day = local_day(turn.now, turn.playbook.zone)
    turn.put(Said(decision=decided, type=decision.TYPE, about=about, text=text, day=day))
    return decided


def team_names(turn: Turn, most: int) -> tuple[str, ...]:
    """People of the core team who are there today, by name."""
    day = local_day(turn.now, turn.playbook.zone)
    there = (member for member in turn.playbook.people.on_duty(day) if may_be_named(turn.person(member)))
    return tuple(name_of(turn, member) for member in there)[:most]


def contact(turn: Turn, relay: str | None) -> str | None:
    """Somebody to turn to: the relay, else one of the core team; None where nobody is known."""
    if relay is not None:
        return name_of(turn, relay)
    return next(iter(team_names(turn, 1)), None)


def channel_for(turn: Turn, purpose: str) -> tuple[str, str | None]:
    """Where texts of a purpose go, and what members call the place."""
    climate = turn.get(Climate)
    return place_for(turn, purpose, climate.purposes if climate is not None else ())


def totem(turn: Turn, voice: Voice) -> str | None:
    """What people here mostly talk about; None where the playbook does not say."""
    return turn.playbook.totem.text(voice) if turn.playbook.totem is not None else None
