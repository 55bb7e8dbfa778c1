"""The words of a mail: what its sender wrote, without what is quoted of others and without the signature."""

import re
from email.message import Message

from contracts.words import LONGEST_BODY
from ruche.converters import markup
from ruche.converters.markup import Said

_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_SAID_BEFORE = re.compile(r"^(On .{3,200} wrote|Le .{3,200} a écrit|Am .{3,200} schrieb)\s?:$")
_ORIGINAL = re.compile(r"^-{2,}\s*(Original Message|Message d'origine|Ursprüngliche Nachricht)\s*-{2,}$", re.IGNORECASE)


def said(mail: Message) -> Said:
    """What a mail says; plain text before HTML."""
    plain = html = None
    pictured = False
    for part in mail.walk():
        kind = part.get_content_type()
        pictured = pictured or kind.startswith("image/")
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kind == "text/plain" and plain is None:
            plain = _decoded(part)
        elif kind == "text/html" and html is None:
            html = _decoded(part)
    if plain is None:
        words = markup.from_html(html, quotes=False) if html is not None else Said("")
        return words._replace(has_image=words.has_image or pictured)
    text = own_words(plain)
    return Said(text, tuple(dict.fromkeys(_LINK.findall(text))), False, pictured)


def own_words(text: str) -> str:
    """A mail's text without quoted lines, without the line that introduces them, and without the signature."""
    kept: list[str] = []
    for line in text[: 8 * LONGEST_BODY].splitlines():
        bare = line.rstrip()
        if bare in {"--", "-- "} or line == "-- " or _ORIGINAL.match(bare):
            break
        if not bare.startswith(">"):
            kept.append(bare)
    words = [line for line in kept if not _SAID_BEFORE.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(words)).strip()


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")
