"""Perks of the circle: from the playbook's catalogue, while there are some left, until their date or the farewell."""

from datetime import timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.choice import stable_hash
from contracts.decisions import PerkEnded, PerkGranted
from contracts.playbook import Perk
from contracts.reasons import because
from contracts.turn import Message, Turn
from recognition.rules.clocks import months_after
from recognition.rules.speech import book_of, name_of, say, to_member, voice_of
from recognition.state_book import SAID_ABOUT, Said
from recognition.state_circle import CIRCLE, GRANTS, GRANTS_OF, Grant, Relay

PERKS = "perks"
Reason = Literal["date", "withdrawn", "left", "retired"]


def grant_all(turn: Turn, relay: Relay) -> tuple[str, ...]:
    """Give a relay every perk there is one left of; answers which. Each once in a stay in the circle."""
    had = {grant.perk for grant in turn.find(GRANTS_OF, relay.member)}
    return tuple(
        perk.perk
        for perk in turn.playbook.recognition.perks
        if perk.perk not in had and _left(turn, perk) != 0 and _grant(turn, perk, relay)
    )


def _left(turn: Turn, perk: Perk) -> int | None:
    """How many are left; None: there is no end of them."""
    return None if perk.stock is None else max(0, perk.stock - len(turn.find(GRANTS, perk.perk)))


def _grant(turn: Turn, perk: Perk, relay: Relay) -> bool:
    left = _left(turn, perk)
    name = f"{perk.perk}-{stable_hash(perk.perk, relay.member, relay.since.isoformat()):016x}"
    ends_at = months_after(turn.now, perk.months) if perk.months is not None else None
    decision = say(
        turn,
        PerkGranted(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    PERKS,
                    threshold="of the circle, while there are some left",
                    actual="no limit" if left is None else left,
                    evidence=(relay.appointed_by,),
                ),
            ),
            member=relay.member,
            perk=perk.perk,
            grant=name,
            ends_at=ends_at,
            stock_left=None if left is None else left - 1,
        ),
        rule=PERKS,
        key=name,
        about=relay.member,
        holds=True,
        name=perk.perk,
    )
    turn.put(Grant(perk=perk.perk, member=relay.member, name=name, decision=decision, ends_at=ends_at))
    return True


def end(turn: Turn, grant: Grant, reason: Reason, *, by: str | None = None, evidence: str | None = None) -> None:
    """A perk is over. Its row stays while the person is in the circle, so that it is not given again."""
    turn.decide(
        PerkEnded(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    f"{PERKS}.{reason}",
                    threshold=grant.ends_at.isoformat() if grant.ends_at is not None else None,
                    actual=reason,
                    evidence=(grant.decision, evidence),
                ),
            ),
            member=grant.member,
            perk=grant.perk,
            grant=grant.name,
            reason=reason,
            by=by,
        ),
        rule=PERKS,
        key=f"{grant.name}/ended",
    )
    turn.drop(Said, grant.decision)
    turn.put(replace(grant, ended=True))
    freed(turn)
    if reason == "date":
        _tell(turn, grant)


def _tell(turn: Turn, grant: Grant) -> None:
    voice = voice_of(turn, turn.person(grant.member))
    names = {perk.perk: perk.name.text(voice) for perk in turn.playbook.recognition.perks}
    if grant.perk not in names:
        return
    turn.request(
        Message(
            key=grant.name,
            rule=PERKS,
            kind="circle",
            template="perk_ended",
            to=to_member(grant.member),
            purse="attention",
            lifetime=timedelta(days=7),
            values={"name": name_of(turn, grant.member), "perk": names[grant.perk]},
            serves=grant.decision,
            because=(because(f"{PERKS}.date", threshold="its end", actual="its end", evidence=(grant.decision,)),),
        )
    )


def end_all(turn: Turn, member: str, reason: Literal["left", "retired"], *, evidence: str | None = None) -> None:
    """Farewell: what the person still has ends, and nothing of it is kept."""
    for grant in turn.find(GRANTS_OF, member):
        if not grant.ended:
            end(turn, grant, reason, evidence=evidence)
        turn.drop(Grant, grant.perk, member)


def tend(turn: Turn) -> None:
    """Daily: what has reached its date ends; what is free again goes to the relay who has waited longest."""
    for perk in turn.playbook.recognition.perks:
        for grant in turn.find(GRANTS, perk.perk):
            if grant.ends_at is not None and grant.ends_at <= turn.now:
                end(turn, grant, "date")
    book = book_of(turn)
    if book.perks_free:
        turn.put(replace(book, perks_free=False))
        for relay in turn.find(CIRCLE):
            grant_all(turn, relay)


def freed(turn: Turn) -> None:
    """Somebody may get a perk that they wait for: the next daily round sees to it."""
    book = book_of(turn)
    if not book.perks_free:
        turn.put(replace(book, perks_free=True))


def forget(turn: Turn, member: str) -> None:
    """Somebody is forgotten, with what they had; what there was a number of is free again."""
    for grant in turn.find(GRANTS_OF, member):
        turn.drop(Grant, grant.perk, member)
        freed(turn)
    for said in turn.find(SAID_ABOUT, member):
        turn.drop(Said, said.decision)
