"""Stories of this repository: onboarding alone, in French and in Paris, unless a test says otherwise.

story = given(joined("ana", MONDAY))
story.when(passing(MONDAY + minutes(10))).expect("member.welcomed", member="ana")
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chassis.service import Service
from contracts.envelope import AnyEvent
from ruche_replay import story
from ruche_replay.story import Passing, Story, passing
from ruche_replay.told import MESSAGES

__all__ = ["MESSAGES", "Passing", "Story", "given", "ids", "passing"]

USUAL = {"name": "L'Atelier", "language": "fr", "register": "tu", "timezone": "Europe/Paris"}


def given(
    *happenings: AnyEvent | Passing,
    service: Service | None = None,
    services: Sequence[Service] = (),
    playbook: dict[str, Any] | None = None,
    muted: bool = False,
    opened: datetime | None = None,
) -> Story:
    """A community that may speak, under a playbook (French, tu, in Paris), after some facts."""
    return story.given(
        *happenings,
        services=tuple(services) or service or "onboarding",
        playbook={**USUAL, **(playbook or {})},
        muted=muted,
        opened=opened,
    )


def ids(events: Iterable[AnyEvent]) -> list[str]:
    return [event.id for event in events]
