"""Matching: who can help with a question now. Skill, own hours, duty purse, least recently asked."""

from datetime import timedelta
from typing import NamedTuple

from contracts.choice import stable_hash
from contracts.identity import EPOCH
from contracts.people import Person, is_bot, is_staff, may_be_asked, stopped
from contracts.purse import earliest
from contracts.skills import fold
from contracts.turn import Turn
from support.rules.expertise import derived
from support.rules.rhythm import is_usually_here
from support.rules.speech import is_for_the_team
from support.state import HELPERS_BY_SKILL, Helper, Question, Rhythm, Thread

HELPER = "helper"
MOST_SKILLS = 8
LONGEST_NAME_OF_A_SKILL = 3


class Match(NamedTuple):
    """Somebody who can help: by which skills, and whether all of them are derived."""

    member: str
    skills: tuple[str, ...]
    derived: bool


def skills_in(turn: Turn, text: str) -> tuple[str, ...]:
    """Skills of the playbook that a text names, for places without tags; sorted."""
    index = turn.playbook.skill_index
    if not index:
        return ()
    words = fold(text[:500]).split()
    found: dict[str, None] = {}
    for length in range(1, LONGEST_NAME_OF_A_SKILL + 1):
        for start in range(len(words) - length + 1):
            slug = index.get(" ".join(words[start : start + length]))
            if slug is not None:
                found[slug] = None
    return tuple(sorted(found))


def matches(turn: Turn, thread: Thread, question: Question) -> list[Match]:
    """Who can be asked now, best first: by skill, there at this hour, the purse not full, least recently asked."""
    if is_for_the_team(turn, thread, question):
        return []
    found: dict[str, Helper] = {}
    for skill in question.skills[:MOST_SKILLS]:
        for helper in turn.find(HELPERS_BY_SKILL, skill):
            found.setdefault(helper.member, helper)
    ranked = []
    for helper in found.values():
        match = _match(turn, question, helper)
        if match is not None:
            rank = (helper.asked_at or EPOCH, -len(match.skills), stable_hash(HELPER, thread.thread, helper.member))
            ranked.append((rank, match))
    return [match for _, match in sorted(ranked)]


def _match(turn: Turn, question: Question, helper: Helper) -> Match | None:
    member = helper.member
    if member == question.member or member in question.tried:
        return None
    person = turn.person(member)
    if person is None or not may_help_now(turn, person):
        return None
    shown_by_answers = derived(turn, helper)
    skills = tuple(skill for skill in question.skills if skill in helper.declared or skill in shown_by_answers)
    if not skills:
        return None
    return Match(member, skills, all(skill not in helper.declared for skill in skills))


def may_help_now(turn: Turn, person: Person) -> bool:
    """Whether an ask to this person may go out at this moment: somebody who writes here, at an hour of theirs."""
    if is_bot(person) or is_staff(person, person.member, turn.playbook):
        return False
    if not may_be_asked(person, turn.now) or stopped(person, HELPER):
        return False
    if _rests(turn, turn.get(Helper, person.member)):
        return False
    rhythm = turn.get(Rhythm, person.member)
    if rhythm is None or not rhythm.posted or not is_usually_here(turn, person):
        return False
    return earliest(person, "duty", turn.now, turn.playbook) == turn.now


def _rests(turn: Turn, helper: Helper | None) -> bool:
    """Whether somebody who said nothing to several asks in a row is left in peace for a while."""
    figures = turn.playbook.support
    if helper is None or helper.asked_at is None or helper.silences < figures.helper_silences_most:
        return False
    return turn.now < helper.asked_at + timedelta(days=figures.helper_rest_days)
