"""Postgres roles: one for each service, owner of the service's schema, without a right on anything else."""

import hmac
import re
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import pbkdf2_hmac, sha256
from urllib.parse import quote, urlsplit

import asyncpg

from ruche.connection import CONNECT_SECONDS
from ruche.exits import Code, Problem

PREFIX = "ruche_"
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
_ITERATIONS = 4096
"""As Postgres itself has it. The password is random: nobody finds it by trying."""
_RIGHTS = "login nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls"
_OBJECTS = (
    "select format('alter %s %s owner to %I', case relkind when 'S' then 'sequence' when 'v' then 'view'"
    " when 'm' then 'materialized view' else 'table' end, c.oid::regclass, $2::text) from pg_class c"
    " where relnamespace = quote_ident($1)::regnamespace and relkind in ('r', 'p', 'S', 'v', 'm', 'f')"
    " and pg_get_userbyid(relowner) <> $2"
    # A sequence that belongs to a column goes with its table.
    " and not exists (select from pg_depend where objid = c.oid and relkind = 'S' and deptype in ('a', 'i'))"
)


def role_of(service: str) -> str:
    """What a service's role is called unless another name is given."""
    return PREFIX + service.replace("-", "_")


def expect_role(name: str) -> str:
    """A role's name, as it is; `Problem` for what needs quotes or is no name."""
    if not _ROLE.fullmatch(name) or name.startswith("pg_"):
        raise Problem(f"{name!r} is no name for a role: a-z, 0-9 and _, as {role_of('support')}", Code.USAGE)
    return name


def as_role(dsn: str, role: str, password: str) -> str:
    """The address of the same database for a role."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(role)}:{quote(password)}@{place}").geturl()


def verifier(password: str, salt: bytes | None = None) -> str:
    """What Postgres keeps of a password (SCRAM-SHA-256), so that no statement, and so no log, holds the password."""
    salt = salt if salt is not None else secrets.token_bytes(16)
    salted = pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(server)}"


async def make_role(dsn: str, role: str, schema: str, password: str) -> None:
    """See to it that a role may log in with a password, owns its schema and all in it, and may do nothing else."""
    async with _administrator(dsn) as connection, connection.transaction():
        known = await connection.fetchval("select true from pg_roles where rolname = $1", role)
        verb = "alter" if known else "create"
        await connection.execute(f"{verb} role {role} {_RIGHTS} password '{verifier(password)}'")
        me = await connection.fetchval("select current_user")
        if not await connection.fetchval("select pg_has_role($1, 'member')", role):
            await connection.execute(f'grant {role} to "{me}"')
        await connection.execute(f'create schema if not exists "{schema}" authorization {role}')
        await connection.execute(f'alter schema "{schema}" owner to {role}')
        for statement in await connection.fetch(_OBJECTS, schema, role):
            await connection.execute(statement[0])
        await connection.execute(f'revoke all on schema "{schema}" from public')


async def drop_role(dsn: str, role: str) -> None:
    """Take a role away. What it owned passes to whoever asks for it: no row is lost."""
    async with _administrator(dsn) as connection, connection.transaction():
        if await connection.fetchval("select true from pg_roles where rolname = $1", role):
            await connection.execute(f"reassign owned by {role} to current_user")
            await connection.execute(f"drop owned by {role}")
            await connection.execute(f"drop role {role}")


@asynccontextmanager
async def _administrator(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    where = urlsplit(dsn).hostname or "its socket"
    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # The address holds a password: only its host is said.
        raise Problem(f"Postgres at {where} cannot be reached: {error}", Code.UNREACHABLE) from None
    try:
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise Problem(
            f"Postgres at {where} says no: {error}; give --postgres an address whose user may create roles"
        ) from None
    except asyncpg.PostgresError as error:
        raise Problem(f"Postgres at {where} says no: {error}") from None
    finally:
        await connection.close()


def _text(value: bytes) -> str:
    return b64encode(value).decode()
