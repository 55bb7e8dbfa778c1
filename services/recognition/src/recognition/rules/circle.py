"""The circle: nominations, invitation, the member's yes, a human's yes."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.community import is_muted
from contracts.decisions import RelayInvited
from contracts.envelope import AnyEvent
from contracts.facts import NominationAccepted, NominationDeclined
from contracts.people import is_bot, may_be_asked
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from recognition.rules import founding
from recognition.rules.appointing import appoint, seats, taken
from recognition.rules.clocks import DAY, today
from recognition.rules.contributions import look_by
from recognition.rules.counting import counts, is_self
from recognition.rules.requirements import HOLDING_UP
from recognition.rules.speech import name_of, say, to_manager, to_member, voice_of
from recognition.state import Standing
from recognition.state_circle import CANDIDATES, Candidate, Nomination, Relay

INVITATION, APPOINT = "relay_invitation", "relay_appoint"


MOST_NOMINATIONS = 20


def nominated(turn: Turn, event: AnyEvent) -> None:
    """Somebody proposed a member for the circle; nobody proposes oneself."""
    data = event.data
    if data.by is None or is_self(turn, data.by, data.member):
        return
    if turn.person(data.member) is None or is_bot(turn.person(data.by)) or not counts(turn, data.member):
        return
    people = turn.playbook.people
    manager = data.by == people.manager or (
        people.manager is None and any(colleague.member == data.by for colleague in people.core_team)
    )
    propose(turn, data.member, Nomination(data.by, today(turn).toordinal(), event.id, manager))


def propose(turn: Turn, member: str, nomination: Nomination) -> None:
    """Put a nomination down, and see whether it is time to invite."""
    if turn.get(Relay, member) is not None:
        return
    candidate = turn.get(Candidate, member) or Candidate(member=member, state="proposed", touched_on=today(turn))
    rest = tuple(one for one in candidate.nominations if one.by != nomination.by)
    candidate = replace(candidate, nominations=(*rest, nomination)[-MOST_NOMINATIONS:])
    turn.put(candidate)
    consider(turn, candidate)


def standing_nominations(turn: Turn, candidate: Candidate) -> tuple[Nomination, ...]:
    """Nominations that still count."""
    oldest = today(turn).toordinal() - turn.playbook.recognition.nomination_days
    return tuple(one for one in candidate.nominations if one.day > oldest)


def consider(turn: Turn, candidate: Candidate) -> None:
    """Invite somebody who is proposed, at stratum 3 for long enough, while a seat is free."""
    if not _is_proposed(turn, candidate):
        return
    figures = turn.playbook.recognition.strata
    standing = turn.get(Standing, candidate.member)
    held = standing.holding_since if standing is not None else None
    if standing is None or held is None or standing.stratum < HOLDING_UP:
        return
    left = figures.relay_days - (turn.now - held).days
    if left > 0:
        look_by(turn, candidate.member, today(turn) + left * DAY)
    elif (
        may_be_asked(turn.person(candidate.member), turn.now)
        and counts(turn, candidate.member)
        # While no seat is free the daily round asks again.
        and taken(turn) < seats(turn)
    ):
        _invite(turn, candidate, standing_nominations(turn, candidate))


def _is_proposed(turn: Turn, candidate: Candidate) -> bool:
    """Whether enough people propose somebody who has not said no lately."""
    if candidate.founding or candidate.state not in {"proposed", "declined"}:
        return False
    rested = (today(turn) - candidate.touched_on).days >= turn.playbook.recognition.nomination_days
    if candidate.state == "declined" and not rested:
        return False
    nominations = standing_nominations(turn, candidate)
    needed = turn.playbook.recognition.strata.relay_nominations
    return len(nominations) >= needed or any(one.manager for one in nominations)


def _invite(turn: Turn, candidate: Candidate, nominations: tuple[Nomination, ...]) -> None:
    figures = turn.playbook.recognition.strata
    lifetime = timedelta(days=turn.playbook.lifetimes.invitation_days)
    why = because(
        "circle.invited",
        threshold=f"{figures.relay_days} days at stratum 3, {figures.relay_nominations} nominations or the manager's",
        actual=len(nominations),
        evidence=(one.event for one in nominations),
    )
    decision = say(
        turn,
        RelayInvited(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=candidate.member,
            nominated_by=tuple(one.by for one in nominations if turn.person(one.by) is not None),
            seats=seats(turn),
            taken=taken(turn),
            expires_at=turn.now + lifetime,
        ),
        rule=INVITATION,
        key=candidate.member,
        about=candidate.member,
    )
    heard = not turn.backfill and not is_muted(turn.community, INVITATION)
    candidate = replace(
        candidate,
        state="invited",
        touched_on=today(turn),
        invited_by=decision,
        expires_at=turn.now + lifetime,
        heard=heard,
    )
    turn.put(candidate)
    if candidate.said_by is not None:
        _ask_human(turn, candidate, candidate.said_by)
        return
    voice = voice_of(turn, turn.person(candidate.member))
    recognition = turn.playbook.recognition
    turn.request(
        Message(
            key=candidate.member,
            rule=INVITATION,
            kind=INVITATION,
            template="relay_invited",
            to=to_member(candidate.member),
            purse="attention",
            lifetime=lifetime,
            values={
                "name": name_of(turn, candidate.member),
                "perks": [perk.name.text(voice) for perk in recognition.perks],
                "duties": [duty.name.text(voice) for duty in recognition.duties],
            },
            actions=(
                Act(id="yes", label="yes", fact={"type": NominationAccepted.TYPE, "data": {}}),
                Act(id="not_this_time", label="not_this_time", fact={"type": NominationDeclined.TYPE, "data": {}}),
            ),
            serves=decision,
            because=(why,),
        )
    )


def accepted(turn: Turn, event: AnyEvent) -> None:
    """The member's yes. A founding relay is one with it; anybody else needs a human's yes too."""
    candidate = turn.get(Candidate, event.data.member)
    if candidate is None or turn.get(Relay, event.data.member) is not None:
        return
    yes(turn, candidate, event)


def yes(turn: Turn, candidate: Candidate, event: AnyEvent) -> None:
    """Somebody who is a candidate said yes."""
    if candidate.founding:
        founding.said_yes(turn, candidate, event)
    elif candidate.state == "invited":
        _ask_human(turn, candidate, event.id)
    elif candidate.state in {"proposed", "declined"}:
        turn.put(replace(candidate, state="proposed", said_by=event.id))
        consider(turn, replace(candidate, state="proposed", said_by=event.id))


def _ask_human(turn: Turn, candidate: Candidate, said_by: str) -> None:
    turn.put(replace(candidate, state="willing", said_by=said_by, touched_on=today(turn)))
    turn.request(
        Message(
            key=candidate.member,
            rule=APPOINT,
            kind=APPOINT,
            template="relay_appoint",
            to=to_manager(turn),
            purse="none",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={"name": name_of(turn, candidate.member), "nominations": len(candidate.nominations)},
            actions=(Act(id="yes", label="yes"), Act(id="not_this_time", label="not_this_time")),
            serves=candidate.invited_by,
            mentions=(candidate.member,),
            because=(
                because(
                    "appointing.appoint",
                    threshold="a human's yes",
                    actual="the member's yes",
                    evidence=(candidate.invited_by, said_by),
                ),
            ),
        )
    )


def declined(turn: Turn, event: AnyEvent) -> None:
    """The member's no: nobody asks again for a long time."""
    candidate = turn.get(Candidate, event.data.member)
    if candidate is not None and turn.get(Relay, event.data.member) is None:
        refuse(turn, candidate)


def refuse(turn: Turn, candidate: Candidate) -> None:
    """A candidate will not be of the circle."""
    for rule, to in ((INVITATION, to_member(candidate.member)), (APPOINT, to_manager(turn))):
        turn.recall(rule, candidate.member, to=to, why="declined")
    turn.put(
        replace(candidate, state="declined", touched_on=today(turn), nominations=(), said_by=None, expires_at=None)
    )


def human_answered(turn: Turn, member: str, event: AnyEvent) -> None:
    """A human's yes or no to somebody who is willing."""
    candidate = turn.get(Candidate, member)
    if candidate is None or candidate.state != "willing":
        return
    if event.data.answer == "yes":
        by = event.data.by or event.data.member
        appoint(turn, member, by=by, evidence=(candidate.invited_by, candidate.said_by, event.id))
    elif event.data.answer == "not_this_time":
        refuse(turn, candidate)


def tend(turn: Turn) -> None:
    """Daily: invitations that ran out are silence, which is no; who waits for a seat is considered again."""
    for candidate in turn.find(CANDIDATES):
        if candidate.state == "invited":
            expires_at = None if candidate.founding else candidate.expires_at
            if expires_at is not None and expires_at <= turn.now:
                refuse(turn, candidate)
        elif candidate.state == "proposed":
            _wait(turn, candidate)
        elif candidate.state == "declined" and _is_forgotten(turn, candidate):
            turn.drop(Candidate, candidate.member)


def _is_forgotten(turn: Turn, candidate: Candidate) -> bool:
    """Whether a no is so long ago that it is none any more."""
    stale = (today(turn) - candidate.touched_on).days >= turn.playbook.recognition.nomination_days
    return stale and not candidate.nominations and not candidate.founding


def _wait(turn: Turn, candidate: Candidate) -> None:
    """Somebody who is proposed, on another day."""
    if candidate.founding:
        founding.invite(turn, candidate)
    elif standing_nominations(turn, candidate):
        consider(turn, candidate)
    else:
        turn.drop(Candidate, candidate.member)
