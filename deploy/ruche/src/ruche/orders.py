"""What an operator says to a community: the events behind `playbook apply`, `community mute` and the rest."""

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from contracts.envelope import AnyEvent, Payload
from contracts.facts import CommunityConfigured, CommunityMuted, CommunityUnmuted
from contracts.playbook import Playbook

SOURCE = "/operator"


def who() -> str:
    """Who gives the order, for `by`: the user at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"


def event(data: Payload, at: datetime, *, key: str = "") -> AnyEvent:
    """An operator's event. The same order at the same moment is the same event, so a re-send does nothing."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    parts = [data.TYPE, data.community, *([key] if key else []), moment]
    return AnyEvent(id="/".join(parts), source=SOURCE, type=data.TYPE, time=datetime.fromisoformat(moment), data=data)


def version_of(playbook: Playbook) -> str:
    """A version that says what is in it: the same settings have the same version, wherever they are applied."""
    return sha256(playbook.model_dump_json(by_alias=True).encode()).hexdigest()[:12]


def configured(community: str, playbook: Playbook, at: datetime, version: str | None = None) -> AnyEvent:
    """`community.configured`: from its place in the log on, this playbook holds."""
    version = version or version_of(playbook)
    data = CommunityConfigured(community=community, version=version, playbook=playbook.document())
    return event(data, at, key=version)


def muted(community: str, at: datetime, *, by: str, rules: Sequence[str] = ()) -> AnyEvent:
    """`community.muted`, whole or some rules: requests are decided, and nobody may deliver them."""
    return event(
        CommunityMuted(community=community, rules=tuple(rules) or None, by=by), at, key=",".join(sorted(rules))
    )


def unmuted(community: str, at: datetime, *, by: str, rules: Sequence[str] = ()) -> AnyEvent:
    """`community.unmuted`, whole or some rules: what is decided from here on may be delivered."""
    return event(
        CommunityUnmuted(community=community, rules=tuple(rules) or None, by=by), at, key=",".join(sorted(rules))
    )
