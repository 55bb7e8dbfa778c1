"""What a synthesis has in it: gathered for the draft, looked through again before it goes out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.community import is_restricted
from contracts.people import is_bot, is_staff, may_be_named, may_be_thanked_in_public
from contracts.turn import Turn
from digest.rules.bank import Bank, drawn
from digest.rules.retiring import floor_of
from digest.rules.showing import is_waiting, may_be_shown
from digest.rules.speech import climate_of, crisis
from digest.rules.times import DAY, today
from digest.state import Candidate, Thread
from digest.state_sets import (
    ARRIVALS,
    FEEDBACK_ANSWERED,
    MEETUPS,
    OPEN_QUESTIONS,
    PROMISES,
    THANKED,
    THREADS_OPENED,
)
from digest.state_told import Arrival, Feedback, Item, Meetup, Promise, Section, Thanked

WEEK = timedelta(days=7)
NEW_QUESTION = "new"
"""The shade of a question of the week that no member ever saw: it fills no synthesis by itself."""


def gathered(turn: Turn, *, bank: Bank) -> tuple[tuple[Section, ...], Candidate | None]:
    """The sections that have something in them, in the order of the text; and the new question of the week, if any."""
    drafted_at = climate_of(turn).drafted_at
    since = turn.now - WEEK if drafted_at is None else max(drafted_at, turn.now - 2 * WEEK)
    questions = _questions(turn)
    threads = _threads(turn, since, besides=tuple(item.id for item in questions))
    question, candidate = _question_of_the_week(turn, bank)
    kinds = (
        Section(kind="threads", items=threads),
        Section(kind="thanks", items=_thanks(turn)),
        Section(kind="newcomers", items=_newcomers(turn)),
        Section(kind="questions", items=questions),
        Section(kind="question_of_the_week", items=question),
        Section(kind="meetups", items=_meetups(turn)),
        Section(kind="outcomes", items=_outcomes(turn, since)),
    )
    return tuple(section for section in kinds if section.items), candidate


def weight_of(sections: tuple[Section, ...]) -> int:
    """How many kinds count: a question that we made up ourselves is no news."""
    return sum(any(item.kind != NEW_QUESTION for item in section.items) for section in sections)


def _threads(turn: Turn, since: datetime, *, besides: tuple[str, ...]) -> tuple[Item, ...]:
    """Threads of distinct authors: first the most diverse in people, then those with most posts; ties: the older.

    Those that stand among the open questions stand there only.
    """
    figures = turn.playbook.digest
    last = floor_of(turn).last
    ours = last.thread if last is not None and last.source != "question" else None
    new: list[Thread] = []
    day = today(turn)
    for ago in range((turn.now - since) // DAY + 2):
        for thread in turn.find(THREADS_OPENED, (day - ago * DAY).isoformat()):
            fresh = thread.opened_at is not None and thread.opened_at > since
            if fresh and thread.thread not in (ours, *besides) and not thread.history and may_be_shown(turn, thread):
                new.append(thread)
    chosen: list[Thread] = []
    by_people = sorted(new, key=lambda thread: (-thread.people_count, *_older(thread)))
    _pick(chosen, by_people, figures.synthesis_diverse_threads)
    by_posts = sorted(new, key=lambda thread: (-thread.posts, *_older(thread)))
    _pick(chosen, by_posts, figures.synthesis_threads)
    return tuple(_thread_item(thread, figure=thread.people_count) for thread in chosen)


def _older(thread: Thread) -> tuple[str, str]:
    return (thread.opened_at.isoformat() if thread.opened_at is not None else "", thread.thread)


def _pick(chosen: list[Thread], order: list[Thread], most: int) -> None:
    for thread in order:
        if len(chosen) >= most:
            return
        if all(thread.author != other.author for other in chosen):
            chosen.append(thread)


def _thread_item(thread: Thread, *, figure: int | None = None) -> Item:
    return Item(
        id=thread.thread,
        by=thread.opened_by or "",
        title=thread.heading,
        members=(thread.author,) if thread.author is not None else (),
        figure=figure,
        url=thread.url,
        at=thread.opened_at,
        thread=thread.thread,
    )


def _thanks(turn: Turn) -> tuple[Item, ...]:
    """Whom recognition thanks in public; where there is none, whom members thanked by kudos."""
    rows = [row for row in turn.find(THANKED) if may_be_thanked_in_public(turn.person(row.member))]
    told = [row for row in rows if row.round] or sorted(rows, key=lambda row: (-row.place, row.member))
    most = turn.playbook.recognition.thanks_most
    return tuple(_thanked_item(row) for row in told[:most])


def _thanked_item(row: Thanked) -> Item:
    return Item(
        id=row.member,
        by=row.by,
        members=(row.member,),
        kind=row.kind,
        title=row.title,
        at=row.at,
        thread=row.thread,
    )


def _newcomers(turn: Turn) -> tuple[Item, ...]:
    found = (_newcomer_item(row) for row in turn.find(ARRIVALS) if _may_be_presented(turn, row.member))
    return tuple(item for item, _ in zip(found, range(turn.playbook.digest.synthesis_newcomers_most), strict=False))


def _may_be_presented(turn: Turn, member: str) -> bool:
    """Only who agreed: no program, nobody of the house, nobody who left."""
    person = turn.person(member)
    if person is None or person.introduce is not True or is_bot(person) or not may_be_named(person):
        return False
    return not is_staff(person, member, turn.playbook)


def _newcomer_item(row: Arrival) -> Item:
    return Item(id=row.member, by=row.introduced or row.joined_by, members=(row.member,), at=row.joined_at)


def _questions(turn: Turn) -> tuple[Item, ...]:
    most = turn.playbook.digest.synthesis_questions_most
    items: list[Item] = []
    for thread in turn.find(OPEN_QUESTIONS):
        if len(items) >= most:
            break
        new = all(item.title != thread.heading for item in items)
        if new and is_waiting(turn, thread):
            items.append(_thread_item(thread))
    return tuple(items)


def _question_of_the_week(turn: Turn, bank: Bank) -> tuple[tuple[Item, ...], Candidate | None]:
    """The last prompt, while it is of this week or nobody answered it; else a new one, which the synthesis puts.

    One that a synthesis put stands in one only, once somebody answered it.
    """
    last = floor_of(turn).last
    fresh = last is not None and not last.carried and turn.now - last.at < WEEK
    if last is not None and last.text and (fresh or last.answers == 0):
        item = Item(id=last.prompt, by=last.decision, title=last.text, at=last.at, thread=last.thread)
        return (item,), None
    chosen = floor_of(turn).chosen
    candidate = chosen if chosen is not None and chosen.thread is None else drawn(turn, bank, ())
    if candidate is None or crisis(turn) is not None:
        return (), None
    by = candidate.evidence or ""
    return (Item(id=candidate.prompt, by=by, title=candidate.text, kind=NEW_QUESTION, at=turn.now),), candidate


def _meetups(turn: Turn) -> tuple[Item, ...]:
    ahead = turn.now + timedelta(days=turn.playbook.digest.synthesis_meetup_days)
    items = []
    for meetup in turn.find(MEETUPS):
        if meetup.channel is not None and is_restricted(turn.place(meetup.channel)):
            continue
        if meetup.held_by is not None and meetup.at is not None and turn.now - meetup.at < WEEK:
            items.append(_meetup_item(meetup, "held"))
        elif meetup.held_by is None and meetup.at is not None and turn.now < meetup.at <= ahead:
            items.append(_meetup_item(meetup, "planned"))
    return tuple(items)


def _meetup_item(meetup: Meetup, kind: str) -> Item:
    return Item(
        id=meetup.meetup,
        by=meetup.held_by or meetup.planned_by,
        title=meetup.title or None,
        members=(meetup.host,) if meetup.host is not None else (),
        figure=meetup.attended_count if kind == "held" and meetup.attended_count else None,
        kind=kind,
        at=meetup.at,
    )


def _outcomes(turn: Turn, since: datetime) -> tuple[Item, ...]:
    """What came of feedback and promises since the last time."""
    items = [_feedback_item(row) for row in turn.find(FEEDBACK_ANSWERED) if row.quotable and row.title]
    for promise in turn.find(PROMISES):
        kind = state_of(turn, promise)
        if kind and promise.told != kind and (promise.kept_at or promise.due) > since - WEEK:
            by = promise.kept_by if kind == "kept" else promise.late_by
            items.append(
                Item(id=promise.promise, by=by or promise.made_by, title=promise.what, kind=kind, at=promise.due)
            )
    return tuple(items)


def state_of(turn: Turn, promise: Promise) -> str:
    """`kept`, `late`, or nothing yet."""
    if promise.kept_at is not None:
        return "kept"
    return "late" if promise.due < turn.now else ""


def _feedback_item(row: Feedback) -> Item:
    return Item(
        id=row.feedback,
        by=row.answered_by or row.submitted_by,
        title=row.title,
        kind=row.outcome or "",
        why=row.why or None,
        at=row.answered_at,
    )


def still(turn: Turn, sections: tuple[Section, ...]) -> tuple[tuple[Section, ...], bool]:
    """The sections without what may no longer be said; and whether something had to go that must not be read at all."""
    kept, lost = [], False
    for section in sections:
        items = tuple(item for item in section.items if _stands(turn, section.kind, item))
        lost = lost or any(
            section.kind in {"threads", "thanks", "newcomers"} or _may_never(turn, item)
            for item in section.items
            if item not in items
        )
        if items:
            kept.append(replace(section, items=items))
    return tuple(kept), lost


def _stands(turn: Turn, kind: str, item: Item) -> bool:
    """Whether one entry may still be said."""
    thread = turn.get(Thread, item.id) if kind in {"threads", "questions"} else None
    match kind:
        case "threads":
            stands = may_be_shown(turn, thread)
        case "questions":
            stands = is_waiting(turn, thread)
        case "thanks":
            stands = may_be_thanked_in_public(turn.person(item.id))
        case "newcomers":
            stands = _may_be_presented(turn, item.id)
        case "question_of_the_week":
            stands = item.kind != NEW_QUESTION or crisis(turn) is None
        case "meetups":
            over = item.kind == "planned" and item.at is not None and item.at < turn.now
            stands = not over and turn.get(Meetup, item.id) is not None
        case _:
            stands = True
    return stands


def _may_never(turn: Turn, item: Item) -> bool:
    """An open question that is gone, unlike one that was answered meanwhile, must not be read in anybody's words."""
    return item.thread is not None and not may_be_shown(turn, turn.get(Thread, item.thread))


def without(found: tuple[Section, ...], kind: str, item: str) -> tuple[Section, ...]:
    """The sections without one entry of a kind."""
    kept = []
    for section in found:
        items = tuple(one for one in section.items if section.kind != kind or one.id != item)
        if items:
            kept.append(replace(section, items=items))
    return tuple(kept)


def names_in(sections: tuple[Section, ...]) -> Iterator[str]:
    """Everybody whom the sections name, each once, in their order."""
    return iter(dict.fromkeys(member for section in sections for item in section.items for member in item.members))
