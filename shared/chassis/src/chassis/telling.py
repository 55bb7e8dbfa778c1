"""What a service knows of one member, told: a read-only turn over its rows, in memory or in Postgres, in words.

The service's own part is `Service.tells`, a pure function; the common rules' part (who the person is to every service,
and what is waiting to be said to them) is here. Nothing is written, and nobody else's row is answered.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import structs

from chassis.common import REQUESTS_TO, Request
from chassis.courier import WAITING, deadline_key
from chassis.loading import Loader
from chassis.memory import CompleteShelf
from chassis.partial import PartialShelf
from chassis.postgres import Connection
from chassis.rendering import Texts
from chassis.sentences import LANGUAGES, Around, Sentences
from chassis.service import Service
from chassis.shelf import Missing, Shelf
from chassis.turn import LiveTurn
from contracts.community import Community
from contracts.identity import Cause
from contracts.naming import name_of
from contracts.people import Person
from contracts.telling import Tell

Audience = Literal["manager", "member"]
"""Who reads it. A manager is told whom else something is about, and no points; the member is told the reverse."""
_CAUSE = Cause("/operator", "tell", "tell")
_OF_THE_COMMON_RULES = ("attention", "duty", "told", "member")


class Unknown(LookupError):  # noqa: N818 - said of what was asked for
    """The service never heard of the community."""


class Teller:
    """Tells of members of one service."""

    def __init__(self, service: Service, texts: Texts | None = None) -> None:
        self._service = service
        self._texts = texts if texts is not None else Texts(service.package)
        self._sentences = Sentences(service.package)

    def from_memory(self, shelf: CompleteShelf, community: str, member: str, audience: Audience) -> Mapping[str, Any]:
        """What is known of a member, from rows in memory."""
        return self._told(shelf, community, member, audience)

    async def from_postgres(
        self, connection: Connection, community: str, member: str, audience: Audience
    ) -> Mapping[str, Any]:
        """The same from Postgres, over a connection whose transaction keeps the rows as of one moment."""
        shelf = PartialShelf(self._service)
        loader = Loader(self._service, connection, shelf)
        while True:
            try:
                return self._told(shelf, community, member, audience)
            except Missing as missing:
                await loader.load(missing.wanted)

    def _told(self, shelf: Shelf, slug: str, member: str, audience: Audience) -> Mapping[str, Any]:
        community: Community | None = shelf.row(Community, (slug,))
        if community is None:
            raise Unknown(f"{self._service.name} never heard of the community {slug!r}")
        turn = LiveTurn(
            self._service, shelf, self._texts, slug, now=community.now, cause=_CAUSE, backfill=community.importing
        )
        tells = tuple(self._service.tells(turn, member))
        waiting = [row for row in turn.find(REQUESTS_TO, "member", member) if row.message is not None]
        if turn.step.rows or turn.step.deadlines or turn.step.decisions:
            raise AssertionError(f"{self._service.name}.tells changed something: it only may read")
        person = turn.person(member)
        shown = [tell for tell in tells if audience == "member" or not tell.private]
        return {
            "service": self._service.name,
            "community": slug,
            "member": member,
            "now": community.now,
            "zone": str(turn.playbook.zone),
            "person": None if person is None else _person(person),
            "tells": [self._one(turn, tell, audience) for tell in shown],
            "waiting": [_waiting(turn, row) for row in waiting],
        }

    def _one(self, turn: LiveTurn, tell: Tell, audience: Audience) -> Mapping[str, Any]:
        """One thing, in every language; for the member's own copy, others are nobody by name."""
        named = audience == "manager"
        around = Around(
            turn.playbook.zone, turn.now, name=(lambda id_: name_of(turn, id_)) if named else lambda _: None
        )
        values = {name: value for name, value in tell.values.items() if named or name not in tell.others}
        return {
            "part": tell.part,
            "key": tell.key,
            "values": values,
            "due": tell.due,
            "words": {language: self._sentences.tell(language, tell, around) for language in LANGUAGES},
        }


def _person(person: Person) -> Mapping[str, Any]:
    """What every service knows of the person; who referred them is somebody else's."""
    known = {name: value for name, value in structs.asdict(person).items() if name not in _OF_THE_COMMON_RULES}
    known["invited"] = known.pop("invited_by") is not None
    return known


def _waiting(turn: LiveTurn, row: Request) -> Mapping[str, Any]:
    due = turn.armed(WAITING, deadline_key(row))
    return {"kind": row.kind, "rule": row.rule, "made_at": row.made_at, "expires_at": row.expires_at, "due": due}
