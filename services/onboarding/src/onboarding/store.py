"""Tables and state, and every SQL statement of onboarding. Orders are those of the selections in `state`."""

from chassis.tables import Statement, Table
from onboarding import state

NEWCOMER = Table(row=state.Newcomer, name="newcomer", key=("member",))
DOOR = Table(row=state.Door, name="door", key=())
CLIMATE = Table(row=state.Climate, name="climate", key=())
SAID = Table(row=state.Said, name="said", key=("decision",))
RELAY = Table(row=state.Relay, name="relay", key=("member",))
PAIRING = Table(row=state.Pairing, name="pairing", key=("newcomer",))
GUIDE = Table(row=state.Guide, name="guide", key=("member",))
PRESENCE = Table(row=state.Presence, name="presence", key=("member",))
THREAD = Table(row=state.Thread, name="thread", key=("thread",))
SPONSOR_SEEN = Table(row=state.SponsorSeen, name="sponsor_seen", key=("member",))
PROMISE = Table(row=state.Promise, name="promise", key=("promise",))
WAVE = Table(row=state.Wave, name="wave", key=("wave",))
PROGRAMME = Table(row=state.Programme, name="programme", key=())

TABLES = (
    *(NEWCOMER, DOOR, CLIMATE, SAID, RELAY, PAIRING, GUIDE, PRESENCE, THREAD, SPONSOR_SEEN, PROMISE, WAVE),
    PROGRAMME,
)

_EPOCH = "'1970-01-01T00:00:00Z'::timestamptz"

STATEMENTS = (
    Statement(
        state.WAITING,
        f"select {NEWCOMER.names} from newcomer where community = $1 and waits = $2"
        f" order by coalesce(joined_at, {_EPOCH}), member",
    ),
    Statement(
        state.WAITING_FOR_WAVES,
        f"select {NEWCOMER.names} from newcomer where community = $1 and waits like 'wave:%'"
        f" order by coalesce(joined_at, {_EPOCH}), member",
    ),
    Statement(
        state.WANTING,
        f"select {NEWCOMER.names} from newcomer where community = $1 and introduction = 'wanted'"
        f" order by coalesce(wanted_at, {_EPOCH}), member",
    ),
    Statement(
        state.NUDGED,
        f"select {NEWCOMER.names} from newcomer where community = $1 and nudged_on is not null order by member",
    ),
    Statement(state.RELAYS, f"select {RELAY.names} from relay where community = $1 order by member"),
    Statement(
        state.PAIRINGS_WITH,
        f"select {PAIRING.names} from pairing where community = $1 and relay = $2 and state in ('asking', 'paired')"
        " order by asked_at, newcomer",
    ),
    Statement(
        state.OPEN_PAIRINGS,
        f"select {PAIRING.names} from pairing where community = $1 and relay is not null"
        " and state in ('asking', 'paired') order by newcomer",
    ),
    Statement(
        state.PAIRINGS_NAMING,
        f"select {PAIRING.names} from pairing where community = $1 and (relay = $2 or replaces = $2"
        " or tried @> jsonb_build_array($2::text) or paired @> jsonb_build_array($2::text)) order by newcomer",
    ),
    Statement(
        state.GUIDES_BY_SKILL,
        f"select {GUIDE.names} from guide where community = $1 and (skills @> jsonb_build_array($2::text)"
        " or accepted @> jsonb_build_array(jsonb_build_object('skill', $2::text)))"
        f" order by count desc, coalesce(named_at, {_EPOCH}), member",
    ),
    Statement(
        state.GUIDES_ANSWERING,
        f"select {GUIDE.names} from guide where community = $1 and count > 0"
        f" order by count desc, coalesce(named_at, {_EPOCH}), member",
    ),
    Statement(
        state.THREADS_OF_DAY,
        f"select {THREAD.names} from thread where community = $1 and day = $2::text::date order by thread",
    ),
    Statement(
        state.THREADS_NAMING,
        f"select {THREAD.names} from thread where community = $1 and (author = $2"
        " or awaiting @> jsonb_build_array($2::text)"
        " or words @> jsonb_build_array(jsonb_build_object('member', $2::text))) order by thread",
    ),
    Statement(
        state.OPEN_BY_SKILL,
        f"select {THREAD.names} from thread where community = $1 and open and skills @> jsonb_build_array($2::text)"
        f" order by coalesce(asked_at, {_EPOCH}) desc, thread",
    ),
    Statement(
        state.OPEN_QUESTIONS,
        f"select {THREAD.names} from thread where community = $1 and open"
        f" order by coalesce(asked_at, {_EPOCH}) desc, thread",
    ),
    Statement(
        state.PROMISES_NAMING,
        f"select {PROMISE.names} from promise where community = $1 and (by = $2 or promised_to = $2) order by promise",
    ),
    Statement(
        state.SAID_OF_DAY,
        f"select {SAID.names} from said where community = $1 and day = $2::text::date order by decision",
    ),
    Statement(state.SAID_ABOUT, f"select {SAID.names} from said where community = $1 and about = $2 order by decision"),
)
