"""What people answer to a task: they take it, give it back, have done it."""

from datetime import timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import TaskAssigned
from contracts.envelope import AnyEvent
from contracts.facts import TaskCompleted, TaskDeclined
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from recognition.rules.clocks import today
from recognition.rules.contributions import did
from recognition.rules.counting import counts, got, ordinal_at
from recognition.rules.ledger import HUNDRED, Earning, award
from recognition.rules.presence import acted
from recognition.rules.speech import name_of, say, to_member
from recognition.rules.strata import judge
from recognition.rules.tasks import TASK, passed, title_for
from recognition.state_book import Done
from recognition.state_circle import Task


def accepted(turn: Turn, event: AnyEvent) -> None:
    """Somebody took a task: whoever says yes first, asked or not, while nobody has it."""
    data = event.data
    task = turn.get(Task, data.task)
    if task is None or task.state in {"assigned", "done"} or turn.person(data.member) is None:
        return
    if task.state == "offered" and task.member is not None and task.member != data.member:
        turn.recall(TASK, task.task, to=to_member(task.member), why="answered")
    turn.disarm(TASK, task.task)
    decision = say(
        turn,
        TaskAssigned(
            community=turn.slug,
            playbook=turn.version,
            because=(because("task.accepted", threshold="yes", actual="yes", evidence=(task.decision, event.id)),),
            task=task.task,
            member=data.member,
            duty=task.duty,
            due=task.due,
        ),
        rule=TASK,
        key=f"{task.task}/{data.member}",
        about=data.member,
        name=task.task,
    )
    tried = task.tried if data.member in task.tried else (*task.tried, data.member)
    turn.put(
        replace(task, state="assigned", member=data.member, decision=decision, tried=tried, touched_on=today(turn))
    )
    _confirm(turn, task, data.member, decision, event)


def _confirm(turn: Turn, task: Task, member: str, decision: str, event: AnyEvent) -> None:
    answers = (
        Act(id="done", label="done", fact={"type": TaskCompleted.TYPE, "data": {"task": task.task}}),
        Act(id="give_back", label="give_back", fact={"type": TaskDeclined.TYPE, "data": {"task": task.task}}),
    )
    turn.request(
        Message(
            key=task.task,
            rule="task_assigned",
            kind=TASK,
            template="task_assigned",
            to=to_member(member),
            purse=reply_purse(turn, event),
            lifetime=timedelta(hours=turn.playbook.lifetimes.thanks_hours),
            values={
                "name": name_of(turn, member),
                "task": title_for(turn, task, member),
                "duty": task.duty is not None,
                "due": task.due.isoformat() if task.due is not None else None,
            },
            actions=answers,
            serves=decision,
            because=(because("task.accepted", threshold="yes", actual="yes", evidence=(decision,)),),
        )
    )


def reply_purse(turn: Turn, event: AnyEvent) -> Literal["reply", "attention"]:
    """Who pays for an answer to somebody's own act: nobody, while the act is recent."""
    recent = turn.now - event.time <= timedelta(minutes=turn.playbook.purses.reply_within_minutes)
    return "reply" if recent else "attention"


def declined(turn: Turn, event: AnyEvent) -> None:
    """Not this time, or given back: the next is asked."""
    task = turn.get(Task, event.data.task)
    if task is not None and task.member == event.data.member and task.state in {"offered", "assigned"}:
        passed(turn, task, "declined" if task.state == "offered" else "returned", by=event.id)


def completed(turn: Turn, event: AnyEvent) -> None:
    """A task is done: points outside the day's limit, a deed, and a word of thanks."""
    data = event.data
    task = turn.get(Task, data.task)
    if task is not None and task.state == "done":
        return
    if task is not None:
        if task.member is not None and task.member != data.member:
            turn.recall(TASK, task.task, to=to_member(task.member), why="done")
        turn.disarm(TASK, task.task)
        turn.put(replace(task, state="done", member=data.member, touched_on=today(turn)))
    else:
        turn.put(Task(task=data.task, title="", touched_on=today(turn), by=event.id, state="done", member=data.member))
    if not counts(turn, data.member):
        return
    acted(turn, data.member, event)
    day = ordinal_at(turn, event.time)
    full = turn.playbook.recognition.points.task_points * HUNDRED
    award(turn, Earning(data.member, "task_done", full, full, event.id, day, mark=data.task, limited=False))
    got(turn, data.member, day, helped=1)
    title = task.title if task is not None and task.title else None
    did(turn, data.member, Done("task", day, event.id, data.task, title=title))
    judge(turn, data.member, event.id)
    if title is not None:
        _thank(turn, task, event, title)


def _thank(turn: Turn, task: Task | None, event: AnyEvent, title: str) -> None:
    member = event.data.member
    turn.request(
        Message(
            key=event.data.task,
            rule="task_done",
            kind=TASK,
            template="task_done",
            to=to_member(member),
            purse=reply_purse(turn, event),
            lifetime=timedelta(hours=turn.playbook.lifetimes.thanks_hours),
            values={
                "name": name_of(turn, member),
                "task": title_for(turn, task, member) if task is not None else title,
            },
            because=(because("task.done", threshold="done", actual="done", evidence=(event.id,)),),
        )
    )
