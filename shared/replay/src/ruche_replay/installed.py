"""The services on this machine, found by what packages say of themselves: what is not installed is not played."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points

from chassis.service import Service

GROUP = "ruche.services"


@cache
def installed() -> tuple[Service, ...]:
    """Every installed service, in name order. Raises LookupError when there is none."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    if not points:
        raise LookupError("no service of Ruche is installed here: install one, as `pip install ruche-onboarding`")
    return tuple(point.load() for point in points)


def chosen(wanted: Service | str | Sequence[Service | str] | None = None) -> tuple[Service, ...]:
    """These services, by name or as they are; every installed one when none is named.

    Raises LookupError, with what there is, for a name that is not installed.
    """
    if wanted is None:
        return installed()
    several = [wanted] if isinstance(wanted, (str, Service)) else wanted
    return tuple(_named(one) if isinstance(one, str) else one for one in several)


def _named(name: str) -> Service:
    for point in entry_points(group=GROUP):
        if point.name == name:
            service: Service = point.load()
            return service
    there = ", ".join(sorted(point.name for point in entry_points(group=GROUP))) or "none"
    raise LookupError(f"no service {name!r} is installed here; installed: {there}")
