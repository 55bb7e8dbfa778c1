"""Tables and state, and every SQL statement of digest. Orders are those of the selections in `state_sets`."""

from chassis.tables import Statement, Table
from digest import state
from digest import state_sets as sets
from digest import state_told as told

THREAD = Table(row=state.Thread, name="thread", key=("thread",))
FOLLOW = Table(row=state.Follow, name="follow", key=("member", "thread"))
DAY = Table(row=state.Day, name="day", key=("day",))
NEWS = Table(row=state.News, name="news", key=("news",))
USE = Table(row=state.Use, name="prompt_use", key=("prompt",))
FLOOR = Table(row=state.Floor, name="floor", key=())
CLIMATE = Table(row=state.Climate, name="climate", key=())
ARRIVAL = Table(row=told.Arrival, name="arrival", key=("member",))
THANKED = Table(row=told.Thanked, name="thanked", key=("member",))
EDITOR = Table(row=told.Editor, name="editor", key=("member",))
SYNTHESIS = Table(row=told.Synthesis, name="synthesis", key=())
READER = Table(row=told.Reader, name="reader", key=("member",))
FEEDBACK = Table(row=told.Feedback, name="feedback", key=("feedback",))
PROMISE = Table(row=told.Promise, name="promise", key=("promise",))
MEETUP = Table(row=told.Meetup, name="meetup", key=("meetup",))
SUBJECT = Table(row=told.Subject, name="subject", key=("month", "kind", "subject"))
NOTE = Table(row=told.Note, name="note", key=("note",))
BRIEF = Table(row=told.Brief, name="brief", key=())
HUSH = Table(row=told.Hush, name="hush", key=("source",))

TABLES = (
    *(THREAD, FOLLOW, DAY, NEWS, USE, FLOOR, CLIMATE, ARRIVAL, THANKED, EDITOR, SYNTHESIS, READER, FEEDBACK, PROMISE),
    *(MEETUP, SUBJECT, NOTE, BRIEF, HUSH),
)

_EPOCH = "'1970-01-01T00:00:00Z'::timestamptz"
_IN_THREAD = f"select {THREAD.names} from thread where community = $1"
_LIVELIEST = f"order by people_count desc, posts desc, coalesce(opened_at, {_EPOCH}), thread"
_ASKS = "open and nature = 'question'"

STATEMENTS = (
    Statement(sets.THREADS_ENDING, f"{_IN_THREAD} and ends_on = $2 order by thread"),
    Statement(
        sets.THREADS_OPENED,
        f"{_IN_THREAD} and opened_on = $2 and author is not null and not ours {_LIVELIEST}",
    ),
    Statement(
        sets.THREADS_NAMING,
        f"{_IN_THREAD} and (author = $2 or answered_by = $2 or lost_answer = $2"
        " or people @> jsonb_build_array($2::text)) order by thread",
    ),
    Statement(sets.THREADS_TAGGED, f"{_IN_THREAD} and tags @> jsonb_build_array($2::text) {_LIVELIEST}"),
    Statement(
        sets.OPEN_QUESTIONS,
        f"{_IN_THREAD} and {_ASKS} order by late desc, shown, coalesce(opened_at, {_EPOCH}), thread",
    ),
    Statement(
        sets.OPEN_TAGGED,
        f"{_IN_THREAD} and {_ASKS} and tags @> jsonb_build_array($2::text)"
        f" order by coalesce(opened_at, {_EPOCH}), thread",
    ),
    Statement(
        sets.FOLLOWS_OF,
        f"select {FOLLOW.names} from follow where community = $1 and thread = $2 order by member, thread",
    ),
    Statement(
        sets.FOLLOWS_BY,
        f"select {FOLLOW.names} from follow where community = $1 and member = $2 order by member, thread",
    ),
    Statement(sets.DAYS, f"select {DAY.names} from day where community = $1 order by day"),
    Statement(sets.NEWS, f"select {NEWS.names} from news where community = $1 order by found_at, news"),
    Statement(sets.USES, f"select {USE.names} from prompt_use where community = $1 order by prompt"),
    Statement(sets.ARRIVALS, f"select {ARRIVAL.names} from arrival where community = $1 order by joined_at, member"),
    Statement(sets.THANKED, f"select {THANKED.names} from thanked where community = $1 order by place, member"),
    Statement(sets.EDITORS, f"select {EDITOR.names} from editor where community = $1 order by member"),
    Statement(sets.READERS, f"select {READER.names} from reader where community = $1 order by member"),
    Statement(
        sets.FEEDBACK_OPEN,
        f"select {FEEDBACK.names} from feedback where community = $1 and outcome is null"
        " order by submitted_at, feedback",
    ),
    Statement(
        sets.FEEDBACK_ANSWERED,
        f"select {FEEDBACK.names} from feedback where community = $1 and outcome is not null"
        f" order by coalesce(answered_at, {_EPOCH}), feedback",
    ),
    Statement(
        sets.FEEDBACK_BY,
        f"select {FEEDBACK.names} from feedback where community = $1 and member = $2 order by feedback",
    ),
    Statement(sets.PROMISES, f"select {PROMISE.names} from promise where community = $1 order by due, promise"),
    Statement(
        sets.MEETUPS, f"select {MEETUP.names} from meetup where community = $1 order by coalesce(at, {_EPOCH}), meetup"
    ),
    Statement(
        sets.MEETUPS_NAMING,
        f"select {MEETUP.names} from meetup where community = $1 and (host = $2"
        " or registered @> jsonb_build_array($2::text) or attended @> jsonb_build_array($2::text)) order by meetup",
    ),
    Statement(
        sets.SUBJECTS,
        f"select {SUBJECT.names} from subject where community = $1 and month = $2 and kind = $3"
        " order by count desc, subject",
    ),
    Statement(
        sets.NOTES, f"select {NOTE.names} from note where community = $1 and slot = $2 order by weight, since, note"
    ),
    Statement(sets.NOTES_ABOUT, f"select {NOTE.names} from note where community = $1 and about = $2 order by note"),
    Statement(sets.NOTES_NAMING, f"select {NOTE.names} from note where community = $1 and member = $2 order by note"),
    Statement(sets.HUSHES, f"select {HUSH.names} from hush where community = $1 order by source"),
)
