"""The launch of a community: months, waves of populations, what must be there."""

from datetime import time
from typing import Self

from pydantic import model_validator

from contracts.playbook.section import CalendarDay, ClockTime, Section, SkillSlug, Words, figure, key


class Wave(Section):
    """People invited together, after the wave before them."""

    wave: SkillSlug = key(..., "Its slug.")
    name: Words = key(..., "How texts name it.")
    populations: tuple[SkillSlug, ...] = key(..., "Who is in it, by `population` of `member.joined`.", min_length=1)
    opens: CalendarDay = key(..., "It opens on that day at the latest.")


class Launch(Section):
    """The launch programme; without `start` there is none, and everybody is welcomed as they come."""

    start: CalendarDay | None = key(None, "First day of the programme.")
    check_before_weeks: int = figure(8, 0, 52, "So long before the start the daily checks begin.")
    check_time: ClockTime = key(time(9, 0), "Local time of the daily check; waves open then.")
    length_weeks: int = figure(16, 4, 104, "How long it is checked daily.")
    waves: tuple[Wave, ...] = key((), "In order; newcomers of a closed one are told when it opens.")
    wave_activated_share: float = figure(0.5, 0.05, 1, "Of the wave before, so much activated opens the next.")
    wave_activated_days: int = figure(14, 1, 90, "Activated within so many days of joining.")
    founding_relays_least: int = figure(3, 0, 100, "Founding relays below which one is missing.")
    founding_relay_months: int = figure(6, 1, 24, "How long they are relays without the stratum.")
    core_team_least: int = figure(2, 0, 50, "People of the core team below which one is missing.")
    sponsors_least: int = figure(1, 0, 50, "Sponsors below which one is missing.")
    sponsor_silent_days: int = figure(14, 1, 180, "A sponsor silent so long: prepared words for the manager.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.waves and self.start is None:
            raise ValueError("waves need a start: give `start` its day")
        days = [wave.opens for wave in self.waves]
        if days != sorted(set(days)):
            raise ValueError("waves are not in the order of their days: each opens after the one before it")
        if self.start is not None and days and days[0] < self.start:
            raise ValueError("the first wave opens before the start")
        slugs = [wave.wave for wave in self.waves]
        populations = [population for wave in self.waves for population in wave.populations]
        if len(slugs) != len(set(slugs)) or len(populations) != len(set(populations)):
            raise ValueError("two waves share a slug or a population: nobody could say when theirs opens")
        return self
