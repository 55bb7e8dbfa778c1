"""Copies: whether a text is like one of its author's last ones, by shingles of three words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from struct import pack
from typing import NamedTuple

SIZE = 3
MOST_KEPT = 256
"""So many hashes of a text are kept, the lowest; of texts with more, likeness is estimated on those."""
_WIDTH = 8
_WORD = re.compile(r"\w+")
_MODULUS = (1 << 61) - 1
_SPREAD = 0x9E3779B97F4A7C15


@lru_cache(maxsize=65_536)
def _number(word: str) -> int:
    """32 bits of a word; never Python's own `hash`, which a seed changes."""
    return int.from_bytes(word.encode(), "little") % _MODULUS * _SPREAD >> 48 & 0xFFFFFFFF


class Print(NamedTuple):
    """What is kept of a text: how many shingles it has, and the hashes of the lowest, eight hex digits each."""

    shingles: int
    hashes: str


def printed(text: str, least_words: int) -> Print | None:
    """The print of a text; None for one with fewer words, which is not compared."""
    words = _WORD.findall(text.casefold())
    if len(words) < max(least_words, SIZE):
        return None
    numbers = list(map(_number, words))
    hashes = {
        one * 31 + two * 7 + three & 0xFFFFFFFF
        for one, two, three in zip(numbers, numbers[1:], numbers[2:], strict=False)
    }
    lowest = sorted(hashes)[:MOST_KEPT]
    return Print(len(hashes), pack(f">{len(lowest)}I", *lowest).hex())


def _hashes(text: str) -> frozenset[str]:
    return frozenset([text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)])


def is_copy(text: Print, others: Iterable[tuple[int, str]], similarity: float) -> bool:
    """Whether a text is like one of some others; only those of about its length are looked at."""
    own: frozenset[str] | None = None
    for count, hashes in others:
        fewer, more = (count, text.shingles) if count < text.shingles else (text.shingles, count)
        if fewer < similarity * more:
            continue
        if own is None:
            own = _hashes(text.hashes)
        if _alike(own, _hashes(hashes), more, similarity):
            return True
    return False


def _alike(one: frozenset[str], two: frozenset[str], more: int, similarity: float) -> bool:
    """Whether the Jaccard index of two texts reaches a share: common shingles over all shingles of the two."""
    if more <= MOST_KEPT:
        common = len(one & two)
        return common >= similarity * (len(one) + len(two) - common)
    lowest = sorted(one | two)[:MOST_KEPT]
    shared = one & two
    return sum(value in shared for value in lowest) >= similarity * len(lowest)
