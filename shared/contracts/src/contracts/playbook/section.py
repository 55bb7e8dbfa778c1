"""What all sections of a playbook share: strictness, and the small types of their keys."""

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from contracts.instant import FIRST_YEAR, LAST_YEAR

MINUTES_PER_DAY = 24 * 60

Language = Literal["fr", "en"]
Register = Literal["tu", "vous"]
Voice = Literal["fr-tu", "fr-vous", "en"]
VOICES: tuple[Voice, ...] = ("fr-tu", "fr-vous", "en")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"
SkillSlug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]


def _time_of_day(value: object) -> object:
    # YAML 1.1 reads an unquoted 10:00 as the number 600: minutes, which is what was meant.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MINUTES_PER_DAY:
        return time(value // 60, value % 60)
    return value


def _on_the_minute(value: time) -> time:
    if value.second or value.microsecond or value.tzinfo is not None:
        raise ValueError("a time of day is hours and minutes, in the community's zone: 10:00")
    return value


ClockTime = Annotated[
    time,
    BeforeValidator(_time_of_day),
    AfterValidator(_on_the_minute),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str, when_used="json"),
]
"""A time of day in the community's zone, `HH:MM`."""


def _within_reach(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"a day is in the years {FIRST_YEAR} to {LAST_YEAR}: write it as 2026-03-02")
    return value


CalendarDay = Annotated[date, AfterValidator(_within_reach)]
"""A day to which weeks can be added."""


def _sorted_days(value: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(sorted(set(value)))


Days = Annotated[tuple[CalendarDay, ...], AfterValidator(_sorted_days)]


class Section(BaseModel):
    """A part of a playbook: immutable, and a key that is not in it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, serialize_by_alias=True)


def figure(default: Any, least: float, most: float, why: str) -> Any:
    """A field for a figure: its default, the bounds outside which it is impossible, and the reason for it."""
    return Field(default=default, ge=least, le=most, description=why)


def key(default: Any, why: str, **constraints: Any) -> Any:
    """A field for anything that is no figure: its default and its meaning."""
    return Field(default=default, description=why, **constraints)


class Wording(Section):
    """A few words as members read them: one string for every voice, or one per voice (`fr` stands for both)."""

    model_config = ConfigDict(populate_by_name=True)

    fr_tu: Text | None = Field(default=None, alias="fr-tu", description="To people addressed with tu.")
    fr_vous: Text | None = Field(default=None, alias="fr-vous", description="To people addressed with vous.")
    en: Text | None = Field(default=None, description="In English.")

    def text(self, voice: Voice) -> str:
        """The words in that voice; where there are none, in the nearest voice that has some."""
        order = {
            "fr-tu": (self.fr_tu, self.fr_vous, self.en),
            "fr-vous": (self.fr_vous, self.fr_tu, self.en),
            "en": (self.en, self.fr_vous, self.fr_tu),
        }[voice]
        return next((words for words in order if words), "")


def _wording(value: object) -> object:
    if isinstance(value, str):
        return {"fr-tu": value, "fr-vous": value, "en": value}
    if isinstance(value, dict) and "fr" in value:
        rest = {name: words for name, words in value.items() if name != "fr"}
        return {"fr-tu": value["fr"], "fr-vous": value["fr"], **rest}
    return value


Words = Annotated[Wording, BeforeValidator(_wording)]
"""A `Wording`, or one string for every voice."""
