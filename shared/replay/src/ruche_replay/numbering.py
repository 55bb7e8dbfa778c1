"""Numbers for facts that bear no id: the same in every run of a test, alone or among others, and never twice in one.

A golden file holds ids that follow from those of facts, so a number must not depend on what ran before.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class Numbering:
    """Counts from 1 within a scene; a number bears the scene's name, unless it is a test of its own."""

    def __init__(self) -> None:
        self._scene = ""
        self._last = 0

    def next(self) -> str:
        """The next number: `7`, or `library-7` in the scene `library`."""
        self._last += 1
        return f"{self._scene}-{self._last}" if self._scene else str(self._last)

    def restart(self, scene: str = "") -> None:
        """From 1 again, in a scene of that name."""
        self._scene, self._last = scene, 0

    @contextmanager
    def within(self, scene: str) -> Iterator[None]:
        """A scene inside this one, as of a fixture that outlives the test for which it is made."""
        before = self._scene, self._last
        self.restart(scene)
        try:
            yield
        finally:
            self._scene, self._last = before


NUMBERS = Numbering()
"""Those of this process: one test runs at a time."""
