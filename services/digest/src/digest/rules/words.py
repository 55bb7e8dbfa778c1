"""Words that make a text a complaint or a cry for care: such a text is never quoted, whoever else is running."""

import re
from functools import lru_cache
from typing import Literal

from contracts.playbook import Playbook
from contracts.skills import fold

Sensitive = Literal["complaint", "care"]
_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> list[str]:
    """The words of a text, folded; most are plain already."""
    return [word if word.isascii() else fold(word) for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=64)
def _phrases(phrases: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], dict[str, tuple[str, ...]]]:
    """Of a word list: single words; of the others the longest word of each, and the phrases by it."""
    folded = sorted({fold(phrase) for phrase in phrases} - {""})
    several: dict[str, tuple[str, ...]] = {}
    for phrase in folded:
        if " " in phrase:
            longest = max(phrase.split(), key=len)
            several[longest] = (*several.get(longest, ()), phrase)
    return frozenset(phrase for phrase in folded if " " not in phrase), frozenset(several), several


def _holds(words: list[str], known: frozenset[str], phrases: tuple[str, ...]) -> bool:
    single, longest, several = _phrases(phrases)
    if not single.isdisjoint(known):
        return True
    if longest.isdisjoint(known):
        return False
    text = f" {' '.join(words)} "
    return any(f" {phrase} " in text for word in sorted(longest & known) for phrase in several[word])


def cares(playbook: Playbook, text: str) -> bool:
    """Whether a text holds a word of distress or violence."""
    words = _words(text)
    return _holds(words, frozenset(words), playbook.support.care_words)


def sensitive(playbook: Playbook, text: str) -> Sensitive | None:
    """What keeps a text from being quoted by its words: distress or violence, else a complaint."""
    words = _words(text)
    known = frozenset(words)
    if _holds(words, known, playbook.support.care_words):
        return "care"
    return "complaint" if _holds(words, known, playbook.support.complaint_words) else None


def skills_in(playbook: Playbook, text: str) -> tuple[str, ...]:
    """The playbook's skills that a text names in its own words, sorted."""
    folded = f" {fold(text)} "
    return tuple(sorted({slug for phrase, slug in playbook.skill_index.items() if f" {phrase} " in folded}))
