"""What is written, in the order in which it comes: who is answered, what is asked, who takes part."""

from msgspec.structs import replace

from contracts.community import is_restricted
from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.human_reply import is_bare
from contracts.people import is_bot, is_staff
from contracts.sensitive import said, sensitive
from contracts.skills import skills_named
from contracts.turn import Turn
from onboarding.rules import first_action, first_post, guides, life, onboarded, presence, sponsors, unheard, waves
from onboarding.rules.clocks import today
from onboarding.rules.speech import channel_for, one_line
from onboarding.state import Newcomer, Presence, Spoken, Thread, Word

MOST_AWAITING = 20
MOST_GONE = 20
_ANSWERS = frozenset({"answer", "comment"})


def posted(turn: Turn, event: AnyEvent) -> None:
    """A post: it may answer others, open a thread, and be somebody's first."""
    data: PostCreated = event.data
    member = data.member
    person = turn.person(member)
    if data.bot or is_bot(person):
        return
    of_the_house = is_staff(person, member, turn.playbook)
    if of_the_house:
        sponsors.seen(turn, member, event)
    restricted = is_restricted(turn.place(data.channel))
    thread = None if restricted else turn.get(Thread, data.thread) or Thread(thread=data.thread, day=today(turn))
    if thread is not None and data.post in thread.gone:
        return
    answered_by: str | None = None
    bare = is_bare(data.body)
    if thread is not None:
        answered_by = _answered_before(thread, data, event)
        if not bare:
            _hear(turn, thread, event, counts=not of_the_house)
        thread = _opened(turn, thread, event)
        if not of_the_house:
            thread = _delicate(turn, thread, data)
        thread = _spoken(turn, thread, event, bare=bare, waits=answered_by is None and not of_the_house)
        turn.put(thread)
    if of_the_house:
        return
    here = presence.after(turn, turn.get(Presence, member), event, person, member)
    if thread is not None:
        heard = answered_by is not None
        post = Spoken(post=data.post, thread=data.thread, by=event.id, at=event.time, heard=heard)
        here = unheard.spoke(turn, here, post)
    turn.put(here)
    _takes_part(turn, event, thread, answered_by, bare=bare)


def opening_known(turn: Turn, name: str) -> bool:
    """Whether the post that opens a thread has come."""
    thread = turn.get(Thread, name)
    return thread is not None and thread.post is not None


def is_gone(turn: Turn, name: str, post: str) -> bool:
    """Whether a post is known to be deleted."""
    thread = turn.get(Thread, name)
    return thread is not None and post in thread.gone


def _answered_before(thread: Thread, data: PostCreated, event: AnyEvent) -> str | None:
    """Who replied to a post that comes after its own reply; None, as a rule."""
    for word in thread.words:
        if word.member != data.member and (word.at > event.time or word.to == data.post):
            return word.member
    return None


def _hear(turn: Turn, thread: Thread, event: AnyEvent, *, counts: bool) -> None:
    """Everybody whose words wait in the thread has a human reply now."""
    for author in thread.awaiting:
        if author == event.data.member or _spoke_later(thread, author, event):
            continue
        there = turn.get(Presence, author)
        if there is not None:
            heard = unheard.heard(turn, there, thread.thread)
            if heard is not there:
                turn.put(heard)
        newcomer = turn.get(Newcomer, author)
        if newcomer is None:
            continue
        if counts and _is_new(newcomer):
            guides.answered_newcomer(turn, event.data.member, event.time)
        _replied(turn, newcomer, thread.thread, event.id, event)


def _spoke_later(thread: Thread, author: str, event: AnyEvent) -> bool:
    """Whether somebody's word is later than a post that comes after it: that post answers nothing."""
    return any(word.member == author and word.at > event.time for word in thread.words)


def _is_new(newcomer: Newcomer) -> bool:
    return newcomer.joined_at is not None and newcomer.onboarded_at is None


def _replied(turn: Turn, newcomer: Newcomer, thread: str, by: str, event: AnyEvent) -> None:
    after = first_post.answered(turn, newcomer, thread)
    if after.replied_at is None:
        after = replace(after, replied_at=event.time, replied_by=by)
    if after is not newcomer:
        onboarded.check(turn, after)


def _opened(turn: Turn, thread: Thread, event: AnyEvent) -> Thread:
    """A post that opens its thread says what it is about, whether or not replies came before it."""
    data: PostCreated = event.data
    is_root = data.post == data.thread
    opens = is_root or (data.reply_to is None and thread.author is None and data.kind not in _ANSWERS)
    if not opens or (thread.post == data.post):
        return thread
    asks = data.kind == "question"
    answered = any(word.member != data.member for word in thread.words)
    return replace(
        thread,
        author=data.member,
        post=data.post,
        channel=data.channel,
        title=one_line(data.title),
        url=data.url,
        question=asks,
        open=asks and not answered and not thread.hidden and bool(data.title),
        asked_at=event.time,
        skills=skills_named(turn.playbook.skill_index, data.tags),
    )


def _delicate(turn: Turn, thread: Thread, data: PostCreated) -> Thread:
    """A thread that complains, or in which somebody cries for help, is quoted to nobody. Answers the row, not yet put.

    Whether an opening complains, the platform's word goes before ours.
    """
    if thread.hidden:
        return thread
    found = sensitive(turn.playbook, said(data.title, data.body))
    opens = thread.post == data.post
    complains = data.complaint or (opens and found == "complaint" and data.complaint is None)
    return replace(thread, hidden=True, open=False) if complains or found == "care" else thread


def _spoken(turn: Turn, thread: Thread, event: AnyEvent, *, bare: bool, waits: bool) -> Thread:
    """The thread after a human post. A reply that says something answers all others; one's own words wait."""
    member = event.data.member
    kept = thread.awaiting if bare else (name for name in thread.awaiting if _spoke_later(thread, name, event))
    awaiting = tuple(dict.fromkeys((*kept, *((member,) if member in thread.awaiting else ()))))
    if waits and member not in awaiting:
        awaiting = (*awaiting, member)[-MOST_AWAITING:]
    words = thread.words if bare else _last_words(thread.words, event)
    is_open = thread.open and (bare or thread.author == member)
    return replace(thread, day=today(turn), awaiting=awaiting, words=words, open=is_open)


def _last_words(words: tuple[Word, ...], event: AnyEvent) -> tuple[Word, ...]:
    """The newest words by two different people, the newest last."""
    word = Word(member=event.data.member, at=event.time, to=event.data.reply_to, post=event.data.post)
    if not words:
        return (word,)
    if words[-1].at <= word.at:
        return (*words[:-1], word) if words[-1].member == word.member else (words[-1], word)
    others = [other for other in words if other.member != word.member]
    newest = max((word, *(own for own in words if own.member == word.member)), key=lambda own: own.at)
    return tuple(sorted((*others[-1:], newest), key=lambda own: own.at))


def _takes_part(turn: Turn, event: AnyEvent, thread: Thread | None, answered_by: str | None, *, bare: bool) -> None:
    """What a post is for a newcomer: a sign of life, perhaps the first post, perhaps the action that was offered."""
    data: PostCreated = event.data
    newcomer = life.newcomer_for(turn, event, turn.person(data.member))
    if newcomer is None:
        return
    before = newcomer
    if thread is not None:
        newcomer = first_post.posted(turn, newcomer, event, answered_by=answered_by)
        if answered_by is not None and newcomer.replied_at is None:
            newcomer = replace(newcomer, replied_at=event.time, replied_by=event.id)
        for kind in _kinds(turn, newcomer, data, thread, bare=bare):
            newcomer = first_action.completed(turn, newcomer, kind, by=event.id, at=event.time)
    if newcomer.alive_at is None or newcomer.action is None or newcomer.alone:
        newcomer = life.alive(turn, newcomer, event)
    newcomer = waves.took_part(turn, newcomer)
    if newcomer is not before or turn.get(Newcomer, data.member) is None:
        onboarded.check(turn, newcomer)


def _kinds(turn: Turn, newcomer: Newcomer, data: PostCreated, thread: Thread, *, bare: bool) -> list[str]:
    """Which actions of the catalogue a post does; none are looked for once nothing can come of it."""
    action = newcomer.action
    kinds: list[str] = []
    if newcomer.onboarded_at is not None and (action is None or action.done_at is not None):
        return kinds
    opens = thread.post == data.post
    if data.kind == "question" or (opens and data.kind == "message" and "?" in f"{data.title or ''}{data.body}"):
        kinds.append("ask")
    elif not opens and not bare and thread.author is not None and thread.author != data.member:
        kinds.append("answer")
    if "introduce" not in newcomer.done and _is_for_introductions(turn, data.channel):
        kinds.append("introduce")
    return kinds


def _is_for_introductions(turn: Turn, channel: str) -> bool:
    return channel == channel_for(turn, "introductions")[0] != channel_for(turn, "general")[0]
