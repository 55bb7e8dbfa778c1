"""Appointing: somebody is of the circle from now on; seats are counted, and never push anybody out."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from msgspec.structs import replace

from contracts.decisions import RelayAppointed
from contracts.people import Person
from contracts.reasons import because
from contracts.turn import Message, Turn
from recognition.rules import perks, strata
from recognition.rules.counting import counts, standing_of
from recognition.rules.requirements import RELAY
from recognition.rules.speech import book_of, name_of, say, to_member, voice_of
from recognition.state_circle import CANDIDATES, CIRCLE, Candidate, Relay


def seats(turn: Turn) -> int:
    """How many the circle has: a share of the month's actives as counted on the 1st, and never below a few."""
    return max(turn.playbook.recognition.strata.relay_seats_least, book_of(turn).seats)


def counted_seats(turn: Turn) -> int:
    """What the share of last month's actives gives, whole seats only."""
    share = Fraction(str(turn.playbook.recognition.strata.relay_seats_share)) * book_of(turn).last_actives
    return share.numerator // share.denominator


def taken(turn: Turn) -> int:
    """Seats that are taken, or promised to somebody who is asked. Who rests keeps the place."""
    asked = (candidate for candidate in turn.find(CANDIDATES) if candidate.state in {"invited", "willing"})
    return len(turn.find(CIRCLE)) + sum(1 for candidate in asked if not candidate.founding)


def appoint(
    turn: Turn,
    member: str,
    *,
    by: str,
    evidence: tuple[str | None, ...],
    founding: bool = False,
    until: datetime | None = None,
    named: bool = False,
) -> None:
    """Somebody is of the circle from now on: stratum 4, perks, and a word that says what it means.

    Args:
        turn: the turn.
        member: who.
        by: the human whose yes it was.
        evidence: events that show it.
        founding: of the launch: no stratum is needed until `until`.
        until: a moment, for a founding relay.
        named: named in the playbook as a relay already: no word is needed.
    """
    figures = turn.playbook.recognition
    decision = say(
        turn,
        RelayAppointed(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    "circle.appointed",
                    threshold="the playbook's word" if named else "the member's yes and a human's",
                    actual="founding" if founding else "yes",
                    evidence=evidence,
                ),
            ),
            member=member,
            by=by,
            founding=founding,
            until=until,
            duties=tuple(duty.duty for duty in figures.duties),
        ),
        rule="circle",
        key=member,
        about=member,
        holds=True,
    )
    relay = Relay(
        member=member,
        origin="founding" if founding else "playbook" if named else "appointed",
        carried=not founding and not named,
        since=turn.now,
        appointed_by=decision,
        until=until,
    )
    standing = standing_of(turn, member)  # as it was: somebody new to the circle begins where the lists put them
    turn.put(relay)
    turn.drop(Candidate, member)
    person = turn.person(member)
    if person is not None and counts(turn, member):
        turn.put(standing)
        if not standing.locked:
            strata.fix(turn, standing, RELAY, by=decision, human=by, lock=False)
    granted = perks.grant_all(turn, relay)
    if not named:
        _welcome(turn, member, person, decision, granted, founding=founding)


def _welcome(
    turn: Turn, member: str, person: Person | None, decision: str, granted: tuple[str, ...], *, founding: bool
) -> None:
    voice = voice_of(turn, person)
    turn.request(
        Message(
            key=member,
            rule="relay_appointed",
            kind="circle",
            template="relay_appointed",
            to=to_member(member),
            purse="attention",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={
                "name": name_of(turn, member),
                "founding": founding,
                "perks": [perk.name.text(voice) for perk in turn.playbook.recognition.perks if perk.perk in granted],
                "duties": [duty.name.text(voice) for duty in turn.playbook.recognition.duties],
            },
            serves=decision,
            because=(because("circle.appointed", threshold="yes", actual="yes", evidence=(decision,)),),
        )
    )


def seats_counted(turn: Turn, day: date) -> None:
    """The 1st of a month: the seats for it."""
    if day.day == 1:
        turn.put(replace(book_of(turn), seats=counted_seats(turn)))
