"""The demonstration, told: days as headings, what happened, what was decided on it, and messages in their own words.

A fortnight holds hundreds of decisions. What is new is told in full, what has been seen is counted at the day's end.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, tzinfo

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.text import Text

from chassis.conductor import Step
from contracts.envelope import AnyEvent
from contracts.registry import publisher_kind
from ruche import showing
from ruche.output import one_line

TOLD = 4
"""So many times a kind of decision has a line of its own, and so many times a message."""
WHOLE = 1
"""So many messages of each template are shown whole."""
NAMED = 6


class Story:
    """Tells steps as they happen; `everything` leaves nothing to the day's end."""

    def __init__(self, console: Console, zone: tzinfo | None, *, everything: bool = False) -> None:
        self._console = console
        self._zone = zone or UTC
        self._everything = everything
        self._day: date | None = None
        self._told: Counter[str] = Counter()
        self._counted: Counter[str] = Counter()
        self._names: dict[str, str] = {}

    def tell(self, step: Step) -> None:
        """One fact or tick, and what was decided on it. A fact on which nothing was decided is passed over."""
        self._learn(step.event)
        if not step.said:
            return
        day = step.event.time.astimezone(self._zone).date()
        if day != self._day:
            self.end_of_day()
            self._day = day
            self._console.print()
            self._console.print(Rule(Text(f"{day:%A} {day.day} {day:%B %Y}", "bold"), align="left", style="dim"))
        lines: list[Text] = []
        panels: list[AnyEvent] = []
        for kind, events in _by_kind(step).items():
            if kind == "message.requested":
                self._messages(events, lines, panels)
            elif self._worth(kind):
                lines.append(self._line(events))
            else:
                self._counted[kind] += len(events)
        if (lines or panels) and publisher_kind(step.event.type) == "platform":
            at = step.event.time.astimezone(self._zone)
            self._console.print(Text(f"{at:%H:%M}  {self._fact(step.event)}", "dim"))
        for line in lines:
            self._console.print(line)
        for event in panels:
            self._console.print(self._whole(event), soft_wrap=False)

    def end_of_day(self) -> None:
        """Say how often the day brought what needs no line any more."""
        if self._counted:
            words = ", ".join(f"{count} {kind}" for kind, count in sorted(self._counted.items()))
            self._console.print(Text(f"       and {words}", "dim"))
        self._counted.clear()

    def _worth(self, kind: str, times: int = TOLD) -> bool:
        self._told[kind] += 1
        return self._everything or self._told[kind] <= times

    def _messages(self, events: Sequence[AnyEvent], lines: list[Text], panels: list[AnyEvent]) -> None:
        for event in events:
            template = event.data.template
            if self._worth(f"whole {template} {event.data.locale}", WHOLE):
                panels.append(event)
            elif self._worth(f"message {template}"):
                lines.append(self._said(event))
            else:
                self._counted["message.requested"] += 1

    def _line(self, events: Sequence[AnyEvent]) -> Text:
        """One kind of decision, for everybody it is about."""
        first = events[0]
        text = self._head(first)
        who = [name for event in events if (name := self._who(event))]
        parts = [", ".join(who[:NAMED]) + (f" and {len(who) - NAMED} more" if len(who) > NAMED else "")]
        if len(events) == 1:
            parts.append(showing.details(first, most=2))
        text.append("  ".join(part for part in parts if part))
        if why := showing.because(first):
            text.append(f"  · {why}", "dim")
        return text

    def _said(self, event: AnyEvent) -> Text:
        text = self._head(event)
        text.append(f"to {self._recipient(event)}: ")
        text.append(one_line(event.data.short, 100), "italic")
        return text

    def _whole(self, event: AnyEvent) -> RenderableType:
        return showing.message(event, self._zone, columns=self._console.width, to=self._recipient(event))

    def _head(self, event: AnyEvent) -> Text:
        colour = showing.COLOURS.get(showing.service_of(event), "blue")
        text = Text(f"{event.time.astimezone(self._zone):%H:%M}  ", "dim")
        text.append(f"{event.type:<21} ", f"bold {colour}")
        return text

    def _recipient(self, event: AnyEvent) -> str:
        to = event.data.to
        return one_line(self._names.get(to.id, to.id), 30) if to.kind == "member" else showing.recipient(event)

    def _learn(self, event: AnyEvent) -> None:
        if event.type == "member.joined" and event.data.display_name:
            self._names[event.data.member] = event.data.display_name

    def _who(self, event: AnyEvent) -> str:
        data = event.data
        # `newcomer` is a person where a relay is paired, and a yes or no where a question is opened.
        newcomer = getattr(data, "newcomer", None)
        member = newcomer if isinstance(newcomer, str) else getattr(data, "member", None)
        if member is None and event.type in showing.MESSAGES:
            return f"to {self._recipient(event)}"
        return one_line(self._names.get(member, member), 30) if member else ""

    def _fact(self, event: AnyEvent) -> str:
        who, data = self._who(event) or "somebody", event.data
        match event.type:
            case "member.joined":
                return f"{who} joins"
            case "post.created":
                return f"{who} writes: {one_line(data.title or data.body, 90)}"
            case "motivation.declared":
                return f"{who} says what brings them here: {data.motivation}"
            case _:
                return f"{event.type.replace('.', ' ')}: {who}"


def _by_kind(step: Step) -> dict[str, list[AnyEvent]]:
    """What was decided on a fact, each kind together, in the order in which the kinds came."""
    kinds: dict[str, list[AnyEvent]] = {}
    for said in step.said:
        kinds.setdefault(said.event.type, []).append(said.event)
    return kinds
