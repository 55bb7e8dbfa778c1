"""Accepted answers: points, a milestone, a deed; and all of it taken back when the acceptance is."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import is_bot
from contracts.turn import Turn
from recognition.rules import contributions, fairness, milestones, traces
from recognition.rules.clocks import today
from recognition.rules.counting import counts, got, is_self, ordinal_at, standing_of
from recognition.rules.fairness import Gift, give
from recognition.rules.ledger import HUNDRED, Reason, lines_about, standing_lines, take_back
from recognition.rules.presence import acted
from recognition.rules.strata import judge
from recognition.state import Standing
from recognition.state_book import Done
from recognition.state_threads import Post, Thread, Waiting

ACCEPTED = "accepted_answer"


def accepted(turn: Turn, event: AnyEvent) -> None:
    """An answer was accepted: its author gains; whoever accepted was active."""
    data = event.data
    known = turn.get(Post, data.post)
    post = known or Post(post=data.post, thread=data.thread, touched_on=today(turn))
    if data.member is not None and post.counts and counts(turn, data.member):
        acted(turn, data.member, event)
        judge(turn, data.member, event.id)
    if post.member is None and data.answer_author is not None and not post.gone:
        post = replace(post, member=data.answer_author, at=post.at)
    if post.gone or not post.counts or _is_later(post, event):
        return
    if post.member is None:
        waiting = Waiting("acceptance", data.member, "", event.id, event.time)
        turn.put(replace(post, waiting=(*(one for one in post.waiting if one.kind != "acceptance"), waiting)))
        return
    if known is None:
        # The author is the platform's word; the row of the post itself is still to come.
        turn.put(replace(post, member=None, accepted_at=event.time))
    else:
        turn.put(replace(known, accepted_at=event.time))
    _count(turn, post, data.member, event.id, event.time)


def _is_later(post: Post, event: AnyEvent) -> bool:
    """Whether a later word on the acceptance is known, or the same."""
    return post.accepted_at is not None or (post.withdrawn_at is not None and post.withdrawn_at > event.time)


def settle_waiting(turn: Turn, name: str) -> None:
    """The answer came after its acceptance."""
    post = turn.get(Post, name)
    if post is None or not post.waiting or post.member is None or post.gone:
        return
    for one in post.waiting:
        if one.kind == "acceptance" and post.counts:
            turn.put(replace(post, waiting=(), accepted_at=one.at))
            _count(turn, post, one.member, one.by, one.at)
            return


def _count(turn: Turn, post: Post, giver: str | None, by: str, at: object) -> None:
    """The acceptance for its author. An answer to one's own question, or accepted by its author, is none."""
    author = post.member or ""
    thread = turn.get(Thread, post.thread)
    asker = thread.author if thread is not None else None
    if not counts(turn, author) or is_self(turn, giver, author) or is_self(turn, asker, author):
        solve(turn, thread, by)
        return
    moment = at if hasattr(at, "astimezone") else turn.now
    day = ordinal_at(turn, moment)  # type: ignore[arg-type]
    got(turn, author, day, helped=1, received=int(giver is not None))
    if giver is not None and not is_bot(turn.person(giver)):
        full = turn.playbook.recognition.points.accepted_answer_points * HUNDRED
        gift = Gift(
            *(giver, author, ACCEPTED, full, by, moment, post.post, post.thread),  # type: ignore[arg-type]
            limited=False,
        )
        give(turn, gift, weighed=False)
    standing = standing_of(turn, author)
    standing = replace(standing, accepted=standing.accepted + 1)
    turn.put(milestones.answers(turn, standing, by))
    traces.became(turn, author, "accepted", post.thread, by)
    quotable = thread is None or (thread.quotable and thread.counts)
    title = thread.title if thread is not None and quotable else None
    deed = Done("answer", day, by, post.thread, post.post, (asker or giver) if quotable else None, title)
    contributions.did(turn, author, deed)
    contributions.learnt(turn, author, thread.skills if thread is not None else (), day)
    solve(turn, thread, by)
    judge(turn, author, by)


def solve(turn: Turn, thread: Thread | None, by: str) -> None:
    """A thread found its answer."""
    if thread is not None and not thread.solved:
        turn.put(traces.solved(turn, thread, by))


def withdrawn(turn: Turn, event: AnyEvent) -> None:
    """An acceptance was taken back."""
    data = event.data
    post = turn.get(Post, data.post)
    if post is None or (post.accepted_at is None and not post.waiting):
        _take_back(turn, data.post, "answer_withdrawn", event.id)
        known = post or Post(post=data.post, thread=data.thread, touched_on=today(turn))
        turn.put(replace(known, withdrawn_at=event.time))
        return
    if post.accepted_at is not None and event.time < post.accepted_at:
        return
    waiting = tuple(one for one in post.waiting if one.kind != "acceptance")
    turn.put(replace(post, accepted_at=None, withdrawn_at=event.time, waiting=waiting))
    _take_back(turn, data.post, "answer_withdrawn", event.id)
    author = post.member or data.answer_author
    if post.accepted_at is not None and author is not None:
        uncounted(turn, author, post, by=event.id)


def _take_back(turn: Turn, post: str, reason: Reason, by: str) -> None:
    for line in standing_lines(lines_about(turn, post)):
        if line.act == ACCEPTED:
            take_back(turn, line, reason, by=by)
            fairness.ungiven(turn, line)


def uncounted(turn: Turn, author: str, post: Post, *, by: str) -> None:
    """An accepted answer is none any more: figures, deed and trace go; a milestone passed stays passed."""
    standing = turn.get(Standing, author)
    if standing is None or not counts(turn, author):
        return
    turn.put(replace(standing, accepted=max(0, standing.accepted - 1)))
    day = ordinal_at(turn, post.accepted_at or turn.now)
    got(turn, author, day, helped=-1, received=-1)
    contributions.undone(turn, author, post=post.post)
    traces.unbecame(turn, author, "accepted")
    judge(turn, author, by)
