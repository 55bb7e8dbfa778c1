"""Where recognition keeps what it knows: its tables, and the SQL of every selection."""

from typing import Any

from chassis.tables import Statement, Table
from contracts.turn import Selection
from recognition import state, state_book, state_circle, state_threads
from recognition.rules.clocks import PULSES

LINE = Table(row=state.Line, name="ledger", key=("line",))
ACTIVITY = Table(row=state.Activity, name="activity", key=("member",))
ACCOUNT = Table(row=state.Account, name="account", key=("member",))
STANDING = Table(row=state.Standing, name="standing", key=("member",))
GIVER = Table(row=state.Giver, name="giver", key=("member",))
PAIR = Table(row=state.Pair, name="pair", key=("receiver", "giver"))
POST = Table(row=state_threads.Post, name="post", key=("post",))
THREAD = Table(row=state_threads.Thread, name="thread", key=("thread",))
CONTRIBUTION = Table(row=state_book.Contribution, name="contribution", key=("member",))
HELP = Table(row=state_book.Help, name="help", key=("member",))
SUSPICION = Table(row=state_book.Suspicion, name="suspicion", key=("suspicion",))
CANDIDATE = Table(row=state_circle.Candidate, name="candidate", key=("member",))
RELAY = Table(row=state_circle.Relay, name="relay", key=("member",))
GRANT = Table(row=state_circle.Grant, name="perk_grant", key=("perk", "member"))
TASK = Table(row=state_circle.Task, name="task", key=("task",))
PAIRED = Table(row=state_circle.Paired, name="paired", key=("member",))
FEEDBACK = Table(row=state_book.Feedback, name="feedback", key=("feedback",))
MEETUP = Table(row=state_book.Meetup, name="meetup", key=("meetup",))
SAME_PERSON = Table(row=state_book.SamePerson, name="same_person", key=("member",))
SAID = Table(row=state_book.Said, name="said", key=("decision",))
ROUND = Table(row=state_book.Round, name="round", key=("thanks",))
BOOK = Table(row=state_book.Book, name="book", key=())

TABLES: tuple[Table[Any], ...] = (
    *(LINE, ACTIVITY, ACCOUNT, STANDING, GIVER, PAIR, POST, THREAD, CONTRIBUTION, HELP, SUSPICION, CANDIDATE, RELAY),
    *(GRANT, TASK, PAIRED, FEEDBACK, MEETUP, SAME_PERSON, SAID, ROUND, BOOK),
)


def _where(table: Table[Any], selection: Selection[Any], condition: str, order: str) -> Statement:
    where = f"community = $1 and {condition}" if condition else "community = $1"
    return Statement(selection, f"select {table.names} from {table.name} where {where} order by {order}")


def _names(field: str, at: str = "$2") -> str:
    """Rows whose list of names holds a value."""
    return f"{field} @> jsonb_build_array({at}::text)"


def _holds(field: str, position: int) -> str:
    """Rows whose list of tuples has a value at a position."""
    return f"exists (select 1 from jsonb_array_elements({field}) part where part ->> {position} = $2)"


STATEMENTS: tuple[Statement, ...] = (
    _where(LINE, state.LINES_OF, "member = $2", "written_at, line"),
    _where(LINE, state.LINES_ABOUT, "post = $2", "written_at, line"),
    _where(LINE, state.LINES_GIVEN, "giver = $2", "written_at, line"),
    _where(ACTIVITY, state.ACTIVE_IN_WEEK, "week = $2", "member"),
    _where(STANDING, state.TO_LOOK_AT, "look_on = $2::text::date", "member"),
    _where(STANDING, state.AT_STRATUM, "stratum = $2::text::bigint and stratum > 0", "member"),
    _where(STANDING, state.GREETED_BY, "greeting ->> 0 = $2", "member"),
    _where(PAIR, state.PAIRS_GIVEN, "giver = $2", "receiver"),
    _where(PAIR, state.PAIRS_RECEIVED, "receiver = $2", "giver"),
    _where(PAIR, state.PAIRS_ON, "touched_on = $2::text::date", "receiver, giver"),
    _where(POST, state_threads.POSTS_ON, "touched_on = $2::text::date", "post"),
    _where(POST, state_threads.POSTS_OF, "member = $2", "post"),
    _where(POST, state_threads.POSTS_AT, "url = $2 and member is not null", "post"),
    _where(POST, state_threads.POSTS_AWAITED_BY, f"waiting <> '[]' and {_holds('waiting', 1)}", "post"),
    _where(THREAD, state_threads.THREADS_ON, "touched_on = $2::text::date", "thread"),
    _where(THREAD, state_threads.THREADS_EARLY, "early <> '[]'", "thread"),
    _where(THREAD, state_threads.THREADS_NAMING, f"(author = $2 or {_names('others')})", "thread"),
    _where(HELP, state_book.HELPS, "", "member"),
    _where(CONTRIBUTION, state_book.CONTRIBUTIONS_NAMING, _holds("deeds", 5), "member"),
    _where(SUSPICION, state_book.SUSPICIONS_NAMING, "(first = $2 or second = $2)", "suspicion"),
    _where(CANDIDATE, state_circle.CANDIDATES, "", "touched_on, member"),
    _where(CANDIDATE, state_circle.CANDIDATES_OF, _holds("nominations", 0), "member"),
    _where(RELAY, state_circle.CIRCLE, "", "since, member"),
    _where(GRANT, state_circle.GRANTS, "perk = $2 and not ended", "member"),
    _where(GRANT, state_circle.GRANTS_OF, "member = $2", "perk"),
    _where(TASK, state_circle.TASKS_IN, "state = $2", "touched_on, task"),
    _where(TASK, state_circle.TASKS_OF, "member = $2 and state in ('offered', 'assigned')", "task"),
    _where(TASK, state_circle.TASKS_NAMING, f"(member = $2 or {_names('tried')})", "task"),
    _where(TASK, state_circle.TASKS_ON, "touched_on = $2::text::date", "task"),
    _where(PAIRED, state_circle.PAIRED_WITH, _names("relays"), "member"),
    _where(FEEDBACK, state_book.FEEDBACK_OF, "member = $2", "feedback"),
    _where(FEEDBACK, state_book.FEEDBACK_ON, "touched_on = $2::text::date", "feedback"),
    _where(MEETUP, state_book.MEETUPS_ON, "touched_on = $2::text::date", "meetup"),
    _where(MEETUP, state_book.MEETUPS_NAMING, f"(host = $2 or {_names('came')})", "meetup"),
    _where(SAID, state_book.SAID_ON, "touched_on = $2::text::date", "decision"),
    _where(SAID, state_book.SAID_ABOUT, "about = $2", "decision"),
    _where(ROUND, state_book.ROUNDS, "", "thanks"),
)
__all__ = ["PULSES", "STATEMENTS", "TABLES"]
