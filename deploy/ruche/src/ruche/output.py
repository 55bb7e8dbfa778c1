"""What a command writes: results on standard output, progress and problems on standard error.

Members' words are hostile: they may hold escape sequences that move the cursor, rename the window or turn the
reading order around. `clean` takes these out of everything printed for people, `seen` writes them as escapes in JSON.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the reading order around."""
_UNSEEN = re.compile(f"[\x7f-\x9f\u2028\u2029\ufeff{''.join(sorted(_TURNING))}]")
"""What JSON may hold as it is, and a terminal takes for a command. JSON itself escapes what is below a space."""


def out() -> Console:
    """Where results go. No markup and no emoji codes are read in what is printed."""
    return Console(markup=False, emoji=False, highlight=False, soft_wrap=True)


def err() -> Console:
    """Where progress and problems go."""
    return Console(markup=False, emoji=False, highlight=False, stderr=True, soft_wrap=True)


def clean(text: str) -> str:
    """A text whose characters only show themselves: no control but the line break, nothing that turns the order."""
    shown = (" " if character == "\t" else character for character in text.replace("\r\n", "\n"))
    return "".join(
        character
        for character in shown
        if character == "\n"
        or (unicodedata.category(character) not in {"Cc", "Cs", "Co", "Zl", "Zp"} and character not in _TURNING)
    )


def one_line(text: str, limit: int = 0) -> str:
    """A cleaned text in one line, cut to `limit` characters when one is given."""
    line = " ".join(clean(text).split())
    return f"{line[: limit - 1]}…" if limit and len(line) > limit else line


def seen(text: str) -> str:
    """JSON that says the same, in one line of characters that only show themselves."""
    one = text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", one)


def say_json(document: Any) -> None:
    """One JSON document in one line, for scripts; sorted keys, so that two runs can be compared."""
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z, default=str).decode()
    sys.stdout.write(seen(text) + "\n")
    sys.stdout.flush()


def say_raw(raw: bytes) -> None:
    """A message of the log in one line: the JSON it is, else a JSON text of what it is instead."""
    try:
        orjson.loads(raw)
        text = raw.decode()
    except ValueError:
        text = json.dumps(raw.decode("utf-8", "backslashreplace"))
    sys.stdout.write(seen(text) + "\n")
    sys.stdout.flush()


def note(message: str) -> None:
    """A sentence for the person at the terminal, beside the result."""
    err().print(message, style="dim")


@contextmanager
def progress(what: str, total: int | None = None, unit: str = "") -> Iterator["Advance"]:
    """A line on standard error that shows how far long work is; nothing at all where that is no terminal."""
    columns = [
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        *([BarColumn(bar_width=30)] if total else []),
        MofNCompleteColumn(),
        TextColumn(unit, markup=False),
        TimeElapsedColumn(),
    ]
    console = err()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Advance(bar, bar.add_task(what, total=total))


class Advance:
    """Moves a progress line; cheap enough to call for every event."""

    def __init__(self, bar: Progress, task: Any) -> None:
        self._bar = bar
        self._task = task
        self._done = 0

    def __call__(self, steps: int = 1) -> None:
        """So much more is done."""
        self._done += steps
        if self._done & 0x7F == 0 or steps > 1:
            self._bar.update(self._task, completed=self._done)

    def print(self, *parts: Any) -> None:
        """Print above the line without tearing it."""
        self._bar.console.print(*parts)
