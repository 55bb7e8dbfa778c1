"""Naming: how texts call people, and in which voice they are spoken to."""

from contracts.people import Person
from contracts.playbook import Playbook, Voice
from contracts.turn import To, Turn

CORE_TEAM = To(kind="role", id="core_team")
MANAGER = To(kind="role", id="manager")
RELAYS = To(kind="role", id="relays")
WELCOMERS = To(kind="role", id="welcomers")
SPONSORS = To(kind="role", id="sponsors")


def to_member(member: str) -> To:
    """A message to one person."""
    return To(kind="member", id=member)


def name_of(turn: Turn, member: str) -> str:
    """How texts name a person: the playbook's name for the core team, the platform's, else the id."""
    person = turn.person(member)
    return playbook_name(turn.playbook, member) or (person.display_name if person is not None else None) or member


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
