from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.playbook import Silence
from contracts.silence import (
    Pulse,
    has_pulse,
    is_silent,
    longest_gap,
    pulse_after,
    silent_from,
    silent_sources,
    standing_still,
)
from facts_said import moment, posted, said

FORUM, CHAT = "/platforms/forum", "/platforms/chat"
START = moment("2026-03-02 00:00")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def beating(*times: datetime, source: str = FORUM, pulse: Pulse | None = None) -> Pulse:
    for at in times:
        pulse = pulse_after(pulse, source, at, "UTC")
    assert pulse is not None
    return pulse


def every(gap: timedelta, *, days: int = 20, start: datetime = START) -> list[datetime]:
    return [start + gap * step for step in range(int(days * DAY / gap) + 1)]


def test_ten_times_the_usual_gap_is_silence():
    pulse = beating(*every(2 * HOUR))

    assert longest_gap(pulse) == 20 * HOUR
    assert not is_silent([pulse], pulse.last_at + 20 * HOUR)
    assert is_silent([pulse], pulse.last_at + 20 * HOUR + timedelta(seconds=1))
    assert silent_from([pulse], pulse.last_at) == pulse.last_at + 20 * HOUR
    assert silent_from([pulse], pulse.last_at + 21 * HOUR) is None


def test_a_lively_place_is_not_silent_before_six_hours():
    pulse = beating(*every(timedelta(minutes=10), days=3))

    assert longest_gap(pulse) == 6 * HOUR


def test_the_usual_gap_is_the_median_of_the_longest_of_each_day():
    times = [START + day * DAY + hour * HOUR for day in range(5) for hour in (8, 9, 12, 20)]
    pulse = beating(*times)

    assert [seconds // 3600 for _, seconds in pulse.days] == [8, 12, 12, 12, 12]
    assert longest_gap(pulse) == 120 * HOUR


def test_only_the_newest_twenty_eight_days_count():
    pulse = beating(*every(DAY, days=60))

    assert len(pulse.days) == 28


def test_a_source_heard_once_is_never_silent():
    assert not is_silent([beating(START)], START + 300 * DAY)


def test_a_late_fact_is_no_beat():
    pulse = beating(*every(HOUR, days=2))

    assert pulse_after(pulse, FORUM, START + HOUR, "UTC") is pulse


def test_ticks_operators_and_services_are_no_pulse():
    assert has_pulse(posted("2026-03-02 10:00"))
    assert not has_pulse(said("clock.ticked", "2026-03-02 10:00", source="/clock"))
    assert not has_pulse(said("community.muted", "2026-03-02 10:00", source="/operators/operator", by="max"))
    assert not has_pulse(said("community.muted", "2026-03-02 10:00", source="/services/digest", by="max"))


def test_clocks_stand_still_from_the_last_fact_while_a_platform_is_silent():
    pulse = beating(*every(HOUR, days=5))
    end = pulse.last_at

    assert standing_still([pulse], START, end + 9 * HOUR) == timedelta()
    assert standing_still([pulse], START, end + 30 * HOUR) == 30 * HOUR
    assert standing_still([pulse], end + 10 * HOUR, end + 30 * HOUR) == 20 * HOUR


def test_a_silence_that_is_over_is_remembered():
    pulse = beating(*every(HOUR, days=5))
    gone = pulse.last_at
    back = beating(gone + 3 * DAY, gone + 3 * DAY + HOUR, pulse=pulse)

    assert back.silences == ((gone, gone + 3 * DAY),)
    assert not is_silent([back], back.last_at + HOUR)
    assert standing_still([back], START, back.last_at + HOUR) == 3 * DAY
    assert standing_still([back], gone + DAY, back.last_at) == 2 * DAY
    assert standing_still([back], gone + 3 * DAY, back.last_at + 5 * HOUR) == timedelta()


def test_two_sources_silent_at_once_count_once():
    forum = beating(*every(HOUR, days=5))
    chat = beating(*every(HOUR, days=6), source=CHAT)
    now = START + 8 * DAY

    assert silent_sources([forum, chat], now) == (CHAT, FORUM)
    assert standing_still([forum, chat], START, now) == 3 * DAY


def test_one_silent_source_is_enough_to_stand_still():
    forum = beating(*every(HOUR, days=5))
    chat = beating(*every(HOUR, days=8), source=CHAT)

    assert is_silent([forum, chat], START + 8 * DAY)


def test_a_source_silent_for_four_weeks_while_another_speaks_is_retired():
    forum = beating(*every(HOUR, days=5))
    chat = beating(*every(HOUR, days=40), source=CHAT)
    now = START + 40 * DAY

    assert not is_silent([forum, chat], now)
    assert standing_still([forum, chat], START, now) == 28 * DAY
    assert is_silent([forum], now)
    assert standing_still([forum], START, now) == 35 * DAY


def test_a_retired_source_that_comes_back_stood_still_for_four_weeks_only():
    chat = beating(*every(HOUR, days=60), source=CHAT)
    forum = beating(START + 50 * DAY, START + 50 * DAY + HOUR, pulse=beating(*every(HOUR, days=5)))

    assert standing_still([forum, chat], START, START + 50 * DAY) == 28 * DAY
    assert standing_still([forum], START, START + 50 * DAY) == 45 * DAY


def test_past_silences_are_bounded():
    pulse = beating(*every(HOUR, days=5))
    for _ in range(100):
        gone = pulse.last_at + 40 * HOUR
        pulse = beating(gone, *(gone + HOUR * step for step in range(1, 30)), pulse=pulse)

    assert len(pulse.silences) == 64


def test_the_figures_come_from_the_playbook():
    pulse = beating(*every(HOUR))

    assert longest_gap(pulse, Silence(gap_factor=20)) == 20 * HOUR
    assert not is_silent([pulse], pulse.last_at + 15 * HOUR, Silence(gap_factor=20))


def test_every_field_lives_on_with_a_usual_beat():
    pulse = replace(beating(*every(2 * HOUR, days=3)), silences=((START, START + DAY),))
    later = pulse_after(pulse, FORUM, pulse.last_at + HOUR, "UTC")

    assert later == replace(pulse, last_at=pulse.last_at + HOUR)
    assert type(later) is Pulse
