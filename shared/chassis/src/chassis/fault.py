"""A switch for fault tests: `RUCHE_CRASH_AT=<step>[:n]` makes the process kill itself when it reaches a step.

Steps of a batch: `after-read` `before-commit` `after-commit` `mid-publish` `before-clear`; `n`: at the n-th time,
1 unless given. The kill is SIGKILL: no handler runs, nothing is flushed, as when the machine dies. Unset, which is
always but in tests, a step costs one comparison.
"""

import os
import signal
from typing import Final, Literal

Step = Literal["after-read", "before-commit", "after-commit", "mid-publish", "before-clear"]
VARIABLE: Final = "RUCHE_CRASH_AT"


class _Countdown:
    def __init__(self, wanted: str) -> None:
        self.step, _, times = wanted.partition(":")
        self.left = int(times or "1")

    def reached(self, step: str) -> None:
        if step == self.step:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


_countdown = _Countdown(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


def point(step: Step) -> None:
    """The process is at this step of a batch; where a fault test says so, it goes no further."""
    if _countdown is not None:
        _countdown.reached(step)
