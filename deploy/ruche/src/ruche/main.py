"""The command `ruche`: what an operator, a developer or a community manager asks of Ruche."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from chassis.bus import ApiRefused, Unavailable
from chassis.settings import BadSettings
from contracts.errors import Refused
from ruche.exits import Code, Problem
from ruche.output import clean, err
from ruche.servers.child import ServerProblem

COMMANDS = {
    "up": "ruche.commands.up:up",
    "demo": "ruche.commands.demo:demo",
    "send": "ruche.commands.send:send",
    "tail": "ruche.commands.tail:tail",
    "community": "ruche.commands.community:app",
    "playbook": "ruche.commands.playbook:app",
    "log": "ruche.commands.log:app",
    "dead": "ruche.commands.dead:app",
    "access": "ruche.commands.access:app",
    "migrate": "ruche.commands.migrate:migrate",
    "service": "ruche.commands.service:service",
    "rebuild": "ruche.commands.rebuild:rebuild",
    "replay": "ruche.commands.replay:replay",
    "what-if": "ruche.commands.what_if:what_if",
    "simulate": "ruche.commands.simulate:simulate_facts",
    "convert": "ruche.commands.convert:convert_export",
    "adopt": "ruche.commands.adopt:adopt",
    "indicators": "ruche.commands.indicators:indicators",
    "report": "ruche.commands.report:report",
    "why": "ruche.commands.why:why",
    "member": "ruche.commands.member:member",
    "docs": "ruche.commands.docs:docs",
}
"""Each command and where it is: a family of commands is an application of its own."""
EPILOG = (
    "Exit codes: 0 done · 1 what was given is refused · 2 the command line is wrong · "
    "3 a server or service cannot be reached · 4 two things that must be equal differ · 130 interrupted."
)


class Commands(TyperGroup):
    """The commands; every expected failure ends as one sentence and an exit code, never as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise _ended(str(problem), problem.code) from None
        except Refused as refused:
            raise _ended(str(refused), Code.REFUSED) from None
        except ApiRefused as refused:
            raise _ended(f"NATS said no: {refused}", Code.REFUSED) from None
        except BadSettings as bad:
            raise _ended(str(bad), Code.USAGE) from None
        except (ServerProblem, Unavailable) as away:
            raise _ended(str(away), Code.UNREACHABLE) from None


def _ended(message: str, code: Code) -> typer.Exit:
    err().print(f"ruche: {clean(message)}", style="red")
    return typer.Exit(int(code))


def application(only: str | None = None) -> typer.Typer:
    """The whole command, or as much of it as one command needs: importing all of them takes a second."""
    app = typer.Typer(
        name="ruche",
        cls=Commands,
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        add_completion=False,
    )
    app.callback()(_about)
    for name in [only] if only in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(import_module(module), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _about() -> None:
    """Ruche runs the care of a community: facts in, decisions and messages out, on NATS and Postgres."""


def run() -> None:
    """The console script."""
    application(sys.argv[1] if len(sys.argv) > 1 else None)()
