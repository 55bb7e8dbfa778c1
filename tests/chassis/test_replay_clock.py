"""The clock of a replay on live services: told by a setting, it runs from its own start as fast as it is told."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import ReplayClock, WallClock
from chassis.runner import clock_of
from chassis.settings import BadSettings, load_settings

START = datetime(2014, 5, 1, tzinfo=UTC)
ADDRESSES = {"nats_url": "nats://localhost", "postgres_dsn": "postgresql://localhost", "embedded": True}


def told(text: str | None):
    return clock_of(load_settings(**ADDRESSES, replay_clock=text))


def test_it_runs_so_many_times_as_fast_as_the_wall():
    hour_ago = datetime.now(UTC) - timedelta(hours=1)

    shown = told(str(ReplayClock(START, hour_ago, 60))).now()

    assert timedelta(0) <= shown - (START + timedelta(hours=60)) < timedelta(hours=1)


def test_at_speed_none_it_stands():
    assert told(str(ReplayClock(START, datetime.now(UTC) - timedelta(days=9), 0))).now() == START


def test_without_a_replay_it_is_the_walls():
    assert isinstance(told(None), WallClock)


@pytest.mark.parametrize("text", ["60", "2014-05-01/now/60", "2014-05-01T00:00:00/2026-01-01T00:00:00Z/60"])
def test_what_is_no_clock_is_told(text):
    with pytest.raises(BadSettings, match="RUCHE_REPLAY_CLOCK wants two instants and a speed"):
        told(text)
