"""How rules give reasons, name people, choose voices and places, and put down what a human may overrule."""

from collections.abc import Iterable

from contracts.activity import local_day
from contracts.envelope import Because, Decision, EvidenceRange, Figure
from contracts.people import Person, may_be_named
from contracts.playbook import Voice
from contracts.turn import To, Turn, Value
from onboarding.state import Climate, Said

CORE_TEAM = To(kind="role", id="core_team")
MANAGER = To(kind="role", id="manager")
WELCOMERS = To(kind="role", id="welcomers")
MOST_EVIDENCE = 20


def because(
    rule: str, *, threshold: Figure = None, actual: Figure = None, evidence: Iterable[str | None] = ()
) -> Because:
    """One reason. Evidence longer than 20 ids becomes the first, the last and their count."""
    ids = tuple(dict.fromkeys(event for event in evidence if event))
    if len(ids) > MOST_EVIDENCE:
        return Because(
            rule=rule,
            threshold=threshold,
            actual=actual,
            evidence=EvidenceRange(first=ids[0], last=ids[-1], count=len(ids)),
        )
    return Because(rule=rule, threshold=threshold, actual=actual, evidence=ids)


def say(turn: Turn, decision: Decision, *, rule: str, key: str, about: str, text: str = "") -> str:
    """Decide what a human may overrule within 30 days; answers its id.

    Args:
        turn: the turn.
        decision: what is decided.
        rule: whose decision it is.
        key: tells it from others of that rule and type in the same turn.
        about: the member, or the wave, hold or promise, that it is about.
        text: the key of the text about it, where that is not the member's.
    """
    decided = turn.decide(decision, rule=rule, key=key)
    day = local_day(turn.now, turn.playbook.zone)
    turn.put(Said(decision=decided, type=decision.TYPE, about=about, text=text, day=day))
    return decided


def to_member(member: str) -> To:
    """A message to one person."""
    return To(kind="member", id=member)


def one_line(words: str | None) -> str | None:
    """A name, a title or a line of somebody's on one line: it is no place for a paragraph. None for nothing."""
    return " ".join(part.strip() for part in (words or "").splitlines() if part.strip()) or None


def name_of(turn: Turn, member: str) -> str:
    """How texts name a person: the playbook's name for the core team, the platform's, else the id."""
    for colleague in turn.playbook.people.core_team:
        if colleague.member == member:
            return colleague.name
    person = turn.person(member)
    return (one_line(person.display_name) if person is not None else None) or member


def voice_of(turn: Turn, person: Person | None) -> Voice:
    """The voice in which the courier will speak to that person; to a place or a role, the community's."""
    return turn.playbook.voice(None if person is None else person.locale)


def team_names(turn: Turn, most: int) -> tuple[str, ...]:
    """People of the core team who are there today, by name."""
    day = local_day(turn.now, turn.playbook.zone)
    there = (member for member in turn.playbook.people.on_duty(day) if may_be_named(turn.person(member)))
    return tuple(name_of(turn, member) for member in there)[:most]


def contact(turn: Turn, relay: str | None) -> str | None:
    """Somebody to turn to: the relay, else one of the core team; None where nobody is known."""
    if relay is not None:
        return name_of(turn, relay)
    return next(iter(team_names(turn, 1)), None)


def channel_for(turn: Turn, purpose: str) -> tuple[str, str | None]:
    """Where texts of a purpose go, and what members call the place.

    The playbook's channel, else one that a platform described so, else the general one, else the community itself,
    which has no name.
    """
    places = turn.playbook.places
    for wanted in (purpose, "general"):
        channel = getattr(places, wanted)
        if channel is not None:
            return channel.channel, channel.label
        climate = turn.get(Climate)
        for described, name in climate.purposes if climate is not None else ():
            if described == wanted:
                return name, name
    return turn.slug, None


def totem(turn: Turn, voice: Voice) -> str | None:
    """What people here mostly talk about; None where the playbook does not say."""
    return turn.playbook.totem.text(voice) if turn.playbook.totem is not None else None


def skill_words(turn: Turn, voice: Voice, skills: Iterable[str]) -> tuple[str, ...]:
    """Skills as texts name them: the playbook's label, else the slug with its dashes as spaces."""
    labels = {skill.skill: skill.label.text(voice) for skill in turn.playbook.skills}
    return tuple(labels.get(skill) or skill.replace("-", " ") for skill in skills)


def given(**values: Value) -> dict[str, Value]:
    """The values of a template; what is not known is None, and the text leaves it out."""
    return values
