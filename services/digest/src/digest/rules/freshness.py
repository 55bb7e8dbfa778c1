"""Freshness: a place quieter than its own rhythm is said to the manager, with a question; then it is put to members."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from msgspec.structs import replace

from contracts.decisions import ContentMissing
from contracts.envelope import AnyEvent, Because
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from digest.rules import prompts
from digest.rules.bank import Bank, named
from digest.rules.prompts import DEADLINE, MISSING
from digest.rules.retiring import floor_of
from digest.rules.rhythm import Rhythm, evidence, moment_of, rhythm_of, threads_between
from digest.rules.speech import because_range, climate_of, crisis, manager_of, signed_by
from digest.rules.times import DAY, today, waking
from digest.state import Candidate, Floor, Offer

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A day, or week, with less than usual."""

    rhythm: Rhythm
    threads: int
    needed: Fraction


def prepare(turn: Turn) -> None:
    """In the morning: at which hour of the day it will be judged whether something is missing, if at all."""
    if turn.backfill or turn.playbook.calendar.is_holiday(today(turn)):
        return
    day = today(turn)
    rhythm = rhythm_of(turn, day)
    if turn.silent() or _missing(turn, rhythm, day) is None:
        turn.disarm(MISSING, "")
    else:
        turn.arm(MISSING, "", moment_of(turn, day, rhythm.hour))


def _missing(turn: Turn, rhythm: Rhythm, day: date) -> Quiet | None:
    """What is missing on a day as far as it goes; None when nothing is, or enough was said of it already."""
    figures = turn.playbook.digest
    if rhythm.daily:
        threads = threads_between(turn, day, day)
        return Quiet(rhythm=rhythm, threads=threads, needed=Fraction(1)) if rhythm.usual and not threads else None
    young = turn.now - turn.community.opened_at < WEEK
    if young or not figures.prompts_per_week or not climate_of(turn).spoken:
        return None
    said = tuple(moment for moment in floor_of(turn).said if turn.now - moment < WEEK)
    if len(said) >= figures.prompts_per_week or (said and turn.now - said[-1] < WEEK / figures.prompts_per_week):
        return None
    threads = threads_between(turn, day - 6 * DAY, day)
    needed = Fraction(str(figures.rhythm_share)) * rhythm.usual
    return Quiet(rhythm=rhythm, threads=threads, needed=needed) if threads < needed else None


def _held(turn: Turn) -> bool:
    """Whether nothing is prompted now, however quiet it is."""
    closed = turn.playbook.calendar.is_holiday(today(turn))
    return turn.backfill or closed or crisis(turn) is not None or turn.silent()


def fire(turn: Turn, _key: str, due: datetime, *, bank: Bank) -> None:
    """The hour has come: when there is still nothing, the manager is told."""
    # The hour may be midnight: it is the day before that is judged.
    day = (due - timedelta(minutes=1)).astimezone(turn.playbook.zone).date()
    if _held(turn):
        return
    quiet = _missing(turn, rhythm_of(turn, day), day)
    floor = floor_of(turn)
    if quiet is None or floor.offer is not None:
        return
    if prompts.awaiting(floor) and floor.chosen is None:
        # A second question while nobody has answered the first would make ours the main voice.
        if not any(turn.now - moment < WEEK for moment in floor.said):
            _say(turn, quiet, day, None, ())
        return
    _say(turn, quiet, day, prompts.chosen(turn, bank), ())


def _say(turn: Turn, quiet: Quiet, day: date, candidate: Candidate | None, passed: tuple[str, ...]) -> None:
    """Tell the manager, with a prompt that goes out by itself some hours later."""
    figures = turn.playbook.digest
    waits = timedelta(hours=figures.prompt_wait_hours)
    publishes_at = waking(turn.playbook, turn.now + waits) if candidate is not None else None
    reasons = _reasons(turn, quiet, candidate)
    missing = turn.decide(
        ContentMissing(
            community=turn.slug,
            playbook=turn.version,
            because=reasons,
            day=day,
            rhythm="daily" if quiet.rhythm.daily else "weekly",
            usual_threads=_decimal(quiet.rhythm.usual),
            threads=quiet.threads,
            prompt=candidate.prompt if candidate is not None else None,
            publishes_at=publishes_at,
        ),
        rule=MISSING,
    )
    key = turn.now.isoformat()
    floor = floor_of(turn)
    said = (*(moment for moment in floor.said if turn.now - moment < WEEK), turn.now)
    offer = Offer(candidate=candidate, missing=missing, day=day, publishes_at=publishes_at, key=key, passed=passed)
    turn.put(replace(floor, offer=offer if candidate is not None else None, said=said if not passed else floor.said))
    if publishes_at is not None:
        turn.arm(DEADLINE, "", publishes_at)
    _tell(turn, quiet, offer, reasons)


def _tell(turn: Turn, quiet: Quiet, offer: Offer, reasons: tuple[Because, ...]) -> None:
    candidate = offer.candidate
    taps = tuple(Act(id=tap, label=tap) for tap in ("publish_now", "another", "not_today"))
    turn.request(
        Message(
            key=offer.key,
            rule=MISSING,
            kind=MISSING,
            template="content_missing",
            to=manager_of(turn),
            purse="none",
            lifetime=timedelta(hours=24),
            values={
                "daily": quiet.rhythm.daily,
                "threads": quiet.threads,
                "source": candidate.source if candidate is not None else None,
                "text": candidate.text if candidate is not None else None,
                "url": candidate.url if candidate is not None else None,
                "publishes_at": offer.publishes_at.isoformat() if offer.publishes_at is not None else None,
                "signed_by": signed_by(turn),
            },
            actions=taps if candidate is not None else (),
            serves=offer.missing,
            because=reasons,
        )
    )


def _reasons(turn: Turn, quiet: Quiet, candidate: Candidate | None) -> tuple[Because, ...]:
    first, last, count = evidence(quiet.rhythm.days)
    rhythm = because_range(
        "freshness.rhythm",
        threshold=_decimal(quiet.rhythm.usual),
        actual=quiet.threads,
        first=first or climate_of(turn).heard_by,
        last=last or climate_of(turn).heard_by,
        count=max(count, 1),
    )
    if candidate is None or candidate.evidence is None:
        return (rhythm,)
    source = because("freshness.prompt", threshold="news, then open questions, then the bank", actual=candidate.source)
    return (rhythm, source.model_copy(update={"evidence": (candidate.evidence,)}))


def _decimal(value: Fraction) -> str:
    """A median as text: it is whole or ends in a half."""
    return f"{value.numerator}" if value.denominator == 1 else f"{float(value):.1f}"


def out(turn: Turn, _key: str, _due: datetime) -> None:
    """Nobody said anything in time: the offered prompt goes out, if there is still a reason for it."""
    offer = floor_of(turn).offer
    if offer is None or offer.candidate is None:
        return
    if _held(turn) or not prompts.still_fits(turn, offer.candidate):
        prompts.drop_offer(turn, why="held")
        return
    publish(turn, offer, chosen_by=None, evidence=())


def publish(turn: Turn, offer: Offer, *, chosen_by: str | None, evidence: tuple[str, ...]) -> None:
    """The offered prompt goes out.

    Args:
        turn: the turn.
        offer: what was offered, with a candidate.
        chosen_by: the human who said so; None when nobody did.
        evidence: the facts by which they said it.
    """
    if offer.candidate is None:
        return
    turn.disarm(DEADLINE, "")
    candidate = offer.candidate if chosen_by is None else replace(offer.candidate, chosen_by=chosen_by)
    waited = f"{turn.playbook.digest.prompt_wait_hours} h for the manager"
    reason = because(
        "freshness.prompt",
        threshold=waited,
        actual="chosen" if chosen_by is not None else "nobody spoke",
        evidence=(offer.missing, *evidence, candidate.evidence),
    )
    prompts.publish(turn, candidate, (reason,))


def chose(turn: Turn, event: AnyEvent, *, bank: Bank) -> None:
    """The manager chose a prompt, or wrote one: it goes out now if one is wanted, else it is the next."""
    data = event.data
    known = named(turn, bank, data.prompt)
    text = data.value or (known.text if known is not None else None)
    offer = floor_of(turn).offer
    if text is None and offer is not None and offer.candidate is not None and offer.candidate.prompt == data.prompt:
        candidate = replace(offer.candidate, chosen_by=data.by)
    elif text is not None:
        source = "manager" if data.value else "bank"
        subject = known.subject if known is not None else ""
        candidate = Candidate(
            prompt=data.prompt,
            source=source,  # type: ignore[arg-type]
            text=text,
            subject=subject,
            chosen_by=data.by,
            evidence=event.id,
        )
    else:
        return
    floor = floor_of(turn)
    if offer is None or _held(turn):
        turn.put(replace(floor, chosen=candidate))
        return
    publish(turn, replace(offer, candidate=candidate), chosen_by=data.by, evidence=(event.id,))
    _settled(turn, offer)


def _settled(turn: Turn, offer: Offer) -> None:
    turn.recall(MISSING, offer.key, to=manager_of(turn), why="done")


def answered(turn: Turn, event: AnyEvent, *, bank: Bank) -> None:
    """The manager tapped under the message: now, another one, or not today."""
    asked = turn.asked(event.data.request)
    offer = floor_of(turn).offer
    if asked is None or asked.rule != MISSING or offer is None or asked.key != offer.key or offer.candidate is None:
        return
    match event.data.answer:
        case "publish_now":
            if not _held(turn) and prompts.still_fits(turn, offer.candidate):
                publish(turn, offer, chosen_by=event.data.by or event.data.member, evidence=(event.id,))
        case "not_today":
            prompts.drop_offer(turn, why="declined")
        case "another":
            _another(turn, offer, bank)
        case _:
            pass


def _another(turn: Turn, offer: Offer, bank: Bank) -> None:
    if offer.candidate is None:
        return
    passed = (*offer.passed, offer.candidate.prompt)
    floor = floor_of(turn)
    prompts.drop_offer(turn, why="replaced")
    turn.put(replace(floor_of(turn), chosen=None if floor.chosen == offer.candidate else floor.chosen))
    rhythm = rhythm_of(turn, offer.day)
    first = offer.day if rhythm.daily else offer.day - 6 * DAY
    quiet = Quiet(rhythm=rhythm, threads=threads_between(turn, first, offer.day), needed=Fraction(1))
    _say(turn, quiet, offer.day, prompts.chosen(turn, bank, passed), passed)


def crisis_came(turn: Turn, _event: AnyEvent) -> None:
    """People speak in a crisis, not prompts."""
    prompts.drop_offer(turn, why="crisis")


def forget(floor: Floor, member: str) -> Floor:
    """The floor without somebody who is forgotten."""
    chosen = floor.chosen
    if chosen is not None and chosen.chosen_by == member:
        chosen = None
    offer = floor.offer
    if offer is not None and offer.candidate is not None and offer.candidate.chosen_by == member:
        offer = replace(offer, candidate=replace(offer.candidate, chosen_by=None))
    return floor if (chosen, offer) == (floor.chosen, floor.offer) else replace(floor, chosen=chosen, offer=offer)
