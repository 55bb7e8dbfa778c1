"""First post: a newcomer's first words do not stay without a human reply; with support on the bus, it sees to that."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.community import is_restricted
from contracts.decisions import NewcomerUnanswered
from contracts.envelope import AnyEvent, Because
from contracts.office_time import MINUTE, add_office_minutes, office_minutes_between
from contracts.turn import Message, Purse, To, Turn
from onboarding.rules.circle import relay_of, relays_told
from onboarding.rules.speech import CORE_TEAM, WELCOMERS, because, name_of, one_line, say, to_member
from onboarding.state import FirstPost, Newcomer, Thread

FIRST_POST = "first_post"
TEAM = "first_post_team"
Stage = Literal[1, 2]
STAGES: tuple[tuple[str, Stage], ...] = ((FIRST_POST, 1), (TEAM, 2))


def posted(turn: Turn, newcomer: Newcomer, event: AnyEvent, *, answered_by: str | None) -> Newcomer:
    """A newcomer's post: the first one that stands is watched. Answers the row, not yet put.

    `answered_by`: the author of a reply that came before it, as order is not trusted.
    """
    known = newcomer.first_post
    gone = known is not None and known.state == "gone"
    if known is not None and known.at <= event.time and not gone:
        return newcomer
    if known is not None and not gone:
        # An older post that comes later is the first one, and somebody may have been told of the other already.
        call_off(turn, newcomer, why="replaced")
    data = event.data
    post = FirstPost(
        post=data.post,
        thread=data.thread,
        by=event.id,
        at=event.time,
        title=one_line(data.title),
        url=data.url,
        state="waiting" if answered_by is None else "answered",
        told=known.told if known is not None and not gone else (),
    )
    newcomer = replace(newcomer, first_post=post)
    watch(turn, newcomer)
    return newcomer


def watch(turn: Turn, newcomer: Newcomer) -> None:
    """Set the two clocks of a first post that waits: office minutes for the relay, hours for the core team."""
    post = newcomer.first_post
    if post is None or post.state != "waiting" or newcomer.joined_at is None or turn.backfill:
        return
    figures = turn.playbook.onboarding
    if 1 not in post.told:
        due = add_office_minutes(turn.playbook.office, post.at, figures.first_post_relay_minutes)
        turn.arm(FIRST_POST, newcomer.member, due)
    if 2 not in post.told:
        turn.arm(TEAM, newcomer.member, post.at + timedelta(hours=figures.first_post_team_hours))


def call_off(turn: Turn, newcomer: Newcomer, *, why: str) -> None:
    """Stop both clocks, and call back what was said but not yet read."""
    for kind, _ in STAGES:
        turn.disarm(kind, newcomer.member)
    post = newcomer.first_post
    if post is None or not post.told:
        return
    for _, stage in STAGES:
        for to in (WELCOMERS, CORE_TEAM, *relays_told(turn, newcomer.member)):
            turn.recall(FIRST_POST, f"{newcomer.member}/{stage}", to=to, why=why)


def relay_due(turn: Turn, member: str, _due: datetime) -> None:
    """60 office minutes: the paired relay is told, else the welcomers."""
    newcomer = _still_waiting(turn, member)
    if newcomer is None:
        return
    relay = relay_of(turn, member, kind=FIRST_POST)
    if quotable(turn, newcomer) is None:
        # A complaint, or a cry for help: the core team alone.
        _tell(turn, newcomer, 1, to=CORE_TEAM, template="first_post", purse="none")
    elif relay is not None:
        _tell(turn, newcomer, 1, to=to_member(relay), template="first_post_relay", purse="duty")
    elif turn.playbook.people.welcomers:
        _tell(turn, newcomer, 1, to=WELCOMERS, template="first_post", purse="none")
    else:
        _tell(turn, newcomer, 1, to=CORE_TEAM, template="first_post", purse="none")


def team_due(turn: Turn, member: str, _due: datetime) -> None:
    """24 hours: the core team is told."""
    newcomer = _still_waiting(turn, member)
    if newcomer is not None:
        _tell(turn, newcomer, 2, to=CORE_TEAM, template="first_post", purse="none")


def _still_waiting(turn: Turn, member: str) -> Newcomer | None:
    newcomer = turn.get(Newcomer, member)
    if newcomer is None or newcomer.left_at is not None:
        return None
    post = _standing(turn, newcomer)
    return newcomer if post is not None and post.state == "waiting" else None


def _tell(turn: Turn, newcomer: Newcomer, stage: Stage, *, to: To, template: str, purse: Purse) -> None:
    post = newcomer.first_post
    if post is None:
        return
    office = office_minutes_between(turn.playbook.office, post.at, turn.now)
    wall = (turn.now - post.at) // MINUTE
    why = _reason(turn, post, stage, office, wall)
    decision = say(
        turn,
        NewcomerUnanswered.model_validate(
            {
                "community": turn.slug,
                "playbook": turn.version,
                "because": (why,),
                "member": newcomer.member,
                "post": post.post,
                "thread": post.thread,
                "stage": stage,
                "told": (to.id,) if to.kind == "member" else (),
                "told_role": to.id if to.kind == "role" else None,
                "posted_at": post.at,
                "office_minutes": office,
                "wall_minutes": max(0, wall),
            }
        ),
        rule=FIRST_POST,
        key=f"{newcomer.member}/{stage}",
        about=newcomer.member,
    )
    turn.put(replace(newcomer, first_post=replace(post, told=(*post.told, stage))))
    hours = turn.playbook.onboarding.first_post_team_hours
    turn.request(
        Message(
            key=f"{newcomer.member}/{stage}",
            rule=FIRST_POST,
            kind=FIRST_POST,
            template=template,
            to=to,
            purse=purse,
            lifetime=timedelta(hours=hours),
            values={
                "newcomer": name_of(turn, newcomer.member),
                "title": post.title if quotable(turn, newcomer) is not None else None,
                "url": post.url,
                "posted_at": post.at.isoformat(),
                "late": stage > 1,
            },
            thread=post.thread,
            serves=decision,
            mentions=(newcomer.member,),
            because=(why,),
        )
    )


def _reason(turn: Turn, post: FirstPost, stage: Stage, office: int, wall: int) -> Because:
    figures = turn.playbook.onboarding
    if stage == 1:
        threshold = f"{figures.first_post_relay_minutes} office min without human reply"
        return because("first_post.relay", threshold=threshold, actual=office, evidence=(post.by,))
    threshold = f"{figures.first_post_team_hours} h without human reply"
    return because("first_post.core_team", threshold=threshold, actual=wall // 60, evidence=(post.by,))


def answered(turn: Turn, newcomer: Newcomer, thread: str) -> Newcomer:
    """A human replied in a thread: if the first post stands there, nobody has to be told. Not yet put."""
    post = newcomer.first_post
    if post is None or post.thread != thread or post.state == "answered":
        return newcomer
    call_off(turn, newcomer, why="answered")
    return replace(newcomer, first_post=replace(post, state="answered"))


def removed(turn: Turn, newcomer: Newcomer, post_id: str) -> Newcomer:
    """The first post is gone, or takes no more answers. Answers the row, not yet put."""
    post = newcomer.first_post
    if post is None or post.post != post_id or post.state not in {"waiting", "support"}:
        return newcomer
    call_off(turn, newcomer, why="deleted")
    return replace(newcomer, first_post=replace(post, state="gone", title=None))


def retitled(turn: Turn, newcomer: Newcomer, post_id: str, title: str) -> None:
    """Its title was edited: what is said from now on quotes the new one."""
    post = newcomer.first_post
    if post is not None and post.post == post_id and post.title != title:
        turn.put(replace(newcomer, first_post=replace(post, title=title)))


def _standing(turn: Turn, newcomer: Newcomer | None) -> FirstPost | None:
    """The first post, if it stands, in no place that is restricted by now."""
    post = newcomer.first_post if newcomer is not None else None
    if post is None or post.state == "gone":
        return None
    thread = turn.get(Thread, post.thread)
    channel = thread.channel if thread is not None else None
    return None if channel is not None and is_restricted(turn.place(channel)) else post


def quotable(turn: Turn, newcomer: Newcomer | None) -> FirstPost | None:
    """The first post as others may read of it: one that stands, and neither complains nor cries for help."""
    post = _standing(turn, newcomer)
    thread = turn.get(Thread, post.thread) if post is not None else None
    return None if thread is not None and thread.hidden else post


def restored(turn: Turn, newcomer: Newcomer, post_id: str) -> None:
    """It is back, and waits again unless somebody has answered meanwhile."""
    post = newcomer.first_post
    if post is not None and post.post == post_id and post.state == "gone" and newcomer.replied_at is None:
        newcomer = replace(newcomer, first_post=replace(post, state="waiting"))
        turn.put(newcomer)
        watch(turn, newcomer)


def question_opened(turn: Turn, event: AnyEvent) -> None:
    """Support sees to this post: it alone escalates."""
    _hand_over(turn, event.data.member, event.data.post)


def _hand_over(turn: Turn, member: str, post_id: str) -> None:
    newcomer = turn.get(Newcomer, member)
    post = newcomer.first_post if newcomer is not None else None
    if newcomer is None or post is None or post.post != post_id or post.state != "waiting":
        return
    call_off(turn, newcomer, why="support")
    turn.put(replace(newcomer, first_post=replace(post, state="support")))


def question_cancelled(turn: Turn, event: AnyEvent) -> None:
    """It is no question after all: the first post is watched again, unless it is gone."""
    thread = turn.get(Thread, event.data.thread)
    author = thread.author if thread is not None else None
    newcomer = turn.get(Newcomer, author) if author is not None else None
    post = newcomer.first_post if newcomer is not None else None
    if newcomer is None or post is None or post.post != event.data.post or post.state != "support":
        return
    if event.data.reason in {"deleted", "moderated", "erased"}:
        turn.put(replace(newcomer, first_post=replace(post, state="gone")))
        return
    newcomer = replace(newcomer, first_post=replace(post, state="waiting"))
    turn.put(newcomer)
    watch(turn, newcomer)
