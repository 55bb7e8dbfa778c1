"""What is written: threads and who speaks in them, what is asked and what is answered, what may no longer be quoted."""

from datetime import date, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.community import is_restricted
from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.human_reply import is_human_reply
from contracts.people import is_bot, is_staff
from contracts.sensitive import said, sensitive
from contracts.skills import skills_named
from contracts.turn import Turn
from digest.rules import prompts, rhythm, voice
from digest.rules.showing import is_waiting
from digest.rules.speech import shortened
from digest.rules.times import today
from digest.state import Nature, Thread
from digest.state_sets import FOLLOWS_OF, THREADS_ENDING

SPOKEN_DAYS = 35
"""A thread that was spoken in is kept so long: whoever was away for a month is told what it was about."""
SINGLE_DAYS = 10
"""A post without any reply: until the synthesis of its week is out."""
MOST_PEOPLE = 40
"""More people than that in a thread are not told apart: it is lively enough."""
MOST_GONE = 20
_ANSWERS = frozenset({"answer", "comment"})


def posted(turn: Turn, event: AnyEvent) -> None:
    """A post: it opens a thread or answers in one."""
    data: PostCreated = event.data
    if is_restricted(turn.place(data.channel)):
        return
    known = turn.get(Thread, data.thread)
    if known is not None and data.post in known.gone:
        return
    day = today(turn)
    person = turn.person(data.member)
    bot = data.bot or is_bot(person)
    house = bot or data.origin == "organisation" or is_staff(person, data.member, turn.playbook)
    thread = known or Thread(thread=data.thread, ends_on=_after(day, SINGLE_DAYS), history=event.backfill)
    opens = _opens(thread, data)
    if opens:
        thread = _opened(turn, thread, event, ours=house)
    elif not house and thread.nature != "care" and _cries(turn, data.title, data.body):
        thread = replace(thread, nature="care", open=False)
    elif data.complaint and thread.nature != "care":
        thread = replace(thread, nature="complaint", open=False)
    if not bot:
        thread = _spoken(turn, thread, event, day, alone=known is None or opens)
    turn.put(thread)
    rhythm.wrote(turn, event, started=opens and not house, answered=_just_answered(known, thread))
    prompts.wrote(turn, event, human=not house, started=opens)


def opening_known(turn: Turn, name: str) -> bool:
    """Whether the post that opens a thread has come."""
    thread = turn.get(Thread, name)
    return thread is not None and thread.post is not None


def is_gone(turn: Turn, name: str, post: str) -> bool:
    """Whether a post is known to be deleted."""
    thread = turn.get(Thread, name)
    return thread is not None and post in thread.gone


def _cries(turn: Turn, title: str | None, body: str) -> bool:
    """Whether somebody cries for help in a thread of somebody else's: it is for humans from then on."""
    return sensitive(turn.playbook, said(title, body)) == "care"


def _sensitive(turn: Turn, data: PostCreated) -> Literal["complaint", "care"] | None:
    """What keeps an opening from being quoted; whether it complains, the platform's word goes before ours."""
    found = sensitive(turn.playbook, said(data.title, data.body))
    if found == "care" or data.complaint is None:
        return found
    return "complaint" if data.complaint else None


def _after(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def _opens(thread: Thread, data: PostCreated) -> bool:
    if thread.post is not None:
        return False
    return data.post == data.thread or (data.reply_to is None and data.kind not in _ANSWERS)


def _just_answered(before: Thread | None, after: Thread) -> bool:
    return before is not None and before.open and not after.open and after.answered_by is not None


def _opened(turn: Turn, thread: Thread, event: AnyEvent, *, ours: bool) -> Thread:
    """A post that opens its thread says what it is about, whether or not replies came before it."""
    data: PostCreated = event.data
    nature: Nature = "question" if data.kind == "question" else "talk"
    if thread.nature in {"complaint", "care"}:
        nature = thread.nature
    elif not ours:
        nature = _sensitive(turn, data) or nature
    answered = thread.answered_by is not None and thread.answered_by != data.member
    thread = replace(
        thread,
        opened_on=local_day(min(event.time, turn.now), turn.playbook.zone).isoformat(),
        opened_at=event.time,
        opened_by=event.id,
        author=data.member,
        post=data.post,
        channel=data.channel,
        heading=shortened(data.title or data.body) or None,
        url=data.url,
        tags=skills_named(turn.playbook.skill_index, data.tags),
        ours=ours,
        nature=nature,
        answered_by=thread.answered_by if answered else None,
        open=nature == "question" and not answered and not ours and not thread.closed,
    )
    voice.asked(turn, thread, event)
    return thread


def _spoken(turn: Turn, thread: Thread, event: AnyEvent, day: date, *, alone: bool) -> Thread:
    data: PostCreated = event.data
    ends_on = max(thread.ends_on, _after(day, SINGLE_DAYS if alone else SPOKEN_DAYS))
    last_at = event.time if thread.last_at is None else max(thread.last_at, event.time)
    new = len(thread.people) < MOST_PEOPLE and data.member not in thread.people
    thread = replace(
        thread,
        ends_on=ends_on,
        posts=thread.posts + 1,
        people=(*thread.people, data.member) if new else thread.people,
        people_count=thread.people_count + new,
        last_at=last_at,
        last_by=event.id,
    )
    if thread.answered_by is None and is_human_reply(data, to=thread.author) and _answers(turn, thread, data):
        thread = replace(thread, answered_by=data.member, open=False)
    return thread


def _answers(turn: Turn, thread: Thread, data: PostCreated) -> bool:
    """Whether a human reply is an answer: long enough, or with a link, code or an image."""
    if data.post == thread.post:
        return False
    long_enough = len(data.body.strip()) >= turn.playbook.support.answer_least_characters
    return long_enough or bool(data.links) or bool(data.has_code) or bool(data.has_image)


def updated(turn: Turn, event: AnyEvent) -> None:
    """An edit: of the post that opens a thread, what it is about; of any other, only what it may no longer hide."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None or data.post in thread.gone:
        return
    after = thread
    if thread.post == data.post:
        found = None if thread.ours else sensitive(turn.playbook, said(data.title, data.body))
        if data.title:
            after = replace(after, heading=shortened(data.title))
        if data.tags is not None:
            after = replace(after, tags=skills_named(turn.playbook.skill_index, data.tags))
        if found is not None and thread.nature != "care":
            after = replace(after, nature=found, open=False)
    elif data.body and _cries(turn, None, data.body):
        after = replace(after, nature="care", open=False)
    if after != thread:
        turn.put(after)


def deleted(turn: Turn, event: AnyEvent) -> None:
    """A post is gone: with the post that opens it, the whole thread is."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None:
        thread = Thread(thread=data.thread, ends_on=_after(today(turn), SINGLE_DAYS))
    if data.post in thread.gone:
        return
    thread = replace(thread, gone=(*thread.gone, data.post)[-MOST_GONE:])
    if thread.post == data.post or (thread.post is None and data.post == data.thread):
        thread = replace(thread, heading=None, open=False, closed=True)
    elif thread.posts:
        thread = replace(thread, posts=thread.posts - 1)
        if thread.posts <= (thread.post is not None):
            # Nobody's answer is left: a question waits again.
            lost = thread.answered_by or thread.lost_answer
            waits = thread.nature == "question" and not thread.ours and not thread.closed
            waits = waits and thread.opened_by is not None
            thread = replace(thread, answered_by=None, lost_answer=lost, open=thread.open or waits)
    turn.put(thread)
    prompts.thread_gone(turn, thread)


def restored(turn: Turn, event: AnyEvent) -> None:
    """A post is back, or open again: it counts as before, under the heading that the platform now gives."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None:
        return
    gone = tuple(post for post in thread.gone if post != data.post)
    after = replace(thread, gone=gone)
    if data.post in (thread.post, thread.thread):
        heading = thread.heading or shortened(data.title or data.body or "") or None
        unanswered = thread.nature == "question" and thread.answered_by is None and not thread.ours
        after = replace(after, closed=False, heading=heading, open=unanswered and thread.post is not None)
    elif data.post in thread.gone:
        after = replace(after, posts=thread.posts + 1)
        if after.answered_by is None and after.lost_answer is not None:
            after = replace(after, answered_by=after.lost_answer, lost_answer=None, open=False)
    if after != thread:
        turn.put(after)


def closed(turn: Turn, event: AnyEvent) -> None:
    """The post that opens a thread takes no more answers: nobody is sent there."""
    thread = turn.get(Thread, event.data.thread)
    if thread is not None and event.data.post in (thread.post, thread.thread) and not thread.closed:
        turn.put(replace(thread, closed=True, open=False))
        prompts.thread_gone(turn, thread)


def flagged(turn: Turn, event: AnyEvent) -> None:
    """Somebody reported a post: its thread is shown to nobody until a moderator says that nothing is wrong."""
    thread = turn.get(Thread, event.data.thread)
    if thread is not None and not thread.flagged:
        turn.put(replace(thread, flagged=True))
        prompts.thread_gone(turn, thread)


def moderated(turn: Turn, event: AnyEvent) -> None:
    """A moderator judged: a flag that was wrong is forgotten, any other verdict keeps the thread from being shown."""
    thread = turn.get(Thread, event.data.thread)
    if thread is None:
        return
    flag = event.data.upheld is not False
    if thread.flagged != flag:
        turn.put(replace(thread, flagged=flag))
        if flag:
            prompts.thread_gone(turn, thread)


def moved(turn: Turn, event: AnyEvent) -> None:
    """A thread stands in another channel, or under another title."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is not None:
        heading = shortened(data.title) if data.title else thread.heading
        turn.put(replace(thread, channel=data.channel or thread.channel, heading=heading))


def sweep(turn: Turn, day: date) -> None:
    """Drop the threads that nobody spoke in for long, save questions that still wait for somebody."""
    for thread in turn.find(THREADS_ENDING, day.isoformat()):
        if thread.open and (not thread.history or is_waiting(turn, thread)):
            turn.put(replace(thread, ends_on=_after(day, SPOKEN_DAYS)))
            continue
        turn.drop(Thread, thread.thread)
        for follow in turn.find(FOLLOWS_OF, thread.thread):
            turn.drop(type(follow), follow.member, follow.thread)
