"""How rules give reasons, choose places, and put down what a human may overrule."""

from contracts.envelope import Decision
from contracts.naming import CORE_TEAM, MANAGER, name_of, place_for, skill_words, to_member, voice_of
from contracts.playbook import Voice, Wording
from contracts.reasons import because
from contracts.turn import To, Turn
from recognition.rules.clocks import today
from recognition.state_book import Book, Said

__all__ = [
    "because",
    "book_of",
    "channel_for",
    "name_of",
    "say",
    "skill_words",
    "to_manager",
    "to_member",
    "voice_of",
    "wording",
]


def book_of(turn: Turn) -> Book:
    """What holds for the community; an empty book at first."""
    return turn.get(Book) or Book()


def say(turn: Turn, decision: Decision, *, rule: str, key: str, about: str, holds: bool = False, name: str = "") -> str:
    """Decide what a human may overrule; answers its id.

    Args:
        turn: the turn.
        decision: what is decided.
        rule: the rule that decides it.
        key: with the rule, its identity in this turn.
        about: the member, or task, that it is about.
        holds: it can be overruled for as long as it holds, not only for 30 days.
        name: what the rule needs to find its row again.
    """
    decided = turn.decide(decision, rule=rule, key=key)
    turn.put(
        Said(decision=decided, type=decision.TYPE, about=about, touched_on=None if holds else today(turn), key=name)
    )
    return decided


def to_manager(turn: Turn) -> To:
    """Who decides: the manager, else the core team."""
    return MANAGER if turn.playbook.people.manager is not None else CORE_TEAM


def channel_for(turn: Turn, purpose: str) -> str:
    """Where texts of a purpose go."""
    return place_for(turn, purpose, book_of(turn).purposes)[0]


def wording(words: Wording, voice: Voice) -> str:
    """Words of the playbook in a voice."""
    return words.text(voice)
