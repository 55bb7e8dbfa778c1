"""What comes in on the bus ends as an event or as one typed refusal, which says what, where and how to mend it."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from contracts.envelope import Event
from contracts.errors import (
    BadData,
    BadEnvelope,
    FromTheFuture,
    NotJson,
    Refused,
    TooLarge,
    UnknownType,
    WrongSubject,
)
from contracts.examples import example
from contracts.facts import PostCreated
from contracts.wire import decode, encode, examine

WORDS = "kérosène-dans-le-grenier"


def document(type_="post.created", **data):
    event = json.loads(example(type_))
    event["data"] |= data
    return event


def raw(event):
    return json.dumps(event).encode()


def without(event, *names):
    return {name: value for name, value in event.items() if name not in names}


def refused(message):
    with pytest.raises(Refused) as caught:
        decode(message)
    refusal = caught.value
    assert refusal.what
    assert refusal.where
    assert refusal.cure
    assert WORDS not in str(refusal)
    return refusal


def odd_member(value):
    return raw(document(member=value))


def odd_number(text):
    return raw(document(figure="here")).replace(b'"here"', text)


@pytest.mark.parametrize(
    ("message", "kind", "where"),
    [
        (b"", NotJson, "line 1 column 0"),
        (b"bonjour", NotJson, "line 1 column 1"),
        (b"[]", NotJson, "message"),
        (b"null", NotJson, "message"),
        (b'{"type":"\xff"}', NotJson, "line 1 column 10"),
        (b"\xef\xbb\xbf" + example("post.created"), NotJson, "line 1 column 1"),
        (example("post.created") + b"{}", NotJson, None),
        (odd_number(b"NaN"), NotJson, "message"),
        (odd_number(b"[-Infinity]"), NotJson, "message"),
        (odd_number(b"9" * 5000), NotJson, None),
        (odd_number(b"[" * 400 + b"]" * 400), NotJson, None),
        (odd_member("\ud800"), NotJson, None),
        (raw(without(document(), "type")), BadEnvelope, "type"),
        (raw(document() | {"type": 5}), BadEnvelope, "type"),
        (raw(document() | {"type": None}), BadEnvelope, "type"),
        (raw(document() | {"type": f"Post {WORDS}"}), BadEnvelope, "type"),
        (raw(without(document(), "id")), BadEnvelope, "id"),
        (raw(without(document(), "data")), BadEnvelope, "data"),
        (raw(document() | {"specversion": "0.3"}), BadEnvelope, "specversion"),
        (raw({k: v for k, v in document().items() if k != "specversion"}), BadEnvelope, "specversion"),
        (raw(document() | {"source": f"/platforms/{WORDS} x"}), BadEnvelope, "source"),
        (raw(document() | {"datacontenttype": "text/plain"}), BadEnvelope, "datacontenttype"),
        (raw(document() | {"backfill": "true"}), BadEnvelope, "backfill"),
        (raw(document() | {"time": 1_772_446_925}), BadEnvelope, "time"),
        (raw(document() | {"time": "1772446925"}), BadEnvelope, "time"),
        (raw(document() | {"time": "2026-03-02"}), BadEnvelope, "time"),
        (raw(document() | {"time": "2026-03-02T10:22:05"}), BadEnvelope, "time"),
        (raw(document() | {"time": "2026-02-30T10:22:05Z"}), BadEnvelope, "time"),
        (raw(document() | {"time": "0001-01-01T00:00:00+05:00"}), BadEnvelope, "time"),
        (raw(document() | {"time": "9999-12-31T23:59:59-05:00"}), BadEnvelope, "time"),
        (raw(document() | {"subject": "a\0b"}), BadEnvelope, "subject"),
        (raw(document() | {"data": [WORDS]}), BadData, "data"),
        (raw(document() | {"data": None}), BadData, "data"),
        (raw(document(community="L'Atelier")), BadData, "data.community"),
        (odd_member(None), BadData, "data.member"),
        (odd_member(""), BadData, "data.member"),
        (odd_member(7), BadData, "data.member"),
        (odd_member("lé\u202ea"), BadData, "data.member"),
        (odd_member("m" * 129), BadData, "data.member"),
        (raw(document(kind=WORDS)), BadData, "data.kind"),
        (raw(document(bot="yes")), BadData, "data.bot"),
        (raw(document(tags=["couture", 5])), BadData, "data.tags[1]"),
        (raw(document(tags=WORDS)), BadData, "data.tags"),
        (raw(document(links=1.5)), BadData, "data.links"),
        (raw(document(body=f"{WORDS}\0")), BadData, "data.body"),
        (raw(document(extra={"deep": [{WORDS: "\0"}]})), BadData, "data.extra.deep[0]"),
        (raw(document("kudos.given", receivers=[])), BadData, "data.receivers"),
        (raw(document("member.updated", hours={"monday": ["22:00-18:00"]})), BadData, "data.hours.monday[0]"),
        (raw(document("outcome.reported", value="beaucoup")), BadData, "data.value"),
        (raw(document("member.welcomed", because=[])), BadData, "data.because"),
        (raw(document() | {"type": "post.sung"}), UnknownType, "type"),
        (raw(document() | {"type": "weather.changed"}), UnknownType, "type"),
        (raw(document(body="x" * 300 * 1024)), TooLarge, "message"),
    ],
)
def test_bad_input_is_refused_with_its_kind_and_place(message, kind, where):
    refusal = refused(message)

    assert type(refusal) is kind
    if where is not None:
        assert refusal.where == where


def test_a_refusal_tells_how_to_mend_it():
    assert refused(raw(document() | {"time": "2026-03-02T10:22:05"})).cure == (
        "write the zone behind the time, as 2026-03-02T10:00:00Z"
    )
    assert refused(raw(document(body="\0"))).what == "the character U+0000 in a text"
    assert "262,144 bytes" in refused(b"x" * 300_000).cure
    assert "docs/contracts.md" in refused(raw(without(document(), "data"))).cure


def test_several_faults_are_told_together_the_envelopes_first():
    refusal = refused(raw(without(document(member=7, post=None, thread=None), "time")))

    assert isinstance(refusal, BadEnvelope)
    assert refusal.what == (
        "time: Field required; data.member: Input should be a valid string; data.post: Input should be a valid string;"
        " and 1 more"
    )


def test_an_unknown_type_may_be_a_newer_one_of_a_known_entity():
    assert refused(raw(document() | {"type": "post.sung"})).known_entity
    assert not refused(raw(document() | {"type": "weather.changed"})).known_entity


def test_what_a_platform_leaves_out_or_writes_as_null_has_its_default():
    event = decode(
        raw(
            document(tags=None, mentions=None, bot=None, title=None, body=None, locale=None, reply_to=None)
            | {"backfill": None, "subject": None, "datacontenttype": None, "causationid": None}
        )
    )

    assert (event.data.tags, event.data.mentions, event.data.bot, event.data.body) == ((), (), False, "")
    assert (event.data.title, event.data.reply_to, event.backfill) == (None, None, False)
    assert event.datacontenttype == "application/json"


def test_empty_titles_and_bodies_are_kept_and_long_bodies_cut():
    event = decode(raw(document(title="", body="é" * 4001)))

    assert event.data.title == ""
    assert event.data.body == "é" * 4000
    assert decode(raw(document(body=""))).data.body == ""


def test_unknown_fields_are_kept():
    event = decode(raw(document(badge_class="gold") | {"traceparent": "x"}))

    assert event.data.badge_class == "gold"
    assert json.loads(encode(event))["data"]["badge_class"] == "gold"
    assert json.loads(encode(event))["traceparent"] == "x"


def test_nobody_may_be_told_as_the_giver_of_a_reaction():
    assert decode(raw(document("reaction.added", member=None))).data.member is None
    assert decode(raw(document("reaction.added", reaction="👩‍🚒"))).data.reaction == "👩‍🚒"


def test_of_a_key_that_stands_twice_the_last_one_holds():
    message = raw(document())[:-1] + b',"type":"member.seen"}'

    event = decode(message)

    assert event.type == event.data.TYPE == "member.seen"


def test_times_are_kept_in_utc_to_the_microsecond():
    event = decode(raw(document() | {"time": "2026-03-02T11:22:05.123456789+01:00"}))

    assert event.time == datetime(2026, 3, 2, 10, 22, 5, 123456, tzinfo=UTC)
    assert event.time.tzinfo is UTC
    assert decode(example("post.created")).time.tzinfo is UTC


def test_a_figure_may_be_a_number_or_text():
    assert decode(raw(document("outcome.reported", value=12.5))).data.value == Decimal("12.5")
    assert decode(raw(document("outcome.reported", value="12.50"))).data.value == Decimal("12.50")


def test_links_are_addresses_a_count_or_a_yes():
    links = [decode(raw(document(links=links))).data.links for links in (["https://a.example"], 2, True, None)]

    assert links == [("https://a.example",), 2, True, None]


def test_words_that_look_like_no_json_are_fine_inside_of_text():
    text = r"Infinity is NaN, \u0000 too"

    assert decode(raw(document(body=text, extra=[1.5]))).data.body == text


def test_an_event_made_here_is_equal_to_the_one_that_is_read_back():
    made = Event[PostCreated](
        id="forum-1",
        source="/platforms/forum",
        type="post.created",
        time=datetime(2026, 3, 2, 10, tzinfo=UTC),
        data=PostCreated(community="atelier", member="lea", post="p", thread="p", channel="aide", kind="question"),
    )

    assert decode(encode(made)) == made
    assert b"null" not in encode(made)


def test_the_fields_of_a_surge_are_named_as_on_the_wire():
    event = decode(example("surge.announced"))

    assert event.data.from_ < event.data.until
    assert "from" in json.loads(encode(event))["data"]


# Examination: the event against where and when it came in.

POST = decode(example("post.created"))


@pytest.mark.parametrize("subject", ["post.created.atelier.forum", "0.post.created.atelier.forum", None])
def test_an_event_on_its_own_subject_passes(subject):
    examine(POST, subject=subject, stored_at=POST.time)


@pytest.mark.parametrize(
    ("subject", "where"),
    [
        ("post.updated.atelier.forum", "type"),
        ("post.created.jardin.forum", "data.community"),
        ("post.created.atelier.chat", "source"),
        ("post.created.atelier", "subject"),
        ("post.created.atelier.forum.more", "subject"),
        ("Post.created.atelier.forum", "subject"),
        ("", "subject"),
    ],
)
def test_an_event_on_another_subject_is_refused(subject, where):
    with pytest.raises(WrongSubject) as caught:
        examine(POST, subject=subject)

    assert caught.value.where == where
    assert caught.value.cure


def test_a_source_may_be_registered_under_another_publisher():
    examine(POST, subject="post.created.atelier.chat", publishers={"/platforms/forum": "chat"})
    with pytest.raises(WrongSubject):
        examine(POST, subject="post.created.atelier.forum", publishers={"/platforms/forum": "chat"})


@pytest.mark.parametrize(
    ("type_", "source", "publisher"),
    [
        ("post.created", "/services/support", "support"),
        ("post.created", "/operator", "operator"),
        ("clock.ticked", "/platforms/forum", "forum"),
        ("question.opened", "/platforms/forum", "forum"),
        ("message.requested", "/platforms/forum", "forum"),
        ("community.unmuted", "/platforms/forum", "forum"),
        ("question.opened", "/services/onboarding", "onboarding"),
        ("question.opened", "/elsewhere/support", "support"),
        ("clock.ticked", "/elsewhere/clock", "clock"),
    ],
)
def test_nobody_may_publish_what_is_not_theirs_to_say(type_, source, publisher):
    event = decode(raw(document(type_) | {"source": source}))

    with pytest.raises(WrongSubject):
        examine(event, subject=f"{type_}.atelier.{publisher}")


@pytest.mark.parametrize("source", ["/services/other/forum", "/services/forum"])
def test_a_source_among_those_of_services_is_nobody_elses(source):
    event = POST.model_copy(update={"source": source})
    with pytest.raises(WrongSubject):
        examine(event, subject="post.created.atelier.forum")


@pytest.mark.parametrize("source", ["/clock", "/calendar"])
def test_no_registration_gives_a_platform_the_clock_or_the_calendar(source):
    event = POST.model_copy(update={"source": source})
    with pytest.raises(WrongSubject):
        examine(event, subject="post.created.atelier.forum", publishers={source: "forum"})


def test_a_source_that_can_be_no_publisher_is_refused():
    event = decode(raw(document() | {"source": "/platforms/Mon.Forum"}))

    with pytest.raises(WrongSubject) as caught:
        examine(event, subject="post.created.atelier.forum")

    assert caught.value.where == "source"


def test_five_minutes_of_a_fast_clock_are_allowed_and_no_more():
    examine(POST, stored_at=POST.time - timedelta(minutes=5))
    with pytest.raises(FromTheFuture) as caught:
        examine(POST, stored_at=POST.time - timedelta(minutes=5, microseconds=1))

    assert caught.value.where == "time"


def test_a_bare_facts_file_has_neither_subject_nor_timestamp_to_check():
    examine(decode(raw(document("community.muted") | {"source": "/elsewhere", "time": "2900-01-01T00:00:00Z"})))
