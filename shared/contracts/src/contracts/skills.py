"""Skills: the playbook's slugs, labels and synonyms, and what members write freely, brought to one form."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_APART = re.compile(r"[^a-z0-9+#]+")
_KEPT_MARKS = frozenset("+#")
"""Marks that tell one skill from another: C, C++, C#."""


class _Labels(Protocol):
    @property
    def fr_tu(self) -> str | None: ...
    @property
    def fr_vous(self) -> str | None: ...
    @property
    def en(self) -> str | None: ...


class _Skill(Protocol):
    @property
    def skill(self) -> str: ...
    @property
    def label(self) -> _Labels: ...
    @property
    def synonyms(self) -> tuple[str, ...]: ...


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """A text without case, accents and punctuation, words parted by one space: what two writings have in common."""
    if text.isascii():
        # The same result in a tenth of the time, and every post is folded.
        return _APART.sub(" ", text.lower()).strip()
    flat = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    marks = (char for char in flat if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() or char in _KEPT_MARKS else " " for char in marks).split())


def skill_index(skills: Iterable[_Skill]) -> Mapping[str, str]:
    """Folded slug, label or synonym → slug. Raises ValueError when two skills claim the same words."""
    index: dict[str, str] = {}
    for skill in skills:
        label = skill.label
        for words in (skill.skill, label.fr_tu, label.fr_vous, label.en, *skill.synonyms):
            folded = fold(words) if words else ""
            if not folded:
                continue
            if index.setdefault(folded, skill.skill) != skill.skill:
                raise ValueError(
                    f"skills claim {words!r} for {index[folded]} and for {skill.skill}: leave it to one of them"
                )
    return index


def skill_named(index: Mapping[str, str], text: str) -> str:
    """The slug of a skill as somebody wrote it; a free one keeps its folded words, joined by dashes.

    Args:
        index: the playbook's `skill_index`.
        text: a declared skill or a tag of a post.
    """
    folded = fold(text)
    return index.get(folded) or folded.replace(" ", "-")


def skills_named(index: Mapping[str, str], texts: Iterable[str]) -> tuple[str, ...]:
    """Slugs of what somebody wrote, sorted, each once; what has no letter in it is left out."""
    return tuple(sorted({slug for text in texts if (slug := skill_named(index, text))}))


def shared_skills(index: Mapping[str, str], first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    """The skills that two people, or a person and a question, have in common, sorted."""
    return tuple(sorted(set(skills_named(index, first)) & set(skills_named(index, second))))
