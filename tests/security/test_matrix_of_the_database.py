"""Every service's role against every service's schema, and against the database around them, on the real Postgres."""

from base64 import b64decode
from collections.abc import Iterator
from secrets import token_hex
from urllib.parse import urlsplit

import asyncpg
import pytest

import servers
from chassis.migrate import migrated
from contracts.registry import SERVICES
from recorded import installed
from ruche.access import roles
from ruche.exits import Problem

DENIED = asyncpg.InsufficientPrivilegeError
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
OUTSIDE = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_%'"


class Divided:
    """A database with a role and a migrated schema for each service."""

    def __init__(self, admin: str) -> None:
        self.admin = admin
        self.administrator = urlsplit(admin).username
        self.mark = token_hex(4)
        self.passwords = {service: token_hex(8) for service in SERVICES}

    def role(self, service: str) -> str:
        return f"r{self.mark}_{service}"

    def dsn(self, service: str) -> str:
        return roles.as_role(self.admin, self.role(service), self.passwords[service])

    async def divide(self) -> None:
        for service in installed():
            await roles.make_role(self.admin, self.role(service.name), service.name, self.passwords[service.name])
            await migrated(service, self.admin)

    async def unite(self) -> None:
        for service in SERVICES:
            await roles.drop_role(self.admin, self.role(service))


@pytest.fixture(scope="module")
def divided(postgres_admin: str) -> Iterator[Divided]:
    with servers.database(postgres_admin) as dsn:
        there = Divided(dsn)
        servers.run(there.divide)
        try:
            yield there
        finally:
            servers.run(there.unite)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_owns_every_table_of_its_schema_and_no_other(divided, service):
    connection = await asyncpg.connect(divided.admin)
    owned = await connection.fetch(
        "select schemaname, count(*) from pg_tables where tableowner = $1 group by 1", divided.role(service)
    )
    all_of_it = await connection.fetchval("select count(*) from pg_tables where schemaname = $1", service)
    await connection.close()
    assert [tuple(row) for row in owned] == [(service, all_of_it)]
    assert all_of_it > 10


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_has_no_right_on_anything_outside_its_schema(divided, service):
    connection = await asyncpg.connect(divided.admin)
    role = divided.role(service)
    tables = await connection.fetch(
        "select n.nspname, c.relname, p from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        f" cross join unnest($2::text[]) p where c.relkind in ('r', 'p', 'v', 'm', 'f') and {OUTSIDE}"
        " and n.nspname <> $3 and has_table_privilege($1, c.oid, p)",
        role,
        list(PRIVILEGES),
        service,
    )
    schemas = await connection.fetch(
        f"select nspname from pg_namespace n where {OUTSIDE} and nspname not in ($2, 'public')"
        " and (has_schema_privilege($1, oid, 'USAGE') or has_schema_privilege($1, oid, 'CREATE'))",
        role,
        service,
    )
    can_make = await connection.fetchrow(
        "select has_schema_privilege($1, 'public', 'CREATE'), has_database_privilege($1, current_database(), 'CREATE'),"
        " rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls from pg_roles where rolname = $1",
        role,
    )
    member_of = await connection.fetchval("select count(*) from pg_auth_members where member = $1::regrole", role)
    await connection.close()
    assert (tables, schemas, tuple(can_make), member_of) == ([], [], (False, False, False), 0)


@pytest.mark.parametrize("other", SERVICES)
@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_does_what_it_likes_in_its_own_schema_and_nothing_in_anothers(divided, service, other):
    statements = (
        f"select * from {other}.person limit 1",
        f"insert into {other}.replica values ('x', now())",
        f"update {other}.cursor set seq = 0",
        f"delete from {other}.dead_letter",
        f"truncate {other}.outbox_log",
        f"create table {other}.mine ()",
        f"create view pg_temp.window_{other} as select * from {other}.person; select * from pg_temp.window_{other}",
        f"alter table {other}.person add column mine text",
        f"lock table {other}.person",
        f"comment on table {other}.person is 'mine'",
        f"drop table {other}.person cascade",
        f"drop schema {other} cascade",
    )
    connection = await asyncpg.connect(divided.dsn(service))
    try:
        for statement in statements:
            transaction = connection.transaction()
            await transaction.start()
            if service == other:
                await connection.execute(statement)
            else:
                with pytest.raises(DENIED):
                    await connection.execute(statement)
            await transaction.rollback()
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_makes_and_becomes_nobody_and_reads_no_file(divided, service):
    others = [one for one in SERVICES if one != service]
    statements = (
        "create schema mine",
        "create table public.mine ()",
        "create database mine",
        "create role mine",
        f"set role {divided.role(others[0])}",
        f"set role {divided.administrator}",
        f"set session authorization {divided.administrator}",
        f"alter role {divided.role(others[0])} password 'x'",
        f"alter role {divided.role(service)} superuser",
        f"alter role {divided.role(service)} createrole",
        f"drop role {divided.role(others[0])}",
        f"grant {divided.role(others[0])} to {divided.role(service)}",
        f"grant usage on schema {others[0]} to {divided.role(service)}",
        f"alter schema {others[0]} owner to {divided.role(service)}",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to '/tmp/mine'",
        "copy (select 1) to program 'true'",
        "select * from pg_authid",
        "alter system set log_statement = 'all'",
        "load '/tmp/mine'",
        "create table mine_everywhere (like pg_authid)",
    )
    connection = await asyncpg.connect(divided.dsn(service))
    try:
        for statement in statements:
            with pytest.raises((DENIED, asyncpg.InvalidSchemaNameError)):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_password_reaches_postgres_only_as_its_verifier(divided):
    connection = await asyncpg.connect(divided.admin)
    kept = await connection.fetchval("select rolpassword from pg_authid where rolname = $1", divided.role("support"))
    await connection.close()

    iterations, _, salt = kept.split("$")[1].partition(":")
    assert iterations == "4096"
    assert kept == roles.verifier(divided.passwords["support"], b64decode(salt))
    assert divided.passwords["support"] not in kept


async def test_a_role_taken_away_leaves_its_rows_to_whoever_took_it(postgres):
    role = f"r{token_hex(4)}_gone"
    await roles.make_role(postgres, role, "support", "x")
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"set role {role}; create table support.kept as select 7 as n; reset role")

    await roles.drop_role(postgres, role)

    assert await connection.fetchval("select n from support.kept") == 7
    assert await connection.fetchval("select tableowner = current_user from pg_tables where tablename = 'kept'") is True
    assert await connection.fetchval("select true from pg_roles where rolname = $1", role) is None
    await connection.close()


async def test_tables_that_were_there_before_pass_to_the_role(postgres):
    service = next(one for one in installed() if one.name == "support")
    role = f"r{token_hex(4)}_later"
    await migrated(service, postgres)
    await roles.make_role(postgres, role, "support", "x")
    connection = await asyncpg.connect(postgres)
    owners = await connection.fetch("select distinct tableowner from pg_tables where schemaname = 'support'")
    await connection.close()
    assert await migrated(service, roles.as_role(postgres, role, "x")) == []
    await roles.drop_role(postgres, role)
    assert [row[0] for row in owners] == [role]


@pytest.mark.parametrize("name", ["", "pg_mine", "Mine", 'a"b', "a b", "a;b", "é", "x" * 64])
def test_a_name_that_would_need_quotes_is_refused(name):
    with pytest.raises(Problem, match="no name for a role"):
        roles.expect_role(name)


async def test_a_server_that_is_away_is_said_without_its_password():
    with pytest.raises(Problem) as caught:
        await roles.make_role("postgresql://a:pass-word@127.0.0.1:1/x", "r", "support", "x")
    assert "127.0.0.1" in str(caught.value)
    assert "pass-word" not in str(caught.value)
