"""Tables and state of the measures, and their SQL statements. Orders are those of the selections in `state`."""

from chassis.tables import Statement, Table
from digest.measures import state

PERIOD = Table(row=state.Period, name="measured_period", key=("period",))
PART = Table(row=state.Part, name="measured_part", key=("member",))
TALK = Table(row=state.Talk, name="measured_talk", key=("thread",))
COHORT = Table(row=state.Cohort, name="measured_cohort", key=("week",))
WISH = Table(row=state.Wish, name="measured_wish", key=("member", "need"))
NEED_TOTAL = Table(row=state.NeedTotal, name="measured_need", key=("need",))
REMARK = Table(row=state.Remark, name="measured_remark", key=("feedback",))
AIM = Table(row=state.Aim, name="measured_aim", key=("goal",))
LIFE = Table(row=state.Life, name="measured_life", key=())
TOTALS = Table(row=state.Totals, name="measured_totals", key=())

TABLES = (PERIOD, PART, TALK, COHORT, WISH, NEED_TOTAL, REMARK, AIM, LIFE, TOTALS)

STATEMENTS = (
    Statement(
        state.PERIODS,
        f"select {PERIOD.names} from measured_period where community = $1 and parent = $2 order by period",
    ),
    Statement(state.RECENT, f"select {PART.names} from measured_part where community = $1 and recent order by member"),
    Statement(
        state.QUESTIONS, f"select {TALK.names} from measured_talk where community = $1 and month = $2 order by thread"
    ),
    Statement(
        state.WORDS_DUE,
        f"select {TALK.names} from measured_talk where community = $1 and word_due = $2 order by thread",
    ),
    Statement(
        state.LOOK_AT, f"select {TALK.names} from measured_talk where community = $1 and look = $2 order by thread"
    ),
    Statement(
        state.TALKS_OF,
        f"select {TALK.names} from measured_talk where community = $1 and (author = $2"
        " or early @> jsonb_build_array(jsonb_build_object('member', $2::text)) or short ->> 'member' = $2)"
        " order by thread",
    ),
    Statement(
        state.ASKS_DUE,
        f"select {WISH.names} from measured_wish where community = $1 and ask = $2 order by member, need",
    ),
    Statement(
        state.WISHES_OF, f"select {WISH.names} from measured_wish where community = $1 and member = $2 order by need"
    ),
    Statement(state.NEED_TOTALS, f"select {NEED_TOTAL.names} from measured_need where community = $1 order by need"),
    Statement(
        state.REMARKS_DUE,
        f"select {REMARK.names} from measured_remark where community = $1 and due = $2 order by feedback",
    ),
    Statement(
        state.REMARKS_OPEN,
        f"select {REMARK.names} from measured_remark where community = $1 and outcome is null order by feedback",
    ),
    Statement(state.AIMS, f"select {AIM.names} from measured_aim where community = $1 order by goal"),
)
