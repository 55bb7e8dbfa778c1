"""What a service tells of a member of a story."""

from typing import Any

from chassis.telling import Audience, Teller
from facts import COMMUNITY
from stories import Story


def telling(story: Story, member: str, audience: Audience = "manager") -> Any:
    """The whole answer of the story's service."""
    (service,) = story.services
    return Teller(service).from_memory(story._turns.shelves[service.name], COMMUNITY, member, audience)


def told_of(story: Story, member: str, part: str, audience: Audience = "manager", language: str = "en") -> list[str]:
    """The sentences of one part."""
    return [tell["words"][language] for tell in telling(story, member, audience)["tells"] if tell["part"] == part]
