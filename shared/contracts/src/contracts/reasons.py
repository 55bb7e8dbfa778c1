"""Reasons: how a decision says why, in one form for every rule."""

from collections.abc import Iterable

from contracts.envelope import Because, EvidenceRange, Figure

MOST_EVIDENCE = 20
"""How many ids a reason lists; above it, the first, the last and their count."""


def because(
    rule: str, *, threshold: Figure = None, actual: Figure = None, evidence: Iterable[str | None] = ()
) -> Because:
    """One reason. Evidence is event ids in log order; None and repetitions are left out."""
    ids = tuple(dict.fromkeys(event for event in evidence if event))
    proof = ids if len(ids) <= MOST_EVIDENCE else EvidenceRange(first=ids[0], last=ids[-1], count=len(ids))
    return Because(rule=rule, threshold=threshold, actual=actual, evidence=proof)
