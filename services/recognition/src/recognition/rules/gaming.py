"""Pairs: two people who give each other most of what they get are looked at by a human, and until then it waits."""

from datetime import date, timedelta
from fractions import Fraction

from msgspec.structs import replace

from contracts.choice import stable_hash
from contracts.decisions import GamingSuspected, PointsHeld
from contracts.envelope import AnyEvent
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from recognition.rules.clocks import today
from recognition.rules.counting import actives, activity_of, counts
from recognition.rules.ledger import Earning, award, standing_lines, take_back
from recognition.rules.speech import name_of, say, to_manager
from recognition.state import LINES_GIVEN, Pair
from recognition.state_book import Held, Suspicion

GAMING = "gaming"
MOST_HELD = 200


def look(turn: Turn, pair: Pair) -> None:
    """After a gift: whether the two give each other too much of what they get."""
    figures = turn.playbook.recognition.fairness
    if pair.suspicion is not None or actives(turn) <= figures.pair_actives:
        return
    if pair.until is not None and today(turn) <= pair.until:
        return
    back = turn.get(Pair, pair.giver, pair.receiver)
    if back is None:
        return
    oldest = today(turn).toordinal() - figures.pair_days
    there, here = (sum(day.events for day in side.days if day.day > oldest) for side in (pair, back))
    if not there or not here or there + here < figures.pair_events:
        return
    shares = [
        Fraction(gave, max(gave, _received(turn, receiver, oldest)))
        for receiver, gave in ((pair.receiver, there), (back.receiver, here))
    ]
    if min(shares) >= Fraction(str(figures.pair_share)):
        _suspect(turn, pair, back, there + here, min(shares))


def _received(turn: Turn, member: str, oldest: int) -> int:
    return sum(day.received for day in activity_of(turn, member).days if day.day > oldest)


def _suspect(turn: Turn, pair: Pair, back: Pair, events: int, share: Fraction) -> None:
    figures = turn.playbook.recognition.fairness
    first, second = sorted((pair.receiver, pair.giver))
    name = f"pair-{stable_hash(first, second, today(turn).isoformat()):016x}"
    tenths = share.numerator * 1000 // share.denominator
    percent = f"{tenths // 10}.{tenths % 10}"
    why = because(
        "gaming.pair",
        threshold=f"{figures.pair_share:.0%} of what both get, over {figures.pair_events} events",
        actual=f"{percent} %, {events} events",
        evidence=(pair.first_by, back.first_by, pair.last_by, back.last_by),
    )
    decision = say(
        turn,
        GamingSuspected(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            suspicion=name,
            members=(first, second),
            pattern="pair",
            events=events,
            share_percent=percent,
        ),
        rule=GAMING,
        key=name,
        about=first,
        holds=True,
        name=name,
    )
    turn.put(Suspicion(suspicion=name, first=first, second=second, opened_on=today(turn), decision=decision))
    turn.put(replace(pair, suspicion=name))
    turn.put(replace(back, suspicion=name))
    turn.request(
        Message(
            key=name,
            rule=GAMING,
            kind=GAMING,
            template="gaming",
            to=to_manager(turn),
            purse="none",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={
                "first": name_of(turn, first),
                "second": name_of(turn, second),
                "events": events,
                "percent": percent,
                "days": figures.pair_days,
            },
            actions=(Act(id="fair", label="fair"), Act(id="gaming", label="gaming"), Act(id="later", label="later")),
            serves=decision,
            mentions=(first, second),
            because=(why,),
        )
    )


def hold(turn: Turn, suspicion: str, earning: Earning) -> None:
    """Points between two people under suspicion wait for the verdict."""
    row = turn.get(Suspicion, suspicion)
    if row is None:
        return
    turn.decide(
        PointsHeld(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    "gaming.held",
                    threshold="until a human has judged",
                    actual=earning.act,
                    evidence=(row.decision, earning.by),
                ),
            ),
            member=earning.member,
            act=earning.act,
            points_hundredths=earning.weighted,
            giver=earning.giver,
            suspicion=row.decision,
            post=earning.post,
        ),
        rule=GAMING,
        key=f"held/{earning.member}/{earning.by}/{earning.post}",
    )
    held = Held(
        member=earning.member,
        act=earning.act,
        hundredths=earning.weighted,
        full=earning.full,
        giver=earning.giver or "",
        day=earning.day,
        by=earning.by,
        post=earning.post,
        mark=earning.mark,
    )
    turn.put(replace(row, held=(*row.held, held)[-MOST_HELD:]))


def answered(turn: Turn, event: AnyEvent) -> None:
    """A human's verdict, as a tap."""
    asked = turn.asked(event.data.request)
    if asked is None or asked.rule != GAMING or event.data.answer not in {"fair", "gaming"}:
        return
    row = turn.get(Suspicion, asked.key)
    if row is not None:
        judged(turn, row, fair=event.data.answer == "fair", by=event.id)


def judged(turn: Turn, row: Suspicion, *, fair: bool, by: str) -> None:
    """What waited is awarded; or what the two gave each other is taken back, and counts for nothing for a time."""
    figures = turn.playbook.recognition.fairness
    until = date.fromordinal(today(turn).toordinal() + figures.pair_days)
    for receiver, giver in ((row.first, row.second), (row.second, row.first)):
        pair = turn.get(Pair, receiver, giver)
        if pair is not None:
            turn.put(
                replace(pair, suspicion=None, verdict="fair" if fair else "void", until=until, touched_on=today(turn))
            )
    if fair:
        for held in row.held:
            _release(turn, held)
    else:
        _void(turn, row, by)
    turn.drop(Suspicion, row.suspicion)
    turn.recall(GAMING, row.suspicion, to=to_manager(turn), why="judged")


def _release(turn: Turn, held: Held) -> None:
    if counts(turn, held.member):
        award(
            turn,
            Earning(
                *(held.member, held.act, held.full, held.hundredths, held.by, held.day, held.giver, held.post),
                mark=held.mark,
                limited=held.act != "accepted_answer",
            ),
        )


def _void(turn: Turn, row: Suspicion, by: str) -> None:
    oldest = today(turn).toordinal() - turn.playbook.recognition.fairness.pair_days
    for receiver, giver in ((row.first, row.second), (row.second, row.first)):
        given = tuple(line for line in turn.find(LINES_GIVEN, giver) if line.member == receiver)
        for line in standing_lines(given):
            if line.day.toordinal() > oldest:
                take_back(turn, line, "gaming", by=by)


def withdrawn(turn: Turn, suspicion: str, by: str, post: str | None) -> None:
    """What waited is gone: the reaction or post it was for was taken back."""
    row = turn.get(Suspicion, suspicion)
    if row is not None:
        held = tuple(one for one in row.held if not (one.giver == by and one.post == post))
        if held != row.held:
            turn.put(replace(row, held=held))
