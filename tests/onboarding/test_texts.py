"""The texts: each in three voices, every one used, and none that shows what is missing."""

import re
from pathlib import Path

import pytest

import onboarding
from chassis.rendering import Texts
from facts import (
    MONDAY,
    asked,
    chose,
    days,
    fact,
    hours,
    joined,
    motivated,
    posted,
    reacted,
    said_yes,
    seconds,
)
from stories import Story, given, passing

PACKAGE = Path(onboarding.__file__).parent
SPONSOR = {"member": "max", "name": "Max", "promises": [{"promise": "p", "what": "un local", "due": "2026-03-05"}]}
VOICES = {
    "fr-tu": {"language": "fr", "register": "tu"},
    "fr-vous": {"language": "fr", "register": "vous"},
    "en": {"language": "en"},
}
STOP = {
    "fr-tu": "Pour ne plus recevoir ce genre de message",
    "fr-vous": "Pour ne plus recevoir ce genre de message",
    "en": "To get no more messages of this kind",
}


def a_season(voice: str) -> Story:
    """Four months in which nearly everything is said."""
    waves = [
        {"wave": "un", "name": {"fr": "les proches", "en": "close ones"}, "populations": ["a"], "opens": "2026-03-02"},
        {"wave": "deux", "name": {"fr": "la ville", "en": "the town"}, "populations": ["b"], "opens": "2026-04-13"},
    ]
    people = {"core_team": [{"member": "eve", "name": "Eve"}], "sponsors": [SPONSOR], "founding_relays": ["rea"]}
    story = given(
        joined("zoe", MONDAY - days(30), skills=["vélo"]),
        joined("yan", MONDAY - days(30), skills=["vélo"]),
        playbook={**VOICES[voice], "people": people, "launch": {"start": "2026-03-02", "waves": waves}},
    )
    yes = story.every_message(template="founding_relay")[0]
    story.when(fact("request.answered", MONDAY - days(1), member="rea", request=yes.id, answer="yes"))
    story.when(joined("ana", MONDAY, skills=["vélo"], experience="Dix ans"), joined("bob", MONDAY, population="b"))
    story.when(*[joined(f"m{n}", MONDAY + hours(1) + seconds(n)) for n in range(7)], passing(MONDAY + hours(2)))
    story.when(motivated("ana", MONDAY + hours(2), "share"), chose("ana", MONDAY + hours(2), introduce=True))
    story.when(said_yes("rea", "ana", MONDAY + hours(3)), motivated("m1", MONDAY + hours(3)))
    story.when(asked("ana", MONDAY + hours(5), post="q1"), passing(MONDAY + days(3)))
    happenings = [reacted("lea", "p", MONDAY + days(day)) for day in range(3, 130)]
    happenings += [reacted("kim", "p", MONDAY + days(day) + hours(1)) for day in range(3, 8)]
    happenings += [posted("ana", MONDAY + days(day), title="Un mot") for day in (4, 5)]
    happenings += [asked("zoe", MONDAY + days(33), title="Une idée ?"), posted("yan", MONDAY + days(129))]
    happenings += [posted("ida", MONDAY + days(2.5)), posted("ida", MONDAY + days(129.5))]
    return story.when(*sorted(happenings, key=lambda event: event.time), passing(MONDAY + days(130)))


@pytest.mark.parametrize("voice", VOICES)
def test_no_text_shows_what_is_missing_and_private_ones_can_be_stopped(voice):
    story = a_season(voice)

    for event in story.every_message():
        message = event.data
        assert message.locale == voice
        assert message.title
        assert len(message.short) <= 280
        for form in (message.text, message.title, message.short):
            assert not re.search(r"None|\{|\}|\bnull\b|  | ,|\n{3}", form), (message.template, form)
        private = message.to.kind == "member"
        assert message.text.count(STOP[voice]) == int(private), message.template
    heard = {event.data.template for event in story.every_message()}
    assert heard >= {"welcome", "wave_closed", "raid", "introduction", "action_done", "nudge", "paired", "stalled"}
    assert heard >= {"first_post_relay", "unheard_relay", "lapse", "welcome_back", "promise_late", "sponsor_silent"}


def test_every_template_is_used_and_every_one_used_exists():
    used = set()
    for file in (PACKAGE / "rules").glob("*.py"):
        used |= set(re.findall(r'template="(\w+)"', file.read_text("utf-8")))
    used |= {"unheard_relay", "unheard"}

    assert used == set(Texts("onboarding").names)


def test_no_text_counts_days_at_people_or_speaks_of_machines():
    for file in (PACKAGE / "messages").rglob("*.txt"):
        text = file.read_text("utf-8").casefold()
        assert not re.search(r"automati|!!|désolé|ravi\b|ravis\b|content\b|contents\b", text), file
        assert text.count("!") <= 1, file
