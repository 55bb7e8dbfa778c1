"""The words of a Slack message: its own marks for people, channels and addresses, as a person sees them."""

import html
import re
from typing import TypedDict

from ruche.converters.markup import Said

_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


class Names(TypedDict):
    """What ids stand for."""

    users: dict[str, str]
    channels: dict[str, str]


def said(text: str, names: Names) -> Said:
    """What a message says, whom it names and what it links to."""
    links: list[str] = []
    mentions: list[str] = []

    def shown(found: re.Match[str]) -> str:
        sign, target, label = found[1], found[2], found[3]
        match sign:
            case "@":
                mentions.append(target)
                return f"@{names['users'].get(target) or label or target}"
            case "#":
                return f"#{names['channels'].get(target) or label or target}"
            case "!":
                return label or f"@{target.partition('^')[0]}"
        links.append(html.unescape(target))
        return label or target

    words = html.unescape(_MARK.sub(shown, text))
    return Said(words, tuple(dict.fromkeys(links)), "`" in text, False, tuple(dict.fromkeys(mentions)))
