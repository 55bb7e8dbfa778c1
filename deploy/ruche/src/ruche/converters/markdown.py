"""Markdown as chats write it: who is named by @, what is linked to, whether there is code or an image."""

import re
from collections.abc import Container

from ruche.converters.markup import Said

_NAME = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._-]{0,63})", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_IMAGE = re.compile(r"!\[[^\]]*\]\(")


def said(text: str, members: Container[str]) -> Said:
    """What a message says; a name that is no member's is only a word."""
    named = [name for found in _NAME.findall(text) if (name := found.lower().rstrip(".-_")) in members]
    return Said(
        text,
        tuple(dict.fromkeys(_LINK.findall(text))),
        "`" in text,
        _IMAGE.search(text) is not None,
        tuple(dict.fromkeys(named)),
    )
