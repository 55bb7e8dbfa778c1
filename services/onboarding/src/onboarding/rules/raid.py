"""The raid guard: too many uninvited joinings at once are held, and welcomed together once it is calm."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.decisions import WelcomeHeld
from contracts.envelope import AnyEvent, Because
from contracts.people import Person, stopped
from contracts.turn import Message, Turn
from onboarding.rules.climate import announced
from onboarding.rules.speech import CORE_TEAM, because, say
from onboarding.state import FRESH, HELD, LATE, WAITING, Arrival, Door, Newcomer

RAID = "raid"
WELCOME = "welcome"
"""The kind of deadline of a gathering; its key is the gathering."""


def is_young(person: Person | None, joined_at: datetime, hours: int) -> bool:
    """Whether the account was so new at the joining that a text after a raid does not name it."""
    made_at = person.account_created_at if person is not None else None
    return made_at is not None and joined_at - made_at < timedelta(hours=hours)


def may_be_greeted(turn: Turn, newcomer: Newcomer, gathering: str) -> bool:
    """Whether a text for a gathering may name somebody: after a raid no young account, and nobody who wants none."""
    person = turn.person(newcomer.member)
    if stopped(person, WELCOME):
        return False
    hours = turn.playbook.onboarding.raid_unnamed_account_hours
    return gathering != HELD or not is_young(person, newcomer.joined_at or turn.now, hours)


def gathering_for(turn: Turn, event: AnyEvent, newcomer: Newcomer) -> str | None:
    """Count a joining: the raid's gathering, when it belongs to one that is on or that it makes; else None."""
    figures = turn.playbook.onboarding
    if event.data.invited_by is not None or announced(turn, event.time):
        return None
    door = turn.get(Door) or Door()
    here = Arrival(member=event.data.member, at=event.time, by=event.id)
    arrivals = sorted((*door.recent, here), key=lambda arrival: arrival.at)
    # Of the newest joining, not of this one: an older one that comes late stands beside none of them.
    opens = arrivals[-1].at - timedelta(seconds=figures.raid_window_seconds)
    recent = tuple(arrival for arrival in arrivals if arrival.at > opens)[-figures.raid_joins - 1 :]
    door = replace(door, recent=recent)
    if len(recent) <= figures.raid_joins:
        turn.put(door)
        if door.hold is None:
            return None
        _held(turn, newcomer, door, recent)
        return HELD
    calm_at = turn.now + timedelta(minutes=figures.raid_calm_minutes)
    if door.hold is None:
        door = replace(door, hold=turn.now.isoformat(), hold_since=turn.now)
        turn.put(door)
        _raised(turn, door, recent)
    turn.put(door)
    _held(turn, newcomer, door, recent)
    turn.arm(WELCOME, HELD, calm_at)
    return HELD


def _raised(turn: Turn, door: Door, recent: tuple[Arrival, ...]) -> None:
    """A raid begins: those who came in with it leave the open gathering, and the core team is told."""
    names = {arrival.member for arrival in recent}
    for gathering in (FRESH, LATE):
        for newcomer in turn.find(WAITING, gathering):
            if newcomer.member in names:
                turn.put(replace(newcomer, waits=HELD))
                _held(turn, newcomer, door, recent)
    figures = turn.playbook.onboarding
    turn.request(
        Message(
            key=door.hold or "",
            rule=RAID,
            kind=RAID,
            template="raid",
            to=CORE_TEAM,
            purse="none",
            lifetime=timedelta(hours=turn.playbook.lifetimes.crisis_hours),
            values={
                "joins": len(recent),
                "seconds": figures.raid_window_seconds,
                "calm_minutes": figures.raid_calm_minutes,
            },
            priority="high",
            because=(_reason(turn, recent),),
        )
    )


def _reason(turn: Turn, recent: tuple[Arrival, ...]) -> Because:
    figures = turn.playbook.onboarding
    return because(
        "welcome.raid",
        threshold=f"{figures.raid_joins} joins in {figures.raid_window_seconds} s",
        actual=len(recent),
        evidence=(arrival.by for arrival in recent),
    )


def _held(turn: Turn, newcomer: Newcomer, door: Door, recent: tuple[Arrival, ...]) -> None:
    say(
        turn,
        WelcomeHeld.model_validate(
            {
                "community": turn.slug,
                "playbook": turn.version,
                "because": (_reason(turn, recent),),
                "member": newcomer.member,
                "reason": "raid",
                "hold": door.hold,
                "since": door.hold_since,
            }
        ),
        rule=WELCOME,
        key=newcomer.member,
        about=newcomer.member,
    )


def over(turn: Turn) -> None:
    """It is calm, or a human said that it is no raid."""
    door = turn.get(Door)
    if door is not None:
        turn.put(replace(door, recent=(), hold=None, hold_since=None))
