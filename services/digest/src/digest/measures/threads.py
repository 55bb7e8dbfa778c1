"""Threads and questions: when the first response and the first answer came, from whom, and the organisation's word."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.human_reply import is_bare
from contracts.office_time import NeverOpen, add_office_minutes
from contracts.people import is_bot, is_staff
from contracts.playbook import Playbook
from contracts.skills import fold
from contracts.turn import Turn
from digest.measures import members, periods
from digest.measures.periods import DAY, FACTS
from digest.measures.state import LOOK_AT, Part, Reply, Talk

QUESTION_DAYS = 100
"""Questions are held so long after they were asked: a quarter, and the page that draws it."""
THREAD_DAYS = 35
MOST_EARLY = 5
REMOVALS = frozenset({"removed", "deleted", "hidden", "remove", "delete", "hide"})
"""Words of platforms for what takes a post out of sight."""
Responder = Literal["member", "relay", "staff"]


def posted(turn: Turn, event: AnyEvent) -> None:
    """A post: it is counted, it makes its author active, it opens a thread or says something in one."""
    data: PostCreated = event.data
    person = turn.person(data.member)
    if data.bot or is_bot(person):
        return
    day = periods.day_of(turn, event.time)
    staff = is_staff(person, data.member, turn.playbook)
    names = [FACTS, "posts"]
    ours = staff or data.origin == "organisation"
    if not ours:
        names.append("posts.member")
    names += members.active(turn, event, data.member, person=person, day=day, posts=1)
    names += _in_thread(turn, event, day, staff=staff, ours=ours)
    periods.count(turn, day, event.id, names)


def _in_thread(turn: Turn, event: AnyEvent, day: date, *, staff: bool, ours: bool) -> list[str]:
    data: PostCreated = event.data
    known = turn.get(Talk, data.thread)
    talk = known or Talk(thread=data.thread, last=day, look=_look(day, asks=False))
    if talk.post == data.post:
        return []
    names: list[str] = []
    after = talk
    if talk.post is None and _opens(data):
        after = _opened(turn, talk, event, day, own=not ours)
        if after.own:
            names.append("threads")
        for reply in talk.early:
            after = _replied(after, reply, names)
        after = replace(after, early=())
    elif talk.post is None:
        if len(talk.early) < MOST_EARLY:
            after = replace(after, early=(*talk.early, _reply(turn, event, staff=staff)))
    elif _matters(talk, event, staff=staff):
        after = _thanked(turn, after, event, names)
        after = _replied(after, _reply(turn, event, staff=staff), names)
    if day > after.last:
        after = replace(after, last=day)
    if after is not known:
        turn.put(after)
    return names


def opening_known(turn: Turn, name: str) -> bool:
    """Whether the post that opens a thread has come."""
    talk = turn.get(Talk, name)
    return talk is not None and talk.post is not None


def is_gone(_turn: Turn, _thread: str, _post: str) -> bool:
    """Of a post that is gone already nothing has to come again: it is measured, and left out."""
    return False


def _matters(talk: Talk, event: AnyEvent, *, staff: bool) -> bool:
    """Whether a post in a thread can still change what is measured of it: most come after all that."""
    return (
        talk.response_at is None
        or event.time < talk.response_at
        or (talk.asks and talk.answer_at is None)
        or (staff and talk.staff_at is None)
    )


def _opens(data: PostCreated) -> bool:
    return data.post == data.thread or (data.reply_to is None and data.kind not in {"answer", "comment"})


def _look(day: date, *, asks: bool) -> str:
    return (day + (QUESTION_DAYS if asks else THREAD_DAYS) * DAY).isoformat()


def _opened(turn: Turn, talk: Talk, event: AnyEvent, day: date, *, own: bool) -> Talk:
    data: PostCreated = event.data
    talk = replace(
        talk,
        post=data.post,
        author=data.member,
        at=event.time,
        opened_by=event.id,
        own=own,
        word_due=word_due(turn.playbook, day) if own else None,
        look=_look(day, asks=False),
    )
    return _asking(turn, talk, day) if own and data.kind == "question" else talk


def word_due(playbook: Playbook, day: date) -> str | None:
    """The local day by whose end the organisation owes a word; None where no year has business days."""
    try:
        return playbook.calendar.business_day_after(day, playbook.digest.reciprocity_business_days).isoformat()
    except ValueError:
        return None


def _asking(turn: Turn, talk: Talk, day: date) -> Talk:
    """It is a question: both its clocks are set."""
    if talk.asks or talk.at is None:
        return talk
    minutes = turn.playbook.digest.answered_within_minutes
    try:
        office = add_office_minutes(turn.playbook.office, talk.at, minutes)
    except NeverOpen:
        office = None
    return replace(
        talk,
        asks=True,
        month=f"{day:%Y-%m}",
        office_target=office,
        wall_target=talk.at + timedelta(minutes=minutes),
        look=_look(day, asks=True),
    )


def responder_of(turn: Turn, member: str, *, staff: bool) -> Responder:
    """In what capacity somebody answers, now."""
    if staff:
        return "staff"
    part = turn.get(Part, member)
    return "relay" if member in turn.playbook.people.relays or (part is not None and part.relay) else "member"


def _reply(turn: Turn, event: AnyEvent, *, staff: bool) -> Reply:
    data: PostCreated = event.data
    return Reply(
        member=data.member,
        at=event.time,
        responder=responder_of(turn, data.member, staff=staff),
        says=not is_bare(data.body),
        enough=_is_enough(data, turn.playbook.support.answer_least_characters),
    )


def _is_enough(data: PostCreated, least_characters: int) -> bool:
    return bool(len(data.body.strip()) >= least_characters or data.links or data.has_code or data.has_image)


def _replied(talk: Talk, reply: Reply, names: list[str]) -> Talk:
    """Somebody else said something: it may be the first response, the first answer, the organisation's word."""
    if talk.at is None or reply.member == talk.author or not reply.says:
        return talk
    at = max(reply.at, talk.at)
    changed: dict[str, Any] = {}
    if talk.response_at is None or at < talk.response_at:
        changed["response_at"] = at
    if reply.responder == "staff" and (talk.staff_at is None or at < talk.staff_at):
        changed["staff_at"] = at
    if talk.asks and talk.answer_at is None:
        if reply.enough:
            changed |= {"answer_at": at, "responder": reply.responder, "short": None}
            names.append(f"answers.{reply.responder}")
        else:
            changed["short"] = reply
    return replace(talk, **changed) if changed else talk


def _thanked(turn: Turn, talk: Talk, event: AnyEvent, names: list[str]) -> Talk:
    """The asker's thanks make a short reply an answer."""
    short = talk.short
    if short is None or talk.answer_at is not None or event.data.member != talk.author or not says_thanks(turn, event):
        return talk
    names.append(f"answers.{short.responder}")
    return replace(talk, answer_at=short.at, responder=short.responder, short=None)


def says_thanks(turn: Turn, event: AnyEvent) -> bool:
    """Whether a post thanks and asks nothing more."""
    if "?" in event.data.body:
        return False
    said = f" {fold(event.data.body)} "
    return any(f" {words} " in said for words in map(fold, turn.playbook.support.thanks_words) if words)


def _put(turn: Turn, event: AnyEvent, talk: Talk, names: Iterable[str] = ()) -> None:
    turn.put(talk)
    periods.count(turn, periods.day_of(turn, event.time), event.id, (*names,))


def fact_told(turn: Turn, event: AnyEvent) -> None:
    """Something was told of a post: a fact of its day."""
    periods.count(turn, periods.day_of(turn, event.time), event.id, (FACTS,))


def deleted(turn: Turn, event: AnyEvent) -> None:
    """A question that was taken away is none; a reply that was taken away had been one."""
    _stands(turn, event, gone=True)


def restored(turn: Turn, event: AnyEvent) -> None:
    """It is back."""
    _stands(turn, event, gone=False)


def moderated(turn: Turn, event: AnyEvent) -> None:
    """Moderation took something away, or did not."""
    if event.data.upheld is not False and event.data.action in REMOVALS:
        _stands(turn, event, gone=True)


def _stands(turn: Turn, event: AnyEvent, *, gone: bool) -> None:
    talk = turn.get(Talk, event.data.thread)
    if talk is not None and talk.post == event.data.post and talk.gone != gone:
        turn.put(replace(talk, gone=gone))


def solved(turn: Turn, event: AnyEvent) -> None:
    """An answer was accepted, or the thread resolved."""
    talk = turn.get(Talk, event.data.thread)
    if talk is None or not talk.asks or talk.solved:
        return
    _put(turn, event, replace(talk, solved=True), ("solved",))


def unsolved(turn: Turn, event: AnyEvent) -> None:
    """It was taken back."""
    talk = turn.get(Talk, event.data.thread)
    if talk is not None and talk.solved:
        turn.put(replace(talk, solved=False))


def question_opened(turn: Turn, event: AnyEvent) -> None:
    """Support found a question where the platform had no word for it."""
    data = event.data
    if data.nature == "care" or is_staff(turn.person(data.member), data.member, turn.playbook):
        return
    day = periods.day_of(turn, data.asked_at)
    talk = turn.get(Talk, data.thread) or Talk(thread=data.thread, last=day, look=_look(day, asks=True))
    if talk.asks and not talk.gone:
        return
    if talk.post != data.post:
        talk = replace(talk, post=data.post, author=data.member, at=data.asked_at, opened_by=event.id, own=True)
        talk = replace(talk, response_at=None, answer_at=None, responder=None)
    turn.put(_asking(turn, replace(talk, gone=False), day))


def question_cancelled(turn: Turn, event: AnyEvent) -> None:
    """It was no question, or is gone."""
    talk = turn.get(Talk, event.data.thread)
    if talk is not None and talk.post == event.data.post:
        turn.put(replace(talk, gone=True))


def question_reopened(turn: Turn, event: AnyEvent) -> None:
    """It is back, after it was gone."""
    talk = turn.get(Talk, event.data.thread)
    if talk is not None and talk.post == event.data.post and talk.gone and event.data.reason == "restored":
        turn.put(replace(talk, gone=False))


def question_answered(turn: Turn, event: AnyEvent) -> None:
    """Support saw an answer that nothing here showed, as a short word that was thanked for."""
    talk = turn.get(Talk, event.data.thread)
    if talk is None or not talk.asks or talk.answer_at is not None or talk.post != event.data.post or talk.at is None:
        return
    at: datetime = talk.at + timedelta(minutes=event.data.wall_minutes)
    answered = replace(talk, answer_at=at, responder=event.data.responder, short=None)
    if talk.response_at is None or at < talk.response_at:
        answered = replace(answered, response_at=at)
    _put(turn, event, answered, (f"answers.{event.data.responder}",))


def swept(turn: Turn, today: date) -> None:
    """Once a day: threads in which nothing can happen any more that is measured are let go."""
    for talk in turn.find(LOOK_AT, today.isoformat()):
        held = QUESTION_DAYS if talk.asks else THREAD_DAYS
        until = (talk.last if not talk.asks or talk.at is None else talk.at.date()) + held * DAY
        if until <= today:
            turn.drop(Talk, talk.thread)
        else:
            turn.put(replace(talk, look=until.isoformat()))
