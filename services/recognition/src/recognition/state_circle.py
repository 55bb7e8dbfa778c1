"""What recognition knows of the circle, its perks, tasks and turns."""

from datetime import date, datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from contracts.turn import Selection


class Nomination(NamedTuple):
    """Somebody proposed a member: who, when, by which event, and whether as the manager."""

    by: str
    day: int
    event: str
    manager: bool


class Candidate(Struct, frozen=True, kw_only=True):
    """Somebody proposed for the circle.

    Attributes:
        state: proposed; invited, the person is asked; willing, the person said yes and a human is asked; declined.
        founding: named by the playbook to found the circle.
        said_by: the id of the person's answer; `invited_by` that of `relay.invited`, or of the request that asked.
        asked_on: when the person was asked; `touched_on` the last change.
        heard: whether the asking could be heard (not muted).
    """

    member: str
    state: Literal["proposed", "invited", "willing", "declined"]
    touched_on: date
    founding: bool = False
    nominations: tuple[Nomination, ...] = ()
    invited_by: str | None = None
    said_by: str | None = None
    expires_at: datetime | None = None
    heard: bool = True


class Relay(Struct, frozen=True, kw_only=True):
    """Somebody of the circle.

    Attributes:
        origin: named by the playbook, founding, or appointed.
        until: until when a founding relay needs no stratum.
        appointed_by: the id of `relay.appointed`.
        carried: stratum 3's figures were once kept: only then can they be missed.
        resting: nothing is asked; `rest_until` when it ends by itself.
        asked_rest_on: when the person was asked whether they want a rest; `asked_human_on`: when a human was asked.
    """

    member: str
    origin: Literal["playbook", "founding", "appointed"]
    since: datetime
    appointed_by: str
    until: datetime | None = None
    carried: bool = False
    resting: bool = False
    rest_until: datetime | None = None
    asked_rest_on: date | None = None
    asked_human_on: date | None = None


class Grant(Struct, frozen=True, kw_only=True):
    """A perk that somebody has, or had in this stay in the circle."""

    perk: str
    member: str
    name: str
    decision: str
    ends_at: datetime | None = None
    ended: bool = False


class Task(Struct, frozen=True, kw_only=True):
    """A task, or a turn of a recurring duty.

    Attributes:
        state: open, nobody is asked; offered; assigned; done; nobody, when nobody is left to ask.
        by: the id of what opened it.
        tried: those who were asked.
        member: who is asked, or does it.
        decision: the id of the last `task.offered` or `task.assigned`.
        touched_on: the day of the last change; the sweep goes by it.
    """

    task: str
    title: str
    touched_on: date
    by: str
    skills: tuple[str, ...] = ()
    due: datetime | None = None
    duty: str | None = None
    state: Literal["open", "offered", "assigned", "done", "nobody"] = "open"
    member: str | None = None
    tried: tuple[str, ...] = ()
    decision: str | None = None


class Paired(Struct, frozen=True, kw_only=True):
    """Every relay ever paired with somebody, the last one last; `by`: the id of the last `relay.paired`."""

    member: str
    relays: tuple[str, ...]
    by: str


CANDIDATES = Selection(
    "candidates", Candidate, lambda _candidate: ((),), lambda candidate: (candidate.touched_on, candidate.member)
)


CANDIDATES_OF = Selection(
    "candidates_of",
    Candidate,
    lambda candidate: tuple((nomination.by,) for nomination in candidate.nominations),
    lambda candidate: (candidate.member,),
)


CIRCLE = Selection("circle", Relay, lambda _relay: ((),), lambda relay: (relay.since, relay.member))


GRANTS = Selection(
    "grants",
    Grant,
    lambda grant: ((grant.perk,),) if not grant.ended else (),
    lambda grant: (grant.member,),
)


GRANTS_OF = Selection("grants_of", Grant, lambda grant: ((grant.member,),), lambda grant: (grant.perk,))


TASKS_IN = Selection("tasks_in", Task, lambda task: ((task.state,),), lambda task: (task.touched_on, task.task))


TASKS_OF = Selection(
    "tasks_of",
    Task,
    lambda task: ((task.member,),) if task.member is not None and task.state in {"offered", "assigned"} else (),
    lambda task: (task.task,),
)


TASKS_NAMING = Selection(
    "tasks_naming",
    Task,
    lambda task: tuple((member,) for member in dict.fromkeys((*task.tried, *((task.member,) if task.member else ())))),
    lambda task: (task.task,),
)


TASKS_ON = Selection("tasks_on", Task, lambda task: ((task.touched_on.isoformat(),),), lambda task: (task.task,))


PAIRED_WITH = Selection(
    "paired_with",
    Paired,
    lambda paired: tuple((relay,) for relay in paired.relays),
    lambda paired: (paired.member,),
)
