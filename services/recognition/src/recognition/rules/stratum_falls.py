"""Strata, downwards: days of grace first, then one step, in silence, and never out of the circle."""

from datetime import date

from msgspec.structs import replace

from contracts.decisions import StratumLowered
from contracts.reasons import because
from contracts.turn import Turn
from recognition.rules import clocks
from recognition.rules.clocks import today
from recognition.rules.requirements import (
    KEYS,
    RELAY,
    Known,
    fails_on,
    keeps,
    needs,
    readable,
)
from recognition.rules.speech import say
from recognition.rules.strata import STRATUM, evidence_of, frozen, known_of, moved, step_free, written
from recognition.state import Standing


def fall(turn: Turn, standing: Standing) -> Standing:
    """Daily: what is not kept any more. Days of grace first, then one step down, in silence; never out of the circle.

    Answers the row, put when it changed.
    """
    if standing.stratum == 0 or standing.locked or standing.stratum == RELAY or frozen(turn, standing.member):
        return standing
    known = known_of(turn, standing)
    if keeps(standing.stratum, known):
        if standing.grace_from is not None:
            standing = replace(standing, grace_from=None)
            turn.put(standing)
        return standing
    if standing.grace_from is None:
        standing = replace(standing, grace_from=_first_failed(turn, standing, known))
        turn.put(standing)
    free = step_free(turn, standing)
    if falls_on(turn, standing) > today(turn) or (free is not None and free > turn.now) or turn.silent():
        return standing
    if turn.playbook.calendar.is_quiet(today(turn)):
        return standing
    return lowered(turn, standing, known)


def _first_failed(turn: Turn, standing: Standing, known: Known) -> date:
    """The day on which it was first not kept: the day the window let go of it, not before the last step."""
    failed = fails_on(standing.stratum, known) or today(turn)
    return min(failed, today(turn))


def falls_on(turn: Turn, standing: Standing) -> date:
    """The last day of grace: days of quiet seasons are none."""
    grace = turn.playbook.recognition.strata.grace_days
    return clocks.waking_day_after(turn.playbook, standing.grace_from or today(turn), grace)


def lowered(turn: Turn, standing: Standing, known: Known) -> Standing:
    """One step down."""
    level = standing.stratum - 1
    requirements = readable(needs(standing.stratum, known, keeping=True), known, keeping=True)
    failed = tuple(one for one in requirements if not one.met)
    grace = clocks.at(
        standing.grace_from or today(turn), turn.playbook.recognition.strata.judged_time, turn.playbook.zone
    )
    say(
        turn,
        StratumLowered(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    f"{STRATUM}.keeping",
                    threshold=written(failed, needed=True),
                    actual=written(failed, needed=False),
                    evidence=evidence_of(known),
                ),
            ),
            member=standing.member,
            stratum=KEYS[level],
            previous=KEYS[standing.stratum],
            requirements=requirements,
            grace_from=grace,
        ),
        rule=STRATUM,
        key=f"{standing.member}/{level}",
        about=standing.member,
        name=str(standing.stratum),
    )
    after = moved(turn, standing, level)
    turn.put(after)
    return after
