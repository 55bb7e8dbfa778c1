"""The circle: which relays there are. The playbook names them, founding ones accept, recognition appoints."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.community import is_muted
from contracts.envelope import AnyEvent
from contracts.people import may_be_asked, may_be_named, stopped
from contracts.turn import Act, Message, To, Turn
from onboarding.rules.clocks import months_after
from onboarding.rules.speech import because, name_of, to_member, totem, voice_of
from onboarding.state import RELAYS, Pairing, Relay

FOUNDING = "founding_relay"


def in_circle(turn: Turn, relay: Relay) -> bool:
    """Whether somebody is a relay now: in the circle, not resting, a founding relay's time not over, still here."""
    return (
        relay.standing == "in"
        and (relay.until is None or turn.now < relay.until)
        and may_be_named(turn.person(relay.member))
    )


def circle(turn: Turn) -> tuple[Relay, ...]:
    """Every relay of whom something may be asked now."""
    return tuple(
        relay
        for relay in turn.find(RELAYS)
        if in_circle(turn, relay) and may_be_asked(turn.person(relay.member), turn.now)
    )


def relay_of(turn: Turn, member: str, *, kind: str | None = None) -> str | None:
    """The paired relay of a member: the last one paired who is still in the circle, and may be asked.

    `kind`: of the message that is meant; one who wants no more of these is passed over.
    """
    pairing = turn.get(Pairing, member)
    for name in reversed(pairing.paired if pairing is not None else ()):
        relay = turn.get(Relay, name)
        person = turn.person(name)
        if relay is None or not in_circle(turn, relay) or not may_be_asked(person, turn.now):
            continue
        if kind is None or not stopped(person, kind):
            return name
    return None


def relays_told(turn: Turn, member: str) -> tuple[To, ...]:
    """Every relay who may have been told of a member: what lost its point is called back from whoever has it."""
    pairing = turn.get(Pairing, member)
    return tuple(map(to_member, pairing.paired)) if pairing is not None else ()


def named(turn: Turn, event: AnyEvent) -> tuple[str, ...]:
    """A new playbook: its relays are in the circle, its founding ones are asked. Answers those no longer named."""
    people = turn.playbook.people
    for member in people.relays:
        known = turn.get(Relay, member)
        if known is None or known.standing in {"invited", "declined"}:
            turn.put(Relay(member=member, standing="in", origin="playbook", since=event.time))
    gone = tuple(
        relay.member
        for relay in turn.find(RELAYS)
        if relay.origin == "playbook" and relay.standing in {"in", "resting"} and relay.member not in people.relays
    )
    for member in gone:
        turn.drop(Relay, member)
    invite_founders(turn, event)
    return gone


def invite_founders(turn: Turn, event: AnyEvent) -> None:
    """Ask those whom the playbook names, once: not while the community is muted, as nobody could answer."""
    if turn.backfill or is_muted(turn.community, FOUNDING):
        return
    for member in turn.playbook.people.founding_relays:
        if turn.get(Relay, member) is None and may_be_asked(turn.person(member), turn.now):
            _invite(turn, member, by=event.id)


def _invite(turn: Turn, member: str, *, by: str) -> None:
    """The manager's yes is in the playbook; the person's is asked."""
    launch = turn.playbook.launch
    person = turn.person(member)
    turn.put(Relay(member=member, standing="invited", origin="founding", since=turn.now))
    turn.request(
        Message(
            key=member,
            rule=FOUNDING,
            kind=FOUNDING,
            template="founding_relay",
            to=to_member(member),
            purse="attention",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={
                "name": name_of(turn, member),
                "totem": totem(turn, voice_of(turn, person)),
                "months": launch.founding_relay_months,
            },
            actions=(Act(id="yes", label="yes"), Act(id="not_this_time", label="not_this_time")),
            because=(
                because("launch.founding_relays", threshold="named by the playbook", actual=member, evidence=(by,)),
            ),
        )
    )


def answered(turn: Turn, event: AnyEvent) -> None:
    """A founding relay said yes or no to the invitation."""
    asked = turn.asked(event.data.request)
    if asked is not None and asked.rule == FOUNDING and asked.to.id == event.data.member:
        _stands(turn, event, accepts=event.data.answer == "yes")


def nominee_accepted(turn: Turn, event: AnyEvent) -> None:
    """The same yes, told as `nomination.accepted`."""
    _stands(turn, event, accepts=True)


def nominee_declined(turn: Turn, event: AnyEvent) -> None:
    """The same no, told as `nomination.declined`."""
    _stands(turn, event, accepts=False)


def _stands(turn: Turn, event: AnyEvent, *, accepts: bool) -> None:
    relay = turn.get(Relay, event.data.member)
    if relay is None or relay.origin != "founding" or relay.standing not in {"invited", "declined"}:
        return
    if not accepts:
        turn.put(replace(relay, standing="declined"))
        return
    until = months_after(event.time, turn.playbook.launch.founding_relay_months)
    turn.put(replace(relay, standing="in", since=event.time, until=until))


def appointed(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word: somebody is of the circle."""
    known = turn.get(Relay, event.data.member)
    paired_at = known.paired_at if known is not None else None
    turn.put(
        Relay(
            member=event.data.member,
            standing="in",
            origin="founding" if event.data.founding else "appointed",
            since=event.time,
            until=event.data.until if event.data.founding else None,
            paired_at=paired_at,
        )
    )
