"""The streams: `EVENTS`, the log, and `DEAD`, the letters. Made by an operator's command, never by a service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.bus import DEAD, EVENTS, ApiRefused, Bus
from contracts.registry import ENTITIES

PARTITIONS = 8
DUPLICATE_WINDOW_SECONDS = 120
PARTITIONS_KEY = "ruche.partitions"
_NO_SUCH_STREAM = 10059
_NANOSECONDS = 1_000_000_000


class Drift(Exception):  # noqa: N818 - what was found, not a fault of the program
    """A stream stands otherwise than it should, in a way that provisioning does not mend by itself."""

    def __init__(self, stream: str, differences: tuple[str, ...]) -> None:
        super().__init__(f"the stream {stream} is not as it should be: {'; '.join(differences)}")
        self.stream = stream
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What provisioning did: which streams it made, and which stood already as they should."""

    made: tuple[str, ...]
    found: tuple[str, ...]


def events_config(partitions: int = PARTITIONS, replicas: int = 1) -> dict[str, Any]:
    """The log: literal first tokens, four tokens a subject, one partition per community, no limit of age or size.

    A subject with another number of tokens is refused at the door: it would be stored where no reader looks.
    """
    wildcards = ".".join(f"{{{{wildcard({n})}}}}" for n in range(1, 5))
    return {
        "name": EVENTS,
        "description": "Ruche's log: every fact, decision and tick, in one order per community.",
        "subjects": [f"{entity}.*.*.*" for entity in ENTITIES],
        "subject_transform": {"src": "*.*.*.*", "dest": f"{{{{partition({partitions},3)}}}}.{wildcards}"},
        "metadata": {PARTITIONS_KEY: str(partitions)},
        **_common(replicas),
        "allow_atomic": True,
    }


def dead_config(replicas: int = 1) -> dict[str, Any]:
    """The dead letters: `dead.<service>.<community>`."""
    return {
        "name": DEAD,
        "description": "Ruche's dead letters: what could not be read, and what a rule failed on.",
        "subjects": ["dead.>"],
        **_common(replicas),
        "allow_atomic": True,
    }


def _common(replicas: int) -> dict[str, Any]:
    return {
        "storage": "file",
        "retention": "limits",
        "discard": "old",
        "num_replicas": replicas,
        "duplicate_window": DUPLICATE_WINDOW_SECONDS * _NANOSECONDS,
        "allow_direct": False,
        "allow_rollup_hdrs": False,
        "allow_msg_ttl": False,
        "max_age": 0,
        "max_bytes": -1,
        "max_msgs": -1,
        "max_msgs_per_subject": -1,
    }


def _differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, ...]:
    result = []
    for name, want in wanted.items():
        have = found.get(name)
        if name in {"name", "description"}:
            continue
        if name == "subjects":
            want, have = sorted(want), sorted(have or ())  # noqa: PLW2901 - compared as sets
        if name == "metadata":
            have = {key: value for key, value in (have or {}).items() if not key.startswith("_")}
        if have != want and not (not have and not want):
            result.append(f"{name} is {have!r} and should be {want!r}")
    schedules = found.get("allow_msg_schedules")
    if schedules:
        result.append("allow_msg_schedules is on: whoever may publish could forge messages")
    return tuple(result)


async def describe(bus: Bus, stream: str) -> dict[str, Any] | None:
    """A stream's configuration, creation time and state; None when there is none."""
    try:
        return await bus.api(f"STREAM.INFO.{stream}")
    except ApiRefused as refused:
        if refused.code == _NO_SUCH_STREAM:
            return None
        raise


async def provision(bus: Bus, *, partitions: int = PARTITIONS, replicas: int = 1) -> Provisioned:
    """Make the streams that are missing; answer which. `Drift` when one stands otherwise: nothing is rewritten.

    The number of partitions is part of the log's identity: another number would put a community's next event into
    another order than its last.
    """
    made, found = [], []
    wanted = (events_config(partitions, replicas), dead_config(replicas))
    for config in wanted:
        # Both are looked at before either is made: a refusal leaves everything as it was.
        there = await describe(bus, config["name"])
        if there is None:
            made.append(config)
        else:
            different = _differences(config, there["config"])
            if different:
                raise Drift(config["name"], different)
            found.append(config["name"])
    for config in made:
        await bus.api(f"STREAM.CREATE.{config['name']}", config)
    return Provisioned(tuple(config["name"] for config in made), tuple(found))


def partitions_of(description: Mapping[str, Any]) -> int:
    """How many partitions a log was made with, as its metadata says."""
    text = description["config"].get("metadata", {}).get(PARTITIONS_KEY)
    if text is None:
        raise Drift(description["config"]["name"], (f"its metadata lacks {PARTITIONS_KEY}",))
    return int(text)
