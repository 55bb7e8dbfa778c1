"""A recorded run for tests: the log of a simulated community, and what every service made of it."""

import json
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import yaml

from chassis.entry import Entry, read
from chassis.replay import Turns
from chassis.service import Service
from contracts.playbook import load
from ruche import playbooks
from ruche.simulate import START, simulate


@cache
def installed() -> tuple[Service, ...]:
    """Every installed service, in name order."""
    points = sorted(entry_points(group="ruche.services"), key=lambda point: point.name)
    return tuple(point.load() for point in points)


def latelier() -> dict:
    """The shipped French playbook as `community.configured` carries it; the caller's own, to change at will."""
    return json.loads(_latelier())


@cache
def _latelier() -> str:
    path = Path(playbooks.__file__).parent / "latelier.yaml"
    return json.dumps(load(yaml.safe_load(path.read_text("utf-8"))).document())


def operator(kind: str, at: str, community: str, **data) -> dict:
    return {
        "specversion": "1.0",
        "id": f"{kind}/{community}/{at}",
        "source": "/operator",
        "type": kind,
        "time": at,
        "data": {"community": community, **data},
    }


def opened(facts: list[dict]) -> list[dict]:
    """The facts, after the playbook and the unmuting of their community."""
    first = facts[0]
    at, community = first["time"], first["data"]["community"]
    return [
        operator("community.configured", at, community, version="1", playbook=latelier()),
        operator("community.unmuted", at, community, by="ops"),
        *facts,
    ]


def recent_monday() -> datetime:
    """A Monday so long ago that a fortnight from it is over; what falls due until today takes services a moment."""
    midnight = datetime.now(START.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday() + 21)


def fortnight(
    *, members: int = 14, weeks: int = 2, seed: int = 7, community: str = "latelier", start: datetime = START
) -> list[dict]:
    """A simulated community, configured and unmuted."""
    return opened(list(simulate(members=members, weeks=weeks, seed=seed, community=community, start=start)))


def entries(facts: list[dict]) -> list[Entry]:
    found = [read(json.dumps(fact, ensure_ascii=False).encode(), seq=seq) for seq, fact in enumerate(facts, 1)]
    assert [entry.refusal for entry in found if entry.refusal is not None] == []
    return found


class Run:
    """Facts played in turns: the whole log as it went, and the state it left."""

    def __init__(self, facts: list[dict], services: tuple[Service, ...] | None = None) -> None:
        self.log: list[Entry] = []
        self.turns = Turns(services or installed(), on_message=self._hear)
        for entry in entries(facts):
            self.turns.play(entry)
        assert [letter for shelf in self.turns.shelves.values() for letter in shelf.letters] == []

    def _hear(self, event, raw):
        self.log.append(Entry(len(self.log) + 1, None, None, raw, event))

    def decided(self, service: Service) -> list[bytes]:
        """What a service said, in order."""
        return [entry.raw for entry in self.log if entry.event.source == service.source]
