"""What the common rules know of a community and of its places."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.identity import SERVICES

Visibility = Literal["public", "members", "restricted"]

NOT_OPENED = datetime(9999, 1, 1, tzinfo=UTC)
"""`opened_at` of a community of which nothing but ticks was seen."""
NEUTRAL_VERSION = "neutral"
_TICK = "clock.ticked"


class Community(Struct, frozen=True, kw_only=True):
    """A community, as far as every service has to know it.

    Attributes:
        now: the latest time among its accepted events; it never goes back.
        opened_at: the earliest time of anything said about it, history included.
        playbook: the version in force; `neutral` before any.
        muted: nothing may be delivered, except what `unmuted_rules` name. A community starts so.
        unmuted_rules: rules or kinds that may speak while the whole is muted, sorted.
        muted_rules: rules or kinds that may not, while the whole is not muted, sorted.
        horizon: the latest time of an imported fact; None when nothing was imported.
        importing: the newest event, ticks aside, was of an import: what fires now is history.
        described: what each platform said of itself: source, whether it allows direct first contact, what it emits.
        emits: what the platforms say they emit, together, sorted; None when none said so.
        seen_types: types of facts that were seen, sorted.
        forgotten_until: the latest moment at which somebody was erased; None when nobody was.
        direct_first_contact: whether somebody who has not written first may be written to in private: every platform
            that described itself allows it.
    """

    now: datetime
    opened_at: datetime
    playbook: str = NEUTRAL_VERSION
    muted: bool = True
    unmuted_rules: tuple[str, ...] = ()
    muted_rules: tuple[str, ...] = ()
    horizon: datetime | None = None
    importing: bool = False
    described: tuple[tuple[str, bool, tuple[str, ...]], ...] = ()
    emits: tuple[str, ...] | None = None
    seen_types: tuple[str, ...] = ()
    direct_first_contact: bool = False
    forgotten_until: datetime | None = None


def community_after(community: Community | None, event: AnyEvent, now: datetime) -> Community:
    """The community after an event: the same object when nothing changed. A tick changes `now` and nothing else.

    Args:
        community: what was known; None before the first event.
        event: any event of the community.
        now: its now with this event; one that is behind what is known changes nothing.
    """
    if community is None:
        community = Community(now=now, opened_at=NOT_OPENED)
    elif now > community.now:
        community = replace(community, now=now)
    if event.type == _TICK:
        return community
    if event.time < community.opened_at:
        community = replace(community, opened_at=event.time)
    if event.backfill != community.importing:
        community = replace(community, importing=event.backfill)
    if event.source.startswith(SERVICES):
        return community
    if event.type not in community.seen_types:
        community = replace(community, seen_types=tuple(sorted((*community.seen_types, event.type))))
    if event.backfill and (community.horizon is None or event.time > community.horizon):
        community = replace(community, horizon=event.time)
    handle = _AFTER.get(event.type)
    return community if handle is None else handle(community, event)


def _configured(community: Community, event: AnyEvent) -> Community:
    version = event.data.version
    return community if version == community.playbook else replace(community, playbook=version)


def _without(rules: tuple[str, ...], taken: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rule for rule in rules if rule not in taken)


def _with(rules: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*rules, *added}))


def _muted(community: Community, event: AnyEvent) -> Community:
    """Whole, it is the kill switch: what was unmuted by rule is muted too."""
    rules = event.data.rules
    if not rules:
        return replace(community, muted=True, unmuted_rules=(), muted_rules=())
    if community.muted:
        return replace(community, unmuted_rules=_without(community.unmuted_rules, rules))
    return replace(community, muted_rules=_with(community.muted_rules, rules))


def _unmuted(community: Community, event: AnyEvent) -> Community:
    rules = event.data.rules
    if not rules:
        return replace(community, muted=False, unmuted_rules=(), muted_rules=())
    if community.muted:
        return replace(community, unmuted_rules=_with(community.unmuted_rules, rules))
    return replace(community, muted_rules=_without(community.muted_rules, rules))


def _described(community: Community, event: AnyEvent) -> Community:
    """Each platform speaks for itself, and anew each time; together they emit what any of them emits."""
    data = event.data
    own = (event.source, data.direct_first_contact == "allowed", tuple(sorted(set(data.emits))))
    others = (platform for platform in community.described if platform[0] != event.source)
    described = tuple(sorted((*others, own)))
    if described == community.described:
        return community
    return replace(
        community,
        described=described,
        emits=tuple(sorted({emitted for platform in described for emitted in platform[2]})),
        direct_first_contact=all(platform[1] for platform in described),
    )


def _erased(community: Community, _event: AnyEvent) -> Community:
    return _forgotten_until(community, community.now)


def _forgotten(community: Community, event: AnyEvent) -> Community:
    return _forgotten_until(community, event.data.until)


def _forgotten_until(community: Community, until: datetime) -> Community:
    known = community.forgotten_until
    return community if known is not None and known >= until else replace(community, forgotten_until=until)


_AFTER: dict[str, Callable[[Community, AnyEvent], Community]] = {
    "community.configured": _configured,
    "community.muted": _muted,
    "community.unmuted": _unmuted,
    "platform.described": _described,
    "member.erased": _erased,
    "member.forgotten": _forgotten,
}


def is_muted(community: Community, rule: str, kind: str | None = None) -> bool:
    """Whether requests of a rule, or of the kind it sends, carry `muted: true`: decided, delivered by nobody."""
    names = (rule,) if kind is None else (rule, kind)
    if community.muted:
        return not any(name in community.unmuted_rules for name in names)
    return any(name in community.muted_rules for name in names)


def can_emit(community: Community, event_type: str) -> bool:
    """Whether the platforms can tell such a fact: they said so, or it was seen."""
    return event_type in community.seen_types or (community.emits is not None and event_type in community.emits)


class Place(Struct, frozen=True, kw_only=True):
    """A channel. An undeclared one is visible to members and has no purpose.

    Attributes:
        channel: the platform's id.
        visibility: `public`, `members`, or `restricted`: nothing from there is quoted, suggested or counted by name.
        purpose: `welcome`, `help`, `introductions`, `thanks`, `general` or `team`, if the platform said so.
    """

    channel: str
    visibility: Visibility = "members"
    purpose: str | None = None


def place_after(place: Place | None, event: AnyEvent) -> Place:
    """The channel as a `channel.described` says it is: the same object when that is nothing new."""
    data = event.data
    after = Place(channel=data.channel, visibility=data.visibility, purpose=data.purpose)
    return place if place == after and place is not None else after


def is_restricted(place: Place | None) -> bool:
    """Whether what happens there stays there."""
    return place is not None and place.visibility == "restricted"
