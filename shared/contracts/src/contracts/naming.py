"""Naming: how texts call people, threads, skills and places, and in which voice people are spoken to."""

from collections.abc import Iterable

from contracts.people import Person
from contracts.playbook import Playbook, Voice
from contracts.turn import To, Turn

CORE_TEAM = To(kind="role", id="core_team")
MANAGER = To(kind="role", id="manager")
RELAYS = To(kind="role", id="relays")
WELCOMERS = To(kind="role", id="welcomers")
SPONSORS = To(kind="role", id="sponsors")


LONGEST_NAME = 60
"""Characters of a name in a text of ours: longer ones are cut, so that nobody's name takes the place of the words."""
LONGEST_HEADING = 120
"""Characters of what a thread, a task or a meet-up is called."""


def one_line(words: str | None, longest: int = LONGEST_HEADING) -> str | None:
    """Somebody's words on one line: no place for a paragraph. None for nothing.

    What is longer than that is cut between words, or within one that is too long by itself, and ends in `…`.
    """
    line = " ".join((words or "").split())
    if len(line) <= longest:
        return line or None
    return (line[: longest - 1].rpartition(" ")[0] or line[: longest - 1]).rstrip(" ,;:.") + "…"


def to_member(member: str) -> To:
    """A message to one person."""
    return To(kind="member", id=member)


def name_of(turn: Turn, member: str) -> str:
    """How texts name a person: the playbook's name for the core team and sponsors, the platform's, else the id."""
    person = turn.person(member)
    name = one_line(person.display_name, LONGEST_NAME) if person is not None else None
    return playbook_name(turn.playbook, member) or name or one_line(member, LONGEST_NAME) or member


def playbook_name(playbook: Playbook, member: str) -> str | None:
    """What the playbook calls somebody of the core team or a sponsor; None for anybody else."""
    people = playbook.people
    names = {
        **{sponsor.member: sponsor.name for sponsor in people.sponsors},
        **{colleague.member: colleague.name for colleague in people.core_team},
    }
    return names.get(member)


def voice_of(turn: Turn, person: Person | None) -> Voice:
    """The voice in which a person is spoken to; None for a place or a role: the community's."""
    return turn.playbook.voice(None if person is None else person.locale)


def skill_words(turn: Turn, voice: Voice, skills: Iterable[str]) -> tuple[str, ...]:
    """Skills as texts name them: the playbook's label, else the slug with its dashes as spaces."""
    labels = {skill.skill: skill.label.text(voice) for skill in turn.playbook.skills}
    return tuple(labels.get(skill) or skill.replace("-", " ") for skill in skills)


def place_for(turn: Turn, purpose: str, described: Iterable[tuple[str, str]]) -> tuple[str, str | None]:
    """Where texts of a purpose go, and what members call the place.

    The playbook's channel, else one that a platform described so, else the general one, else the community itself,
    which has no name.

    Args:
        turn: the turn.
        purpose: `welcome`, `help`, `introductions`, `thanks`, `general` or `team`.
        described: (purpose, channel) as platforms said, the one to be taken first.
    """
    known = tuple(described)
    for wanted in (purpose, "general"):
        channel = getattr(turn.playbook.places, wanted)
        if channel is not None:
            return str(channel.channel), channel.label
        for said, name in known:
            if said == wanted:
                return name, name
    return turn.slug, None


def purposes_after(
    purposes: tuple[tuple[str, str], ...], channel: str, purpose: str | None, visibility: str
) -> tuple[tuple[str, str], ...]:
    """The (purpose, channel) of a community after a channel was described, the newest first.

    A restricted one is for no text of ours. The same object when nothing changed.
    """
    rest = tuple(pair for pair in purposes if pair[1] != channel)
    if purpose is not None and visibility != "restricted":
        rest = ((purpose, channel), *rest)
    return purposes if rest == purposes else rest
