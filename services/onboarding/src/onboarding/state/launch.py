"""What a launch is held against: sponsors, promises, waves, prerequisites."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorSeen:
    """When a sponsor last gave a sign; `told_at`: when the manager was last given words for a silent one."""

    member: str
    last_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something that was promised; it stays, so that a playbook applied again does not revive what was kept."""

    promise: str
    by: str
    promised_to: str | None
    what: str
    due: datetime
    made_by: str
    kept_at: datetime | None = None
    late_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A wave that opened, by which decision: how many were welcomed in it, how many of them took part in time."""

    wave: str
    opened_at: datetime
    opened_by: str
    joined: int = 0
    activated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a prerequisite of the launch stands, and since when."""

    key: str
    met: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """How the launch stood when it was last checked.

    Attributes:
        configured_by: the fact that brought the playbook in force.
        told_at: when the manager was last told what is missing.
    """

    configured_by: str | None = None
    standings: tuple[Standing, ...] = ()
    told_at: datetime | None = None
