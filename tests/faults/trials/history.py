"""What the platforms did and were told, as they saw it: what a checker believes, whatever the servers say later."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Publish:
    """One message that a platform wants on the log, sent until it is acknowledged.

    Attributes:
        number: its place in the order in which its client meant it.
        seq: where the log said it is; None while nobody said so.
        tries: how often it was sent; what is tried twice may have arrived twice.
    """

    client: str
    number: int
    subject: str
    body: bytes
    message_id: str
    seq: int | None = None
    tries: int = 0


@dataclass(slots=True)
class History:
    """Every publish of a trial, and every place at which a cursor was seen."""

    publishes: list[Publish] = field(default_factory=list)
    cursors: list[tuple[str, int, int, int]] = field(default_factory=list)
    """(service, partition, epoch, sequence), in the order in which they were seen."""
    notes: list[str] = field(default_factory=list)
    """What a plan asked for and did not happen, as a step of a batch that was not reached."""
