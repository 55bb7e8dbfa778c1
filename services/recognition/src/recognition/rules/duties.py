"""Turns of recurring duties: offered once a week; at the end of a turn whoever had it is asked how it went."""

from datetime import datetime, timedelta

from contracts.activity import iso_week, local_day
from contracts.facts import TaskCompleted
from contracts.playbook import WEEKDAYS, Playbook
from contracts.reasons import because
from contracts.turn import Act, Message, Turn
from recognition.rules.clocks import DAY, at, today
from recognition.rules.speech import book_of, name_of, to_member
from recognition.rules.tasks import TASK, offer_next, title_for
from recognition.state_circle import TASKS_IN, Task


def next_due(playbook: Playbook, after: datetime) -> datetime | None:
    """When the next duty is offered; None without duties."""
    figures = playbook.recognition
    weekdays = {WEEKDAYS.index(duty.weekday) for duty in figures.duties}
    if not weekdays:
        return None
    day = local_day(after, playbook.zone)
    while day.weekday() not in weekdays or at(day, figures.duty_time, playbook.zone) <= after:
        day += DAY
    return at(day, figures.duty_time, playbook.zone)


def offer(turn: Turn, due: datetime) -> None:
    """The day of a duty: the last turn is over, the next is offered for the week to come."""
    day = local_day(due, turn.playbook.zone)
    for duty in turn.playbook.recognition.duties:
        if WEEKDAYS.index(duty.weekday) != day.weekday():
            continue
        name = f"{duty.duty}/{iso_week(day)}"
        for task in (*turn.find(TASKS_IN, "offered"), *turn.find(TASKS_IN, "assigned"), *turn.find(TASKS_IN, "nobody")):
            if task.duty == duty.duty and task.task != name:
                over(turn, task)
        if turn.get(Task, name) is None:
            words = duty.name.text(turn.playbook.voice())
            task = Task(
                task=name,
                title=words,
                touched_on=today(turn),
                by=book_of(turn).configured_by,
                skills=tuple(sorted(duty.skills)),
                due=turn.now + timedelta(days=7),
                duty=duty.duty,
            )
            offer_next(turn, task)


def over(turn: Turn, task: Task) -> None:
    """A turn is over: an offer is called back; whoever had it says whether it is done."""
    turn.disarm(TASK, task.task)
    member = task.member
    if member is None or task.state == "offered":
        if member is not None:
            turn.recall(TASK, task.task, to=to_member(member), why="over")
        turn.drop(Task, task.task)
        return
    if task.due is None or turn.now < task.due:
        return
    if turn.now - task.due >= timedelta(days=6):
        turn.drop(Task, task.task)  # asked a week ago, and nothing was said
        return
    turn.request(
        Message(
            key=task.task,
            rule="turn_over",
            kind=TASK,
            template="turn_over",
            to=to_member(member),
            purse="duty",
            lifetime=timedelta(hours=turn.playbook.recognition.task_accept_hours),
            values={"name": name_of(turn, member), "task": title_for(turn, task, member)},
            actions=(
                Act(id="done", label="done", fact={"type": TaskCompleted.TYPE, "data": {"task": task.task}}),
                Act(id="not_this_time", label="not_done"),
            ),
            because=(because("duty.over", threshold="7 days", actual="7 days", evidence=(task.decision,)),),
        )
    )
