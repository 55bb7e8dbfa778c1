"""Freshness, synthesis, indicators: the figures of digest; goals and values."""

from datetime import time
from typing import Self

from pydantic import model_validator

from contracts.playbook.section import ClockTime, Section, Text, Weekday, Words, figure, key
from contracts.words import Goal as GoalLetter


class Goal(Section):
    """A goal by its SPACES letter."""

    goal: GoalLetter = key(..., "Support, Product, Acquisition, Content, Engagement, Success.")
    what: Words = key(..., "The goal in words.")
    target: float = key(..., "The figure aimed at.")
    unit: str = key(..., "Of that figure: percent, members, minutes.", min_length=1, max_length=40)
    indicator: str | None = key(None, "The indicator that measures it; none: `outcome.reported`.", max_length=80)
    by: str | None = key(None, "By when, in words.", max_length=80)


class Prompt(Section):
    """A question of the community's own bank."""

    prompt: str = key(..., "Its id.", min_length=1, max_length=80)
    text: Words = key(..., "The question.")
    subject: str = key("", "Its subject; the same is not asked twice in a row.", max_length=80)


class Digest(Section):
    """Something fresh at the place's own rhythm, the week in short, figures that are honest."""

    rhythm_weeks: int = figure(8, 2, 52, "The place's own rhythm: median threads per weekday over so many weeks.")
    rhythm_daily_threads: int = figure(1, 1, 100, "So many a day or more: judged daily; fewer: by the week.")
    rhythm_share: float = figure(0.6, 0.1, 0.95, "The hour by which so much of the usual threads exist.")
    prompt_wait_hours: int = figure(3, 1, 24, "For the manager; then the prompt is published.")
    prompts_per_week: int = figure(2, 0, 7, "In places with less than a thread a day.")
    prompt_rest_days: int = figure(180, 7, 3650, "A prompt is not used again within that.")
    prompt_least_answers: int = figure(2, 1, 50, "With fewer answers …")
    prompt_retired_after: int = figure(2, 1, 10, "… so many times, a prompt is retired.")
    prompt_judged_days: int = figure(7, 1, 60, "Answers to a prompt are counted so long after it went out.")
    prompt_question_hours: int = figure(24, 1, 720, "An open question is put forward once it has waited so long.")
    news_days: int = figure(14, 1, 90, "News that nobody spoke of is old after that.")
    prompts: tuple[Prompt, ...] = key((), "The community's own questions, before the bank's.")

    synthesis_weekday: Weekday = key("tuesday", "The day of the weekly synthesis.")
    synthesis_time: ClockTime = key(time(10, 0), "Its local time.")
    synthesis_threads: int = figure(4, 1, 20, "Threads, of distinct authors.")
    synthesis_diverse_threads: int = figure(2, 0, 20, "Of them by diversity of people; the rest by posts.")
    synthesis_questions_most: int = figure(5, 0, 50, "Open questions in it.")
    synthesis_newcomers_most: int = figure(5, 0, 50, "Newcomers in it, of those who agreed.")
    synthesis_meetup_days: int = figure(14, 1, 60, "Meet-ups announced in it: those of so many days ahead.")
    synthesis_least_kinds: int = figure(3, 1, 8, "With fewer kinds that are not empty, nothing goes out.")
    draft_time: ClockTime = key(time(9, 0), "The draft is with the editor by then, the business day before.")
    draft_least_office_hours: int = figure(8, 1, 40, "Office hours an editor has at least.")
    editor_stratum: int = figure(3, 0, 4, "Editors are of that stratum or above.")
    editor_rest_weeks: int = figure(6, 0, 52, "Nobody edits twice within that.")

    personal_away_days: int = figure(7, 1, 90, "A personal digest goes only to somebody away so long …")
    personal_every_days: int = figure(7, 1, 90, "… at most once in so many days …")
    personal_ends_days: int = figure(180, 14, 3650, "… and ends after so much silence.")

    personal_threads_most: int = figure(5, 1, 20, "Threads in it.")

    feedback_business_days: int = figure(10, 1, 90, "Feedback without outcome after that: the core team.")
    meetup_ahead_days: int = figure(30, 7, 365, "No meet-up scheduled within that: said, with subjects.")
    meetup_subjects: int = figure(3, 1, 10, "Subjects proposed, from open questions.")
    meetup_questions_days: int = figure(7, 1, 60, "Questions are collected so long before.")
    meetup_told_days: int = figure(28, 7, 180, "That none is planned is said again after so long.")
    voice_subjects: int = figure(5, 1, 20, "Subjects told to the organisation each month.")
    promotion_share: float = figure(0.1, 0.01, 1, "More promotional posts than that …")
    promotion_weeks: int = figure(4, 1, 26, "… over so many weeks: said to the manager.")
    promotion_least_posts: int = figure(10, 1, 1000, "Fewer posts in those weeks say nothing about a share.")

    round_below: int = figure(50, 0, 1000, "In what people read, figures below are rounded …")
    round_to: int = figure(5, 1, 100, "… to multiples of that …")
    hide_below: int = figure(5, 0, 100, "… and a split with a side under it is hidden.")
    reciprocity_business_days: int = figure(2, 1, 30, "A word from the organisation in so many business days.")
    answered_within_minutes: int = figure(60, 1, 1440, "The indicator of first responses, wall and office.")
    unanswered_after_hours: int = figure(24, 1, 720, "The indicator of questions left alone.")
    activation_days: tuple[int, ...] = key((7, 30), "Activation is counted at so many days after joining.")
    needs_asked_days: tuple[int, ...] = key((30, 90), "When members are asked whether their need is met.")
    support_cost_per_answer: float = figure(0, 0, 10_000, "What one answer costs the organisation; 0: not counted.")

    stage_weeks: int = figure(8, 4, 52, "Weeks of the slopes.")
    stage_dormant_weeks: int = figure(4, 1, 26, "Weeks under the next figure: dormant.")
    stage_dormant_actives: int = figure(3, 1, 100, "Weekly actives.")
    stage_newborn_members: int = figure(50, 1, 10_000, "Fewer members: newborn.")
    stage_slope_percent: float = figure(2, 0.1, 50, "Both slopes a week above: growing; below its negative: declining.")
    stage_change_weeks: int = figure(2, 1, 12, "Weeks in a row before the stage changes.")

    brief_time: ClockTime = key(time(8, 45), "The morning note, every business day.")
    brief_lines_most: int = figure(12, 4, 40, "Its length.")
    brief_waiting_most: int = figure(3, 1, 10, "Things that wait for the manager.")
    report_title: Text | None = key(None, "Title of the page; none: the health of the community.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.synthesis_diverse_threads > self.synthesis_threads:
            raise ValueError("synthesis_diverse_threads is above synthesis_threads")
        for name, days in (("needs_asked_days", self.needs_asked_days), ("activation_days", self.activation_days)):
            if list(days) != sorted(set(days)) or min(days, default=1) < 1:
                raise ValueError(f"{name} rise from 1: each day once")
        ids = [prompt.prompt for prompt in self.prompts]
        if len(ids) != len(set(ids)):
            raise ValueError("prompts has two of the same id: give each its own")
        return self
