"""Stories of recognition: the service, its usual people, and what stands in its ledger."""

from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import AnyEvent
from facts import MONDAY, accepted, days, fact, hours, joined, minutes, posted, reacted, replied
from recognition.rules.half_life import worth
from recognition.rules.ledger import Line
from recognition.service import RECOGNITION
from recognition.state import Account, Activity, Standing
from stories import Story, given

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


def conversation(asker: str, helper: str, at: datetime, *, post: str, **data: Any) -> list[AnyEvent]:
    """A question and its answer, an hour apart."""
    question = {"kind": "question", "title": f"Question {post} ?", **data}
    return [
        posted(asker, at, post=post, body=f"Je cherche pourquoi {post} ne marche plus.", **question),
        replied(helper, post, at + hours(1), post=f"{post}-a", body=f"Pour {post}, regarde du côté du fusible."),
    ]


def pulse(since: datetime, count: int, member: str = "zoe") -> list[AnyEvent]:
    """The platform speaks once a day: silence of people is no silence of it."""
    return [fact("member.seen", since + days(n), member=member) for n in range(count)]


def regular(
    member: str, since: datetime, count: int, *, asker: str = "zoe", fans: int = 6, named: str | None = None
) -> list[AnyEvent]:
    """So many days of answers to somebody's questions, with reactions; one answer a month is accepted."""
    happened: list[AnyEvent] = []
    named = named or member
    for n in range(count):
        at = since + days(n)
        name = f"{named}-q{n}"
        happened += conversation(asker, member, at, post=name)
        happened.append(reacted(f"fan{n % fans}", f"{name}-a", at + hours(2)))
        happened.append(reacted(member, name, at + hours(2) + minutes(5)))
    for n in range(0, count, 30):
        happened.append(accepted(f"{named}-q{n}-a", f"{named}-q{n}", asker, since + days(n) + hours(3)))
    return sorted(happened, key=lambda event: event.time)


def people(*names: str, at: datetime = EARLIER, **data: Any) -> list[AnyEvent]:
    return [joined(name, at, **data) for name in names]
