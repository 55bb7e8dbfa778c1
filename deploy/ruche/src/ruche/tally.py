"""The demonstration, summed up: by service, and whether the bus and a replay in process decided the same."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from chassis.conductor import Conductor
from chassis.replay import Turns
from contracts.registry import publisher_kind
from ruche import showing
from ruche.output import clean

TICK = "clock.ticked"


def show_tally(
    console: Console,
    on_bus: Conductor,
    in_process: Turns,
    *,
    services: Sequence[str],
    bus_seconds: float,
    process_seconds: float,
) -> None:
    """What was heard and decided, by service, and whether both ways decided the same."""
    ticks = on_bus.heard.get(TICK, 0)
    facts = sum(on_bus.heard.values()) - ticks
    console.print()
    console.print(Rule(Text("Summary", "bold"), align="left", style="dim"))
    console.print(f"heard        {facts:,} facts, and {ticks:,} ticks of the clock")
    for name, kinds in _by_service(on_bus.said, services).items():
        console.print(Text(f"{name:<12} {sum(kinds.values()):,} decided", showing.COLOURS.get(name, "blue")))
        for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
            console.print(f"{count:>16,}  {kind}")
    console.print()
    console.print(f"on the bus   sha256 {on_bus.sha256()}  in {bus_seconds:.0f} s, servers started and stopped")
    console.print(f"in process   sha256 {in_process.sha256()}  in {process_seconds:.1f} s")
    if on_bus.sha256() == in_process.sha256():
        console.print("The decisions are the same to the byte.", style="bold green")
        return
    console.print("The decisions differ.", style="bold red")
    for kind in sorted({*on_bus.said, *in_process.said}):
        if on_bus.said[kind] != in_process.said[kind]:
            console.print(f"  {kind}: {on_bus.said[kind]} on the bus, {in_process.said[kind]} in process")


def show_difference(console: Console, on_bus: Sequence[bytes], in_process: Sequence[bytes]) -> None:
    """The first place at which two runs of one community part, and what each decided there."""
    for number, (one, other) in enumerate(zip_longest(on_bus, in_process, fillvalue=b"(nothing more)"), 1):
        if one != other:
            console.print(f"The first difference is decision {number:,}:")
            console.print(f"  on the bus   {clean(one.decode(errors='replace'))}")
            console.print(f"  in process   {clean(other.decode(errors='replace'))}")
            return


def _by_service(said: Mapping[str, int], services: Sequence[str]) -> dict[str, dict[str, int]]:
    """Decisions by the service whose types they are; messages, which any service may send, by themselves."""
    result: dict[str, dict[str, int]] = {name: {} for name in services}
    for kind, count in said.items():
        owner = publisher_kind(kind)
        result.setdefault("messages" if owner == "service" else owner, {})[kind] = count
    return result
