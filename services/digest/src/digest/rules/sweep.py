"""Once a day, before anybody is up: rows that can no longer matter go, and the day is prepared."""

from datetime import datetime

from contracts.turn import Turn
from digest.rules import (
    arrivals,
    conversation,
    freshness,
    meetups,
    notes,
    personal,
    promises,
    prompts,
    rhythm,
    silence,
    synthesis,
)
from digest.rules.times import today


def fire(turn: Turn, _due: datetime) -> None:
    """The day begins."""
    day = today(turn)
    conversation.sweep(turn, day)
    rhythm.sweep(turn, day)
    arrivals.sweep(turn)
    promises.sweep(turn)
    synthesis.sweep(turn)
    notes.sweep(turn)
    prompts.sweep(turn)
    meetups.sweep(turn)
    silence.prepare(turn)
    freshness.prepare(turn)
    personal.sweep(turn)
