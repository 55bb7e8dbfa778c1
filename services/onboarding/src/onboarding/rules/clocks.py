"""Days and silences, as the rules of onboarding count them."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.activity import local_day
from contracts.office_time import instant
from contracts.playbook import Playbook
from contracts.purse import earliest
from contracts.silence import Pulse, standing_still
from contracts.turn import Selection, Turn

DAY = timedelta(days=1)
PULSES = Selection("pulses", Pulse, lambda _pulse: ((),), lambda pulse: (pulse.source,))
"""The pulses that the common rules keep, by the name of their selection."""


def today(turn: Turn) -> date:
    """The community's local day."""
    return local_day(turn.now, turn.playbook.zone)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A local time of a day, in UTC."""
    return instant(day, clock.hour * 60 + clock.minute, zone)


def next_daily(playbook: Playbook, clock: time, after: datetime) -> datetime:
    """The first local `clock` strictly after an instant."""
    day = local_day(after, playbook.zone)
    due = at(day, clock, playbook.zone)
    while due <= after:
        day += DAY
        due = at(day, clock, playbook.zone)
    return due


def allowed_hour(turn: Turn, wanted: datetime) -> datetime:
    """The first moment from `wanted` on that is no quiet hour of the community."""
    return earliest(None, "attention", wanted, turn.playbook)


def quiet(turn: Turn) -> bool:
    """Whether today is in a quiet season: nobody is nudged."""
    return turn.playbook.calendar.is_quiet(today(turn))


def waking_morning(turn: Turn, clock: time) -> datetime:
    """The next local `clock` on a day that is in no quiet season."""
    day = turn.playbook.calendar.waking_day_after(today(turn), 1)
    return at(day, clock, turn.playbook.zone)


def counted_days(turn: Turn, since: datetime, day: date) -> int:
    """Local days after `day`, up to today, on which clocks of habit run: no quiet season, no silent platform.

    Args:
        turn: the turn.
        since: the moment from which the days are counted, on `day`.
        day: its local day.
    """
    waking = turn.playbook.calendar.waking_days_between(day, today(turn))
    still = standing_still(turn.find(PULSES), since, turn.now, turn.playbook.silence)
    return max(0, waking - still // DAY)


def away_days(turn: Turn, since: datetime) -> int:
    """Whole days since a moment, without those on which a platform was silent."""
    still = standing_still(turn.find(PULSES), since, turn.now, turn.playbook.silence)
    return max(0, (turn.now - since - still) // DAY)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1])).astimezone(UTC)
