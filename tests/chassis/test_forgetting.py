"""Who was erased stays so: what is told late names nobody, in any service; whoever comes back is somebody new."""

import json

import pytest

from chassis.common import Tombstone
from chassis.entry import read
from chassis.fold import Fold
from chassis.forgetting import nameless
from chassis.memory import CompleteShelf
from chassis.rendering import Texts
from contracts.community import Community
from contracts.people import Person
from facts import MONDAY, TUESDAY, asked, days, decided, erased, fact, hours, joined, minutes, posted, replied
from recorded import installed

SERVICES = {service.name: service for service in installed()}
XENIA = "xenia-7"


class Folded:
    """One service after some events, in log order."""

    def __init__(self, service: str, *events, secret: bytes = b"of the tests") -> None:
        one = SERVICES[service]
        self.shelf = CompleteShelf(one)
        self._fold = Fold(one, self.shelf, Texts(one.package), secret=secret)
        self._seq = 0
        self.said = []
        self.take(*events)

    def take(self, *events) -> list:
        said = []
        for event in events:
            self._seq += 1
            said += self._fold.take(read(event.to_json(), seq=self._seq))
        self.said += said
        return said

    def raw(self, raw: bytes) -> None:
        """A message as its platform wrote it."""
        self._seq += 1
        self.said += self._fold.take(read(raw, seq=self._seq))

    def text(self) -> str:
        """Everything it holds and is about to do."""
        rows = [str(item) for rows in self.shelf.rows.values() for item in rows.items()]
        return "\n".join([*rows, *map(str, self.shelf.deadlines()), *map(str, self.shelf.letters)])


def before_the_erasure():
    return (joined("bo"), joined(XENIA), asked("bo", MONDAY + hours(1), post="q"), erased(XENIA, TUESDAY))


LATE = {
    "an act": posted(XENIA, MONDAY + hours(2), post="x"),
    "a join": joined(XENIA, MONDAY + hours(2)),
    "an arrival long before": joined(XENIA, MONDAY - days(90), backfill=True),
    "a reply": replied(XENIA, "q", MONDAY + hours(2)),
    "praise": fact("kudos.given", MONDAY + hours(2), member="bo", receivers=[XENIA], reason="Merci"),
    "a mention": posted("bo", MONDAY + hours(2), post="m", mentions=[XENIA]),
    "a reaction to a word": fact(
        "reaction.added", MONDAY + hours(2), member="bo", post="x", reaction="+1", post_author=XENIA
    ),
    "an accepted answer": fact(
        "answer.accepted", MONDAY + hours(3), member="bo", post="a", thread="q", answer_author=XENIA
    ),
    "a guest": joined("eva", MONDAY + hours(2), invited_by=XENIA),
    "a relay's yes": fact("pairing.accepted", MONDAY + hours(2), newcomer="bo", member=XENIA),
    "a decision": decided(
        "onboarding", "member.onboarded", MONDAY + hours(2), member=XENIA, joined_at=MONDAY, days=1, introduction="yes"
    ),
    "a stratum": decided("recognition", "stratum.raised", MONDAY + hours(2), member=XENIA, stratum="relay",
                         previous="listening"),
    "an answer that counted": decided("support", "question.answered", MONDAY + hours(2), post="q", thread="q",
                                      office_minutes=1, wall_minutes=1, target_minutes=60, reply="a", member=XENIA,
                                      responder="member", within_target=True),
}  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("late", LATE)
def test_what_is_older_than_the_erasure_and_comes_after_it_writes_nobody_down_again(service: str, late: str):
    folded = Folded(service, *before_the_erasure())
    assert XENIA not in folded.text()

    folded.take(LATE[late], posted("bo", TUESDAY + minutes(1), post="later"))

    assert XENIA not in folded.text()
    assert folded.shelf.letters == []


def test_what_others_did_counts_without_the_one_who_is_gone():
    folded = Folded("onboarding", *before_the_erasure())

    folded.take(LATE["a guest"])

    person = folded.shelf.row(Person, ("atelier", "eva"))
    assert (person.member, person.invited_by) == ("eva", None)


def test_what_a_platform_left_out_stays_left_out_when_somebody_is_taken_out_of_it():
    told = fact("member.updated", MONDAY + hours(1), member="bo", skills=["vélo"], languages=["fr"])
    folded = Folded("onboarding", joined("bo"), joined(XENIA), told, erased(XENIA, TUESDAY))

    again = {"member": "bo", "invited_by": XENIA, "community": "atelier"}
    late = json.loads(joined("bo", MONDAY + hours(3)).to_json()) | {"id": "again", "data": again}
    folded.raw(json.dumps(late).encode())

    bo = folded.shelf.rows[Person]["atelier", "bo"]
    assert (bo.skills, bo.languages, bo.invited_by) == (("vélo",), ("fr",), None)


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_comes_back_is_somebody_new(service: str):
    folded = Folded(service, *before_the_erasure())

    folded.take(joined(XENIA, TUESDAY + minutes(5)))

    assert folded.shelf.row(Person, ("atelier", XENIA)).first_seen_at == TUESDAY + minutes(5)


def test_decisions_made_while_an_erasure_was_on_its_way_are_older_than_it():
    """It happened on Monday, was told on Wednesday; on Tuesday somebody decided."""
    late = erased(XENIA, MONDAY + hours(1))
    folded = Folded("digest", joined("bo"), joined(XENIA), posted("bo", TUESDAY + days(1), post="w"), late)

    folded.take(decided("recognition", "stratum.raised", TUESDAY, member=XENIA, stratum="relay", previous="listening"))

    assert XENIA not in folded.text()
    # What the person did between the two is of whoever came back.
    folded.take(joined(XENIA, TUESDAY))
    assert folded.shelf.row(Person, ("atelier", XENIA)) is not None


def test_all_that_is_kept_is_a_hash_that_only_its_secret_makes():
    folded = Folded("support", *before_the_erasure())
    stones = list(folded.shelf.rows[Tombstone].values())

    assert stones == [Tombstone(person=nameless(b"of the tests", "atelier", XENIA), erased_at=TUESDAY, until=TUESDAY)]
    assert nameless(b"of others", "atelier", XENIA) != stones[0].person
    assert nameless(b"of the tests", "verger", XENIA) != stones[0].person
    assert folded.shelf.row(Community, ("atelier",)).forgotten_until == TUESDAY


def test_the_logs_own_word_of_an_erasure_is_enough():
    """As a fold has it of a log that has forgotten them."""
    told = fact("member.forgotten", TUESDAY + days(9), source="/operator", erased_at=TUESDAY, until=TUESDAY + hours(1),
                person=nameless(b"of the tests", "atelier", XENIA), by="nadia")  # fmt: skip
    folded = Folded("onboarding", joined("bo"), told)

    folded.take(LATE["an act"], LATE["a reply"], LATE["a decision"])

    assert XENIA not in folded.text()
    assert folded.shelf.rows[Tombstone][("atelier", told.data.person)].until == TUESDAY + hours(1)


def test_other_communities_know_nothing_of_it():
    folded = Folded("onboarding", *before_the_erasure(), joined(XENIA, MONDAY, community="verger"))

    assert folded.shelf.row(Person, ("verger", XENIA)) is not None
