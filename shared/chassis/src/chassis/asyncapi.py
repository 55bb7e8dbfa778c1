"""What a service hears and says, as an AsyncAPI 3.0 document: from a FastStream broker that is never started."""

import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI

from chassis.operations import VERBS, Answer, Failure, TurnAnswer, answer_requests
from chassis.service import Service
from contracts.decisions import MessageCancelled, MessageRequested, MessageWithheld
from contracts.envelope import CONTENT_TYPE, Event, Payload
from contracts.facts import ClockTicked
from contracts.registry import DECISIONS, publisher_kind

COMMON_DECISIONS: tuple[type[Payload], ...] = (MessageRequested, MessageCancelled, MessageWithheld)
_PARAMETERS = {
    "community": {"description": "The community that the event is about: one token, as in its `data`."},
    "publisher": {"description": "Who publishes it: one token, fixed by the publisher's permissions."},
}
_HEADERS = {
    "type": "object",
    "properties": {
        "Nats-Msg-Id": {
            "type": "string",
            "description": "The same for every send of the same event: the log keeps the first of two minutes.",
        }
    },
}
# The names that FastStream gives, and those of this document: keys are letters, digits and dashes.
_NAMES = (
    (re.compile(r"Event(?:\[|%5B)(\w+)(?:\]|%5D)"), r"\1Event"),
    (re.compile(r":(?:Subscribe)?Message\b"), ""),
    (re.compile(r'"(?:Subscribe)?Message": \{"\$ref"'), '"message": {"$ref"'),
    (re.compile(r'/messages/(?:Subscribe)?Message"'), '/messages/message"'),
)
_ANSWERS: Mapping[str, type[Answer | TurnAnswer]] = {verb: TurnAnswer if verb == "turn" else Answer for verb in VERBS}


def _publisher(event_type: str) -> str:
    """The last token of a type's subjects: fixed, or a parameter where several may publish it."""
    kind = publisher_kind(event_type)
    return kind if kind in {"operator", "clock", *DECISIONS} else "{publisher}"


def _name(action: str, event_type: str) -> str:
    return f"{action}-{event_type.replace('.', '-')}"


def _heard(model: type[Payload]) -> Any:
    async def event(event: Any) -> None:
        """Nothing: this one only documents."""

    event.__annotations__["event"] = Event[model]  # type: ignore[valid-type]
    return event


def _about(model: type[Payload]) -> str:
    return (model.__doc__ or "").strip().split("\n\n")[0]


def _broker(service: Service) -> NatsBroker:
    broker = NatsBroker(
        "nats://localhost:4222",
        protocol_version=None,
        description="The stream EVENTS keeps every event; subjects as published, before its transform by partition.",
        logger=None,
    )
    for model in service.reacts:
        subject = f"{model.TYPE}.{{community}}.{_publisher(model.TYPE)}"
        broker.subscriber(subject, title=_name("hears", model.TYPE), description=_about(model))(_heard(model))
    says: tuple[type[Payload], ...] = (*service.emits, *COMMON_DECISIONS, ClockTicked)
    for said in says:
        publisher = "clock" if said is ClockTicked else service.name
        broker.publisher(
            f"{said.TYPE}.{{community}}.{publisher}",
            title=_name("says", said.TYPE),
            description=_about(said),
            schema=Event[said],  # type: ignore[valid-type]
        )
    answer_requests(broker, service.name, "", _Nobody())
    return broker


class _Nobody:
    """Answers no request: the documenting broker hears none."""

    def status(self) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    async def pause(self) -> None:
        """Nothing."""

    async def resume(self) -> None:
        """Nothing."""

    async def turn(self, partition: int, upto: int) -> Mapping[str, Any]:
        """Nothing."""
        return {"partition": partition, "read_to": upto, "published_to": 0, "due": {}}

    async def dead(self, action: str, **_: Any) -> Mapping[str, Any]:
        """Nothing."""
        return {"action": action}

    async def member(self, community: str, member: str, audience: str) -> Mapping[str, Any]:
        """Nothing."""
        return {"community": community, "member": member, "audience": audience}


def asyncapi_document(service: Service) -> dict[str, Any]:
    """The document of a service: what it reacts to, what it emits, what operators can ask of it.

    The same service gives the same document, in the same order, on every run.
    """
    specification = AsyncAPI(
        _broker(service),
        title=f"Ruche: {service.name}",
        version=version("ruche-contracts"),
        description=(
            f"What the service `{service.name}` reacts to (`hears-…`), what it decides (`says-…`), and what operators"
            " can ask of it (`ops-…`). Besides, the common rules of every service follow people, places and playbook."
        ),
        license={"name": "Apache-2.0"},
        schema_version="3.0.0",
    )
    text = json.dumps(specification.to_specification().to_jsonable())
    for pattern, name in _NAMES:
        text = pattern.sub(name, text)
    document: dict[str, Any] = json.loads(text)
    _describe_events(document)
    _describe_answers(document)
    for section in (document, document["components"]):
        for name in ("channels", "operations", "messages", "schemas"):
            if name in section:
                section[name] = dict(sorted(section[name].items()))
    return document


def _describe_events(document: dict[str, Any]) -> None:
    """What FastStream cannot know of our messages: they are CloudEvents, and carry their correlation inside."""
    messages = document["components"]["messages"]
    for name, channel in document["channels"].items():
        channel.pop("bindings", None)  # AsyncAPI has no binding for a channel of NATS: the address says it all
        message = messages[name]
        message.pop("correlationId", None)
        used = [parameter for parameter in _PARAMETERS if f"{{{parameter}}}" in channel["address"]]
        if used:
            channel["parameters"] = {parameter: _PARAMETERS[parameter] for parameter in used}
            message["name"] = ".".join(channel["address"].split(".")[:2])
            message["contentType"] = CONTENT_TYPE
            message["headers"] = _HEADERS
            message["correlationId"] = {"location": "$message.payload#/correlationid"}


def _describe_answers(document: dict[str, Any]) -> None:
    """Requests are answered on the inbox that the requester names."""
    components = document["components"]
    for model in (Answer, TurnAnswer, Failure):
        components["schemas"][model.__name__] = model.model_json_schema()
        components["messages"][model.__name__] = {
            "title": model.__name__,
            "summary": (model.__doc__ or "").strip(),
            "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
        }
    for verb, model in _ANSWERS.items():
        name = f"ops-{verb}-answer"
        kinds = (model.__name__, Failure.__name__)
        document["channels"][name] = {
            "address": None,
            "description": f"The answer to `{verb}`, on the requester's own inbox.",
            "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in kinds},
        }
        document["operations"][f"ops-{verb}"]["reply"] = {
            "address": {"location": "$message.header#/reply-to", "description": "NATS' own reply subject."},
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{kind}"} for kind in kinds],
        }


def asyncapi_text(service: Service) -> str:
    """The document as it is committed."""
    return json.dumps(asyncapi_document(service), indent=2, ensure_ascii=False) + "\n"


def asyncapi_files(services: Iterable[Service]) -> dict[str, str]:
    """The generated documents by their path in the repository."""
    return {f"services/{service.name}/asyncapi.json": asyncapi_text(service) for service in services}
