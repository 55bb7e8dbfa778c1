"""Words of thanks, as the playbook lists them."""

from functools import lru_cache

from contracts.skills import fold
from contracts.turn import Turn

LONGEST = 1000


@lru_cache(maxsize=64)
def _folded(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f" {fold(phrase)} " for phrase in phrases if fold(phrase))


def thanks(turn: Turn, body: str) -> bool:
    """Whether a text says thanks, and does not say that it still does not work."""
    text = f" {fold(body[:LONGEST])} "
    figures = turn.playbook.support
    if any(words in text for words in _folded(figures.unsolved_words)):
        return False
    return any(words in text for words in _folded(figures.thanks_words))
