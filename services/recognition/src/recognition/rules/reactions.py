"""Reactions and kudos: given by one, received by another, weighed, and taken back."""

from msgspec.structs import replace

from contracts.activity import iso_week, local_day
from contracts.envelope import AnyEvent
from contracts.people import is_bot
from contracts.turn import Turn
from recognition.rules import fairness, gaming, traces
from recognition.rules.clocks import today
from recognition.rules.contributions import did
from recognition.rules.counting import activity_of, counts, day_at, got, is_self, ordinal_at, standing_of
from recognition.rules.fairness import Gift, give
from recognition.rules.ledger import HUNDRED, lines_about, standing_lines, take_back
from recognition.rules.presence import acted
from recognition.rules.strata import judge
from recognition.state import Giver, Pair, Standing
from recognition.state_book import Done
from recognition.state_threads import Post, Thread, Waiting

MOST_WAITING = 50
REACTION, KUDOS = "reaction_received", "kudos_received"


def added(turn: Turn, event: AnyEvent) -> None:
    """A reaction: the giver's day is active, the receiver gains. Nobody reacts to oneself; programs do not react."""
    data = event.data
    post = turn.get(Post, data.post)
    receiver = post.member if post is not None and post.member is not None else data.post_author
    if post is not None and (post.gone or not post.counts or _hushed(turn, post.thread)):
        return
    if receiver is None:
        waiting = Waiting("reaction", data.member, data.reaction, event.id, event.time)
        _wait(turn, data.post, data.thread, waiting)
    else:
        _received(turn, event, receiver, Waiting("reaction", data.member, data.reaction, event.id, event.time), post)
    if data.member is not None and counts(turn, data.member):
        own = receiver is not None and is_self(turn, data.member, receiver)
        if not own:
            acted(turn, data.member, event, given=1)
            judge(turn, data.member, event.id)


def _hushed(turn: Turn, name: str) -> bool:
    """Whether nothing in a thread counts: somebody there needs care."""
    thread = turn.get(Thread, name)
    return thread is not None and not thread.counts


def _wait(turn: Turn, post: str, thread: str | None, waiting: Waiting) -> None:
    """A reaction or acceptance of a post that has not come yet, by a platform that does not say whose it is."""
    known = turn.get(Post, post) or Post(post=post, thread=thread or "", touched_on=today(turn))
    turn.put(replace(known, waiting=(*known.waiting, waiting)[-MOST_WAITING:]))


def _received(turn: Turn, event: AnyEvent, receiver: str, reaction: Waiting, post: Post | None) -> None:
    giver = reaction.member
    if not counts(turn, receiver) or is_self(turn, giver, receiver):
        return
    day = ordinal_at(turn, reaction.at)
    if giver is None:
        # Nobody earns by a gift of nobody; that it was given is a figure of its own.
        got(turn, receiver, day, unknown=1)
    elif is_bot(turn.person(giver)) or fairness.burst(turn, giver, event):
        return
    else:
        got(turn, receiver, day, received=1)
        full = turn.playbook.recognition.points.reaction_points * HUNDRED
        name = post.post if post is not None else event.data.post
        thread = post.thread if post is not None else event.data.thread
        line = give(
            turn,
            Gift(
                *(giver, receiver, REACTION, full, reaction.by, reaction.at, name, thread, reaction.mark),
                reaction=True,
            ),
        )
        fairness.remember(turn, giver, event, line)
    if post is not None and post.replies:
        traces.became(turn, receiver, "reacted", post.thread, reaction.by)
    judge(turn, receiver, reaction.by)


def settle_waiting(turn: Turn, post: Post) -> None:
    """A post came after reactions to it: they count now."""
    waiting = tuple(one for one in post.waiting if one.kind == "reaction")
    if not waiting:
        return
    post = replace(post, waiting=tuple(one for one in post.waiting if one.kind != "reaction"))
    turn.put(post)
    if post.counts:
        for reaction in waiting:
            _settle(turn, post, reaction)


def _settle(turn: Turn, post: Post, reaction: Waiting) -> None:
    """One reaction that waited. Its minute is over: it is part of no burst."""
    receiver, giver = post.member or "", reaction.member
    if not counts(turn, receiver) or is_self(turn, giver, receiver):
        return
    day = ordinal_at(turn, reaction.at)
    if giver is None:
        got(turn, receiver, day, unknown=1)
    elif not is_bot(turn.person(giver)):
        got(turn, receiver, day, received=1)
        full = turn.playbook.recognition.points.reaction_points * HUNDRED
        give(
            turn,
            Gift(
                *(giver, receiver, REACTION, full, reaction.by, reaction.at, post.post, post.thread, reaction.mark),
                reaction=True,
            ),
        )
    if post.replies:
        traces.became(turn, receiver, "reacted", post.thread, reaction.by)


def removed(turn: Turn, event: AnyEvent) -> None:
    """A reaction was taken back: so is what it brought."""
    data = event.data
    post = turn.get(Post, data.post)
    receiver = post.member if post is not None and post.member is not None else data.post_author
    if post is not None and post.waiting:
        rest = _without(post.waiting, data.member, data.reaction)
        if rest != post.waiting:
            turn.put(replace(post, waiting=rest))
            return
    if receiver is None or is_self(turn, data.member, receiver):
        return
    day: int | None = None
    for line in standing_lines(lines_about(turn, data.post)):
        if line.act == REACTION and line.giver == data.member and line.mark == data.reaction:
            take_back(turn, line, "reaction_removed", by=event.id)
            fairness.ungiven(turn, line)
            day = line.day.toordinal()
            break
    _ungot(turn, receiver, data.member, day)
    if data.member is not None:
        pair = turn.get(Pair, receiver, data.member)
        if pair is not None and pair.suspicion is not None:
            gaming.withdrawn(turn, pair.suspicion, data.member, data.post)
    if post is not None and post.replies:
        traces.unbecame(turn, receiver, "reacted")
    judge(turn, receiver, event.id)


def _without(waiting: tuple[Waiting, ...], member: str | None, mark: str) -> tuple[Waiting, ...]:
    """What waits, less the newest reaction of that person and kind."""
    for at in range(len(waiting) - 1, -1, -1):
        one = waiting[at]
        if one.kind == "reaction" and one.member == member and one.mark == mark:
            return (*waiting[:at], *waiting[at + 1 :])
    return waiting


def _ungot(turn: Turn, receiver: str, giver: str | None, day: int | None) -> None:
    """One reaction less: on its day where a line says which, else on the newest day that has one."""
    name = "received" if giver is not None else "unknown"
    days = activity_of(turn, receiver).days
    if day is None or not getattr(day_at(activity_of(turn, receiver), day), name):
        day = next((known.day for known in reversed(days) if getattr(known, name)), None)
    if day is not None:
        got(turn, receiver, day, **{name: -1})


def kudos(turn: Turn, event: AnyEvent) -> None:
    """Thanks of one member to others, with a reason: three a week each, four from stratum 3."""
    data = event.data
    giver = data.member
    post = turn.get(Post, data.post) if data.post is not None else None
    if is_bot(turn.person(giver)) or not data.reason.strip() or (post is not None and not post.counts):
        return
    thread_quotable = post is None or post.counts
    for receiver in dict.fromkeys(data.receivers):
        if is_self(turn, giver, receiver) or not counts(turn, receiver) or not _may_give(turn, giver, event):
            continue
        full = turn.playbook.recognition.points.kudos_points * HUNDRED
        day = ordinal_at(turn, event.time)
        got(turn, receiver, day, received=1)
        give(turn, Gift(giver, receiver, KUDOS, full, event.id, event.time, data.post, mark=receiver))
        if turn.get(Standing, receiver) is None:
            turn.put(standing_of(turn, receiver))
        helped = giver if thread_quotable else None
        did(turn, receiver, Done("kudos", day, event.id, event.id, data.post, helped))
        judge(turn, receiver, event.id)


def _may_give(turn: Turn, giver: str, event: AnyEvent) -> bool:
    """Whether the giver has kudos left this week; one is spent."""
    figures = turn.playbook.recognition.points
    week = iso_week(local_day(event.time, turn.playbook.zone))
    known = turn.get(Giver, giver) or Giver(member=giver)
    given = known.kudos if known.week == week else 0
    standing = turn.get(Standing, giver)
    high = standing is not None and standing.stratum >= 3
    if given >= (figures.kudos_per_week_from_stratum_3 if high else figures.kudos_per_week):
        return False
    turn.put(replace(known, week=week, kudos=given + 1))
    return True
