"""Persons: every place where a contract names somebody is known, and can be changed or emptied."""

import json
from importlib import resources

import pytest

from contracts.envelope import Payload
from contracts.persons import people_in, renamed
from contracts.registry import MODELS
from contracts.wire import decode

EXAMPLES = {path.name.removesuffix(".json"): path for path in resources.files("contracts.examples").iterdir()}
LIKE_PEOPLE = ("member", "members", "newcomer", "by", "giver", "helpers", "told", "editor", "next", "replaces")


def example(kind: str) -> dict:
    document = json.loads(EXAMPLES[kind].read_text("utf-8"))
    return document if "data" in document else document[0]


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_who_is_named_in_an_example_is_found_and_can_be_renamed(kind: str):
    document = example(kind)
    named = people_in(kind, document["data"])

    other = renamed(kind, document["data"], lambda member: f"x-{member}")

    assert other is not None
    assert people_in(kind, other) == {f"x-{member}" for member in named}
    if kind not in {"letter.redriven", "community.configured"}:
        decode(json.dumps({**document, "data": other}).encode())
    for name in LIKE_PEOPLE:
        value = document["data"].get(name)
        if isinstance(value, str):
            assert value in named, f"{kind}.{name} is not known to name a person"


def test_somebody_who_is_gone_leaves_lists_and_what_may_be_empty():
    data = {"community": "atelier", "member": "bo", "receivers": ["ana", "eva"], "reason": "Merci"}
    reaction = {"community": "atelier", "member": "bo", "post": "p", "reaction": "+1", "post_author": "ana"}

    assert renamed("kudos.given", data, without("ana"))["receivers"] == ["eva"]
    assert "post_author" not in renamed("reaction.added", reaction, without("ana"))


def test_what_has_to_name_somebody_who_is_gone_is_nothing():
    assert renamed("member.seen", {"community": "atelier", "member": "ana"}, without("ana")) is None
    assert renamed("kudos.given", kudos("bo", "ana"), without("ana")) is None
    assert renamed("pairing.accepted", {"community": "a", "newcomer": "ana", "member": "bo"}, without("ana")) is None


def test_a_message_to_a_member_its_mentions_and_the_facts_behind_its_taps_name_people():
    data = example("message.requested")["data"] | {
        "to": {"kind": "member", "id": "ana"},
        "mentions": ["bo"],
        "actions": [
            {
                "id": "yes",
                "label": "Oui",
                "fact": {"type": "pairing.accepted", "data": {"newcomer": "eva", "member": "ana"}},
            }
        ],
    }

    assert people_in("message.requested", data) == {"ana", "bo", "eva"}
    assert renamed("message.requested", data, without("ana")) is None
    assert renamed("message.requested", data, without("bo"))["mentions"] == []
    # A tap whose fact would name somebody who is gone answers by its id alone.
    assert renamed("message.requested", data, without("eva"))["actions"] == [{"id": "yes", "label": "Oui"}]


def test_a_channel_or_a_role_is_nobody():
    data = example("message.requested")["data"]
    for kind in ("channel", "role"):
        assert "ana" not in people_in("message.requested", data | {"to": {"kind": kind, "id": "ana"}, "mentions": []})


def test_of_a_type_that_no_contract_has_nothing_is_known():
    assert people_in("member.vanished", {"member": "ana"}) == frozenset()
    assert issubclass(MODELS["member.seen"], Payload)


def without(gone: str):
    return lambda member: None if member == gone else member


def kudos(giver: str, *receivers: str) -> dict:
    return {"community": "atelier", "member": giver, "receivers": list(receivers), "reason": "Merci"}
