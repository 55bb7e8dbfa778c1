"""What recognition can tell of a member: stratum, what is missing for the next, what keeps it, tasks, circle, points.

Points are for the member alone. What is missing is what the rules themselves judge by.
"""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from contracts.decisions.recognition import Requirement
from contracts.people import is_paused
from contracts.telling import Part, Tell
from contracts.turn import Turn
from recognition.rules.clocks import today
from recognition.rules.contributions import roles_of
from recognition.rules.counting import counts, standing_of
from recognition.rules.half_life import worth
from recognition.rules.requirements import KEYS, Known, fails_on, missing
from recognition.rules.strata import known_of
from recognition.rules.tasks import TASK
from recognition.state import Account, Standing
from recognition.state_book import Contribution, Help
from recognition.state_circle import GRANTS_OF, TASKS_OF, Candidate, Relay

_HUNDRED = 100


def tells(turn: Turn, member: str) -> Iterator[Tell]:
    """All of it; for somebody who does not count (a program, staff, who objected) only that."""
    if turn.person(member) is None:
        return
    if not counts(turn, member):
        yield Tell(part="standing", key="does_not_count")
    else:
        standing = standing_of(turn, member)
        known = _known(turn, standing)
        yield from _stratum(turn, standing, known)
        yield from _list(known)
        yield from _points(turn, member)
    yield from _deeds(turn, member)
    yield from _circle(turn, member)
    yield from _tasks(turn, member)


def _known(turn: Turn, standing: Standing) -> Known:
    """What the lists are about; what the circle asks for is the candidate's."""
    known = known_of(turn, standing)
    candidate = turn.get(Candidate, standing.member)
    if candidate is None:
        return known
    return replace(
        known,
        nominations=len(candidate.nominations),
        manager=any(nomination.manager for nomination in candidate.nominations),
        willing=candidate.state == "willing",
    )


def _stratum(turn: Turn, standing: Standing, known: Known) -> Iterator[Tell]:
    values = {"stratum": KEYS[standing.stratum], "since": standing.since}
    yield Tell(part="standing", key="stratum", values=values)
    if standing.locked:
        yield Tell(part="standing", key="locked")
    if is_paused(turn.person(standing.member), turn.now):
        yield Tell(part="standing", key="frozen")
    if standing.sanction_ends is not None and standing.sanction_ends > turn.now:
        yield Tell(part="standing", key="sanctioned", values={"until": standing.sanction_ends})
    if standing.grace_from is not None:
        until = date.fromordinal(standing.grace_from.toordinal() + turn.playbook.recognition.strata.grace_days)
        yield Tell(part="open", key="grace", values={"until": _day(until)})
    elif standing.stratum:
        falls = fails_on(standing.stratum, known)
        if falls is not None and falls > today(turn):
            yield Tell(part="keeping", key="kept_until", values={"day": _day(falls)})


def _list(known: Known) -> Iterator[Tell]:
    lacks = missing(known)
    if lacks.next is not None:
        yield Tell(part="next", key="next_stratum", values={"stratum": lacks.next, "lacking": len(lacks.for_next)})
    for one in lacks.for_next:
        yield _requirement("next", one)
    for one in lacks.keeping:
        yield _requirement("keeping", one)


def _requirement(part: Part, one: Requirement) -> Tell:
    values = {
        "requirement": one.key,
        "needed": one.needed,
        "actual": one.actual,
        "met": one.met,
        "window_days": one.window_days,
        "at_most": one.at_most,
        "instead_of": one.instead_of,
    }
    return Tell(part=part, key="requirement", values=values)


def _points(turn: Turn, member: str) -> Iterator[Tell]:
    account = turn.get(Account, member)
    if account is not None:
        hundredths = worth(account, today(turn).toordinal())
        points = f"{hundredths // _HUNDRED}.{hundredths % _HUNDRED:02}"
        yield Tell(part="standing", key="points", values={"points": points}, private=True)


def _deeds(turn: Turn, member: str) -> Iterator[Tell]:
    standing, contribution = turn.get(Standing, member), turn.get(Contribution, member)
    if standing is not None and standing.accepted:
        yield Tell(part="standing", key="accepted", values={"count": standing.accepted})
    for role in roles_of(contribution):
        yield Tell(part="standing", key="role", values={"role": role})
    if contribution is not None and contribution.thanked_on is not None:
        yield Tell(part="standing", key="thanked", values={"day": _day(contribution.thanked_on)})
    help_ = turn.get(Help, member)
    for one in help_.became if help_ is not None else ():
        yield Tell(part="standing", key="help", values={"kind": one.kind, "times": one.times})


def _circle(turn: Turn, member: str) -> Iterator[Tell]:
    relay, candidate = turn.get(Relay, member), turn.get(Candidate, member)
    if relay is not None:
        yield Tell(part="standing", key="resting" if relay.resting else "in_circle", values={"since": relay.since})
        if relay.until is not None:
            yield Tell(part="open", key="founding_until", due=relay.until)
    if candidate is not None:
        yield Tell(part="standing", key=f"candidate_{candidate.state}", values={"count": len(candidate.nominations)})
        if candidate.state == "invited" and candidate.expires_at is not None:
            yield Tell(part="open", key="invitation_until", due=candidate.expires_at)
    for grant in turn.find(GRANTS_OF, member):
        if not grant.ended:
            yield Tell(part="standing", key="perk", values={"perk": grant.perk})
            if grant.ends_at is not None:
                yield Tell(part="open", key="perk_until", values={"perk": grant.perk}, due=grant.ends_at)


def _tasks(turn: Turn, member: str) -> Iterator[Tell]:
    for task in turn.find(TASKS_OF, member):
        yield Tell(part="standing", key=f"task_{task.state}", values={"task": task.title})
        due = turn.armed(TASK, task.task) if task.state == "offered" else task.due
        if due is not None:
            yield Tell(part="open", key=f"task_{task.state}_until", values={"task": task.title}, due=due)


def _day(day: date) -> str:
    return day.isoformat()
