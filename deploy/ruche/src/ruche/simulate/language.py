"""The shape of what is said in a simulation: one value per language, in parts that combine into whole sentences."""

from dataclasses import dataclass

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Craft:
    """A skill, and what people ask and tell about it.

    Attributes:
        slug: the skill and the tag.
        label: how people write it themselves.
        things: what breaks, each as a title begins with it and as a sentence does.
        faults: what it does; each goes with each thing.
        tried: what the asker has done already.
        how: questions that are no breakdown, each a title and a body.
        advice: what somebody who knows answers.
        shown: what people show when it worked.
        experience: one line about oneself.
    """

    slug: str
    label: str
    things: tuple[tuple[str, str], ...]
    faults: Lines
    tried: Lines
    how: tuple[tuple[str, str], ...]
    advice: Lines
    shown: Lines
    experience: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody named in the shipped playbook."""

    id: str
    name: str
    skills: Lines
    experience: str
    population: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The platform's ids of the channels."""

    welcome: str
    help: str
    introductions: str
    workshops: str
    general: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a crisis is about."""

    tag: str
    title: str
    complaints: Lines
    answers: Lines
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Everything that is said, and who says it. `{name}`, `{craft}`, `{thing}` … stand for what the moment gives."""

    code: str
    timezones: Lines
    other_languages: Lines
    channels: Channels
    populations: Lines
    team: tuple[Figure, ...]
    relays: tuple[Figure, ...]
    sponsor: Figure
    bot: tuple[str, str]
    names: Lines
    crafts: tuple[Craft, ...]
    # questions
    breakdown_title: str
    greetings: Lines
    since: Lines
    asks: Lines
    closings: Lines
    urgent: str
    # answers and what follows
    openings: Lines
    last_words: Lines
    me_too: Lines
    thanks: Lines
    follow_ups: tuple[tuple[str, str], ...]
    comments: Lines
    praise: Lines
    edited: str
    # newcomers
    presentations: Lines
    presentation_title: str
    welcomes: Lines
    # talk
    chatter: Lines
    shown_titles: Lines
    feedback: tuple[tuple[str, str], ...]
    feedback_answers: Lines
    kudos: Lines
    # the organisation's side
    announcements: tuple[tuple[str, str], ...]
    polls: tuple[tuple[str, str], ...]
    meetups: Lines
    tasks: tuple[tuple[str, str], ...]
    team_words: Lines
    reminders: Lines
    news: tuple[tuple[str, str, str], ...]
    promise: str
    promised: str
    sponsor_words: Lines
    nomination: str
    advocacy: str
    mended: str
    programme: str
    # trouble
    spam_names: Lines
    spam: Lines
    flags: Lines
    troubles: tuple[Trouble, ...]
    complaints: tuple[tuple[str, str], ...]
