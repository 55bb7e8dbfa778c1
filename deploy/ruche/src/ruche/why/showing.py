"""A chain as lines for people, and as a document for scripts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from chassis.sentences import Around
from contracts.envelope import AnyEvent
from contracts.identity import SERVICES
from ruche.why.chain import Link, Reason
from ruche.why.library import Library, documents
from ruche.why.remembered import Remembered


class Line(NamedTuple):
    """One line: how deep it stands, its words, and what a developer looks for beside them."""

    depth: int
    text: str
    beside: str
    kind: str


class Shown:
    """Puts chains of one log into words of one language."""

    def __init__(self, log: Remembered, library: Library) -> None:
        self._log = log
        self._library = library

    def lines(self, link: Link, depth: int = 0) -> Iterator[Line]:
        """A link, its reasons and what shows them, one line each."""
        yield Line(depth, self._said(link), self._beside(link), "decision" if link.reasons else "fact")
        if link.serves is not None:
            yield Line(depth + 1, self._heading("serves"), "", "word")
            yield from self.lines(link.serves, depth + 2)
        for reason in link.reasons:
            yield from self._reason(link, reason, depth + 1)
        if link.cause is not None:
            yield Line(depth + 1, self._heading("cause"), "", "word")
            yield from self.lines(link.cause, depth + 2)

    def document(self, link: Link) -> dict[str, Any]:
        """The same for scripts: every link with its words, ids, figures and what is behind it."""
        event = link.event
        return documents(
            {
                "id": link.id,
                "type": event.type if event is not None else None,
                "source": event.source if event is not None else None,
                "time": event.time if event is not None else link.due,
                "said": self._said(link),
                "playbook": getattr(event.data, "playbook", None) if event is not None and link.reasons else None,
                "backfill": event.backfill or None if event is not None else None,
                "again": link.again or None,
                "because": [self._reason_document(link, reason) for reason in link.reasons],
                "serves": self.document(link.serves) if link.serves is not None else None,
                "cause": self.document(link.cause) if link.cause is not None else None,
            }
        )

    def _reason_document(self, link: Link, reason: Reason) -> dict[str, Any]:
        said = self._library.reason(link.event, reason.because, self._around(link)) if link.event is not None else ""
        return documents(
            {
                "rule": reason.because.rule,
                "said": said,
                "threshold": reason.because.threshold,
                "actual": reason.because.actual,
                "count": reason.count,
                "evidence": [self.document(one) for one in reason.evidence],
            }
        )

    def _reason(self, link: Link, reason: Reason, depth: int) -> Iterator[Line]:
        if link.event is None:
            return
        figures = [
            f"{name} {value}"
            for name, value in (("asks", reason.because.threshold), ("found", reason.because.actual))
            if value is not None
        ]
        words = self._library.reason(link.event, reason.because, self._around(link))
        yield Line(depth, f"{self._heading('because')} {words}", ", ".join([reason.because.rule, *figures]), "reason")
        if reason.count is not None:
            yield Line(depth + 1, self._heading("range", count=reason.count), "", "word")
        for one in reason.evidence:
            yield from self.lines(one, depth + 1)
        if reason.left_out:
            yield Line(depth + 1, self._heading("more", count=reason.left_out), "", "word")

    def _said(self, link: Link) -> str:
        if link.due is not None:
            return self._heading("calendar", due=link.due)
        if link.event is None:
            return self._heading("missing", id=link.id)
        around = self._around(link)
        said = f"{self._moment(link.event.time)} · {self._library.event(link.event, around)}"
        return f"{said} {self._heading('above')}" if link.again and _is_decision(link.event) else said

    def _beside(self, link: Link) -> str:
        return f"{link.event.type} {link.id}" if link.event is not None else link.id

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self._log.playbook.zone)
        return f"{local:%Y-%m-%d %H:%M}"

    def _around(self, link: Link) -> Around:
        now = link.event.time if link.event is not None else self._log.now
        if now is None:
            raise LookupError("nothing was read")
        return self._log.around(now)

    def _heading(self, key: str, **values: Any) -> str:
        if self._log.now is None:
            raise LookupError("nothing was read")
        return self._library.heading(key, self._log.around(self._log.now), **values)


def _is_decision(event: AnyEvent) -> bool:
    return event.source.startswith(SERVICES)
