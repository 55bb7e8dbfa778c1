"""What digest knows of what it tells: people, drafts, readers, feedback, promises, meet-ups, notes."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from digest.state import Candidate


class Arrival(Struct, frozen=True, kw_only=True):
    """Somebody who joined lately, for the synthesis; `introduced`: their introduction went out, by that decision."""

    member: str
    ends_on: date
    joined_at: datetime
    joined_by: str
    introduced: str | None = None


class Thanked(Struct, frozen=True, kw_only=True):
    """Somebody who is thanked in public.

    Attributes:
        by: the decision of recognition, or the newest kudos of a member.
        round: which `thanks.edited` names; empty for kudos.
        place: in which order; what for, as far as it may be quoted: `kind`, `title`, `thread`.
    """

    member: str
    ends_on: date
    at: datetime
    by: str
    round: str = ""
    place: int = 0
    kind: str = ""
    title: str | None = None
    thread: str | None = None


class Editor(Struct, frozen=True, kw_only=True):
    """Somebody who can edit the synthesis, by stratum; `asked_at`: when last asked."""

    member: str
    stratum: int
    told_by: str
    asked_at: datetime | None = None


class Item(Struct, frozen=True, kw_only=True):
    """One entry of a synthesis, with the event that shows it.

    Attributes:
        kind: a shade of its section: `kept`, `late`, `adopted`, `planned`, `held` …
        why: words of the organisation about it.
    """

    id: str
    by: str
    title: str | None = None
    members: tuple[str, ...] = ()
    figure: int | None = None
    kind: str = ""
    why: str | None = None
    url: str | None = None
    at: datetime | None = None
    thread: str | None = None


class Section(Struct, frozen=True, kw_only=True):
    """One kind of thing in a synthesis."""

    kind: Literal["threads", "thanks", "newcomers", "questions", "question_of_the_week", "meetups", "outcomes"]
    items: tuple[Item, ...]


class Synthesis(Struct, frozen=True, kw_only=True):
    """The synthesis that is being made.

    Attributes:
        drafted: the id of `synthesis.drafted`.
        editor: who is asked now, by the decision `asked_by`; `asked` everybody who was.
        accepted: the editor said yes.
        text, edited_by: the editor's own words, and who wrote them; `edited` is the fact.
        prompt: the question of the week, when it is a new one.
        stopped: a human said that it does not go out.
    """

    synthesis: str
    week: str
    publishes_at: datetime
    drafted: str
    sections: tuple[Section, ...]
    solved: int = 0
    editor: str | None = None
    asked: tuple[str, ...] = ()
    asked_by: str | None = None
    accepted: bool = False
    text: str | None = None
    edited_by: str | None = None
    edited: str | None = None
    prompt: Candidate | None = None
    stopped: bool = False


class Reader(Struct, frozen=True, kw_only=True):
    """Somebody who wants the personal digest: the last sign of life, by which fact, and the last digest."""

    member: str
    last_at: datetime
    last_by: str
    sent_at: datetime | None = None


class Feedback(Struct, frozen=True, kw_only=True):
    """A piece of feedback; it goes once its outcome was told.

    Attributes:
        submitted_by, answered_by: the facts.
        overdue: the id of `feedback.overdue`.
        quotable: its title is no complaint and no cry for care.
        told: its outcome stands in a draft.
    """

    feedback: str
    submitted_at: datetime
    submitted_by: str
    member: str | None = None
    title: str | None = None
    quotable: bool = True
    outcome: str | None = None
    why: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    overdue: str | None = None


class Promise(Struct, frozen=True, kw_only=True):
    """Something that was promised: `told` names what the synthesis said of it, `kept` or `late`."""

    promise: str
    by: str
    what: str
    due: datetime
    made_by: str
    kept_at: datetime | None = None
    kept_by: str | None = None
    late_by: str | None = None
    told: str = ""


class Meetup(Struct, frozen=True, kw_only=True):
    """A meet-up, planned or just over.

    Attributes:
        planned_by, held_by: the facts; `held_by` is None while it has not taken place.
        registered, attended: people, by id; a person who is forgotten goes, the counts stay.
        collected_on: the day on which questions for it were asked for.
        told: its show-up rate was said.
    """

    meetup: str
    ends_on: date
    title: str | None = None
    at: datetime | None = None
    channel: str | None = None
    host: str | None = None
    planned_by: str
    held_by: str | None = None
    registered: tuple[str, ...] = ()
    registered_count: int = 0
    attended: tuple[str, ...] = ()
    attended_count: int = 0
    came_count: int = 0
    collected_on: date | None = None
    told: bool = False


class Subject(Struct, frozen=True, kw_only=True):
    """How often a subject came up in a month, as a question, complaint or wish; the newest threads and facts of it."""

    subject: str
    month: str
    kind: Literal["questions", "complaints", "wishes"]
    count: int
    threads: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


class Note(Struct, frozen=True, kw_only=True):
    """Something for the manager's morning note, of any rule of this service.

    Attributes:
        slot: waits for a human, was held back, or is good news.
        kind: which line of the template says it.
        about: what it is about; another word on the same thing settles it.
        member: who it names, if anybody.
        title, count, total, at: what the line prints.
        by: the event that shows it.
        weight: lower comes first.
        ends_on: it has no more point from that day on.
        told: it stood in a note; good news and what was held back are said once.
    """

    note: str
    slot: Literal["waiting", "held", "good"]
    kind: str
    about: str
    by: str
    since: datetime
    ends_on: date
    weight: int = 50
    member: str | None = None
    title: str | None = None
    count: int = 1
    total: int = 0
    at: datetime | None = None
    told: bool = False


class Brief(Struct, frozen=True, kw_only=True):
    """The last morning note: which things it said wait, by number; and its id."""

    day: str
    decision: str
    waiting: tuple[str, ...] = ()


class Hush(Struct, frozen=True, kw_only=True):
    """A platform that was said to be silent."""

    source: str
    since: datetime
    decision: str
