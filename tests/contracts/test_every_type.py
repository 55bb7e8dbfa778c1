"""Every type that the product names is in the contracts, documented, exampled, and its files are in step."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from contracts import decisions, facts
from contracts.envelope import Decision, Event, Payload
from contracts.examples import example
from contracts.page import contracts_page
from contracts.registry import (
    CLOCK,
    DECISIONS,
    ENTITIES,
    MESSAGES,
    MODELS,
    OPERATOR,
    PLATFORM,
    may_publish,
    publisher_kind,
    types_of,
)
from contracts.schemas import schema_files, schema_of
from contracts.wire import decode, encode, examine

ROOT = Path(__file__).parents[2]

NAMED_PLATFORM = """
member.joined member.updated member.left member.paused member.erased member.seen member.sanctioned preference.changed
motivation.declared need.declared need.answered obstacle.declared identity.linked identity.unlinked post.created
post.updated post.deleted post.restored post.closed post.flagged post.moderated post.scored reaction.added
reaction.removed answer.accepted answer.withdrawn help.rated thread.resolved thread.unresolved thread.moved
thread.followed thread.unfollowed kudos.given surge.announced meetup.scheduled meetup.hosted meetup.attended
meetup.cancelled poll.opened poll.voted beta.opened beta.enrolled beta.reported feedback.submitted feedback.answered
promise.made promise.kept advocacy.reported outcome.reported news.found badge.awarded task.opened task.accepted
task.declined task.completed pairing.accepted pairing.declined ask.accepted ask.declined nomination.made
nomination.accepted nomination.declined synthesis.edited request.answered platform.described channel.described
message.delivered message.failed
"""
NAMED_OPERATOR = """
community.configured community.muted community.unmuted decision.overruled stratum.locked question.marked
crisis.declared crisis.dismissed thanks.edited prompt.chosen letter.redriven
member.forgotten
"""
NAMED_DECISIONS = {
    "onboarding": """
        member.welcomed welcome.held member.introduced action.proposed action.completed action.expired relay.asked
        relay.paired relay.released newcomer.unanswered member.unheard member.onboarded onboarding.stalled
        habit.installed member.lapsed member.returned launch.checked wave.opened promise.late""",
    "recognition": """
        points.awarded points.withdrawn points.held stratum.raised stratum.lowered role.recognised member.thanked
        milestone.reached impact.told relay.invited relay.appointed relay.rested relay.retired perk.granted perk.ended
        task.offered task.assigned task.passed gaming.suspected member.fading""",
    "support": """
        question.opened question.cancelled question.warned question.unanswered question.responded question.answered
        question.solved question.reopened question.dormant helper.asked helper.passed helper.credited answer.suggested
        care.needed crisis.proposed crisis.opened crisis.updated crisis.closed""",
    "digest": """
        content.missing prompt.published prompt.retired synthesis.drafted synthesis.published editor.asked digest.sent
        feedback.overdue meetup.missing voice.reported promotion.excess indicators.computed goal.reported stage.changed
        brief.sent platform.silent""",
}
NAMED_MESSAGES = "message.requested message.cancelled message.withheld"
EVERY_TYPE = sorted(MODELS)


def test_every_type_that_is_named_is_there_and_no_other():
    assert set(PLATFORM) == set(NAMED_PLATFORM.split())
    assert set(OPERATOR) == set(NAMED_OPERATOR.split())
    assert set(CLOCK) == {"clock.ticked"}
    assert set(MESSAGES) == set(NAMED_MESSAGES.split())
    assert {name: set(types) for name, types in DECISIONS.items()} == {
        name: set(types.split()) for name, types in NAMED_DECISIONS.items()
    }
    assert len(MODELS) == len(PLATFORM) + len(OPERATOR) + 1 + 3 + sum(map(len, DECISIONS.values()))


@pytest.mark.parametrize("type_", EVERY_TYPE)
def test_a_model_is_named_like_its_type_and_says_what_it_means(type_):
    model = MODELS[type_]

    assert model.__name__ == "".join(word.capitalize() for word in type_.split("."))
    assert model.__doc__ != Payload.__doc__
    assert model.__doc__ != Decision.__doc__
    assert getattr(facts, model.__name__, None) is model or getattr(decisions, model.__name__, None) is model
    assert issubclass(model, Decision) == (publisher_kind(type_) in {"service", *DECISIONS})


@pytest.mark.parametrize("type_", EVERY_TYPE)
def test_an_example_decodes_says_nothing_unknown_and_comes_back_the_same(type_):
    event = decode(example(type_))

    assert event.type == type_
    assert type(event) is Event[MODELS[type_]]
    assert isinstance(event.data, MODELS[type_])
    assert decode(encode(event)) == event
    assert encode(decode(encode(event))) == encode(event)
    if type_ != "post.scored":  # whose figures are as the platform gives them
        assert event.data.model_extra == {}
    assert event.model_extra == {}


@pytest.mark.parametrize("type_", EVERY_TYPE)
def test_an_example_fits_its_schema_and_its_publishers_subject(type_):
    event = decode(example(type_))
    document = json.loads(example(type_))

    Draft202012Validator(schema_of(type_)).validate(document)
    Draft202012Validator(schema_of(None)).validate(document)
    Draft202012Validator(schema_of(type_)).validate(json.loads(encode(event)))
    examine(event, subject=f"5.{type_}.atelier.{event.source.rpartition('/')[2]}", stored_at=event.time)


def test_a_schema_refuses_what_the_model_refuses():
    document = json.loads(example("post.created"))
    document["data"]["kind"] = "poll"
    del document["data"]["member"]

    faults = {fault.message for fault in Draft202012Validator(schema_of("post.created")).iter_errors(document)}

    assert len(faults) == 2


def test_every_example_is_of_a_type():
    names = {path.name for path in files("contracts.examples").iterdir() if path.name.endswith(".json")}

    assert names == {f"{type_}.json" for type_ in MODELS}


def test_schemas_and_page_in_the_tree_are_in_step_with_the_models():
    for path, text in schema_files().items():
        assert (ROOT / path).read_text() == text, f"{path}: make docs"
    assert {f"shared/contracts/schemas/{path.name}" for path in (ROOT / "shared/contracts/schemas").iterdir()} == set(
        schema_files()
    )
    assert (ROOT / "docs/contracts.md").read_text() == contracts_page(), "docs/contracts.md: make docs"


def test_the_page_has_every_type_and_every_field_has_a_meaning():
    page = contracts_page()

    assert [line for line in page.splitlines() if line.endswith("|  |")] == []
    for type_ in MODELS:
        assert f"\n### {type_}\n" in page


def test_who_may_publish_what():
    assert publisher_kind("post.created") == "platform"
    assert publisher_kind("community.muted") == "operator"
    assert publisher_kind("clock.ticked") == "clock"
    assert publisher_kind("message.requested") == "service"
    assert publisher_kind("question.opened") == "support"
    assert may_publish("forum", "post.created")
    assert not may_publish("support", "post.created")
    assert not may_publish("forum", "question.opened")
    assert not may_publish("forum", "message.requested")
    assert not may_publish("onboarding", "question.opened")
    assert may_publish("onboarding", "message.requested")
    assert not may_publish("operator", "clock.ticked")
    assert types_of("clock") == ("clock.ticked",)
    assert set(types_of("digest")) == {*DECISIONS["digest"], *MESSAGES}
    with pytest.raises(KeyError):
        publisher_kind("post.sung")


def test_entities_are_the_first_tokens_sorted():
    assert list(ENTITIES) == sorted({type_.split(".")[0] for type_ in MODELS})
    assert {"member", "post", "clock", "letter", "wave"} <= set(ENTITIES)
