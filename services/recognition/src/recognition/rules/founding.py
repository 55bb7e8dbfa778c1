"""Founding relays: named by the playbook, asked once, relays by their yes."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.community import is_muted
from contracts.envelope import AnyEvent
from contracts.people import may_be_asked
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from recognition.rules.appointing import appoint
from recognition.rules.clocks import months_after, today
from recognition.rules.speech import book_of, name_of, to_member, voice_of
from recognition.state_circle import Candidate

FOUNDING = "founding_relay"
OTHERS_FIRST = timedelta(days=2)


def invite(turn: Turn, candidate: Candidate) -> None:
    """Ask somebody whom the playbook names to found the circle, unless another service has asked by now."""
    member, person = candidate.member, turn.person(candidate.member)
    # Onboarding asks on the first day that it can be heard; what it asked in the night is sent only in the morning.
    too_early = today(turn) - candidate.touched_on < OTHERS_FIRST
    if too_early or not may_be_asked(person, turn.now):
        return
    if turn.backfill or is_muted(turn.community, FOUNDING):
        return  # once it can be heard
    launch, totem = turn.playbook.launch, turn.playbook.totem
    turn.put(replace(candidate, state="invited", touched_on=today(turn)))
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
                "totem": totem.text(voice_of(turn, person)) if totem is not None else None,
                "months": launch.founding_relay_months,
            },
            actions=(Act(id="yes", label="yes"), Act(id="not_this_time", label="not_this_time")),
            because=(
                because(
                    "launch.founding_relays",
                    threshold="named by the playbook",
                    actual="named",
                    evidence=(book_of(turn).configured_by,),
                ),
            ),
        )
    )


def asked_elsewhere(turn: Turn, event: AnyEvent) -> None:
    """Onboarding asked a founding relay: one invitation is enough, and its answer counts here too."""
    data = event.data
    if data.rule != FOUNDING or data.to.kind != "member":
        return
    candidate = turn.get(Candidate, data.to.id)
    if candidate is not None and candidate.founding and candidate.state in {"proposed", "invited"}:
        turn.put(
            replace(candidate, state="invited", invited_by=data.request, touched_on=today(turn), heard=not data.muted)
        )


def founder_answered(turn: Turn, event: AnyEvent) -> bool:
    """Whether a tap answers the invitation to found the circle, whoever sent it; a yes appoints."""
    data = event.data
    candidate = turn.get(Candidate, data.member)
    if candidate is None or not candidate.founding:
        return False
    asked = turn.asked(data.request)
    if candidate.invited_by != data.request and (asked is None or asked.rule != FOUNDING):
        return False
    if data.answer == "yes":
        said_yes(turn, candidate, event)
    elif data.answer == "not_this_time":
        turn.put(replace(candidate, state="declined", touched_on=today(turn)))
    return True


def said_yes(turn: Turn, candidate: Candidate, event: AnyEvent) -> None:
    """A founding relay is one by their yes; the human's was given with the playbook."""
    until = months_after(turn.now, turn.playbook.launch.founding_relay_months)
    human = turn.playbook.people.manager or "playbook"
    evidence = (candidate.invited_by, event.id)
    appoint(turn, candidate.member, by=human, evidence=evidence, founding=True, until=until)
