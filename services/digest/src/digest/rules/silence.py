"""A platform that says nothing any more is said aloud: its people may well be there."""

from datetime import datetime, timedelta

from contracts.decisions import PlatformSilent
from contracts.reasons import because
from contracts.silence import longest_gap, silent_from, silent_sources
from contracts.turn import Message, Turn
from digest.rules import notes
from digest.rules.speech import climate_of, manager_of
from digest.rules.times import DAY, next_sweep
from digest.state_sets import HUSHES, PULSES
from digest.state_told import Hush

SILENCE = "silence"
"""The rule, and the deadline at which a platform that speaks now would be silent."""
LEAST_DAYS = 3


def prepare(turn: Turn) -> None:
    """Once a day, and when one was due to fall silent: say which are, forget those that speak, look ahead."""
    if turn.backfill:
        return
    pulses = turn.find(PULSES)
    figures = turn.playbook.silence
    silent = silent_sources(pulses, turn.now, figures)
    by_source = {pulse.source: pulse for pulse in pulses}
    for hush in turn.find(HUSHES):
        if hush.source not in silent or by_source[hush.source].last_at > hush.since:
            turn.drop(Hush, hush.source)
            notes.settle(turn, f"silence/{hush.source}")
    for source in silent:
        pulse = by_source[source]
        # Of a platform heard on a day or two hardly anything is usual yet: it is told after a whole day.
        known = len(pulse.days) >= LEAST_DAYS or turn.now - pulse.last_at >= DAY
        if known and turn.get(Hush, source) is None:
            _say(turn, source, pulse.last_at)
    ahead = silent_from(pulses, turn.now, figures)
    if ahead is not None and ahead < next_sweep(turn.playbook, turn.now):
        # Silent is what is later than that.
        turn.arm(SILENCE, "", ahead + timedelta(seconds=1))


def fire(turn: Turn, _key: str, _due: datetime) -> None:
    """One may have fallen silent."""
    prepare(turn)


def _say(turn: Turn, source: str, since: datetime) -> None:
    figures = turn.playbook.silence
    pulse = next(pulse for pulse in turn.find(PULSES) if pulse.source == source)
    allowed = longest_gap(pulse, figures) or timedelta(hours=figures.least_hours)
    seconds = int(allowed.total_seconds())
    reason = because(
        SILENCE,
        threshold=seconds,
        actual=int((turn.now - since).total_seconds()),
        evidence=(climate_of(turn).heard_by,),
    )
    usual = seconds // figures.gap_factor if allowed > timedelta(hours=figures.least_hours) else None
    decision = turn.decide(
        PlatformSilent(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            source=source,
            since=since,
            usual_gap_seconds=usual,
            allowed_seconds=seconds,
        ),
        rule=SILENCE,
        key=source,
    )
    turn.put(Hush(source=source, since=since, decision=decision))
    notes.put(turn, slot="held", kind="silent", about=f"silence/{source}", by=decision, title=source, weight=5, days=60)
    turn.request(
        Message(
            key=source,
            rule=SILENCE,
            kind=SILENCE,
            template="platform_silent",
            to=manager_of(turn),
            purse="none",
            lifetime=timedelta(days=1),
            values={"source": source, "since": since.isoformat()},
            serves=decision,
            because=(reason,),
        )
    )
