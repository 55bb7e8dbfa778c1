"""The envelope is CloudEvents as the reference SDK has it, both ways."""

import json

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from contracts.envelope import CONTENT_TYPE
from contracts.examples import example
from contracts.registry import MODELS
from contracts.wire import decode, encode

SDK = JSONFormat()


@pytest.mark.parametrize("type_", sorted(MODELS))
def test_the_sdk_reads_what_we_write(type_):
    ours = decode(example(type_))

    theirs = SDK.read(CloudEvent, encode(ours))

    assert (theirs.get_id(), theirs.get_source(), theirs.get_type()) == (ours.id, ours.source, ours.type)
    assert theirs.get_time() == ours.time
    assert theirs.get_subject() == ours.subject
    assert theirs.get_specversion() == "1.0"
    assert theirs.get_datacontenttype() == "application/json"
    assert theirs.get_extension("causationid") == ours.causationid
    assert theirs.get_extension("backfill") is False
    assert theirs.get_data() == json.loads(encode(ours))["data"]


@pytest.mark.parametrize("type_", sorted(MODELS))
def test_we_read_what_the_sdk_writes(type_):
    theirs = SDK.read(CloudEvent, example(type_))

    assert decode(SDK.write(theirs)) == decode(example(type_))


def test_an_event_made_with_the_sdk_alone_is_read():
    made = CloudEvent(
        {"type": "member.seen", "source": "/platforms/forum", "subject": "lea"},
        {"community": "atelier", "member": "lea"},
    )

    event = decode(SDK.write(made))

    assert (event.data.member, event.id, event.time) == ("lea", made.get_id(), made.get_time())


def test_the_content_type_is_the_sdks():
    assert SDK.get_content_type() == CONTENT_TYPE
