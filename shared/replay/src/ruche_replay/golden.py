"""Golden files: the decisions of a run as they were approved, to the byte, and what to do when they are others.

A golden file is what `ruche replay --out` writes: one decision a line, in the order of the log.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from fnmatch import fnmatch
from itertools import zip_longest
from pathlib import Path

from ruche_replay.difference import difference
from ruche_replay.told import Told
from ruche_replay.wording import EXAMPLES, counted, in_words

FOLDER = "golden"
"""Beside the file of the test."""
UPDATE = "--ruche-update"


class Golden:
    """Holds runs against golden files of one test.

    Args:
        folder: where the files are.
        name: the file's, without `.ndjson`, unless a run gives one.
        test: how the test is named on pytest's command line.
        update: write what differs instead of failing.
        examples: how many changes of each matter are shown; None for all.
        written: hears of each file that is written, and what was new in it.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        test: str,
        update: bool = False,
        examples: int | None = EXAMPLES,
        written: Callable[[str], None] = lambda _words: None,
    ) -> None:
        self._folder = folder
        self._name = name
        self._test = test
        self._update = update
        self._examples = examples
        self._written = written

    def __call__(
        self, run: Told, name: str | None = None, *, only: Collection[str] = ("*",), leave_out: Collection[str] = ()
    ) -> None:
        """Every decision of the run is that of the golden file, to the byte and in its order.

        Args:
            run: a story, or a replayed file.
            name: the file's, where a test has several.
            only: the types that count, with `*` for any part (`question.*`).
            leave_out: types that do not (`message.*`).

        Raises AssertionError that says what appeared, vanished, moved and why; or that there is no file yet.
        """
        __tracebackhide__ = True
        path = self._folder / f"{name or self._name}.ndjson"
        decided = [
            event.to_json() for event in run.decisions if _among(event.type, only) and not _among(event.type, leave_out)
        ]
        known = path.read_bytes().splitlines() if path.exists() else None
        if known == decided:
            return
        if self._update:
            self._write(path, known, decided)
        elif known is None:
            raise AssertionError(_missing(path, decided, self._test))
        else:
            raise AssertionError(self._otherwise(path, known, decided))

    def _write(self, path: Path, known: Sequence[bytes] | None, decided: Sequence[bytes]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(line + b"\n" for line in decided))
        new = f"{len(decided):,} decisions" if known is None else counted(difference(known, decided))
        self._written(f"{path}: {new}")

    def _otherwise(self, path: Path, known: Sequence[bytes], decided: Sequence[bytes]) -> str:
        try:
            found = difference(known, decided)
        except ValueError as fault:
            return f"{path} is no golden file: {fault}; write it anew: pytest {UPDATE} {self._test!r}"
        if found:
            words = list(in_words(found, examples=self._examples))
        else:
            place = next(n for n, (one, other) in enumerate(zip_longest(known, decided), 1) if one != other)
            words = [f"the decisions are the same, in another order or form from line {place:,} on"]
        more = [] if self._examples is None else ["Every change: pytest -vv"]
        return "\n".join(
            [
                f"what was decided is not what {path.name} holds: {words[0]}",
                *words[1:],
                "",
                *more,
                f"If this is what you want, write the file anew: pytest {UPDATE} {self._test!r}",
                f"It is {path}",
            ]
        )


def _among(type_: str, patterns: Collection[str]) -> bool:
    return any(fnmatch(type_, pattern) for pattern in patterns)


def _missing(path: Path, decided: Sequence[bytes], test: str) -> str:
    counts = Counter(change.decision.type for change in difference((), decided).changes)
    listed = "\n".join(f"  {number:>6,}  {type_}" for type_, number in sorted(counts.items())) or "  nothing"
    return (
        f"there is no golden file {path} yet. What was decided:\n{listed}\n"
        f"If that is right, write it: pytest {UPDATE} {test!r}"
    )
