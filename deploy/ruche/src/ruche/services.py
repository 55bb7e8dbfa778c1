"""The services on this machine: whatever package says it is one. One that is not installed is simply not run."""

from collections.abc import Sequence
from importlib.metadata import entry_points

from chassis.service import Service
from ruche.exits import Code, Problem

GROUP = "ruche.services"


def names() -> tuple[str, ...]:
    """The installed services by name, sorted."""
    return tuple(sorted(entry.name for entry in entry_points(group=GROUP)))


def load(name: str) -> Service:
    """A service by name; a usage problem when it is not installed."""
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            try:
                service = entry.load()
            except Exception as error:
                raise Problem(f"the service {name} cannot be imported: {error!r}") from error
            if not isinstance(service, Service):
                raise Problem(f"the entry point {name} of {GROUP} is no chassis.service.Service")
            return service
    there = ", ".join(names()) or "none"
    raise Problem(f"no service {name!r} is installed; installed: {there}", Code.USAGE)


def chosen(wanted: Sequence[str] = ()) -> tuple[Service, ...]:
    """The services of these names, or every installed one, sorted by name."""
    if not wanted and not names():
        raise Problem("no service is installed: install one, as `pip install ruche-onboarding`", Code.USAGE)
    return tuple(load(name) for name in sorted(set(wanted or names())))
