"""A part of the service: what a family of rules reacts to, knows and says. The service is its parts, joined."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.pages import Page
from chassis.service import Calendar, Early, Firing, Reaction, Service, Telling
from chassis.tables import Statement, Table
from contracts.envelope import AnyEvent, Decision, Payload

Needs = Callable[[AnyEvent], Iterable[tuple[type, tuple[str, ...]]]]


def _no_needs(_event: AnyEvent) -> Iterable[tuple[type, tuple[str, ...]]]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """Fields as in `chassis.service.Service`."""

    tables: tuple[Table[Any], ...]
    statements: tuple[Statement, ...]
    reacts: Mapping[type[Payload], tuple[Reaction, ...]]
    emits: tuple[type[Decision], ...]
    due: Mapping[str, Firing] = field(default_factory=dict)
    calendar: Mapping[str, Calendar] = field(default_factory=dict)
    early: tuple[Early, ...] = ()
    needs: Needs = _no_needs
    pages: Mapping[str, Page] = field(default_factory=dict)


def joined(name: str, *, package: str, parts: tuple[Part, ...], tells: Telling) -> Service:
    """One service of several parts: on each event they react in their order."""
    reacts: dict[type[Payload], tuple[Reaction, ...]] = {}
    due: dict[str, Firing] = {}
    calendar: dict[str, Calendar] = {}
    for part in parts:
        for model, reactions in part.reacts.items():
            reacts[model] = (*reacts.get(model, ()), *reactions)
        due |= part.due
        calendar |= part.calendar

    def needs(event: AnyEvent) -> Iterator[tuple[type, tuple[str, ...]]]:
        for part in parts:
            yield from part.needs(event)

    return Service(
        name=name,
        package=package,
        tables=tuple(table for part in parts for table in part.tables),
        statements=tuple(statement for part in parts for statement in part.statements),
        reacts=reacts,
        due=due,
        calendar=calendar,
        early=tuple(early for part in parts for early in part.early),
        needs=needs,
        pages={path: page for part in parts for path, page in part.pages.items()},
        tells=tells,
        emits=tuple(decision for part in parts for decision in part.emits),
    )
