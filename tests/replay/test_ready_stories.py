"""Ready stories: each leads to its decision, with its service alone and with all that are installed."""

import pytest

from contracts.registry import DECISIONS
from ruche_replay.installed import installed
from ruche_replay.ready.catalogue import ready, stories

STORIES = {one.type: one for one in stories()}
WITHOUT = {"prompt.retired"}
"""It takes three weeks of prompts that nobody answers; a story of its own."""


def test_every_main_decision_has_its_story():
    decided = {type_ for types in DECISIONS.values() for type_ in types}

    assert decided - set(STORIES) == WITHOUT
    assert all(one.says.endswith(".") for one in STORIES.values())
    assert all(one.type in DECISIONS[one.service] for one in STORIES.values())


@pytest.mark.parametrize("type_", STORIES)
def test_it_leads_to_its_decision(type_):
    told = ready(type_)

    assert told.decision.type == type_
    assert told.story.letters == []


@pytest.mark.parametrize("type_", STORIES)
@pytest.mark.proof
def test_it_does_so_with_every_service_and_under_a_playbook_of_ones_own(type_):
    told = ready(
        type_, services=installed(), playbook={"name": "L'Atelier", "language": "fr", "timezone": "Europe/Paris"}
    )

    assert told.decision.type == type_


def test_its_messages_are_what_a_platform_gets():
    told = ready("member.welcomed")

    (message,) = told.messages
    assert (message.data.to.kind, message.data.mentions, message.data.muted) == ("channel", ("ana",), False)
    assert "Ana" in message.data.text


def test_a_decision_without_a_story_is_told_with_those_there_are():
    with pytest.raises(LookupError, match=r"no ready story leads to 'prompt.retired'; there is one for each of"):
        ready("prompt.retired")


def test_a_playbook_under_which_it_is_not_taken_says_what_was_instead():
    with pytest.raises(AssertionError, match=r"the story of question.warned .* led to\n"):
        ready("question.warned", playbook={"support": {"answer_minutes": 240}})
