"""Which relay suits a newcomer best: the sum of what they share, less what the relay already carries."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from contracts.choice import stable_hash
from contracts.identity import EPOCH
from contracts.office_time import OfficeHours, common_minutes
from contracts.people import Person, is_bot, stopped
from contracts.playbook import Onboarding, Playbook
from contracts.purse import zone_of
from contracts.skills import shared_skills
from contracts.turn import Turn
from onboarding.rules.circle import circle
from onboarding.rules.clocks import today
from onboarding.rules.guides import derived
from onboarding.state import OPEN_PAIRINGS, Guide, Pairing, Relay

PAIRING = "pairing"
MINUTES = 60


class Suits(NamedTuple):
    """How well a relay suits a newcomer."""

    relay: Relay
    score: int
    shared: tuple[str, ...]


def _languages(person: Person) -> set[str]:
    spoken = person.languages or ((person.locale,) if person.locale else ())
    return {language.replace("_", "-").split("-")[0].casefold() for language in spoken}


def common_hours(first: Person, second: Person, playbook: Playbook, day: date) -> int:
    """Whole hours of a week in which both like to be asked, each by their own clock; 0 where one did not say."""
    if first.hours is None or second.hours is None:
        return 0
    one, other = (OfficeHours(week=person.hours or (), zone=zone_of(person, playbook)) for person in (first, second))
    return common_minutes(one, other, day) // MINUTES


def score(newcomer: Person, relay: Person, *, open_pairings: int, playbook: Playbook, day: date) -> int:
    """The sum of PRODUCT: skills, a language, the population, common hours, less what the relay already carries."""
    figures: Onboarding = playbook.onboarding
    shared = len(shared_skills(playbook.skill_index, newcomer.skills, relay.skills))
    total = figures.pairing_skill_points * min(shared, figures.pairing_skills_most)
    if _languages(newcomer) & _languages(relay):
        total += figures.pairing_language_points
    if newcomer.population is not None and newcomer.population == relay.population:
        total += figures.pairing_population_points
    if common_hours(newcomer, relay, playbook, day) >= figures.pairing_common_hours:
        total += figures.pairing_hours_points
    return total - figures.pairing_open_points * open_pairings


def candidates(turn: Turn, newcomer: Person, pairing: Pairing) -> list[Suits]:
    """Relays who may be asked, best first; ties: longest since the last pairing, then a stable hash."""
    found = []
    carrying = Counter(other.relay for other in turn.find(OPEN_PAIRINGS))
    for relay in circle(turn):
        person = turn.person(relay.member) or Person(member=relay.member, first_seen_at=EPOCH)
        carried = carrying[relay.member]
        if relay.member in {newcomer.member, pairing.replaces, *pairing.tried} or is_bot(person):
            continue
        if carried >= turn.playbook.onboarding.pairing_newcomers_most or stopped(person, PAIRING):
            continue
        known_for = derived(turn.get(Guide, relay.member), turn.now)
        person = replace(person, skills=(*person.skills, *known_for)) if known_for else person
        shared = shared_skills(turn.playbook.skill_index, newcomer.skills, person.skills)
        points = score(newcomer, person, open_pairings=carried, playbook=turn.playbook, day=today(turn))
        found.append(Suits(relay, points, shared))
    found.sort(
        key=lambda suits: (
            -suits.score,
            suits.relay.paired_at or EPOCH,
            stable_hash(PAIRING, newcomer.member, suits.relay.member),
            suits.relay.member,
        )
    )
    return found
