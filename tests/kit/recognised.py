"""Stories of recognition: the service, its usual people, and what stands in its ledger."""

from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import AnyEvent
from facts import MONDAY, joined
from recognition.rules.half_life import worth
from recognition.rules.ledger import Line
from recognition.service import RECOGNITION
from recognition.state import Account, Activity, Standing
from ruche_replay.ready.lives import conversation, pulse, regular
from stories import Story, given

__all__ = [
    "activity",
    "conversation",
    "earned",
    "people",
    "points",
    "pulse",
    "regular",
    "stratum",
    "told",
    "worth_of",
]

EARLIER = MONDAY - timedelta(days=45)


def told(*happenings: Any, playbook: dict[str, Any] | None = None, **options: Any) -> Story:
    """A story of recognition alone, in French, in Paris, after some facts."""
    return given(*happenings, service=RECOGNITION, playbook=playbook, **{"opened": EARLIER, **options})


def points(story: Story, member: str) -> int:
    """The sum of what a member was awarded and lost, unfaded, in hundredths."""
    return sum(line.hundredths for line in story.rows(Line) if line.member == member)


def earned(story: Story, member: str) -> list[tuple[str, int]]:
    """What a member's lines are for, and how much, in hundredths, in the order of their writing."""
    lines = sorted(
        (line for line in story.rows(Line) if line.member == member), key=lambda line: (line.written_at, line.act)
    )
    return [(line.act, line.hundredths) for line in lines]


def worth_of(story: Story, member: str, day: datetime) -> int:
    account = story.row(Account, member)
    return 0 if account is None else worth(account, day.date().toordinal())


def stratum(story: Story, member: str) -> int:
    standing = story.row(Standing, member)
    return 0 if standing is None else standing.stratum


def activity(story: Story, member: str) -> Activity:
    row = story.row(Activity, member)
    assert row is not None
    return row


def people(*names: str, at: datetime = EARLIER, **data: Any) -> list[AnyEvent]:
    return [joined(name, at, **data) for name in names]
