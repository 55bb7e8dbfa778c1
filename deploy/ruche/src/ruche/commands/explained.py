"""What an event caused, as a person reads it, or as JSON."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from contracts.envelope import AnyEvent
from contracts.zones import zone_or
from ruche import showing
from ruche.explain import Account
from ruche.output import one_line, out, say_json
from ruche.publishing import Acknowledged


def show_accounts(
    event: AnyEvent,
    told: Acknowledged,
    accounts: Sequence[Account],
    caused: Sequence[AnyEvent],
    silent: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Each service's account of an event, and the decisions that the log holds because of it."""
    if as_json:
        say_json(_document(event, told, accounts, caused, silent))
        return
    console = out()
    again = " (it was there already)" if told.duplicate else ""
    console.print(f"{event.type} {event.id} is at place {told.seq} of the log{again}")
    for why in silent:
        console.print(f"  {why}: what follows is what the rules would do", style="yellow")
    for decision in caused:
        console.print(showing.line(decision, zone_or(None, "UTC"), community=False))
        for reason in showing.reasons(decision):
            console.print(f"      because {reason}", style="dim")
    for account in accounts:
        _account(console, account)


def _account(console: Console, account: Account) -> None:
    name = account.service
    for deadline in account.armed:
        key = one_line(deadline.key.replace("\x1f", " "), 60)
        console.print(f"  {name} looks again at {deadline.due:%Y-%m-%d %H:%M:%S} UTC: {deadline.kind} {key}")
    for deadline in account.disarmed:
        key = one_line(deadline.key.replace("\x1f", " "), 60)
        console.print(f"  {name} no longer waits for {deadline.kind} {key}")
    for row, deadline in account.waiting:
        console.print(
            f"  {name} holds a message ({row.kind}, to {one_line(row.to_id, 40)}) until {deadline.due:%Y-%m-%d %H:%M}"
            " UTC: quiet hours, or the recipient's purse"
        )
    for words in account.refused:
        console.print(f"  {name} made a dead letter of it: {one_line(words, 300)}", style="red")
    for words in account.silence:
        console.print(f"  {name} decided nothing · {one_line(words, 300)}", style="dim")


def _document(
    event: AnyEvent,
    told: Acknowledged,
    accounts: Sequence[Account],
    caused: Sequence[AnyEvent],
    silent: Sequence[str],
) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "seq": told.seq,
        "duplicate": told.duplicate,
        "not_read": list(silent),
        "caused": [decision.model_dump(mode="json", exclude_none=True) for decision in caused],
        "services": {
            account.service: {
                "armed": [
                    {"kind": deadline.kind, "key": deadline.key, "due": deadline.due} for deadline in account.armed
                ],
                "disarmed": [{"kind": deadline.kind, "key": deadline.key} for deadline in account.disarmed],
                "waiting": [
                    {"kind": row.kind, "to": row.to_id, "until": deadline.due} for row, deadline in account.waiting
                ],
                "refused": account.refused,
                "silence": account.silence,
            }
            for account in accounts
        },
    }
