"""The personal digest: only for who wants it and was away, about what they know and follow; one tap stops it."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.decisions import DigestSent
from contracts.envelope import AnyEvent
from contracts.naming import name_of, to_member
from contracts.people import Person, acting_member, is_bot, may_be_asked, stopped
from contracts.reasons import because
from contracts.skills import skills_named
from contracts.turn import Act, Message, Turn
from digest.rules.showing import may_be_shown
from digest.rules.times import days_since
from digest.state import Follow, Thread
from digest.state_sets import FOLLOWS_BY, OPEN_TAGGED, READERS, THREADS_TAGGED
from digest.state_told import Reader

DIGEST = "digest"
"""The rule, and the kind of its messages."""
WITHIN = timedelta(hours=1)
"""A later sign of life within the hour changes nothing."""
MOST_QUESTIONS = 3


def here(turn: Turn, event: AnyEvent) -> None:
    """A sign of life of somebody who wants the digest: while they are here they need none."""
    member = acting_member(event)
    if member is None:
        return
    reader = turn.get(Reader, member)
    if reader is None:
        person = turn.person(member)
        if person is not None and person.digest and not is_bot(person):
            turn.put(Reader(member=member, last_at=min(event.time, turn.now), last_by=event.id))
    elif event.time > reader.last_at + WITHIN:
        turn.put(replace(reader, last_at=min(event.time, turn.now), last_by=event.id))


def chose(turn: Turn, event: AnyEvent) -> None:
    """Somebody wants it, or no longer: what waits for them is called back at once."""
    member = event.data.member
    if event.data.digest is False:
        turn.drop(Reader, member)
        turn.recall(DIGEST, member, to=to_member(member), why="stopped")
    else:
        here(turn, event)


def followed(turn: Turn, event: AnyEvent) -> None:
    """A member wants to know what happens in a thread."""
    if turn.get(Thread, event.data.thread) is not None:
        turn.put(Follow(member=event.data.member, thread=event.data.thread))


def unfollowed(turn: Turn, event: AnyEvent) -> None:
    """They no longer do."""
    turn.drop(Follow, event.data.member, event.data.thread)


def sweep(turn: Turn) -> None:
    """Once a day: whoever was away for long enough, and was told nothing for long enough, is told what happened."""
    if turn.backfill or turn.silent():
        return
    for reader in turn.find(READERS):
        _told(turn, reader)


def _told(turn: Turn, reader: Reader) -> None:
    figures = turn.playbook.digest
    person = turn.person(reader.member)
    away = turn.now - reader.last_at
    if person is None or not person.digest:
        turn.drop(Reader, reader.member)
        return
    if not timedelta(days=figures.personal_away_days) <= away <= timedelta(days=figures.personal_ends_days):
        return
    if reader.sent_at is not None and days_since(turn, reader.sent_at) < figures.personal_every_days:
        return
    if not may_be_asked(person, turn.now) or stopped(person, DIGEST):
        return
    threads, questions = _found(turn, reader, person)
    if not threads:
        return
    turn.put(replace(reader, sent_at=turn.now))
    reason = because(
        DIGEST,
        threshold=f"away {figures.personal_away_days} days, one in {figures.personal_every_days}",
        actual=away // timedelta(days=1),
        evidence=(reader.last_by, *(thread.opened_by for thread in threads)),
    )
    sent = turn.decide(
        DigestSent(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            member=reader.member,
            since=reader.last_at,
            threads=tuple(thread.thread for thread in threads),
            questions=tuple(thread.thread for thread in questions),
        ),
        rule=DIGEST,
        key=reader.member,
    )
    stop = {"type": "preference.changed", "data": {"digest": False}}
    turn.request(
        Message(
            key=reader.member,
            rule=DIGEST,
            kind=DIGEST,
            template=DIGEST,
            to=to_member(reader.member),
            purse="attention",
            lifetime=timedelta(days=min(figures.personal_every_days, 3)),
            values={
                "name": name_of(turn, reader.member),
                "threads": [{"title": thread.heading, "url": thread.url} for thread in threads],
                "questions": [{"title": thread.heading, "url": thread.url} for thread in questions],
            },
            actions=(Act(id="stop", label="stop_digest", fact=stop),),
            serves=sent,
            mentions=tuple(dict.fromkeys(thread.author for thread in (*threads, *questions) if thread.author)),
            because=(reason,),
        )
    )


def _found(turn: Turn, reader: Reader, person: Person) -> tuple[tuple[Thread, ...], tuple[Thread, ...]]:
    """Threads followed in which something was said, then new ones on what the person knows; open questions apart."""
    threads: dict[str, Thread] = {}
    seen = max(reader.last_at, reader.sent_at or reader.last_at)
    for follow in turn.find(FOLLOWS_BY, reader.member):
        thread = turn.get(Thread, follow.thread)
        if thread is not None and thread.last_at is not None and thread.last_at > seen and may_be_shown(turn, thread):
            threads[thread.thread] = thread
    skills = skills_named(turn.playbook.skill_index, person.skills)
    questions: dict[str, Thread] = {}
    for skill in skills:
        for thread in turn.find(OPEN_TAGGED, skill):
            if _new_to(turn, thread, person, seen):
                questions[thread.thread] = thread
        for thread in turn.find(THREADS_TAGGED, skill):
            if _new_to(turn, thread, person, seen):
                threads[thread.thread] = thread
    most = turn.playbook.digest.personal_threads_most
    asked = tuple(questions.values())[:MOST_QUESTIONS]
    return tuple(threads.values())[:most], asked


def _new_to(turn: Turn, thread: Thread, person: Person, seen: datetime) -> bool:
    fresh = thread.opened_at is not None and thread.opened_at > seen
    return fresh and thread.author != person.member and may_be_shown(turn, thread)


def forget(turn: Turn, member: str) -> None:
    """Nothing is kept of what somebody read or followed."""
    turn.drop(Reader, member)
    for follow in turn.find(FOLLOWS_BY, member):
        turn.drop(Follow, follow.member, follow.thread)
