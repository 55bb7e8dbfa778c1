"""Strata: judged on each event and daily, one step in seven days; up by lists, frozen by a rest."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.community import can_emit
from contracts.decisions import StratumLowered, StratumRaised
from contracts.decisions.recognition import Requirement
from contracts.envelope import AnyEvent
from contracts.people import is_paused
from contracts.playbook import Strata
from contracts.reasons import because
from contracts.turn import Message, Turn
from recognition.rules import contributions
from recognition.rules.clocks import DAY, today
from recognition.rules.counting import counts, standing_of
from recognition.rules.ledger import HUNDRED, Earning, award
from recognition.rules.requirements import (
    HOLDING_UP,
    KEYS,
    TELLING,
    Known,
    keeps,
    meets,
    needs,
    readable,
)
from recognition.rules.speech import book_of, name_of, say, to_member
from recognition.state import PAIRS_RECEIVED, Activity, Standing
from recognition.state_book import Done

STRATUM = "stratum"


LINES = {2: "lending_a_hand", 3: "holding_up"}
"""Steps up that are told, in one private line."""


def known_of(turn: Turn, standing: Standing, activity: Activity | None = None) -> Known:
    """All that the lists of strata are about, for one member."""
    book = book_of(turn)
    window = turn.playbook.recognition.strata.window_days
    day = today(turn).toordinal()
    return Known(
        activity=activity or turn.get(Activity, standing.member) or Activity(member=standing.member),
        standing=standing,
        strata=turn.playbook.recognition.strata,
        day=day,
        pairs=turn.find(PAIRS_RECEIVED, standing.member) if standing.stratum >= 2 else (),
        able=tuple(name for name in TELLING if can_emit(turn.community, name)),
        lenient=tuple(knows.type for knows in book.able if knows.since > day - window),
    )


def judge(turn: Turn, member: str, by: str) -> None:
    """After an act or a gain: a step up, if all of the next list is met; an end of grace, if all is kept again."""
    standing = turn.get(Standing, member)
    if standing is None or standing.locked or (standing.stratum >= HOLDING_UP and standing.grace_from is None):
        return
    activity = turn.get(Activity, member)
    if activity is None:
        return
    if standing.grace_from is None and not _could_rise(standing, activity, turn.playbook.recognition.strata):
        return
    if frozen(turn, member):
        return
    known = known_of(turn, standing, activity)
    if standing.grace_from is not None and keeps(standing.stratum, known):
        standing = replace(standing, grace_from=None)
        turn.put(standing)
    if standing.stratum < HOLDING_UP and meets(standing.stratum + 1, known):
        free = step_free(turn, standing)
        if free is not None and free > turn.now:
            contributions.look_by(turn, member, local_day(free, turn.playbook.zone) + DAY)
        else:
            raised(turn, standing, known, by)


def _could_rise(standing: Standing, activity: Activity, figures: Strata) -> bool:
    """The figures that are known without counting: most acts change nothing, and this says so at once."""
    level, days = standing.stratum, len(activity.days)
    if level == 0:
        return days >= figures.taking_part_active_days
    threads = len(activity.threads)
    if level == 1:
        return days >= figures.lending_a_hand_active_days and threads >= figures.lending_a_hand_threads
    return level == 2 and days >= figures.holding_up_active_days and threads >= figures.holding_up_threads


def frozen(turn: Turn, member: str) -> bool:
    """Strata of people at rest stand still; who objected has none."""
    return is_paused(turn.person(member), turn.now) or not counts(turn, member)


def step_free(turn: Turn, standing: Standing) -> datetime | None:
    """When the next step may be taken."""
    if standing.moved_at is None:
        return None
    return standing.moved_at + timedelta(days=turn.playbook.recognition.strata.step_days)


def evidence_of(known: Known, *by: str) -> tuple[str, ...]:
    """The first act of each active day in the window; where there is none any more, the last act known."""
    oldest = known.day - known.strata.window_days
    acts = [day.by for day in known.activity.days if day.by and day.day > oldest]
    standing = known.standing
    last = known.activity.last_by or standing.last_by or standing.first_post_by
    return (*(acts or [last]), *by)


def raised(turn: Turn, standing: Standing, known: Known, by: str) -> None:
    """One step up."""
    level = standing.stratum + 1
    after = moved(turn, standing, level)
    requirements = readable(needs(level, known), known)
    why = because(
        f"{STRATUM}.{KEYS[level]}",
        threshold=written(requirements, needed=True),
        actual=written(requirements, needed=False),
        evidence=evidence_of(known, by),
    )
    decision = say(
        turn,
        StratumRaised(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=standing.member,
            stratum=KEYS[level],
            previous=KEYS[standing.stratum],
            requirements=requirements,
        ),
        rule=STRATUM,
        key=f"{standing.member}/{level}",
        about=standing.member,
        name=str(standing.stratum),
    )
    if level == 1 and not after.referred:
        after = referred(turn, after, decision)
    turn.put(after)
    if level in LINES:
        tell(turn, standing.member, LINES[level], decision)


def written(requirements: tuple[Requirement, ...], *, needed: bool) -> str:
    """A list in a line: what it takes, or what there is."""
    return ", ".join(f"{one.key} {one.needed if needed else one.actual}" for one in requirements)


def moved(turn: Turn, standing: Standing, level: int) -> Standing:
    """Somebody at another stratum from now on. Answers the row, not yet put; it is looked at again tomorrow."""
    holding = standing.holding_since
    if level < HOLDING_UP:
        holding = None
    elif holding is None:
        holding = turn.now
    return replace(
        standing,
        stratum=level,
        since=turn.now,
        moved_at=turn.now,
        grace_from=None,
        holding_since=holding,
        look_on=today(turn) + DAY,
    )


def referred(turn: Turn, standing: Standing, by: str) -> Standing:
    """The newcomer takes part: whoever invited them has the points. Answers the row, not yet put."""
    person = turn.person(standing.member)
    referrer = person.invited_by if person is not None else None
    if referrer is None or referrer == standing.member or not counts(turn, referrer):
        return standing
    full = turn.playbook.recognition.points.referral_points * HUNDRED
    day = today(turn).toordinal()
    award(turn, Earning(referrer, "referral", full, full, by, day))
    contributions.did(turn, referrer, Done("referral", day, by, about=None, helped=standing.member))
    return replace(standing, referred=True)


def tell(turn: Turn, member: str, words: str, decision: str) -> None:
    """One private line."""
    turn.request(
        Message(
            key=words,
            rule=STRATUM,
            kind=STRATUM,
            template="stratum_raised",
            to=to_member(member),
            purse="attention",
            lifetime=timedelta(hours=turn.playbook.lifetimes.thanks_hours),
            values={"name": name_of(turn, member), "stratum": words},
            serves=decision,
            because=(because(STRATUM, threshold="one private line", actual=words, evidence=(decision,)),),
        )
    )


def locked(turn: Turn, event: AnyEvent) -> None:
    """A human fixed a stratum, or lets the rules decide again."""
    data = event.data
    if turn.person(data.member) is None:
        return
    standing = standing_of(turn, data.member)
    if data.value is None:
        turn.put(replace(standing, locked=False, look_on=today(turn) + DAY))
        judge(turn, data.member, event.id)
        return
    fix(turn, standing, KEYS.index(data.value), by=event.id, human=data.by, lock=True)


def fix(turn: Turn, standing: Standing, level: int, *, by: str, human: str, lock: bool) -> None:
    """Set a stratum by a human's word."""
    if level == standing.stratum:
        turn.put(replace(standing, locked=lock))
        return
    up = level > standing.stratum
    after = replace(moved(turn, standing, level), locked=lock)
    model = StratumRaised if up else StratumLowered
    say(
        turn,
        model(
            community=turn.slug,
            playbook=turn.version,
            because=(because(f"{STRATUM}.human", threshold="a human's word", actual=human, evidence=(by,)),),
            member=standing.member,
            stratum=KEYS[level],
            previous=KEYS[standing.stratum],
            decided_by="human",
        ),
        rule=STRATUM,
        key=f"{standing.member}/{level}",
        about=standing.member,
        name=str(standing.stratum),
    )
    turn.put(after)
