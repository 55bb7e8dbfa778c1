"""Fairness: what a gift from one person to another is worth, and what two people give each other."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.playbook import Fairness
from contracts.turn import Turn
from recognition.rules import gaming
from recognition.rules.clocks import today
from recognition.rules.counting import activity_of, ordinal_at
from recognition.rules.ledger import HUNDRED, Earning, award, take_back
from recognition.state import Given, Giver, Line, Pair, PairDay

DAY = timedelta(days=1)
MOST_TIMES = 16


class Gift(NamedTuple):
    """A reaction, kudos or acceptance: by whom, to whom, worth how many hundredths at full weight."""

    giver: str
    receiver: str
    act: str
    full: int
    by: str
    at: datetime
    post: str | None = None
    thread: str | None = None
    mark: str | None = None
    limited: bool = True
    reaction: bool = False


def pair_of(turn: Turn, receiver: str, giver: str) -> Pair:
    """What one gave the other lately; nothing at first."""
    return turn.get(Pair, receiver, giver) or Pair(receiver=receiver, giver=giver, touched_on=today(turn))


def give(turn: Turn, gift: Gift, *, weighed: bool = True) -> str | None:
    """Let a gift count: weighed, held while the two are under suspicion, nothing after a verdict. Answers its line.

    Args:
        turn: the turn.
        gift: what was given; the receiver counts, and is not the giver.
        weighed: whether givers' age, repetition and share apply: not to an accepted answer, which is the question's.
    """
    pair = pair_of(turn, gift.receiver, gift.giver)
    ordinal = ordinal_at(turn, gift.at)
    amount, why = _weighed(turn, gift, pair, ordinal) if weighed else (gift.full, None)
    if pair.verdict == "void" and pair.until is not None and today(turn) <= pair.until:
        amount = 0
    line, gained = None, 0
    earning = Earning(
        *(gift.receiver, gift.act, gift.full, amount, gift.by, ordinal, gift.giver, gift.post, gift.thread, gift.mark),
        limited=gift.limited,
        why=why,
    )
    if amount > 0 and pair.suspicion is not None:
        gaming.hold(turn, pair.suspicion, earning)
    elif amount > 0:
        line = award(turn, earning)
        written = turn.get(Line, line) if line is not None else None
        gained = written.hundredths if written is not None else 0
    pair = _noted(turn, pair, gift, ordinal=ordinal, gained=gained)
    turn.put(pair)
    gaming.look(turn, pair)
    return line


def _weighed(turn: Turn, gift: Gift, pair: Pair, ordinal: int) -> tuple[int, str | None]:
    """What is left of a gift's full worth, and by which weights, in words."""
    figures = turn.playbook.recognition.fairness
    weight, why = Fraction(1), []
    if gift.reaction:
        since = gift.at - figures.same_pair_days * DAY
        before = sum(1 for time in pair.times if since < time)
        if before:
            weight /= 2**before
            why.append(f"reaction {before + 1} of one giver in {figures.same_pair_days} days")
    young = _young_weight(turn, gift, figures)
    if young != 1:
        weight *= young
        why.append(f"a giver of less than {figures.young_giver_days} days")
    amount = _half_up(gift.full * weight)
    shared = _within_share(turn, gift.receiver, pair, amount, ordinal)
    if shared < amount:
        amount = shared
        why.append(f"at most {figures.one_giver_share:.0%} of {figures.one_giver_days} days from one giver")
    return amount, "; ".join(why) or None


def _half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def _young_weight(turn: Turn, gift: Gift, figures: Fairness) -> Fraction:
    """Trust grows with time, once the community is old enough to have anybody who was there for long."""
    if gift.at - turn.community.opened_at <= figures.young_giver_community_days * DAY:
        return Fraction(1)
    person = turn.person(gift.giver)
    age = gift.at - person.first_seen_at if person is not None else timedelta()
    if age < figures.youngest_giver_days * DAY:
        return Fraction(str(figures.youngest_giver_weight))
    if age < figures.young_giver_days * DAY:
        return Fraction(str(figures.young_giver_weight))
    return Fraction(1)


def _within_share(turn: Turn, receiver: str, pair: Pair, amount: int, ordinal: int) -> int:
    """What one giver may still bring: above so many points in so many days, a bounded share of them."""
    figures = turn.playbook.recognition.fairness
    share = Fraction(str(figures.one_giver_share))
    if share == 1:
        return amount
    oldest = ordinal - figures.one_giver_days
    total = sum(day.earned for day in activity_of(turn, receiver).days if oldest < day.day)
    free = figures.one_giver_from_points * HUNDRED - total
    if amount <= free:
        return amount
    brought = sum(day.hundredths for day in pair.days if oldest < day.day)
    room = (share * total - brought) / (1 - share)
    return min(amount, max(0, free, room.numerator // room.denominator))


def _noted(turn: Turn, pair: Pair, gift: Gift, *, ordinal: int, gained: int) -> Pair:
    """The pair after a gift."""
    figures = turn.playbook.recognition.fairness
    oldest = ordinal - max(figures.pair_days, figures.one_giver_days, turn.playbook.recognition.strata.window_days)
    day = next((day for day in pair.days if day.day == ordinal), PairDay(ordinal, 0, 0))
    day = PairDay(ordinal, day.events + 1, day.hundredths + gained)
    days = tuple(sorted((*(known for known in pair.days if known.day != ordinal and known.day > oldest), day)))
    times = pair.times
    if gift.reaction:
        since = gift.at - figures.same_pair_days * DAY
        times = tuple(sorted((*(time for time in times if since < time), gift.at)))[-MOST_TIMES:]
    return replace(
        pair, touched_on=today(turn), days=days, times=times, first_by=pair.first_by or gift.by, last_by=gift.by
    )


def ungiven(turn: Turn, line: Line) -> None:
    """A gift was taken back: it is no longer part of what one brought the other."""
    if line.giver is None:
        return
    pair = turn.get(Pair, line.member, line.giver)
    if pair is None:
        return
    ordinal = line.day.toordinal()
    days = (
        PairDay(day.day, max(0, day.events - 1), max(0, day.hundredths - line.hundredths))
        if day.day == ordinal
        else day
        for day in pair.days
    )
    turn.put(replace(pair, days=tuple(day for day in days if day.events)))


def heard(turn: Turn, receiver: str, giver: str, ordinal: int) -> bool:
    """Note that somebody replied to somebody; answers whether it is the first time that day."""
    pair = pair_of(turn, receiver, giver)
    if pair.heard >= ordinal:
        return False
    turn.put(replace(pair, touched_on=today(turn), heard=ordinal))
    return True


def burst(turn: Turn, giver: str, event: AnyEvent) -> bool:
    """Whether a reaction is one of so many in a minute that together they count as one.

    When the eleventh comes, the second to the tenth are taken back: the first stands for all.
    """
    figures = turn.playbook.recognition.fairness
    known = turn.get(Giver, giver)
    since = event.time - timedelta(seconds=figures.burst_window_seconds)
    recent = tuple(given for given in (known.recent if known is not None else ()) if given.at > since)
    if len(recent) < figures.burst_reactions:
        return False
    for given in recent[1:]:
        line = turn.get(Line, given.line) if given.line is not None else None
        if line is not None:
            take_back(turn, line, "burst", by=event.id)
            ungiven(turn, line)
    first, rest = recent[:1], tuple(Given(given.at, None) for given in recent[1:])
    _remember(turn, giver, (*first, *rest, Given(event.time, None)))
    return True


def remember(turn: Turn, giver: str, event: AnyEvent, line: str | None) -> None:
    """Keep a reaction in mind for as long as a burst can begin with it."""
    figures = turn.playbook.recognition.fairness
    known = turn.get(Giver, giver)
    since = event.time - timedelta(seconds=figures.burst_window_seconds)
    recent = tuple(given for given in (known.recent if known is not None else ()) if given.at > since)
    _remember(turn, giver, (*recent, Given(event.time, line)))


def _remember(turn: Turn, giver: str, recent: tuple[Given, ...]) -> None:
    known = turn.get(Giver, giver) or Giver(member=giver)
    most = turn.playbook.recognition.fairness.burst_reactions + 1
    turn.put(replace(known, recent=recent if len(recent) <= most else (recent[0], *recent[1 - most :])))
