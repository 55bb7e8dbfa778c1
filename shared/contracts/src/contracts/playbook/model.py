"""The playbook: one community's settings, whole. All defaults together are the neutral playbook."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, StringConstraints, model_validator

from contracts.envelope import MemberId
from contracts.office_time import OfficeHours
from contracts.playbook.digest import Digest, Goal
from contracts.playbook.launch import Launch
from contracts.playbook.onboarding import Onboarding
from contracts.playbook.people import People
from contracts.playbook.places import Places
from contracts.playbook.recognition import Recognition
from contracts.playbook.section import (
    Language,
    Register,
    Section,
    SkillSlug,
    Text,
    Voice,
    Words,
    key,
)
from contracts.playbook.support import Support
from contracts.playbook.times import Hours, Lifetimes, Purses, Seasons, Silence
from contracts.seasons import Calendar
from contracts.skills import skill_index
from contracts.zones import zone_named, zone_or

Audience = Literal["members", "sponsors"]
TheTeam: Mapping[Voice, str] = {"fr-tu": "l'équipe", "fr-vous": "l'équipe", "en": "the team"}


class Registers(Section):
    """How French texts address people."""

    members: Register = key("vous", "Members, relays and the core team.")
    sponsors: Register = key("vous", "Sponsors.")


def _registers(value: object) -> object:
    return {"members": value} if isinstance(value, str) else value


class Sender(Section):
    """Who signs what members read: a person."""

    name: str = key("", "The name under a text; empty: the team.", max_length=140)
    member: MemberId | None = key(None, "The person's id on the platform, for platforms that send under an account.")


def _sender(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class Skill(Section):
    """Something members know about."""

    skill: SkillSlug = key(..., "Its slug.")
    label: Words = key(..., "How texts name it.")
    synonyms: tuple[str, ...] = key((), "Other words for it; case, accents and punctuation do not matter.")


class Value(Section):
    """Something the community holds dear."""

    name: Words = key(..., "In a word or two.")
    meaning: Words | None = key(None, "What it asks of everybody, in a sentence.")


def _value(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _zone_exists(value: str) -> str:
    if zone_named(value) is None:
        raise ValueError(f"{value!r} is no time zone: write an IANA name, as Europe/Paris")
    return value


def _country(value: object) -> object:
    # YAML 1.1 reads an unquoted NO as false.
    return "NO" if value is False else value


def _month_day(text: str) -> tuple[int, int]:
    return int(text[:2]), int(text[3:])


def _whole_texts(value: dict[str, dict[Voice, str]]) -> dict[str, dict[Voice, str]]:
    for template, texts in value.items():
        for voice, text in texts.items():
            if not _BODY.search(text):
                raise ValueError(
                    f"the text {template} in {voice} has no body: write {{% block body %}} … {{% endblock %}} around"
                    " the words, and the same with title and short if it has them"
                )
            if text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}"):
                raise ValueError(f"the text {template} in {voice} opens a brace that it does not close: close it")
    return {template: value[template] for template in sorted(value)}


COUNTRY_PATTERN = r"^[A-Z]{2}$"
_BODY = re.compile(r"{%-?\s*block\s+body\b")
TemplateName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Overrides = Annotated[dict[TemplateName, dict[Voice, Text]], AfterValidator(_whole_texts)]


class Identity(Section):
    """What the community is called, and how it speaks."""

    name: str = key("", "What members call the place; empty: texts leave it out.", max_length=140)
    language: Language = key("en", "Of everybody whose own is neither French nor English.")
    # Under its alias: a field called `register` would shadow the class method of abstract classes.
    registers: Annotated[Registers, BeforeValidator(_registers)] = key(
        Registers(), "tu or vous in French, per audience; one word is for members.", alias="register"
    )
    timezone: Annotated[str, AfterValidator(_zone_exists)] = key("UTC", "Where days, weeks and hours are local.")
    country: Annotated[str | None, BeforeValidator(_country)] = key(
        None, "For the calendar of holidays: FR.", pattern=COUNTRY_PATTERN
    )
    region: str | None = key(None, "Of the country, where holidays differ.", max_length=40)

    @property
    def register(self) -> Registers:
        """How French texts address people."""
        return self.registers


class Playbook(Identity):
    """One community's settings. It holds from the place in the log where `community.configured` brought it."""

    sender: Annotated[Sender, BeforeValidator(_sender)] = key(Sender(), "Who signs.")
    totem: Words | None = key(None, "The uniting subject: what people here mostly talk about.")
    values: tuple[Annotated[Value, BeforeValidator(_value)], ...] = key((), "What the community holds dear.")
    goals: tuple[Goal, ...] = key((), "What the organisation wants of it, by SPACES letter.")
    people: People = key(People(), "Who is who.")
    places: Places = key(Places(), "Channels by purpose.")
    hours: Hours = key(Hours.model_validate("always"), "Office hours: pro, asso, always, or intervals by weekday.")
    seasons: Seasons = key(Seasons(), "Quiet seasons and holidays.")
    purses: Purses = key(Purses(), "How much one person is written to, and when.")
    lifetimes: Lifetimes = key(Lifetimes(), "How long messages may wait.")
    silence: Silence = key(Silence(), "When a platform has gone silent.")
    skills: tuple[Skill, ...] = key((), "What members know about, in the community's words.")
    onboarding: Onboarding = key(Onboarding(), "From arrival to habit.")
    recognition: Recognition = key(Recognition(), "Strata, thanks, roles.")
    support: Support = key(Support(), "No question left to die.")
    digest: Digest = key(Digest(), "Freshness, synthesis, indicators.")
    launch: Launch = key(Launch(), "The launch programme.")
    messages: Overrides = key({}, "Whole texts in place of the shipped ones, by template and voice.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        goals = [goal.goal for goal in self.goals]
        if len(goals) != len(set(goals)):
            raise ValueError("goals are one per SPACES letter: join those of the same letter")
        skill_index(self.skills)
        return self

    @cached_property
    def office(self) -> OfficeHours:
        """The office hours as they are counted with."""
        closed = frozenset() if self.hours.open_on_holidays else frozenset(self.seasons.holidays)
        return OfficeHours(week=self.hours.week, zone=self.zone, closed=closed)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The community's zone."""
        return zone_or(self.timezone, "UTC")

    @cached_property
    def calendar(self) -> Calendar:
        """Quiet seasons, holidays and business days."""
        quiet = tuple((_month_day(season.first), _month_day(season.last)) for season in self.seasons.quiet)
        return Calendar(quiet=quiet, bridge_days=self.seasons.bridge_days, holidays=frozenset(self.seasons.holidays))

    @cached_property
    def skill_index(self) -> Mapping[str, str]:
        """Folded slug, label or synonym → slug; for `contracts.skills`."""
        return skill_index(self.skills)

    @cached_property
    def staff(self) -> frozenset[str]:
        """Core team, sponsors and manager: never welcomed, never earning, but they stop clocks."""
        people = self.people
        core_team = {person.member for person in people.core_team}
        sponsors = {sponsor.member for sponsor in people.sponsors}
        return frozenset(core_team | sponsors | ({people.manager} if people.manager else set()))

    def voice(self, locale: str | None = None, audience: Audience = "members") -> Voice:
        """Which of the three texts somebody reads: by their locale, else by the community's language."""
        language = (locale or "").replace("_", "-").split("-")[0].casefold()
        if language not in {"fr", "en"}:
            language = self.language
        if language == "en":
            return "en"
        register = self.registers.sponsors if audience == "sponsors" else self.registers.members
        return "fr-tu" if register == "tu" else "fr-vous"

    def sender_name(self, voice: Voice) -> str:
        """Who signs, in that voice."""
        return self.sender.name or TheTeam[voice]

    def document(self) -> dict[str, Any]:
        """The whole playbook as plain JSON: what `community.configured` carries; `load` reads it back, equal."""
        return self.model_dump(mode="json", by_alias=True)


NEUTRAL = Playbook()
"""In force before the first `community.configured`: UTC, English, always open, no relays, signed by the team."""
