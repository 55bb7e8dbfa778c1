"""The ledger: points are written line by line, each with its event; what is taken back is a line of its own."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from contracts.decisions import PointsAwarded, PointsWithdrawn
from contracts.reasons import because
from contracts.turn import Turn
from recognition.rules.counting import activity_of, day_at, touched
from recognition.rules.half_life import account_from, empty, entered, worth
from recognition.state import LINES_ABOUT, LINES_OF, Account, Activity, Line

HUNDRED = 100
POINTS = "points"
Reason = Literal["deleted", "moderated", "answer_withdrawn", "reaction_removed", "burst", "gaming", "overruled"]


class Earning(NamedTuple):
    """What an act is worth to somebody.

    Attributes:
        full: hundredths at full weight; `weighted` after fairness, before the day's limit.
        by: the id of the event that the line is for; `day` the ordinal of its local day.
        limited: under the limit of a day.
        why: the weights that were applied, in words; None: none.
        settles: the taking back that this undoes.
    """

    member: str
    act: str
    full: int
    weighted: int
    by: str
    day: int
    giver: str | None = None
    post: str | None = None
    thread: str | None = None
    mark: str | None = None
    limited: bool = True
    why: str | None = None
    settles: str | None = None


def account_of(turn: Turn, member: str) -> Account:
    """Somebody's account; rebuilt from the ledger when the playbook's half-life is no longer the account's."""
    half_life = turn.playbook.recognition.fairness.half_life_days
    account = turn.get(Account, member)
    if account is None:
        return empty(member, half_life)
    if account.half_life != half_life:
        return account_from(member, turn.find(LINES_OF, member), half_life)
    return account


def points_of(turn: Turn, member: str, day: date) -> int:
    """What a member's lines are worth on a day, in hundredths of a point: for the member who asks."""
    return worth(account_of(turn, member), day.toordinal())


def award(turn: Turn, earning: Earning) -> str | None:
    """Write a line; answers its id, or None when nothing is left of it."""
    activity = activity_of(turn, earning.member)
    day = day_at(activity, earning.day)
    amount = earning.weighted
    limit = turn.playbook.recognition.fairness.day_points_most * HUNDRED
    if earning.limited:
        amount = min(amount, max(0, limit - day.capped))
    if amount <= 0:
        return None
    account = account_of(turn, earning.member)  # before its line stands: a rebuilt account must not have it twice
    capped = amount < earning.weighted
    actual = f"{_points(amount)} of {_points(earning.full)}" if amount < earning.full else _points(amount)
    line = turn.decide(
        PointsAwarded(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    f"{POINTS}.{earning.act}",
                    threshold=earning.why or (f"{_points(limit)} a day" if capped else _points(earning.full)),
                    actual=actual,
                    evidence=(earning.by,),
                ),
            ),
            member=earning.member,
            act=earning.act,
            points_hundredths=amount,
            full_hundredths=earning.full,
            day=date.fromordinal(earning.day),
            giver=earning.giver,
            post=earning.post,
            thread=earning.thread,
            capped=capped,
        ),
        rule=POINTS,
        key="/".join(map(str, (*earning[:2], *earning[6:8], earning.mark, earning.settles or earning.by))),
    )
    turn.put(
        Line(
            line=line,
            member=earning.member,
            act=earning.act,
            hundredths=amount,
            day=date.fromordinal(earning.day),
            written_at=turn.now,
            event=earning.by,
            post=earning.post,
            giver=earning.giver,
            mark=earning.mark,
            settles=earning.settles,
        )
    )
    turn.put(entered(account, amount, earning.day))
    _earned(turn, activity, earning.day, amount, limited=earning.limited)
    return line


def _earned(turn: Turn, activity: Activity, ordinal: int, amount: int, *, limited: bool) -> None:
    day = day_at(activity, ordinal)
    newest = activity.days[-1].day if activity.days else ordinal
    if ordinal < newest - 400:
        return  # a line for a day that no rule looks back to
    room = day.capped + amount if limited else day.capped
    turn.put(touched(turn, activity, day._replace(capped=room, earned=day.earned + amount)))


def take_back(turn: Turn, line: Line, reason: Reason, *, by: str) -> None:
    """Take a line back, by a line that fades in step with it; the day's limit stays as full as it was."""
    account = account_of(turn, line.member)
    taken = turn.decide(
        PointsWithdrawn(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    f"{POINTS}.{reason}",
                    threshold="what was earned stands while what earned it does",
                    actual=_points(line.hundredths),
                    evidence=(line.event, by),
                ),
            ),
            member=line.member,
            award=line.line,
            act=line.act,
            points_hundredths=line.hundredths,
            reason=reason,
        ),
        rule=POINTS,
        key=f"back/{line.line}",
    )
    turn.put(
        Line(
            line=taken,
            member=line.member,
            act=line.act,
            hundredths=-line.hundredths,
            day=line.day,
            written_at=turn.now,
            event=by,
            post=line.post,
            giver=line.giver,
            mark=reason,
            settles=line.line,
        )
    )
    ordinal = line.day.toordinal()
    turn.put(entered(account, -line.hundredths, ordinal))
    activity = turn.get(Activity, line.member)
    if activity is not None and any(day.day == ordinal for day in activity.days):
        day = day_at(activity, ordinal)
        turn.put(touched(turn, activity, day._replace(earned=day.earned - line.hundredths)))


def standing_lines(lines: Iterable[Line]) -> list[Line]:
    """Lines that award something and were not taken back, in the order in which they were written."""
    every = tuple(lines)
    settled = {line.settles for line in every}
    return [line for line in every if line.hundredths > 0 and line.line not in settled]


def lines_about(turn: Turn, post: str) -> tuple[Line, ...]:
    """Every line that is about a post."""
    return turn.find(LINES_ABOUT, post)


def give_back(turn: Turn, post: str, reasons: frozenset[str], *, by: str) -> None:
    """Undo what was taken back of a post for these reasons: it is there again."""
    lines = lines_about(turn, post)
    settled = {line.settles for line in lines}
    for line in lines:
        if line.hundredths < 0 and line.mark in reasons and line.line not in settled:
            restore(turn, line, by=by)


def restore(turn: Turn, taken: Line, *, by: str) -> None:
    """Undo one taking back: outside the day's limit, which it never freed."""
    award(
        turn,
        Earning(
            taken.member,
            taken.act,
            -taken.hundredths,
            -taken.hundredths,
            by,
            taken.day.toordinal(),
            giver=taken.giver,
            post=taken.post,
            limited=False,
            settles=taken.line,
        ),
    )


def _points(hundredths: int) -> str:
    """Hundredths of a point as points: `0.5`, `10`."""
    whole, rest = divmod(hundredths, HUNDRED)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
