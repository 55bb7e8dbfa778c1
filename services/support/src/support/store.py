"""Tables and state: every SQL statement of support."""

from chassis.tables import Statement, Table
from support.state import (
    CRISES,
    HELPERS,
    HELPERS_BY_SKILL,
    OUTCRIES_NAMING,
    OUTCRIES_TO_FORGET,
    PAIRINGS_NAMING,
    RHYTHMS_OF_WEEK,
    SAID_OF_DAY,
    SAID_TO,
    SOLVED_OF,
    SOLVED_OLDEST,
    THREADS_NAMING,
    THREADS_TO_FORGET,
    THREADS_TO_REVIEW,
    Asker,
    Climate,
    Crisis,
    Helper,
    Library,
    Outcry,
    Pairing,
    Relay,
    Rhythm,
    Said,
    Share,
    Solved,
    Term,
    Thread,
    Week,
)

THREAD = Table(row=Thread, name="thread", key=("thread",))
ASKER = Table(row=Asker, name="asker", key=("member",))
RHYTHM = Table(row=Rhythm, name="rhythm", key=("member",))
WEEK = Table(row=Week, name="week", key=("week",))
HELPER = Table(row=Helper, name="helper", key=("member",))
RELAY = Table(row=Relay, name="relay", key=("member",))
PAIRING = Table(row=Pairing, name="pairing", key=("newcomer",))
SOLVED = Table(row=Solved, name="solved", key=("thread",))
TERM = Table(row=Term, name="term", key=("term",))
LIBRARY = Table(row=Library, name="library", key=())
SHARE = Table(row=Share, name="share", key=("month",))
OUTCRY = Table(row=Outcry, name="outcry", key=("subject",))
CRISIS = Table(row=Crisis, name="crisis", key=("crisis",))
CLIMATE = Table(row=Climate, name="climate", key=())
SAID = Table(row=Said, name="said", key=("decision",))

TABLES = (
    *(THREAD, ASKER, RHYTHM, WEEK, HELPER, RELAY, PAIRING, SOLVED, TERM, LIBRARY, SHARE, OUTCRY, CRISIS, CLIMATE),
    SAID,
)

STATEMENTS = (
    Statement(
        THREADS_TO_FORGET,
        f"select {THREAD.names} from thread where community = $1 and until = $2::text::date order by thread",
    ),
    Statement(
        THREADS_TO_REVIEW,
        f"select {THREAD.names} from thread where community = $1 and review = $2::text::date order by thread",
    ),
    Statement(
        THREADS_NAMING,
        f"select {THREAD.names} from thread where community = $1 and people @> jsonb_build_array($2::text)"
        " order by thread",
    ),
    Statement(
        HELPERS_BY_SKILL,
        f"select {HELPER.names} from helper where community = $1 and found @> jsonb_build_array($2::text)"
        " order by asked_at nulls first, member",
    ),
    Statement(HELPERS, f"select {HELPER.names} from helper where community = $1 order by member"),
    Statement(
        PAIRINGS_NAMING,
        f"select {PAIRING.names} from pairing where community = $1 and relays @> jsonb_build_array($2::text)"
        " order by newcomer",
    ),
    Statement(RHYTHMS_OF_WEEK, f"select {RHYTHM.names} from rhythm where community = $1 and week = $2 order by member"),
    Statement(SOLVED_OLDEST, f"select {SOLVED.names} from solved where community = $1 order by solved_at, thread"),
    Statement(SOLVED_OF, f"select {SOLVED.names} from solved where community = $1 and member = $2 order by thread"),
    Statement(
        OUTCRIES_NAMING,
        f"select {OUTCRY.names} from outcry where community = $1 and people @> jsonb_build_array($2::text)"
        " order by subject",
    ),
    Statement(
        OUTCRIES_TO_FORGET,
        f"select {OUTCRY.names} from outcry where community = $1 and until = $2::text::date order by subject",
    ),
    Statement(CRISES, f"select {CRISIS.names} from crisis where community = $1 order by crisis"),
    Statement(
        SAID_OF_DAY, f"select {SAID.names} from said where community = $1 and day = $2::text::date order by decision"
    ),
    Statement(SAID_TO, f"select {SAID.names} from said where community = $1 and who = $2 order by decision"),
)
