"""Each platform's sample export, fact by fact. The people in the samples are invented."""

import json
from typing import Any

import pytest

from contracts.wire import decode
from ruche.converters import PLATFORMS
from samples import HERE, converted


def facts(platform: str, type_: str, **options: Any) -> list[dict[str, Any]]:
    return [fact["data"] for fact in converted(platform, **options)[1] if fact["type"] == type_]


def one(found: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    [only] = [data for data in found if all(data.get(name) == value for name, value in fields.items())]
    return only


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_sample_export_gives_exactly_these_facts(platform: str):
    """A reviewed file: `ruche convert PLATFORM SAMPLE -c atelier --out EXPECTED` writes it again."""
    expected = [json.loads(line) for line in (HERE / "expected" / f"{platform}.ndjson").read_bytes().splitlines()]

    assert converted(platform)[1] == expected


@pytest.mark.parametrize("platform", PLATFORMS)
def test_facts_are_valid_in_order_of_time_each_once_by_the_platform(platform: str):
    _, found = converted(platform)
    events = [decode(json.dumps(fact).encode()) for fact in found]

    assert [event.time for event in events] == sorted(event.time for event in events)
    assert len({event.id for event in events}) == len(events)
    assert {event.source for event in events} == {f"/platforms/{platform}"}
    assert not any(event.backfill for event in events)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_same_export_gives_the_same_facts_however_little_is_kept_in_memory(platform: str):
    assert converted(platform, in_memory=3)[1] == converted(platform)[1]


@pytest.mark.parametrize(
    ("platform", "places"),
    [
        ("slack", {"C0GEN": "members", "C0REP": "members", "G0BOARD": "restricted"}),
        ("zulip", {"20": "members", "21": "restricted"}),
        ("mattermost", {"town-square": "members", "board": "restricted"}),
        ("discourse", {"4": "public", "5": "restricted"}),
    ],
)
def test_private_channels_are_restricted(platform: str, places: dict[str, str]):
    found = facts(platform, "channel.described")

    assert {data["channel"]: data["visibility"] for data in found} == places


def test_where_no_export_tells_who_reads_a_channel_the_operator_does():
    found = facts("discord", "channel.described", restricted=["900000000000000012"])

    assert {data["name"]: data["visibility"] for data in found} == {"general": "members", "staff": "restricted"}


@pytest.mark.parametrize("platform", ["slack", "zulip", "mattermost", "discourse"])
def test_private_conversations_are_left_out(platform: str):
    done, found = converted(platform)

    assert "etween us" not in json.dumps(found)
    assert sum(count for what, count in done.findings.left_out.items() if "direct" in what or "private" in what) > 0


@pytest.mark.parametrize(
    ("platform", "staff", "bots"),
    [
        ("slack", {"U0EVE"}, {"B0FEED"}),
        ("zulip", {"8"}, {"3", "11"}),
        ("mattermost", {"eve"}, {"feed"}),
        ("discourse", {"1"}, {"-1"}),
        ("stackexchange", set(), {"-1"}),
        ("discord", set(), {"800000000000000004"}),
    ],
)
def test_staff_and_programs_are_told_apart(platform: str, staff: set[str], bots: set[str]):
    found = facts(platform, "member.joined") + facts(platform, "member.updated")

    assert {data["member"] for data in found if data.get("staff")} == staff
    assert {data["member"] for data in found if data.get("bot")} == bots


@pytest.mark.parametrize(
    ("platform", "told", "inferred"),
    [
        ("slack", {"U0ANA"}, {"U0BEN", "U0EVE", "B0FEED"}),
        ("discord", {"800000000000000001"}, {f"80000000000000000{n}" for n in (2, 3, 4)}),
        ("mattermost", {"ana"}, {"eve", "ben", "feed"}),
        ("mbox", set(), {f"{name}@example.org" for name in ("ana", "ben", "cleo", "feed")}),
        ("stackexchange", {"-1", "10", "20"}, {"name:user33"}),
        ("zulip", {"8", "9", "10", "11"}, set()),
        ("discourse", {"-1", "1", "10", "11", "12"}, set()),
    ],
)
def test_joins_are_told_or_concluded_from_the_first_act(platform: str, told: set[str], inferred: set[str]):
    found = facts(platform, "member.joined")

    assert {data["member"] for data in found if not data.get("inferred")} == told
    assert {data["member"] for data in found if data.get("inferred")} == inferred


@pytest.mark.parametrize(("platform", "member"), [("slack", "U0LUR"), ("mattermost", "lou")])
def test_somebody_of_whom_no_date_is_known_is_known_and_has_not_joined(platform: str, member: str):
    assert one(facts(platform, "member.updated"), member=member)["display_name"] == "Lou"
    assert member not in {data["member"] for data in facts(platform, "member.joined")}


@pytest.mark.parametrize(
    ("platform", "post", "thread", "reply_to"),
    [
        ("slack", "C0REP-1767430800.000300", "C0REP-1767427200.000100", "C0REP-1767427200.000100"),
        ("discord", "1000000000000000008", "1000000000000000003", "1000000000000000003"),
        ("discord", "1000000000000000005", "1000000000000000002", "1000000000000000002"),
        ("zulip", "101", "20/Moka kettle", "100"),
        (
            "mattermost",
            "town-square/1767341100000/ben",
            "town-square/1767340900001/ana",
            "town-square/1767340900001/ana",
        ),
        ("stackexchange", "c-7", "p-1", "p-2"),
        ("mbox", "m2@example.org", "m1@example.org", "m1@example.org"),
        ("mbox", "m3@example.org", "gone@example.org", "gone-too@example.org"),
        ("discourse", "p-104", "t-40", "p-102"),
    ],
)
def test_a_reply_is_in_the_thread_that_the_platform_says(platform: str, post: str, thread: str, reply_to: str):
    found = one(facts(platform, "post.created"), post=post)

    assert (found["thread"], found["reply_to"]) == (thread, reply_to)
    assert "thread_inferred" not in found


def test_slack_messages_without_a_thread_get_one_by_the_rule_and_say_so():
    found = {data["body"][:5]: data for data in facts("slack", "post.created") if data["channel"] == "C0GEN"}

    assert found["Hello"]["thread"] == found["Hello"]["reply_to"] == "C0GEN-1767340900.000200"
    assert found["Hello"]["thread_rule"] == "thread-gap/1"
    assert found["Thirt"]["thread"] == found["Thirt"]["post"]
    assert found["Rain."]["thread"] == found["Rain."]["post"]
    assert "thread_rule" not in found["Rain."]


@pytest.mark.parametrize(
    ("platform", "body"),
    [
        ("slack", "Hello @Ana Silva, see #repairs and the guide"),
        ("discord", "Hello @Ben :saw: https://example.org/x"),
        ("zulip", "How do I open it? @Ben Okafor"),
        ("stackexchange", "How do I open a Moka kettle?\n- no screw"),
        ("mbox", "With two screwdrivers, délicatement.\nFrom there it is easy."),
        ("discourse", "With two screwdrivers, see this"),
    ],
)
def test_words_are_plain_and_without_what_they_quote(platform: str, body: str):
    assert body in [data["body"] for data in facts(platform, "post.created")]


@pytest.mark.parametrize(
    ("platform", "post", "mentions"),
    [
        ("slack", "C0GEN-1767341500.000300", ["U0ANA"]),
        ("discord", "1000000000000000002", ["800000000000000002"]),
        ("zulip", "100", ["10"]),
        ("mattermost", "town-square/1767340900001/ana", ["ben"]),
        ("discourse", "p-101", ["11"]),
    ],
)
def test_who_is_named_is_named_by_id(platform: str, post: str, mentions: list[str]):
    assert one(facts(platform, "post.created"), post=post)["mentions"] == mentions


def test_reactions_without_a_known_giver_are_nobodys():
    found = facts("slack", "reaction.added")

    assert [data["member"] for data in found] == [None, "U0BEN", "U0EVE"]
    assert {data["time_precision"] for data in found} == {"post"}


@pytest.mark.parametrize(
    ("platform", "type_", "wanted"),
    [
        ("slack", "post.deleted", {"post": "C0REP-1767427260.000200", "member": None}),
        ("discourse", "post.deleted", {"post": "p-104", "member": "1"}),
        ("discourse", "post.closed", {"post": "p-101"}),
        ("discourse", "answer.accepted", {"post": "p-102", "member": "10", "answer_author": "11"}),
        ("discourse", "post.moderated", {"post": "p-104", "upheld": True}),
        ("discourse", "reaction.removed", {"post": "p-102", "member": "1"}),
        ("stackexchange", "answer.accepted", {"post": "p-2", "member": "10", "time_precision": "day"}),
        ("stackexchange", "post.restored", {"post": "p-1"}),
        ("zulip", "thread.resolved", {"thread": "20/Moka kettle", "member": "9"}),
        ("zulip", "member.left", {"member": "10"}),
    ],
)
def test_what_became_of_posts_and_people_is_told_where_it_is_exported(
    platform: str, type_: str, wanted: dict[str, Any]
):
    one(facts(platform, type_), **wanted)


def test_what_somebody_took_back_is_not_imported():
    assert one(facts("discourse", "post.created"), post="p-104")["body"] == ""


def test_no_address_of_a_mailbox_gets_into_facts_but_where_it_is_the_platforms_id():
    texts = {platform: json.dumps(converted(platform)[1]) for platform in PLATFORMS if platform != "mbox"}

    assert not [platform for platform, text in texts.items() if "@example.org" in text]


@pytest.mark.parametrize(
    ("platform", "bad", "where"),
    [
        ("slack", 1, "general/2026-01-02.json, message 7"),
        ("discord", 1, "staff.json, message 2"),
        ("zulip", 1, "messages-000001.json, message 8"),
        ("mattermost", 3, "import.jsonl, line 11, reply 2"),
        ("stackexchange", 1, "Posts.xml, row 6"),
        ("mbox", 1, "2026-January.txt, line 41"),
        ("discourse", 2, "discourse.sql, line 50, table posts"),
    ],
)
def test_bad_records_are_counted_and_say_where_they_are(platform: str, bad: int, where: str):
    done, _ = converted(platform)

    assert done.findings.bad == bad
    assert done.findings.shown[0].where == where
    assert done.findings.shown[0].cure


def test_without_a_community_the_exports_own_name_is_taken():
    names = {platform: converted(platform, community=None)[0].community for platform in PLATFORMS}

    assert names == {
        "discourse": "l-atelier",
        "slack": "slack",
        "discord": "l-atelier-de-lou",
        "zulip": "atelier",
        "mattermost": "atelier",
        "stackexchange": "stackexchange",
        "mbox": "repairs-lists-example-org",
    }


def test_the_source_can_be_the_live_platforms_own():
    _, found = converted("slack", source="/platforms/chat")

    assert {fact["source"] for fact in found} == {"/platforms/chat"}
