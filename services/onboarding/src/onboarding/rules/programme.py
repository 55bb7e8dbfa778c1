"""The launch programme: every day each prerequisite is met or missing, and since when; waves open in turn."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from contracts.decisions import LaunchChecked, Prerequisite
from contracts.envelope import AnyEvent
from contracts.playbook import Playbook
from contracts.turn import Message, Turn
from onboarding.rules import promises, sponsors, waves, welcome
from onboarding.rules.circle import in_circle
from onboarding.rules.clocks import DAY, next_daily, today
from onboarding.rules.speech import MANAGER, because, channel_for
from onboarding.state import RELAYS, WAITING, WAITING_FOR_WAVES, WAVE, Programme, Promise, Standing, Wave

LAUNCH = "launch"
TOLD_EVERY = timedelta(days=7)
"""The manager is told what is missing when something new is, and once a week at most."""


class Need(NamedTuple):
    """What a prerequisite asks and what there is."""

    key: str
    actual: int
    needed: int
    names: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether there is enough."""
        return self.actual >= self.needed


def due(playbook: Playbook, after: datetime) -> datetime | None:
    """The next day's check, strictly after an instant, until the programme is over.

    A start that is far is looked at daily too, though nothing is said: a later playbook may bring it nearer.
    """
    launch = playbook.launch
    if launch.start is None:
        return None
    moment = next_daily(playbook, launch.check_time, after)
    last = launch.start + 7 * launch.length_weeks * DAY
    # One check more than the programme is long: it finds it over, and opens what is still closed.
    return moment if moment.astimezone(playbook.zone).date() <= last else None


def fire(turn: Turn, _due: datetime) -> None:
    """From some weeks before the start on: open the waves whose turn it is, then check what a launch needs."""
    launch = turn.playbook.launch
    if launch.start is None or today(turn) < launch.start - 7 * launch.check_before_weeks * DAY:
        return
    for wave, waiting in waves.check(turn):
        welcome.welcome_all(turn, waiting, gathering=WAVE + wave.wave)
    if waves.is_over(turn):
        for wave in launch.waves:
            left = turn.find(WAITING, WAVE + wave.wave)
            welcome.welcome_all(turn, left, gathering=WAVE + wave.wave)
        return
    _check(turn)


def _check(turn: Turn) -> None:
    launch = turn.playbook.launch
    start = launch.start
    if start is None:
        return
    known = turn.get(Programme) or Programme()
    before = {standing.key: standing for standing in known.standings}
    needs = sorted(_needs(turn, sponsors.check(turn)), key=lambda need: need.key)
    standings = tuple(_standing(turn, need, before.get(need.key)) for need in needs)
    missing = tuple(need for need in needs if not need.met)
    opened = [wave.wave for wave in launch.waves if turn.get(Wave, wave.wave) is not None]
    decision = turn.decide(
        LaunchChecked(
            community=turn.slug,
            playbook=turn.version,
            because=(
                because(
                    "launch.checked",
                    threshold=len(needs),
                    actual=len(needs) - len(missing),
                    evidence=(known.configured_by,),
                ),
            ),
            week=(today(turn) - start).days // 7 + 1,
            weeks=launch.length_weeks,
            prerequisites=tuple(
                Prerequisite(
                    key=need.key,
                    met=need.met,
                    since=standing.since,
                    actual=need.actual,
                    needed=need.needed,
                    names=need.names,
                )
                for need, standing in zip(needs, standings, strict=True)
            ),
            missing=len(missing),
            wave=opened[-1] if opened else None,
        ),
        rule=LAUNCH,
    )
    news = any(key not in before or before[key].met for key in (need.key for need in missing))
    if missing and news and (known.told_at is None or turn.now - known.told_at >= TOLD_EVERY):
        _tell(turn, missing, standings, decision)
        known = replace(known, told_at=turn.now)
    turn.put(replace(known, standings=standings))


def _standing(turn: Turn, need: Need, before: Standing | None) -> Standing:
    if before is not None and before.met == need.met:
        return before
    return Standing(key=need.key, met=need.met, since=turn.now)


def _needs(turn: Turn, silent_sponsors: tuple[str, ...]) -> Iterator[Need]:
    playbook, launch = turn.playbook, turn.playbook.launch
    people = playbook.people
    named = len(people.sponsors)
    founding = [relay for relay in turn.find(RELAYS) if in_circle(turn, relay)]
    promised = tuple(
        row
        for sponsor in people.sponsors
        for promise in sponsor.promises
        if (row := turn.get(Promise, promise.promise)) is not None
    )
    late = promises.late(turn, promised)
    yield Need("core_team", len(people.core_team), launch.core_team_least)
    yield Need("founding_relays", len(founding), launch.founding_relays_least)
    yield Need("goals", len(playbook.goals), 1)
    yield Need("promises_kept", len(promised) - len(late), len(promised), late)
    yield Need("sponsors", named, launch.sponsors_least)
    yield Need("sponsors_active", named - len(silent_sponsors), named, silent_sponsors)
    yield Need("totem", int(playbook.totem is not None), 1)
    yield Need("values", len(playbook.values), 1)
    yield Need("waves", len(launch.waves), 1)
    yield Need("welcome_place", int(channel_for(turn, "welcome")[1] is not None), 1)


def _tell(turn: Turn, missing: tuple[Need, ...], standings: tuple[Standing, ...], decision: str) -> None:
    since = {standing.key: standing.since for standing in standings}
    turn.request(
        Message(
            key=turn.now.isoformat(),
            rule=LAUNCH,
            kind=LAUNCH,
            template="launch_missing",
            to=MANAGER,
            purse="none",
            lifetime=timedelta(days=1),
            values={
                "missing": tuple(
                    {
                        "key": need.key,
                        "actual": need.actual,
                        "needed": need.needed,
                        "names": need.names,
                        "since": since[need.key].isoformat(),
                    }
                    for need in missing
                ),
            },
            serves=decision,
            because=(because("launch.checked", threshold=0, actual=len(missing), evidence=(decision,)),),
        )
    )


def configured(turn: Turn, event: AnyEvent) -> None:
    """A new playbook: its sponsors and their promises are known from now on; nobody waits for a wave it took away."""
    turn.put(replace(turn.get(Programme) or Programme(), configured_by=event.id))
    sponsors.named(turn)
    promises.named(turn, event)
    for newcomer in turn.find(WAITING_FOR_WAVES):
        welcome.of_another_wave(turn, newcomer)
