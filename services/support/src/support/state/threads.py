"""Threads and the questions in them."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

Status = Literal["open", "answered", "solved", "dormant", "cancelled"]
Nature = Literal["question", "complaint", "care"]
Capacity = Literal["member", "relay", "staff"]


class Word(Struct, frozen=True, kw_only=True):
    """A human word in a thread.

    Attributes:
        member: who wrote it; None once that person was erased.
        by: the id of the fact; None once its author was erased.
        answers: long enough, or with a link, code, an image: it can be an answer by itself.
        responder: in what capacity the person wrote, at that time.
    """

    post: str
    member: str | None
    at: datetime
    by: str | None
    answers: bool
    responder: Capacity


class Ask(Struct, frozen=True, kw_only=True):
    """A helper who was asked and has not answered yet; `accepted`: said yes and is looking."""

    member: str
    attempt: int
    expires_at: datetime
    asked_by: str
    template: str
    accepted: bool = False


class Told(Struct, frozen=True, kw_only=True):
    """A request that loses its point with the question: how it is called back."""

    rule: str
    key: str
    kind: Literal["member", "channel", "role"]
    id: str


class Question(Struct, frozen=True, kw_only=True):
    """A thread that asks.

    Attributes:
        post, by: the post that asks, and the id of its fact.
        clock_from: where the clock of the first answer starts: the asking, or the reopening.
        skills: its tags as slugs; `terms`: its stemmed words, those of title and tags first; `strong`: how many.
        told_by: the platform, the score, a human.
        history: known from an import: it never makes a message.
        rung: the next rung of the ladder.
        opened_by: the id of `question.opened`.
        response, answer: the first human reply, the first answer.
        answers: answers that stand, oldest first, the first few; `more_answers`: how many came after those.
        last_reply: the last human reply of somebody else.
        last_answer_at, last_word_at: of anybody else, of anybody.
        waits_since: the asker's last word, while it waits for the next answer; `waits_by`: its fact.
        thanked_at: the asker's thanks.
        asks: helpers asked; `tried`: everybody asked so far; `attempts`: how often.
        told: requests to call back with the question.
        offered: solved threads that were suggested; `suggested`: the one look was taken.
        asked_solved: the asker was asked whether it helped.
        solved_by: the post that solved it, where one is named.
        over_at: when it was solved, became dormant or was cancelled.
    """

    post: str
    by: str
    member: str
    asked_at: datetime
    clock_from: datetime
    title: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    strong: int = 0
    told_by: Literal["platform", "score", "human"] = "platform"
    nature: Nature = "question"
    priority: Literal["urgent", "normal", "low"] = "normal"
    target: int = 60
    newcomer: bool = False
    history: bool = False
    status: Status = "open"
    rung: int = 0
    opened_by: str = ""
    response: Word | None = None
    answer: Word | None = None
    answers: tuple[Word, ...] = ()
    more_answers: int = 0
    last_reply: Word | None = None
    last_answer_at: datetime | None = None
    last_word_at: datetime
    waits_since: datetime | None = None
    waits_by: str | None = None
    thanked_at: datetime | None = None
    asks: tuple[Ask, ...] = ()
    tried: tuple[str, ...] = ()
    attempts: int = 0
    told: tuple[Told, ...] = ()
    offered: tuple[str, ...] = ()
    suggested: bool = False
    asked_solved: bool = False
    solved_by: str | None = None
    over_at: datetime | None = None


class Thread(Struct, frozen=True, kw_only=True):
    """A thread of the last weeks, or one whose question still matters.

    Attributes:
        until: the day of the round that forgets it; None while its question is unanswered.
        review: the day of the round that looks at its question.
        people: everybody the row names, sorted.
        opening: the post that opens it, as far as known; `author`: who wrote it, `opened_at`: when.
        opening_by: the id of its fact.
        gone: posts that were deleted: an edit, a copy or a late arrival of them changes nothing.
        words: human words that no question took in: the earliest ones, while it asks nothing, as a reply may come
            before its question; and those that came while the question was gone.
        taken: words that were deleted: should they come back, they count again.
        accepted: the post accepted as its answer; `resolved`: marked as solved.
        accepted_by: the fact that said either.
        troubled: words of distress or violence were found in it: humans only.
    """

    thread: str
    until: date | None
    review: date | None = None
    people: tuple[str, ...] = ()
    channel: str | None = None
    opening: str | None = None
    author: str | None = None
    opened_at: datetime | None = None
    opening_by: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    gone: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    taken: tuple[Word, ...] = ()
    accepted: str | None = None
    resolved: bool = False
    accepted_by: str | None = None
    troubled: bool = False
    question: Question | None = None


def people_of(thread: Thread) -> tuple[str, ...]:
    """Everybody whom a thread's row names, sorted."""
    named: set[str | None] = {thread.author, *(word.member for word in (*thread.words, *thread.taken))}
    question = thread.question
    if question is not None:
        named.add(question.member)
        named.update(word.member for word in question.answers)
        named.update(word.member for word in (question.response, question.answer, question.last_reply) if word)
        named.update(ask.member for ask in question.asks)
        named.update(question.tried)
        named.update(told.id for told in question.told if told.kind == "member")
    return tuple(sorted(name for name in named if name is not None))
