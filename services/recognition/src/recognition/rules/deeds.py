"""Acts beside posts: meet-ups, beta reports, feedback, advocacy, editing, and the skills of who helps."""

from msgspec.structs import replace

from contracts.community import is_restricted
from contracts.decisions import SynthesisPublished
from contracts.envelope import AnyEvent
from contracts.naming import one_line
from contracts.sensitive import said, sensitive
from contracts.turn import Turn
from recognition.rules.clocks import today
from recognition.rules.contributions import did
from recognition.rules.counting import counts, is_self, ordinal_at, standing_of
from recognition.rules.ledger import HUNDRED, Earning, award
from recognition.rules.presence import acted
from recognition.rules.strata import judge
from recognition.state import Standing
from recognition.state_book import Done, Feedback, Meetup

MOST_CAME = 500


def _earn(turn: Turn, member: str, act: str, points: int, event: AnyEvent, *, mark: str | None = None) -> None:
    full = points * HUNDRED
    award(turn, Earning(member, act, full, full, event.id, ordinal_at(turn, event.time), mark=mark))
    if turn.get(Standing, member) is None:
        turn.put(standing_of(turn, member))


def hosted(turn: Turn, event: AnyEvent) -> None:
    """Somebody hosted a meet-up; it counts once for each."""
    data = event.data
    if data.member is None or not counts(turn, data.member):
        return
    meetup = turn.get(Meetup, data.meetup) or Meetup(meetup=data.meetup, touched_on=today(turn))
    if meetup.host == data.member:
        return
    hidden = data.channel is not None and is_restricted(turn.place(data.channel))
    title = None if hidden else one_line(data.title) or meetup.title
    turn.put(replace(meetup, host=data.member, title=title, touched_on=today(turn)))
    acted(turn, data.member, event, posts=1)
    _earn(turn, data.member, "meetup_hosted", turn.playbook.recognition.points.meetup_hosted_points, event)
    day = ordinal_at(turn, event.time)
    did(turn, data.member, Done("meetup", day, event.id, data.meetup, title=title))
    judge(turn, data.member, event.id)


def attended(turn: Turn, event: AnyEvent) -> None:
    """Somebody came to a meet-up."""
    data = event.data
    if data.member is None or not counts(turn, data.member):
        return
    meetup = turn.get(Meetup, data.meetup) or Meetup(meetup=data.meetup, touched_on=today(turn))
    if data.member in meetup.came or data.member == meetup.host:
        return
    turn.put(replace(meetup, came=(*meetup.came, data.member)[-MOST_CAME:], touched_on=today(turn)))
    acted(turn, data.member, event, posts=1)
    _earn(turn, data.member, "meetup_attended", turn.playbook.recognition.points.meetup_attended_points, event)
    judge(turn, data.member, event.id)


def tested(turn: Turn, event: AnyEvent) -> None:
    """A tester told what they found."""
    data = event.data
    if counts(turn, data.member):
        _earn(turn, data.member, "beta_report", turn.playbook.recognition.points.beta_report_points, event)
        did(turn, data.member, Done("test", ordinal_at(turn, event.time), event.id, event.id, title=None))
        judge(turn, data.member, event.id)


def spoke_for(turn: Turn, event: AnyEvent) -> None:
    """Somebody spoke for the community outside: it counts once somebody else confirms it."""
    data = event.data
    confirmed = data.confirmed_by is not None and not is_self(turn, data.confirmed_by, data.member)
    if confirmed and counts(turn, data.member):
        _earn(turn, data.member, "advocacy", turn.playbook.recognition.points.advocacy_points, event)
        did(turn, data.member, Done("advocacy", ordinal_at(turn, event.time), event.id, event.id))
        judge(turn, data.member, event.id)


def fed_back(turn: Turn, event: AnyEvent) -> None:
    """Feedback waits for its outcome."""
    data = event.data
    if data.member is not None and turn.get(Feedback, data.feedback) is None:
        # Feedback that cries for help, or complains, is thanked for without a word of it.
        quotable = sensitive(turn.playbook, said(data.title, data.body)) is None
        title = one_line(data.title) if quotable else None
        turn.put(Feedback(feedback=data.feedback, member=data.member, touched_on=today(turn), title=title))


def feedback_answered(turn: Turn, event: AnyEvent) -> None:
    """Feedback has its outcome: adopted, it counts."""
    data = event.data
    row = turn.get(Feedback, data.feedback)
    member = data.member or (row.member if row is not None else None)
    if row is not None:
        turn.drop(Feedback, data.feedback)
    if data.outcome != "adopted" or member is None or not counts(turn, member) or is_self(turn, data.by, member):
        return
    points = turn.playbook.recognition.points.feedback_adopted_points
    _earn(turn, member, "feedback_adopted", points, event, mark=data.feedback)
    day = ordinal_at(turn, event.time)
    title = row.title if row is not None else None
    did(turn, member, Done("feedback", day, event.id, f"feedback/{data.feedback}", title=title))
    judge(turn, member, event.id)


def edited(turn: Turn, event: AnyEvent) -> None:
    """Somebody wrote the weekly synthesis in their own words."""
    data = event.data
    if counts(turn, data.member):
        did(turn, data.member, Done("synthesis", ordinal_at(turn, event.time), event.id, f"synthesis/{data.synthesis}"))


def published(turn: Turn, event: AnyEvent) -> None:
    """Digest's word: a synthesis went out under an editor's name."""
    data: SynthesisPublished = event.data
    editor = getattr(data, "editor", None)
    if editor is not None and counts(turn, editor):
        name = f"synthesis/{data.synthesis}"
        did(turn, editor, Done("synthesis", ordinal_at(turn, event.time), event.id, name))
