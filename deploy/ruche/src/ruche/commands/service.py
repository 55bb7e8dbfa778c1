"""`ruche service`: one service in the foreground, for a deployment of its own."""

from typing import Annotated

import typer

from ruche.serve import serve
from ruche.services import names


def service(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Which; without a name, those there are.")] = None,
) -> None:
    """Run one service, its settings by environment (docs/settings.md), until it is told to stop."""
    if name is None:
        for known in names():
            typer.echo(known)
        return
    raise typer.Exit(serve(name))
