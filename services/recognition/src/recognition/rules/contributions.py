"""What people do for the others: deeds to thank for, and roles, earned by acts of a kind and lapsing without."""

from datetime import date

from msgspec.structs import replace

from contracts.decisions import RoleRecognised
from contracts.reasons import because
from contracts.skills import skills_named
from contracts.turn import Turn
from recognition.rules.clocks import today
from recognition.rules.counting import standing_of
from recognition.rules.speech import say
from recognition.state import Standing
from recognition.state_book import Act, Contribution, Done, Learnt, Part

ROLES = "roles"
HELPER, HOST, EDITOR, WELCOMER, TESTER, CONNECTOR = "helper", "host", "editor", "welcomer", "tester", "connector"
MOST_DEEDS, MOST_LEARNT = 12, 40
DEED_DAYS = 35
LEARNT_DAYS, LEARNT_ANSWERS = 180, 3
ROLE_OF = {
    **dict.fromkeys(("answer",), HELPER),
    "meetup": HOST,
    "synthesis": EDITOR,
    "welcome": WELCOMER,
    "test": TESTER,
    "referral": CONNECTOR,
    "advocacy": CONNECTOR,
}
"""Which role a deed is an act of."""


def contribution_of(turn: Turn, member: str) -> Contribution:
    """What somebody does for the others; nothing at first."""
    return turn.get(Contribution, member) or Contribution(member=member)


def did(turn: Turn, member: str, deed: Done) -> None:
    """Put down a deed, and what it is an act of. The same deed about the same thing is one."""
    contribution, deed = contribution_of(turn, member), deed._replace(history=turn.backfill)
    known = next((done for done in contribution.deeds if _same(done, deed)), None)
    oldest = today(turn).toordinal() - DEED_DAYS
    rest = (done for done in contribution.deeds if done is not known and done.day > oldest)
    contribution = replace(contribution, deeds=tuple(sorted((*rest, deed), key=_order))[-MOST_DEEDS:])
    turn.put(contribution)
    role = ROLE_OF.get(deed.kind)
    if known is None and role is not None:
        _act(turn, contribution, role, Act(deed.day, deed.event))


def _same(one: Done, other: Done) -> bool:
    return one.kind == other.kind and one.about is not None and one.about == other.about


def _order(deed: Done) -> tuple[int, str, str]:
    return deed.day, deed.kind, deed.event


def undone(turn: Turn, member: str, *, post: str) -> None:
    """What a deed was about is gone: it is no deed, and no act of a role."""
    contribution = turn.get(Contribution, member)
    if contribution is None:
        return
    gone = tuple(deed for deed in contribution.deeds if deed.post == post)
    if not gone:
        return
    events = {deed.event for deed in gone}
    parts = tuple(
        part._replace(acts=tuple(act for act in part.acts if act.by not in events)) for part in contribution.parts
    )
    deeds = tuple(deed for deed in contribution.deeds if deed not in gone)
    turn.put(replace(contribution, deeds=deeds, parts=parts))


def _act(turn: Turn, contribution: Contribution, name: str, act: Act) -> None:
    """One more act of a role; with enough of them in the window it is recognised."""
    figures = turn.playbook.recognition
    part = next((part for part in contribution.parts if part.role == name), Part(name, ()))
    acts = tuple(sorted((*part.acts, act)))[-max(1, figures.role_acts) :]
    part = part._replace(acts=acts)
    recent = [one for one in acts if one.day > act.day - figures.role_days]
    earned = not part.earned and len(recent) >= figures.role_acts
    if earned:
        part = part._replace(earned=True)
    others = (other for other in contribution.parts if other.role != name)
    turn.put(replace(contribution, parts=tuple(sorted((*others, part)))))
    if earned:
        _said(turn, contribution.member, part, "earned", len(recent))
        look_by(turn, contribution.member, date.fromordinal(acts[-1].day + figures.role_lapse_days))


def _said(turn: Turn, member: str, part: Part, status: str, acts: int) -> None:
    figures = turn.playbook.recognition
    threshold = (
        f"{figures.role_acts} in {figures.role_days} days"
        if status == "earned"
        else f"{figures.role_lapse_days} days without"
    )
    say(
        turn,
        RoleRecognised(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(f"{ROLES}.{part.role}", threshold=threshold, actual=acts, evidence=(a.by for a in part.acts)),
            ),
            member=member,
            role=part.role,
            status=status,
            acts=acts,
        ),
        rule=ROLES,
        key=f"{member}/{part.role}/{status}",
        about=member,
        name=part.role,
    )


def lapsed(turn: Turn, member: str) -> date | None:
    """Roles without an act for too long lapse. Answers the next day on which one could."""
    contribution = turn.get(Contribution, member)
    if contribution is None:
        return None
    figures, day = turn.playbook.recognition, today(turn).toordinal()
    following: int | None = None
    parts: list[Part] = []
    for part in contribution.parts:
        if not part.earned:
            parts.append(part)
            continue
        ends = (part.acts[-1].day if part.acts else 0) + figures.role_lapse_days
        if ends <= day:
            parts.append(part._replace(earned=False))
            _said(turn, member, part, "lapsed", 0)
        else:
            parts.append(part)
            following = ends if following is None else min(following, ends)
    if tuple(parts) != contribution.parts:
        turn.put(replace(contribution, parts=tuple(parts)))
    return None if following is None else date.fromordinal(following)


def look_by(turn: Turn, member: str, day: date) -> None:
    """See to it that somebody is looked at on a day, or before."""
    standing = standing_of(turn, member)
    earliest = max(day, date.fromordinal(today(turn).toordinal() + 1))
    if standing.look_on is None or earliest < standing.look_on:
        turn.put(replace(standing, look_on=earliest))
    elif turn.get(Standing, member) is None:
        turn.put(standing)


def learnt(turn: Turn, member: str, tags: tuple[str, ...], ordinal: int) -> None:
    """An answer on these skills was accepted."""
    if tags:
        contribution = contribution_of(turn, member)
        known = (*contribution.learnt, *(Learnt(tag, ordinal) for tag in tags))
        turn.put(replace(contribution, learnt=known[-MOST_LEARNT:]))


def skills_of(turn: Turn, member: str) -> tuple[str, ...]:
    """Skills as slugs, sorted: declared, or shown by three accepted answers in half a year."""
    person = turn.person(member)
    declared = skills_named(turn.playbook.skill_index, person.skills) if person is not None else ()
    contribution = turn.get(Contribution, member)
    oldest = today(turn).toordinal() - LEARNT_DAYS
    recent = [one.skill for one in contribution.learnt if one.day > oldest] if contribution is not None else []
    shown = (skill for skill in dict.fromkeys(recent) if recent.count(skill) >= LEARNT_ANSWERS)
    return tuple(sorted({*declared, *shown}))


def roles_of(contribution: Contribution | None) -> tuple[str, ...]:
    """The roles that are recognised now."""
    return tuple(part.role for part in contribution.parts if part.earned) if contribution is not None else ()
