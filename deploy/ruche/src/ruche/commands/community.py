"""`ruche community`: let a community's messages go out, or stop them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from contracts.envelope import AnyEvent
from ruche import orders
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run, slug
from ruche.output import out, say_json
from ruche.publishing import Acknowledged, publish

app = typer.Typer(no_args_is_help=True, help="Let a community's messages go out, or stop them.", rich_markup_mode=None)

Name = Annotated[
    str, typer.Argument(metavar="COMMUNITY", help="Its name on the bus, as in `data.community`.", callback=slug)
]
Rules = Annotated[
    list[str] | None, typer.Option("--rule", metavar="RULE", help="Only this rule or kind; may be repeated.")
]
By = Annotated[str | None, typer.Option("--by", help="Who decides it; the user at the terminal unless given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print where the log has it as JSON.")]


@app.command("mute")
def mute(
    community: Name,
    rule: Rules = None,
    by: By = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Stop messages at once: everything is still decided, and nobody may deliver it."""
    event = orders.muted(community, datetime.now(UTC), by=by or orders.who(), rules=rule or ())
    _say(event, run(_published(event, find(data, nats))), "muted", rule or (), as_json=as_json)


@app.command("unmute")
def unmute(
    community: Name,
    rule: Rules = None,
    by: By = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Let messages go out from now on. A community starts muted."""
    event = orders.unmuted(community, datetime.now(UTC), by=by or orders.who(), rules=rule or ())
    _say(event, run(_published(event, find(data, nats))), "unmuted", rule or (), as_json=as_json)


async def _published(event: AnyEvent, addresses: Addresses) -> Acknowledged:
    async with connected(bus_settings(addresses)) as bus:
        return await publish(bus, event)


def _say(event: AnyEvent, told: Acknowledged, what: str, rules: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        say_json({"id": event.id, "seq": told.seq, "duplicate": told.duplicate})
    else:
        which = f" for {', '.join(rules)}" if rules else ""
        out().print(f"{event.data.community} is {what}{which} from place {told.seq} of the log on")
