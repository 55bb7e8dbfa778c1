"""The words of a Discord message: its own marks for people, channels and emoji, as a person sees them."""

import re
from collections.abc import Mapping
from typing import Any

from ruche.converters.markup import Said
from ruche.converters.values import maybe, records

_PERSON = re.compile(r"<@!?(\d{5,20})>")
_EMOJI = re.compile(r"<a?(:\w+:)\d{5,20}>")
_PLACE = re.compile(r"<(?:#|@&)(\d{5,20})>")
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")


def said(message: Mapping[str, Any]) -> Said:
    """What a message says; a forwarded one says what it forwards."""
    forwarded = message.get("forwardedMessage")
    inner = forwarded if isinstance(forwarded, dict) else message
    names = {maybe(one, "id"): maybe(one, "nickname") or maybe(one, "name") for one in records(message.get("mentions"))}
    content = maybe(message, "content") or maybe(inner, "content")
    words = _PERSON.sub(lambda found: f"@{names.get(found[1]) or found[1]}", content)
    words = _PLACE.sub(r"#\1", _EMOJI.sub(r"\1", words))
    files = [*records(message.get("attachments")), *records(inner.get("attachments"))]
    pictured = any(
        maybe(file, "fileName").lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp")) for file in files
    )
    return Said(words, tuple(dict.fromkeys(_LINK.findall(content))), "`" in content, pictured, tuple(names))
