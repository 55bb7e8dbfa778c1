"""The page that documents the command: every `--help`, so that it cannot lag behind."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import typer

_COLUMNS = 100
_HEAD = """# The command

`ruche` is what an operator, a developer or a community manager uses. Results go to standard output, progress and
problems to standard error; `--json` is for scripts. Generated: `make docs`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | what was given is refused: a fact, a playbook, a request to a service |
| 2 | the command line is wrong; the message says what would be right |
| 3 | a server or a service cannot be reached or started |
| 4 | two things that must be equal differ: two runs, a stream or a generated file and what it should be |
| 130 | interrupted |

Servers are found by `--nats` and `--postgres`, else `RUCHE_NATS_URL` and `RUCHE_POSTGRES_DSN`, else the data folder
of a running `ruche up`.
"""


def commands_page() -> str:
    """Markdown: each command with its arguments and options."""
    # The command imports this page's module to print it: only now is it there whole.
    group = typer.main.get_command(import_module("ruche.main").application())
    parts = [f"## {name}\n\n```text\n{text}\n```\n" for name, text in _helps(group, "ruche", None)]
    return "\n".join([_HEAD, *parts])


def _helps(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    # Without `color` and with a width of its own, the text is the same on every terminal.
    context = command.make_context(
        name.rpartition(" ")[2], [], parent=parent, resilient_parsing=True, terminal_width=_COLUMNS,
        max_content_width=_COLUMNS,
    )  # fmt: skip
    below = getattr(command, "commands", {})
    if parent is not None and not below:
        lines = command.get_help(context).splitlines()
        yield name, "\n".join(line.rstrip() for line in lines).strip()
    for word, inner in below.items():
        yield from _helps(inner, f"{name} {word}", context)
