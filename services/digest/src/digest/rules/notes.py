"""What the manager's morning note will say: put down as it happens, settled when it has lost its point."""

from datetime import timedelta

from contracts.choice import stable_hash
from contracts.envelope import AnyEvent
from contracts.turn import Turn
from digest.rules.times import DAY, today
from digest.state_sets import NOTES, NOTES_ABOUT
from digest.state_told import Note

LASTING = "silent"
"""What is held back for as long as it lasts is said in every note."""


def put(
    turn: Turn,
    *,
    slot: str,
    kind: str,
    about: str,
    by: str,
    weight: int = 50,
    days: int = 7,
    member: str | None = None,
    title: str | None = None,
    count: int = 1,
    total: int = 0,
) -> None:
    """Put something down for the morning note; another of the same slot, kind and subject replaces it.

    Args:
        turn: the turn.
        slot: `waiting`, `held` or `good`.
        kind: which line of the template `line` says it.
        about: what it is about: `settle` of the same takes it back.
        by: the id of the event that shows it.
        weight: lower is said first.
        days: so long it has a point.
        member: whom the line names; somebody who is forgotten is not.
        title: words that may be quoted.
        count: how many.
        total: of how many.
    """
    if turn.backfill:
        return
    turn.put(
        Note(
            note=f"{slot}/{kind}/{about}",
            slot=slot,  # type: ignore[arg-type]
            kind=kind,
            about=about,
            by=by,
            since=turn.now,
            ends_on=today(turn) + timedelta(days=days),
            weight=weight,
            member=member,
            title=title,
            count=count,
            total=total,
            at=turn.now,
        )
    )


def about_relay(member: str) -> str:
    """What a note on somebody's place in the circle is about; it tells nobody's id."""
    return f"relay/{stable_hash(member):016x}"


def waits(turn: Turn, event: AnyEvent, *, kind: str, about: str, weight: int, days: int = 14) -> None:
    """Something waits for a human."""
    if not event.backfill:
        put(turn, slot="waiting", kind=kind, about=about, by=event.id, weight=weight, days=days)


def settle(turn: Turn, about: str, *, slot: str | None = None) -> None:
    """Another word was said on something: it waits for nobody any more."""
    for note in turn.find(NOTES_ABOUT, about):
        if slot is None or note.slot == slot:
            turn.drop(Note, note.note)


def withheld(turn: Turn, event: AnyEvent) -> None:
    """Another service kept a message to itself: the note says how many, and why."""
    data = event.data
    name = f"held/withheld/{data.why}"
    known = turn.get(Note, name)
    put(
        turn,
        slot="held",
        kind="withheld",
        about=data.why,
        by=event.id,
        title=data.why,
        weight=60,
        days=2,
        count=1 if known is None or known.told else known.count + 1,
    )


def crisis_proposed(turn: Turn, event: AnyEvent) -> None:
    """A human opens a crisis or dismisses it."""
    waits(turn, event, kind="crisis", about=event.data.crisis, weight=5, days=3)


def crisis_judged(turn: Turn, event: AnyEvent) -> None:
    """A human did."""
    settle(turn, event.data.crisis, slot="waiting")


def gaming_suspected(turn: Turn, event: AnyEvent) -> None:
    """Points are held until a human judges; nobody is named here."""
    waits(turn, event, kind="gaming", about=event.data.suspicion, weight=30)


def nominated(turn: Turn, event: AnyEvent) -> None:
    """Somebody is invited to the circle: beside theirs, it takes a human's yes."""
    if not event.backfill:
        put(
            turn,
            slot="waiting",
            kind="relay",
            about=about_relay(event.data.member),
            by=event.id,
            weight=35,
            days=14,
            member=event.data.member,
        )


def relay_settled(turn: Turn, event: AnyEvent) -> None:
    """They are of the circle, or will not be."""
    settle(turn, about_relay(event.data.member))


def task_passed(turn: Turn, event: AnyEvent) -> None:
    """A task that nobody is left for waits for the core team."""
    if event.data.next is None:
        waits(turn, event, kind="task", about=f"task/{event.data.task}", weight=45)


def task_settled(turn: Turn, event: AnyEvent) -> None:
    """Somebody took it, or it is done."""
    settle(turn, f"task/{event.data.task}")


def welcome_held(turn: Turn, event: AnyEvent) -> None:
    """Many came at once: welcomes wait until it is calm."""
    if not event.backfill:
        put(turn, slot="held", kind="welcome_held", about="raid", by=event.id, weight=20, days=2)


def milestone(turn: Turn, event: AnyEvent) -> None:
    """Somebody passed a milestone, and agrees that others know."""
    data = event.data
    if data.audience == "public" and not event.backfill:
        put(
            turn,
            slot="good",
            kind=f"milestone_{data.milestone}",
            about=f"milestone/{stable_hash(data.member):016x}",
            by=event.id,
            member=data.member,
            count=data.count,
            weight=20,
            days=5,
        )


def habit(turn: Turn, event: AnyEvent) -> None:
    """Somebody has made it a habit to be here: how many, not who."""
    known = turn.get(Note, "good/habit/habit")
    if not event.backfill:
        count = 1 if known is None or known.told else known.count + 1
        put(turn, slot="good", kind="habit", about="habit", by=event.id, count=count, weight=40, days=5)


def overruled(turn: Turn, event: AnyEvent) -> None:
    """A decision was undone: nothing waits because of it."""
    for slot in ("waiting", "held", "good"):
        for note in turn.find(NOTES, slot):
            if note.by == event.data.decision:
                turn.drop(Note, note.note)


def sweep(turn: Turn) -> None:
    """Forget what has no more point."""
    day = today(turn)
    for slot in ("waiting", "held", "good"):
        for note in turn.find(NOTES, slot):
            if note.ends_on <= day or (note.told and note.kind != LASTING and note.since < turn.now - DAY):
                turn.drop(Note, note.note)
