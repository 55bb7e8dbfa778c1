"""Silence of a platform is not silence of people: while a source says nothing, clocks on people stand still.

A source is silent when nothing came from it for ten times its usual gap (the median, over 28 local days, of the longest
gap that ended on each day) and for at least six hours; one of which no gap is known yet is never silent.

With several sources, the community's clocks stand still while any of them is silent, since nobody can know what its
people do. A source silent for over 28 days while another speaks is retired: it is no platform of the community any
more, and of its silence only those 28 days stand still.
"""

from bisect import insort
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.identity import SERVICES
from contracts.office_time import DAY, instant
from contracts.playbook import NEUTRAL, Silence
from contracts.zones import zone_or

MOST_SILENCES = 64
"""Past silences kept of a source, the newest."""
LONGEST_KEPT = timedelta(days=400)
RETIRED_AFTER = timedelta(days=28)
_NO_PULSE = frozenset({"clock", "operator"})


class Pulse(Struct, frozen=True, kw_only=True):
    """The beat of one source in one community.

    Attributes:
        source: the source.
        first_at: its first fact.
        last_at: its latest fact.
        day_ends_at: the end of the local day of the latest fact.
        days: for each of the newest local days on which facts came, the longest gap that ended there, in seconds.
        silences: past silences, from the last fact before to the first after, in order; only the newest.
    """

    source: str
    first_at: datetime
    last_at: datetime
    day_ends_at: datetime
    days: tuple[tuple[date, int], ...] = ()
    silences: tuple[tuple[datetime, datetime], ...] = ()


def has_pulse(event: AnyEvent) -> bool:
    """Whether the event is a platform's word: ticks, operators and services are no pulse."""
    source = event.source
    return not source.startswith(SERVICES) and source.rpartition("/")[2] not in _NO_PULSE


def pulse_after(
    pulse: Pulse | None, source: str, at: datetime, zone: ZoneInfo | str, figures: Silence = NEUTRAL.silence
) -> Pulse:
    """The pulse after a fact of that source: the same object for a fact that is late.

    Args:
        pulse: what was known; None before the first fact.
        source: the source.
        at: the time of the fact, not ahead of the community's now.
        zone: the community's.
        figures: the playbook's.
    """
    if pulse is None:
        return Pulse(source=source, first_at=at, last_at=at, day_ends_at=_day_end(at, zone)[1])
    if at <= pulse.last_at:
        return pulse
    gap = at - pulse.last_at
    seconds = gap.days * 86_400 + gap.seconds
    if at < pulse.day_ends_at and pulse.days and seconds <= pulse.days[-1][1]:
        # One more fact on the same day, after a gap like others: so it is with nearly every event.
        return replace(pulse, last_at=at)
    threshold = longest_gap(pulse, figures)
    silences = pulse.silences
    if threshold is not None and gap > threshold:
        silences = (*(span for span in silences if span[1] > at - LONGEST_KEPT), (pulse.last_at, at))[-MOST_SILENCES:]
    day, ends = _day_end(at, zone)
    days = pulse.days
    if days and days[-1][0] == day:
        days = (*days[:-1], (day, max(seconds, days[-1][1])))
    else:
        oldest = day - figures.history_days * DAY
        days = (*(known for known in days if oldest < known[0] < day), (day, seconds))
    return replace(pulse, last_at=at, day_ends_at=ends, days=days, silences=silences)


def _day_end(at: datetime, zone: ZoneInfo | str) -> tuple[date, datetime]:
    place = zone_or(zone, "UTC") if isinstance(zone, str) else zone
    day = at.astimezone(place).date()
    return day, instant(day + DAY, 0, place)


def longest_gap(pulse: Pulse, figures: Silence = NEUTRAL.silence) -> timedelta | None:
    """How long a source may say nothing before it is silent; None while no gap of it is known.

    The median of an even number of days is the mean of the middle two, rounded down to a second.
    """
    if not pulse.days:
        return None
    gaps: list[int] = []
    for _, seconds in pulse.days:
        insort(gaps, seconds)
    middle = len(gaps) // 2
    usual = gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) // 2
    return max(timedelta(seconds=usual * figures.gap_factor), timedelta(hours=figures.least_hours))


def _quiet(pulse: Pulse, now: datetime, figures: Silence) -> bool:
    if now - pulse.last_at <= timedelta(hours=figures.least_hours):
        return False
    longest = longest_gap(pulse, figures)
    return longest is not None and now - pulse.last_at > longest


def _retired(pulse: Pulse, pulses: tuple[Pulse, ...], now: datetime, figures: Silence) -> bool:
    return now - pulse.last_at > RETIRED_AFTER and any(
        not _quiet(other, now, figures) for other in pulses if other.source != pulse.source
    )


def is_silent(pulses: Iterable[Pulse], now: datetime, figures: Silence = NEUTRAL.silence) -> bool:
    """Whether a source of the community is silent now."""
    return bool(silent_sources(pulses, now, figures))


def silent_sources(pulses: Iterable[Pulse], now: datetime, figures: Silence = NEUTRAL.silence) -> tuple[str, ...]:
    """The sources that are silent now, retired ones left out, sorted."""
    known = tuple(pulses)
    return tuple(
        sorted(
            pulse.source for pulse in known if _quiet(pulse, now, figures) and not _retired(pulse, known, now, figures)
        )
    )


def silent_from(pulses: Iterable[Pulse], now: datetime, figures: Silence = NEUTRAL.silence) -> datetime | None:
    """The first moment, now or later, after which a source that speaks now is silent, if it says nothing more.

    None when there is none: of one that is silent, or retired, that moment has passed.
    """
    moments = [pulse.last_at + longest for pulse in pulses if (longest := longest_gap(pulse, figures)) is not None]
    return min((moment for moment in moments if moment >= now), default=None)


def standing_still(
    pulses: Iterable[Pulse], since: datetime, now: datetime, figures: Silence = NEUTRAL.silence
) -> timedelta:
    """How long, between two moments, clocks on people stood still because a platform was silent.

    A silence counts from the last fact before it: nothing people did since then could be heard.
    """
    known = tuple(pulses)
    spans = sorted(
        (max(start, since), min(end, now))
        for pulse in known
        for start, end in _silences(pulse, known, now, figures)
        if start < now and end > since
    )
    total, reached = timedelta(), since
    for start, end in spans:
        total += max(timedelta(), end - max(start, reached))
        reached = max(reached, end)
    return total


def _silences(
    pulse: Pulse, pulses: tuple[Pulse, ...], now: datetime, figures: Silence
) -> list[tuple[datetime, datetime]]:
    spans = []
    for start, end in pulse.silences:
        # A source that was retired, and came back, stood still for its first 28 days only.
        retired_at = start + RETIRED_AFTER
        others = any(other.first_at < retired_at and other.last_at > retired_at for other in pulses if other != pulse)
        spans.append((start, min(end, retired_at) if others else end))
    if _quiet(pulse, now, figures):
        gone = _retired(pulse, pulses, now, figures)
        spans.append((pulse.last_at, pulse.last_at + RETIRED_AFTER if gone else now))
    return spans
