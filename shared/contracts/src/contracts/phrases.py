"""Phrases found in what people write. Everything is compared flat: no case, no accents, whole words."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

_MARKS = re.compile("[\u0300-\u036f]")
_SAME = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "’": "'", "ʼ": "'"})  # noqa: RUF001 - apostrophes people type
_WORD = re.compile(r"[^\W_]+")
MOST_LISTS = 512


def flat(text: str) -> str:
    """The text without case and accents; punctuation stays."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    return _MARKS.sub("", unicodedata.normalize("NFKD", lower.translate(_SAME)))


_BETWEEN, _APOSTROPHE = r"[\W_]+", r"[\W_]?"
_Tree = dict[str, Any]


def _steps(phrase: str) -> list[str]:
    """A phrase as people type it, step by step: whatever stands between its words, and apostrophes left out at will."""
    steps: list[str] = []
    end = 0
    text = flat(phrase)
    for word in _WORD.finditer(text):
        if steps:
            steps.append(_APOSTROPHE if text[end : word.start()] == "'" else _BETWEEN)
        steps += map(re.escape, word[0])
        end = word.end()
    return steps


def _pattern(tree: _Tree) -> str:
    """The pattern of a tree of steps: common beginnings are tried once, longer phrases before shorter ones."""
    branches = [step + _pattern(below) for step, below in sorted(tree.items()) if step]
    if "" in tree:
        branches.append("")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@lru_cache(maxsize=MOST_LISTS)
def _alternatives(phrases: tuple[str, ...]) -> str:
    tree: _Tree = {}
    for phrase in phrases:
        below = tree
        steps = _steps(phrase)
        for step in steps:
            below = below.setdefault(step, {})
        if steps:
            below[""] = {}
    return _pattern(tree) if tree else r"(?!)"


@lru_cache(maxsize=MOST_LISTS)
def holding(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the phrases in a flat text, as whole words."""
    return re.compile(rf"\b(?:{_alternatives(phrases)})\b")


@lru_cache(maxsize=MOST_LISTS)
def opening(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a flat text that starts with one of the phrases."""
    return re.compile(rf"[\W_]*(?:{_alternatives(phrases)})\b")


@lru_cache(maxsize=MOST_LISTS)
def made_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a flat text that holds nothing but the phrases."""
    return re.compile(rf"[\W_]*(?:{_alternatives(phrases)})(?:[\W_]+(?:{_alternatives(phrases)}))*[\W_]*")
