"""Who has access: one file, from which the server's configuration is made. It holds no password, only their hashes."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from contracts.envelope import Slug, Source
from contracts.identity import SERVICES as SERVICE_SOURCES
from contracts.registry import RESERVED, SERVICES
from ruche.access import rights
from ruche.access.rights import Kind, Rights
from ruche.exits import Code, Problem
from ruche.servers.child import write_private

FILE = "access.json"
_LOCK = "access.lock"
_SOURCE: TypeAdapter[str] = TypeAdapter(Source)


class Owner(BaseModel):
    """The user of embedded servers: whoever may read the data folder may do everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: Slug
    password: str


class Principal(BaseModel):
    """Somebody with access.

    Attributes:
        password: its bcrypt hash.
        communities: of a platform, or of an operator who speaks to these alone.
        receives: the types of decisions that a platform's consumer holds for it.
        role: a service's role in Postgres.
        keeper: an operator who may do everything to the log.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    name: Slug
    password: str
    communities: tuple[Slug, ...] = ()
    receives: tuple[str, ...] = ()
    role: str | None = None
    keeper: bool = False


class Registry(BaseModel):
    """Everybody with access, in order of names.

    `publishers` are sources registered to a platform whose name is not their last part. They outlive it: a log must
    read the same for ever.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    owner: Owner | None = None
    principals: tuple[Principal, ...] = ()
    publishers: Mapping[Source, Slug] = {}

    def find(self, name: str) -> Principal | None:
        """Who is called so."""
        return next((one for one in self.principals if one.name == name), None)

    def named(self, name: str, kind: Kind | None = None) -> Principal:
        """Who is called so; `Problem` when nobody (of that kind) is."""
        found = self.find(name)
        if found is None or kind not in {None, found.kind}:
            there = ", ".join(one.name for one in self.principals if kind in {None, one.kind}) or "nobody yet"
            raise Problem(f"no {kind or 'user'} is called {name}; there is: {there}", Code.USAGE)
        return found

    def put(self, principal: Principal) -> Self:
        """The registry with somebody new, or changed. `Problem` when the name cannot be, or is somebody else's."""
        _expect_fitting(principal)
        known = self.find(principal.name)
        if known is not None and known.kind != principal.kind:
            raise Problem(f"{principal.name} is the name of a {known.kind} already: choose another", Code.USAGE)
        if self.owner is not None and principal.name == self.owner.user:
            raise Problem(f"{principal.name} is the owner of this data folder: choose another name", Code.USAGE)
        others = tuple(one for one in self.principals if one.name != principal.name)
        ordered = sorted((*others, principal), key=lambda one: one.name)
        return self.model_copy(update={"principals": tuple(ordered)})

    def without(self, name: str) -> Self:
        """The registry without somebody."""
        return self.model_copy(update={"principals": tuple(one for one in self.principals if one.name != name)})

    def register(self, source: str, name: str) -> Self:
        """The registry with a source that is a platform's. `Problem` when it is somebody else's."""
        last = source.rstrip("/").rpartition("/")[2]
        holder = self.publishers.get(source)
        if holder is None and last != name and (last in RESERVED or source.startswith(SERVICE_SOURCES)):
            holder = last
        if holder is None and last != name and self.find(last) is not None:
            holder = last
        if holder not in {None, name}:
            raise Problem(f"{source} belongs to {holder}: it cannot be {name}'s", Code.USAGE)
        try:
            found = _SOURCE.validate_python(source)
        except ValidationError:
            raise Problem(f"{source!r} is no source: 1 to 256 visible characters without a space", Code.USAGE) from None
        return self.model_copy(update={"publishers": {**self.publishers, found: name}})

    def rights(self, principal: Principal) -> Rights:
        """What somebody may do."""
        match principal.kind:
            case "service":
                return rights.of_service(principal.name, self._operators())
            case "platform":
                return rights.of_platform(principal.name, principal.communities)
            case "operator" if principal.keeper:
                return rights.of_keeper(principal.name)
            case "operator" if principal.communities:
                return rights.of_manager(principal.name, principal.communities)
            case "operator":
                return rights.of_operator(principal.name)

    def _operators(self) -> list[str]:
        """Who may ask services something."""
        own = [self.owner.user] if self.owner is not None else []
        asking = [one.name for one in self.principals if one.kind == "operator" and not one.communities]
        return own + asking


def _expect_fitting(principal: Principal) -> None:
    name, kind = principal.name, principal.kind
    if kind == "service" and name not in SERVICES:
        raise Problem(f"no service is called {name}: they are {', '.join(SERVICES)}", Code.USAGE)
    if kind != "service" and name in RESERVED:
        raise Problem(f"{name} is a reserved name on the bus: choose another", Code.USAGE)
    if kind == "platform" and not principal.communities:
        raise Problem("a platform speaks for communities: name each with --community", Code.USAGE)


def read(folder: Path) -> Registry:
    """The registry of a folder; empty when there is none. `Problem` when the file is not one."""
    file = folder / FILE
    try:
        return Registry.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return Registry()
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}", Code.USAGE) from None
    except ValidationError as error:
        places = "; ".join(
            f"{'.'.join(map(str, line['loc'])) or 'the file'}: {line['msg']}"
            for line in error.errors(include_input=False)
        )
        raise Problem(f"{file} is no registry of access: {places}", Code.USAGE) from None


def write(folder: Path, registry: Registry) -> None:
    """Keep a registry, for the folder's owner alone."""
    write_private(folder / FILE, registry.model_dump_json(indent=1) + "\n")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else changes access in this folder meanwhile."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
