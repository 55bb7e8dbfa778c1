"""Whatever the bytes, decoding ends as an event that can be written again, or as a typed refusal."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import Refused
from contracts.examples import example
from contracts.registry import MODELS
from contracts.wire import decode, encode, examine

EXAMPLES = [json.loads(example(type_)) for type_ in sorted(MODELS)]
SLOW = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MARK = "a huge number"
"""Stands for more digits than Python converts unasked; the wire may carry them all the same."""
ODD_TEXT = st.sampled_from(
    [
        *("", "\0", "\ud800", "NaN", "9" * 400, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-23:59", "\u202e"),
        *("2026-03-02T25:00:00Z", "2026-W10-1T10:00:00Z", "1772446925", "é" * 300, "x" * 5000, "post.sung", MARK),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | ODD_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def ends_well(message):
    refusal = None
    try:
        event = decode(message)
        examine(event, subject="post.created.atelier.forum", stored_at=event.time)
    except Refused as caught:
        refusal = caught
    if refusal is None:
        assert decode(encode(event)).data == event.data
    else:
        assert all((refusal.what, refusal.where, refusal.cure))


@SLOW
@given(st.binary(max_size=200))
def test_any_bytes(message):
    ends_well(message)


@SLOW
@given(VALUES)
def test_any_json(value):
    ends_well(dumps(value))


@SLOW
@given(st.sampled_from(EXAMPLES), st.data())
def test_an_example_with_anything_in_the_place_of_something(event, data):
    event = json.loads(json.dumps(event))
    place = data.draw(st.sampled_from(places(event)))
    holder, name = place
    if data.draw(st.booleans()):
        holder[name] = data.draw(VALUES)
    elif isinstance(holder, dict):
        del holder[name]

    ends_well(dumps(event))


@SLOW
@given(st.sampled_from(sorted(MODELS)), st.data())
def test_an_example_with_some_bytes_changed(type_, data):
    message = bytearray(example(type_))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    ends_well(bytes(message))


def places(value):
    """Every (holder, key or index) in a document."""
    found = []
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in steps:
        found.append((value, name))
        found.extend(places(inner))
    return found


def dumps(value):
    return json.dumps(value).replace(f'"{MARK}"', "1" + "0" * 4400).encode()
