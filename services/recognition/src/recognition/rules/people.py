"""People's own decisions about themselves: they leave, rest, object, are forgotten; and who is one person."""

from datetime import UTC, datetime

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import is_paused
from contracts.turn import Turn
from recognition.rules import perks, relays, strata, tasks
from recognition.rules.clocks import DAY, today
from recognition.rules.counting import standing_of
from recognition.rules.speech import to_member
from recognition.state import (
    GREETED_BY,
    LINES_GIVEN,
    LINES_OF,
    PAIRS_GIVEN,
    PAIRS_RECEIVED,
    Account,
    Activity,
    Giver,
    Line,
    Pair,
    Standing,
)
from recognition.state_book import (
    CONTRIBUTIONS_NAMING,
    FEEDBACK_OF,
    MEETUPS_NAMING,
    ROUNDS,
    SUSPICIONS_NAMING,
    Contribution,
    Feedback,
    Help,
    SamePerson,
    Suspicion,
)
from recognition.state_circle import CANDIDATES_OF, PAIRED_WITH, TASKS_NAMING, Candidate, Paired, Relay
from recognition.state_threads import POSTS_AWAITED_BY, POSTS_OF, THREADS_NAMING, Post

_FOR_EVER = datetime(2999, 1, 1, tzinfo=UTC)


def left(turn: Turn, event: AnyEvent) -> None:
    """Somebody left: what was asked of them goes on to others, and the circle says farewell."""
    member = event.data.member
    person = turn.person(member)
    if person is not None and person.left_at is None:
        return  # they are back already: the leaving came late
    tasks.gone(turn, member, "left", event.id)
    turn.drop(Candidate, member)
    relay = turn.get(Relay, member)
    if relay is not None:
        relays.retire(turn, relay, "left", by=member, evidence=event.id)


def paused(turn: Turn, event: AnyEvent) -> None:
    """Somebody asked for rest: nothing is asked, strata stand still; a relay's place stays."""
    member = event.data.member
    person = turn.person(member)
    relay = turn.get(Relay, member)
    if not is_paused(person, turn.now):
        if relay is not None and relay.resting:
            relays.back(turn, relay, "member", evidence=event.id)
        return
    tasks.gone(turn, member, "paused", event.id)
    for rule, key in (("relay_invitation", member), ("relay_rest", member), ("founding_relay", member)):
        turn.recall(rule, key, to=to_member(member), why="paused")
    if relay is not None:
        relays.rest(turn, relay, "member", evidence=event.id, until=event.data.until)


def chose(turn: Turn, event: AnyEvent) -> None:
    """Somebody wants no profile: no points, no stratum, no roles are kept; milestones passed stay passed."""
    if event.data.profiling is not False:
        return
    member = event.data.member
    person = turn.person(member)
    if person is not None and person.profiling:
        return  # a newer word says otherwise
    known = turn.get(Standing, member)
    _forget_profile(turn, member)
    if known is not None:
        turn.put(
            Standing(
                member=member,
                since=turn.now,
                milestones=known.milestones,
                greeted=known.greeted,
                referred=known.referred,
                sanction_ends=known.sanction_ends,
            )
        )
    for rule in ("stratum", "impact", "thanks", "milestone"):
        turn.recall(rule, member, to=to_member(member), why="profiling")


def _forget_profile(turn: Turn, member: str) -> None:
    for line in turn.find(LINES_OF, member):
        turn.drop(Line, line.line)
    for row in (Activity, Account, Standing, Contribution, Help, Giver):
        turn.drop(row, member)
    for pair in turn.find(PAIRS_RECEIVED, member):
        turn.drop(Pair, pair.receiver, pair.giver)
    for suspicion in turn.find(SUSPICIONS_NAMING, member):
        _drop_suspicion(turn, suspicion)


def _drop_suspicion(turn: Turn, suspicion: Suspicion) -> None:
    turn.drop(Suspicion, suspicion.suspicion)
    for receiver, giver in ((suspicion.first, suspicion.second), (suspicion.second, suspicion.first)):
        pair = turn.get(Pair, receiver, giver)
        if pair is not None:
            turn.put(replace(pair, suspicion=None))


def sanctioned(turn: Turn, event: AnyEvent) -> None:
    """Moderation acted against a member: it is remembered for as long as a stratum asks."""
    data = event.data
    standing = standing_of(turn, data.member)
    ends = data.until or (event.time if data.kind == "warning" else _FOR_EVER)
    if standing.sanction_ends is None or ends > standing.sanction_ends:
        turn.put(replace(standing, sanction_ends=ends, look_on=today(turn) + DAY))


def linked(turn: Turn, event: AnyEvent) -> None:
    """Two ids are one person: what one gives the other is given to oneself."""
    member, other = event.data.member, event.data.other
    for one, two in ((member, other), (other, member)):
        known = turn.get(SamePerson, one)
        others = known.others if known is not None else ()
        if two not in others:
            turn.put(SamePerson(member=one, others=tuple(sorted((*others, two)))))


def unlinked(turn: Turn, event: AnyEvent) -> None:
    """Two ids are not one person, or no longer."""
    _part(turn, event.data.member, event.data.other)
    _part(turn, event.data.other, event.data.member)


def _part(turn: Turn, one: str, two: str) -> None:
    known = turn.get(SamePerson, one)
    if known is None or two not in known.others:
        return
    others = tuple(other for other in known.others if other != two)
    if others:
        turn.put(replace(known, others=others))
    else:
        turn.drop(SamePerson, one)


def erased(turn: Turn, event: AnyEvent) -> None:
    """Somebody is forgotten: gone from every table; totals stay."""
    member = event.data.member
    _forget_profile(turn, member)
    perks.forget(turn, member)
    for row in (Candidate, Relay, Paired):
        turn.drop(row, member)
    same = turn.get(SamePerson, member)
    for other in same.others if same is not None else ():
        _part(turn, other, member)
    turn.drop(SamePerson, member)
    for line in turn.find(LINES_GIVEN, member):
        # A platform may make the ids of its facts of people's.
        turn.put(replace(line, giver=None, event=line.line))
    for pair in turn.find(PAIRS_GIVEN, member):
        turn.drop(Pair, pair.receiver, pair.giver)
    for feedback in turn.find(FEEDBACK_OF, member):
        turn.drop(Feedback, feedback.feedback)
    _forget_words(turn, member)
    _forget_in_rows_of_others(turn, member)
    _forget_tasks(turn, member)


def _forget_words(turn: Turn, member: str) -> None:
    for post in turn.find(POSTS_OF, member):
        turn.drop(Post, post.post)
    for post in turn.find(POSTS_AWAITED_BY, member):
        turn.put(replace(post, waiting=tuple(one for one in post.waiting if one.member != member)))
    for thread in turn.find(THREADS_NAMING, member):
        own = thread.author == member
        turn.put(
            replace(
                thread,
                author=None if own else thread.author,
                title=None if own else thread.title,
                others=tuple(other for other in thread.others if other != member),
                heard=min(thread.heard, sum(other != member for other in thread.others)),
            )
        )


def _forget_in_rows_of_others(turn: Turn, member: str) -> None:
    for standing in turn.find(GREETED_BY, member):
        turn.put(replace(standing, greeting=None))
    for contribution in turn.find(CONTRIBUTIONS_NAMING, member):
        turn.put(replace(contribution, deeds=tuple(deed for deed in contribution.deeds if deed.helped != member)))
    for candidate in turn.find(CANDIDATES_OF, member):
        rest = tuple(one for one in candidate.nominations if one.by != member)
        turn.put(replace(candidate, nominations=rest))
    for paired in turn.find(PAIRED_WITH, member):
        rest_of = tuple(name for name in paired.relays if name != member)
        turn.put(replace(paired, relays=rest_of))
    for meetup in turn.find(MEETUPS_NAMING, member):
        came = tuple(name for name in meetup.came if name != member)
        turn.put(replace(meetup, came=came, host=None if meetup.host == member else meetup.host))
    for round_ in turn.find(ROUNDS):
        people = tuple(name for name in round_.people if name != member)
        edits = tuple(edit for edit in round_.edits if edit.member != member)
        if (people, edits) != (round_.people, round_.edits):
            turn.put(replace(round_, people=people, edits=edits))


def _forget_tasks(turn: Turn, member: str) -> None:
    """What they were asked, or had, is offered to the next, and nobody says whose it was."""
    for task in turn.find(TASKS_NAMING, member):
        tried = tuple(name for name in task.tried if name != member)
        if task.member != member:
            turn.put(replace(task, tried=tried))
        elif task.state == "done":
            turn.put(replace(task, tried=tried, member=None))
        else:
            turn.disarm(tasks.TASK, task.task)
            tasks.offer_next(turn, replace(task, tried=tried, member=None, decision=None))


def joined(turn: Turn, event: AnyEvent) -> None:
    """Somebody who was invited, and took part before the joining was told: whoever invited them has the points."""
    standing = turn.get(Standing, event.data.member)
    if standing is not None and standing.stratum > 0 and not standing.referred:
        after = strata.referred(turn, standing, event.id)
        if after is not standing:
            turn.put(after)


def updated(turn: Turn, event: AnyEvent) -> None:
    """The same, when a profile tells late who invited somebody."""
    if event.data.invited_by is not None:
        joined(turn, event)
