"""HTML as plain words: what a person reads, and what the text holds beside words."""

from html.parser import HTMLParser
from typing import NamedTuple

from contracts.words import LONGEST_BODY

_BLOCKS = frozenset(
    {
        *("p", "div", "br", "li", "ul", "ol", "pre", "blockquote", "table", "tr", "hr", "section", "aside", "details"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
_SILENT = frozenset({"script", "style", "template", "svg", "title", "head"})
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
)
_ENOUGH = 4 * LONGEST_BODY
"""More of a text than this is never kept, so it need not be joined."""


class Said(NamedTuple):
    """A text and what is in it."""

    text: str
    links: tuple[str, ...] = ()
    has_code: bool = False
    has_image: bool = False
    mentions: tuple[str, ...] = ()

    def fields(self) -> dict[str, object]:
        """As fields of `post.created`; what there is none of is left out."""
        found = {
            "links": list(self.links),
            "has_code": self.has_code,
            "has_image": self.has_image,
            "mentions": list(self.mentions),
        }
        return {"body": self.text, **{name: value for name, value in found.items() if value}}


class _Words(HTMLParser):
    def __init__(self, *, quotes: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._quotes = quotes
        self._parts: list[str] = []
        self._length = 0
        self._hidden: list[str] = []
        self.links: list[str] = []
        self.mentions: list[str] = []
        self.has_code = False
        self.has_image = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = given.get("class") or ""
        if self._hidden or tag in _SILENT or (not self._quotes and (tag == "blockquote" or "quote" in kind.split())):
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag in _BLOCKS:
            self._add("\n- " if tag == "li" else "\n")
        self.has_code = self.has_code or tag in {"pre", "code"}
        if tag == "img":
            self._picture(given, kind)
        elif tag in {"a", "span"}:
            self._pointer(given, kind)

    def _picture(self, given: dict[str, str | None], kind: str) -> None:
        if "emoji" in kind.split():
            self._add(given.get("title") or given.get("alt") or "")
        else:
            self.has_image = True

    def _pointer(self, given: dict[str, str | None], kind: str) -> None:
        address, user = given.get("href") or "", given.get("data-user-id") or ""
        if "mention" in kind.split():
            self.mentions.append(address.rstrip("/").rpartition("/")[2])
        elif "user-mention" in kind.split() and user.isdecimal():
            self.mentions.append(user)
        elif address.startswith(("http://", "https://")):
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                # What a broken page left open inside is closed with it.
                del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
            return
        if tag in _BLOCKS:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._add(data)

    def _add(self, words: str) -> None:
        if self._length < _ENOUGH:
            self._parts.append(words)
            self._length += len(words)

    def text(self) -> str:
        lines = [" ".join(line.split()) for line in "".join(self._parts).split("\n")]
        return "\n".join(line for line in lines if line)


def from_html(html: str, *, quotes: bool = True) -> Said:
    """What an HTML text says. Without `quotes`, what it quotes of others is left out."""
    words = _Words(quotes=quotes)
    words.feed(html)
    words.close()
    return Said(
        words.text(),
        tuple(dict.fromkeys(words.links)),
        words.has_code,
        words.has_image,
        tuple(dict.fromkeys(words.mentions)),
    )
