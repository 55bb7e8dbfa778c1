"""Credentials: a file of environment variables for each user, readable by its owner alone."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from ruche.access.registry import Principal
from ruche.access.rights import DOMAIN
from ruche.exits import Code, Problem
from ruche.servers.child import write_private

SUFFIX = ".env"


def file_of(folder: Path, name: str) -> Path:
    """Where somebody's credentials are."""
    return folder / f"{name}{SUFFIX}"


def write(folder: Path, principal: Principal, values: Mapping[str, str]) -> Path:
    """Write credentials, as a shell, systemd or compose reads them; answers where."""
    head = [f"# The {principal.kind} {principal.name}: whoever reads this file can speak in its name."]
    if principal.kind == "platform":
        head.append(
            f"# What it receives waits in consumer {principal.name} of the stream EVENTS, JetStream domain {DOMAIN}."
        )
    file = file_of(folder, principal.name)
    lines = [*head, *(f"{name}={shlex.quote(value)}" for name, value in values.items())]
    write_private(file, "\n".join(lines) + "\n")
    return file


def read(folder: Path, name: str) -> dict[str, str] | None:
    """Somebody's credentials; None when the file is not there any more (moved to where it is used)."""
    file = file_of(folder, name)
    try:
        text = file.read_text()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}", Code.USAGE) from None
    values = {}
    for line in text.splitlines():
        name_, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            values[name_] = "".join(shlex.split(value))
    return values


def change(folder: Path, principal: Principal, changes: Mapping[str, str | None]) -> bool:
    """Set or (None) drop variables in credentials that are still here; False when they are not."""
    values = read(folder, principal.name)
    if values is None:
        return False
    kept = {name: value for name, value in values.items() if name not in changes}
    new = kept | {name: value for name, value in changes.items() if value is not None}
    if new != values:
        write(folder, principal, new)
    return True


def remove(folder: Path, name: str) -> None:
    """Take credentials away."""
    file_of(folder, name).unlink(missing_ok=True)
