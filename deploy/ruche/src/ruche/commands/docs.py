"""`ruche docs`: the pages and schemas that are made from the code, written, or held against it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from chassis.asyncapi import asyncapi_files
from chassis.settings import settings_page
from contracts.playbook.page import playbook_page
from contracts.schemas import FOLDER, contracts_page, schema_files
from ruche.access.matrix import with_matrix
from ruche.commands_page import commands_page
from ruche.exits import Code, Problem
from ruche.output import out
from ruche.services import chosen

SECURITY = Path("docs/security.md")
"""Written by hand, but for its matrix."""
MARK = Path("shared/contracts/pyproject.toml")
"""What only this repository has."""


def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 4 when a file is not in step.")
    ] = False,
    folder: Annotated[Path, typer.Option("--folder", help="The repository.", file_okay=False)] = Path(),
) -> None:
    """Write the generated files of the repository: contracts, playbook, settings, schemas, AsyncAPI."""
    if not (folder / MARK).exists():
        raise Problem(f"{folder.resolve()} is not Ruche's repository: run this there, or give --folder", Code.USAGE)
    files = {**generated(), SECURITY: with_matrix(_held(folder / SECURITY) or "")}
    different = [path for path, text in files.items() if _held(folder / path) != text]
    left = sorted(stale(folder, files))
    if check:
        if different or left:
            names = ", ".join(map(str, [*different, *left]))
            raise Problem(f"not in step with the code: {names}; `ruche docs` writes them again", Code.DIFFERS)
        out().print(f"{len(files)} generated files are in step")
        return
    for path in different:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[path], encoding="utf-8")
    for path in left:
        (folder / path).unlink()
    out().print(f"{len(different)} written, {len(left)} removed, {len(files) - len(different)} in step")


def generated() -> Mapping[Path, str]:
    """Every generated file, by its path in the repository."""
    pages = {
        "docs/commands.md": commands_page(),
        "docs/contracts.md": contracts_page(),
        "docs/playbook.md": playbook_page(),
        "docs/settings.md": settings_page(),
    }
    named = {**pages, **schema_files(), **asyncapi_files([*chosen()])}
    return {Path(path): text for path, text in sorted(named.items())}


def stale(folder: Path, files: Mapping[Path, str]) -> set[Path]:
    """Schemas that nothing generates any more."""
    return {path.relative_to(folder) for path in (folder / FOLDER).glob("*.json")} - set(files)


def _held(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None
