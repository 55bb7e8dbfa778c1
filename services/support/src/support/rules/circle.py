"""The circle: which relays there are and with whom they are paired, by the playbook and by what other services say."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import Person, is_staff, may_be_asked, may_be_named
from contracts.turn import Turn
from support.state import Capacity, Pairing, Relay

FOUNDING = "founding_relay"
"""The kind of onboarding's invitation to found the circle: a yes to it makes a relay."""
MOST_PAIRED = 5


def in_circle(turn: Turn, member: str) -> bool:
    """Whether somebody is a relay now: in the circle, not resting, a founding relay's time not over."""
    relay = turn.get(Relay, member)
    if relay is None:
        return member in turn.playbook.people.relays
    return relay.standing == "in" and (relay.until is None or turn.now < relay.until)


def capacity(turn: Turn, member: str, person: Person | None) -> Capacity:
    """In what capacity somebody writes now."""
    if is_staff(person, member, turn.playbook):
        return "staff"
    return "relay" if in_circle(turn, member) else "member"


def relay_of(turn: Turn, member: str) -> str | None:
    """The paired relay of a member: the last one paired who is still in the circle, and may be asked."""
    pairing = turn.get(Pairing, member)
    for name in reversed(pairing.relays if pairing is not None else ()):
        person = turn.person(name)
        if in_circle(turn, name) and may_be_named(person) and may_be_asked(person, turn.now):
            return name
    return None


def paired(turn: Turn, event: AnyEvent) -> None:
    """Onboarding's word: a relay is there for a newcomer; who is paired is of the circle."""
    data = event.data
    if data.member is None:
        return
    known = turn.get(Pairing, data.newcomer)
    before = tuple(name for name in (known.relays if known is not None else ()) if name != data.member)
    turn.put(Pairing(newcomer=data.newcomer, relays=(*before, data.member)[-MOST_PAIRED:]))
    if turn.get(Relay, data.member) is None and data.member not in turn.playbook.people.relays:
        turn.put(Relay(member=data.member, standing="in", origin="paired"))


def appointed(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word: somebody is of the circle."""
    data = event.data
    origin, until = ("founding", data.until) if data.founding else ("appointed", None)
    turn.put(Relay(member=data.member, standing="in", origin=origin, until=until))  # type: ignore[arg-type]


def rested(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word: a relay rests, or is back."""
    data = event.data
    known = turn.get(Relay, data.member) or Relay(member=data.member, standing="in", origin="appointed")
    turn.put(replace(known, standing="resting" if data.status == "resting" else "in"))


def retired(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word: somebody left the circle."""
    turn.put(Relay(member=event.data.member, standing="out", origin="appointed"))


def invited(turn: Turn, event: AnyEvent) -> None:
    """Onboarding asks somebody to found the circle: their yes will count here too."""
    data = event.data
    if data.rule != FOUNDING or data.to.kind != "member":
        return
    known = turn.get(Relay, data.to.id)
    if known is None or known.standing == "invited":
        turn.put(Relay(member=data.to.id, standing="invited", origin="founding", request=data.request))


def accepted(turn: Turn, event: AnyEvent) -> None:
    """A founding relay said yes, as a tap."""
    data = event.data
    known = turn.get(Relay, data.member)
    if known is not None and known.standing == "invited" and known.request == data.request and data.answer == "yes":
        _founds(turn, known)


def nominated(turn: Turn, event: AnyEvent) -> None:
    """A founding relay said yes, as `nomination.accepted`."""
    data = event.data
    known = turn.get(Relay, data.member)
    if data.member in turn.playbook.people.founding_relays and (known is None or known.standing == "invited"):
        _founds(turn, known or Relay(member=data.member, standing="invited", origin="founding"))


def _founds(turn: Turn, relay: Relay) -> None:
    months = turn.playbook.launch.founding_relay_months
    there = turn.now.astimezone(turn.playbook.zone)
    month = there.month - 1 + months
    day = min(there.day, 28)
    until = there.replace(year=there.year + month // 12, month=month % 12 + 1, day=day)
    turn.put(replace(relay, standing="in", until=until.astimezone(turn.now.tzinfo), request=None))
