"""What recognition knows of deeds and roles, of thanks, and of the community as such."""

from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from contracts.turn import Selection


class Act(NamedTuple):
    """One act of a kind: on which day, shown by which event."""

    day: int
    by: str


class Part(NamedTuple):
    """A role: its newest acts, and whether it is recognised."""

    role: str
    acts: tuple[Act, ...]
    earned: bool = False


class Done(NamedTuple):
    """Something to be thanked for.

    Attributes:
        kind: `answer`, `welcome`, `task`, `meetup`, `feedback`, `test`, `advocacy`, `referral`, `synthesis`, `thread`.
        helped: whom it helped; `about`: the thread, task or meet-up; `title`: what it is called, where it may be said.
        event: the id of what shows it.
        history: imported: it makes a role, and is nothing to thank for now.
    """

    kind: str
    day: int
    event: str
    about: str | None = None
    post: str | None = None
    helped: str | None = None
    title: str | None = None
    history: bool = False


class Learnt(NamedTuple):
    """An answer on a skill that was accepted: three in half a year make a skill, declared or not."""

    skill: str
    day: int


class Contribution(Struct, frozen=True, kw_only=True):
    """What somebody does for the others.

    Attributes:
        parts: roles, in order of their names.
        deeds: the newest.
        learnt: accepted answers by skill, the newest.
        thanked_on: the last weekly thanks; `thanked_roles`: (role, day) for which they were last thanked.
        chosen_on: the last day on which a task was offered.
    """

    member: str
    parts: tuple[Part, ...] = ()
    deeds: tuple[Done, ...] = ()
    learnt: tuple[Learnt, ...] = ()
    thanked_on: date | None = None
    chosen_on: date | None = None


class Became(NamedTuple):
    """What became of help, of one kind: how often, in which threads (newest first), shown by which events."""

    kind: Literal["accepted", "thanked", "reacted", "linked"]
    times: int
    threads: tuple[str, ...]
    first_by: str
    last_by: str


class Help(Struct, frozen=True, kw_only=True):
    """What became of somebody's help since they were last told."""

    member: str
    became: tuple[Became, ...] = ()


class Held(NamedTuple):
    """Points that wait for a human's verdict."""

    member: str
    act: str
    hundredths: int
    full: int
    giver: str
    day: int
    by: str
    post: str | None
    mark: str | None


class Suspicion(Struct, frozen=True, kw_only=True):
    """Two people who give each other most of what they get. It stays while a human has not judged.

    Attributes:
        decision: the id of `gaming.suspected`.
        held: what would have been awarded since, the newest.
    """

    suspicion: str
    first: str
    second: str
    opened_on: date
    decision: str
    held: tuple[Held, ...] = ()


class Feedback(Struct, frozen=True, kw_only=True):
    """Feedback without an outcome: whose it is."""

    feedback: str
    member: str
    touched_on: date
    title: str | None = None


class Meetup(Struct, frozen=True, kw_only=True):
    """A meet-up, and whom it was counted for."""

    meetup: str
    touched_on: date
    title: str | None = None
    host: str | None = None
    came: tuple[str, ...] = ()


class SamePerson(Struct, frozen=True, kw_only=True):
    """Other ids of one person: what they give each other is given to oneself."""

    member: str
    others: tuple[str, ...]


class Said(Struct, frozen=True, kw_only=True):
    """A decision that a human may overrule. `touched_on` is the day it was made; None: for as long as it holds."""

    decision: str
    type: str
    about: str
    touched_on: date | None
    key: str = ""


class Edit(NamedTuple):
    """A human's word on a round of thanks: about one line, or (without a member) the whole text."""

    member: str | None
    value: str | None


class Round(Struct, frozen=True, kw_only=True):
    """The weekly thanks of a week: whom it names, in order, and what humans changed before it goes out.

    Attributes:
        thanks: the ISO week.
        drafted: the people were chosen; `moved`: a crisis holds it; `said`: it went out.
    """

    thanks: str
    touched_on: date
    people: tuple[str, ...] = ()
    drafted: bool = False
    edits: tuple[Edit, ...] = ()
    moved: bool = False
    said: bool = False


class Knows(NamedTuple):
    """A fact that the platforms could not tell, and can since that day."""

    type: str
    since: int


class Book(Struct, frozen=True, kw_only=True):
    """What holds for the community as a whole.

    Attributes:
        looked_on: the last day whose dues were looked at; `swept_to`: the last day whose old rows were dropped.
        month: the calendar month that is counted; `actives`: people active in it; `last_actives`: in the one before.
        seats: of the circle, as counted on the 1st.
        crises: those that are on.
        unable: types that the platforms could not tell when last looked; `able`: those they learnt to tell since.
        purposes: (purpose, channel) as platforms described them.
        fading: people who grew quiet since the core team was last told how many; `fading_by`: the newest decisions.
        version: the playbook under which everybody was last looked at; `configured_by`: the event that brought it.
        perks_free: a perk was given back, or the catalogue may be another: somebody may be waiting for one.
        thanked: for each role, the day on which somebody was last thanked for it.
    """

    looked_on: date | None = None
    swept_to: date | None = None
    month: str = ""
    actives: int = 0
    last_actives: int = 0
    seats: int = 0
    crises: tuple[str, ...] = ()
    unable: tuple[str, ...] = ()
    able: tuple[Knows, ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()
    fading: int = 0
    fading_by: tuple[str, ...] = ()
    version: str = ""
    configured_by: str = ""
    perks_free: bool = False
    thanked: tuple[tuple[str, int], ...] = ()


HELPS = Selection("helps", Help, lambda _help: ((),), lambda help_: (help_.member,))


CONTRIBUTIONS_NAMING = Selection(
    "contributions_naming",
    Contribution,
    lambda contribution: tuple((member,) for member in helped_by(contribution)),
    lambda contribution: (contribution.member,),
)


SUSPICIONS_NAMING = Selection(
    "suspicions_naming",
    Suspicion,
    lambda suspicion: ((suspicion.first,), (suspicion.second,)),
    lambda suspicion: (suspicion.suspicion,),
)


FEEDBACK_OF = Selection(
    "feedback_of", Feedback, lambda feedback: ((feedback.member,),), lambda feedback: (feedback.feedback,)
)


FEEDBACK_ON = Selection(
    "feedback_on",
    Feedback,
    lambda feedback: ((feedback.touched_on.isoformat(),),),
    lambda feedback: (feedback.feedback,),
)


MEETUPS_ON = Selection(
    "meetups_on", Meetup, lambda meetup: ((meetup.touched_on.isoformat(),),), lambda meetup: (meetup.meetup,)
)


MEETUPS_NAMING = Selection(
    "meetups_naming",
    Meetup,
    lambda meetup: tuple(
        (member,) for member in dict.fromkeys((*meetup.came, *((meetup.host,) if meetup.host else ())))
    ),
    lambda meetup: (meetup.meetup,),
)


SAID_ON = Selection(
    "said_on",
    Said,
    lambda said: ((said.touched_on.isoformat(),),) if said.touched_on is not None else (),
    lambda said: (said.decision,),
)


SAID_ABOUT = Selection("said_about", Said, lambda said: ((said.about,),), lambda said: (said.decision,))


ROUNDS = Selection("rounds", Round, lambda _round: ((),), lambda round_: (round_.thanks,))


def helped_by(contribution: Contribution) -> tuple[str, ...]:
    """People whom a row names as helped, each once."""
    return tuple(dict.fromkeys(deed.helped for deed in contribution.deeds if deed.helped is not None))
