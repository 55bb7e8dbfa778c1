"""Everything that can be said of an event or a rule, by whoever ships the words: services, chassis, and the command."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from chassis.sentences import Around, Sentences
from chassis.service import Service
from contracts.envelope import AnyEvent, Because
from contracts.identity import SERVICES
from contracts.telling import Tell

OWN = "ruche.why"


@cache
def _sentences(package: str) -> Sentences:
    return Sentences(package)


class Library:
    """The sentences of some services, of the chassis, and of the command itself."""

    def __init__(self, services: Sequence[Service], language: str) -> None:
        self.language = language
        self._of = {service.name: _sentences(service.package) for service in services}
        self._common = _sentences("chassis")
        self._own = _sentences(OWN)

    def event(self, event: AnyEvent, around: Around) -> str:
        """What an event says; its type, where nobody has words for it."""
        values = {name: getattr(event.data, name) for name in type(event.data).model_fields}
        shelves = (self._service(event), self._common, self._own)
        for sentences in shelves:
            said = sentences.decision(self.language, event.type, values, around) if sentences is not None else None
            if said is not None:
                return said
        return self.heading("unknown_type", around, type=event.type)

    def reason(self, event: AnyEvent, reason: Because, around: Around) -> str:
        """What the rule of a reason says, with its figures."""
        said = self.rule(event.source, reason.rule, reason.threshold, reason.actual, around)
        return self.heading("unknown_rule", around, rule=reason.rule) if said is None else said

    def rule(self, source: str, rule: str, threshold: Any, actual: Any, around: Around) -> str | None:
        """What a rule says in a decision of a source, with its figures; None where nobody has words for it."""
        values = {"threshold": threshold, "actual": actual}
        for sentences in (self._of.get(source.removeprefix(SERVICES)), *self._of.values(), self._common):
            said = sentences.rule(self.language, rule, values, around) if sentences is not None else None
            if said is not None:
                return said
        return None

    def heading(self, key: str, around: Around, **values: Any) -> str:
        """One of the command's own words."""
        return self._own.tell(self.language, Tell(part="standing", key=key, values=values), around)

    def word(self, word: str) -> str | None:
        """A word of the contracts, by whoever has it."""
        found = (one.word(self.language, word) for one in (self._own, self._common, *self._of.values()))
        return next((said for said in found if said is not None), None)

    def _service(self, event: AnyEvent) -> Sentences | None:
        return self._of.get(event.source.removeprefix(SERVICES)) if event.source.startswith(SERVICES) else None


def documents(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values without those that are nothing."""
    return {name: value for name, value in values.items() if value not in (None, (), [], {})}
