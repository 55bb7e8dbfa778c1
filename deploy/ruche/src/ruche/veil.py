"""A veil over what people wrote: of every text only that is left which rules read in it.

Where a phrase stands that a rule listens for (the playbook's lists, little words, greetings …) its words stay, and so
does every mark, emoji and line end. Any other word becomes a token under a key of its own: the same word, or the same
stem, is the same token in the whole file, so that texts are as alike as they were; and it is as long as the word.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from contracts.human_reply import LISTENED
from contracts.phrases import flat, holding
from contracts.playbook import Playbook, Support
from contracts.skills import fold

_PART = re.compile(r"([^\W_]+)|[\W_]+")
_LEAST_LETTERS = 3
"""Shorter words say nothing by themselves."""
_LONGEST_TOKEN = 5
_FIRST = "bcdfghjklmnpqrtvwxz"
_SECOND = "23456789"
_REST = _FIRST + _SECOND
"""No vowel, no y, no s: a stemmer has nothing to take off. A digit inside: no token is a word of any list."""
_FILLER = "_"


class Veil:
    """One file's veil. `likens`: what words count as where texts are compared, as services say it."""

    def __init__(self, key: bytes, listened: Iterable[str], likens: Sequence[Callable[[str], str]]) -> None:
        self._key = key
        self._likens = likens
        phrases = tuple(sorted(set(listened)))
        self._phrase = holding(phrases)
        self._tokens: dict[str, str] = {}
        self._taken: set[str] = set()
        self._words: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text under the veil."""
        parts = [(match[0], match[1]) for match in _PART.finditer(text)]
        flattened, spans = "", []
        for part, word in parts:
            if word:
                spans.append((len(flattened), len(flattened) + len(flat(word))))
            flattened += flat(part)
        kept = self._heard(flattened, spans)
        number = -1
        result = []
        for part, word in parts:
            number += bool(word)
            result.append(self._veiled(word) if word and number not in kept else part)
        return "".join(result)

    def _heard(self, text: str, spans: Sequence[tuple[int, int]]) -> set[int]:
        """Which words stand in a phrase that is listened for; phrases may overlap."""
        kept: set[int] = set()
        for number, (start, _) in enumerate(spans):
            found = self._phrase.match(text, start)
            if found is None:
                continue
            for later in range(number, len(spans)):
                if spans[later][0] >= found.end():
                    break
                kept.add(later)
        return kept

    def _veiled(self, word: str) -> str:
        if len(word) < _LEAST_LETTERS:
            return word
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = self._token_of(word)
        return known

    def _token_of(self, word: str) -> str:
        if word.isdigit():
            return self._digits(word)
        like = self._like(fold(word) or flat(word))
        token = self._tokens.get(like)
        if token is None:
            token = self._tokens[like] = self._new(like)
        return _FILLER * (len(word) - len(token)) + token

    def _like(self, word: str) -> str:
        for likened in self._likens:
            word = likened(word)
        return word

    def _digits(self, word: str) -> str:
        number = int.from_bytes(self._hash(f"digits {word}"), "big")
        return str(number)[-len(word) :].rjust(len(word), "7")

    def _new(self, like: str) -> str:
        """A token that nothing else has."""
        length = max(_LEAST_LETTERS, min(len(like), _LONGEST_TOKEN))
        attempt = 0
        while True:
            number = int.from_bytes(self._hash(f"word {attempt} {like}"), "big")
            letters = []
            for alphabet in (_FIRST, _SECOND, *[_REST] * (length - 3), _FIRST):
                number, place = divmod(number, len(alphabet))
                letters.append(alphabet[place])
            token = "".join(letters)
            if token not in self._taken:
                self._taken.add(token)
                return token
            attempt += 1
            # Short tokens run out: then one is longer than its word.
            length += attempt % 50 == 0

    def _hash(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), sha256).digest()


def listened_by(playbook: Playbook) -> Iterable[str]:
    """The phrases that rules look for in texts by a playbook's word: its lists, and its skills."""
    for name in Support.model_fields:
        value = getattr(playbook.support, name)
        if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
            yield from value
    yield from playbook.skill_index
    yield from LISTENED
