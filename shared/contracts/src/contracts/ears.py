"""Ears: what lists of grave words hear in a text. Each text is read once, however many services ask."""

import re
from functools import lru_cache
from typing import Literal

from contracts.phrases import flat, holding

Heard = Literal["distress", "violence", "complaint"]
MOST_TEXTS = 256
"""The newest texts whose reading is remembered: services that take turns in one process read each post once."""


class Ears:
    """Three lists of words, as one thing that hears them."""

    def __init__(self, distress: tuple[str, ...], violence: tuple[str, ...], complaint: tuple[str, ...]) -> None:
        # Nearly every post holds words of none of them.
        self._any: re.Pattern[str] = holding((*distress, *violence, *complaint))
        self._distress, self._violence = holding(distress), holding(violence)
        self.hear = lru_cache(maxsize=MOST_TEXTS)(self._heard)

    def _heard(self, text: str) -> Heard | None:
        """What a text holds words of, the gravest first; None for none of them."""
        found = flat(text)
        if self._any.search(found) is None:
            return None
        if self._distress.search(found):
            return "distress"
        return "violence" if self._violence.search(found) else "complaint"


@lru_cache(maxsize=64)
def ears(distress: tuple[str, ...], violence: tuple[str, ...], complaint: tuple[str, ...]) -> Ears:
    """The same ears for the same lists: every service has a playbook of its own, and they say the same."""
    return Ears(distress, violence, complaint)
