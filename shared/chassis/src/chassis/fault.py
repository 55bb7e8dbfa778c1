"""A switch for fault tests: the process kills itself, or freezes, when it reaches a step of a batch.

`RUCHE_CRASH_AT=<step>[:n]` sends SIGKILL: no handler runs, nothing is flushed, as when the machine dies.
`RUCHE_FREEZE_AT=<step>[:n]` sends SIGSTOP: the process stands still in the middle of it until somebody sends SIGCONT,
and then goes on as if nothing had happened, as after a long pause of a virtual machine.

Steps: `after-read` `before-commit` `after-commit` `mid-publish` `before-clear`; `n`: at the n-th time, 1 unless given.
Unset, which is always but in tests, a step costs one comparison.
"""

import os
import signal
from collections.abc import Mapping
from typing import Final, Literal

Step = Literal["after-read", "before-commit", "after-commit", "mid-publish", "before-clear"]
VARIABLES: Final = {"RUCHE_CRASH_AT": signal.SIGKILL, "RUCHE_FREEZE_AT": signal.SIGSTOP}


class _Countdown:
    def __init__(self, wanted: str, sign: signal.Signals) -> None:
        self.step, _, times = wanted.partition(":")
        self.left = int(times or "1")
        self.sign = sign

    def reached(self, step: str) -> None:
        if step == self.step:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), self.sign)


def _wanted(environment: Mapping[str, str]) -> tuple[_Countdown, ...]:
    return tuple(_Countdown(environment[name], sign) for name, sign in VARIABLES.items() if environment.get(name))


_countdowns = _wanted(os.environ)


def point(step: Step) -> None:
    """The process is at this step of a batch; where a fault test says so, it goes no further."""
    if _countdowns:
        for countdown in _countdowns:
            countdown.reached(step)
