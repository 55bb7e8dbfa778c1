"""Every type there is: its model, and who may publish it."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType, ModuleType

from contracts.decisions import common, digest, onboarding, recognition, support
from contracts.envelope import Payload
from contracts.facts import feedback, gatherings, members, operators, platforms, posts, tasks

TYPE_PATTERN = re.compile(r"[a-z]{1,64}\.[a-z]{1,64}", re.ASCII)
"""A type: `<entity>.<happened>`."""
PLATFORM_KIND = "platform"
OPERATOR_KIND = "operator"
CLOCK_KIND = "clock"
SERVICE_KIND = "service"
"""The kind of what every service may publish: `message.requested`, `message.cancelled`, `message.withheld`."""


def _models(*modules: ModuleType) -> dict[str, type[Payload]]:
    """The models that modules define, by type, in the order in which they are written there."""
    found = {}
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Payload) and value.__module__ == module.__name__:
                found[value.TYPE] = value
    found.pop("", None)
    return found


def _frozen(models: Iterable[dict[str, type[Payload]]]) -> Mapping[str, type[Payload]]:
    return MappingProxyType({type_: model for group in models for type_, model in group.items()})


_PLATFORM = _models(members, posts, gatherings, feedback, tasks, platforms)
_OPERATOR = _models(operators)
_CLOCK = {"clock.ticked": _OPERATOR.pop("clock.ticked")}
_COMMON = _models(common)
_SERVICES = {
    "onboarding": _models(onboarding),
    "recognition": _models(recognition),
    "support": _models(support),
    "digest": _models(digest),
}

MODELS: Mapping[str, type[Payload]] = _frozen((_PLATFORM, _OPERATOR, _CLOCK, _COMMON, *_SERVICES.values()))
"""The model of the data of every type ever published."""
PLATFORM: tuple[str, ...] = tuple(_PLATFORM)
"""Facts of platforms."""
OPERATOR: tuple[str, ...] = tuple(_OPERATOR)
"""What operators and managers say."""
CLOCK: tuple[str, ...] = tuple(_CLOCK)
"""What the clock says."""
MESSAGES: tuple[str, ...] = tuple(_COMMON)
"""What every service may say besides its own decisions."""
DECISIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({name: tuple(own) for name, own in _SERVICES.items()})
"""What each service alone may say."""
SERVICES: tuple[str, ...] = tuple(DECISIONS)
"""The names of the services, in the order of a person's way through a community."""
ENTITIES: tuple[str, ...] = tuple(sorted({type_.partition(".")[0] for type_ in MODELS}))
"""The first tokens of all types: the literal subjects of the log."""
RESERVED: tuple[str, ...] = (CLOCK_KIND, OPERATOR_KIND, "calendar", *SERVICES)
"""Publishers that no platform may be called; `/calendar` is the source of causes that are no event."""

_KINDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(PLATFORM, PLATFORM_KIND)
    | dict.fromkeys(OPERATOR, OPERATOR_KIND)
    | dict.fromkeys(CLOCK, CLOCK_KIND)
    | dict.fromkeys(MESSAGES, SERVICE_KIND)
    | {type_: service for service, own in DECISIONS.items() for type_ in own}
)


def publisher_kind(type_: str) -> str:
    """Who publishes a type: `platform`, `operator`, `clock`, a service by name, or `service` where any of them may.

    Raises KeyError for a type that is in no contract.
    """
    return _KINDS[type_]


def may_publish(publisher: str, type_: str) -> bool:
    """Whether a publisher, by its token in subjects, may publish a type."""
    kind = publisher_kind(type_)
    if kind == SERVICE_KIND:
        return publisher in DECISIONS
    if kind == PLATFORM_KIND:
        return publisher not in RESERVED
    return publisher == kind


def types_of(publisher: str) -> tuple[str, ...]:
    """All types that a publisher may publish, sorted."""
    return tuple(sorted(type_ for type_ in MODELS if may_publish(publisher, type_)))
