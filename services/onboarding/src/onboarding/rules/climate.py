"""What holds for everybody at the moment: a crisis, an announced surge, what channels are for."""

from datetime import datetime

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import purposes_after
from contracts.turn import Turn
from onboarding.rules.speech import to_member
from onboarding.state import NUDGED, Climate, Surge


def climate_of(turn: Turn) -> Climate:
    """What is known; an empty one at first."""
    return turn.get(Climate) or Climate()


def crisis(turn: Turn) -> str | None:
    """The crisis that is on: nudges die, welcomes lose the first action."""
    return next(iter(climate_of(turn).crises), None)


def announced(turn: Turn, moment: datetime) -> bool:
    """Whether many arrivals were announced for a moment."""
    return any(surge.opens <= moment <= surge.closes for surge in climate_of(turn).surges)


def crisis_opened(turn: Turn, event: AnyEvent) -> None:
    """A human, or support, opened a crisis: reminders that are still on their way are called back."""
    climate = climate_of(turn)
    if event.data.crisis not in climate.crises:
        turn.put(replace(climate, crises=(*climate.crises, event.data.crisis)))
    for newcomer in turn.find(NUDGED):
        turn.recall("nudge", newcomer.member, to=to_member(newcomer.member), why="crisis")


def crisis_over(turn: Turn, event: AnyEvent) -> None:
    """It is closed, or was none."""
    climate = climate_of(turn)
    if event.data.crisis in climate.crises:
        turn.put(replace(climate, crises=tuple(one for one in climate.crises if one != event.data.crisis)))


def surge_announced(turn: Turn, event: AnyEvent) -> None:
    """Many arrivals are expected: they are no raid."""
    climate = climate_of(turn)
    surge = Surge(opens=event.data.from_, closes=event.data.until)
    if surge.closes >= turn.now and surge not in climate.surges:
        turn.put(replace(climate, surges=(*climate.surges, surge)))


def channel_described(turn: Turn, event: AnyEvent) -> None:
    """Remember the channel of each purpose, the newest described first; a restricted one is for no text of ours."""
    climate, data = climate_of(turn), event.data
    purposes = purposes_after(climate.purposes, data.channel, data.purpose, data.visibility)
    if purposes is not climate.purposes:
        turn.put(replace(climate, purposes=purposes))


def forget_surges(turn: Turn) -> None:
    """Surges that are over matter no more."""
    climate = climate_of(turn)
    current = tuple(surge for surge in climate.surges if surge.closes >= turn.now)
    if current != climate.surges:
        turn.put(replace(climate, surges=current))
