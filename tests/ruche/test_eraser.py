"""What becomes of a message when somebody is forgotten: it stays, it goes, or a copy without them stands there."""

import json

import orjson
import pytest

from chassis.recording import Line
from contracts.wire import decode
from facts import MONDAY, TUESDAY, asked, configured, decided, fact, hours, joined, minutes, posted, replied
from ruche.erasing import BLANK, Eraser, Forgotten, part_in

XENIA = "xenia-7"
NAME = "X. O'Reby_7"
NOBODY = "erased-0123abcd"
WHO = Forgotten("atelier", XENIA, "0123abcd" * 4, seq=9, erased_at=MONDAY, until=TUESDAY, names=frozenset({NAME, "li"}))
FIRST, LATER = 9, 10


def judged(event, *, seq=FIRST, who=WHO) -> dict | bytes | None:
    """The event that stands there afterwards; the same bytes as before; None for nothing."""
    raw = event if isinstance(event, bytes) else event.to_json()
    left = Eraser(who).judge(Line(seq, None, "3.post.created.atelier.forum", raw))
    return left if left is None or left == raw else orjson.loads(left)


def stays(event, **given) -> bool:
    return judged(event, **given) == event.to_json()


def called(text: str, **data):
    """A decision with words about somebody."""
    data = {"post": "q", "thread": "q", "member": "bo", "because": [{"rule": "words", "actual": text}], **data}
    figures = {"office_minutes": 61, "wall_minutes": 61, "target_minutes": 60, "stage": 1}
    return decided("support", "question.unanswered", MONDAY, **figures, **data)


@pytest.mark.parametrize(
    "event",
    [
        joined(XENIA),
        posted(XENIA, MONDAY),
        fact("answer.accepted", MONDAY, member=XENIA, post="a", thread="q"),
        fact("kudos.given", MONDAY, member="bo", receivers=[XENIA], reason="Merci"),
        fact("nomination.made", MONDAY, member="bo", by=XENIA),
        fact("member.erased", MONDAY, member=XENIA),
        decided("recognition", "stratum.raised", MONDAY, member=XENIA, stratum="relay", previous="listening"),
        fact("stratum.locked", MONDAY, source="/operator", member=XENIA, stratum="relay", by="eve"),
    ],
    ids=lambda event: event.type,
)
def test_what_is_theirs_or_about_them_alone_goes(event):
    assert judged(event) is None


def test_whom_others_named_is_taken_out_of_it():
    kudos = fact("kudos.given", MONDAY, member="bo", receivers=["ana", XENIA], reason="Merci")

    assert judged(kudos)["data"]["receivers"] == ["ana"]
    assert "invited_by" not in judged(joined("bo", invited_by=XENIA))["data"]
    assert judged(posted("bo", MONDAY, mentions=[XENIA]))["data"]["mentions"] == []


def test_other_peoples_own_words_stay():
    assert stays(replied("bo", "q", MONDAY, body=f"Merci {NAME} @{XENIA}"))
    assert stays(posted(XENIA, MONDAY, community="verger"))


def test_a_thread_that_somebody_had_to_answer_was_answered_by_nobody():
    answered = decided("support", "question.answered", MONDAY, post="q", thread="q", office_minutes=1, wall_minutes=1,
                       target_minutes=60, reply="a", member=XENIA, responder="member", within_target=True)  # fmt: skip

    assert judged(answered)["data"]["member"] == NOBODY


@pytest.mark.parametrize("text", [NAME, NAME.upper(), "X\\. O'Reby\\_7", "X. O&#x27;Reby_7"])
def test_a_name_goes_from_what_services_wrote_however_it_is_escaped(text: str):
    assert judged(called(f"Bravo {text} !"))["data"]["because"][0]["actual"] == f"Bravo {BLANK} !"


def test_ids_of_facts_that_are_made_of_theirs_are_made_of_nobodys():
    named = called("x", because=[{"rule": "words", "evidence": [f"member/{XENIA}/joined", f"{XENIA}2"]}])

    assert judged(named)["data"]["because"][0]["evidence"] == [f"member/{NOBODY}/joined", f"{XENIA}2"]


def test_a_number_is_an_id_between_strokes_alone():
    who = WHO.__class__("atelier", "42", WHO.person, FIRST, MONDAY, TUESDAY)
    named = called("10:42 42 %", because=[{"rule": "words", "actual": "at 10:42, 42 %", "evidence": ["like/42/p-42"]}])

    assert judged(named, who=who)["data"]["because"][0] == {
        "rule": "words",
        "actual": "at 10:42, 42 %",
        "evidence": [f"like/{NOBODY}/p-42"],
    }


def test_a_short_name_or_a_word_of_the_contracts_garbles_nothing():
    assert stays(called("le li de la rivière"))
    who = WHO.__class__("atelier", XENIA, WHO.person, FIRST, MONDAY, TUESDAY, frozenset({"listening"}))
    raised = decided("recognition", "stratum.raised", MONDAY, member="bo", stratum="relay", previous="listening")

    assert stays(raised, who=who)


def test_a_playbook_loses_its_people_and_keeps_its_words():
    core = [{"member": XENIA, "name": NAME}, {"member": "eve", "name": "Ève"}]
    people = {"manager": XENIA, "core_team": core, "founding_relays": ["rea", XENIA]}
    event = configured(MONDAY, people=people, messages={"welcome": {"fr-tu": f"Bienvenue, dit {NAME}"}})

    playbook = judged(event)["data"]["playbook"]

    assert playbook["people"]["manager"] == NOBODY
    assert playbook["people"]["core_team"] == [{"member": NOBODY, "name": BLANK}, {"member": "eve", "name": "Ève"}]
    assert playbook["people"]["founding_relays"] == ["rea", NOBODY]
    assert part_in(event.data.playbook, XENIA) == "manager"
    assert part_in(playbook, XENIA) is None


def test_whoever_came_back_is_somebody_else():
    back = MONDAY + minutes(1)

    assert judged(joined(XENIA, MONDAY), seq=LATER) is None
    assert judged(joined(XENIA, back)) is None
    assert stays(joined(XENIA, back), seq=LATER)
    raised = {"member": XENIA, "stratum": "relay", "previous": "listening"}
    assert judged(decided("recognition", "stratum.raised", TUESDAY, **raised), seq=LATER) is None
    assert stays(decided("recognition", "stratum.raised", TUESDAY + minutes(1), **raised), seq=LATER)


def test_what_nobody_took_in_goes_when_it_names_them():
    spoilt = json.loads(asked("bo", MONDAY, post="q").to_json())
    spoilt["data"] |= {"post": 7, "title": NAME}

    assert judged(json.dumps(spoilt).encode()) is None
    assert judged(f"{{not json {XENIA}".encode()) is None
    assert judged(b"{not json") == b"{not json"
    assert judged(json.dumps({**spoilt, "type": "post.invented"}).encode()) is None


def test_what_an_earlier_erasure_left_is_left_without_them_too():
    copy = {"seq": 3, "stored_at": "2026-03-02T10:00:00Z", "subject": "3.kudos.given.atelier.forum"}
    kudos = fact("kudos.given", MONDAY, member="bo", receivers=["ana", XENIA], reason="Merci")
    gone, kept = ({**copy, "event": json.loads(one.to_json())} for one in (joined(XENIA), kudos))
    earlier = fact("member.forgotten", MONDAY + hours(1), source="/operator", person="f" * 32, erased_at=MONDAY,
                   until=MONDAY, removed=[[1, 2]], copies=[gone, kept], by="eve")  # fmt: skip

    (left,) = judged(earlier)["data"]["copies"]

    assert left["event"]["data"]["receivers"] == ["ana"]
    assert decode(orjson.dumps(judged(earlier))).data.removed == ((1, 2),)
