"""First action: exactly one, from the playbook's catalogue; one reminder; thanks and a next step when it is done."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.community import Community, can_emit
from contracts.decisions import ActionCompleted, ActionExpired, ActionProposed
from contracts.people import Person, may_be_asked, stopped
from contracts.playbook import CatalogueAction, Playbook
from contracts.skills import skills_named
from contracts.turn import Act, Message, Purse, Turn
from onboarding.rules import onboarded
from onboarding.rules.circle import relay_of
from onboarding.rules.climate import crisis
from onboarding.rules.clocks import quiet, today
from onboarding.rules.speech import because, channel_for, contact, name_of, say, to_member, voice_of
from onboarding.state import FirstAction, Newcomer

ACTION = "action"
STEPS = 2
"""The first action, and the next step that is offered when it is done."""
ChosenBy = Literal["motivation", "skill", "order"]

_TOLD_BY = {"vote": ("poll.voted", "poll.opened"), "test": ("beta.reported", "beta.opened")}
_TOLD_BY["attend"] = ("meetup.attended", "meetup.scheduled")


def is_possible(action: CatalogueAction, community: Community, *, has_introductions: bool) -> bool:
    """Whether the platforms can tell that the action was done."""
    match action.kind:
        case "ask" | "answer":
            return True
        case "introduce":
            return has_introductions or can_emit(community, "preference.changed")
        case kind:
            return any(can_emit(community, told_by) for told_by in _TOLD_BY[kind])


def best(
    playbook: Playbook, community: Community, person: Person | None, *, done: tuple[str, ...], has_introductions: bool
) -> tuple[CatalogueAction, ChosenBy] | None:
    """The action that suits best: possible here, then by motivation, then by skill, then by the catalogue's order.

    What the person has done already is not offered again.
    """
    motivations = set(person.motivations) if person is not None else set()
    skills = set(skills_named(playbook.skill_index, person.skills)) if person is not None else set()
    ranked: list[tuple[bool, bool, int, CatalogueAction]] = [
        (not motivations & set(action.motivations), not skills & set(action.skills), place, action)
        for place, action in enumerate(playbook.onboarding.catalogue)
        if action.kind not in done and is_possible(action, community, has_introductions=has_introductions)
    ]
    if not ranked:
        return None
    no_motive, no_skill, _, action = min(ranked, key=lambda entry: entry[:3])
    return action, "order" if no_motive and no_skill else "skill" if no_motive else "motivation"


def choose(turn: Turn, newcomer: Newcomer) -> tuple[CatalogueAction, ChosenBy] | None:
    """The next action for a newcomer; none during a crisis, or when nothing of the catalogue is left."""
    if crisis(turn) is not None:
        return None
    return best(
        turn.playbook,
        turn.community,
        turn.person(newcomer.member),
        done=newcomer.done,
        has_introductions=channel_for(turn, "introductions") != channel_for(turn, "general"),
    )


def propose(
    turn: Turn, newcomer: Newcomer, chosen: tuple[CatalogueAction, ChosenBy], *, evidence: tuple[str | None, ...]
) -> Newcomer:
    """Offer an action: say it and set its clock. The words are the caller's. Answers the row, not yet put."""
    action, chosen_by = chosen
    figures = turn.playbook.onboarding
    step = 1 if newcomer.action is None else newcomer.action.step + 1
    due = turn.now + timedelta(days=figures.action_due_days)
    decision = say(
        turn,
        ActionProposed(
            community=turn.slug,
            playbook=turn.version,
            because=(because("first_action", threshold=chosen_by, actual=action.action, evidence=evidence),),
            member=newcomer.member,
            action=action.action,
            kind=action.kind,
            due=due,
            chosen_by=chosen_by,
            step=step,
        ),
        rule="first_action",
        key=f"{newcomer.member}/{step}",
        about=newcomer.member,
    )
    turn.arm(ACTION, newcomer.member, due if step > 1 else turn.now + timedelta(days=figures.action_nudge_after_days))
    offered = FirstAction(action=action.action, kind=action.kind, step=step, due=due, proposed_by=decision)
    return replace(newcomer, action=offered)


def offer(turn: Turn, newcomer: Newcomer, *, by: str, at: datetime) -> Newcomer:
    """Offer the first action apart from the welcome, which had none: after a crisis, or a raid that named nobody."""
    if newcomer.welcomed_at is None or newcomer.action is not None or newcomer.onboarded_at is not None:
        return newcomer
    if turn.backfill or not may_be_asked(turn.person(newcomer.member), turn.now):
        return newcomer
    chosen = choose(turn, newcomer)
    if chosen is None:
        return newcomer
    newcomer = propose(turn, newcomer, chosen, evidence=(by,))
    person = turn.person(newcomer.member)
    turn.request(
        Message(
            key=newcomer.member,
            rule="first_action",
            kind="first_action",
            template="first_action",
            to=to_member(newcomer.member),
            purse=purse_for(turn, at),
            lifetime=timedelta(hours=turn.playbook.lifetimes.welcome_hours),
            values={
                "name": name_of(turn, newcomer.member),
                "action": chosen[0].label.text(voice_of(turn, person)),
                "url": chosen[0].url,
            },
            actions=(Act(id="later", label="later"),),
            serves=newcomer.action.proposed_by if newcomer.action is not None else None,
            because=(because("first_action", threshold="apart from the welcome", evidence=(by,)),),
        )
    )
    return newcomer


def purse_for(turn: Turn, act_at: datetime) -> Purse:
    """Nobody pays for an answer to the person's own act of the last minutes; attention pays for everything else."""
    recent = turn.now - act_at <= timedelta(minutes=turn.playbook.purses.reply_within_minutes)
    return "reply" if recent else "attention"


def fire(turn: Turn, member: str, _due: datetime) -> None:
    """Day 5: the one reminder. Day 7: the action expires; doing it later still counts."""
    newcomer = turn.get(Newcomer, member)
    action = newcomer.action if newcomer is not None else None
    if newcomer is None or action is None or action.done_at is not None or newcomer.left_at is not None:
        return
    if turn.now < action.due:
        turn.arm(ACTION, member, action.due)
        _nudge(turn, newcomer, action)
        return
    turn.decide(
        ActionExpired.model_validate(
            {
                "community": turn.slug,
                "playbook": turn.version,
                "because": (
                    because(
                        "first_action.due",
                        threshold=turn.playbook.onboarding.action_due_days,
                        actual="not done",
                        evidence=(action.proposed_by,),
                    ),
                ),
                "member": member,
                "action": action.action,
                "kind": action.kind,
                "nudged": action.nudged,
            }
        ),
        rule="first_action",
        key=f"{member}/{action.step}",
    )
    turn.put(replace(newcomer, action=replace(action, expired=True), nudged_on=None))


def _nudge(turn: Turn, newcomer: Newcomer, action: FirstAction) -> None:
    """The one reminder: after a sign of life, outside quiet seasons and crises, unless the person said later."""
    person = turn.person(newcomer.member)
    if newcomer.alive_at is None or action.set_aside or action.nudged or quiet(turn) or crisis(turn) is not None:
        return
    if not may_be_asked(person, turn.now) or stopped(person, "nudge"):
        return
    entry = next((entry for entry in turn.playbook.onboarding.catalogue if entry.action == action.action), None)
    if entry is None:
        return
    turn.put(replace(newcomer, action=replace(action, nudged=True), nudged_on=today(turn)))
    relay = relay_of(turn, newcomer.member)
    turn.request(
        Message(
            key=newcomer.member,
            rule="nudge",
            kind="nudge",
            template="nudge",
            to=to_member(newcomer.member),
            purse="attention",
            lifetime=timedelta(hours=turn.playbook.lifetimes.nudge_hours),
            values={
                "name": name_of(turn, newcomer.member),
                "action": entry.label.text(voice_of(turn, person)),
                "person": contact(turn, relay),
                "url": entry.url,
            },
            actions=(Act(id="later", label="later"),),
            serves=action.proposed_by,
            mentions=(relay,) if relay is not None else (),
            because=(
                because(
                    "first_action.nudge",
                    threshold=turn.playbook.onboarding.action_nudge_after_days,
                    actual="a sign of life, and the action not done",
                    evidence=(action.proposed_by, newcomer.alive_by),
                ),
            ),
        )
    )


def set_aside(turn: Turn, newcomer: Newcomer, *, why: str) -> None:
    """Nobody speaks of the action again; a reminder or an offer on its way is called back."""
    if newcomer.action is None:
        return
    for rule in ("nudge", "first_action"):
        turn.recall(rule, newcomer.member, to=to_member(newcomer.member), why=why)
    turn.put(replace(newcomer, action=replace(newcomer.action, set_aside=True), nudged_on=None))


def completed(turn: Turn, newcomer: Newcomer, kind: str, *, by: str, at: datetime) -> Newcomer:
    """Somebody did what an action of that kind asks: the one that was offered, or another."""
    action = newcomer.action
    if kind not in newcomer.done:
        newcomer = replace(newcomer, done=(*newcomer.done, kind))
    if action is None or action.kind != kind or action.done_at is not None:
        return newcomer
    decision = turn.decide(
        ActionCompleted.model_validate(
            {
                "community": turn.slug,
                "playbook": turn.version,
                "because": (
                    because("first_action.done", threshold=kind, actual=kind, evidence=(action.proposed_by, by)),
                ),
                "member": newcomer.member,
                "action": action.action,
                "kind": action.kind,
                "done_by": by,
                "late": action.expired,
            }
        ),
        rule="first_action",
        key=f"{newcomer.member}/{action.step}",
    )
    turn.disarm(ACTION, newcomer.member)
    turn.recall("nudge", newcomer.member, to=to_member(newcomer.member), why="done")
    newcomer = replace(newcomer, action=replace(action, done_at=turn.now, done_by=by), nudged_on=None)
    newcomer = onboarded.check(turn, newcomer)
    if action.step < STEPS:
        newcomer = _thanked(turn, newcomer, action, decision, by=by, at=at)
    return newcomer


def _thanked(turn: Turn, newcomer: Newcomer, action: FirstAction, decision: str, *, by: str, at: datetime) -> Newcomer:
    """Thanks for the first action, and the next step, as an offer. Who wants no thanks gets neither."""
    person = turn.person(newcomer.member)
    if turn.backfill or not may_be_asked(person, turn.now):
        return newcomer
    if person is not None and (person.thanks == "none" or not person.profiling):
        return newcomer
    following = choose(turn, newcomer)
    voice = voice_of(turn, person)
    entry = next((entry for entry in turn.playbook.onboarding.catalogue if entry.action == action.action), None)
    if following is not None:
        newcomer = propose(turn, newcomer, following, evidence=(decision,))
    turn.request(
        Message(
            key=f"{newcomer.member}/{action.step}",
            rule="first_action",
            kind="first_action",
            template="action_done",
            to=to_member(newcomer.member),
            purse=purse_for(turn, at),
            lifetime=timedelta(hours=turn.playbook.lifetimes.thanks_hours),
            values={
                "name": name_of(turn, newcomer.member),
                "action": entry.label.text(voice) if entry is not None else None,
                "next": following[0].label.text(voice) if following is not None else None,
                "url": following[0].url if following is not None else None,
            },
            serves=decision,
            because=(because("first_action.done", threshold=action.kind, actual=action.kind, evidence=(by,)),),
        )
    )
    return newcomer
