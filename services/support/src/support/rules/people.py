"""People: who leaves, rests, changes their mind, or is forgotten."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import purposes_after
from contracts.people import is_paused
from contracts.turn import Turn
from support.rules import expertise, helpers, outcomes, suggestions
from support.rules.matching import HELPER
from support.rules.records import keep
from support.state import (
    CRISES,
    OUTCRIES_NAMING,
    PAIRINGS_NAMING,
    SAID_TO,
    SOLVED_OF,
    THREADS_NAMING,
    Asker,
    Climate,
    Complaint,
    Helper,
    Pairing,
    Relay,
    Rhythm,
    Said,
    Thread,
    Word,
)


def left(turn: Turn, event: AnyEvent) -> None:
    """Somebody left: what they were asked passes on, what was asked for them is called back."""
    member = event.data.member
    person = turn.person(member)
    if person is None or person.left_at is None:
        return
    helpers.gone(turn, member, "left", evidence=event.id)
    for thread in turn.find(THREADS_NAMING, member):
        question = thread.question
        if question is None or question.member != member or question.status not in {"open", "answered"}:
            continue
        after = outcomes.hushed(turn, thread, question, evidence=event.id)
        if after != question:
            keep(turn, replace(thread, question=after))


def paused(turn: Turn, event: AnyEvent) -> None:
    """Somebody asked for rest: what they were asked passes on."""
    if is_paused(turn.person(event.data.member), turn.now):
        helpers.gone(turn, event.data.member, "paused", evidence=event.id)


def preferred(turn: Turn, event: AnyEvent) -> None:
    """A member chose: hours and stops are the common rules' matter; who wants no profile has no derived skills."""
    expertise.profile_changed(turn, event)
    if event.data.stop is not None and HELPER in event.data.stop:
        helpers.gone(turn, event.data.member, "left", evidence=event.id)


def described(turn: Turn, event: AnyEvent) -> None:
    """A platform says what a channel is for."""
    data = event.data
    climate = turn.get(Climate) or Climate()
    purposes = purposes_after(climate.purposes, data.channel, data.purpose, data.visibility)
    if purposes is not climate.purposes:
        turn.put(replace(climate, purposes=purposes))


def forgotten(turn: Turn, event: AnyEvent) -> None:
    """Gone from every table; totals stay."""
    member = event.data.member
    for said in turn.find(SAID_TO, member):
        turn.drop(Said, said.decision)
    for thread in turn.find(THREADS_NAMING, member):
        _forget_in(turn, thread, member, by=event.id)
    for solved in turn.find(SOLVED_OF, member):
        suggestions.unshelve(turn, solved.thread)
    for row in (Asker, Rhythm, Helper, Relay, Pairing):
        turn.drop(row, member)
    for pairing in turn.find(PAIRINGS_NAMING, member):
        turn.put(replace(pairing, relays=tuple(relay for relay in pairing.relays if relay != member)))
    for outcry in turn.find(OUTCRIES_NAMING, member):
        recent = tuple(_nameless(complaint, member) for complaint in outcry.recent)
        turn.put(replace(outcry, recent=recent, people=tuple(name for name in outcry.people if name != member)))
    for crisis in turn.find(CRISES):
        if member in crisis.people:
            people = tuple(name for name in crisis.people if name != member)
            turn.put(replace(crisis, people=people, gone=crisis.gone + 1, evidence=()))


def _nameless(complaint: Complaint, member: str) -> Complaint:
    return replace(complaint, member=None, by=None) if complaint.member == member else complaint


def _forget_in(turn: Turn, thread: Thread, member: str, *, by: str) -> None:
    """Whose question it is takes it with them; whose words they are leave them without a name."""
    question = thread.question
    if thread.author == member or (question is not None and question.member == member):
        if question is not None:
            outcomes.cancelled(turn, thread, question, reason="erased", by=by)
        suggestions.unshelve(turn, thread.thread)
        turn.drop(Thread, thread.thread)
        return
    if question is not None:
        asked = next((ask for ask in question.asks if ask.member == member), None)
        if asked is not None:
            thread = helpers.passed(turn, thread, asked, "left", evidence=by)
            question = thread.question or question
        question = replace(
            question,
            response=_anonymous(question.response, member),
            answer=_anonymous(question.answer, member),
            last_reply=_anonymous(question.last_reply, member),
            answers=tuple(_anonymous_word(word, member) for word in question.answers),
            tried=tuple(name for name in question.tried if name != member),
            told=tuple(told for told in question.told if not (told.kind == "member" and told.id == member)),
        )
    words = tuple(_anonymous_word(word, member) for word in thread.words)
    taken = tuple(word for word in thread.taken if word.member != member)
    keep(turn, replace(thread, words=words, taken=taken, question=question))


def _anonymous(word: Word | None, member: str) -> Word | None:
    return None if word is None else _anonymous_word(word, member)


def _anonymous_word(word: Word, member: str) -> Word:
    return replace(word, member=None, by=None) if word.member == member else word
