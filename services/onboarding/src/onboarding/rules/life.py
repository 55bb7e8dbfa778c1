"""Signs of life of a newcomer, and what they set going: the relay, the first action, what happens before the join."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import Person, is_bot, is_paused, is_staff, may_be_asked
from contracts.turn import Turn
from onboarding.rules import first_action, first_post, pairing, waves, welcome
from onboarding.rules.onboarded import OBSTACLE, check
from onboarding.rules.speech import to_member
from onboarding.state import Newcomer

JOINED = "member.joined"


def newcomer_for(turn: Turn, event: AnyEvent, person: Person | None) -> Newcomer | None:
    """The newcomer who acts, made known by a first act if need be; None for the house, programs and history."""
    if person is None or person.from_history or is_bot(person):
        return None
    newcomer = turn.get(Newcomer, person.member)
    if newcomer is None:
        if turn.backfill or is_staff(person, person.member, turn.playbook):
            return None
        newcomer = Newcomer(member=person.member, left_at=person.left_at)
        emits = turn.community.emits
        if emits is not None and JOINED not in emits and newcomer.left_at is None:
            # A platform that cannot tell joinings tells arrivals by first acts.
            newcomer = replace(newcomer, joined_at=event.time, joined_by=event.id)
            newcomer = welcome.gather(turn, newcomer, joined_at=event.time)
    elif newcomer.left_at is not None and person.left_at is None:
        newcomer = replace(newcomer, left_at=None)
    return _still_to_welcome(turn, newcomer, person)


def _still_to_welcome(turn: Turn, newcomer: Newcomer, person: Person) -> Newcomer:
    """Who rested when the others were welcomed is welcomed now; not who left, of whom an older act comes late."""
    if newcomer.joined_at is None or newcomer.welcomed_at is not None or newcomer.waits is not None:
        return newcomer
    if newcomer.left_at is not None:
        return newcomer
    if turn.backfill or is_paused(person, turn.now) or is_staff(person, person.member, turn.playbook):
        return newcomer
    return welcome.gather(turn, newcomer, joined_at=newcomer.joined_at)


def alive(turn: Turn, newcomer: Newcomer, event: AnyEvent) -> Newcomer:
    """A post, the action done, a motivation, a yes to the introduction. Answers the row, not yet put."""
    first = newcomer.alive_at is None
    if first:
        newcomer = replace(newcomer, alive_at=event.time, alive_by=event.id)
    if newcomer.joined_at is None:
        return newcomer
    if first:
        # The row is put first: the ask to the relay speaks of the first post.
        turn.put(newcomer)
    if may_be_asked(turn.person(newcomer.member), turn.now):
        pairing.begin(turn, newcomer, by=event.id)
        newcomer = replace(newcomer, alone=False) if newcomer.alone else newcomer
    return first_action.offer(turn, newcomer, by=event.id, at=event.time)


def started(turn: Turn, event: AnyEvent) -> None:
    """A joining after the first acts, as when a platform tells them in another order: they count from now on."""
    newcomer = turn.get(Newcomer, event.data.member)
    if newcomer is None or newcomer.joined_at is None or newcomer.alive_by is None or newcomer.left_at is not None:
        return
    pairing.begin(turn, newcomer, by=newcomer.alive_by)
    first_post.watch(turn, newcomer)


def did(turn: Turn, event: AnyEvent, kind: str) -> None:
    """Somebody did what an action of the catalogue asks."""
    if event.data.member is None:
        return
    newcomer = newcomer_for(turn, event, turn.person(event.data.member))
    if newcomer is None:
        return
    offered = newcomer.action is not None and newcomer.action.kind == kind
    newcomer = first_action.completed(turn, newcomer, kind, by=event.id, at=event.time)
    if offered or newcomer.action is None:
        newcomer = waves.took_part(turn, alive(turn, newcomer, event))
    check(turn, newcomer)


def voted(turn: Turn, event: AnyEvent) -> None:
    """A vote."""
    did(turn, event, "vote")


def tested(turn: Turn, event: AnyEvent) -> None:
    """A report of a tester."""
    did(turn, event, "test")


def attended(turn: Turn, event: AnyEvent) -> None:
    """A meet-up attended."""
    did(turn, event, "attend")


def motivated(turn: Turn, event: AnyEvent) -> None:
    """Somebody said what brings them here."""
    newcomer = newcomer_for(turn, event, turn.person(event.data.member))
    if newcomer is not None:
        check(turn, alive(turn, newcomer, event))


def chose(turn: Turn, event: AnyEvent) -> None:
    """A choice by the person: a yes or a no to being introduced."""
    if event.data.introduce is not None:
        _answered(turn, event, sign_of_life=event.data.introduce)


def updated(turn: Turn, event: AnyEvent) -> None:
    """The same choice, as a profile has it: it may be the platform's word, so it is no sign of life."""
    if event.data.introduce is not None:
        _answered(turn, event, sign_of_life=False)
    if event.data.population is not None:
        newcomer = turn.get(Newcomer, event.data.member)
        if newcomer is not None:
            welcome.of_another_wave(turn, newcomer)


def _answered(turn: Turn, event: AnyEvent, *, sign_of_life: bool) -> None:
    newcomer = newcomer_for(turn, event, turn.person(event.data.member))
    if newcomer is None:
        return
    wants = event.data.introduce
    if newcomer.introduction in {"open", "wanted", "refused", "passed"}:
        newcomer = replace(
            newcomer,
            introduction="wanted" if wants else "refused",
            introduction_by=event.id,
            wanted_at=turn.now if wants else None,
        )
    if wants:
        newcomer = first_action.completed(turn, newcomer, "introduce", by=event.id, at=event.time)
    if sign_of_life:
        newcomer = alive(turn, newcomer, event)
    check(turn, newcomer)


def set_aside(turn: Turn, event: AnyEvent) -> None:
    """« Later », tapped under the welcome or the first action: nobody speaks of it again."""
    asked = turn.asked(event.data.request)
    newcomer = turn.get(Newcomer, event.data.member)
    if asked is None or newcomer is None or newcomer.action is None or event.data.answer != "later":
        return
    if asked.rule in {"welcome", "first_action", "nudge"}:
        first_action.set_aside(turn, newcomer, why="later")


def obstacle_declared(turn: Turn, event: AnyEvent) -> None:
    """The person said what is in the way: nobody speaks of the first action again."""
    newcomer = turn.get(Newcomer, event.data.member)
    if newcomer is None:
        return
    turn.disarm(OBSTACLE, newcomer.member)
    turn.recall("stalled", newcomer.member, to=to_member(newcomer.member), why="answered")
    first_action.set_aside(turn, newcomer, why="answered")
