"""Relays: rest and return, farewell with thanks; what the strata would take, a human and the person decide."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import RelayRested, RelayRetired
from contracts.envelope import AnyEvent
from contracts.people import is_paused, may_be_asked
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from recognition.rules import appointing, perks, strata, stratum_falls
from recognition.rules.clocks import DAY, today
from recognition.rules.counting import counts, standing_of
from recognition.rules.requirements import HOLDING_UP, keeps
from recognition.rules.speech import book_of, name_of, say, to_manager, to_member
from recognition.state import Standing
from recognition.state_book import Said
from recognition.state_circle import CIRCLE, Candidate, Relay

REST, REVIEW, RESTED, FAREWELL = "relay_rest", "relay_review", "relay_rested", "relay_farewell"
ANSWER_DAYS = 14


def configured(turn: Turn, event: AnyEvent) -> None:
    """A new playbook: relays it names are of the circle, founding ones are asked, who is named no more is thanked."""
    turn.put(replace(book_of(turn), configured_by=event.id, perks_free=True))
    people = turn.playbook.people
    for member in people.relays:
        known = turn.get(Relay, member)
        if known is None:
            appointing.appoint(turn, member, by=people.manager or "playbook", evidence=(event.id,), named=True)
    for relay in turn.find(CIRCLE):
        if relay.origin == "playbook" and relay.member not in people.relays:
            retire(turn, relay, "human", by=people.manager or "playbook", evidence=event.id)
    for member in people.founding_relays:
        if turn.get(Relay, member) is None and turn.get(Candidate, member) is None:
            turn.put(Candidate(member=member, state="proposed", touched_on=today(turn), founding=True))


def review(turn: Turn, standing: Standing) -> Standing:
    """Daily: a relay whose figures are not kept is asked, after the days of grace, whether they want a rest.

    Nobody falls out of the circle by figures: without an answer a human is asked. Answers the standing.
    """
    relay = turn.get(Relay, standing.member)
    if relay is None or not _is_reviewed(turn, relay):
        return standing
    grace = standing.grace_from
    if keeps(HOLDING_UP, strata.known_of(turn, standing)):
        grace = None
        if not relay.carried:
            turn.put(replace(relay, carried=True))
    elif relay.carried:  # else nothing was carried yet that could be missed
        grace = grace or today(turn)
    if grace != standing.grace_from:
        standing = replace(standing, grace_from=grace)
        turn.put(standing)
    if grace is not None and stratum_falls.falls_on(turn, standing) <= today(turn) and not _stands_still(turn):
        _ask(turn, relay)
    return standing


def _is_reviewed(turn: Turn, relay: Relay) -> bool:
    """Not somebody at rest, nor a founding relay in the months without a stratum."""
    if relay.resting or (relay.until is not None and turn.now < relay.until):
        return False
    return not is_paused(turn.person(relay.member), turn.now) and counts(turn, relay.member)


def _stands_still(turn: Turn) -> bool:
    return turn.silent() or turn.playbook.calendar.is_quiet(today(turn))


def _ask(turn: Turn, relay: Relay) -> None:
    """Ask the person; and a human, when the person says nothing."""
    rest = turn.playbook.recognition.rest_ask_days
    asked = relay.asked_rest_on
    if asked is None or (today(turn) - asked).days >= rest:
        if may_be_asked(turn.person(relay.member), turn.now):
            turn.put(replace(relay, asked_rest_on=today(turn), asked_human_on=None))
            _request(turn, relay, REST, "rest_offer", ("rest", "keep", "farewell"))
    elif relay.asked_human_on is None and (today(turn) - asked).days >= ANSWER_DAYS:
        turn.put(replace(relay, asked_human_on=today(turn)))
        _request(turn, relay, REVIEW, "relay_review", ("rest", "keep", "farewell"), human=True)


def _request(
    turn: Turn, relay: Relay, rule: str, template: str, answers: tuple[str, ...], *, human: bool = False
) -> None:
    turn.request(
        Message(
            key=relay.member,
            rule=rule,
            kind="circle",
            template=template,
            to=to_manager(turn) if human else to_member(relay.member),
            purse="none" if human else "attention",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={
                "name": name_of(turn, relay.member),
                "days": (turn.now - relay.since).days,
                "founding": relay.origin == "founding",
            },
            actions=tuple(Act(id=answer, label=answer) for answer in answers),
            serves=relay.appointed_by,
            mentions=(relay.member,) if human else (),
            because=(
                because("circle.keeping", threshold="stratum 3", actual="not kept", evidence=(relay.appointed_by,)),
            ),
        )
    )


def answered(turn: Turn, rule: str, member: str, event: AnyEvent) -> None:
    """An answer to one of these questions: a rest, on as before, farewell, or back."""
    relay = turn.get(Relay, member)
    if relay is None:
        return
    human = rule == REVIEW
    who = event.data.by or event.data.member
    match event.data.answer:
        case "rest":
            rest(turn, relay, "human" if human else "rules", evidence=event.id)
        case "farewell":
            retire(turn, relay, "human" if human else "wish", by=who, evidence=event.id)
        case "keep":
            _kept(turn, relay)
        case "back" if relay.resting:
            back(turn, relay, "member", evidence=event.id)
        case _:
            pass


def _kept(turn: Turn, relay: Relay) -> None:
    """On as before: the question is not asked again for a time, and a founding relay's time is over for good."""
    origin: Literal["playbook", "founding", "appointed"] = "playbook" if relay.origin == "playbook" else "appointed"
    over = relay.until is not None and turn.now >= relay.until
    turn.put(
        replace(
            relay,
            origin=origin if over else relay.origin,
            until=None if over else relay.until,
            asked_rest_on=today(turn),
            asked_human_on=today(turn),
        )
    )


def rest(
    turn: Turn,
    relay: Relay,
    asked_by: Literal["member", "rules", "human"],
    *,
    evidence: str,
    until: datetime | None = None,
) -> None:
    """The place stays, nothing is asked."""
    if relay.resting:
        return
    decision = say(
        turn,
        RelayRested(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    "circle.rest",
                    threshold="the person's wish",
                    actual=asked_by,
                    evidence=(relay.appointed_by, evidence),
                ),
            ),
            member=relay.member,
            status="resting",
            asked_by=asked_by,
            until=until,
        ),
        rule=REST,
        key=relay.member,
        about=relay.member,
    )
    turn.put(replace(relay, resting=True, rest_until=until))
    if asked_by != "member":
        turn.request(
            Message(
                key=relay.member,
                rule=RESTED,
                kind="circle",
                template="rested",
                to=to_member(relay.member),
                purse="attention",
                lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
                values={"name": name_of(turn, relay.member)},
                actions=(Act(id="back", label="back"),),
                serves=decision,
                because=(because("circle.rest", threshold="yes", actual="yes", evidence=(decision,)),),
            )
        )


def back(turn: Turn, relay: Relay, asked_by: Literal["member", "rules", "human"], *, evidence: str | None) -> None:
    """The rest is over."""
    say(
        turn,
        RelayRested(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    "circle.back", threshold="a word suffices", actual=asked_by, evidence=(relay.appointed_by, evidence)
                ),
            ),
            member=relay.member,
            status="back",
            asked_by=asked_by,
        ),
        rule=REST,
        key=relay.member,
        about=relay.member,
    )
    turn.put(replace(relay, resting=False, rest_until=None, asked_rest_on=today(turn)))


def retire(
    turn: Turn, relay: Relay, reason: Literal["wish", "left", "human"], *, by: str, evidence: str | None
) -> None:
    """Farewell, with thanks: perks end, and the stratum is what the lists say."""
    days = max(0, (turn.now - relay.since).days)
    decision = say(
        turn,
        RelayRetired(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    f"circle.{reason}",
                    threshold="the person's wish, or a human's word",
                    actual=reason,
                    evidence=(relay.appointed_by, evidence),
                ),
            ),
            member=relay.member,
            by=by,
            reason=reason,
            served_days=days,
        ),
        rule="circle",
        key=relay.member,
        about=relay.member,
    )
    turn.drop(Relay, relay.member)
    turn.drop(Said, relay.appointed_by)
    perks.end_all(turn, relay.member, "left" if reason == "left" else "retired", evidence=decision)
    for rule, to in ((REST, to_member(relay.member)), (REVIEW, to_manager(turn)), (RESTED, to_member(relay.member))):
        turn.recall(rule, relay.member, to=to, why="farewell")
    standing = turn.get(Standing, relay.member)
    if standing is not None and standing.stratum > HOLDING_UP and not standing.locked:
        known = strata.known_of(turn, standing)
        level = next((level for level in (3, 2, 1) if keeps(level, known)), 0)
        strata.fix(turn, standing, level, by=decision, human=by, lock=False)
    if reason != "left":
        turn.request(
            Message(
                key=relay.member,
                rule=FAREWELL,
                kind="circle",
                template="farewell",
                to=to_member(relay.member),
                purse="attention",
                lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
                values={"name": name_of(turn, relay.member), "months": days // 30},
                serves=decision,
                because=(because(f"circle.{reason}", threshold="thanks", actual=days, evidence=(decision,)),),
            )
        )


def tend(turn: Turn) -> None:
    """Daily: rests that are over; founding relays whose time is."""
    for relay in turn.find(CIRCLE):
        person = turn.person(relay.member)
        if relay.resting and relay.rest_until is not None and relay.rest_until <= turn.now:
            back(turn, relay, "rules", evidence=None)
        elif relay.origin == "founding" and relay.until is not None and relay.until <= turn.now:
            _founding_over(turn, relay)
        elif person is not None and is_paused(person, turn.now) and not relay.resting:
            rest(turn, relay, "member", evidence=relay.appointed_by, until=person.paused_until)


def _founding_over(turn: Turn, relay: Relay) -> None:
    """The months without a stratum are over: who has it stays, for anybody else a human decides, once asked."""
    standing = standing_of(turn, relay.member)
    if keeps(HOLDING_UP, strata.known_of(turn, standing)):
        turn.put(replace(relay, origin="appointed", until=None))
    elif (
        relay.asked_human_on is None
        or today(turn) - relay.asked_human_on >= turn.playbook.recognition.rest_ask_days * DAY
    ):
        turn.put(replace(relay, asked_human_on=today(turn)))
        _request(turn, relay, REVIEW, "relay_review", ("keep", "farewell"), human=True)
