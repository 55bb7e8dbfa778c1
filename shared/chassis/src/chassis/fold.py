"""The fold: one service's state after one more message of the log. Synchronous, deterministic, without I/O.

For each message: what fell due before it fires first, then the common rules and the service's reactions run on it.
Over a partial shelf any step may raise `Missing`; what was applied before stays, and `take` goes on where it was.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from chassis import ahead, dead, house
from chassis.courier import WAITING
from chassis.dead import REDRIVEN, RULE_FAILURE
from chassis.entry import Entry, identity_of, read_redriven
from chassis.forgetting import EMBEDDED_SECRET, bury, without_erased
from chassis.rendering import Texts
from chassis.service import Service
from chassis.shelf import Deadline, Missing, Shelf, Step
from chassis.turn import LiveTurn
from contracts.community import Community, community_after
from contracts.decisions import MessageRequested
from contracts.envelope import AnyEvent
from contracts.errors import Refused
from contracts.identity import SERVICES, Cause
from contracts.people import concerned_member

SEEN_FOR = timedelta(days=30)
"""How long (in the community's time) an identity is remembered."""
TICK = "clock.ticked"


class Fold:
    """One service folding messages into a shelf.

    `secret` is that under which those who were erased have no name.
    `passed_over` holds the letters that a later `letter.redriven` brings back: a fold of the whole log skips what left
    them, at its place, as the run did.
    """

    def __init__(
        self,
        service: Service,
        shelf: Shelf,
        texts: Texts,
        *,
        passed_over: frozenset[str] = frozenset(),
        secret: bytes = EMBEDDED_SECRET,
    ) -> None:
        self.service = service
        self.shelf = shelf
        self.texts = texts
        self._passed_over = passed_over
        self._secret = secret
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
        if self._passed_over and dead.letter_of(self.service, entry, event) in self._passed_over:
            return
        if event.type == REDRIVEN and event.data.service == self.service.name:
            armed = self._redrive(entry, event, brought)
        else:
            armed = self._react(entry, event, brought, community)
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

    def _react(self, entry: Entry, event: AnyEvent, brought: datetime, community: Community | None) -> bool:
        """The reactions to an event; answers whether they armed anything, which may be due already."""
        slug = event.data.community
        if community is not None and community.forgotten_until is not None:
            told = without_erased(event, community, self.shelf, self._secret)
            if told is None:
                return False
            if told is not event:
                event, entry = told, entry._replace(raw=told.to_json())
        cause = Cause(event.source, event.id, event.correlationid or event.id)
        turn = LiveTurn(self.service, self.shelf, self.texts, slug, now=brought, cause=cause, backfill=event.backfill)
        try:
            new = house.before(turn, event)
            deaf = ahead.deaf(turn, event, self.service) if event.type in self._early else None
            for reaction in self.service.reactions.get(event.type, ()):
                reaction(turn, event)
            if deaf is not None:
                ahead.hear(turn, event, self.service, deaf)
            bury(turn, event, self._secret)
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
        tried_at = entry.seq if redriven else None
        try:
            if not redriven:
                # One that is redriven leaves alone what was armed under its name since.
                turn.disarm(deadline.kind, deadline.key)
                spent.deadlines |= turn.step.deadlines
                house.go_on(turn, self.service, deadline.kind, deadline.due)
                spent.deadlines |= turn.step.deadlines
            if self._passed_over and dead.letter_of_deadline(self.service, deadline, tried_at) in self._passed_over:
                self._apply(spent)
                return
            self._firings[deadline.kind](turn, deadline.key, deadline.due)
        except Missing:
            raise
        except Exception as error:  # noqa: BLE001 - as above; the deadline is spent, it blocks nothing
            spent.letters.append(dead.deadline_failed(self.service, deadline, entry, error, tried_at))
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
        try:
            deadline = dead.deadline_in(event)
        except ValueError as error:
            self._letter(entry, event, "bad-data", error)
            return False
        if deadline is not None:
            self._fire(deadline, entry, redriven=True)
        elif not self._again(entry, event, brought):
            return False
        self._apply(step)
        return True

    def _again(self, entry: Entry, event: AnyEvent, brought: datetime) -> bool:
        """React to the event that a letter holds, unless it was accepted since; False where there is none of ours."""
        inner = read_redriven(entry)
        if inner is None or inner.event is None or inner.event.data.community != event.data.community:
            of_another = ValueError("the letter is of another community")
            self._letter(entry, event, "bad-data", (inner and inner.refusal) or of_another)
            return False
        seen_at = self.shelf.seen_at(inner.identity, event.data.community)
        seen = seen_at is not None and seen_at > brought - SEEN_FOR
        if not seen and dead.letter_of(self.service, inner, inner.event) not in self._passed_over:
            self._react(inner, inner.event, brought, self.shelf.row(Community, (event.data.community,)))
        return True

    def _refuse(self, entry: Entry) -> None:
        letter = dead.refused(self.service, entry)
        step = Step(letter.community)
        step.letters.append(letter)
        self.shelf.apply(step)

    def _letter(self, entry: Entry, event: AnyEvent, kind: str, error: Exception) -> None:
        step = Step(event.data.community)
        step.letters.append(dead.failed(self.service, entry, event, kind, error))
        self.shelf.apply(step)
