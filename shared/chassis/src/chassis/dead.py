"""What is left of an input that could not be folded: its dead letter, under which name, and how it comes back."""

import json
import traceback
from collections.abc import Iterable, Mapping
from datetime import datetime

from chassis.entry import Entry
from chassis.service import Service
from chassis.shelf import Deadline, Letter
from contracts.envelope import AnyEvent
from contracts.errors import Refused
from contracts.identity import EPOCH, Cause, uuid8

REDRIVEN = "letter.redriven"
RULE_FAILURE = "rule-failure"


def refused(service: Service, entry: Entry) -> Letter:
    """The letter of an input that is refused. Raises ValueError when it is not."""
    refusal = entry.refusal
    if refusal is None:
        raise ValueError(f"the message at {entry.seq} is not refused")
    community = _community_of(entry)
    return Letter(
        letter=_named(service, community, "", str(entry.seq), entry.stored_at),
        community=community,
        kind=refusal.kind,
        what=refusal.what,
        where=refusal.where,
        cure=refusal.cure,
        event_source=None,
        event_id=None,
        event_type=None,
        subject=entry.subject,
        seq=entry.seq,
        body=entry.raw,
        traceback=None,
        at=entry.stored_at,
    )


def failed(service: Service, entry: Entry, event: AnyEvent, kind: str, error: Exception) -> Letter:
    """The letter of an event that a rule failed on, or that only the fold could see was wrong."""
    wrong = error if isinstance(error, Refused) else None
    return Letter(
        letter=letter_of(service, entry, event),
        community=event.data.community,
        kind=kind,
        what=wrong.what if wrong else f"{type(error).__name__}: {error}",
        where=wrong.where if wrong else f"the reactions to {event.type}",
        cure=wrong.cure if wrong else "mend the rule, deploy, then redrive this letter",
        event_source=event.source,
        event_id=event.id,
        event_type=event.type,
        subject=entry.subject,
        seq=entry.seq,
        body=entry.raw,
        traceback=None if wrong else "".join(traceback.format_exception(error)),
        at=event.time,
    )


def deadline_failed(
    service: Service, deadline: Deadline, entry: Entry, error: Exception, tried_at: int | None
) -> Letter:
    """The letter of a deadline that a rule failed on. `tried_at`: where in the log it was redriven, if it was."""
    return Letter(
        letter=letter_of_deadline(service, deadline, tried_at),
        community=deadline.community,
        kind=RULE_FAILURE,
        what=f"{type(error).__name__}: {error}",
        where=f"the deadline {deadline.kind}",
        cure="mend the rule, deploy, then redrive this letter",
        event_source=None,
        event_id=None,
        event_type=None,
        subject=None,
        seq=entry.seq,
        body=json.dumps({"deadline": _document(deadline)}).encode(),
        traceback="".join(traceback.format_exception(error)),
        at=deadline.due,
    )


def letter_of(service: Service, entry: Entry, event: AnyEvent) -> str:
    """The name of the letter that an event leaves if it fails at this place of the log."""
    return _named(service, event.data.community, f"{event.source} {event.id}", str(entry.seq), event.time)


def letter_of_deadline(service: Service, deadline: Deadline, tried_at: int | None) -> str:
    """The name of the letter that a deadline leaves if it fails: one each time that it is tried."""
    name = (
        f"deadline {deadline.community} {deadline.kind} {deadline.key} {deadline.due.isoformat()} {deadline.cause.id}"
    )
    return _named(service, deadline.community, name, "" if tried_at is None else str(tried_at), deadline.due)


def brought_back(service: Service, entries: Iterable[Entry]) -> frozenset[str]:
    """The letters of a service that were redriven somewhere in a log: what left them is passed over at its place."""
    return frozenset(
        entry.event.data.letter
        for entry in entries
        if entry.event is not None and entry.event.type == REDRIVEN and entry.event.data.service == service.name
    )


def deadline_in(event: AnyEvent) -> Deadline | None:
    """The deadline that a `letter.redriven` brings back; None where it is an event. Raises ValueError for neither."""
    document = event.data.event.get("deadline")
    if document is None:
        return None
    try:
        source, cause, correlation = map(str, document["cause"])
        due, armed_at = (_moment(document[name]) for name in ("due", "armed_at"))
        kind, key, backfill = str(document["kind"]), str(document["key"]), bool(document["backfill"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no deadline: {error}") from error
    return Deadline(due, kind, key, event.data.community, armed_at, Cause(source, cause, correlation), backfill)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"this is no deadline: {text} has no offset")
    return moment


def _document(deadline: Deadline) -> Mapping[str, object]:
    return {
        "due": deadline.due.isoformat(),
        "kind": deadline.kind,
        "key": deadline.key,
        "armed_at": deadline.armed_at.isoformat(),
        "cause": list(deadline.cause),
        "backfill": deadline.backfill,
    }


def _named(service: Service, community: str, name: str, place: str, at: datetime | None) -> str:
    return uuid8(at or EPOCH, "letter", service.name, community, name, place)


def _community_of(entry: Entry) -> str:
    """Whose letter it is: the subject's community token, else nobody's."""
    tokens = (entry.subject or "").split(".")
    return tokens[-2] if len(tokens) >= 4 else "unknown"
