"""What became of help, put down as it happens, and told to whoever helped once a month."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.community import is_restricted
from contracts.decisions import ImpactTold
from contracts.decisions.recognition import Trace
from contracts.people import may_be_asked, may_be_written_to, stopped
from contracts.reasons import because
from contracts.turn import Message, Turn
from recognition.rules.clocks import DAY
from recognition.rules.counting import counts
from recognition.rules.speech import name_of, say, to_member
from recognition.state_book import HELPS, Became, Help
from recognition.state_threads import Post, Thread

IMPACT = "impact"
MOST_THREADS = 5
Kind = Literal["accepted", "thanked", "reacted", "linked"]


def became(turn: Turn, member: str, kind: Kind, thread: str | None, by: str) -> None:
    """Something became of somebody's help. What history made of it is not told: it would be thanks for the past."""
    if turn.backfill:
        return
    help_ = turn.get(Help, member) or Help(member=member)
    known = next((one for one in help_.became if one.kind == kind), Became(kind, 0, (), by, by))
    threads = (thread, *(other for other in known.threads if other != thread)) if thread is not None else known.threads
    one = known._replace(times=known.times + 1, threads=threads[:MOST_THREADS], last_by=by)
    turn.put(replace(help_, became=tuple(sorted((*(x for x in help_.became if x.kind != kind), one)))))


def unbecame(turn: Turn, member: str, kind: Kind) -> None:
    """It was taken back."""
    help_ = turn.get(Help, member)
    if help_ is None:
        return
    rest = tuple(
        one._replace(times=one.times - 1) if one.kind == kind else one
        for one in help_.became
        if one.kind != kind or one.times > 1
    )
    if rest:
        turn.put(replace(help_, became=rest))
    else:
        turn.drop(Help, member)


def solved(turn: Turn, thread: Thread, by: str) -> Thread:
    """A thread found its answer: what its posts link to helped too. Answers the row, not yet put."""
    if thread.solved:
        return thread
    for name in thread.links:
        linked(turn, thread, name, by)
    return replace(thread, solved=True)


def linked(turn: Turn, thread: Thread, name: str, by: str) -> None:
    """A post is linked to from a solved thread."""
    post = turn.get(Post, name)
    if post is not None and post.member is not None and not post.gone and post.counts and counts(turn, post.member):
        became(turn, post.member, "linked", thread.thread, by)


def may_be_told(turn: Turn, thread: Thread) -> bool:
    """Whether nothing forbids to speak of a thread: a complaint, a cry for help, a restricted place, its deletion."""
    opening = turn.get(Post, thread.post) if thread.post is not None else None
    if opening is not None and opening.gone:
        return False
    hidden = thread.channel is not None and is_restricted(turn.place(thread.channel))
    return thread.quotable and thread.counts and not hidden


def tell(turn: Turn, due: datetime) -> None:
    """The 1st of a month: everybody who helped is told, in private, what became of it. What was told is forgotten."""
    if turn.backfill:
        # An import that runs on the 1st must not make a living community forget.
        return
    month = (local_day(due, turn.playbook.zone).replace(day=1) - DAY).isoformat()[:7]
    for help_ in turn.find(HELPS):
        turn.drop(Help, help_.member)
        _tell_one(turn, help_, month)


def _tell_one(turn: Turn, help_: Help, month: str) -> None:
    person = turn.person(help_.member)
    if not counts(turn, help_.member) or not may_be_written_to(person) or not may_be_asked(person, turn.now):
        return
    if stopped(person, IMPACT) or (person is not None and person.thanks == "none"):
        return
    counted = {one.kind: one for one in help_.became}
    least = turn.playbook.recognition.impact_reactions_least
    if set(counted) <= {"reacted"} and ("reacted" not in counted or counted["reacted"].times < least):
        return
    evidence = [by for one in help_.became for by in (one.first_by, one.last_by)]
    why = because(IMPACT, threshold="once a month", actual=sum(one.times for one in help_.became), evidence=evidence)
    rows = [turn.get(Thread, name) for one in help_.became for name in one.threads]
    told = {row.thread: row.title for row in rows if row is not None and may_be_told(turn, row)}
    traces = tuple(
        Trace(kind=one.kind, count=one.times, threads=tuple(name for name in one.threads if name in told))
        for one in help_.became
    )
    decision = say(
        turn,
        ImpactTold(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=help_.member,
            month=month,
            traces=traces,
        ),
        rule=IMPACT,
        key=help_.member,
        about=help_.member,
        name=month,
    )
    titles = dict.fromkeys(title for title in told.values() if title)
    turn.request(
        Message(
            key=month,
            rule=IMPACT,
            kind=IMPACT,
            template="impact",
            to=to_member(help_.member),
            purse="attention",
            lifetime=timedelta(days=7),
            values={
                "name": name_of(turn, help_.member),
                "month": f"{month}-01T12:00:00+00:00",
                **{kind: counted[kind].times if kind in counted else 0 for kind in KINDS},
                "titles": list(titles)[:3],
            },
            serves=decision,
            because=(why,),
        )
    )


KINDS: tuple[Kind, ...] = ("accepted", "linked", "reacted", "thanked")
