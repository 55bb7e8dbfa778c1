"""Expertise: what people can help with. Declared, or derived from answers that were accepted or thanked."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import name_of, to_member
from contracts.people import Person, is_bot, is_staff, may_be_asked
from contracts.reasons import because
from contracts.skills import skills_named
from contracts.turn import Act, Message, Turn
from support.rules.speech import is_for_the_team
from support.state import HELPERS, Credit, Helper, Question, Thread, Word

SKILL = "derived_skill"
MOST_CREDITS = 60


def profile_changed(turn: Turn, event: AnyEvent) -> None:
    """Keep the skills of members at hand."""
    _declared(turn, turn.person(event.data.member))


def _declared(turn: Turn, person: Person | None) -> None:
    if person is None:
        return
    known = turn.get(Helper, person.member)
    out = is_bot(person) or is_staff(person, person.member, turn.playbook)
    skills = () if out else skills_named(turn.playbook.skill_index, person.skills)
    if known is None:
        if skills:
            turn.put(_filed(turn, Helper(member=person.member, declared=skills)))
        return
    # Who wants no profile is found by what they declared alone.
    earned = known.credits if person.profiling else ()
    if known.declared != skills or known.credits != earned:
        turn.put(_filed(turn, replace(known, declared=skills, credits=earned)))


def configured(turn: Turn, _event: AnyEvent) -> None:
    """A new playbook may name skills otherwise."""
    for helper in turn.find(HELPERS):
        _declared(turn, turn.person(helper.member))


def derived(turn: Turn, helper: Helper) -> tuple[str, ...]:
    """Skills that accepted or thanked answers show, sorted: so many on a tag in so many days, not refused."""
    counts = _counts(turn, helper)
    least = turn.playbook.support.derived_skill_answers
    return tuple(sorted(skill for skill, count in counts.items() if count >= least and skill not in helper.refused))


def _counts(turn: Turn, helper: Helper) -> dict[str, int]:
    oldest = turn.now - timedelta(days=turn.playbook.support.derived_skill_days)
    counts: dict[str, int] = {}
    for credit in helper.credits:
        if credit.at > oldest:
            counts[credit.skill] = counts.get(credit.skill, 0) + 1
    return counts


def _filed(turn: Turn, helper: Helper) -> Helper:
    """The helper, findable by every skill."""
    return replace(helper, found=tuple(sorted({*helper.declared, *derived(turn, helper)})))


def credit(turn: Turn, thread: Thread, question: Question, word: Word, *, by: str, at: datetime) -> None:
    """An answer was accepted or thanked: it counts for its tags, unless its author wants no profile."""
    member = word.member
    if member is None or not question.skills or member == question.member or is_for_the_team(turn, thread, question):
        return
    person = turn.person(member)
    if person is None or is_bot(person) or is_staff(person, member, turn.playbook) or not person.profiling:
        return
    helper = turn.get(Helper, member) or Helper(member=member)
    if any(known.post == word.post for known in helper.credits):
        return
    oldest = turn.now - timedelta(days=turn.playbook.support.derived_skill_days)
    kept = [known for known in helper.credits if known.at > oldest]
    kept += [Credit(skill=skill, post=word.post, at=at, by=by) for skill in question.skills]
    helper = _filed(turn, replace(helper, credits=tuple(kept[-MOST_CREDITS:])))
    turn.put(_proposed(turn, helper, person))


def uncredit(turn: Turn, member: str | None, post: str) -> None:
    """The answer is no longer accepted, or gone."""
    helper = turn.get(Helper, member) if member is not None else None
    if helper is None:
        return
    rest = tuple(known for known in helper.credits if known.post != post)
    if rest != helper.credits:
        turn.put(_filed(turn, replace(helper, credits=rest)))


def _proposed(turn: Turn, helper: Helper, person: Person) -> Helper:
    """Put the first new derived skill to the member for a yes, once; it is used for matching meanwhile."""
    known = {*helper.declared, *helper.proposed}
    skill = next((skill for skill in derived(turn, helper) if skill not in known), None)
    if skill is None or turn.backfill or not may_be_asked(person, turn.now):
        return helper
    figures = turn.playbook.support
    shows = [credit for credit in helper.credits if credit.skill == skill]
    why = because(
        SKILL,
        threshold=f"{figures.derived_skill_answers} answers in {figures.derived_skill_days} days",
        actual=len(shows),
        evidence=(credit.by for credit in shows),
    )
    skills = [*person.skills, skill]
    turn.request(
        Message(
            key=skill,
            rule=SKILL,
            kind=SKILL,
            template="skill",
            to=to_member(helper.member),
            purse="attention",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={"name": name_of(turn, helper.member), "skill": label(turn, skill, person), "count": len(shows)},
            actions=(
                Act(id="yes", label="yes", fact={"type": "member.updated", "data": {"skills": skills}}),
                Act(id="no", label="rather_not"),
            ),
            because=(why,),
        )
    )
    return replace(helper, proposed=tuple(sorted((*helper.proposed, skill))))


def label(turn: Turn, skill: str, person: Person | None) -> str:
    """A skill as texts name it: the playbook's label, else the slug with its dashes as spaces."""
    voice = turn.playbook.voice(person.locale if person is not None else None)
    for known in turn.playbook.skills:
        if known.skill == skill:
            return known.label.text(voice) or skill
    return skill.replace("-", " ")


def answered(turn: Turn, event: AnyEvent) -> None:
    """No to a derived skill: the person is not matched by it any more."""
    asked = turn.asked(event.data.request)
    if asked is None or asked.rule != SKILL or asked.to.id != event.data.member or event.data.answer != "no":
        return
    helper = turn.get(Helper, event.data.member)
    if helper is not None:
        turn.put(_filed(turn, replace(helper, refused=tuple(sorted({*helper.refused, asked.key})))))
