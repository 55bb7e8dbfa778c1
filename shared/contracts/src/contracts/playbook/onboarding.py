"""From arrival to habit: the figures of onboarding, and the catalogue of first actions."""

from datetime import time
from typing import Literal, Self

from pydantic import model_validator

from contracts.playbook.section import (
    ClockTime,
    Section,
    SkillSlug,
    Weekday,
    Wording,
    Words,
    figure,
    key,
)
from contracts.words import Motivation

ActionKind = Literal["ask", "answer", "introduce", "vote", "test", "attend"]
_DETERMINERS = {
    "fr": (
        *("ta", "ton", "tes", "votre", "vos", "un", "une", "des", "le", "la", "les", "quelques", "deux", "trois"),
        *("cette", "ce", "cet", "ces", "notre", "nos", "sa", "son", "ses", "du", "de"),
    ),
    "en": (
        *("a", "an", "the", "your", "one", "two", "three", "some", "this", "that", "these", "those", "our"),
        *("their", "few", "any"),
    ),
}


def is_noun_phrase(words: str, language: str) -> bool:
    """Whether words can stand in « {action} t'attend toujours »: they open with a determiner and end no sentence."""
    text = words.strip().casefold()
    first = text.split()[0] if text.split() else ""
    opens = first in _DETERMINERS[language] or (language == "fr" and first[:2] in {"l'", "l’", "d'", "d’"})  # noqa: RUF001 - both apostrophes
    return opens and text[-1] not in ".!?;:"


class CatalogueAction(Section):
    """One way in, for somebody who has five minutes."""

    action: SkillSlug = key(..., "Its slug, which decisions name.")
    kind: ActionKind = key(..., "What completes it: a first question, an answer, a yes to the introduction, …")
    label: Words = key(..., "A noun phrase for texts: « ta première question », a first question.")
    motivations: tuple[Motivation, ...] = key((), "Whom it suits, by what brings them.")
    skills: tuple[SkillSlug, ...] = key((), "Whom it suits, by skill.")
    url: str | None = key(None, "Where it is done, when that is one page.", max_length=500)

    @model_validator(mode="after")
    def _noun_phrases(self) -> Self:
        spoken = {"fr-tu": ("fr", self.label.fr_tu), "fr-vous": ("fr", self.label.fr_vous), "en": ("en", self.label.en)}
        # One string for every voice is in the playbook's own language, so it may be either.
        same = self.label.fr_tu is not None and self.label.fr_tu == self.label.fr_vous == self.label.en
        for voice, (language, words) in spoken.items():
            if words is None or is_noun_phrase(words, language) or (same and is_noun_phrase(words, "en")):
                continue
            raise ValueError(
                f"the label of {self.action} in {voice} is no noun phrase: open with a determiner and no full stop, as "
                "« ta première question » or your first question"
            )
        return self


def _action(
    kind: ActionKind, tu: str, vous: str, english: str, *, motivations: tuple[Motivation, ...]
) -> CatalogueAction:
    label = Wording(fr_tu=tu, fr_vous=vous, en=english)
    return CatalogueAction(action=kind, kind=kind, label=label, motivations=motivations)


CATALOGUE = (
    _action(
        "ask", "ta première question", "votre première question", "your first question", motivations=("learn", "help")
    ),
    _action(
        "answer",
        "une réponse à une question encore ouverte",
        "une réponse à une question encore ouverte",
        "an answer to a question that is still open",
        motivations=("share", "support"),
    ),
    _action(
        "introduce",
        "quelques mots pour te présenter",
        "quelques mots pour vous présenter",
        "a few words to introduce yourself",
        motivations=("company", "belong"),
    ),
    _action(
        "vote",
        "un vote au sondage du moment",
        "un vote au sondage du moment",
        "a vote in the current poll",
        motivations=("act",),
    ),
    _action(
        "test",
        "un essai, et ton retour",
        "un essai, et votre retour",
        "a trial, and your report on it",
        motivations=("act", "share"),
    ),
    _action(
        "attend",
        "une rencontre, pour voir des visages",
        "une rencontre, pour voir des visages",
        "a meet-up, to see faces",
        motivations=("company", "belong"),
    ),
)


class Onboarding(Section):
    """Welcome, introduction, first action, relay, first post, habit."""

    welcome_delay_minutes: int = figure(
        10, 0, 1440, "After the first arrival of a gathering, all are welcomed at once."
    )
    welcome_late_minutes: int = figure(15, 1, 1440, "A joining older than that waits for the next allowed hour.")
    welcome_team_names: int = figure(2, 0, 5, "People of the core team whom the welcome names.")
    welcome_way: Literal["mention", "private"] = key(
        "mention", "By mention in the welcome place; private only where the platform allows first contact."
    )
    welcome_names_most: int = figure(20, 1, 100, "Newcomers whom one welcome names; of the others it says how many.")
    rejoin_silent_days: int = figure(30, 0, 365, "Somebody back so soon is not spoken to.")
    welcome_back_days: int = figure(120, 1, 3650, "Away so long, and a new act: welcome back.")

    raid_joins: int = figure(5, 1, 10_000, "More joins than that in the window, uninvited and unannounced: hold.")
    raid_window_seconds: int = figure(60, 1, 3600, "The window of the raid guard.")
    raid_calm_minutes: int = figure(15, 1, 1440, "Calm for so long: one grouped welcome.")
    raid_unnamed_account_hours: int = figure(12, 0, 720, "Accounts younger than that are never named.")

    introduction_weekdays: tuple[Weekday, ...] = key(("tuesday", "thursday"), "Days of introductions.", min_length=1)
    introduction_time: ClockTime = key(time(10, 0), "Local time of introductions.")
    introduction_most: int = figure(5, 1, 20, "Newcomers in one introduction, oldest first.")
    introduction_skills_most: int = figure(3, 0, 10, "Skills named for each.")
    introduction_carry_days: int = figure(14, 1, 90, "Those over the number wait so long for their turn.")
    introduction_helpers_least: int = figure(2, 0, 5, "Members named as likely to answer, if there are any.")
    introduction_helpers_most: int = figure(3, 0, 10, "Members named as likely to answer.")
    introduction_helper_history_days: int = figure(90, 1, 365, "Answers to newcomers that count for being named.")
    introduction_helper_rest_days: int = figure(7, 0, 90, "Nobody is named twice within that.")

    catalogue: tuple[CatalogueAction, ...] = key(CATALOGUE, "First actions, in order of preference.")
    action_due_days: int = figure(7, 1, 90, "A proposed action expires after that.")
    action_nudge_after_days: int = figure(5, 1, 90, "The one nudge, only after a sign of life.")

    pairing_skill_points: int = figure(3, 0, 100, "For each shared skill.")
    pairing_skills_most: int = figure(3, 0, 20, "Shared skills that count.")
    pairing_language_points: int = figure(2, 0, 100, "For a shared language.")
    pairing_population_points: int = figure(2, 0, 100, "For the same population.")
    pairing_hours_points: int = figure(1, 0, 100, "For enough common hours.")
    pairing_common_hours: int = figure(4, 1, 168, "Common hours a week that are enough.")
    pairing_open_points: int = figure(2, 0, 100, "Taken off for each open pairing of the relay.")
    pairing_newcomers_most: int = figure(3, 1, 50, "Newcomers a relay looks after at once.")
    pairing_days: int = figure(30, 1, 365, "How long a pairing is open.")
    pairing_accept_hours: int = figure(48, 1, 720, "Time to say yes; then the next relay is asked.")
    pairing_asks_most: int = figure(3, 1, 20, "Relays asked, one after the other; then the core team.")

    first_post_relay_minutes: int = figure(60, 1, 2880, "Office minutes without human reply: the paired relay.")
    first_post_team_hours: int = figure(24, 1, 720, "Without human reply for so long: the core team.")
    stalled_days: int = figure(30, 7, 365, "Not onboarded by then: said, with what is missing.")
    unheard_posts: int = figure(3, 2, 20, "The last posts that all stayed without human reply.")
    unheard_wait_hours: int = figure(24, 1, 168, "So long the last of them has to be without reply.")
    unheard_days: int = figure(30, 1, 365, "Within so many days.")

    habit_weeks: int = figure(4, 1, 26, "Spans of 7 days after the first act.")
    habit_active_weeks: int = figure(3, 1, 26, "Of them active: the habit is installed.")
    lapse_active_days: int = figure(5, 2, 100, "Active days before somebody can be said to lapse.")
    lapse_gap_factor: int = figure(3, 1, 20, "Times the person's own median gap.")
    lapse_least_days: int = figure(28, 7, 365, "Never a lapse sooner, quiet seasons left out.")
    lapse_invitation_days: int = figure(180, 30, 3650, "One invitation in so many days.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        slugs = [action.action for action in self.catalogue]
        if len(slugs) != len(set(slugs)):
            raise ValueError("catalogue has two actions of the same slug: give each its own")
        if self.action_nudge_after_days >= self.action_due_days:
            raise ValueError("action_nudge_after_days must come before action_due_days: nobody is nudged afterwards")
        if self.introduction_helpers_least > self.introduction_helpers_most:
            raise ValueError("introduction_helpers_least is above introduction_helpers_most")
        if self.habit_active_weeks > self.habit_weeks:
            raise ValueError("habit_active_weeks is above habit_weeks: nobody could ever have the habit")
        if self.first_post_relay_minutes > self.first_post_team_hours * 60:
            raise ValueError("first_post_relay_minutes is above first_post_team_hours: the relay comes first")
        if self.rejoin_silent_days > self.welcome_back_days:
            raise ValueError("rejoin_silent_days is above welcome_back_days")
        return self
