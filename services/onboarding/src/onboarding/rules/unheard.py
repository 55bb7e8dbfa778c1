"""Unheard: a person whose last posts all stayed without a human reply is named to the relay."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.decisions import MemberUnheard
from contracts.people import is_bot, is_staff, may_be_written_to
from contracts.turn import Message, Turn
from onboarding.rules.circle import relay_of, relays_told
from onboarding.rules.speech import CORE_TEAM, because, name_of, say, to_member
from onboarding.state import Presence, Spoken

UNHEARD = "unheard"


def spoke(turn: Turn, presence: Presence, post: Spoken) -> Presence:
    """One more post: once the last ones are all without reply, they get a day before somebody is told. Not yet put."""
    figures = turn.playbook.onboarding
    # A post told twice is one post.
    posts = (*[spoken for spoken in presence.posts if spoken.post != post.post], post)
    if len(posts) > 1 and posts[-2].at > post.at:
        posts = tuple(sorted(posts, key=lambda spoken: (spoken.at, spoken.post)))
    presence = replace(presence, posts=posts[-figures.unheard_posts :])
    if presence.unheard_due is None and not post.heard and _is_unheard(turn, presence):
        due = post.at + timedelta(hours=figures.unheard_wait_hours)
        turn.arm(UNHEARD, presence.member, due)
        return replace(presence, unheard_due=due)
    return presence


def _is_unheard(turn: Turn, presence: Presence) -> bool:
    figures = turn.playbook.onboarding
    posts = presence.posts
    if len(posts) < figures.unheard_posts or any([post.heard for post in posts]):  # noqa: C419 - of three
        return False
    within = timedelta(days=figures.unheard_days)
    if presence.unheard_at is not None and turn.now - presence.unheard_at < within:
        return False
    return turn.now - posts[0].at <= within


def heard(turn: Turn, presence: Presence, thread: str) -> Presence:
    """A human replied in a thread: what the person wrote there is heard. Answers the row, not yet put."""
    posts = tuple([_as_heard(post) if post.thread == thread and not post.heard else post for post in presence.posts])
    if posts == presence.posts:
        return presence
    if presence.unheard_at is not None:
        call_back(turn, presence.member, why="answered")
    return _called_off(turn, replace(presence, posts=posts))


def call_back(turn: Turn, member: str, *, why: str) -> None:
    """What was said of it and not yet read has lost its point."""
    for to in (CORE_TEAM, *relays_told(turn, member)):
        turn.recall(UNHEARD, member, to=to, why=why)


def _as_heard(post: Spoken) -> Spoken:
    return Spoken(post=post.post, thread=post.thread, by=post.by, at=post.at, heard=True)


def removed(turn: Turn, presence: Presence, post_id: str) -> Presence:
    """A post is gone: it is not one of the last any more. Answers the row, not yet put."""
    rest = tuple(post for post in presence.posts if post.post != post_id)
    return presence if len(rest) == len(presence.posts) else _called_off(turn, replace(presence, posts=rest))


def _called_off(turn: Turn, presence: Presence) -> Presence:
    if presence.unheard_due is None:
        return presence
    turn.disarm(UNHEARD, presence.member)
    return replace(presence, unheard_due=None)


def fire(turn: Turn, member: str, _due: datetime) -> None:
    """A day has passed: still nobody answers."""
    presence = turn.get(Presence, member)
    person = turn.person(member)
    if presence is None:
        return
    presence = replace(presence, unheard_due=None)
    is_member = not is_bot(person) and not is_staff(person, member, turn.playbook) and may_be_written_to(person)
    if not is_member or not _is_unheard(turn, presence):
        turn.put(presence)
        return
    turn.put(replace(presence, unheard_at=turn.now))
    figures = turn.playbook.onboarding
    relay = relay_of(turn, member, kind=UNHEARD)
    why = because(
        UNHEARD,
        threshold=f"the last {figures.unheard_posts} posts within {figures.unheard_days} days",
        actual=len(presence.posts),
        evidence=(post.by for post in presence.posts),
    )
    posts = tuple(post.post for post in presence.posts)
    decision = say(
        turn,
        MemberUnheard(
            community=turn.slug, playbook=turn.version, because=(why,), member=member, posts=posts, told=relay
        ),
        rule=UNHEARD,
        key=member,
        about=member,
    )
    turn.request(
        Message(
            key=member,
            rule=UNHEARD,
            kind=UNHEARD,
            template="unheard_relay" if relay is not None else "unheard",
            to=to_member(relay) if relay is not None else CORE_TEAM,
            purse="duty" if relay is not None else "none",
            lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
            values={"name": name_of(turn, member), "posts": len(posts)},
            serves=decision,
            mentions=(member,),
            because=(why,),
        )
    )
