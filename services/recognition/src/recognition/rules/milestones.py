"""Milestones: accepted answers, years since the first post; each once for life, in private, in public from the 50th."""

from datetime import date, timedelta
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import MilestoneReached
from contracts.people import may_be_thanked_in_public
from contracts.reasons import because
from contracts.turn import Message, To, Turn
from recognition.rules.clocks import today, years_after
from recognition.rules.speech import channel_for, name_of, say, to_member
from recognition.state import Activity, Standing

MILESTONE = "milestone"
Kind = Literal["accepted_answers", "years"]


def answers(turn: Turn, standing: Standing, by: str) -> Standing:
    """One more answer was accepted. Answers the row, not yet put."""
    if standing.accepted in turn.playbook.recognition.milestone_answers:
        return _reached(turn, standing, "accepted_answers", standing.accepted, by)
    return standing


def years(turn: Turn, standing: Standing) -> Standing:
    """A day has come: years since the first post are passed. Answers the row, not yet put."""
    first = standing.first_post_on
    for count in turn.playbook.recognition.milestone_years if first is not None else ():
        if first is not None and years_after(first, count) <= today(turn):
            standing = _reached(turn, standing, "years", count, standing.first_post_by)
    return standing


def next_year(turn: Turn, standing: Standing) -> date | None:
    """The day of the next anniversary that is a milestone."""
    first = standing.first_post_on
    if first is None:
        return None
    days = (years_after(first, count) for count in turn.playbook.recognition.milestone_years)
    return min((day for day in days if day > today(turn)), default=None)


def _reached(turn: Turn, standing: Standing, kind: Kind, count: int, by: str) -> Standing:
    name = f"{kind}/{count}"
    if name in standing.milestones:
        return standing
    figures, person = turn.playbook.recognition, turn.person(standing.member)
    wide = kind == "accepted_answers" and count >= figures.milestone_public_answers
    public = wide and may_be_thanked_in_public(person)
    why = because(f"{MILESTONE}.{kind}", threshold=count, actual=count, evidence=(by,))
    decision = say(
        turn,
        MilestoneReached(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=standing.member,
            milestone=kind,
            count=count,
            audience="public" if public else "private",
        ),
        rule=MILESTONE,
        key=f"{standing.member}/{name}",
        about=standing.member,
        name=name,
    )
    here = kind != "years" or _is_here(turn, standing, count)
    if here and not (person is not None and person.thanks == "none"):
        # A year is told to somebody who was here in the last months: to others it would be a reproach.
        _tell(turn, standing.member, kind, count, decision=decision, public=public)
    return replace(standing, milestones=(*standing.milestones, name))


def _is_here(turn: Turn, standing: Standing, years_: int) -> bool:
    """Whether an anniversary is of today, of somebody who was here in the last months."""
    first = standing.first_post_on
    today_ = first is not None and (today(turn) - years_after(first, years_)).days <= 1
    return today_ and turn.get(Activity, standing.member) is not None


def _tell(turn: Turn, member: str, kind: Kind, count: int, *, decision: str, public: bool) -> None:
    name = f"{kind}/{count}"
    to = To(kind="channel", id=channel_for(turn, "thanks")) if public else to_member(member)
    turn.request(
        Message(
            key=f"{member}/{name}" if public else name,
            rule=MILESTONE,
            kind=MILESTONE,
            template="milestone_public" if public else "milestone",
            to=to,
            purse="none" if public else "attention",
            lifetime=timedelta(hours=turn.playbook.lifetimes.thanks_hours),
            values={"name": name_of(turn, member), "kind": kind, "count": count},
            serves=decision,
            mentions=(member,) if public else (),
            because=(because(f"{MILESTONE}.{kind}", threshold=count, actual=count, evidence=(decision,)),),
        )
    )
