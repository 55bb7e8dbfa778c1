"""Suggestions: solved threads that may hold the answer. An inverted index in rows, scored here, bounded by count."""

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from contracts.community import is_restricted
from contracts.decisions import AnswerSuggested
from contracts.decisions.support import Suggestion
from contracts.naming import to_member
from contracts.people import may_be_asked
from contracts.reasons import because
from contracts.turn import Act, Message, Purse, To, Turn
from support.rules.records import keep
from support.rules.speech import head, is_for_the_team, remembered, say
from support.state import SOLVED_OLDEST, Library, Question, Solved, Term, Thread, Told

SUGGESTION = "suggestion"
_STRONG_WEIGHT = 2
_LEAST_SHARED = 2
_NEVER_HELPED_AFTER = 3
"""A thread that was said not to help so often, and never to help, is suggested no more."""


class Found(NamedTuple):
    """A solved thread, and how well it matches out of 1,000."""

    score: int
    solved: Solved


def shelve(turn: Turn, thread: Thread, question: Question, *, by: str) -> None:
    """A solved thread is found from now on, unless it is for the team alone."""
    if not question.terms or not question.title or is_for_the_team(turn, thread, question):
        return
    known = turn.get(Solved, thread.thread)
    solved = Solved(
        thread=thread.thread,
        member=question.member,
        channel=thread.channel or "",
        title=question.title,
        url=question.url,
        terms=question.terms,
        solved_at=turn.now,
        solved_by=by,
        suggested=known.suggested if known is not None else 0,
        helped=known.helped if known is not None else 0,
        not_helped=known.not_helped if known is not None else 0,
    )
    turn.put(solved)
    most = turn.playbook.support.suggestion_term_threads
    for term in question.terms:
        row = turn.get(Term, term)
        before = tuple(name for name in (row.threads if row is not None else ()) if name != thread.thread)
        turn.put(Term(term=term, threads=(*before, thread.thread)[-most:]))
    if known is None:
        library = turn.get(Library) or Library()
        turn.put(replace(library, threads=library.threads + 1))


def unshelve(turn: Turn, name: str) -> None:
    """A thread is not found any more: reopened, hidden, forgotten."""
    solved = turn.get(Solved, name)
    if solved is None:
        return
    turn.drop(Solved, name)
    for term in solved.terms:
        row = turn.get(Term, term)
        if row is None or name not in row.threads:
            continue
        rest = tuple(other for other in row.threads if other != name)
        if rest:
            turn.put(Term(term=term, threads=rest))
        else:
            turn.drop(Term, term)
    library = turn.get(Library)
    if library is not None:
        turn.put(replace(library, threads=max(0, library.threads - 1)))


def trim(turn: Turn) -> None:
    """Daily: the oldest solved threads above the limit go."""
    library = turn.get(Library)
    over = (library.threads if library is not None else 0) - turn.playbook.support.suggestion_threads_kept
    if over > 0:
        for solved in turn.find(SOLVED_OLDEST)[:over]:
            unshelve(turn, solved.thread)


def find(turn: Turn, thread: Thread, question: Question) -> tuple[Found, ...]:
    """The solved threads that match best.

    The weight of a term is 1 + the bit length of (threads // threads with it), twice that in title or tags; the score
    is the share of the question's weight that a thread has, out of 1,000, rounded down. At least two terms are shared,
    one of them of title or tags.
    """
    figures = turn.playbook.support
    library = turn.get(Library)
    if library is None or not library.threads or not question.terms:
        return ()
    total = 0
    weights: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for place, term in enumerate(question.terms):
        row = turn.get(Term, term)
        threads = row.threads if row is not None else ()
        weight = 1 + (library.threads // max(1, len(threads))).bit_length()
        strong = place < question.strong
        weight *= _STRONG_WEIGHT if strong else 1
        total += weight
        for name in threads:
            weights[name] = weights.get(name, 0) + weight
            counts = shared.setdefault(name, [0, 0])
            counts[0] += 1
            counts[1] += strong
    found = []
    for name, weight in weights.items():
        score = 1000 * weight // total
        if score < figures.suggestion_least_score or shared[name][0] < _LEAST_SHARED or not shared[name][1]:
            continue
        solved = turn.get(Solved, name)
        if solved is not None and _may_be_shown(turn, thread, solved):
            found.append(Found(score, solved))
    found.sort(key=lambda match: (-match.score, -match.solved.helped, match.solved.solved_at, match.solved.thread))
    return tuple(found[: figures.suggested_threads_most])


def _may_be_shown(turn: Turn, thread: Thread, solved: Solved) -> bool:
    if solved.thread == thread.thread or is_restricted(turn.place(solved.channel)):
        return False
    return solved.helped > 0 or solved.not_helped < _NEVER_HELPED_AFTER


def opened(turn: Turn, thread: Thread, question: Question, *, at: datetime, by: str) -> Question:
    """A question: suggest at once, or, for a newcomer's first, once a human spoke or some time passed."""
    if turn.backfill or is_for_the_team(turn, thread, question):
        return question
    wait = timedelta(minutes=turn.playbook.support.suggestion_newcomer_minutes)
    if not question.newcomer or question.response is not None or turn.now >= at + wait:
        return offer(turn, thread, question, evidence=by, own_act_at=at)
    turn.arm(SUGGESTION, thread.thread, at + wait)
    return question


def offer_due(turn: Turn, key: str, _due: datetime) -> None:
    """A newcomer's first question has waited for a human: now it may be shown what is there."""
    thread = turn.get(Thread, key)
    question = thread.question if thread is not None else None
    if thread is not None and question is not None:
        after = offer(turn, thread, question, evidence=question.by)
        if after is not question:
            keep(turn, replace(thread, question=after))


def offer(
    turn: Turn, thread: Thread, question: Question, *, evidence: str, own_act_at: datetime | None = None
) -> Question:
    """The one look for solved threads; what is found is shown. Answers the question, not yet put.

    `evidence` is the fact that made it the moment; `own_act_at`, when the asker wrote what this answers: if that was
    just now it may go in private.
    """
    turn.disarm(SUGGESTION, thread.thread)
    if question.suggested or question.status != "open" or turn.backfill or is_for_the_team(turn, thread, question):
        return question
    question = replace(question, suggested=True)
    if not may_be_asked(turn.person(question.member), turn.now):
        return question
    found = find(turn, thread, question)
    if not found:
        return question
    fresh = own_act_at is not None and turn.now - own_act_at <= timedelta(
        minutes=turn.playbook.purses.reply_within_minutes
    )
    private = fresh and turn.community.direct_first_contact
    why = because(
        SUGGESTION,
        threshold=turn.playbook.support.suggestion_least_score,
        actual=found[0].score,
        evidence=(question.by, evidence, *(match.solved.solved_by for match in found)),
    )
    decision = say(
        turn,
        AnswerSuggested(
            **head(turn),
            because=(why,),
            post=question.post,
            thread=thread.thread,
            member=question.member,
            suggestions=tuple(
                Suggestion(
                    thread=match.solved.thread,
                    title=match.solved.title,
                    score=match.score,
                    solved_at=match.solved.solved_at,
                )
                for match in found
            ),
            way="private" if private else "folded",
        ),
        rule=SUGGESTION,
        key=thread.thread,
        about=thread.thread,
    )
    for match in found:
        turn.put(replace(match.solved, suggested=match.solved.suggested + 1))
    library = turn.get(Library) or Library()
    turn.put(replace(library, suggested=library.suggested + 1))
    to = to_member(question.member) if private else To(kind="channel", id=thread.channel or turn.slug)
    purse: Purse = "reply" if private else "none"
    turn.request(
        Message(
            key=thread.thread,
            rule=SUGGESTION,
            kind=SUGGESTION,
            template="suggestion",
            to=to,
            purse=purse,
            lifetime=timedelta(hours=turn.playbook.lifetimes.nudge_hours),
            values={
                "title": question.title,
                "threads": [
                    {"title": match.solved.title, "url": match.solved.url, "thread": match.solved.thread}
                    for match in found
                ],
                "private": private,
            },
            thread=thread.thread,
            priority="low",
            actions=(
                *_taps(len(found)),
                Act(id="not_helped", label="not_helped"),
                *((Act(id="no_question", label="no_question"),) if question.told_by == "score" else ()),
            ),
            serves=decision,
            because=(why,),
        )
    )
    offered = tuple(match.solved.thread for match in found)
    told = Told(rule=SUGGESTION, key=thread.thread, kind=to.kind, id=to.id)
    return remembered(turn, replace(question, offered=offered), told)


def _taps(count: int) -> tuple[Act, ...]:
    """One tap for each thread that was suggested: which one did it is what counts."""
    return tuple(
        Act(id=f"helped_{place}", label=f"helped_{place}" if count > 1 else "helped") for place in range(1, count + 1)
    )


def helping(question: Question, answer: str) -> str | None:
    """Which suggested thread a tap names; None for any other tap."""
    for place, name in enumerate(question.offered, 1):
        if answer == f"helped_{place}":
            return name
    return None


def counted(turn: Turn, question: Question, *, helped: str | None) -> Question:
    """The asker's word on what was suggested, once a question. Answers the question, not yet put."""
    library = turn.get(Library) or Library()
    if helped is not None:
        solved = turn.get(Solved, helped)
        if solved is not None:
            turn.put(replace(solved, helped=solved.helped + 1))
        turn.put(replace(library, helped=library.helped + 1))
    else:
        for name in question.offered:
            solved = turn.get(Solved, name)
            if solved is not None:
                turn.put(replace(solved, not_helped=solved.not_helped + 1))
        turn.put(replace(library, not_helped=library.not_helped + 1))
    return replace(question, offered=())
