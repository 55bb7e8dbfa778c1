"""Who is who: the core team and its absences, sponsors and their promises, welcomers, relays, the manager."""

from datetime import date
from typing import Self

from pydantic import model_validator

from contracts.envelope import Key, MemberId
from contracts.playbook.section import CalendarDay, Name, Section, Text, key


class Absence(Section):
    """Days on which somebody of the core team is away, first and last included."""

    first: CalendarDay = key(..., "First day away.")
    last: CalendarDay = key(..., "Last day away.")
    deputy: MemberId | None = key(None, "Who stands in; without one, the others of the core team.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("an absence ends on or after its first day")
        return self


class TeamMember(Section):
    """Somebody of the core team."""

    member: MemberId = key(..., "The platform's id of the person.")
    name: Name = key(..., "How texts name the person.")
    role: str = key("", "What the person can be asked, in a few words.", max_length=140)
    deputy: MemberId | None = key(None, "Who stands in during absences that name nobody.")
    absences: tuple[Absence, ...] = key((), "Days away; escalations go to the deputy.")


class Promise(Section):
    """What a sponsor promised the community."""

    promise: Key = key(..., "An id, the one of `promise.kept`.")
    what: Text = key(..., "What was promised, in words.")
    due: CalendarDay = key(..., "The day by which it is kept or late.")


class Sponsor(Section):
    """Somebody whose organisation carries the community."""

    member: MemberId = key(..., "The platform's id of the person.")
    name: Name = key(..., "How texts name the person.")
    organisation: str = key("", "For whom the person speaks.", max_length=140)
    promises: tuple[Promise, ...] = key((), "What was promised, and by when.")


class People(Section):
    """Everybody a rule can name or turn to; core team, sponsors and manager are staff."""

    manager: MemberId | None = key(None, "Who gets the morning note and decides; none: the core team, as a role.")
    core_team: tuple[TeamMember, ...] = key((), "Known to all; the last rung of every ladder. Welcomes name two.")
    sponsors: tuple[Sponsor, ...] = key((), "They keep what they promised; a silent one is noticed.")
    welcomers: tuple[MemberId, ...] = key((), "Members who answer newcomers when no relay is paired.")
    relays: tuple[MemberId, ...] = key((), "Members who are relays already, by the manager's word.")
    founding_relays: tuple[MemberId, ...] = key(
        (), "Asked at launch: relays by acceptance, without the stratum, for `launch.founding_relay_months`."
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        lists = {
            "core_team": [person.member for person in self.core_team],
            "sponsors": [person.member for person in self.sponsors],
            "welcomers": list(self.welcomers),
            "relays": list(self.relays),
            "founding_relays": list(self.founding_relays),
        }
        for name, members in lists.items():
            twice = sorted({member for member in members if members.count(member) > 1})
            if twice:
                raise ValueError(f"{name} names {', '.join(twice)} twice: name each person once")
        promises = [promise.promise for sponsor in self.sponsors for promise in sponsor.promises]
        if len(promises) != len(set(promises)):
            raise ValueError("two promises have the same id: give each its own")
        return self

    def on_duty(self, day: date) -> tuple[str, ...]:
        """The core team on a day, in the playbook's order, deputies in the place of those away.

        When all are away and nobody stands in, all of them: an escalation never goes to nobody.
        """
        duty: dict[str, None] = {}
        for person in self.core_team:
            away = next((absence for absence in person.absences if absence.first <= day <= absence.last), None)
            who = person.member if away is None else away.deputy or person.deputy
            if who is not None:
                duty[who] = None
        return tuple(duty) or tuple(person.member for person in self.core_team)
