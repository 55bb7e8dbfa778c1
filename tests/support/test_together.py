"""With onboarding on the same bus: a newcomer's question is escalated once, and by the relay paired there."""

from chassis.entry import Entry
from chassis.replay import Turns, as_recorded
from facts import COMMUNITY, MONDAY, asked, configured, days, hours, joined, minutes, posted, said_yes, unmuted
from onboarding.service import ONBOARDING
from support.service import SUPPORT

PEOPLE = {"relays": ["rea"], "core_team": [{"member": "eve", "name": "Eve"}]}


def played(*facts, until):
    said, log = [], []
    turns = Turns(
        [ONBOARDING, SUPPORT],
        on_decision=lambda event, _raw: said.append(event),
        on_message=lambda event, raw: log.append(Entry(len(log) + 1, None, None, raw, event)),
    )
    start = MONDAY - days(7)
    opening = (configured(start, language="fr", register="tu", timezone="Europe/Paris", people=PEOPLE), unmuted(start))
    for fact in (*opening, *facts):
        turns.play(Entry(0, None, None, fact.to_json(), fact))
    turns.pass_time(COMMUNITY, until)
    assert not [letter for shelf in turns.shelves.values() for letter in shelf.letters]
    return said, log


def of(said, type_):
    return [event.data for event in said if event.type == type_]


def test_a_newcomers_question_is_escalated_by_support_and_onboarding_keeps_quiet():
    said, _ = played(joined("ana", MONDAY - hours(1)), asked("ana", post="q"), until=MONDAY + days(2))

    assert [event.stage for event in of(said, "question.unanswered")] == [1, 2, 3, 4]
    assert of(said, "newcomer.unanswered") == []


def test_a_newcomers_first_words_that_ask_nothing_stay_with_onboarding():
    said, _ = played(joined("ana", MONDAY - hours(1)), posted("ana", post="p"), until=MONDAY + days(2))

    assert of(said, "question.opened") == []
    assert [event.stage for event in of(said, "newcomer.unanswered")] == [1, 2]


def test_the_relay_whom_onboarding_paired_is_told_at_stage_2():
    said, _ = played(
        joined("rea", MONDAY - days(5)),
        joined("ana", MONDAY - hours(1)),
        asked("ana", post="q"),
        said_yes("rea", "ana", MONDAY + minutes(3)),
        until=MONDAY + hours(5),
    )

    assert [event.told for event in of(said, "question.unanswered") if event.stage == 2] == [("rea",)]


def test_what_was_recorded_together_support_decides_again_alone():
    _, log = played(
        joined("rea", MONDAY - days(5)),
        joined("ana", MONDAY - hours(1)),
        asked("ana", post="q"),
        said_yes("rea", "ana", MONDAY + minutes(3)),
        until=MONDAY + days(20),
    )

    assert as_recorded(SUPPORT, log).equal
