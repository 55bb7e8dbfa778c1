"""As recorded: a fold of a log decides what the log says, however it is cut, repeated, ticked or interleaved."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backing import Backing
from chassis.entry import Entry
from chassis.fold import TICK
from chassis.held import Limits
from chassis.rendering import Texts
from chassis.replay import as_recorded, tick, whole_second
from recorded import Run, fortnight, installed

SERVICES = {service.name: service for service in installed()}
HELD = {
    "held": Limits(),
    "held while it is small": Limits(table_rows=12, rows=150, communities=1, idle_batches=2, by_key=20),
    "read by key": Limits(communities=0, by_key=20),
}
"""How much of the tables the holder of a partition has in memory."""
PROPERTY = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@cache
def run() -> Run:
    return Run(fortnight())


@cache
def neighbour() -> Run:
    return Run(fortnight(seed=8, community="voisins"))


@cache
def texts(service) -> Texts:
    return Texts(SERVICES[service].package)


def numbered(log):
    return [entry._replace(seq=seq) for seq, entry in enumerate(log, 1)]


def folded(service, log, cuts=(), limits=None):
    """The state after the log, read in batches cut at the given places."""
    backing = Backing(SERVICES[service], texts(service), limits)
    log = numbered(log)
    places = sorted({0, len(log), *(cut % (len(log) + 1) for cut in cuts)})
    for start, end in pairwise(places):
        backing.batch(log[start:end])
    assert backing.letters == []
    return backing


def assert_as_recorded(service, backing, *runs):
    assert [decision.to_json() for decision in backing.said] == [raw for one in runs for raw in one.decided(service)]
    for row, rows in backing.rows.items():
        expected = {key: value for one in runs for key, value in one.turns.shelves[service.name].rows[row].items()}
        assert rows == expected, row
    expected = [deadline for one in runs for deadline in one.turns.shelves[service.name].deadlines()]
    assert sorted(backing.deadlines.values()) == sorted(expected)


@pytest.mark.parametrize("service", SERVICES)
def test_the_run_says_something(service):
    assert len(run().decided(SERVICES[service])) > 20


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("size", [1, 7, 500])
@pytest.mark.parametrize("limits", HELD)
def test_batches_of_any_size_leave_the_same_rows_and_decisions(service, size, limits):
    backing = folded(service, run().log, range(0, len(run().log), size), HELD[limits])

    assert_as_recorded(SERVICES[service], backing, run())


@pytest.mark.parametrize("service", SERVICES)
@given(cuts=st.lists(st.integers(0, 10_000), max_size=30))
@PROPERTY
def test_batches_cut_anywhere_leave_the_same_rows_and_decisions(service, cuts):
    assert_as_recorded(SERVICES[service], folded(service, run().log, cuts), run())


@pytest.mark.parametrize("service", SERVICES)
@given(
    copies=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 2_000)), max_size=200), cut=st.integers(0, 9_999)
)
@PROPERTY
def test_what_is_delivered_again_later_changes_nothing(service, copies, cut):
    log = list(run().log)
    for place, later in sorted(copies, reverse=True):
        again = log[place % len(log)]
        log.insert(min(len(log), place % len(log) + 1 + later), again)

    assert_as_recorded(SERVICES[service], folded(service, log, [cut]), run())


def harmless(log, place, service):
    """Whether the tick at a place is no later than the next event that the service does not pass over."""
    event = log[place].event
    following = log[place + 1].event if place + 1 < len(log) else None
    return (
        event.type == TICK
        and following is not None
        and following.source != SERVICES[service].source
        and event.time <= following.time
    )


@pytest.mark.parametrize("service", SERVICES)
def test_without_its_harmless_ticks_a_log_gives_the_same_rows_and_decisions(service):
    log = run().log
    kept = [entry for place, entry in enumerate(log) if not harmless(log, place, service)]

    assert len(kept) < len(log)
    assert_as_recorded(SERVICES[service], folded(service, kept, [100, 200]), run())


@pytest.mark.parametrize("service", SERVICES)
@given(ticks=st.lists(st.tuples(st.integers(0, 10_000), st.floats(0, 1)), max_size=60))
@PROPERTY
def test_a_tick_no_later_than_the_next_event_changes_nothing(service, ticks):
    log = list(run().log)
    for place, share in sorted(ticks, reverse=True):
        at = 1 + place % (len(log) - 1)
        before, after = log[at - 1].event, log[at].event
        second = whole_second(before.time + share * (after.time - before.time))
        if second <= after.time:
            event = tick(after.data.community, second)
            log.insert(at, Entry(0, None, None, event.to_json(), event))

    assert_as_recorded(SERVICES[service], folded(service, log, [50, 51]), run())


@pytest.mark.parametrize("service", SERVICES)
@given(picks=st.lists(st.booleans(), min_size=50, max_size=400), limits=st.sampled_from(list(HELD.values())))
@PROPERTY
def test_communities_interleaved_otherwise_change_nothing(service, picks, limits):
    ours, theirs = list(run().log), list(neighbour().log)
    log = []
    for pick in picks * 40:
        source = ours if pick else theirs
        if source:
            log.append(source.pop(0))
    backing = folded(service, [*log, *ours, *theirs], range(100, 5000, 100), limits)

    for one, community in ((run(), "latelier"), (neighbour(), "voisins")):
        said = [item.to_json() for item in backing.said if item.data.community == community]
        assert said == one.decided(SERVICES[service])


@pytest.mark.parametrize("service", SERVICES)
def test_the_in_process_fold_of_the_log_agrees_with_what_is_recorded_in_it(service):
    result = as_recorded(SERVICES[service], numbered(run().log))

    assert result.equal
    assert result.shelf.rows == run().turns.shelves[service].rows
