"""Points that fade by half in so many days: an account that is exact, costs the same after years, and reads no ledger.

A line of a hundredths written for day d is worth a·2^((d-n)/h) on day n, with a half-life of h days. With
d = q·h + r, that is a·2^q · 2^(r/h) / 2^(n/h): lines whose days have the same r add up as whole numbers a·2^q, for
ever, without rounding. So an account is at most h whole numbers; a new line changes one of them; what it is worth is
computed with 2^(r/h) to over a hundred digits and rounded once, at the end, half up to a hundredth of a point.
"""

from collections.abc import Iterable
from decimal import Decimal, localcontext
from functools import lru_cache

from recognition.state import Account, Line

DIGITS = 140
_SCALE = 10**120


@lru_cache(maxsize=32)
def _powers(half_life: int) -> tuple[int, ...]:
    """2^(r/h) for every r below h, times a large number; exact for r = 0, so that ties are seen as ties."""
    with localcontext() as context:
        context.prec = DIGITS
        two, scale = Decimal(2), Decimal(_SCALE)
        return tuple(int((two ** (Decimal(r) / half_life) * scale).to_integral_value()) for r in range(half_life))


def empty(member: str, half_life: int) -> Account:
    """An account without a line."""
    return Account(member=member, half_life=half_life, base=0)


def entered(account: Account, hundredths: int, day: int) -> Account:
    """The account with one more line.

    Args:
        account: what was there.
        hundredths: of a point; below zero for a line that takes back.
        day: the ordinal of the day from which the line fades.
    """
    times, phase = divmod(day, account.half_life)
    base, phases = account.base, dict(account.phases)
    if not phases:
        base = times
    elif times < base:
        phases = {at: total << (base - times) for at, total in phases.items()}
        base = times
    total = phases.get(phase, 0) + (hundredths << (times - base))
    if total:
        phases[phase] = total
    else:
        phases.pop(phase, None)
    return Account(member=account.member, half_life=account.half_life, base=base, phases=tuple(sorted(phases.items())))


def worth(account: Account, day: int) -> int:
    """What the account is worth on a day, in hundredths of a point, rounded once: half up."""
    powers = _powers(account.half_life)
    times, phase = divmod(day, account.half_life)
    above = sum(total * powers[at] for at, total in account.phases)
    below = powers[phase]
    halvings = times - account.base
    if halvings >= 0:
        below <<= halvings
    else:
        above <<= -halvings
    return (2 * above + below) // (2 * below)


def account_from(member: str, lines: Iterable[Line], half_life: int) -> Account:
    """The account that a member's lines make: the same as if they had been entered one by one."""
    account = empty(member, half_life)
    for line in lines:
        account = entered(account, line.hundredths, line.day.toordinal())
    return account
