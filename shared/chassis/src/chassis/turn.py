"""One turn: what a rule reads and changes while one event or deadline is folded; it holds once it is applied."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from chassis import courier
from chassis.common import PULSES, REQUEST_BY_ID, InForce, Request
from chassis.rendering import Texts
from chassis.service import Service
from chassis.shelf import Deadline, Shelf, Step
from contracts.community import Community, Place
from contracts.envelope import AnyEvent, Decision
from contracts.identity import Cause, consequence_id
from contracts.people import Person
from contracts.playbook import NEUTRAL, Playbook
from contracts.silence import Pulse, is_silent
from contracts.turn import Asked, Message, Rendered, Selection, To, Value

R = TypeVar("R")


class LiveTurn:
    """The turn that the chassis gives to rules (`contracts.turn.Turn`)."""

    __slots__ = (
        *("_community", "_key_of", "_names", "_rows", "_service", "_shelf", "_whole"),
        *("backfill", "cause", "now", "playbook", "slug", "step", "texts"),
    )

    def __init__(
        self,
        service: Service,
        shelf: Shelf,
        texts: Texts,
        slug: str,
        *,
        now: datetime,
        cause: Cause,
        backfill: bool,
    ) -> None:
        self._service = service
        self._key_of = service.key_of
        self._shelf = shelf
        self._whole = shelf.whole(slug)
        self._community: Community | None = None
        self._names: set[str] = set()
        self.texts = texts
        self.slug = slug
        self.now = now
        self.cause = cause
        self.backfill = backfill
        self.step = Step(slug)
        self._rows = self.step.rows
        in_force = self.get(InForce)
        self.playbook: Playbook = NEUTRAL if in_force is None else in_force.playbook

    @property
    def version(self) -> str:
        """The version of the playbook in force."""
        return self.community.playbook

    @property
    def community(self) -> Community:
        """What the common rules know of the community."""
        if self._community is None:
            self._community = self.get(Community)
            if self._community is None:
                raise LookupError(f"the community {self.slug} has no event yet")
        return self._community

    def person(self, member: str) -> Person | None:
        """What the common rules know of a member. Rules ask for people most: so this is `get`, without a call."""
        key = (self.slug, member)
        changed = self._rows.get(Person)
        if changed is not None and key in changed:
            person: Person | None = changed[key]
        else:
            person = self._shelf.row(Person, key) if self._whole is None else self._whole[Person].get(key)
        return person

    def place(self, channel: str) -> Place:
        """A channel as described, or the undeclared one."""
        return self.get(Place, channel) or Place(channel=channel)

    def pulses(self) -> tuple[Pulse, ...]:
        """When each source of the community spoke."""
        return self.find(PULSES)

    def silent(self) -> bool:
        """Whether a platform of the community is silent now."""
        return is_silent(self.pulses(), self.now, self.playbook.silence)

    def get(self, row: type[R], *key: str) -> R | None:
        """The row of that key, as this turn left it."""
        full = (self.slug, *key)
        changed = self._rows.get(row)
        if changed is not None and full in changed:
            result: R | None = changed[full]
            return result
        found: R | None = self._shelf.row(row, full) if self._whole is None else self._whole[row].get(full)
        return found

    def put(self, row: object) -> None:
        """Write a row."""
        kind = type(row)
        key = self._key_of[kind](self.slug, row)
        changed = self._rows.get(kind)
        if changed is None:
            self._rows[kind] = {key: row}
        else:
            changed[key] = row
        if kind is Community:
            self._community = None
        elif kind is InForce:
            self.playbook = row.playbook  # type: ignore[attr-defined]

    def drop(self, row: type[Any], *key: str) -> None:
        """Remove a row."""
        self._rows.setdefault(row, {})[(self.slug, *key)] = None

    def find(self, selection: Selection[R], *values: str) -> tuple[R, ...]:
        """The rows of a selection, in its order."""
        at_hand = self._shelf.select(selection, (self.slug, *values))
        changed = self._rows.get(selection.row)
        if changed:
            members = {key: row for key, row in at_hand if key not in changed}
            members |= {key: row for key, row in changed.items() if row is not None and values in selection.values(row)}
            rows = list(members.values())
        else:
            rows = [row for _, row in at_hand]
        rows.sort(key=selection.order)
        return tuple(rows if selection.limit is None else rows[: selection.limit])

    def decide(self, decision: Decision, *, rule: str, key: str = "") -> str:
        """Emit a decision; answers its id."""
        kind = decision.TYPE
        event_id = self.id_of(type(decision), rule=rule, key=key)
        if event_id in self._names:
            raise ValueError(f"{kind} was decided twice by rule {rule!r} under the key {key!r} in one turn")
        self._names.add(event_id)
        self.step.decisions.append(
            AnyEvent(
                id=event_id,
                source=self._service.source,
                type=kind,
                time=self.now,
                causationid=self.cause.id,
                correlationid=self.cause.correlation,
                backfill=self.backfill,
                data=decision,
            )
        )
        return event_id

    def id_of(self, decision: type[Decision], *, rule: str, key: str = "") -> str:
        """The id that `decide` gives."""
        return consequence_id(self.now, self.cause, self._service.name, rule, f"{decision.TYPE}/{key}")

    def arm(self, kind: str, key: str, due: datetime) -> None:
        """Set a deadline."""
        self.step.deadlines[kind, key] = Deadline(due, kind, key, self.slug, self.now, self.cause, self.backfill)

    def arm_calendar(self, kind: str, due: datetime) -> None:
        """Set a deadline of the calendar: its cause is community, rule and due, whoever armed it."""
        name = f"{self.slug}/{kind.removeprefix('@')}/{due.isoformat()}"
        cause = Cause("/calendar", f"calendar:{name}", f"calendar:{name}")
        self.step.deadlines[kind, ""] = Deadline(due, kind, "", self.slug, self.now, cause, backfill=False)

    def disarm(self, kind: str, key: str) -> None:
        """Take a deadline back."""
        self.step.deadlines[kind, key] = None

    def armed(self, kind: str, key: str) -> datetime | None:
        """When a deadline is due."""
        if (kind, key) in self.step.deadlines:
            deadline = self.step.deadlines[kind, key]
        else:
            deadline = self._shelf.deadline(self.slug, kind, key)
        return None if deadline is None else deadline.due

    def request(self, message: Message) -> None:
        """Ask for a message."""
        courier.request(self, message)

    def recall(self, rule: str, key: str, *, to: To, why: str) -> None:
        """Call back the newest request of that name."""
        row = self.get(Request, to.kind, to.id, rule, key)
        if row is not None:
            courier.recall(self, row, why=why)

    def render(self, template: str, values: Mapping[str, Value]) -> Rendered:
        """The words of a template in the community's own voice."""
        catalog = self.playbook.voice()
        usual: dict[str, Value] = {
            "community_name": self.playbook.name,
            "sender": self.playbook.sender_name(catalog),
        }
        return self.texts.render(
            catalog,
            template,
            usual | dict(values),
            now=self.now,
            zone=self.playbook.zone,
            override=self.playbook.messages.get(template, {}).get(catalog),
        )

    def asked(self, request: str) -> Asked | None:
        """The request of that id."""
        for row in self.find(REQUEST_BY_ID, request):
            if row.sent_at is not None:
                to = To(kind=row.to_kind, id=row.to_id)  # type: ignore[arg-type]
                return Asked(rule=row.rule, key=row.key, to=to, sent_at=row.sent_at, serves=row.serves)
        return None
