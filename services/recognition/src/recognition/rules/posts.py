"""Posts: what a post is in its thread, what it earns its author, and what it gives others."""

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from contracts.community import Place, is_restricted
from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.human_reply import is_bare
from contracts.naming import one_line
from contracts.people import Person, is_bot, is_staff
from contracts.sensitive import said, sensitive
from contracts.skills import skills_named
from contracts.turn import Turn
from recognition.rules import answers, reactions, replies
from recognition.rules.clocks import today
from recognition.rules.counting import activity_of, may_earn, ordinal_at
from recognition.rules.presence import acted, alive
from recognition.rules.shingles import is_copy, printed
from recognition.rules.strata import judge
from recognition.state import Activity
from recognition.state_threads import Post, Thread

MOST_EARLY = 20
_ANSWERS = frozenset({"answer", "comment"})
Texts = tuple[tuple[int, str], ...]


def opening_known(turn: Turn, name: str) -> bool:
    """Whether the post that opens a thread has come."""
    thread = turn.get(Thread, name)
    return thread is not None and thread.post is not None


def is_gone(turn: Turn, _thread: str, name: str) -> bool:
    """Whether a post is known to be deleted."""
    post = turn.get(Post, name)
    return post is not None and post.gone


class Word(NamedTuple):
    """What a post is, before anything is counted.

    Attributes:
        opens: it opens its thread.
        counted: it is in no restricted place, and nobody there needs care.
        human: it was written by a person, and says more than "me too".
        fresh: it is no copy; and where nothing says what it answers, as in a chat, the first word of a conversation
            that day: what somebody says there in a day is one reply.
        texts: the author's last texts with this one; None when they stay as they were.
    """

    opens: bool
    counted: bool
    human: bool
    fresh: bool
    texts: Texts | None


def posted(turn: Turn, event: AnyEvent) -> None:
    """A post: the opening of a thread, a reply, or a word among others."""
    data: PostCreated = event.data
    known = turn.get(Post, data.post)
    if known is not None and (known.gone or known.member is not None):
        return
    person = turn.person(data.member)
    bot = data.bot or is_bot(person)
    earns = not bot and person is not None and may_earn(person, turn.playbook)
    day = today(turn)
    before = turn.get(Thread, data.thread)
    thread = before or Thread(thread=data.thread, touched_on=day)
    open_place = not is_restricted(turn.get(Place, data.channel))
    opens = _opens(data, thread)
    if opens:
        thread = _opened(turn, thread, data, open_place=open_place)
    if open_place and not bot:
        thread = _delicate(turn, thread, data, person, opens=opens)
    activity = activity_of(turn, data.member) if earns else None
    word = _word(turn, data, activity, day, opens=opens, counted=open_place and thread.counts, bot=bot)
    reply = replies.reply_of(turn, thread, data.member, data.reply_to) if word.human and not opens else None
    in_thread = reply is not None and reply.to_other and earns
    post = _row(turn, event, day, word, known=known, early=thread.post is None, in_thread=in_thread)
    turn.put(post)
    if activity is not None:
        _act(turn, event, activity, word, data.thread if in_thread and word.fresh else None)
    after = _heard(turn, event, thread, post, word, bot=bot, day=day)
    if after is not before:
        turn.put(after)
    if reply is not None:
        replies.give(turn, after, post, reply, earns=earns)
    _settle(turn, post, after, opens=opens)
    if earns:
        if word.counted:
            replies.greeted_back(turn, data.member, data.thread, event)
        judge(turn, data.member, event.id)


def _settle(turn: Turn, post: Post, thread: Thread, *, opens: bool) -> None:
    """What waited for this post counts now: replies to it, reactions, an acceptance."""
    if opens and thread.early:
        replies.settle_early(turn, thread)
    if post.waiting:
        reactions.settle_waiting(turn, post)
        answers.settle_waiting(turn, post.post)


def _opens(data: PostCreated, thread: Thread) -> bool:
    """Whether a post opens its thread, in whatever order they come."""
    if thread.post is not None:
        return False
    return data.post == data.thread or (data.reply_to is None and data.kind not in _ANSWERS)


def _opened(turn: Turn, thread: Thread, data: PostCreated, *, open_place: bool) -> Thread:
    return replace(
        thread,
        author=data.member,
        post=data.post,
        channel=data.channel,
        title=one_line(data.title),
        question=thread.question or data.kind == "question",
        counts=thread.counts and open_place,
        skills=skills_named(turn.playbook.skill_index, data.tags) if data.tags else (),
    )


def _delicate(turn: Turn, thread: Thread, data: PostCreated, person: Person | None, *, opens: bool) -> Thread:
    """Of a complaint nothing is quoted; where somebody cries for help, nothing counts either, from then on."""
    if is_staff(person, data.member, turn.playbook):
        return replace(thread, quotable=False) if data.complaint and thread.quotable else thread
    found = sensitive(turn.playbook, said(data.title, data.body))
    if found == "care":
        return replace(thread, quotable=False, counts=False)
    complains = data.complaint or (opens and found == "complaint" and data.complaint is None)
    return replace(thread, quotable=False) if complains and thread.quotable else thread


def _word(
    turn: Turn, data: PostCreated, activity: Activity | None, day: date, *, opens: bool, counted: bool, bot: bool
) -> Word:
    """What a post is; `activity` is its author's, if they can earn."""
    human = counted and not bot and (opens or not is_bare(data.body))
    if activity is None or not counted:
        return Word(opens, counted, human, not bot, None)
    fresh = opens or data.reply_to is not None or not _spoke_on(day.toordinal(), activity, data.thread)
    figures = turn.playbook.recognition.fairness
    text = printed(data.body, figures.copy_least_words) if figures.copy_posts else None
    if text is None:
        return Word(opens, counted, human, fresh, None)
    texts = activity.texts
    if is_copy(text, texts, figures.copy_similarity):
        fresh = False
    return Word(opens, counted, human, fresh, (*texts, (text.shingles, text.hashes))[-figures.copy_posts :])


def _spoke_on(day: int, activity: Activity, thread: str) -> bool:
    """Whether somebody has a reply of that day in a thread of somebody else's."""
    for seen in reversed(activity.threads):
        if seen.day != day:  # they are kept in the order of their last reply
            return False
        if seen.thread == thread:
            return True
    return False


def _row(
    turn: Turn, event: AnyEvent, day: date, word: Word, *, known: Post | None, early: bool, in_thread: bool
) -> Post:
    """The row of a post; what came before it, by way of a row without an author, stays in it."""
    data: PostCreated = event.data
    post = Post(
        post=data.post,
        thread=data.thread,
        touched_on=day,
        member=data.member,
        by=event.id,
        at=event.time,
        day=ordinal_at(turn, event.time),
        reply_to=data.reply_to,
        characters=len(data.body),
        replies=in_thread,
        early=early,
        fresh=word.fresh,
        counts=word.counted,
        url=data.url,
    )
    if known is None:
        return post
    return replace(post, accepted_at=known.accepted_at, withdrawn_at=known.withdrawn_at, waiting=known.waiting)


def _act(turn: Turn, event: AnyEvent, activity: Activity, word: Word, thread: str | None) -> None:
    """The author's side: the day is active. Of a restricted place, only that somebody is there."""
    data: PostCreated = event.data
    if word.counted:
        acted(turn, data.member, event, activity, posts=1, post=data.post, thread=thread, texts=word.texts)
    else:
        # Nothing from such a place is counted; that somebody is there is no secret to the clock of silence.
        turn.put(alive(activity, event))


def _heard(turn: Turn, event: AnyEvent, thread: Thread, post: Post, word: Word, *, bot: bool, day: date) -> Thread:
    """The thread after the post: who speaks in it, what waits for its opening, whom the asker answered."""
    data: PostCreated = event.data
    if word.human and not word.opens and thread.post is None:
        thread = replace(thread, early=(*thread.early, data.post)[-MOST_EARLY:])
    if word.counted and not bot:
        if word.human and thread.post is not None and replies.is_new(thread, data.member):
            thread = replace(thread, others=(*thread.others, data.member), touched_on=day)
        if thread.question:
            thread = replies.asker_spoke(turn, thread, event)
        if data.links:
            thread = replies.links(turn, thread, post, event)
    return thread if thread.touched_on == day else replace(thread, touched_on=day)
