"""What a service is, as data: what it reacts to, what falls due, what it knows. Nothing connects at import."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from chassis import common
from chassis.pages import Page
from chassis.tables import Key, Statement, Table
from contracts.envelope import AnyEvent, Decision, Payload
from contracts.identity import service_source
from contracts.playbook import Playbook
from contracts.telling import Tell
from contracts.turn import Selection, Turn

Reaction = Callable[[Turn, Any], None]
"""`def reaction(turn, event)`: what an event changes and says."""
Firing = Callable[[Turn, str, datetime], None]
"""`def fire(turn, key, due)`: what a deadline changes and says."""


Telling = Callable[[Turn, str], Iterable[Tell]]
"""`def tells(turn, member)`: what a service knows of a member."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A rule of the calendar: every community has it from its first event on.

    Attributes:
        next: the first due strictly after an instant under a playbook; None while the rule does not apply.
        fire: `def fire(turn, due)`.
    """

    next: Callable[[Playbook, datetime], datetime | None]
    fire: Callable[[Turn, datetime], None]


@dataclass(frozen=True, slots=True)
class Early:
    """Rules that can make nothing of what is told of a thread before its opening, and hear it again with it.

    Attributes:
        known: whether they know the opening of a thread, by its name.
        gone: whether they know a post of a thread to be deleted, by the names of both.
        hears: per model of data, the reactions that run again; each fact names its thread.
    """

    known: Callable[[Turn, str], bool]
    gone: Callable[[Turn, str, str], bool]
    hears: Mapping[type[Payload], tuple[Reaction, ...]]


def _no_needs(_event: AnyEvent) -> Iterable[tuple[type, tuple[str, ...]]]:
    return ()


def _tells_nothing(_turn: Turn, _member: str) -> Iterable[Tell]:
    return ()


@dataclass(frozen=True)
class Service:
    """One service: a table of contents.

    Attributes:
        name: also its schema, its publisher token and the last segment of its `source`.
        package: where `messages/` and `migrations/` lie.
        tables, statements: what it owns beside the common tables.
        reacts: per model of data, the reactions in order.
        due: per kind of deadline, what fires.
        calendar: per rule, when and what.
        needs: rows worth loading for a whole batch at once; only an optimisation.
        emits: every decision it may make, the common ones left out.
        listens: words and phrases that its rules look for in what people write, beside those of the playbook.
        likens: what a folded word counts as where its rules compare texts, as a stem; None: itself.
        early: what its rules hear again of a thread, once they know its opening.
        pages: what it shows over HTTP, by path (`/report/{community}`).
        tells: what it knows of a member, for whoever asks; it only reads.
    """

    name: str
    package: str
    tables: tuple[Table[Any], ...]
    reacts: Mapping[type[Payload], tuple[Reaction, ...]]
    emits: tuple[type[Decision], ...]
    statements: tuple[Statement, ...] = ()
    due: Mapping[str, Firing] = field(default_factory=dict)
    calendar: Mapping[str, Calendar] = field(default_factory=dict)
    needs: Callable[[AnyEvent], Iterable[tuple[type, tuple[str, ...]]]] = _no_needs
    listens: tuple[str, ...] = ()
    likens: Callable[[str], str] | None = None
    early: tuple[Early, ...] = ()
    pages: Mapping[str, Page] = field(default_factory=dict)
    tells: Telling = _tells_nothing

    @cached_property
    def source(self) -> str:
        """The `source` of its decisions."""
        return service_source(self.name)

    @cached_property
    def table_of(self) -> Mapping[type, Table[Any]]:
        """Every table by its row, the common ones included."""
        return {table.row: table for table in (*common.TABLES, *self.tables)}

    @cached_property
    def sizes(self) -> str:
        """How many rows communities have: $1 communities, $2 where to stop counting.

        A record is a community, then a count for each of `table_of`, in order, then one for the deadlines.
        """
        names = (*(table.name for table in self.table_of.values()), "deadline")
        counts = ", ".join(
            f"(select count(*) from (select from {name} t where t.community = w.community limit $2) x)"
            for name in names
        )
        return f"select w.community, {counts} from unnest($1::text[]) as w(community)"

    @cached_property
    def key_of(self) -> Mapping[type, Callable[[str, Any], Key]]:
        """For each row, what makes its whole key of a community and a row."""
        return {row: table.whole_key_of for row, table in self.table_of.items()}

    @cached_property
    def statement_of(self) -> Mapping[str, str]:
        """The SQL of every selection by its name."""
        return {statement.selection.name: statement.sql for statement in (*common.STATEMENTS, *self.statements)}

    @cached_property
    def selections_of(self) -> Mapping[type, tuple[Selection[Any], ...]]:
        """The selections over each row."""
        result: dict[type, tuple[Selection[Any], ...]] = dict.fromkeys(self.table_of, ())
        for statement in (*common.STATEMENTS, *self.statements):
            result[statement.selection.row] += (statement.selection,)
        return result

    @cached_property
    def reactions(self) -> Mapping[str, tuple[Reaction, ...]]:
        """The reactions by event type."""
        return {model.TYPE: reactions for model, reactions in self.reacts.items()}
