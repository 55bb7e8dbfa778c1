"""Stories of all services together, in turns: what one decides the others hear."""

from datetime import datetime
from typing import Any

from contracts.envelope import AnyEvent
from facts import MONDAY, days, fact, joined
from recorded import installed
from stories import Passing, Story, given

EARLIER = MONDAY - days(35)
"""Well before the story: who joined then is no newcomer in it."""
PLAYBOOK: dict[str, Any] = {
    "people": {"manager": "eve", "core_team": [{"member": "eve", "name": "Ève"}], "founding_relays": ["rea"]},
    "places": {
        "help": {"channel": "aide", "name": "Entraide"},
        "general": {"channel": "general", "name": "Général"},
    },
    "skills": [{"skill": "velo", "label": "le vélo", "synonyms": ["vélo"]}],
}


def together(*happenings: AnyEvent | Passing, playbook: dict[str, Any] | None = None, **options: Any) -> Story:
    """A community that every installed service takes care of: Ève is the core team, Réa may found the circle."""
    usual = {"opened": EARLIER, **options}
    return given(*happenings, services=installed(), playbook=PLAYBOOK | (playbook or {}), **usual)


def old_hands(*names: str, **data: Any) -> list[AnyEvent]:
    """People who have been here for a while."""
    return [joined(name, EARLIER, **data) for name in names]


def tapped(story: Story, member: str, answer: str, at: datetime, *, to: str | None = None, **fields: Any) -> AnyEvent:
    """The member's tap on the newest message with these fields, to them or to their role."""
    found = [message for message in story.every_message(to=to or member, **fields) if message.time <= at]
    return fact("request.answered", at, request=found[-1].data.request, member=member, answer=answer)
