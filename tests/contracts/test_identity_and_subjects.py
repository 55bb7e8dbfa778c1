"""Ids that sort by time and follow from their cause; subjects, publishers and partitions."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import WrongSubject
from contracts.examples import example
from contracts.identity import Cause, consequence_id, identity_key, service_source, tail, timeless, uuid8
from contracts.registry import MODELS
from contracts.subjects import Subject, parse_subject, partition_of, publisher_of, subject_of
from contracts.wire import decode

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
JOIN = Cause(source="/platforms/forum", id="forum-1", correlation="forum-1")


def test_an_id_is_a_uuid_of_version_8():
    identity = UUID(uuid8(MONDAY, "a", "b"))

    assert identity.version == 8
    assert identity.variant == "specified in RFC 4122"
    assert identity.int >> 80 == int(MONDAY.timestamp() * 1000)
    assert str(identity) == uuid8(MONDAY, "a", "b")


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 12, 31)), st.integers(1, 10**10))  # noqa: DTZ001
def test_ids_sort_by_time(naive, later):
    time = naive.replace(tzinfo=UTC)

    assert uuid8(time, "z") < uuid8(time + timedelta(milliseconds=later), "a")


def test_the_same_cause_has_the_same_consequence_and_another_has_another():
    first = consequence_id(MONDAY, JOIN, "onboarding", "welcome", "lea")

    assert first == consequence_id(MONDAY, JOIN, "onboarding", "welcome", "lea")
    others = {
        consequence_id(MONDAY, JOIN._replace(id="forum-2"), "onboarding", "welcome", "lea"),
        consequence_id(MONDAY, JOIN, "support", "welcome", "lea"),
        consequence_id(MONDAY, JOIN, "onboarding", "raid", "lea"),
        consequence_id(MONDAY, JOIN, "onboarding", "welcome", "octave"),
    }
    assert len({first, *others}) == 5


def test_a_moved_decision_keeps_the_hash_and_so_do_its_consequences():
    early = uuid8(MONDAY, "a")
    late = uuid8(MONDAY + timedelta(days=1), "a")

    assert tail(early) == tail(late) == early[14:]
    assert timeless(service_source("support"), early) == timeless(service_source("support"), late)
    assert timeless("/platforms/forum", early) != timeless("/platforms/forum", late)


def test_parts_of_a_hash_do_not_run_into_each_other():
    assert uuid8(MONDAY, "ab", "c") != uuid8(MONDAY, "a", "bc")


def test_an_identity_key_has_16_bytes_time_first():
    keys = [identity_key(MONDAY + timedelta(seconds=n), "atelier", "/platforms/forum", "x") for n in range(3)]

    assert keys == sorted(keys)
    assert {len(key) for key in keys} == {16}
    assert identity_key(MONDAY, "jardin", "/platforms/forum", "x") != keys[0]


@pytest.mark.parametrize("type_", sorted(MODELS))
def test_a_subject_comes_back_from_its_text(type_):
    subject = subject_of(decode(example(type_)))

    assert subject.type == type_
    assert parse_subject(str(subject)) == subject
    assert parse_subject(f"7.{subject}") == subject


@pytest.mark.parametrize(
    "text",
    [
        *("", "post", "post.created.atelier", "post.created.Atelier.forum", "post.created.atelier.forum.x", "a.b..c"),
        *("7.8.post.created.atelier.forum", "post.created.atelier.forum\n", "x.post.created.atelier.forum", "post.>"),
        *("post.created.-a.forum", f"post.created.{'a' * 64}.forum", "post.created.*.forum", "é.b.c.d"),
    ],
)
def test_what_is_no_subject_is_refused(text):
    with pytest.raises(WrongSubject):
        parse_subject(text)


def test_a_community_of_digits_is_no_partition():
    assert parse_subject("post.created.42.forum") == Subject("post.created", "42", "forum")


@pytest.mark.parametrize(
    ("source", "publisher"),
    [("/platforms/forum", "forum"), ("/forum/", "forum"), ("forum", "forum"), ("/archives/fcc-gitter", "fcc-gitter")],
)
def test_the_publisher_is_the_last_path_segment(source, publisher):
    assert publisher_of(source) == publisher


@pytest.mark.parametrize("source", ["/", "/platforms/Forum", "/platforms/a.b", "/platforms/é", f"/{'a' * 64}"])
def test_a_segment_that_is_no_token_is_refused(source):
    with pytest.raises(WrongSubject):
        publisher_of(source)


@pytest.mark.parametrize(
    ("text", "digest"),  # published vectors of FNV-1a, 32 bits
    [("", 0x811C9DC5), ("a", 0xE40C292C), ("b", 0xE70C2DE5), ("foobar", 0xBF9CF968), ("hello", 0x4F9F2CAB)],
)
def test_partitions_are_fnv_1a_of_the_community(text, digest):
    assert partition_of(text, 1 << 32) == digest
    assert partition_of(text, 8) == digest % 8
