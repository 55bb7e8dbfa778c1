"""Strata, thanks, roles: the figures of recognition."""

from datetime import time
from typing import Self

from pydantic import model_validator

from contracts.playbook.section import ClockTime, Section, SkillSlug, Weekday, Words, figure, key


class Points(Section):
    """What an act is worth inside; shown to nobody but the member who asks. Joining and reacting earn nothing."""

    accepted_answer_points: int = figure(10, 0, 100, "An accepted answer.")
    meetup_hosted_points: int = figure(11, 0, 100, "Hosting a meet-up.")
    referral_points: int = figure(10, 0, 100, "A referral, once the newcomer reaches stratum 1.")
    feedback_adopted_points: int = figure(8, 0, 100, "Feedback that was adopted.")
    task_points: int = figure(6, 0, 100, "A task done.")
    beta_report_points: int = figure(6, 0, 100, "A beta report.")
    advocacy_points: int = figure(6, 0, 100, "Advocacy outside, confirmed.")
    newcomer_reply_points: int = figure(4, 0, 100, "The first human reply to a newcomer.")
    newcomer_reply_least_characters: int = figure(60, 0, 1000, "So long, or followed by the newcomer's next word.")
    kudos_points: int = figure(4, 0, 100, "Kudos received.")
    kudos_per_week: int = figure(3, 0, 50, "Kudos one member gives a week.")
    kudos_per_week_from_stratum_3: int = figure(4, 0, 50, "The same from stratum 3.")
    meetup_attended_points: int = figure(3, 0, 100, "Being at a meet-up.")
    question_reply_points: int = figure(2, 0, 100, "A reply to another's question.")
    drawing_thread_points: int = figure(2, 0, 100, "A thread that draws others.")
    drawing_thread_people: int = figure(2, 1, 50, "How many others it draws.")
    reply_points: int = figure(1, 0, 100, "A reply.")
    reaction_points: int = figure(1, 0, 100, "A reaction received.")
    active_day_points: int = figure(1, 0, 100, "An active day.")


class Fairness(Section):
    """What keeps points from being farmed."""

    half_life_days: int = figure(90, 7, 730, "Points fade by half.")
    day_points_most: int = figure(50, 1, 1000, "A local day; accepted answers and tasks outside.")
    same_pair_days: int = figure(7, 1, 90, "The nth reaction of one giver to one receiver within it counts 1/2^(n-1).")
    one_giver_from_points: int = figure(20, 0, 1000, "Above so many points, the share of one giver is bounded.")
    one_giver_days: int = figure(30, 1, 365, "Over so many days.")
    one_giver_share: float = figure(0.3, 0.01, 1, "The share one giver can bring.")
    young_giver_community_days: int = figure(60, 0, 3650, "In communities older than that, young givers weigh less.")
    youngest_giver_days: int = figure(7, 0, 365, "Younger than that …")
    youngest_giver_weight: float = figure(0.1, 0, 1, "… weighs so much.")
    young_giver_days: int = figure(30, 0, 365, "Younger than that …")
    young_giver_weight: float = figure(0.5, 0, 1, "… weighs so much.")
    burst_reactions: int = figure(10, 1, 1000, "More reactions of one giver in the window count as 1.")
    burst_window_seconds: int = figure(60, 1, 3600, "The window of a burst.")
    pair_actives: int = figure(30, 3, 10_000, "In communities with more actives, pairs are looked at.")
    pair_share: float = figure(0.6, 0.1, 1, "A pair that gives each other so much is held for a human.")
    pair_events: int = figure(10, 2, 1000, "Over so many events …")
    pair_days: int = figure(100, 7, 365, "… in so many days; a verdict holds as long.")
    copy_posts: int = figure(5, 0, 50, "An author's last posts that a new one is compared with.")
    copy_similarity: float = figure(0.85, 0.5, 1, "Jaccard of 3-word shingles from which a post earns nothing.")
    copy_least_words: int = figure(8, 3, 100, "Shorter posts are not compared.")

    @model_validator(mode="after")
    def _young_in_order(self) -> Self:
        if self.youngest_giver_days > self.young_giver_days:
            raise ValueError("youngest_giver_days is above young_giver_days")
        if self.youngest_giver_weight > self.young_giver_weight:
            raise ValueError("youngest_giver_weight is above young_giver_weight: trust grows with time")
        return self


class Strata(Section):
    """Requirements that a member can read, over a window; each level includes nothing but its own list."""

    window_days: int = figure(100, 28, 365, "The days that count.")
    taking_part_posts: int = figure(1, 0, 100, "Stratum 1: posts or meet-ups.")
    taking_part_active_days: int = figure(2, 0, 100, "Stratum 1: active days.")
    lending_a_hand_active_days: int = figure(8, 0, 100, "Stratum 2: active days.")
    lending_a_hand_threads: int = figure(3, 0, 100, "Stratum 2: threads of others replied in.")
    lending_a_hand_reactions_received: int = figure(1, 0, 100, "Stratum 2: reactions received.")
    lending_a_hand_reactions_given: int = figure(1, 0, 100, "Stratum 2: reactions given.")
    holding_up_active_days: int = figure(25, 0, 365, "Stratum 3: active days.")
    holding_up_threads: int = figure(10, 0, 365, "Stratum 3: threads of others replied in.")
    holding_up_reactions: int = figure(20, 0, 1000, "Stratum 3: reactions or kudos received …")
    holding_up_reaction_people: int = figure(5, 0, 1000, "… from so many people …")
    holding_up_reaction_days: int = figure(7, 0, 365, "… on so many days.")
    holding_up_answers: int = figure(1, 0, 100, "Stratum 3: accepted answers or tasks.")
    holding_up_flags_most: int = figure(5, 0, 100, "Stratum 3: upheld flags at most.")
    holding_up_sanction_free_days: int = figure(180, 0, 3650, "Stratum 3: days without sanction.")
    relay_days: int = figure(90, 0, 3650, "Stratum 4: days at stratum 3.")
    relay_nominations: int = figure(2, 0, 100, "Stratum 4: nominations, or the manager's.")
    relay_seats_least: int = figure(5, 1, 1000, "Seats of the circle, at least.")
    relay_seats_share: float = figure(0.02, 0, 1, "Seats of the circle, of the month's actives on the 1st.")
    keep_share: float = figure(0.9, 0.1, 1, "Each figure is kept at so much of it, rounded up …")
    keep_whole_below: int = figure(10, 0, 1000, "… and below so many, at the whole of it.")
    grace_days: int = figure(14, 0, 365, "Before a step down.")
    step_days: int = figure(7, 1, 365, "One step in so many days.")
    judged_time: ClockTime = key(time(4, 0), "Daily, local; and on each event.")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        days = (self.taking_part_active_days, self.lending_a_hand_active_days, self.holding_up_active_days)
        if days != tuple(sorted(days)) or days[-1] > self.window_days:
            raise ValueError(
                "active days do not rise from stratum to stratum, or do not fit: keep them under window_days"
            )
        return self


class Perk(Section):
    """Something the circle enjoys."""

    perk: SkillSlug = key(..., "Its slug.")
    name: Words = key(..., "How texts name it.")
    stock: int | None = key(None, "How many there are; none: no end.", ge=0)
    months: int | None = key(None, "How long it is granted; none: as long as one is in the circle.", ge=1)


class Duty(Section):
    """A recurring turn, offered to the member whose skills and load fit best."""

    duty: SkillSlug = key(..., "Its slug: welcomer-of-the-week, question-watcher.")
    name: Words = key(..., "How texts name it.")
    skills: tuple[SkillSlug, ...] = key((), "Skills that fit.")
    weekday: Weekday = key("monday", "The day it is offered for the week to come.")


class Recognition(Section):
    """Points inside, strata to read, thanks aloud."""

    points: Points = key(Points(), "What acts are worth inside.")
    fairness: Fairness = key(Fairness(), "What keeps points from being farmed.")
    strata: Strata = key(Strata(), "Requirements of each level.")

    role_acts: int = figure(3, 1, 100, "Acts of a kind that make a role …")
    role_days: int = figure(60, 7, 365, "… in so many days.")
    role_lapse_days: int = figure(120, 7, 730, "Without one for so long, it lapses.")

    thanks_weekday: Weekday = key("friday", "Weekly thanks; the business day before, if closed.")
    thanks_time: ClockTime = key(time(11, 30), "Local time of the weekly thanks.")
    thanks_draft_time: ClockTime = key(time(8, 30), "From then on that day the manager sees, and can edit, them.")
    thanks_most: int = figure(5, 1, 20, "People thanked at once.")
    thanks_helpers_least: int = figure(1, 0, 20, "Of them helpers, when there are any.")
    thanks_rest_weeks: int = figure(4, 0, 52, "Each at most once in so many weeks.")
    milestone_answers: tuple[int, ...] = key((1, 10, 50, 150), "Accepted answers that are milestones.")
    milestone_public_answers: int = figure(50, 1, 10_000, "In public from then on, privately before.")
    milestone_years: tuple[int, ...] = key((1,), "Years since the first post that are milestones.")
    impact_months: int = figure(1, 1, 12, "How often a member is told what became of their help: on the 1st.")
    impact_time: ClockTime = key(time(10, 0), "Local time of that.")
    impact_reactions_least: int = figure(3, 1, 100, "Reactions alone are worth telling from so many.")

    nomination_days: int = figure(180, 7, 730, "How long a nomination for the circle counts.")
    rest_ask_days: int = figure(60, 7, 365, "A relay is asked at most once in so many days whether they want a rest.")
    perks: tuple[Perk, ...] = key((), "What the circle enjoys.")
    duties: tuple[Duty, ...] = key((), "Turns that come round.")
    duty_time: ClockTime = key(time(10, 0), "Local time at which they are offered.")
    task_offers_most: int = figure(5, 1, 20, "So many people are asked for one task; then the core team is told.")
    task_active_days: int = figure(28, 7, 365, "Only members who were active so lately are asked.")
    task_accept_hours: int = figure(48, 1, 720, "Time to say yes to a task; then the next member is asked.")
    task_rest_days: int = figure(14, 0, 365, "Nobody is chosen twice within that.")

    fading_acts: int = figure(20, 1, 1000, "Acts in the days before, from which silence is a change.")
    fading_act_days: int = figure(90, 14, 365, "The days before.")
    fading_silent_days: int = figure(21, 7, 365, "Then silence for so long.")
    fading_share: float = figure(0.4, 0.05, 0.95, "Or below so much of one's own median …")
    fading_median_weeks: int = figure(12, 4, 52, "… over so many weeks …")
    fading_weeks: int = figure(4, 1, 26, "… for so many weeks.")
    fading_least_stratum: int = figure(2, 0, 4, "From that stratum.")
    fading_again_days: int = figure(90, 14, 730, "Said of one person at most once in so many days.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name, steps in (("milestone_answers", self.milestone_answers), ("milestone_years", self.milestone_years)):
            if list(steps) != sorted(set(steps)) or any(step < 1 for step in steps):
                raise ValueError(f"{name} rise from 1: each step once")
        if self.thanks_helpers_least > self.thanks_most:
            raise ValueError("thanks_helpers_least is above thanks_most: nobody else could be thanked")
        if self.fading_weeks >= self.fading_median_weeks:
            raise ValueError("fading_weeks is not below fading_median_weeks: there would be no habit to compare with")
        return self
