"""The chain behind a decision: its reasons, their evidence, and so on down to what platforms and people said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from contracts.envelope import AnyEvent, Because, EvidenceRange
from contracts.identity import SERVICES
from ruche.why.remembered import CALENDAR, Remembered

DEEPEST = 12
MOST_LINKS = 400
"""A chain is never longer than a person could read; what is left out is counted."""


@dataclass(slots=True)
class Link:
    """One event of a chain.

    Attributes:
        id: the event's id, or the name of a calendar rule's due.
        event: None where the log that was read does not hold it.
        due: when a calendar rule was due.
        reasons: of a decision.
        serves: of a message, the decision that it puts into words.
        cause: what it followed from, where no reason has it as evidence.
        again: it is shown above already, with all that is behind it.
    """

    id: str
    event: AnyEvent | None = None
    due: datetime | None = None
    reasons: list["Reason"] = field(default_factory=list)
    serves: "Link | None" = None
    cause: "Link | None" = None
    again: bool = False


@dataclass(slots=True)
class Reason:
    """One reason, and the links that show it. `count`: how many there are, when only the first and last are named."""

    because: Because
    evidence: list[Link] = field(default_factory=list)
    count: int | None = None
    left_out: int = 0


def chain(log: Remembered, decision: str) -> Link:
    """What is behind a decision, as far as the log that was read goes. Every chain ends: a link is opened once."""
    return _Weaver(log).link(decision, 0)


class _Weaver:
    def __init__(self, log: Remembered) -> None:
        self._log = log
        self._seen: set[str] = set()

    def link(self, event_id: str, depth: int) -> Link:
        if event_id.startswith(CALENDAR):
            return Link(event_id, due=_due(event_id))
        event = self._log.find(event_id)
        if event is None or event_id in self._seen:
            return Link(event_id, event, again=event is not None)
        self._seen.add(event_id)
        result = Link(event_id, event)
        if not event.source.startswith(SERVICES) or depth >= DEEPEST:
            return result
        serves = getattr(event.data, "serves", None)
        if serves is not None:
            result.serves = self.link(serves, depth + 1)
        result.reasons = [self._reason(reason, depth) for reason in event.data.because]
        shown = {one.id for reason in result.reasons for one in reason.evidence} | {serves}
        cause = event.causationid
        if cause is not None and cause not in shown and cause != event_id:
            result.cause = self.link(cause, depth + 1)
        return result

    def _reason(self, because: Because, depth: int) -> Reason:
        proof = because.evidence
        if isinstance(proof, EvidenceRange):
            ids = list(dict.fromkeys((proof.first, proof.last)))
            return Reason(because, [self.link(one, depth + 1) for one in ids], count=proof.count)
        result = Reason(because)
        for number, one in enumerate(proof):
            if len(self._seen) >= MOST_LINKS:
                result.left_out = len(proof) - number
                break
            result.evidence.append(self.link(one, depth + 1))
        return result


def _due(name: str) -> datetime | None:
    """`calendar:<community>/<rule>/<due>`."""
    try:
        return datetime.fromisoformat(name.rpartition("/")[2])
    except ValueError:
        return None


def leaves(link: Link) -> Iterator[Link]:
    """Where a chain ends: facts, calendars, and what is not in the log that was read."""
    below = [one for reason in link.reasons for one in reason.evidence]
    below += [one for one in (link.serves, link.cause) if one is not None]
    if not below and not link.again:
        yield link
    for one in below:
        yield from leaves(one)
