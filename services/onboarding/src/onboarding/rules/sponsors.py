"""Sponsors: when they last gave a sign; one silent for long gets words prepared for the manager."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.envelope import AnyEvent
from contracts.people import may_be_named
from contracts.turn import Message, Turn
from onboarding.rules.clocks import away_days
from onboarding.rules.speech import MANAGER, because
from onboarding.state import SponsorSeen

SPONSORS = "sponsors"


def is_sponsor(turn: Turn, member: str) -> bool:
    """Whether the playbook names somebody as a sponsor."""
    return any(sponsor.member == member for sponsor in turn.playbook.people.sponsors)


def seen(turn: Turn, member: str, event: AnyEvent) -> None:
    """Somebody of the house acted; a sponsor's day is remembered."""
    if not is_sponsor(turn, member):
        return
    known = turn.get(SponsorSeen, member)
    zone = turn.playbook.zone
    if known is None:
        turn.put(SponsorSeen(member=member, last_at=event.time))
    elif event.time > known.last_at and local_day(event.time, zone) != local_day(known.last_at, zone):
        turn.put(replace(known, last_at=event.time, told_at=None))


def named(turn: Turn) -> None:
    """A new playbook: a sponsor's silence counts from when it first names them."""
    for sponsor in turn.playbook.people.sponsors:
        if turn.get(SponsorSeen, sponsor.member) is None:
            turn.put(SponsorSeen(member=sponsor.member, last_at=turn.now))


def silent_days(turn: Turn, member: str) -> int:
    """Whole days since a sponsor's last sign."""
    known = turn.get(SponsorSeen, member)
    return away_days(turn, known.last_at) if known is not None else 0


def check(turn: Turn) -> tuple[str, ...]:
    """Daily: give the manager words for each silent sponsor, once a silence. Answers who is silent, by name."""
    least = turn.playbook.launch.sponsor_silent_days
    silent = []
    for sponsor in turn.playbook.people.sponsors:
        days = silent_days(turn, sponsor.member)
        # Of somebody who left, or died, no sign is waited for.
        if days < least or not may_be_named(turn.person(sponsor.member)):
            continue
        silent.append(sponsor.name)
        known = turn.get(SponsorSeen, sponsor.member)
        if known is None or known.told_at is not None:
            continue
        turn.put(replace(known, told_at=turn.now))
        turn.request(
            Message(
                key=sponsor.member,
                rule=SPONSORS,
                kind=SPONSORS,
                template="sponsor_silent",
                to=MANAGER,
                purse="none",
                lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
                values={
                    "sponsor": sponsor.name,
                    "organisation": sponsor.organisation or None,
                    "promises": tuple(promise.what for promise in sponsor.promises),
                },
                mentions=(sponsor.member,),
                because=(because("launch.sponsors_active", threshold=least, actual=days),),
            )
        )
    return tuple(silent)
