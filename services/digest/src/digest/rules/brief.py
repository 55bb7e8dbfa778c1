"""The morning note: one message to the manager, a dozen lines at most, with taps for what waits and what goes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.decisions import BriefSent
from contracts.decisions.digest import BriefLine
from contracts.envelope import AnyEvent
from contracts.facts import FeedbackAnswered, PromiseKept
from contracts.naming import name_of
from contracts.people import may_be_named
from contracts.reasons import because
from contracts.turn import Act, Message, Turn, Value
from digest.rules import feedback, meetups, promotion, prompts, retiring, synthesis, voice
from digest.rules.notes import LASTING
from digest.rules.rhythm import day_row
from digest.rules.showing import heading_of
from digest.rules.speech import climate_of, crisis, manager_of
from digest.rules.times import DAY, today
from digest.state import Day
from digest.state_sets import MEETUPS, NOTES
from digest.state_told import Brief, Note, Promise, Synthesis

BRIEF = "brief"
MOST_GOING, MOST_HELD = 4, 3
OWN_LINES = 1
"""What is kept free for the good news."""
_ABOUT_THREADS = frozenset({"question"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line before it is put into words.

    Attributes:
        stop: the tap that stops what goes out, if there is one.
    """

    kind: str
    by: str | None = None
    title: str | None = None
    name: str | None = None
    count: int = 1
    total: int = 0
    at: datetime | None = None
    stop: str | None = None
    note: str | None = None
    about: str | None = None


def morning(turn: Turn, _due: datetime) -> None:
    """Every business day: what waited too long, what is missing, and then the note."""
    if turn.backfill:
        return
    feedback.morning(turn)
    meetups.morning(turn)
    promotion.morning(turn)
    voice.morning(turn)
    _send(turn)


def _send(turn: Turn) -> None:
    figures = turn.playbook.digest
    waiting = _waiting(turn)[: figures.brief_waiting_most]
    going = _going(turn)[:MOST_GOING]
    held = _held(turn)[:MOST_HELD]
    good = _good(turn)
    room = figures.brief_lines_most - len(waiting) - OWN_LINES
    going = going[: max(0, room)]
    held = held[: max(0, room - len(going))]
    said = {
        "waiting": [_words(turn, "waiting", line, number) for number, line in enumerate(waiting, 1)],
        "going": [_words(turn, "going", line) for line in going],
        "held": [_words(turn, "held", line) for line in held],
        "good": [_words(turn, "good", line) for line in ((good,) if good is not None else ())],
    }
    everything = (*waiting, *going, *held, *((good,) if good is not None else ()))
    evidence = (*(line.by for line in everything), climate_of(turn).heard_by)
    reason = because(BRIEF, threshold=f"{figures.brief_lines_most} lines", actual=len(everything), evidence=evidence)
    day = today(turn)
    decision = turn.decide(
        BriefSent(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            day=day,
            waiting=_lines(waiting, said["waiting"]),
            going_out=_lines(going, said["going"]),
            held_back=_lines(held, said["held"]),
            good_news=next(iter(_lines((good,), said["good"])), None) if good is not None else None,
        ),
        rule=BRIEF,
    )
    turn.put(Brief(day=day.isoformat(), decision=decision, waiting=tuple(line.note for line in waiting if line.note)))
    _told(turn, (*held, *((good,) if good is not None else ())))
    turn.request(
        Message(
            key=day.isoformat(),
            rule=BRIEF,
            kind=BRIEF,
            template=BRIEF,
            to=manager_of(turn),
            purse="none",
            lifetime=timedelta(days=1),
            values={**said, "lines": [text for texts in said.values() for text in texts], "quiet": not everything},
            actions=(*_taps(turn, waiting), *_stops(going)),
            serves=decision,
            mentions=tuple(dict.fromkeys(_named(turn, everything))),
            because=(reason,),
        )
    )


def _lines(lines: Iterable[Line], texts: Iterable[str]) -> tuple[BriefLine, ...]:
    return tuple(
        BriefLine(kind=line.kind, text=text, decision=line.by) for line, text in zip(lines, texts, strict=False)
    )


def _words(turn: Turn, slot: str, line: Line, number: int = 0) -> str:
    """A line in the community's voice, by the template `line`."""
    values = {
        "slot": slot,
        "kind": line.kind,
        "title": line.title,
        "name": line.name,
        "count": line.count,
        "total": line.total,
        "at": line.at.isoformat() if line.at is not None else None,
        "number": number,
    }
    return turn.render("line", values).text.replace("\n", " ")


def _from_note(turn: Turn, note: Note) -> Line:
    """What a note says now: a thread is quoted only while it may be, a person named only while they are here."""
    title = heading_of(turn, note.about) if note.kind in _ABOUT_THREADS else note.title
    named = note.member is not None and may_be_named(turn.person(note.member))
    name = name_of(turn, note.member) if named and note.member is not None else None
    return Line(
        kind=note.kind,
        by=note.by,
        title=title,
        name=name,
        count=note.count,
        total=note.total,
        at=note.at,
        note=note.note,
        about=note.about,
    )


def _waiting(turn: Turn) -> list[Line]:
    return [_from_note(turn, note) for note in turn.find(NOTES, "waiting")]


def _going(turn: Turn) -> list[Line]:
    """What of ours goes out today unless somebody stops it, and what the other services have in their calendars."""
    day, zone = today(turn), turn.playbook.zone
    lines = []
    current = turn.get(Synthesis)
    if current is not None and not current.stopped and local_day(current.publishes_at, zone) == day:
        lines.append(Line(kind="synthesis", by=current.drafted, at=current.publishes_at, stop="stop_synthesis"))
    offer = retiring.floor_of(turn).offer
    if offer is not None and offer.candidate is not None:
        lines.append(
            Line(
                kind="prompt",
                by=offer.missing,
                title=offer.candidate.text,
                at=offer.publishes_at,
                stop="stop_prompt",
            )
        )
    collecting = [row for row in turn.find(MEETUPS) if row.collected_on == day and row.held_by is None]
    if collecting:
        row = collecting[0]
        lines.append(
            Line(kind="meetup_questions", by=row.planned_by, title=row.title or row.meetup, stop="stop_questions")
        )
    return lines


def _held(turn: Turn) -> list[Line]:
    lines = []
    heard = climate_of(turn).heard_by
    if turn.community.muted:
        lines.append(Line(kind="muted", by=heard))
    if crisis(turn) is not None:
        lines.append(Line(kind="crisis", by=heard))
    lines += [_from_note(turn, note) for note in turn.find(NOTES, "held") if not note.told or note.kind == LASTING]
    return lines


def _good(turn: Turn) -> Line | None:
    """The best there is: what somebody put down, else what members did since the last business day."""
    for note in turn.find(NOTES, "good"):
        line = _from_note(turn, note)
        if not note.told and (note.member is None or line.name is not None):
            return line
    before = turn.playbook.calendar.business_day_before(today(turn))
    days = [day_row(turn, before + step * DAY) for step in range((today(turn) - before).days)]
    answered, threads = sum(day.answered for day in days), sum(day.threads for day in days)
    by = _newest(days)
    if answered:
        return Line(kind="answered", by=by, count=answered)
    return Line(kind="threads", by=by, count=threads) if threads else None


def _newest(days: Iterable[Day]) -> str | None:
    found = None
    for day in days:
        found = day.last_by or day.post_by or found
    return found


def _told(turn: Turn, lines: Iterable[Line]) -> None:
    for line in lines:
        note = turn.get(Note, line.note) if line.note is not None else None
        if note is not None:
            turn.put(replace(note, told=True, since=turn.now if note.slot != "waiting" else note.since))


def _named(turn: Turn, lines: Iterable[Line]) -> Iterable[str]:
    for line in lines:
        note = turn.get(Note, line.note) if line.note is not None else None
        if note is not None and note.member is not None and line.name is not None:
            yield note.member


def _taps(turn: Turn, waiting: list[Line]) -> tuple[Act, ...]:
    """For each thing that waits: the facts that settle it, where a platform can publish them, and: it is seen to."""
    return tuple(
        act
        for number, line in enumerate(waiting, 1)
        for act in (*_settling(turn, line, number), Act(id=f"seen_{number}", label=f"seen_{number}"))
    )


def _settling(turn: Turn, line: Line, number: int) -> tuple[Act, ...]:
    manager = turn.playbook.people.manager
    by: dict[str, Value] = {"by": manager} if manager is not None else {}
    kind, _, about = (line.about or "").partition("/")
    if line.kind == "feedback" and kind == "feedback":
        return tuple(
            Act(
                id=f"{outcome}_{number}",
                label=f"{outcome}_{number}",
                fact={"type": FeedbackAnswered.TYPE, "data": {"feedback": about, "outcome": outcome, "why": "", **by}},
            )
            for outcome in ("adopted", "later", "no")
        )
    promise = turn.get(Promise, about) if line.kind == "promise" and kind == "promise" else None
    if promise is None:
        return ()
    fact: dict[str, Value] = {"promise": promise.promise, "by": promise.by}
    return (Act(id=f"kept_{number}", label=f"kept_{number}", fact={"type": PromiseKept.TYPE, "data": fact}),)


def _stops(going: list[Line]) -> tuple[Act, ...]:
    return tuple(Act(id=line.stop, label=line.stop) for line in going if line.stop is not None)


def answered(turn: Turn, event: AnyEvent) -> None:
    """The manager tapped: something is seen to, or does not go out."""
    asked = turn.asked(event.data.request)
    if asked is None or asked.rule != BRIEF:
        return
    answer = event.data.answer
    match answer:
        case "stop_synthesis":
            synthesis.stop(turn)
        case "stop_prompt":
            prompts.drop_offer(turn, why="stopped")
        case "stop_questions":
            meetups.stop(turn)
        case _:
            _seen_to(turn, asked.key, answer)


def _seen_to(turn: Turn, day: str, answer: str) -> None:
    brief = turn.get(Brief)
    word, _, number = answer.partition("_")
    if brief is None or brief.day != day or word != "seen" or not number.isdigit():
        return
    if 1 <= int(number) <= len(brief.waiting):
        turn.drop(Note, brief.waiting[int(number) - 1])
