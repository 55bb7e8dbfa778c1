"""`ruche access`: NATS users and Postgres roles, each with the rights it needs and no other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.registry import DECISIONS, SERVICES
from ruche.access import accounts, registry, rights, roles
from ruche.access.granting import FOLDER, Ground, applied, grant, revoke
from ruche.access.registry import Principal
from ruche.access.rights import Kind
from ruche.connection import (
    ADDRESSES,
    DATA,
    NO_POSTGRES,
    DataFolder,
    NatsAddress,
    PostgresAddress,
    bus_settings,
    find,
    run,
    slug,
)
from ruche.exits import Code, Problem
from ruche.output import note, out, say_json

app = typer.Typer(
    no_args_is_help=True, help="Who may do what: users of NATS, roles of Postgres.", rich_markup_mode=None
)
service = typer.Typer(no_args_is_help=True, help="Services: one user and one role each.", rich_markup_mode=None)
platform = typer.Typer(no_args_is_help=True, help="Platforms: facts in, decisions out.", rich_markup_mode=None)
operator = typer.Typer(no_args_is_help=True, help="Operators: what they say, ask, see.", rich_markup_mode=None)
app.add_typer(service, name="service")
app.add_typer(platform, name="platform")
app.add_typer(operator, name="operator")

Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder", file_okay=False, help=f"Where access is kept; `{FOLDER}` in the data folder unless given."
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called, on the bus too.", callback=slug)]
Communities = Annotated[list[str] | None, typer.Option("--community", "-c", help="One it speaks for; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@service.command("add")
def add_service(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"One of {', '.join(SERVICES)}.")],
    role: Annotated[str | None, typer.Option(help="Its role in Postgres; ruche_NAME unless given.")] = None,
    data: DataFolder = DATA,
    folder: Folder = None,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    as_json: AsJson = False,
) -> None:
    """Give a service a NATS user, and a Postgres role that owns its schema and sees no other."""
    wanted = Principal(kind="service", name=name, password="", role=roles.expect_role(role or roles.role_of(name)))
    _grant(_ground(data, folder, nats, postgres), wanted, as_json=as_json)


@platform.command("add")
def add_platform(
    name: Name,
    community: Communities = None,
    receive: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE",
            help="A decision it receives beside messages, as question.unanswered, or all of an entity, as 'question.*';"
            " may be repeated.",
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="A `source` that is its own and does not end in its name; may be repeated."),
    ] = None,
    data: DataFolder = DATA,
    folder: Folder = None,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Let a platform send facts of its communities, and hold what it receives in a consumer of its own.

    Given again, it changes the communities and types of the platform that there is; its password and place stay.
    """
    decisions = [type_ for own in DECISIONS.values() for type_ in own]
    try:
        receives = rights.received(receive or (), decisions)
    except ValueError as unknown:
        raise Problem(f"{unknown} is no decision: docs/contracts.md has them all", Code.USAGE) from None
    wanted = Principal(kind="platform", name=name, password="", communities=_communities(community), receives=receives)
    for type_ in filter(rights.is_private, receives):
        note(f"{type_} is about people, for humans: {name} receives it because it is named")
    ground = _ground(data, folder, nats, None)
    _grant(ground, wanted, sources=source or (), as_json=as_json)
    if source and not as_json:
        note("services learn of a registered source when they start: restart them with their new credentials")


@operator.command("add")
def add_operator(
    name: Name,
    community: Communities = None,
    keeper: Annotated[
        bool, typer.Option("--keeper", help="May do everything to the log: trim, erase, repair, conduct.")
    ] = False,
    data: DataFolder = DATA,
    folder: Folder = None,
    nats: NatsAddress = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody operate Ruche; with --community, only speak to these: playbook, mute, overrule."""
    if keeper and community:
        raise Problem("a keeper keeps the whole log: leave out --community or --keeper", Code.USAGE)
    wanted = Principal(kind="operator", name=name, password="", communities=_communities(community), keeper=keeper)
    _grant(_ground(data, folder, nats, None), wanted, as_json=as_json)


def _rotate(kind: Kind, family: typer.Typer) -> None:
    @family.command("rotate", help=f"Give a {kind} new passwords: the old ones are worth nothing from then on.")
    def rotate(
        name: Name,
        data: DataFolder = DATA,
        folder: Folder = None,
        nats: NatsAddress = None,
        postgres: PostgresAddress = None,
        as_json: AsJson = False,
    ) -> None:
        ground = _ground(data, folder, nats, postgres)
        _grant(ground, registry.read(ground.folder).named(name, kind), renewed=True, as_json=as_json)


def _remove(kind: Kind, family: typer.Typer) -> None:
    @family.command("remove", help=f"Take a {kind}'s access away; what it wrote stays.")
    def remove(
        name: Name,
        data: DataFolder = DATA,
        folder: Folder = None,
        nats: NatsAddress = None,
        postgres: PostgresAddress = None,
        as_json: AsJson = False,
    ) -> None:
        ground = _ground(data, folder, nats, postgres)
        in_force = run(revoke(ground, registry.read(ground.folder).named(name, kind)))
        if as_json:
            say_json({"name": name, "removed": True, "in_force": in_force})
            return
        out().print(f"{kind} {name} has no access any more")
        _say_force(ground.folder, in_force=in_force)


_FAMILIES: tuple[tuple[Kind, typer.Typer], ...] = (
    ("service", service),
    ("platform", platform),
    ("operator", operator),
)
for _kind, _family in _FAMILIES:
    _rotate(_kind, _family)
    _remove(_kind, _family)


@app.command("list")
def list_everybody(data: DataFolder = DATA, folder: Folder = None, as_json: AsJson = False) -> None:
    """Everybody with access."""
    everybody = registry.read(folder or data / FOLDER).principals
    if as_json:
        say_json([_document(one) for one in everybody])
        return
    if not everybody:
        out().print("nobody has access yet: `ruche access operator add NAME` and the like")
    for one in everybody:
        out().print(f"{one.kind:<9} {one.name:<20} {_summary(one)}")


@app.command("show")
def show(name: Name, data: DataFolder = DATA, folder: Folder = None, as_json: AsJson = False) -> None:
    """All that somebody may do: each subject, and what it is for."""
    found = registry.read(folder or data / FOLDER)
    one = found.named(name)
    allowed = found.rights(one)
    if as_json:
        says = [right._asdict() for right in allowed.says]
        say_json({**_document(one), "says": says, "hears": [right._asdict() for right in allowed.hears]})
        return
    console = out()
    console.print(f"{one.kind} {one.name}: {_summary(one)}")
    for verb, listed in (("says", allowed.says), ("hears", allowed.hears)):
        for right in listed:
            console.print(f"  {verb:<5}  {right.called or right.subject:<64}  {right.why}")
    for type_ in one.receives:
        console.print(f"  {'waits':<5}  {type_:<64}  in its consumer, until acknowledged")


@app.command("apply")
def apply(data: DataFolder = DATA, folder: Folder = None, nats: NatsAddress = None, as_json: AsJson = False) -> None:
    """Make the lists and consumers again from what is kept, as after an upgrade that knows more types."""
    ground = _ground(data, folder, nats, None)
    found = run(applied(ground))
    if as_json:
        say_json({"users": len(found.principals), "in_force": ground.server is not None})
        return
    out().print(f"{len(found.principals)} users, as they are kept")
    _say_force(ground.folder, in_force=ground.server is not None)


def _ground(data: Path, folder: Path | None, nats: str | None, postgres: str | None) -> Ground:
    addresses = find(data, nats, postgres)
    kept = folder or data / FOLDER
    running = (data / ADDRESSES).exists() and kept.resolve() == (data / FOLDER).resolve()
    settings = bus_settings(addresses)
    dsn = addresses.postgres or settings.postgres_dsn.get_secret_value()
    known = None if dsn == NO_POSTGRES else dsn
    return Ground(kept, settings, known, data / "nats" if running else None)


def _communities(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(sorted({name for name in (slug(one) for one in given or ()) if name is not None}))


def _grant(
    ground: Ground, wanted: Principal, *, sources: Sequence[str] = (), renewed: bool = False, as_json: bool
) -> None:
    granted = run(grant(ground, wanted, sources=sources, renewed=renewed))
    one = granted.principal
    if as_json:
        say_json({**_document(one), "credentials": granted.credentials, "in_force": granted.in_force})
        return
    console = out()
    console.print(f"{one.kind} {one.name}: {_summary(one)}")
    if granted.credentials is not None:
        console.print(f"  its credentials: {granted.credentials} (whoever reads them can speak in its name)")
    _say_force(ground.folder, in_force=granted.in_force)


def _say_force(folder: Path, *, in_force: bool) -> None:
    if in_force:
        out().print("  NATS knows")
    else:
        out().print(
            f"  NATS does not know yet: let its configuration include {folder / accounts.FILE}, and have it read that"
            " twice (nats-server --signal reload)"
        )


def _summary(one: Principal) -> str:
    where = ", ".join(one.communities)
    match one.kind:
        case "service":
            return f"its own decisions, the log, the role {one.role}"
        case "platform":
            return f"facts of {where}; receives {', '.join(one.receives)}"
        case "operator" if one.keeper:
            return "everything in the log"
        case "operator":
            return f"speaks to {where}" if where else "speaks to every community, asks services, sees the log"


def _document(one: Principal) -> dict[str, Any]:
    """A principal as JSON, without its password's hash."""
    return one.model_dump(mode="json", exclude={"password"})
