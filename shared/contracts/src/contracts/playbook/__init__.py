"""The playbook of a community: its model, the neutral one, presets, and the reading of documents."""

from contracts.playbook.digest import Digest, Goal, Prompt
from contracts.playbook.launch import Launch, Wave
from contracts.playbook.loading import Problem, UnfitPlaybook, load, written
from contracts.playbook.model import NEUTRAL, Audience, Playbook, Registers, Sender, Skill, Value
from contracts.playbook.onboarding import ActionKind, CatalogueAction, Onboarding
from contracts.playbook.page import playbook_page
from contracts.playbook.people import Absence, People, Promise, Sponsor, TeamMember
from contracts.playbook.places import Channel, Places
from contracts.playbook.presets import PRESETS
from contracts.playbook.recognition import Duty, Fairness, Perk, Points, Recognition, Strata
from contracts.playbook.section import VOICES, WEEKDAYS, Language, Register, Voice, Weekday, Wording
from contracts.playbook.support import Support
from contracts.playbook.times import Hours, Lifetimes, Purses, Season, Seasons, Silence
from contracts.words import Motivation

__all__ = [
    "NEUTRAL",
    "PRESETS",
    "VOICES",
    "WEEKDAYS",
    "Absence",
    "ActionKind",
    "Audience",
    "CatalogueAction",
    "Channel",
    "Digest",
    "Duty",
    "Fairness",
    "Goal",
    "Hours",
    "Language",
    "Launch",
    "Lifetimes",
    "Motivation",
    "Onboarding",
    "People",
    "Perk",
    "Places",
    "Playbook",
    "Points",
    "Problem",
    "Promise",
    "Prompt",
    "Purses",
    "Recognition",
    "Register",
    "Registers",
    "Season",
    "Seasons",
    "Sender",
    "Silence",
    "Skill",
    "Sponsor",
    "Strata",
    "Support",
    "TeamMember",
    "UnfitPlaybook",
    "Value",
    "Voice",
    "Wave",
    "Weekday",
    "Wording",
    "load",
    "playbook_page",
    "written",
]
