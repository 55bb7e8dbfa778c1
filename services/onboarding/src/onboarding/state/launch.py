"""What a launch is held against: sponsors, promises, waves, prerequisites."""

from datetime import datetime

from msgspec import Struct


class SponsorSeen(Struct, frozen=True, kw_only=True):
    """When a sponsor last gave a sign; `told_at`: when the manager was last given words for a silent one."""

    member: str
    last_at: datetime
    told_at: datetime | None = None


class Promise(Struct, frozen=True, kw_only=True):
    """Something that was promised; it stays, so that a playbook applied again does not revive what was kept."""

    promise: str
    by: str
    promised_to: str | None
    what: str
    due: datetime
    made_by: str
    kept_at: datetime | None = None
    late_by: str | None = None


class Wave(Struct, frozen=True, kw_only=True):
    """A wave that opened, by which decision: how many were welcomed in it, how many of them took part in time."""

    wave: str
    opened_at: datetime
    opened_by: str
    joined: int = 0
    activated: int = 0


class Standing(Struct, frozen=True, kw_only=True):
    """How a prerequisite of the launch stands, and since when."""

    key: str
    met: bool
    since: datetime


class Programme(Struct, frozen=True, kw_only=True):
    """How the launch stood when it was last checked.

    Attributes:
        configured_by: the fact that brought the playbook in force.
        told_at: when the manager was last told what is missing.
    """

    configured_by: str | None = None
    standings: tuple[Standing, ...] = ()
    told_at: datetime | None = None
