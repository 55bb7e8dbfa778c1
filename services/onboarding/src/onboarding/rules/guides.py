"""Who is likely to answer a newcomer: by skills, declared or derived from accepted answers, and by having done so."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import Person, is_bot, is_staff
from contracts.skills import skills_named
from contracts.turn import Turn
from onboarding.state import Accepted, Guide, Thread

DERIVED_ANSWERS = 3
DERIVED_WITHIN = timedelta(days=180)
MOST_ACCEPTED = 60
MOST_ANSWERS = 50


def profile_changed(turn: Turn, event: AnyEvent) -> None:
    """Keep the skills of members at hand, for introductions."""
    person = turn.person(event.data.member)
    if person is None:
        return
    known = turn.get(Guide, person.member)
    skills = () if _is_out(turn, person) else skills_named(turn.playbook.skill_index, person.skills)
    if known is None:
        if skills:
            turn.put(Guide(member=person.member, skills=skills))
    elif known.skills != skills:
        turn.put(replace(known, skills=skills))


def _is_out(turn: Turn, person: Person) -> bool:
    return is_bot(person) or is_staff(person, person.member, turn.playbook)


def answered_newcomer(turn: Turn, member: str, at: datetime) -> None:
    """Somebody answered a newcomer."""
    guide = turn.get(Guide, member) or Guide(member=member)
    oldest = turn.now - timedelta(days=turn.playbook.onboarding.introduction_helper_history_days)
    answers = (*(time for time in guide.answers if time > oldest), at)[-MOST_ANSWERS:]
    turn.put(replace(guide, answers=answers, count=len(answers)))


def answer_accepted(turn: Turn, event: AnyEvent) -> None:
    """An accepted answer on the tags of its thread, for whoever wrote it."""
    author = event.data.answer_author
    thread = turn.get(Thread, event.data.thread)
    if author is None or thread is None or not thread.skills or author == event.data.member == thread.author:
        return
    person = turn.person(author)
    if person is None or _is_out(turn, person) or not person.profiling:
        return
    guide = turn.get(Guide, author) or Guide(member=author)
    fresh = [answer for answer in guide.accepted if answer.at > turn.now - DERIVED_WITHIN]
    fresh = [answer for answer in fresh if answer.post != event.data.post]
    fresh += [Accepted(skill=skill, post=event.data.post, at=event.time) for skill in thread.skills]
    turn.put(replace(guide, accepted=tuple(fresh[-MOST_ACCEPTED:])))


def answer_withdrawn(turn: Turn, event: AnyEvent) -> None:
    """It is no accepted answer any more."""
    guide = turn.get(Guide, event.data.answer_author) if event.data.answer_author is not None else None
    if guide is not None:
        rest = tuple(answer for answer in guide.accepted if answer.post != event.data.post)
        if rest != guide.accepted:
            turn.put(replace(guide, accepted=rest))


def derived(guide: Guide | None, now: datetime) -> tuple[str, ...]:
    """Skills that accepted answers show: three on a tag in 180 days."""
    if guide is None:
        return ()
    counts: dict[str, int] = {}
    for answer in guide.accepted:
        if now - answer.at <= DERIVED_WITHIN:
            counts[answer.skill] = counts.get(answer.skill, 0) + 1
    return tuple(sorted(skill for skill, count in counts.items() if count >= DERIVED_ANSWERS))
