"""A member's page as text for a terminal, and as one HTML page, whole in itself, for the member who asks for it."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chassis.sentences import Around
from ruche.output import clean
from ruche.why.library import Library
from ruche.why.member import PARTS, Page

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #ddd}"
    "li{margin:.35rem 0}time,.why{color:#666;font-size:.9rem}blockquote{margin:.4rem 0 .4rem 1rem;padding-left:.8rem;"
    "border-left:3px solid #ddd;white-space:pre-wrap}ul{padding-left:1.2rem}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Sheet:
    """One page in one language."""

    def __init__(self, page: Page, library: Library, around: Around) -> None:
        self._page = page
        self._library = library
        self._around = around

    def lines(self) -> Iterator[tuple[int, str]]:
        """For a terminal: depth and words."""
        yield 0, self._heading("title", member=self._page.member, community=self._page.community)
        for key, entries in self._sections():
            yield 1, self._heading(key)
            if not entries:
                yield 2, self._heading("nothing")
            for entry in entries:
                yield from self._entry(entry)

    def _entry(self, entry: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        when = f"{self._moment(entry['time'])} · " if "time" in entry else ""
        yield 2, f"{when}{entry['said']}"
        for why in entry.get("why", ()):
            yield 3, f"{self._heading('because')} {why}"

    def html(self) -> str:
        """For the member: self-contained, nothing is loaded and nothing can be sent from it."""
        title = self._heading("own_title", community=self._page.community)
        parts = [f"<h1>{_safe(title)}</h1>", f"<p>{_safe(self._page.name)}</p>", f"<p>{_safe(self._head())}</p>"]
        for key, entries in self._sections():
            parts.append(f"<h2>{_safe(self._heading(key))}</h2>")
            items = "".join(self._item(entry) for entry in entries)
            parts.append(f"<ul>{items}</ul>" if items else f"<p>{_safe(self._heading('nothing'))}</p>")
        return (
            f'<!doctype html><html lang="{self._library.language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="content-security-policy" content="{_POLICY}">'
            '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
            f"<title>{_safe(title)}</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
        )

    def _head(self) -> str:
        return self._heading("own_head", now=self._page.now)

    def _item(self, entry: Mapping[str, Any]) -> str:
        when = f"<time>{_safe(self._moment(entry['time']))}</time> " if "time" in entry else ""
        words = [f"<blockquote>{_safe(entry[key])}</blockquote>" for key in ("text", "body") if entry.get(key)]
        if entry.get("text") == entry["said"]:
            words = []
        why = [f'<div class="why">{_safe(self._heading("because"))} {_safe(one)}</div>' for one in entry.get("why", ())]
        return f"<li>{when}{_safe(entry['said'])}{''.join(words)}{''.join(why)}</li>"

    def _sections(self) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
        page = self._page
        yield "person", [{"said": said} for said in page.person]
        for part in PARTS:
            yield part, page.parts[part]
        yield "waiting", page.waiting
        yield "decided", page.decided
        yield "sent", page.sent
        if page.audience == "member":
            yield "facts", page.facts

    def _heading(self, key: str, **values: Any) -> str:
        return self._library.heading(key, self._around, **values)

    def _moment(self, at: Any) -> str:
        return f"{at.astimezone(self._around.zone):%Y-%m-%d %H:%M}"


def _safe(text: str) -> str:
    return html.escape(clean(text))
