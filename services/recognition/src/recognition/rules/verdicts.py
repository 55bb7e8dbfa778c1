"""Humans: their taps, and what they overrule."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.turn import Turn
from recognition.rules import appointing, circle, founding, gaming, perks, relays, strata, tasks, thanks
from recognition.rules.clocks import today
from recognition.rules.counting import standing_of
from recognition.rules.ledger import lines_about, restore, standing_lines, take_back
from recognition.rules.requirements import KEYS, RELAY
from recognition.rules.speech import to_member
from recognition.rules.traces import IMPACT
from recognition.state import LINES_OF, Line
from recognition.state_book import Contribution, Said, Suspicion
from recognition.state_circle import GRANTS_OF, Candidate, Nomination, Relay, Task


def answered(turn: Turn, event: AnyEvent) -> None:
    """A tap on one of this service's questions."""
    if founding.founder_answered(turn, event):
        return
    asked = turn.asked(event.data.request)
    if asked is None:
        return
    match asked.rule:
        case gaming.GAMING:
            gaming.answered(turn, event)
        case thanks.DRAFT:
            thanks.tapped(turn, asked.key, event.data.answer)
        case circle.APPOINT:
            circle.human_answered(turn, asked.key, event)
        case relays.REST | relays.REVIEW | relays.RESTED:
            relays.answered(turn, asked.rule, asked.key, event)
        case "turn_over":
            task = turn.get(Task, asked.key)
            if task is not None and event.data.answer == "not_this_time" and task.member == event.data.member:
                turn.drop(Task, task.task)
        case _:
            pass


def nomination_declined(turn: Turn, event: AnyEvent) -> None:
    """A no to the circle; from somebody who is in it, the wish to leave it."""
    relay = turn.get(Relay, event.data.member)
    if relay is not None:
        relays.retire(turn, relay, "wish", by=event.data.member, evidence=event.id)
    else:
        circle.declined(turn, event)


def locked(turn: Turn, event: AnyEvent) -> None:
    """A human fixed a stratum; the circle's cannot be set over somebody's head: it is the manager's nomination."""
    data = event.data
    if data.value == KEYS[RELAY] and turn.get(Relay, data.member) is None:
        if turn.person(data.member) is not None:
            circle.propose(turn, data.member, Nomination(data.by, today(turn).toordinal(), event.id, manager=True))
        return
    strata.locked(turn, event)


def overruled(turn: Turn, event: AnyEvent) -> None:
    """A human undid a decision of this service."""
    line = turn.get(Line, event.data.decision)
    if line is not None:
        _line(turn, line, event)
        return
    said = turn.get(Said, event.data.decision)
    if said is None:
        return
    turn.drop(Said, said.decision)
    _UNDONE.get(said.type, _message)(turn, said, event)


def _suspicion(turn: Turn, said: Said, event: AnyEvent) -> None:
    row = turn.get(Suspicion, said.key)
    if row is not None:
        gaming.judged(turn, row, fair=True, by=event.id)


def _invitation(turn: Turn, said: Said, _event: AnyEvent) -> None:
    candidate = turn.get(Candidate, said.about)
    if candidate is not None:
        circle.refuse(turn, candidate)


def _perk(turn: Turn, said: Said, event: AnyEvent) -> None:
    for grant in turn.find(GRANTS_OF, said.about):
        if grant.decision == said.decision and not grant.ended:
            perks.end(turn, grant, "withdrawn", by=event.data.by, evidence=event.id)


def _task(turn: Turn, said: Said, event: AnyEvent) -> None:
    task = turn.get(Task, said.key)
    if task is not None and task.decision == said.decision:
        tasks.passed(turn, task, "returned", by=event.id)


def _line(turn: Turn, line: Line, event: AnyEvent) -> None:
    lines = lines_about(turn, line.post) if line.post is not None else turn.find(LINES_OF, line.member)
    if line.hundredths > 0:
        if any(one.line == line.line for one in standing_lines(lines)):
            take_back(turn, line, "overruled", by=event.id)
    elif all(one.settles != line.line for one in lines):
        restore(turn, line, by=event.id)


def _stratum(turn: Turn, said: Said, event: AnyEvent) -> None:
    """Back to where it was, and there until a human releases it: the rules would say the same again."""
    standing = standing_of(turn, said.about)
    strata.fix(turn, standing, int(said.key), by=event.id, human=event.data.by, lock=True)
    turn.recall(strata.STRATUM, strata.LINES.get(standing.stratum, ""), to=to_member(said.about), why="overruled")


def _role(turn: Turn, said: Said, _event: AnyEvent) -> None:
    contribution = turn.get(Contribution, said.about)
    if contribution is not None:
        parts = tuple(part for part in contribution.parts if part.role != said.key)
        turn.put(replace(contribution, parts=parts))


def _relay(turn: Turn, said: Said, event: AnyEvent) -> None:
    relay = turn.get(Relay, said.about)
    human = event.data.by
    if said.type == "relay.retired":
        if relay is None and turn.person(said.about) is not None:
            appointing.appoint(turn, said.about, by=human, evidence=(said.decision, event.id))
    elif relay is None:
        return
    elif said.type == "relay.appointed":
        relays.retire(turn, relay, "human", by=human, evidence=event.id)
    elif relay.resting:
        relays.back(turn, relay, "human", evidence=event.id)
    else:
        relays.rest(turn, relay, "human", evidence=event.id)


def _message(turn: Turn, said: Said, _event: AnyEvent) -> None:
    """Of what is only words, the words are called back, where they can be."""
    member = to_member(said.about)
    match said.type:
        case "member.thanked":
            turn.recall("thanks", said.key, to=member, why="overruled")
        case "milestone.reached":
            turn.recall("milestone", said.key, to=member, why="overruled")
        case "impact.told":
            turn.recall(IMPACT, said.key, to=member, why="overruled")
        case "member.fading":
            turn.recall("fading", said.about, to=to_member(said.key), why="overruled")
        case _:
            return


_UNDONE: Mapping[str, Callable[[Turn, Said, AnyEvent], None]] = {
    "stratum.raised": _stratum,
    "stratum.lowered": _stratum,
    "role.recognised": _role,
    "gaming.suspected": _suspicion,
    "relay.invited": _invitation,
    "relay.appointed": _relay,
    "relay.rested": _relay,
    "relay.retired": _relay,
    "perk.granted": _perk,
    "task.offered": _task,
    "task.assigned": _task,
}
"""What becomes of a decision that a human undid; of any other, the words are called back."""
