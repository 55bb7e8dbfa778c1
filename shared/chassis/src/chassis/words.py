"""Words of a language: plurals, lists, days and hours, spacing. Babel knows; this gives templates the few they use."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list

CATALOGS = ("fr-tu", "fr-vous", "en")
"""Every text exists once in each."""

_NARROW, _HARD = "\u202f", "\u00a0"
_BEFORE_HIGH = re.compile(r"[ \u00a0\u202f]+([?!;])")
_BEFORE_COLON = re.compile(r"[ \u00a0\u202f]+:(?!\w)")
_OPENING = re.compile(r"«[ \u00a0\u202f]*")
_CLOSING = re.compile(r"[ \u00a0\u202f]*»")
_NOON, _EVENING = 12, 18
_DAYS_NAMED_BY_WEEKDAY = 7


def language(catalog: str) -> str:
    """`fr-tu` → `fr`."""
    return catalog.partition("-")[0]


@lru_cache(maxsize=8)
def locale(catalog: str) -> Locale:
    """The CLDR locale of a catalog; English writes days and hours the British way."""
    return Locale.parse("fr_FR" if catalog.startswith("fr") else "en_GB")


def plural(catalog: str, count: int, one: str, other: str) -> str:
    """The form that goes with a count, by CLDR's rule (French says `0 réponse`)."""
    return one if locale(catalog).plural_form(count) == "one" else other


def join_words(catalog: str, words: tuple[str, ...]) -> str:
    """`a, b et c` / `a, b and c`."""
    return str(format_list(list(words), locale=locale(catalog)))


def day(catalog: str, local: datetime) -> str:
    """`mardi 3 juin` / `Tuesday 3 June`."""
    return str(format_date(local, "EEEE d MMMM", locale=locale(catalog)))


def clock(catalog: str, local: datetime) -> str:
    """`14 h 30`, `9 h` / `14:30`."""
    if language(catalog) == "fr":
        minutes = f"{_HARD}{local.minute:02d}" if local.minute else ""
        return f"{local.hour}{_HARD}h{minutes}"
    return str(format_time(local, "HH:mm", locale=locale(catalog)))


def when(catalog: str, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment in words, seen from now: `ce matin`, `hier soir`, `mardi`, `mardi 3 juin`."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    part = 0 if there.hour < _NOON else 1 if there.hour < _EVENING else 2
    french = language(catalog) == "fr"
    distance = (here.date() - there.date()).days
    if distance == 0:
        return (("ce matin", "cet après-midi", "ce soir") if french else ("this morning", "this afternoon", "tonight"))[
            part
        ]
    if distance == 1:
        words = (
            ("hier matin", "hier après-midi", "hier soir")
            if french
            else ("yesterday morning", "yesterday", "last night")
        )
        return words[part]
    if distance == -1:
        return "demain" if french else "tomorrow"
    if 0 < distance < _DAYS_NAMED_BY_WEEKDAY:
        weekday = str(format_date(there, "EEEE", locale=locale(catalog)))
        return weekday if french else f"on {weekday}"
    return day(catalog, there) if french else f"on {day(catalog, there)}"


def spaced(catalog: str, text: str) -> str:
    """French spacing: U+202F before ? ! ;, U+00A0 before : and inside « »."""
    if language(catalog) != "fr":
        return text
    text = _BEFORE_HIGH.sub(rf"{_NARROW}\1", text)
    text = _BEFORE_COLON.sub(f"{_HARD}:", text)
    return _CLOSING.sub(f"{_HARD}»", _OPENING.sub(f"«{_HARD}", text))
