"""Words of a text that name a skill, for places without tags."""

from contracts.playbook import Playbook
from contracts.skills import fold


def skills_in(playbook: Playbook, text: str) -> tuple[str, ...]:
    """The playbook's skills that a text names in its own words, sorted."""
    folded = f" {fold(text)} "
    return tuple(sorted({slug for phrase, slug in playbook.skill_index.items() if f" {phrase} " in folded}))
