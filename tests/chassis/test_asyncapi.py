"""The official schema is not on the package index, and nothing of it is in this repository: give its path.

`npm pack @asyncapi/specs` carries it as schemas/3.0.0.json. Without it the documents are held against FastStream's
model of the specification, and their references and schemas are followed one by one.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema

from chassis.asyncapi import asyncapi_document, asyncapi_files, asyncapi_text
from chassis.service import Service
from contracts.decisions import MemberWelcomed, QuestionOpened, RelayAsked
from contracts.facts import CommunityConfigured, MemberErased, MemberJoined, PostCreated, RequestAnswered

OFFICIAL = os.environ.get("RUCHE_ASYNCAPI_SCHEMA")
SERVICE = Service(
    name="onboarding",
    package="onboarding",
    tables=(),
    reacts={
        MemberJoined: (),
        PostCreated: (),
        MemberErased: (),
        CommunityConfigured: (),
        RequestAnswered: (),
        QuestionOpened: (),
    },
    emits=(MemberWelcomed, RelayAsked),
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi_document(SERVICE)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


@pytest.mark.skipif(OFFICIAL is None, reason="RUCHE_ASYNCAPI_SCHEMA names no official schema file")
def test_it_is_valid_against_the_official_schema(document: dict[str, Any]):
    jsonschema.Draft7Validator(json.loads(Path(OFFICIAL or "").read_text())).validate(document)


def test_it_is_valid_against_faststreams_model_of_the_specification(document: dict[str, Any]):
    assert document["asyncapi"] == "3.0.0"
    ApplicationSchema.model_validate(document)


def test_every_reference_leads_somewhere(document: dict[str, Any]):
    for reference in references(document):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def test_every_name_is_one_that_the_specification_allows(document: dict[str, Any]):
    named = [*document["channels"], *document["operations"], *document["components"]["messages"]]
    for name in [*named, *document["components"]["schemas"]]:
        assert re.fullmatch(r"[a-zA-Z0-9_-]+", name)


def test_every_operation_uses_messages_of_its_own_channel(document: dict[str, Any]):
    for operation in document["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


def test_every_schema_is_a_json_schema(document: dict[str, Any]):
    for schema in document["components"]["schemas"].values():
        # Its patterns are ECMAScript's, as JSON Schema has them (\\p{C}); Python's re cannot read them.
        jsonschema.Draft202012Validator.check_schema(schema, format_checker=None)


def test_it_says_what_is_heard_what_is_said_and_what_can_be_asked(document: dict[str, Any]):
    addresses = {name: channel["address"] for name, channel in document["channels"].items()}

    assert addresses["hears-member-joined"] == "member.joined.{community}.{publisher}"
    assert addresses["hears-community-configured"] == "community.configured.{community}.operator"
    assert addresses["hears-question-opened"] == "question.opened.{community}.support"
    assert addresses["says-member-welcomed"] == "member.welcomed.{community}.onboarding"
    assert addresses["says-message-requested"] == "message.requested.{community}.onboarding"
    assert addresses["says-clock-ticked"] == "clock.ticked.{community}.clock"
    assert addresses["ops-turn"] == "ops.onboarding.turn"
    assert document["operations"]["hears-member-joined"]["action"] == "receive"
    assert document["operations"]["says-member-welcomed"]["action"] == "send"
    assert document["operations"]["ops-turn"]["reply"]["channel"] == {"$ref": "#/channels/ops-turn-answer"}


def test_a_message_has_the_schema_of_its_contract(document: dict[str, Any]):
    message = document["components"]["messages"]["hears-member-joined"]
    envelope = document["components"]["schemas"]["MemberJoinedEvent"]

    assert message["contentType"] == "application/cloudevents+json"
    assert message["payload"] == {"$ref": "#/components/schemas/MemberJoinedEvent"}
    assert envelope["properties"]["data"] == {"$ref": "#/components/schemas/MemberJoined"}
    assert "member" in document["components"]["schemas"]["MemberJoined"]["required"]


def test_the_same_service_gives_the_same_bytes():
    assert asyncapi_text(SERVICE) == asyncapi_text(SERVICE)
    assert list(asyncapi_files([SERVICE])) == ["services/onboarding/asyncapi.json"]
