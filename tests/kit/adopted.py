"""A community with a history: imported facts, then life; all four services in process, in turns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chassis.entry import Entry
from chassis.replay import Turns, tick
from contracts.envelope import AnyEvent
from facts import COMMUNITY, MONDAY, fact, seconds, unmuted
from recorded import installed

PLAYBOOK: dict[str, Any] = {
    "name": "L'Atelier",
    "language": "fr",
    "register": "tu",
    "timezone": "Europe/Paris",
    "people": {"manager": "eve", "core_team": [{"member": "eve", "name": "Ève"}]},
    "places": {"welcome": {"channel": "accueil"}, "help": {"channel": "entraide"}},
}
MESSAGES = ("message.requested", "message.withheld", "message.cancelled")


def imported(facts: Iterable[AnyEvent]) -> list[AnyEvent]:
    """The same facts as `ruche adopt` publishes them."""
    return [event.model_copy(update={"backfill": True}) for event in facts]


class Adopted:
    """A history, adopted before the community's first live word; `live` plays on and answers what was decided."""

    def __init__(
        self,
        history: Sequence[AnyEvent],
        *,
        community: str = COMMUNITY,
        playbook: dict[str, Any] | None = None,
        live_from: datetime = MONDAY,
    ) -> None:
        self.community = community
        self.decided: list[AnyEvent] = []
        self.turns = Turns(installed(), on_decision=lambda event, _raw: self.decided.append(event))
        opened = min((event.time for event in history), default=live_from) - seconds(1)
        book = {**PLAYBOOK, **(playbook or {})}
        opening = fact("community.configured", opened, community=community, version="v1", playbook=book)
        for event in (opening, *imported(history)):
            self._play(event)
        self.of_history = list(self.decided)
        self.live(unmuted(live_from, community=community))

    def _play(self, event: AnyEvent) -> None:
        self.turns.play(Entry(0, None, None, event.to_json(), event))

    def live(self, *events: AnyEvent, until: datetime | None = None) -> list[AnyEvent]:
        """Play live facts, then let time pass; answers what was decided meanwhile."""
        before = len(self.decided)
        for event in events:
            self._play(event)
        if until is not None:
            self.turns.pass_time(self.community, until)
            self._tick(until)
        letters = [letter for shelf in self.turns.shelves.values() for letter in shelf.letters]
        assert not letters, letters[0].traceback or letters[0].what
        return self.decided[before:]

    def _tick(self, until: datetime) -> None:
        event = tick(self.community, until)
        self.turns._settle(Entry(0, None, None, b"", event))


def about(decisions: Iterable[AnyEvent], *types: str) -> list[tuple[str, str]]:
    """(type, whom it is about) of decisions of some types; of messages (kind, to whom)."""
    found = []
    for event in decisions:
        data = event.data
        if event.type in types and event.type in MESSAGES:
            found.append((data.kind, data.to.id))
        elif event.type in types:
            newcomer = getattr(data, "newcomer", None)
            found.append((event.type, newcomer if isinstance(newcomer, str) else data.member))
    return found


WELCOMING = (
    *("member.welcomed", "welcome.held", "member.introduced", "action.proposed", "relay.asked", "relay.paired"),
    *("newcomer.unanswered", "member.onboarded", "onboarding.stalled", "action.expired"),
)
"""What is decided about newcomers only."""
TO_NEWCOMERS = ("welcome", "nudge", "pairing", "introduction", "first_action", "thanks", "impact")
"""Messages that somebody known from history must not get for the past."""
