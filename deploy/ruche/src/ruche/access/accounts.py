"""The accounts and users of a nats-server, as its configuration writes them: the file that it includes."""

import json
from pathlib import Path
from typing import Any

import bcrypt

from chassis.bus import EVENTS
from ruche.access.registry import Owner, Registry
from ruche.access.rights import ACCOUNT, Rights
from ruche.servers.child import write_private

FILE = "nats.conf"
_ROUNDS = 4
"""Passwords here are random and long: nobody finds one by trying, and a slow hash only costs at each connection."""
_EXPORTS = (
    {"service": "*.*.*.*"},
    {"service": f"$JS.API.CONSUMER.MSG.NEXT.{EVENTS}.*", "response_type": "stream"},
    {"service": f"$JS.API.CONSUMER.INFO.{EVENTS}.*"},
    {"service": f"$JS.ACK.{EVENTS}.*.>"},
)
"""What other accounts may be let into; into which of it each is, its imports say."""
_HEAD = """# Made by `ruche access` from access.json: changes made here are lost with the next one.
# Include it in the configuration of a nats-server of Ruche's own, beside `jetstream { store_dir: ... }`.
"""


def hashed(password: str) -> str:
    """A password as the server keeps it."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(_ROUNDS)).decode()


def is_of(password: str, kept: str) -> bool:
    """Whether a hash is that of a password."""
    return bcrypt.checkpw(password.encode(), kept.encode())


def configuration(registry: Registry) -> str:
    """The text of the file: the account of the log with its users, and one for each platform."""
    users: list[dict[str, Any]] = []
    others: dict[str, Any] = {}
    if registry.owner is not None:
        users.append({"user": registry.owner.user, "password": registry.owner.password})
    for one in registry.principals:
        found = registry.rights(one)
        user = {"user": one.name, "password": one.password}
        if found.inside:
            users.append({**user, "permissions": _permissions(found)})
        else:
            others[one.name] = {"users": [user], "imports": _imports(found)}
    log = {"jetstream": "enabled", "users": users, "exports": list(_EXPORTS)}
    return f"{_HEAD}accounts: {json.dumps({ACCOUNT: log, **others}, indent=1)}\n"


def write(folder: Path, registry: Registry) -> Path:
    """Write the file beside the registry, for its owner alone; answers where."""
    file = folder / FILE
    write_private(file, configuration(registry))
    return file


def owned(user: str, password: str) -> Registry:
    """A registry of a server that has one user only, who may do everything."""
    return Registry(owner=Owner(user=user, password=hashed(password)))


def _permissions(rights: Rights) -> dict[str, Any]:
    return {
        "publish": {"allow": [right.subject for right in rights.says]},
        "subscribe": {"allow": [right.subject for right in rights.hears]},
    }


def _imports(rights: Rights) -> list[dict[str, Any]]:
    result = []
    for right in rights.says:
        entry: dict[str, Any] = {"service": {"account": ACCOUNT, "subject": right.subject}}
        if right.called is not None:
            entry["to"] = right.called
        result.append(entry)
    return result
