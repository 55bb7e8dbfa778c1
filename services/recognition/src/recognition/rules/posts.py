"""Posts: what a post is in its thread, what it earns its author, and what it gives others."""

from typing import NamedTuple

from contracts.change import replace
from contracts.community import is_restricted
from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.human_reply import is_bare
from contracts.people import is_bot
from contracts.skills import skills_named
from contracts.turn import Turn
from recognition.rules import answers, reactions, replies
from recognition.rules.clocks import today
from recognition.rules.counting import activity_of, counts, ordinal_at
from recognition.rules.presence import acted, alive
from recognition.rules.shingles import Print, alike, printed
from recognition.rules.strata import judge
from recognition.state import Activity
from recognition.state_threads import Post, Thread

MOST_EARLY = 20
_ANSWERS = frozenset({"answer", "comment"})
Texts = tuple[tuple[int, str], ...]


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
        if known.gone:
            turn.put(replace(known, member=data.member))
        return
    bot = data.bot or is_bot(turn.person(data.member))
    earns = not bot and counts(turn, data.member)
    before = turn.get(Thread, data.thread)
    thread = before or Thread(thread=data.thread, touched_on=today(turn))
    open_place = not is_restricted(turn.place(data.channel))
    opens = _opens(data, thread)
    if opens:
        thread = _opened(turn, thread, data, open_place=open_place)
    word = _word(turn, data, opens=opens, counted=open_place and thread.counts, bot=bot, earns=earns)
    post = _row(turn, event, thread, word, known)
    reply = replies.reply_of(turn, thread, post) if word.human and not opens else None
    in_thread = reply is not None and reply.to_other and earns
    if in_thread:
        post = replace(post, replies=True)
    turn.put(post)
    if earns:
        _act(turn, event, post, word, data.thread if in_thread and word.fresh else None)
    after = _heard(turn, event, thread, post, word, bot=bot)
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
        title=data.title or None,
        question=thread.question or data.kind == "question",
        quotable=thread.quotable and not data.complaint,
        counts=thread.counts and open_place,
        skills=skills_named(turn.playbook.skill_index, data.tags) if data.tags else (),
    )


def _word(turn: Turn, data: PostCreated, *, opens: bool, counted: bool, bot: bool, earns: bool) -> Word:
    human = counted and not bot and (opens or not is_bare(data.body))
    if not (earns and counted):
        return Word(opens, counted, human, not bot, None)
    activity = activity_of(turn, data.member)
    fresh = opens or data.reply_to is not None or not _spoke_today(turn, activity, data.thread)
    figures = turn.playbook.recognition.fairness
    text = printed(data.body, figures.copy_least_words) if figures.copy_posts else None
    if text is None:
        return Word(opens, counted, human, fresh, None)
    texts = activity.texts
    for other in texts:
        if alike(text, Print(*other), figures.copy_similarity):
            fresh = False
    return Word(opens, counted, human, fresh, (*texts, (text.shingles, text.hashes))[-figures.copy_posts :])


def _spoke_today(turn: Turn, activity: Activity, thread: str) -> bool:
    """Whether somebody has a reply of today in a thread of somebody else's."""
    day = today(turn).toordinal()
    for seen in reversed(activity.threads):
        if seen.day != day:  # they are kept in the order of their last reply
            return False
        if seen.thread == thread:
            return True
    return False


def _row(turn: Turn, event: AnyEvent, thread: Thread, word: Word, known: Post | None) -> Post:
    """The row of a post; what came before it, by way of a row without an author, stays in it."""
    data: PostCreated = event.data
    return Post(
        post=data.post,
        thread=data.thread,
        touched_on=today(turn),
        member=data.member,
        by=event.id,
        at=event.time,
        day=ordinal_at(turn, event.time),
        reply_to=data.reply_to,
        characters=len(data.body),
        early=thread.post is None,
        fresh=word.fresh,
        counts=word.counted,
        url=data.url,
        accepted_at=known.accepted_at if known is not None else None,
        withdrawn_at=known.withdrawn_at if known is not None else None,
        waiting=known.waiting if known is not None else (),
    )


def _act(turn: Turn, event: AnyEvent, post: Post, word: Word, thread: str | None) -> None:
    """The author's side: the day is active. Of a restricted place, only that somebody is there."""
    member = event.data.member
    if word.counted:
        acted(turn, member, event, posts=1, post=post.post, thread=thread, texts=word.texts)
    else:
        # Nothing from such a place is counted; that somebody is there is no secret to the clock of silence.
        turn.put(alive(activity_of(turn, member), event))


def _heard(turn: Turn, event: AnyEvent, thread: Thread, post: Post, word: Word, *, bot: bool) -> Thread:
    """The thread after the post: who speaks in it, what waits for its opening, whom the asker answered."""
    data: PostCreated = event.data
    if word.human and not word.opens and thread.post is None:
        thread = replace(thread, early=(*thread.early, data.post)[-MOST_EARLY:])
    if word.counted and not bot:
        drawn = word.human and thread.post is not None and replies.is_new(thread, data.member)
        if drawn:
            thread = replace(thread, others=(*thread.others, data.member), touched_on=today(turn))
        thread = replies.asker_spoke(turn, thread, event)
        thread = replies.links(turn, thread, post, event)
    if thread.touched_on != today(turn):
        thread = replace(thread, touched_on=today(turn))
    return thread
