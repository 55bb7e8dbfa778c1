"""Time zones by name, from the packaged IANA data: the same bytes on every machine, system files or none."""

from collections.abc import Callable
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, reset_tzpath

# An empty path leaves the `tzdata` package as the only source: what a system has under /usr/share/zoneinfo, or has
# not, must never move a decision.
cast("Callable[[tuple[str, ...]], None]", reset_tzpath)(())
ZoneInfo.clear_cache()


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; None for a name that is no zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_or(name: str | None, fallback: str) -> ZoneInfo:
    """The zone of a name that somebody declared, else the zone of `fallback`, else UTC."""
    return (zone_named(name) if name else None) or zone_named(fallback) or ZoneInfo("UTC")
