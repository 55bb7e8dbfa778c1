"""What digest knows of what is written and prompted: one struct per table, rows bounded by the daily sweep."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

Nature = Literal["talk", "question", "complaint", "care"]
Source = Literal["news", "question", "bank", "manager"]


class Thread(Struct, frozen=True, kw_only=True):
    """A thread that was spoken in lately, or a question that nobody has answered.

    Attributes:
        ends_on: the sweep of that day (as `2026-03-02`) drops the row, unless it is an open question.
        opened_on, opened_at, opened_by: when its first post came, and that fact; None while only replies are known.
        author: who opened it, while anybody may know.
        heading: its title, else its first words; None when there is nothing that may be quoted.
        tags: skills as slugs.
        ours: started for the organisation, by somebody of the house or by a program: no member content.
        nature: what it is; a complaint or care thread is never quoted.
        posts: human posts in it; `people` the newest of who wrote them, `people_count` how many they were.
        answered_by: who gave the first real answer; a reply may come before its question.
        lost_answer: who gave the answer that was deleted since: should it come back, it is one again.
        open: a question without an answer.
        late: support says that it stayed so through every stage: it is shown until it is answered.
        shown: in how many syntheses it stood.
        history: known from an import.
        flagged, closed: under suspicion; taking no more answers, or deleted.
        gone: posts that were deleted: an edit or a copy of them brings nothing back.
    """

    thread: str
    ends_on: str
    opened_on: str | None = None
    opened_at: datetime | None = None
    opened_by: str | None = None
    author: str | None = None
    post: str | None = None
    channel: str | None = None
    heading: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    ours: bool = False
    nature: Nature = "talk"
    posts: int = 0
    people: tuple[str, ...] = ()
    people_count: int = 0
    last_at: datetime | None = None
    last_by: str | None = None
    answered_by: str | None = None
    lost_answer: str | None = None
    open: bool = False
    late: bool = False
    shown: int = 0
    history: bool = False
    flagged: bool = False
    closed: bool = False
    gone: tuple[str, ...] = ()


class Follow(Struct, frozen=True, kw_only=True):
    """A member follows a thread; it ends with the thread's row."""

    member: str
    thread: str


class Day(Struct, frozen=True, kw_only=True):
    """What was written on a local day; kept for as long as the place's rhythm and the share of promotion look back.

    Attributes:
        day: as `2026-03-02`.
        threads: started by members; `hours` in which hour of the day; `first_by`, `last_by` the first and last fact.
        posts: all of them; of these `promotional`, from the fact `promoted_first` to `promoted_last`.
        answered: questions that found an answer.
        post_by: the first post's fact.
    """

    day: str
    threads: int = 0
    hours: tuple[int, ...] = (0,) * 24
    first_by: str | None = None
    last_by: str | None = None
    posts: int = 0
    promotional: int = 0
    promoted_first: str | None = None
    promoted_last: str | None = None
    answered: int = 0
    post_by: str | None = None


class News(Struct, frozen=True, kw_only=True):
    """Something of interest that appeared elsewhere, not put forward yet."""

    news: str
    title: str
    url: str
    subject: str | None
    found_at: datetime
    found_by: str


class Use(Struct, frozen=True, kw_only=True):
    """A prompt that was used.

    Attributes:
        times_poor: how often it had too few answers.
        retired: it is not used again.
        lasting: one of a bank, remembered for ever once it is retired; others can come once only.
    """

    prompt: str
    used_at: datetime
    times_poor: int = 0
    retired: bool = False
    lasting: bool = True


class Candidate(Struct, frozen=True, kw_only=True):
    """A prompt that could be put forward: its words, and where they come from."""

    prompt: str
    source: Source
    text: str
    subject: str = ""
    url: str | None = None
    thread: str | None = None
    evidence: str | None = None
    chosen_by: str | None = None


class Offer(Struct, frozen=True, kw_only=True):
    """A prompt that the manager was shown, and that goes out unless something comes before it.

    Attributes:
        candidate: None when there is none to offer.
        missing: the id of `content.missing`; `keys` those of the messages about it.
        passed: prompts that the manager did not want this time.
    """

    candidate: Candidate | None
    missing: str
    day: date
    publishes_at: datetime | None
    key: str
    passed: tuple[str, ...] = ()


class Put(Struct, frozen=True, kw_only=True):
    """The last prompt that went out, and what came back.

    Attributes:
        decision: the id of `prompt.published`.
        heard: a platform said where it stands, as `post`; until then any word of a member in the place is an answer.
        muted: decided while nobody could see it: its answers are not judged.
        judged: its answers were counted for the last time.
        carried: the synthesis put it.
    """

    prompt: str
    source: Source
    text: str
    subject: str
    at: datetime
    decision: str
    channel: str
    key: str
    thread: str | None = None
    post: str | None = None
    heard: bool = False
    muted: bool = False
    answers: int = 0
    answered_by: str | None = None
    judged: bool = False
    carried: bool = False


class Floor(Struct, frozen=True, kw_only=True):
    """Who has the floor: what was offered, what the manager chose for next time, what was asked last.

    Attributes:
        said: the moments at which the place was said to be too quiet, of the last seven days.
    """

    offer: Offer | None = None
    chosen: Candidate | None = None
    last: Put | None = None
    said: tuple[datetime, ...] = ()


class Climate(Struct, frozen=True, kw_only=True):
    """What holds for everybody at the moment.

    Attributes:
        crises: those that are on.
        purposes: (purpose, channel) as platforms described them.
        heard_by: the fact of a recent post, or of the opening: what a note can name when there is nothing else.
        spoken: somebody ever wrote something.
        promotion_at: when too much promotion was last said.
        meetup_at: when it was last said that no meet-up is planned; `meetup` the last one that took place.
        month: the last month that was reported.
        drafted_at: when a synthesis was last drafted.
    """

    crises: tuple[str, ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()
    heard_by: str | None = None
    spoken: bool = False
    promotion_at: datetime | None = None
    meetup_at: datetime | None = None
    meetup: str | None = None
    month: str | None = None
    drafted_at: datetime | None = None
