"""Introduction: those who agreed, by skills and experience, to the people most likely to answer."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.choice import stable_hash
from contracts.decisions import MemberIntroduced
from contracts.envelope import Because
from contracts.identity import EPOCH
from contracts.people import is_staff, may_be_asked, may_be_named, stopped
from contracts.playbook import WEEKDAYS, Playbook
from contracts.skills import skills_named
from contracts.turn import Message, To, Turn, Value
from onboarding.rules.clocks import next_daily
from onboarding.rules.guides import derived
from onboarding.rules.speech import because, channel_for, name_of, one_line, say, skill_words, voice_of
from onboarding.state import GUIDES_ANSWERING, GUIDES_BY_SKILL, WANTING, Guide, Newcomer

INTRODUCTION = "introduction"
LONGEST_EXPERIENCE = 140
ROUND_LIFETIME = timedelta(days=2)
"""Until about the next one."""


def due(playbook: Playbook, after: datetime) -> datetime:
    """The next Tuesday or Thursday at 10:00, strictly after an instant."""
    figures = playbook.onboarding
    moment = next_daily(playbook, figures.introduction_time, after)
    while WEEKDAYS[moment.astimezone(playbook.zone).weekday()] not in figures.introduction_weekdays:
        moment = next_daily(playbook, figures.introduction_time, moment)
    return moment


def fire(turn: Turn, _due: datetime) -> None:
    """Introduce the oldest of those who agreed; who has waited too long for a turn is left in peace."""
    figures = turn.playbook.onboarding
    chosen: list[Newcomer] = []
    for newcomer in turn.find(WANTING):
        wanted_at = newcomer.wanted_at or turn.now
        if turn.now - wanted_at > timedelta(days=figures.introduction_carry_days):
            turn.put(replace(newcomer, introduction="passed"))
            continue
        if newcomer.welcomed_at is None or newcomer.alive_at is None or not _may_be_introduced(turn, newcomer.member):
            continue
        if len(chosen) < figures.introduction_most:
            chosen.append(newcomer)
    if chosen:
        _introduce(turn, chosen)


def _may_be_introduced(turn: Turn, member: str) -> bool:
    person = turn.person(member)
    return (
        person is not None
        and person.introduce is True
        and may_be_asked(person, turn.now)
        and not person.bot
        and not is_staff(person, member, turn.playbook)
    )


def _introduce(turn: Turn, chosen: list[Newcomer]) -> None:
    figures = turn.playbook.onboarding
    index = turn.playbook.skill_index
    voice = voice_of(turn, None)
    skills = {
        newcomer.member: skills_named(index, person.skills)
        for newcomer in chosen
        if (person := turn.person(newcomer.member)) is not None
    }
    helpers = _helpers(turn, skills)
    channel, _ = channel_for(turn, "introductions")
    name = turn.now.isoformat()
    people: list[Value] = []
    decisions = []
    for newcomer in chosen:
        person = turn.person(newcomer.member)
        shown = skills.get(newcomer.member, ())[: figures.introduction_skills_most]
        experience = one_line(person.experience, LONGEST_EXPERIENCE) if person is not None else None
        decision = say(
            turn,
            MemberIntroduced(
                community=turn.slug,
                playbook=turn.version,
                because=_reasons(turn, newcomer, helpers, skills),
                member=newcomer.member,
                round=name,
                skills=shown,
                experience=experience,
                helpers=tuple(guide.member for guide in helpers),
                channel=channel,
            ),
            rule=INTRODUCTION,
            key=newcomer.member,
            about=newcomer.member,
            text=name,
        )
        decisions.append(decision)
        turn.put(replace(newcomer, introduction="introduced"))
        motives = person.motivations if person is not None else ()
        people.append(
            {
                "name": name_of(turn, newcomer.member),
                "skills": skill_words(turn, voice, shown),
                "experience": experience,
                "motivation": motives[0] if motives else None,
            }
        )
    for guide in helpers:
        turn.put(replace(guide, named_at=turn.now))
    turn.request(
        Message(
            key=name,
            rule=INTRODUCTION,
            kind=INTRODUCTION,
            template="introduction",
            to=To(kind="channel", id=channel),
            purse="none",
            lifetime=ROUND_LIFETIME,
            values={"people": tuple(people), "helpers": tuple(name_of(turn, guide.member) for guide in helpers)},
            serves=decisions[0],
            mentions=(*(newcomer.member for newcomer in chosen), *(guide.member for guide in helpers)),
            because=(
                because(
                    INTRODUCTION, threshold=figures.introduction_most, actual=len(chosen), evidence=tuple(decisions)
                ),
            ),
        )
    )


def _reasons(
    turn: Turn, newcomer: Newcomer, helpers: tuple[Guide, ...], skills: dict[str, tuple[str, ...]]
) -> tuple[Because, ...]:
    figures = turn.playbook.onboarding
    wanted = {skill for named in skills.values() for skill in named}
    shared = sorted({skill for guide in helpers for skill in (*guide.skills, *derived(guide, turn.now))} & wanted)
    return (
        because(INTRODUCTION, threshold="agreed", actual="yes", evidence=(newcomer.introduction_by,)),
        because(
            "introduction.helpers",
            threshold=f"{figures.introduction_helpers_least} to {figures.introduction_helpers_most}, by shared skills,"
            " then answers to newcomers, then least recently named",
            actual=f"{len(helpers)}: {', '.join(shared) or 'no shared skill'}",
            evidence=(newcomer.introduction_by,),
        ),
    )


def _helpers(turn: Turn, skills: dict[str, tuple[str, ...]]) -> tuple[Guide, ...]:
    """The members most likely to answer: shared skills, then answers to newcomers, then least recently named."""
    figures = turn.playbook.onboarding
    wanted = sorted({skill for named in skills.values() for skill in named})
    found = {guide.member: guide for skill in wanted for guide in turn.find(GUIDES_BY_SKILL, skill)}
    found |= {guide.member: guide for guide in turn.find(GUIDES_ANSWERING)}
    ranked = []
    for guide in found.values():
        shared = len({*guide.skills, *derived(guide, turn.now)}.intersection(wanted))
        oldest = turn.now - timedelta(days=figures.introduction_helper_history_days)
        answers = sum(at > oldest for at in guide.answers)
        if (shared or answers) and guide.member not in skills and _may_be_named(turn, guide):
            ranked.append((-shared, -answers, guide.named_at or EPOCH, stable_hash(INTRODUCTION, guide.member), guide))
    ranked.sort(key=lambda entry: (*entry[:4], entry[4].member))
    best = tuple(entry[4] for entry in ranked[: figures.introduction_helpers_most])
    # One name alone would be put on the spot: fewer than the least, and nobody is named.
    return best if len(best) >= figures.introduction_helpers_least else ()


def _is_new(turn: Turn, member: str) -> bool:
    """Whether somebody is still arriving: they are introduced, not called on."""
    newcomer = turn.get(Newcomer, member)
    if newcomer is None or newcomer.joined_at is None or newcomer.onboarded_at is not None:
        return False
    return turn.now - newcomer.joined_at < timedelta(days=turn.playbook.onboarding.stalled_days)


def _may_be_named(turn: Turn, guide: Guide) -> bool:
    person = turn.person(guide.member)
    rest = timedelta(days=turn.playbook.onboarding.introduction_helper_rest_days)
    rested = guide.named_at is None or turn.now - guide.named_at >= rest
    if not rested or person is None or person.bot or is_staff(person, guide.member, turn.playbook):
        return False
    if _is_new(turn, guide.member):
        return False
    return may_be_named(person) and may_be_asked(person, turn.now) and not stopped(person, INTRODUCTION)
