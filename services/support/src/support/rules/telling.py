"""What support can tell of a member: what they asked and how it stands, what they can help with. It only reads."""

from collections.abc import Iterator

from contracts.telling import Tell
from contracts.turn import Turn
from support.rules.expertise import derived
from support.rules.ladder import LADDER, WARNING
from support.rules.next_answer import NEXT
from support.state.people import Asker, Helper, Pairing
from support.state.selections import THREADS_NAMING
from support.state.threads import Question, Thread

OPEN = {WARNING: "warning_due", LADDER: "ladder_due", NEXT: "next_answer_due"}
"""The deadlines of a question, by the thread that it opens, and their sentences."""


def tells(turn: Turn, member: str) -> Iterator[Tell]:
    """All of it: as somebody who asks, as somebody who helps."""
    asker, helper = turn.get(Asker, member), turn.get(Helper, member)
    if asker is not None and asker.questions:
        yield Tell(part="standing", key="asked", values={"questions": asker.questions})
    if helper is not None:
        yield from _helper(turn, helper)
    pairing = turn.get(Pairing, member)
    if pairing is not None and pairing.relays:
        yield Tell(part="standing", key="relay", values={"relay": pairing.relays[-1]}, others=("relay",))
    for thread in turn.find(THREADS_NAMING, member):
        question = thread.question
        if question is not None:
            yield from _own(turn, thread, question, member)
            yield from _asked_of(thread, question, member)


def _helper(turn: Turn, helper: Helper) -> Iterator[Tell]:
    if helper.declared:
        yield Tell(part="standing", key="skills_declared", values={"skills": helper.declared})
    shown = tuple(skill for skill in derived(turn, helper) if skill not in helper.declared)
    if shown:
        yield Tell(part="standing", key="skills_derived", values={"skills": shown})
    if helper.refused:
        yield Tell(part="standing", key="skills_refused", values={"skills": helper.refused})
    if helper.asked_at is not None:
        values = {"at": helper.asked_at, "silences": helper.silences}
        yield Tell(part="standing", key="helper_asked", values=values)


def _own(turn: Turn, thread: Thread, question: Question, member: str) -> Iterator[Tell]:
    """A question of the member's own, as long as it is on the books."""
    if question.member != member:
        return
    values = {"title": thread.title or "", "at": question.asked_at}
    yield Tell(part="standing", key=f"question_{question.status}", values=values)
    for kind, key in OPEN.items():
        due = turn.armed(kind, thread.thread)
        if due is not None:
            yield Tell(part="open", key=key, values={"title": thread.title or ""}, due=due)


def _asked_of(thread: Thread, question: Question, member: str) -> Iterator[Tell]:
    """A question of somebody else's that the member was asked to look at."""
    for ask in question.asks:
        if ask.member == member:
            values = {"asker": question.member, "title": thread.title or ""}
            key = "looking" if ask.accepted else "ask_due"
            yield Tell(part="open", key=key, values=values, due=ask.expires_at, others=("asker", "title"))
