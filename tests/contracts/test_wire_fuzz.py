"""Whatever the bytes, decoding ends as an event that can be written again, or as a typed refusal."""

import pytest
from hypothesis import HealthCheck, given, settings

from contracts.errors import Refused
from contracts.wire import decode, encode, examine
from hostile import INPUTS

SLOW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def ends_well(message: bytes) -> None:
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


@pytest.mark.parametrize("kind", INPUTS)
def test_a_message_is_read_or_refused_with_reason_place_and_cure(kind):
    @SLOW
    @given(INPUTS[kind])
    def read_or_refused(message):
        ends_well(message)

    read_or_refused()


def test_the_strategies_reach_what_is_accepted_and_what_is_refused():
    seen = set()

    @SLOW
    @given(INPUTS["events"])
    def look(message):
        try:
            decode(message)
        except Refused as refused:
            seen.add(refused.kind)
        else:
            seen.add("accepted")

    look()
    assert {"accepted", "bad-data", "bad-envelope"} <= seen
