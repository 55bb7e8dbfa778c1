"""Tasks and turns: to the member whose skills and load fit best; 48 hours to say yes, else the next."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec.structs import replace

from contracts.choice import stable_hash
from contracts.decisions import TaskOffered, TaskPassed
from contracts.envelope import AnyEvent
from contracts.facts import TaskAccepted, TaskDeclined
from contracts.naming import CORE_TEAM, one_line
from contracts.people import may_be_asked, stopped
from contracts.reasons import because
from contracts.skills import skills_named
from contracts.turn import Act, Message, Turn
from recognition.rules.clocks import today
from recognition.rules.contributions import HELPER, contribution_of, roles_of, skills_of
from recognition.rules.counting import counts
from recognition.rules.speech import name_of, say, skill_words, to_member, voice_of
from recognition.state import AT_STRATUM, Activity
from recognition.state_book import Contribution
from recognition.state_circle import CIRCLE, TASKS_OF, Relay, Task

TASK = "task"


Reason = Literal["declined", "silent", "returned", "left", "paused"]


class Fits(NamedTuple):
    """How well a task suits somebody."""

    member: str
    matched: tuple[str, ...]
    load: int
    relay: bool


def opened(turn: Turn, event: AnyEvent) -> None:
    """There is something to do: it is offered to whom it suits best."""
    data = event.data
    if turn.get(Task, data.task) is not None:
        return
    task = Task(
        task=data.task,
        title=one_line(data.title) or "",
        touched_on=today(turn),
        by=event.id,
        skills=skills_named(turn.playbook.skill_index, data.skills),
        due=data.due,
    )
    offer_next(turn, task, besides=(data.by,))


def _candidates(turn: Turn, task: Task, besides: tuple[str, ...]) -> list[Fits]:
    """Who may be asked, best first: skills, then load, then longest since the last offer, then a stable hash.

    Nobody is asked who has not taken part lately; those who take part a little, only for what they know. A turn of a
    duty goes to the circle before others.
    """
    people = {standing.member: standing for level in "1234" for standing in turn.find(AT_STRATUM, level)}
    circle = {relay.member: relay for relay in turn.find(CIRCLE)}
    found = []
    for member in sorted({*people, *circle}):
        standing, relay = people.get(member), circle.get(member)
        if member in task.tried or member in besides or not _free(turn, member, relay):
            continue
        known = skills_of(turn, member)
        matched = tuple(skill for skill in task.skills if skill in known)
        level = standing.stratum if standing is not None else 0
        if relay is None and level < 2 and not matched:
            continue
        found.append(Fits(member, matched, len(turn.find(TASKS_OF, member)), relay is not None))
    found.sort(key=lambda fits: _rank(turn, task, fits))
    return found


def _free(turn: Turn, member: str, relay: Relay | None) -> bool:
    figures, person = turn.playbook.recognition, turn.person(member)
    if person is None or not may_be_asked(person, turn.now) or stopped(person, TASK):
        return False
    if (relay is not None and relay.resting) or (relay is None and not counts(turn, member)):
        return False
    contribution = turn.get(Contribution, member)
    chosen = contribution.chosen_on if contribution is not None else None
    if chosen is not None and (today(turn) - chosen).days < figures.task_rest_days:
        return False
    activity = turn.get(Activity, member)
    last = activity.last_at if activity is not None else None
    return last is not None and turn.now - last <= timedelta(days=figures.task_active_days)


def _rank(turn: Turn, task: Task, fits: Fits) -> tuple[int, int, int, int, int, str]:
    chosen = contribution_of(turn, fits.member).chosen_on
    first = 0 if task.duty is None or fits.relay else 1
    asked = chosen.toordinal() if chosen is not None else 0
    return first, -len(fits.matched), fits.load, asked, stable_hash(TASK, task.task, fits.member), fits.member


def offer_next(turn: Turn, task: Task, besides: tuple[str, ...] = ()) -> str | None:
    """Ask the next person; answers who, or None: nobody is left, and the core team is told. Puts the task.

    What was wanted by a moment that is past is offered to nobody any more.
    """
    if turn.backfill:
        turn.put(replace(task, state="open", member=None, touched_on=today(turn)))
        return None
    most = turn.playbook.recognition.task_offers_most
    late = task.due is not None and task.due <= turn.now
    candidates = _candidates(turn, task, besides) if len(task.tried) < most and not late else []
    if not candidates:
        turn.disarm(TASK, task.task)
        turn.put(replace(task, state="nobody", member=None, touched_on=today(turn)))
        _tell_core_team(turn, task)
        return None
    _offer(turn, task, candidates[0], len(candidates))
    return candidates[0].member


def _offer(turn: Turn, task: Task, chosen: Fits, among: int) -> None:
    figures = turn.playbook.recognition
    expires_at = turn.now + timedelta(hours=figures.task_accept_hours)
    attempt = len(task.tried) + 1
    why = because(
        "task.fit",
        threshold=f"best of {among} by skills, then load",
        actual=f"{len(chosen.matched)} skills, {chosen.load} tasks",
        evidence=(task.by, task.decision),
    )
    decision = say(
        turn,
        TaskOffered(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            task=task.task,
            member=chosen.member,
            duty=task.duty,
            title=task.title,
            attempt=attempt,
            matched_skills=chosen.matched,
            load=chosen.load,
            expires_at=expires_at,
        ),
        rule=TASK,
        key=f"{task.task}/{attempt}",
        about=chosen.member,
        name=task.task,
    )
    turn.put(
        replace(
            task,
            state="offered",
            member=chosen.member,
            tried=(*task.tried, chosen.member),
            decision=decision,
            touched_on=today(turn),
        )
    )
    turn.put(replace(contribution_of(turn, chosen.member), chosen_on=today(turn)))
    turn.arm(TASK, task.task, expires_at)
    _ask(turn, task, chosen, decision, why)


def _ask(turn: Turn, task: Task, chosen: Fits, decision: str, why: object) -> None:
    voice = voice_of(turn, turn.person(chosen.member))
    # Who said yes to helping has a purse of their own for it; to anybody else an offer is one more message.
    said_yes = chosen.relay or HELPER in roles_of(turn.get(Contribution, chosen.member))
    turn.request(
        Message(
            key=task.task,
            rule=TASK,
            kind=TASK,
            template="task_offer",
            to=to_member(chosen.member),
            purse="duty" if said_yes else "attention",
            lifetime=timedelta(hours=turn.playbook.recognition.task_accept_hours),
            values={
                "name": name_of(turn, chosen.member),
                "task": title_for(turn, task, chosen.member),
                "duty": task.duty is not None,
                "skills": list(skill_words(turn, voice, chosen.matched)),
                "due": task.due.isoformat() if task.due is not None else None,
            },
            actions=(
                Act(id="yes", label="yes", fact={"type": TaskAccepted.TYPE, "data": {"task": task.task}}),
                Act(
                    id="not_this_time",
                    label="not_this_time",
                    fact={"type": TaskDeclined.TYPE, "data": {"task": task.task}},
                ),
            ),
            serves=decision,
            because=(why,),  # type: ignore[arg-type]
        )
    )


def title_for(turn: Turn, task: Task, member: str) -> str:
    """What a task is called; a duty, in the words of the reader's language."""
    if task.duty is not None:
        for duty in turn.playbook.recognition.duties:
            if duty.duty == task.duty:
                return duty.name.text(voice_of(turn, turn.person(member)))
    return task.title


def _tell_core_team(turn: Turn, task: Task) -> None:
    turn.request(
        Message(
            key=task.task,
            rule="task_nobody",
            kind="task_nobody",
            template="task_nobody",
            to=CORE_TEAM,
            purse="none",
            lifetime=timedelta(days=2),
            values={"task": task.title, "asked": len(task.tried)},
            because=(
                because(
                    "task.nobody",
                    threshold=turn.playbook.recognition.task_offers_most,
                    actual=len(task.tried),
                    evidence=(task.by, task.decision),
                ),
            ),
        )
    )


def silent(turn: Turn, key: str, _due: datetime) -> None:
    """48 hours without a word are no."""
    task = turn.get(Task, key)
    if task is not None and task.state == "offered":
        passed(turn, task, "silent")


def passed(turn: Turn, task: Task, reason: Reason, *, by: str | None = None) -> None:
    """Whoever was asked, or had it, will not do it: on to the next."""
    member = task.member
    if member is None:
        return
    turn.recall(TASK, task.task, to=to_member(member), why=reason)
    turn.disarm(TASK, task.task)
    # The next is asked first: whom it goes to is part of saying that it goes on.
    following = offer_next(turn, replace(task, member=None))
    hours = turn.playbook.recognition.task_accept_hours
    say(
        turn,
        TaskPassed(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    f"task.{reason}",
                    threshold=f"{hours} h" if reason == "silent" else "yes",
                    actual=reason,
                    evidence=(task.decision, by),
                ),
            ),
            task=task.task,
            member=member,
            duty=task.duty,
            reason=reason,
            next=following,
        ),
        rule=TASK,
        key=f"{task.task}/{member}/passed",
        about=member,
        name=task.task,
    )


def gone(turn: Turn, member: str, reason: Literal["left", "paused"], by: str) -> None:
    """Somebody left or rests: what they were asked, or had, goes on."""
    for task in turn.find(TASKS_OF, member):
        passed(turn, task, reason, by=by)
