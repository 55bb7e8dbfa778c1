"""The fold: one service's state after one more message of the log. Synchronous, deterministic, without I/O.

For each message: what fell due before it fires first, then the common rules and the service's reactions run on it.
Over a partial shelf any step may raise `Missing`; what was applied before stays, and `take` goes on where it was.
"""

import json
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from chassis import ahead, house
from chassis.courier import WAITING
from chassis.entry import Entry, identity_of, read
from chassis.rendering import Texts
from chassis.service import Service
from chassis.shelf import Deadline, Letter, Missing, Shelf, Step
from chassis.turn import LiveTurn
from contracts.community import Community, community_after
from contracts.decisions import MessageRequested
from contracts.envelope import AnyEvent
from contracts.errors import Refused
from contracts.identity import SERVICES, Cause, uuid8
from contracts.people import concerned_member

SEEN_FOR = timedelta(days=30)
"""How long (in the community's time) an identity is remembered."""
TICK = "clock.ticked"
REDRIVEN = "letter.redriven"
RULE_FAILURE = "rule-failure"


class Fold:
    """One service folding messages into a shelf.

    `passed_over` holds identities and deadline names that a later `letter.redriven` brings back: a fold of the whole
    log skips them at their old place, as the run did that left the letter.
    """

    def __init__(
        self, service: Service, shelf: Shelf, texts: Texts, *, passed_over: frozenset[str] = frozenset()
    ) -> None:
        self.service = service
        self.shelf = shelf
        self.texts = texts
        self._passed_over = passed_over
        self._firings: Mapping[str, Callable[[LiveTurn, str, datetime], None]] = {
            **house.firings(service),
            **service.due,
        }
        self._early = ahead.concerned(service)
        self._decided: list[AnyEvent] = []
        self._reacted_to: int | None = None

    def take(self, entry: Entry) -> list[AnyEvent]:
        """Fold one message; answers what was decided, in order. May raise `Missing`: load, and call again."""
        if entry.refusal is not None:
            self._refuse(entry)
        elif entry.event is not None and entry.event.source != self.service.source:
            self._fold(entry, entry.event)
        if not self._decided:
            return []
        decided, self._decided = self._decided, []
        return decided

    def _fold(self, entry: Entry, event: AnyEvent) -> None:
        slug = event.data.community
        community: Community | None = self.shelf.row(Community, (slug,))
        brought = event.time if community is None or event.time > community.now else community.now
        if self._reacted_to == entry.seq:
            # The attempt before this one got as far as the reactions: only what they made due is left.
            self._fire_until(slug, brought, entry)
            return
        if event.type == TICK:
            if community is not None:
                self._fire_until(slug, brought, entry)
                self._move_clock(slug, event, brought)
            return
        if community is not None and self._is_nothing_to_us(event, community):
            return
        seen_at = self.shelf.seen_at(entry.identity or identity_of(event), slug)
        if seen_at is not None and seen_at > brought - SEEN_FOR:
            return
        if community is not None:
            self._fire_until(slug, brought, entry)
        if self._passed_over and self._name(event) in self._passed_over and event.type != REDRIVEN:
            return
        if event.type == REDRIVEN and event.data.service == self.service.name:
            armed = self._redrive(entry, event, brought)
        else:
            armed = self._react(entry, event, brought)
        if armed:
            self._reacted_to = entry.seq
            self._fire_until(slug, brought, entry)

    def _is_nothing_to_us(self, event: AnyEvent, community: Community) -> bool:
        """Whether a decision of another service changes nothing here: no rule reads it, no clock and no purse moves.

        It is not remembered as seen either: to pass over it again is the same.
        """
        return (
            event.source.startswith(SERVICES)
            and event.type not in self.service.reactions
            and community.opened_at <= event.time <= community.now
            and event.backfill == community.importing
            and (event.type != MessageRequested.TYPE or event.data.muted or concerned_member(event) is None)
        )

    def _move_clock(self, slug: str, event: AnyEvent, brought: datetime) -> None:
        """A tick: now moves, and nothing else. What it made due has fired."""
        known: Community | None = self.shelf.row(Community, (slug,))
        community = community_after(known, event, brought)
        if community is not known:
            step = Step(slug)
            step.rows[Community] = {(slug,): community}
            self.shelf.apply(step)

    def _react(self, entry: Entry, event: AnyEvent, brought: datetime) -> bool:
        """The reactions to an event; answers whether they armed anything, which may be due already."""
        slug = event.data.community
        cause = Cause(event.source, event.id, event.correlationid or event.id)
        turn = LiveTurn(self.service, self.shelf, self.texts, slug, now=brought, cause=cause, backfill=event.backfill)
        try:
            new = house.before(turn, event)
            in_order = event.type not in self._early
            deaf = () if in_order else ahead.deaf(turn, event, self.service)
            for reaction in self.service.reactions.get(event.type, ()):
                reaction(turn, event)
            if not in_order:
                ahead.hear(turn, event, self.service, deaf)
            house.after(turn, event, self.service, new=new)
            turn.step.seen = (entry.identity or identity_of(event), brought)
        except Missing:
            raise
        except Refused as refusal:
            self._letter(entry, event, refusal.kind, refusal)
        except Exception as error:  # noqa: BLE001 - whatever a rule raises is a dead letter, never a crash
            self._letter(entry, event, RULE_FAILURE, error)
        else:
            self._apply(turn.step)
            return bool(turn.step.deadlines)
        return False

    def _fire_until(self, slug: str, until: datetime, entry: Entry) -> None:
        while (deadline := self.shelf.earliest(slug, until)) is not None:
            self._fire(deadline, entry)

    def _fire(self, deadline: Deadline, entry: Entry, *, redriven: bool = False) -> None:
        now = max(deadline.due, deadline.armed_at)
        community: Community | None = self.shelf.row(Community, (deadline.community,))
        if community is None:
            raise LookupError(f"a deadline of {deadline.community}, a community without any event")
        horizon = community.horizon
        # What a live event armed speaks, import or not. The calendar, which nobody armed, is silent while an import
        # runs, not only until its horizon: whether the next event is history must not depend on a tick before it.
        recurring = deadline.kind.startswith(house.CALENDAR) and deadline.kind != WAITING
        past = community.importing or (horizon is not None and deadline.due <= horizon)
        history = deadline.backfill or (recurring and past)
        turn = LiveTurn(
            self.service,
            self.shelf,
            self.texts,
            deadline.community,
            now=now,
            cause=deadline.cause,
            backfill=history,
        )
        spent = Step(deadline.community)
        try:
            if not redriven:
                # One that is redriven leaves alone what was armed under its name since.
                turn.disarm(deadline.kind, deadline.key)
                spent.deadlines |= turn.step.deadlines
                house.go_on(turn, self.service, deadline.kind, deadline.due)
                spent.deadlines |= turn.step.deadlines
            if not redriven and deadline_name(deadline) in self._passed_over:
                self._apply(spent)
                return
            self._firings[deadline.kind](turn, deadline.key, deadline.due)
        except Missing:
            raise
        except Exception as error:  # noqa: BLE001 - as above; the deadline is spent, it blocks nothing
            spent.letters.append(self._deadline_letter(deadline, entry, error))
            self._apply(spent)
        else:
            self._apply(turn.step)

    def _apply(self, step: Step) -> None:
        self.shelf.apply(step)
        if step.decisions:
            self._decided.extend(step.decisions)

    def _redrive(self, entry: Entry, event: AnyEvent, brought: datetime) -> bool:
        """Apply a dead letter again, here; the redriving event itself is marked seen. Answers as `_react` does."""
        slug = event.data.community
        step = Step(slug)
        step.seen = (entry.identity or identity_of(event), brought)
        body = event.data.event
        if body.get("deadline") is not None:
            self._fire(_deadline_from(body["deadline"], slug), entry, redriven=True)
        else:
            inner = read(json.dumps(body).encode(), seq=entry.seq)
            if inner.event is None or inner.event.data.community != slug:
                self._letter(
                    entry,
                    event,
                    "bad-data",
                    inner.refusal or ValueError("the letter is of another community"),
                )
                return False
            seen_at = self.shelf.seen_at(inner.identity, slug)
            if seen_at is None or seen_at <= brought - SEEN_FOR:
                self._react(inner._replace(raw=entry.raw, subject=entry.subject), inner.event, brought)
        self._apply(step)
        return True

    def _refuse(self, entry: Entry) -> None:
        refusal = entry.refusal
        if refusal is None:
            return
        slug = _community_of(entry)
        step = Step(slug)
        step.letters.append(
            Letter(
                letter=_letter_id(self.service.name, slug, "", str(entry.seq), entry.stored_at),
                community=slug,
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
        )
        self.shelf.apply(step)

    def _letter(self, entry: Entry, event: AnyEvent, kind: str, error: Exception) -> None:
        slug = event.data.community
        refused = error if isinstance(error, Refused) else None
        step = Step(slug)
        step.letters.append(
            Letter(
                letter=_letter_id(self.service.name, slug, self._name(event), str(entry.seq), event.time),
                community=slug,
                kind=kind,
                what=refused.what if refused else f"{type(error).__name__}: {error}",
                where=refused.where if refused else f"the reactions to {event.type}",
                cure=refused.cure if refused else "mend the rule, deploy, then redrive this letter",
                event_source=event.source,
                event_id=event.id,
                event_type=event.type,
                subject=entry.subject,
                seq=entry.seq,
                body=entry.raw,
                traceback=None if refused else "".join(traceback.format_exception(error)),
                at=event.time,
            )
        )
        self.shelf.apply(step)

    def _deadline_letter(self, deadline: Deadline, entry: Entry, error: Exception) -> Letter:
        return Letter(
            letter=_letter_id(self.service.name, deadline.community, deadline_name(deadline), "", deadline.due),
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
            body=json.dumps({"deadline": _deadline_document(deadline)}).encode(),
            traceback="".join(traceback.format_exception(error)),
            at=deadline.due,
        )

    @staticmethod
    def _name(event: AnyEvent) -> str:
        return f"{event.source} {event.id}"


def deadline_name(deadline: Deadline) -> str:
    """What a deadline is called in `passed_over`."""
    return (
        f"deadline {deadline.community} {deadline.kind} {deadline.key} {deadline.due.isoformat()} {deadline.cause.id}"
    )


def redriven_name(body: Mapping[str, object], community: str) -> str:
    """The name under which a fold passes over what a `letter.redriven` brings back."""
    if body.get("deadline") is not None:
        return deadline_name(_deadline_from(body["deadline"], community))
    return f"{body.get('source')} {body.get('id')}"


def _deadline_document(deadline: Deadline) -> Mapping[str, object]:
    return {
        "due": deadline.due.isoformat(),
        "kind": deadline.kind,
        "key": deadline.key,
        "armed_at": deadline.armed_at.isoformat(),
        "cause": list(deadline.cause),
        "backfill": deadline.backfill,
    }


def _deadline_from(document: object, community: str) -> Deadline:
    if not isinstance(document, dict):
        raise TypeError("a deadline in a letter is an object")
    source, cause, correlation = document["cause"]
    return Deadline(
        datetime.fromisoformat(document["due"]),
        document["kind"],
        document["key"],
        community,
        datetime.fromisoformat(document["armed_at"]),
        Cause(source, cause, correlation),
        document["backfill"],
    )


def _letter_id(service: str, community: str, name: str, place: str, at: datetime | None) -> str:
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return uuid8(at or epoch, "letter", service, community, name, place)


def _community_of(entry: Entry) -> str:
    """Whose letter it is: the subject's community token, else nobody's."""
    tokens = (entry.subject or "").split(".")
    return tokens[-2] if len(tokens) >= 4 else "unknown"
