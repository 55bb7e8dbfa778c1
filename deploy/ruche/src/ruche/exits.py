"""How a command ends: exit codes that a script can rely on, and the error that carries one."""

from enum import IntEnum


class Code(IntEnum):
    """Exit codes of `ruche`. 130: interrupted."""

    OK = 0
    REFUSED = 1
    """What was given cannot be accepted: a fact, a playbook, a request to a service."""
    USAGE = 2
    """The command line is wrong; the message says what would be right."""
    UNREACHABLE = 3
    """A server or a service cannot be reached or started."""
    DIFFERS = 4
    """Two things that must be equal are not: two runs, a generated file and what it is generated from."""


class Problem(Exception):  # noqa: N818 - what ends a command, expected or not
    """A command cannot go on; its text says what, where and how to mend it."""

    def __init__(self, message: str, code: Code = Code.REFUSED) -> None:
        super().__init__(message)
        self.code = code
