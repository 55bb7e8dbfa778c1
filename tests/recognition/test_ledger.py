"""The ledger: append-only, each line with its event; its lines, each faded by its age, are the points at all times."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

from hypothesis import given as supposing
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from facts import MONDAY, accepted, configured, days, fact, hours, kudos, posted
from recognised import conversation, people, told, worth_of
from recognition.rules.half_life import account_from, empty, entered, worth
from recognition.state import Account, Line

START = date(2025, 1, 1).toordinal()


def faded(lines: list[tuple[int, int]], day: int, half_life: int) -> int:
    """The definition: every line faded by its age, to 200 digits, summed, rounded once, half up."""
    with localcontext() as context:
        context.prec = 200
        total = sum(
            (Decimal(amount) * Decimal(2) ** (Decimal(since - day) / half_life) for amount, since in lines), Decimal(0)
        )
        return int(total.quantize(Decimal(1), rounding=ROUND_HALF_UP))


LINES = st.lists(
    st.tuples(st.integers(min_value=1, max_value=5000), st.integers(min_value=START, max_value=START + 1500)),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@supposing(
    lines=LINES, taken=st.sets(st.integers(0, 59)), later=st.integers(0, 4000), half_life=st.sampled_from([7, 90, 91])
)
def test_the_sum_of_the_lines_each_faded_by_its_age_and_rounded_once_is_the_account(lines, taken, later, half_life):
    # What is taken back fades with what it takes back.
    entries = [*lines, *((-lines[n][0], lines[n][1]) for n in sorted(taken) if n < len(lines))]
    account = empty("ana", half_life)
    for amount, since in entries:
        account = entered(account, amount, since)

    day = START + later
    assert worth(account, day) == faded(entries, day, half_life)
    assert len(account.phases) <= half_life


@settings(max_examples=50, deadline=None)
@supposing(lines=LINES, order=st.randoms(use_true_random=False))
def test_an_account_does_not_depend_on_the_order_of_its_lines(lines, order):
    shuffled = list(lines)
    order.shuffle(shuffled)
    one, other = empty("ana", 90), empty("ana", 90)
    for amount, since in lines:
        one = entered(one, amount, since)
    for amount, since in shuffled:
        other = entered(other, amount, since)

    assert one == other


def test_half_of_it_is_left_after_ninety_days_and_a_half_is_rounded_up():
    account = entered(empty("ana", 90), 1000, START)

    assert [worth(account, START + age) for age in (0, 90, 180, 270)] == [1000, 500, 250, 125]
    assert worth(account, START + 360) == 63  # 62.5
    assert worth(account, START + 45) == 707


def test_what_is_taken_back_years_later_leaves_nothing_and_owes_nothing():
    account = entered(entered(empty("ana", 90), 1000, START), -1000, START)

    assert account.phases == ()
    assert worth(account, START + 400) == 0


STEP = st.tuples(
    st.sampled_from(["question", "kudos", "delete", "restore", "accept", "withdraw", "beta"]),
    st.integers(0, 4),
    st.integers(1, 30),
)


@settings(max_examples=25, deadline=None)
@supposing(steps=st.lists(STEP, max_size=25))
def test_the_points_are_the_ledger_after_every_event_of_any_story(steps):
    story = told(*people("ana", "ben"))
    at = MONDAY
    for number, (kind, which, pause) in enumerate(steps):
        at += timedelta(hours=7 * pause)
        post = f"q{which}"
        match kind:
            case "question":
                story.when(*conversation("ben", "ana", at, post=f"q{which}"))
            case "kudos":
                story.when(kudos("ben", "ana", at=at))
            case "delete":
                story.when(fact("post.deleted", at, post=f"{post}-a", thread=post))
            case "restore":
                story.when(fact("post.restored", at, post=f"{post}-a", thread=post))
            case "accept":
                story.when(accepted(f"{post}-a", post, "ben", at))
            case "withdraw":
                story.when(fact("answer.withdrawn", at, post=f"{post}-a", thread=post, member="ben"))
            case _:
                story.when(fact("beta.reported", at, programme=f"p{number}", member="ana"))
        for member in ("ana", "ben"):
            lines = [(line.hundredths, line.day.toordinal()) for line in story.rows(Line) if line.member == member]
            for ahead in (0, 13, 200):
                assert worth_of(story, member, at + days(ahead)) == faded(
                    lines, (at + days(ahead)).date().toordinal(), 90
                )


def test_lines_are_only_added_and_each_names_its_event():
    story = told(*people("ana", "ben"))
    seen: dict[str, Line] = {}
    happened = [
        *conversation("ben", "ana", MONDAY, post="q"),
        accepted("q-a", "q", "ben", MONDAY + hours(2)),
        fact("post.deleted", MONDAY + hours(3), post="q-a", thread="q"),
        fact("post.restored", MONDAY + hours(4), post="q-a", thread="q"),
    ]
    known = {event.id for event in happened}
    for event in happened:
        story.when(event)
        lines = {line.line: line for line in story.rows(Line)}
        assert seen.items() <= lines.items()
        seen = lines

    assert len(seen) == 3 + 1 + 3 + 3
    for line in seen.values():
        assert line.event in known
        assert any(event.id == line.line for event in story.decisions)


def test_another_half_life_in_the_playbook_rebuilds_the_account_from_the_ledger():
    story = told(*people("ana", "ben"), *conversation("ben", "ana", MONDAY, post="q"))
    assert story.row(Account, "ana").half_life == 90

    story.when(configured(MONDAY + days(1), "v2", recognition={"fairness": {"half_life_days": 30}}))
    story.when(posted("ana", MONDAY + days(2)))

    account = story.row(Account, "ana")
    lines = [line for line in story.rows(Line) if line.member == "ana"]
    assert account.half_life == 30
    assert account == account_from("ana", lines, 30)


def test_an_account_never_holds_more_than_one_number_a_day_of_the_half_life():
    account = empty("ana", 90)
    for day in range(4000):
        account = entered(account, 137, START + day)

    assert len(account.phases) == 90
    assert replace(account, member="ana") == account
