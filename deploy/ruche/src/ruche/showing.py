"""Decisions and messages as a person reads them."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from contracts.envelope import AnyEvent, Decision, EvidenceRange
from contracts.identity import SERVICES
from ruche.output import clean, one_line

COLOURS: Mapping[str, str] = {
    "onboarding": "green",
    "recognition": "yellow",
    "support": "cyan",
    "digest": "magenta",
}
MESSAGES = ("message.requested", "message.cancelled", "message.withheld")
_LEFT_OUT = frozenset(
    {
        *("community", "because", "playbook", "text", "markdown", "html", "short", "title", "actions", "mentions"),
        *("sender", "priority", "not_before", "expires_at", "locale", "template", "gathering", "serves", "joined_at"),
        *("request", "to"),
    }
)
_WORTH = 5
_WIDTH = 48
WIDEST = 92


def service_of(event: AnyEvent) -> str:
    """The service that said it, or the last part of any other source."""
    return event.source.removeprefix(SERVICES).rpartition("/")[2]


def is_decision(event: AnyEvent) -> bool:
    """Whether a service said it."""
    return event.source.startswith(SERVICES)


def line(event: AnyEvent, zone: tzinfo, *, day: bool = True, community: bool = True) -> Text:
    """One decision in one line: when, who, what, about whom, why."""
    service = service_of(event)
    colour = COLOURS.get(service, "blue")
    text = Text(no_wrap=False)
    text.append(event.time.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S  " if day else "%H:%M  "), "dim")
    if community:
        text.append(f"{one_line(event.data.community, 24)}  ", "dim")
    text.append(f"{service:<11} ", colour)
    text.append(f"{event.type:<22} ", f"bold {colour}")
    text.append(_about(event))
    if why := because(event):
        text.append(f"  · {why}", "dim")
    return text


def because(event: AnyEvent) -> str:
    """The first reason, in a few words: the rule, what it asks, what it found."""
    if not isinstance(event.data, Decision):
        return ""
    first = event.data.because[0]
    words = first.rule
    if first.actual is not None or first.threshold is not None:
        figures = [str(figure) for figure in (first.actual, first.threshold) if figure is not None]
        words += f" ({one_line(' / '.join(figures), 60)})"
    more = len(event.data.because) - 1
    return one_line(words) + (f" +{more}" if more else "")


def reasons(event: AnyEvent) -> list[str]:
    """Every reason, one line each."""
    if not isinstance(event.data, Decision):
        return []
    result = []
    for reason in event.data.because:
        evidence = reason.evidence
        if isinstance(evidence, EvidenceRange):
            seen = f"{evidence.count} events from {evidence.first} to {evidence.last}"
        else:
            seen = ", ".join(evidence) or "no event"
        asked = "" if reason.threshold is None else f", asks {reason.threshold}"
        found = "" if reason.actual is None else f", found {reason.actual}"
        result.append(one_line(f"{reason.rule}{asked}{found}, on {seen}", 400))
    return result


def recipient(event: AnyEvent) -> str:
    """Whom a message is for."""
    to = event.data.to
    return one_line({"member": "", "channel": "#", "role": "the "}[to.kind] + to.id.replace("_", " "), 60)


def message(event: AnyEvent, zone: tzinfo, *, columns: int = WIDEST, to: str | None = None) -> RenderableType:
    """A requested message in its own words, framed; no wider than a person likes to read."""
    data = event.data
    colour = COLOURS.get(service_of(event), "blue")
    head = f"{event.time.astimezone(zone):%H:%M}  to {to or recipient(event)}"
    if data.muted:
        head += "  (muted: nobody delivers it)"
    words: list[RenderableType] = []
    if data.title:
        words.append(Text(clean(data.title), "bold"))
    words.append(Text(clean(data.text)))
    if data.actions:
        taps = Text()
        for action in data.actions:
            taps.append(f" {one_line(action.label, 40)} ", "reverse")
            taps.append("  ")
        words.append(taps)
    return Panel(
        Group(*words),
        title=Text(head, colour),
        title_align="left",
        border_style=colour,
        box=box.ROUNDED,
        width=min(columns, WIDEST),
    )


def details(event: AnyEvent, *, most: int) -> str:
    """The most telling fields of a decision, whom it is about left out."""
    if event.type in MESSAGES:
        return _pairs(event.data, first=("kind", "why", "rule", "mode"), most=most)
    about = "newcomer" if "newcomer" in type(event.data).model_fields else "member"
    return _pairs(event.data, first=(), left_out=(about,), most=most)


def _about(event: AnyEvent) -> str:
    if event.type == "message.requested":
        muted = " (muted)" if event.data.muted else ""
        return f"to {recipient(event)}{muted}: {one_line(event.data.short, 90)}"
    if event.type in MESSAGES:
        return f"to {recipient(event)} {_pairs(event.data, first=('kind', 'why', 'rule', 'mode'))}"
    return _pairs(event.data, first=("member", "newcomer"))


def _pairs(data: Any, *, first: tuple[str, ...], left_out: tuple[str, ...] = (), most: int = _WORTH) -> str:
    """The telling fields of any data, without knowing its type."""
    fields = [name for name in type(data).model_fields if name not in _LEFT_OUT and name not in left_out]
    ordered = [name for name in first if name in fields] + [name for name in fields if name not in first]
    words: list[str] = []
    for name in ordered:
        shown = _value(getattr(data, name))
        if shown:
            words.append(shown if name in {"member", "newcomer"} and not words else f"{name}={shown}")
    return "  ".join(words[:most])


def _value(value: Any) -> str:
    match value:
        case None | False | "" | ():
            return ""
        case True:
            return "yes"
        case datetime():
            return f"{value:%Y-%m-%dT%H:%MZ}"
        case tuple() if not all(isinstance(part, str) for part in value):
            return f"{len(value)}"
        case tuple():
            return one_line(", ".join(value), _WIDTH)
    return one_line(str(value), _WIDTH)
