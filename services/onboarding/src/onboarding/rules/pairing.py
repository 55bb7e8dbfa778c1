"""Relay pairing: at the first sign of life a newcomer is given one person to turn to."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import RelayAsked, RelayPaired, RelayReleased
from contracts.envelope import AnyEvent
from contracts.facts import PairingAccepted, PairingDeclined
from contracts.people import may_be_asked
from contracts.turn import Act, Message, Turn
from onboarding.rules.circle import in_circle
from onboarding.rules.first_post import quotable
from onboarding.rules.matching import PAIRING, Suits, candidates
from onboarding.rules.speech import CORE_TEAM, because, name_of, say, skill_words, team_names, to_member, voice_of
from onboarding.state import Newcomer, Pairing, Relay

Reason = Literal["declined", "silent", "left", "paused", "removed", "newcomer_left", "newcomer_paused", "done"]


def begin(turn: Turn, newcomer: Newcomer, *, by: str) -> None:
    """The first sign of life: ask the relay who suits best. Once; a relay who goes is replaced elsewhere."""
    known = turn.get(Pairing, newcomer.member)
    if known is not None and (known.state != "over" or known.paired):
        return
    relay = turn.get(Relay, newcomer.member)
    if relay is not None and in_circle(turn, relay):
        return  # one of the circle needs no relay
    pairing = Pairing(
        newcomer=newcomer.member,
        state="asking",
        relay=None,
        attempt=0,
        tried=(),
        paired=(),
        began_by=by,
        asked_at=turn.now,
    )
    ask_next(turn, pairing)


def ask_next(turn: Turn, pairing: Pairing) -> None:
    """Ask the next relay; after three in vain, or when there is none, the core team has the newcomer."""
    newcomer = turn.person(pairing.newcomer)
    if newcomer is None:
        return
    figures = turn.playbook.onboarding
    fitting = candidates(turn, newcomer, pairing) if pairing.attempt < figures.pairing_asks_most else []
    if not fitting:
        _hand_to_team(turn, pairing)
        return
    chosen = fitting[0]
    attempt = pairing.attempt + 1
    expires_at = turn.now + timedelta(hours=figures.pairing_accept_hours)
    why = because(
        "pairing.score",
        threshold=f"best of {len(fitting)}",
        actual=chosen.score,
        evidence=(pairing.began_by, pairing.asked_by),
    )
    decision = say(
        turn,
        RelayAsked(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            newcomer=pairing.newcomer,
            member=chosen.relay.member,
            attempt=attempt,
            score=chosen.score,
            shared_skills=chosen.shared,
            expires_at=expires_at,
            replaces=pairing.replaces,
        ),
        rule=PAIRING,
        key=f"{pairing.newcomer}/{attempt}/{chosen.relay.member}",
        about=pairing.newcomer,
    )
    turn.put(
        replace(
            pairing,
            state="asking",
            relay=chosen.relay.member,
            attempt=attempt,
            tried=(*pairing.tried, chosen.relay.member),
            asked_at=turn.now,
            asked_by=decision,
        )
    )
    turn.arm(PAIRING, pairing.newcomer, expires_at)
    _ask(turn, pairing, chosen, decision)


def _ask(turn: Turn, pairing: Pairing, chosen: Suits, decision: str) -> None:
    member = chosen.relay.member
    post = quotable(turn, turn.get(Newcomer, pairing.newcomer))
    voice = voice_of(turn, turn.person(member))
    turn.request(
        Message(
            key=pairing.newcomer,
            rule=PAIRING,
            kind=PAIRING,
            template="pairing_ask",
            to=to_member(member),
            purse="duty",
            lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
            values={
                "newcomer": name_of(turn, pairing.newcomer),
                "subject": post.title if post is not None else None,
                "url": post.url if post is not None else None,
                "posted": post is not None,
                "shared": skill_words(turn, voice, chosen.shared),
            },
            actions=tuple(
                Act(id=id_, label=id_, fact={"type": fact.TYPE, "data": {"newcomer": pairing.newcomer}})
                for id_, fact in (("yes", PairingAccepted), ("not_this_time", PairingDeclined))
            ),
            serves=decision,
            because=(because("pairing.score", actual=chosen.score, evidence=(pairing.began_by, decision)),),
        )
    )


def _hand_to_team(turn: Turn, pairing: Pairing) -> None:
    """Nobody of the circle: the core team is there for the newcomer."""
    figures = turn.playbook.onboarding
    why = because(
        "pairing.core_team",
        threshold=figures.pairing_asks_most,
        actual=pairing.attempt,
        evidence=(pairing.began_by, pairing.asked_by),
    )
    decision = say(
        turn,
        RelayPaired(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            newcomer=pairing.newcomer,
            member=None,
            attempt=max(1, pairing.attempt),
        ),
        rule=PAIRING,
        key=f"{pairing.newcomer}/core_team",
        about=pairing.newcomer,
    )
    turn.disarm(PAIRING, pairing.newcomer)
    turn.put(replace(pairing, state="team", relay=None, replaces=None, asked_by=decision))
    post = quotable(turn, turn.get(Newcomer, pairing.newcomer))
    turn.request(
        Message(
            key=pairing.newcomer,
            rule=PAIRING,
            kind=PAIRING,
            template="pairing_team",
            to=CORE_TEAM,
            purse="none",
            lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
            values={
                "newcomer": name_of(turn, pairing.newcomer),
                "asked": pairing.attempt,
                "subject": post.title if post is not None else None,
                "url": post.url if post is not None else None,
            },
            serves=decision,
            mentions=(pairing.newcomer,),
            because=(why,),
        )
    )


def accepted(turn: Turn, event: AnyEvent) -> None:
    """A relay said yes: the one who is asked, or one asked before whose yes comes late, while nobody is paired."""
    pairing = turn.get(Pairing, event.data.newcomer)
    relay = turn.get(Relay, event.data.member)
    if pairing is None or relay is None or pairing.state in {"paired", "over"} or not in_circle(turn, relay):
        return
    if event.data.member not in pairing.tried:
        return
    if pairing.relay is not None and pairing.relay != event.data.member:
        release(turn, pairing, "removed")
    figures = turn.playbook.onboarding
    until = turn.now + timedelta(days=figures.pairing_days)
    decision = say(
        turn,
        RelayPaired(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because("pairing.accepted", threshold="yes", actual="yes", evidence=(pairing.asked_by, event.id)),
            ),
            newcomer=pairing.newcomer,
            member=event.data.member,
            attempt=max(1, pairing.attempt),
            until=until,
        ),
        rule=PAIRING,
        key=f"{pairing.newcomer}/{event.data.member}",
        about=pairing.newcomer,
    )
    paired = (*(name for name in pairing.paired if name != event.data.member), event.data.member)
    turn.put(
        replace(
            pairing,
            state="paired",
            relay=event.data.member,
            paired=paired,
            paired_at=turn.now,
            asked_by=decision,
            replaces=None,
        )
    )
    turn.put(replace(relay, paired_at=turn.now))
    turn.arm(PAIRING, pairing.newcomer, until)
    _tell_newcomer(turn, pairing.newcomer, event.data.member, decision)


def _tell_newcomer(turn: Turn, newcomer: str, relay: str, decision: str) -> None:
    if not may_be_asked(turn.person(newcomer), turn.now):
        return
    turn.request(
        Message(
            key=newcomer,
            rule=PAIRING,
            kind=PAIRING,
            template="paired",
            to=to_member(newcomer),
            purse="attention",
            lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
            values={"name": name_of(turn, newcomer), "relay": name_of(turn, relay), "team": team_names(turn, 1)},
            serves=decision,
            mentions=(relay,),
            because=(because("pairing.accepted", threshold="yes", actual="yes", evidence=(decision,)),),
        )
    )


def declined(turn: Turn, event: AnyEvent) -> None:
    """Not this time, or no longer: the next is asked."""
    pairing = turn.get(Pairing, event.data.newcomer)
    if pairing is None or pairing.relay != event.data.member or pairing.state not in {"asking", "paired"}:
        return
    release(turn, pairing, "declined", evidence=event.id)
    ask_next(turn, pairing)


def fire(turn: Turn, newcomer: str, _due: datetime) -> None:
    """48 hours without a word: the next is asked. A month after the yes: the relay's place is free again."""
    pairing = turn.get(Pairing, newcomer)
    if pairing is None:
        return
    if pairing.state == "asking":
        release(turn, pairing, "silent")
        ask_next(turn, pairing)
    elif pairing.state == "paired":
        release(turn, pairing, "done")
        turn.put(replace(pairing, state="over", relay=None))


def release(turn: Turn, pairing: Pairing, reason: Reason, *, evidence: str | None = None) -> None:
    """Say that the relay asked or paired no longer is, and call the ask back. The caller puts the row."""
    if pairing.relay is None:
        return
    figures = turn.playbook.onboarding
    threshold = {"silent": figures.pairing_accept_hours, "done": figures.pairing_days}.get(reason)
    turn.decide(
        RelayReleased(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    f"pairing.{reason}",
                    threshold=threshold,
                    actual=pairing.state,
                    evidence=(pairing.asked_by, evidence),
                ),
            ),
            newcomer=pairing.newcomer,
            member=pairing.relay,
            stage="asked" if pairing.state == "asking" else "paired",
            reason=reason,
        ),
        rule=PAIRING,
        key=f"{pairing.newcomer}/{pairing.attempt}/{pairing.relay}",
    )
    recall_ask(turn, pairing, why=reason)


def recall_ask(turn: Turn, pairing: Pairing, *, why: str) -> None:
    """Nothing is waited for any more: the ask to the relay, and the news to the newcomer, have lost their point."""
    turn.disarm(PAIRING, pairing.newcomer)
    if pairing.relay is not None:
        for told in (pairing.relay, pairing.newcomer):
            turn.recall(PAIRING, pairing.newcomer, to=to_member(told), why=why)
