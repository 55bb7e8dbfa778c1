"""Onboarded: welcomed, the introduction answered either way, the first action done, one human reply.

What a platform cannot tell is held against nobody: where the introduction cannot be answered, or no first action is
possible, the first post stands for it, and `because` says so.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.community import can_emit
from contracts.decisions import MemberOnboarded, OnboardingStalled
from contracts.envelope import Because
from contracts.facts import ObstacleDeclared
from contracts.people import may_be_asked
from contracts.turn import Act, Message, Turn
from onboarding.rules.climate import crisis
from onboarding.rules.clocks import quiet, waking_morning
from onboarding.rules.speech import because, name_of, say, to_member
from onboarding.state import Newcomer

STALLED, OBSTACLE = "stalled", "obstacle"
_OBSTACLES = ("time", "unclear", "unfit", "later")


def introduction_is_asked(turn: Turn) -> bool:
    """Whether the platforms can tell the answer to « introduce me »."""
    return can_emit(turn.community, "preference.changed")


def missing(turn: Turn, newcomer: Newcomer) -> tuple[str, ...]:
    """What is missing, in the order of the contract."""
    posted = newcomer.first_post is not None
    action = newcomer.action
    held = {
        "welcome": newcomer.welcomed_at is not None,
        "introduction": newcomer.introduction != "open" or (posted and not introduction_is_asked(turn)),
        "first_action": posted if action is None else action.step > 1 or action.done_at is not None,
        "reply": newcomer.replied_at is not None,
    }
    return tuple(name for name, holds in held.items() if not holds)


def _reasons(newcomer: Newcomer) -> tuple[Because, ...]:
    post = newcomer.first_post.by if newcomer.first_post is not None else None
    answered = newcomer.introduction != "open"
    introduction = because(
        "onboarded.introduction",
        threshold="answered either way" if answered else "a first post: the platform emits no preference.changed",
        actual=newcomer.introduction if answered else "first post",
        evidence=(newcomer.introduction_by if answered else post,),
    )
    action = newcomer.action
    done = because(
        "onboarded.first_action",
        threshold="done" if action is not None else "a first post: no action of the catalogue was offered",
        actual=action.action if action is not None else "first post",
        evidence=((action.done_by if action.step == 1 else action.proposed_by) if action is not None else post,),
    )
    return (
        because("onboarded.welcome", threshold="welcomed", evidence=(newcomer.welcomed_by,)),
        introduction,
        done,
        because("onboarded.reply", threshold=1, actual=1, evidence=(newcomer.replied_by,)),
    )


def check(turn: Turn, newcomer: Newcomer) -> Newcomer:
    """Say it at the first moment all hold. The row is put either way."""
    if newcomer.onboarded_at is not None or newcomer.joined_at is None or missing(turn, newcomer):
        turn.put(newcomer)
        return newcomer
    introduction = {"open": "replaced", "refused": "no"}.get(newcomer.introduction, "yes")
    turn.decide(
        MemberOnboarded.model_validate(
            {
                "community": turn.slug,
                "playbook": turn.version,
                "because": _reasons(newcomer),
                "member": newcomer.member,
                "joined_at": newcomer.joined_at,
                "days": max(0, (turn.now - newcomer.joined_at) // timedelta(days=1)),
                "introduction": introduction,
                "late": newcomer.stalled_at is not None,
            }
        ),
        rule="onboarded",
        key=newcomer.member,
    )
    for kind in (STALLED, OBSTACLE):
        turn.disarm(kind, newcomer.member)
    turn.recall("stalled", newcomer.member, to=to_member(newcomer.member), why="done")
    newcomer = replace(newcomer, onboarded_at=turn.now)
    turn.put(newcomer)
    return newcomer


def stalled(turn: Turn, member: str, _due: datetime) -> None:
    """A month has passed: say what is missing, and ask the person why, if there ever was a sign of life."""
    newcomer = turn.get(Newcomer, member)
    if newcomer is None or newcomer.onboarded_at is not None or newcomer.left_at is not None:
        return
    lacking = missing(turn, newcomer)
    if not lacking or newcomer.joined_at is None:
        return
    decision = say(
        turn,
        OnboardingStalled.model_validate(
            {
                "community": turn.slug,
                "playbook": turn.version,
                "because": (
                    because(
                        "onboarded.stalled",
                        threshold=turn.playbook.onboarding.stalled_days,
                        actual=(turn.now - newcomer.joined_at) // timedelta(days=1),
                        evidence=(newcomer.joined_by, newcomer.welcomed_by),
                    ),
                ),
                "member": member,
                "joined_at": newcomer.joined_at,
                "missing": lacking,
            }
        ),
        rule="onboarded",
        key=member,
        about=member,
    )
    turn.put(replace(newcomer, stalled_at=turn.now))
    if newcomer.alive_at is not None:
        _ask_or_wait(turn, newcomer, decision)


def asked_later(turn: Turn, member: str, _due: datetime) -> None:
    """The quiet season, or the crisis, may be over: ask what had to wait for it."""
    newcomer = turn.get(Newcomer, member)
    if newcomer is not None and newcomer.onboarded_at is None and newcomer.left_at is None:
        _ask_or_wait(turn, newcomer, None)


def _ask_or_wait(turn: Turn, newcomer: Newcomer, decision: str | None) -> None:
    person = turn.person(newcomer.member)
    if not may_be_asked(person, turn.now):
        return
    if quiet(turn) or crisis(turn) is not None:
        turn.arm(OBSTACLE, newcomer.member, waking_morning(turn, turn.playbook.onboarding.introduction_time))
        return
    turn.request(
        Message(
            key=newcomer.member,
            rule="stalled",
            kind="stalled",
            template="stalled",
            to=to_member(newcomer.member),
            purse="attention",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={"name": name_of(turn, newcomer.member)},
            actions=tuple(
                Act(
                    id=obstacle,
                    label=f"obstacle_{obstacle}",
                    fact={"type": ObstacleDeclared.TYPE, "data": {"obstacle": obstacle}},
                )
                for obstacle in _OBSTACLES
            ),
            serves=decision,
            because=(
                because(
                    "onboarded.stalled",
                    threshold=turn.playbook.onboarding.stalled_days,
                    actual=", ".join(missing(turn, newcomer)),
                    evidence=(newcomer.joined_by, newcomer.alive_by),
                ),
            ),
        )
    )
