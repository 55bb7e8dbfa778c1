"""The figures of one set of facts, exact, by definitions that anybody can compute again.

They are the plainest notions there are: every post by anybody who is no bot counts, weeks are ISO weeks in UTC, and
nothing is known that is not in the set. What the running service measures is richer (office hours, human replies,
staff, restricted places, silence) and goes by other names: see `indicators`.

Definitions
    bot: an event whose `bot` is true, and everything of a member whose `member.joined` has `bot` true, is left out.
    post: a `post.created` of kind question, answer, message or comment.
    question: a post of kind question; where the set has none at all (`question_kind: message_root`), a post of kind
        message with no `reply_to` that is the first post of its thread.
    response to a question: a later post (strictly) in its thread by another member; an answer is one of kind answer.
    after n minutes: of the questions asked at least n minutes before the set ends, those without a response by then.
    median: over the questions that have a response.
    newcomers: by week of joining, from the day of the first post on; by week of the first post, without those who
        joined before that day.
    retention R: of members who joined from that day on and whose first post is at least 2 R days before the end, those
        with a post from R to 2 R days after their first.
    rounding: half up from exact values, seconds to 3 places, shares to 6.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from contracts.envelope import AnyEvent
from contracts.identity import EPOCH
from digest.measures import rounding

_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000
_DAY = 24 * 60 * _MINUTE
_EPOCH_DAY = EPOCH.date().toordinal()
_OTHER, _QUESTION, _ANSWER, _ROOT = range(4)
_COUNTED = frozenset({"question", "answer", "message", "comment"})
TOP = 20


class _Facts:
    """What is kept of a data set. `at`, `by`, `thread` and `kind` have one entry for each post."""

    __slots__ = ("accepted", "at", "bots", "by", "end", "joins", "kind", "members", "thread", "threads")

    def __init__(self) -> None:
        self.members: dict[str, int] = {}
        self.threads: dict[str, int] = {}
        self.at = array("q")
        self.by = array("l")
        self.thread = array("l")
        self.kind = bytearray()
        self.joins: list[tuple[str, int]] = []
        self.bots: set[str] = set()
        self.accepted: list[tuple[str | None, str]] = []
        self.end: int | None = None


class DataSet:
    """One set of facts, taken one by one in any order; a fact that comes twice counts once.

    Of a post it keeps its time, its kind and two small numbers: a million facts take some 150 MB.
    """

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._facts = _Facts()
        self.communities: dict[str, None] = {}

    def take(self, event: AnyEvent) -> None:
        """One fact."""
        identity = blake2b(f"{event.source} {event.id}".encode(), digest_size=8).digest()
        if identity in self._seen:
            return
        self._seen.add(identity)
        self.communities.setdefault(event.data.community)
        self.passed(event.time)
        data = event.data
        bot = getattr(data, "bot", None) is True
        match event.type:
            case "member.joined" if bot:
                self._facts.bots.add(data.member)
            case "member.joined":
                self._facts.joins.append((data.member, _micros(event.time)))
            case "post.created" if not bot and data.kind in _COUNTED:
                self._post(event)
            case "answer.accepted" if not _says_bot(data):
                self._facts.accepted.append((data.member, data.thread))
            case _:
                pass

    def passed(self, at: datetime) -> None:
        """The set reaches to that moment at least, whatever happened then."""
        time = _micros(at)
        if self._facts.end is None or time > self._facts.end:
            self._facts.end = time

    def _post(self, event: AnyEvent) -> None:
        data = event.data
        self._facts.at.append(_micros(event.time))
        self._facts.by.append(self._facts.members.setdefault(data.member, len(self._facts.members)))
        self._facts.thread.append(self._facts.threads.setdefault(data.thread, len(self._facts.threads)))
        if data.kind == "question":
            kind = _QUESTION
        elif data.kind == "answer":
            kind = _ANSWER
        else:
            kind = _ROOT if data.kind == "message" and data.reply_to is None else _OTHER
        self._facts.kind.append(kind)

    def figures(self) -> Mapping[str, Any]:
        """All figures, as plain JSON. What there is nothing to compute from is null."""
        return _Figures(self._facts).document()


def _says_bot(data: Any) -> bool:
    extra = data.__pydantic_extra__ or {}
    return extra.get("bot") is True


def _micros(at: datetime) -> int:
    return (at - EPOCH) // _MICROSECOND


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def _written(micros: int) -> str:
    at = _moment(micros).astimezone(UTC).replace(tzinfo=None)
    return at.isoformat(timespec="milliseconds" if micros % 1000 == 0 else "microseconds") + "Z"


def _week_of(micros: int) -> int:
    """The ISO week a moment is in, counted from the year 1."""
    return (_EPOCH_DAY + micros // _DAY - 1) // 7


def _week_name(week: int) -> str:
    year, number, _ = date.fromordinal(week * 7 + 1).isocalendar()
    return f"{year:04}-W{number:02}"


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


class _Line:
    """The posts of one kind in one thread, in order: who is the first other person after a moment."""

    __slots__ = ("_at", "_by", "_other")

    def __init__(self, at: Sequence[int], by: Sequence[int]) -> None:
        self._at = at
        self._by = by
        # For each post, the place of the next one by another member: found from the end in one pass.
        self._other = [len(by)] * len(by)
        for place in range(len(by) - 2, -1, -1):
            self._other[place] = place + 1 if by[place + 1] != by[place] else self._other[place + 1]

    def first_other(self, after: int, member: int) -> int | None:
        """When somebody else first posted strictly after a moment."""
        place = bisect_right(self._at, after)
        if place < len(self._at) and self._by[place] == member:
            place = self._other[place]
        return self._at[place] if place < len(self._at) else None


class _Figures:
    """The figures of a data set as it stands now."""

    def __init__(self, taken: _Facts) -> None:
        bots = {taken.members[member] for member in sorted(taken.bots & taken.members.keys())}
        self._end = taken.end
        self._at, self._by, self._in, self._kind = taken.at, taken.by, taken.thread, taken.kind
        order = sorted(range(len(self._at)), key=self._at.__getitem__)
        self._order = [post for post in order if self._by[post] not in bots]
        self._names = list(taken.members)
        self._joins = [(member, at) for member, at in taken.joins if member not in taken.bots]
        self._accepted = [thread for member, thread in taken.accepted if member not in taken.bots]
        self._joined: dict[str, int] = {}
        for member, at in self._joins:
            self._joined[member] = min(at, self._joined.get(member, at))
        self._start = self._at[self._order[0]] // _DAY * _DAY if self._order else None
        self._weeks = [_week_of(self._at[post]) for post in self._order]
        self._first: dict[int, int] = {}
        for post in self._order:
            self._first.setdefault(self._by[post], self._at[post])

    def document(self) -> Mapping[str, Any]:
        asks = any(self._kind[post] == _QUESTION for post in self._order)
        threads: dict[int, list[int]] = {}
        for post in self._order:
            threads.setdefault(self._in[post], []).append(post)
        questions, responses, answers = self._questions(threads, asks=asks)
        document: dict[str, Any] = {
            "question_kind": "question" if asks else "message_root",
            "window_start": None if self._start is None else _written(self._start)[: -len(".000Z")] + "Z",
            "data_end": None if self._end is None else _written(self._end),
            "members_joined": len(self._joined),
            "posts": len(self._order),
            "posting_members": len(self._first),
            "threads": len(threads),
            "questions": len(questions),
            "first_response": self._first_words(questions, responses, "response"),
            "first_answer": self._first_words(questions, answers, "answer"),
            "weekly_active_members": dict(self._weekly_active()),
            "newcomers_joined_per_week": dict(self._joined_per_week()),
            "newcomers_first_post_per_week": dict(self._first_post_per_week()),
            "retention_7d": self._retention(7),
            "retention_30d": self._retention(30),
            "top20": self._top(),
            "accepted": {
                "events": len(self._accepted),
                "questions_accepted": len(set(self._accepted)),
                "share_of_questions": _float(rounding.share(len(set(self._accepted)), len(questions))),
            },
        }
        if not any(self._kind[post] == _ANSWER for post in self._order):
            del document["first_answer"]
        if not self._accepted:
            del document["accepted"]
        return document

    def _questions(
        self, threads: Mapping[int, list[int]], *, asks: bool
    ) -> tuple[list[int], list[int | None], list[int | None]]:
        """When each question was asked, and when its first response and its first answer came."""
        asked: list[int] = []
        responses: list[int | None] = []
        answers: list[int | None] = []
        for posts in threads.values():
            if asks:
                questions = [post for post in posts if self._kind[post] == _QUESTION]
            else:
                questions = posts[:1] if self._kind[posts[0]] == _ROOT else []
            if not questions:
                continue
            everybody = self._line(posts)
            answering = self._line([post for post in posts if self._kind[post] == _ANSWER])
            for post in questions:
                at, by = self._at[post], self._by[post]
                asked.append(at)
                responses.append(everybody.first_other(at, by))
                answers.append(answering.first_other(at, by))
        return asked, responses, answers

    def _line(self, posts: list[int]) -> _Line:
        return _Line([self._at[post] for post in posts], [self._by[post] for post in posts])

    def _first_words(self, asked: list[int], first: list[int | None], what: str) -> Mapping[str, Any]:
        waits = sorted(at - asked_at for asked_at, at in zip(asked, first, strict=True) if at is not None)
        return {
            f"with_{what}": len(waits),
            "never": len(asked) - len(waits),
            f"median_first_{what}_s": _median_seconds(waits),
            "after_60_min": self._after(asked, first, 60 * _MINUTE),
            "after_1440_min": self._after(asked, first, 1440 * _MINUTE),
        }

    def _after(self, asked: list[int], first: list[int | None], wait: int) -> Mapping[str, Any]:
        eligible = unanswered = 0
        for asked_at, at in zip(asked, first, strict=True):
            if self._end is not None and asked_at + wait <= self._end:
                eligible += 1
                unanswered += at is None or at > asked_at + wait
        return {"eligible": eligible, "unanswered": unanswered, "share": _float(rounding.share(unanswered, eligible))}

    def _all_weeks(self) -> range:
        return range(self._weeks[0], self._weeks[-1] + 1) if self._weeks else range(0)

    def _weekly_active(self) -> Iterator[tuple[str, int]]:
        active = {(week, self._by[post]) for week, post in zip(self._weeks, self._order, strict=True)}
        count = Counter(week for week, _ in active)
        return ((_week_name(week), count[week]) for week in self._all_weeks())

    def _joined_per_week(self) -> Iterator[tuple[str, int]]:
        count = Counter(_week_of(at) for _, at in self._joins if self._start is None or at >= self._start)
        return ((_week_name(week), count[week]) for week in sorted(count))

    def _first_post_per_week(self) -> Iterator[tuple[str, int]]:
        start = self._start or 0
        count = Counter(
            _week_of(at) for member, at in self._first.items() if self._joined.get(self._names[member], start) >= start
        )
        return ((_week_name(week), count[week]) for week in self._all_weeks())

    def _retention(self, days: int) -> Mapping[str, Any]:
        span = days * _DAY
        start, end = self._start, self._end
        cohort = {
            member: first
            for member, first in self._first.items()
            if start is not None
            and end is not None
            and (joined := self._joined.get(self._names[member])) is not None
            and joined >= start
            and first + 2 * span <= end
        }
        back = {
            by
            for post in self._order
            if (first := cohort.get(by := self._by[post])) is not None
            and first + span <= self._at[post] < first + 2 * span
        }
        return {
            "cohort": len(cohort),
            "retained": len(back),
            "share": _float(rounding.share(len(back), len(cohort))),
        }

    def _top(self) -> Mapping[str, Any]:
        if not self._weeks:
            return {"week": None, "posts_in_week": 0, "members": []}
        posts = Counter(self._weeks)
        most = max(posts.values())
        week = min(week for week, count in posts.items() if count == most)
        first, last = bisect_left(self._weeks, week), bisect_right(self._weeks, week)
        by = Counter(self._names[self._by[post]] for post in self._order[first:last])
        ranked = sorted(by.items(), key=lambda item: (-item[1], item[0]))[:TOP]
        return {
            "week": _week_name(week),
            "posts_in_week": most,
            "members": [{"member": member, "posts": count} for member, count in ranked],
        }


def _median_seconds(waits: list[int]) -> float | None:
    """The median of sorted microseconds, in seconds."""
    if not waits:
        return None
    middle = waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]
    return float(rounding.half_up(Fraction(middle, 2_000_000), rounding.SECONDS_PLACES))
