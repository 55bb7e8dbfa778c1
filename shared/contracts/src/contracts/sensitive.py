"""Words that make a text a complaint, or a cry of distress or violence: nobody quotes such a text, whoever is running.

They are the word lists of the playbook, read alike by every service.
"""

from typing import Literal

from contracts.ears import Heard
from contracts.playbook import Playbook

Sensitive = Literal["complaint", "care"]


def heard(playbook: Playbook, text: str) -> Heard | None:
    """What a text holds words of, the gravest first; None for none of them."""
    return playbook.support.ears.hear(text)


def sensitive(playbook: Playbook, text: str) -> Sensitive | None:
    """What keeps a text from being quoted: care, for distress or violence, else a complaint."""
    found = heard(playbook, text)
    return "care" if found in {"distress", "violence"} else "complaint" if found is not None else None


def said(title: str | None, body: str | None) -> str:
    """Everything that a post says, as it is read for such words."""
    return f"{title}\n{body or ''}" if title else body or ""
