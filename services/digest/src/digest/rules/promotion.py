"""Promotion: more of it than the playbook allows is said to the manager."""

from datetime import timedelta
from fractions import Fraction

from msgspec.structs import replace

from contracts.decisions import PromotionExcess
from contracts.turn import Turn
from digest.rules import notes
from digest.rules.rhythm import recent
from digest.rules.speech import because_range, climate_of
from digest.rules.times import DAY, days_since, today

PROMOTION = "promotion"


def morning(turn: Turn) -> None:
    """The share over the last weeks, said once in as many weeks while it lasts."""
    figures = turn.playbook.digest
    climate = climate_of(turn)
    span = timedelta(weeks=figures.promotion_weeks)
    if climate.promotion_at is not None and days_since(turn, climate.promotion_at) < span.days:
        return
    since, until = today(turn) - span, today(turn) - DAY
    days = recent(turn, since, until)
    posts, promotional = sum(day.posts for day in days), sum(day.promotional for day in days)
    if posts < figures.promotion_least_posts or promotional <= Fraction(str(figures.promotion_share)) * posts:
        return
    said = [day for day in days if day.promotional]
    reason = because_range(
        PROMOTION,
        threshold=f"{figures.promotion_share:g}",
        actual=f"{promotional}/{posts}",
        first=said[0].promoted_first,
        last=said[-1].promoted_last,
        count=promotional,
    )
    turn.put(replace(climate, promotion_at=turn.now))
    excess = turn.decide(
        PromotionExcess(
            community=turn.slug,
            playbook=turn.version,
            because=(reason,),
            since=since,
            until=until,
            posts=posts,
            promotional=promotional,
        ),
        rule=PROMOTION,
    )
    notes.put(
        turn,
        slot="waiting",
        kind="promotion",
        about=PROMOTION,
        by=excess,
        weight=52,
        days=14,
        count=promotional,
        title=str(posts),
    )
