"""Each service alone: the same community, with nobody else on the bus, is taken care of all the same."""

from collections import Counter
from functools import cache

import pytest

from chassis.service import Service
from facts import MONDAY, asked, days, fact, hours, joined, minutes, posted, replied, said_yes
from recorded import Run, fortnight, installed
from stories import given, passing
from together import EARLIER, PLAYBOOK, old_hands

SERVICES = {service.name: service for service in installed()}
RELAYS = PLAYBOOK | {"people": {"core_team": [{"member": "eve", "name": "Ève"}], "relays": ["rea"]}}
ONLY_TOGETHER = {
    # The editor is the core team where nobody tells strata; a message can only be held up by what others said.
    "digest": {"editor.asked"},
    "onboarding": set(),
    "recognition": {"message.withheld"},
    "support": {"message.withheld"},
}


@cache
def facts() -> list[dict]:
    return fortnight(members=24, weeks=6)


@cache
def decided(*services: str) -> Counter[str]:
    """What each service decided, when these alone were there."""
    run = Run(facts(), tuple(SERVICES[name] for name in services))
    return Counter((entry.event.source.rpartition("/")[2], entry.event.type) for entry in run.log)


def alone(service: Service, *happenings, playbook=RELAYS):
    return given(*happenings, service=service, playbook=playbook, opened=EARLIER)


@pytest.mark.parametrize("service", SERVICES)
def test_every_kind_of_decision_of_a_service_comes_about_without_the_others(service):
    by_itself = {type_ for name, type_ in decided(service) if name == service}
    among_all = {type_ for name, type_ in decided(*SERVICES) if name == service}

    assert among_all - by_itself <= ONLY_TOGETHER[service]
    assert by_itself - among_all == set()


def test_onboarding_alone_pairs_escalates_and_completes_an_arrival():
    story = alone(
        SERVICES["onboarding"],
        *old_hands("rea", "bob"),
        joined("ana"),
        asked("ana", MONDAY + minutes(20), post="q"),
        said_yes("rea", "ana", MONDAY + minutes(30)),
        passing(MONDAY + days(2)),
    )
    story.when(
        fact("preference.changed", MONDAY + days(2), member="ana", introduce=False),
        replied("bob", "q", MONDAY + days(2) + hours(1)),
    )

    assert len(story.all("member.welcomed", member="ana")) == 1
    assert [event.data.member for event in story.all("relay.paired", newcomer="ana")] == ["rea"]
    # Nobody else sees to the question of a newcomer, so it does.
    assert [(event.data.stage, event.data.told) for event in story.all("newcomer.unanswered")] == [
        (1, ("rea",)),
        (2, ()),
    ]
    assert len(story.all("action.completed", member="ana", kind="ask")) == 1
    assert len(story.all("member.onboarded", member="ana")) == 1


def test_recognition_alone_counts_raises_thanks_and_speaks_of_who_grows_quiet_as_a_number():
    story = alone(SERVICES["recognition"], *old_hands("bob", "zoe"))
    for n in range(30):
        at = MONDAY + days(n)
        story.when(
            asked("zoe", at, post=f"q{n}"),
            replied("bob", f"q{n}", at + hours(1), post=f"a{n}", body=f"Pour la panne numéro {n}, regarde le fusible."),
            fact("reaction.added", at + hours(2), member="zoe", post=f"a{n}", thread=f"q{n}", reaction="thanks"),
            fact("reaction.added", at + hours(2), member="bob", post=f"q{n}", thread=f"q{n}", reaction="thanks"),
        )
    story.when(fact("answer.accepted", MONDAY + days(30), member="zoe", post="a0", thread="q0"))
    for n in range(31, 70):
        story.when(posted("zoe", MONDAY + days(n)))

    assert [event.data.stratum for event in story.all("stratum.raised", member="bob")][:2] == [
        "taking_part",
        "lending_a_hand",
    ]
    assert "bob" in {event.data.member for event in story.all("member.thanked")}
    assert len(story.all("milestone.reached", member="bob")) == 1
    (fading,) = story.all("member.fading", member="bob")
    assert fading.data.told is None
    assert [message.data.to.id for message in story.every_message(template="fading_count")] == ["core_team"]


def test_support_alone_climbs_its_ladder_with_the_relays_of_the_playbook():
    story = alone(
        SERVICES["support"],
        *old_hands("bob", skills=["vélo"]),
        *old_hands("zoe"),
        posted("bob", EARLIER + days(1)),
        asked("zoe", MONDAY, post="q", title="Mon dérailleur saute", tags=["vélo"]),
        passing(MONDAY + days(2)),
    )

    assert [event.data.member for event in story.all("helper.asked")][:1] == ["bob"]
    assert [event.data.stage for event in story.all("question.unanswered")] == [1, 2, 3, 4]
    story.when(replied("rea", "q", MONDAY + days(2), post="a"))
    assert story.expect("question.answered").data.responder == "relay"
    story.when(fact("thread.resolved", MONDAY + days(3), thread="q", member="zoe"))
    story.expect("question.solved", thread="q")


def test_digest_alone_tells_the_week_by_platform_facts_and_the_core_team_edits_it():
    story = alone(
        SERVICES["digest"],
        *old_hands("bob", "cleo", "zoe"),
        asked("zoe", MONDAY, post="q", title="Comment recoller une semelle ?"),
        *(posted(name, MONDAY + hours(n), post=f"t{n}", title=f"Sujet {n}") for n, name in enumerate(("bob", "cleo"))),
        fact("kudos.given", MONDAY + days(3), member="zoe", receivers=["bob"], reason="un grand merci"),
        passing(MONDAY + days(8)),
    )

    (drafted,) = story.all("synthesis.drafted", synthesis="2026-W11")
    (published,) = story.all("synthesis.published", synthesis="2026-W11")
    kinds = {section.kind: [item.id for item in section.items] for section in published.data.sections}
    assert (kinds["questions"], kinds["thanks"]) == (["q"], ["bob"])
    assert (drafted.data.editor, published.data.editor) == (None, None)
    assert [message.data.to.id for message in story.every_message(template="synthesis_draft")] == ["core_team"]
    figures = {figure.key: figure for figure in story.all("indicators.computed", period="week")[-1].data.indicators}
    assert (figures["strata"].value, figures["strata"].parts) == (None, {})
