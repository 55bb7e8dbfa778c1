"""Access, given, renewed and taken away: registry, credentials, server's list, Postgres role and consumer in step."""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import orjson

from chassis.settings import Settings
from ruche.access import accounts, consumers, credentials, roles
from ruche.access import registry as registries
from ruche.access.registry import Owner, Principal, Registry
from ruche.connection import SECRET, SECRET_VARIABLE, connected
from ruche.exits import Code, Problem
from ruche.servers.child import kept
from ruche.servers.nats import reload

FOLDER = "access"
"""In the data folder."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What access is given on.

    Attributes:
        folder: where the registry, the credentials and the server's list are.
        bus: how to reach NATS, as somebody who may make consumers.
        postgres: where services' schemas are, as somebody who may make roles; None when that is not known.
        server: the folder of an embedded nats-server that runs now and is to read each new list.
    """

    folder: Path
    bus: Settings
    postgres: str | None
    server: Path | None = None


class Granted(NamedTuple):
    """What was done: where the credentials are (None: where they were moved to), and whether the server knows."""

    principal: Principal
    credentials: Path | None
    in_force: bool


async def grant(ground: Ground, wanted: Principal, *, sources: Sequence[str] = (), renewed: bool = False) -> Granted:
    """Give access, or change what somebody has; `renewed`: under a new password, the old one is worth nothing.

    The password in `wanted` is not read. Nothing is written when a server cannot be reached or says no.
    """
    with registries.alone(ground.folder):
        registry = registries.read(ground.folder)
        known = registry.find(wanted.name)
        fresh = renewed or known is None
        password = secrets.token_urlsafe(24) if fresh else ""
        principal = wanted.model_copy(update={"password": accounts.hashed(password) if fresh else _held(known)})
        registry = registry.put(principal)
        for source in sources:
            registry = registry.register(source, principal.name)
        values = await _prepared(ground, principal, registry, password=password if fresh else None)
        if principal.kind == "platform":
            async with connected(ground.bus) as bus:
                await consumers.make_consumer(bus, principal)
        if values is not None:
            credentials.write(ground.folder, principal, values)
        in_force = _written(ground, registry)
        there = credentials.file_of(ground.folder, principal.name)
        return Granted(principal, there if there.exists() else None, in_force)


async def revoke(ground: Ground, principal: Principal) -> bool:
    """Take access away; answers whether the server knows. A service's tables and the log stay."""
    with registries.alone(ground.folder):
        registry = registries.read(ground.folder)
        in_force = _written(ground, registry.without(principal.name))
        credentials.remove(ground.folder, principal.name)
        if principal.kind == "platform":
            async with connected(ground.bus) as bus:
                await consumers.drop_consumer(bus, principal.name)
        if principal.role is not None:
            await roles.drop_role(_postgres(ground), principal.role)
        return in_force


async def applied(ground: Ground) -> Registry:
    """Make everything again from the registry, as after an upgrade that knows more types; passwords stay."""
    with registries.alone(ground.folder):
        registry = registries.read(ground.folder)
        platforms = [one for one in registry.principals if one.kind == "platform"]
        if platforms:
            async with connected(ground.bus) as bus:
                for one in platforms:
                    await consumers.make_consumer(bus, one)
        _written(ground, registry)
        return registry


async def embedded(ground: Ground, owner: tuple[str, str], services: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """See to it that embedded servers know their owner, and each service as itself; answers services' environments."""
    if ground.postgres is None:
        raise LookupError("embedded servers come as a pair")
    with registries.alone(ground.folder):
        registry = registries.read(ground.folder)
        user, password = owner
        if registry.owner is None or not accounts.is_of(password, registry.owner.password):
            made = Owner(user=user, password=accounts.hashed(password))
            registry = registry.model_copy(update={"owner": made})
        for name in services:
            if registry.find(name) is None or credentials.read(ground.folder, name) is None:
                secret = secrets.token_urlsafe(24)
                role = roles.role_of(name)
                one = Principal(kind="service", name=name, password=accounts.hashed(secret), role=role)
                registry = registry.put(one)
                values = await _prepared(ground, one, registry, password=secret)
                credentials.write(ground.folder, one, values or {})
        for one in registry.principals:
            # The port of an embedded server may be another than last time.
            credentials.change(ground.folder, one, {"RUCHE_NATS_URL": ground.bus.nats_url})
        _written(ground, registry)
        return {name: credentials.read(ground.folder, name) or {} for name in services}


async def _prepared(
    ground: Ground, principal: Principal, registry: Registry, *, password: str | None
) -> dict[str, str] | None:
    """The credentials to write; None when those there are stay. A service's role is made before."""
    if password is None:
        return None
    values = {
        "RUCHE_NATS_URL": ground.bus.nats_url,
        "RUCHE_NATS_USER": principal.name,
        "RUCHE_NATS_PASSWORD": password,
    }
    if principal.role is not None:
        secret = secrets.token_urlsafe(24)
        dsn = _postgres(ground)
        await roles.make_role(dsn, principal.role, principal.name, secret)
        values["RUCHE_POSTGRES_DSN"] = roles.as_role(dsn, principal.role, secret)
        values[SECRET_VARIABLE] = os.environ.get(SECRET_VARIABLE) or kept(
            ground.folder / SECRET.name, lambda: secrets.token_urlsafe(24)
        )
    return {**values, **_publishers(principal, registry)}


def _publishers(principal: Principal, registry: Registry) -> dict[str, str]:
    if principal.kind != "service" or not registry.publishers:
        return {}
    return {"RUCHE_PUBLISHERS": orjson.dumps(dict(registry.publishers), option=orjson.OPT_SORT_KEYS).decode()}


def _written(ground: Ground, registry: Registry) -> bool:
    """Keep the registry and all that is made from it; answers whether a server has read it."""
    for one in registry.principals:
        if changes := _publishers(one, registry):
            credentials.change(ground.folder, one, changes)
    registries.write(ground.folder, registry)
    file = ground.folder / accounts.FILE
    before = file.read_text() if file.exists() else ""
    accounts.write(ground.folder, registry)
    if ground.server is None:
        return False
    if file.read_text() != before:
        reload(ground.server)
    return True


def _held(known: Principal | None) -> str:
    return known.password if known is not None else ""


def _postgres(ground: Ground) -> str:
    if ground.postgres is None:
        raise Problem(
            "no Postgres to make a role on: start `ruche up`, give --postgres, or set RUCHE_POSTGRES_DSN",
            Code.UNREACHABLE,
        )
    return ground.postgres
