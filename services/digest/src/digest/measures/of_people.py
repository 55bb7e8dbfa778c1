"""Indicators of people: who arrives, stays, is active, takes which part, and finds what they need."""

from collections.abc import Iterator
from fractions import Fraction

from contracts.activity import iso_week
from contracts.decisions import Indicator
from digest.measures.definitions import Measured, indicator, merged, opening_facts
from digest.measures.estimates import absence_factor, inequality
from digest.measures.members import RETENTION_DAYS
from digest.measures.periods import DAY
from digest.measures.state import NEED_TOTALS, RECENT, Part, Totals

MONTHLY_DAYS, WEEKLY_DAYS = 30, 7


def counts(measured: Measured) -> Iterator[Indicator]:
    """Newcomers, posts, threads, questions."""
    days, first, last = measured.days, measured.first, measured.last
    for name in ("newcomers", "posts", "threads", "solved"):
        yield indicator(name, value=days.number(name, first, last), events=days.events(name, first, last))
    questions = [talk for talk in measured.questions if talk.at and measured.since <= talk.at < measured.until]
    yield indicator("questions", value=len(questions), events=opening_facts(questions))
    firsts = days.number("first_acts", first, last)
    yield indicator("contributors_new", value=firsts, events=days.events("first_acts", first, last))
    referred = days.number("referrals", first, last)
    yield indicator("referrals_activated", value=referred, events=days.events("referrals", first, last))
    posts, members = days.number("posts", first, last), days.number("posts.member", first, last)
    events = days.events("posts", first, last)
    yield indicator("member_content", numerator=members, denominator=posts, events=events)


def actives(measured: Measured) -> Iterator[Indicator]:
    """Who is active."""
    days, first, last = measured.days, measured.first, measured.last
    length = (last - first).days + 1
    actives = days.number("actives", first, last)
    events = days.events("acts", first, last)
    yield indicator("daily_actives", value=Fraction(actives, length), events=events)
    for name, span in (("weekly_actives", WEEKLY_DAYS), ("monthly_actives", MONTHLY_DAYS)):
        since = last - (span - 1) * DAY
        # Each member is counted under the last active day: what lies in the span adds up to distinct people.
        yield indicator(name, value=days.number("last", since, last), events=days.events("acts", since, last))


def newcomers(measured: Measured) -> Iterator[Indicator]:
    """Activation and retention."""
    days, last = measured.days, measured.last
    length = (last - measured.first).days
    for span in measured.turn.playbook.digest.activation_days:
        end = last - span * DAY
        begin = end - length * DAY
        yield indicator(
            "activation",
            key=f"activation_{span}d",
            numerator=days.number(f"activated.{span}", begin, end),
            denominator=days.number("newcomers.told", begin, end),
            events=days.events("newcomers.told", begin, end),
        )
    for span in RETENTION_DAYS:
        end = last - (2 * span - 1) * DAY
        begin = end - length * DAY
        yield indicator(
            "retention",
            key=f"retention_{span}d",
            numerator=days.number(f"kept.{span}", begin, end),
            denominator=days.number("first_acts", begin, end),
            events=days.events("first_acts", begin, end),
        )


def strata(measured: Measured) -> Iterator[Indicator]:
    """Members by stratum, and moves between strata."""
    days, first, last = measured.days, measured.first, measured.last
    totals = measured.turn.get(Totals) or Totals()
    names = days.names("strata.")
    flows = {name.removeprefix("strata."): days.number(name, first, last) for name in names}
    flows = {name: number for name, number in flows.items() if number}
    known = bool(totals.strata)
    others = sum(totals.strata.values())
    parts = {**totals.strata, "listening": max(0, totals.members - others)} if known else {}
    yield indicator("strata", value=totals.members if known else None, parts=parts)
    moved = merged(days, names, first, last)
    yield indicator("strata_flows", value=sum(flows.values()) if known else None, parts=flows, events=moved)


def needs(measured: Measured) -> Iterator[Indicator]:
    """Needs met, and obstacles."""
    turn, days, first, last = measured.turn, measured.days, measured.first, measured.last
    totals = turn.find(NEED_TOTALS)
    said = {answer: sum(getattr(total, answer) for total in totals) for answer in ("yes", "partly", "no")}
    events = merged(days, [f"needs.{answer}" for answer in said], first, last)
    whole = sum(said.values())
    yield indicator("needs_met", numerator=said["yes"], denominator=whole, parts=said, events=events)
    names = days.names("obstacles.")
    kinds = {name.removeprefix("obstacles."): days.number(name, first, last) for name in names}
    kinds = {name: number for name, number in kinds.items() if number}
    events = merged(days, names, first, last)
    yield indicator("obstacles", value=sum(kinds.values()), parts=kinds, events=events)


def contributions(measured: Measured) -> Iterator[Indicator]:
    """Who carries the place: what CHAOSS calls contributors, and how unlike their parts are."""
    turn, last = measured.turn, measured.last
    oldest = iso_week(last - 12 * 7 * DAY)
    recent: tuple[Part, ...] = turn.find(RECENT)
    made = [(part, sum(count for week, count in part.posts if week >= oldest)) for part in recent]
    made = [(part, count) for part, count in made if count]
    posts = [count for _, count in made]
    days = measured.days
    events = days.events("posts.member", max(days.first, last - 13 * 7 * DAY), last)
    people, whole = len(posts), sum(posts)
    yield indicator("contributors", value=people, events=events)
    factor = absence_factor(posts)
    yield indicator("contributor_absence_factor", value=factor, parts={"people": people, "posts": whole}, events=events)
    yield indicator("participation_inequality", value=inequality(posts), denominator=whole, events=events)
    quiet = sum(part.last_act is not None and part.last_act <= last - 28 * DAY for part, _ in made)
    yield indicator("contributors_inactive", numerator=quiet, denominator=people, value=quiet, events=events)
