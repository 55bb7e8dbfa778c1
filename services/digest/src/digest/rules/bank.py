"""The bank of prompts: what may be asked when nobody else does, in which words, and how one is chosen."""

from dataclasses import dataclass
from datetime import timedelta

from contracts.choice import stable_choice
from contracts.playbook import Voice
from contracts.turn import Turn
from digest.state import Candidate, Floor
from digest.state_sets import USES


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt: the same question in each voice."""

    prompt: str
    subject: str
    words: tuple[tuple[Voice, str], ...]

    def text(self, voice: Voice) -> str:
        """Its words in a voice."""
        return dict(self.words)[voice]


Bank = tuple[Prompt, ...]
"""In the order of the files."""


def whole_bank(turn: Turn, bank: Bank) -> tuple[Candidate, ...]:
    """The community's own prompts, then the shipped ones, in the community's voice."""
    voice = turn.playbook.voice()
    own = tuple(
        Candidate(prompt=prompt.prompt, source="bank", text=prompt.text.text(voice), subject=prompt.subject)
        for prompt in turn.playbook.digest.prompts
    )
    names = frozenset(candidate.prompt for candidate in own)
    shipped = tuple(
        Candidate(prompt=prompt.prompt, source="bank", text=prompt.text(voice), subject=prompt.subject)
        for prompt in bank
        if prompt.prompt not in names
    )
    return (*own, *shipped)


def named(turn: Turn, bank: Bank, prompt: str) -> Candidate | None:
    """The prompt of that id."""
    return next((candidate for candidate in whole_bank(turn, bank) if candidate.prompt == prompt), None)


def drawn(turn: Turn, bank: Bank, passed: tuple[str, ...]) -> Candidate | None:
    """A prompt that is rested and not retired, of another subject than the last; the community's own come first."""
    rested = turn.now - timedelta(days=turn.playbook.digest.prompt_rest_days)
    resting = {use.prompt for use in turn.find(USES) if use.retired or use.used_at > rested} | set(passed)
    floor = turn.get(Floor)
    last = floor.last.subject if floor is not None and floor.last is not None else ""
    own = frozenset(prompt.prompt for prompt in turn.playbook.digest.prompts)
    free = [candidate for candidate in whole_bank(turn, bank) if candidate.prompt not in resting]
    other = [candidate for candidate in free if not last or candidate.subject != last] or free
    mine = [candidate for candidate in other if candidate.prompt in own]
    if mine:
        return mine[0]
    return stable_choice(other, turn.slug, turn.now.date().isoformat(), by=lambda candidate: candidate.prompt)
