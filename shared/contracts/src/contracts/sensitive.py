"""Words that make a text a complaint, or a cry of distress or violence: nobody quotes such a text, whoever is running.

They are the word lists of the playbook, read alike by every service.
"""

import re
from functools import lru_cache
from typing import Literal

from contracts.phrases import flat, holding
from contracts.playbook import Playbook

Heard = Literal["distress", "violence", "complaint"]
Sensitive = Literal["complaint", "care"]
MOST_TEXTS = 256
"""The newest texts whose reading is remembered: services that take turns in one process read each post once."""


def heard(playbook: Playbook, text: str) -> Heard | None:
    """What a text holds words of, the gravest first; None for none of them."""
    lists = playbook.support
    return _heard(text, lists.care_words, lists.violence_words, lists.complaint_words)


def sensitive(playbook: Playbook, text: str) -> Sensitive | None:
    """What keeps a text from being quoted: care, for distress or violence, else a complaint."""
    found = heard(playbook, text)
    return "care" if found in {"distress", "violence"} else "complaint" if found is not None else None


def said(title: str | None, body: str | None) -> str:
    """Everything that a post says, as it is read for such words."""
    return f"{title}\n{body or ''}" if title else body or ""


@lru_cache(maxsize=MOST_TEXTS)
def _heard(text: str, *lists: tuple[str, ...]) -> Heard | None:
    found = flat(text)
    if _any_of(*lists).search(found) is None:
        return None
    care, violence, _ = lists
    if holding(care).search(found):
        return "distress"
    return "violence" if holding(violence).search(found) else "complaint"


@lru_cache(maxsize=64)
def _any_of(*lists: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for several lists: nearly every post holds words of none of them."""
    return holding(tuple(phrase for phrases in lists for phrase in phrases))
