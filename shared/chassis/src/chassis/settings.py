"""What a deployment says to a service: by environment, once, at the start. `docs/settings.md` is made from it."""

import os
import re
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, IPvAnyAddress, SecretStr, TypeAdapter, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.clock import ReplayClock
from chassis.forgetting import EMBEDDED_SECRET
from contracts.envelope import Slug, Source

PREFIX = "RUCHE_"
_ADDRESS: TypeAdapter[Any] = TypeAdapter(IPvAnyAddress)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class BadSettings(Exception):  # noqa: N818 - named for what is wrong, like the errors of the contracts
    """The environment lacks a setting, or has one that cannot be. Its text names each, and never a value."""


def _servers(text: str) -> str:
    for server in text.split(","):
        parts = urlsplit(server.strip())
        if parts.scheme not in {"nats", "tls", "ws", "wss"} or not parts.hostname:
            raise ValueError("wants addresses like nats://host:4222, parted by commas")
        if parts.username is not None or parts.password is not None:
            raise ValueError(
                f"wants no password inside: {PREFIX}NATS_USER and {PREFIX}NATS_PASSWORD keep it out of logs"
            )
    return text


def _dsn(secret: SecretStr) -> SecretStr:
    if urlsplit(secret.get_secret_value()).scheme not in {"postgres", "postgresql"}:
        raise ValueError("wants an address like postgresql://role:password@host:5432/database")
    return secret


def _host(text: str) -> str:
    if text != "localhost":
        try:
            _ADDRESS.validate_python(text)
        except ValidationError:
            raise ValueError("wants an address of this machine, such as 127.0.0.1 or 0.0.0.0") from None
    return text


def _clock(text: str | None) -> str | None:
    if text is not None:
        try:
            ReplayClock.told(text)
        except ValueError:
            raise ValueError(
                "wants two instants and a speed, as 2026-03-02T09:00:00Z/2026-11-20T12:00:00Z/60"
            ) from None
    return text


class Settings(BaseSettings):
    """The settings of one service. Every process of a deployment may be given the same ones."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    nats_url: Annotated[str, AfterValidator(_servers)] = Field(
        description="Addresses of the NATS servers, parted by commas, as nats://host:4222."
    )
    nats_user: str | None = Field(
        None,
        description=(
            "The service's own NATS user, as `ruche access` makes it; may stand in the address instead. Answers to it"
            " arrive under `_INBOX_<user>`."
        ),
    )
    nats_password: SecretStr | None = Field(None, description="The password of that user.")
    nats_ca: Path | None = Field(None, description="The authority that signed the servers' certificates, as PEM.")
    postgres_dsn: Annotated[SecretStr, AfterValidator(_dsn)] = Field(
        description="Address of the database, with the service's own role. The schema is the service's name."
    )
    postgres_pool_size: int = Field(
        4, ge=2, le=50, description="Connections that the service keeps to Postgres, besides one for its leases."
    )
    deployment_secret: SecretStr | None = Field(
        None,
        description=(
            "The same for all services of a deployment, at least 16 characters: message ids are derived under it, so"
            " that nobody else can occupy one. Needed unless the servers are embedded."
        ),
    )
    erasure_secret: SecretStr | None = Field(
        None,
        description=(
            "Under it those who were erased have no name; the same for all services, for ever. The deployment secret"
            " unless given: give this the old one before that is changed."
        ),
    )
    embedded: bool = Field(False, description="The servers are those of `ruche up`, on this machine alone.")
    publishers: Mapping[Source, Slug] = Field(
        default_factory=dict,
        description=(
            'Publisher tokens by `source`, as JSON (`{"https://forum.example/": "discourse"}`), for sources whose last'
            " path segment is not their publisher's token."
        ),
    )
    conducted: bool = Field(
        False,
        description="A conductor gives the turns (demo, tests): the service reads when told to, and publishes no tick.",
    )
    replay_clock: Annotated[str | None, AfterValidator(_clock)] = Field(
        None,
        description="What `ruche replay --on-bus` gives the services it starts: `<start>/<wall>/<speed>`, two instants"
        " and how many times as fast as the wall time runs; 0: it stands.",
    )
    replica: str = Field(
        default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}",
        description="How this process is called where leases are kept; host name and process id unless given.",
    )
    batch_size: int = Field(500, ge=1, le=1000, description="At most so many events in one transaction.")
    lease_seconds: float = Field(
        6,
        ge=1,
        le=60,
        description="A replica that is not heard of for so long loses its partitions; renewed thrice in that.",
    )
    heartbeat_seconds: float = Field(
        5, ge=0.5, le=60, description="The log gives a sign of life so often; two missed ones make a new reader."
    )
    stall_seconds: float = Field(
        30, ge=1, description="Not ready when a partition that has something to read has not advanced for so long."
    )
    outbox_age_seconds: float = Field(
        30, ge=1, description="Not ready when a decision has waited for so long to reach the log."
    )
    breaker_failures: int = Field(
        10, ge=1, description="So many failures of rules in the last breaker_events events of a partition stop it."
    )
    breaker_events: int = Field(1000, ge=1, description="The window of the breaker, in events of a partition.")
    said_kept: int = Field(
        5000,
        ge=0,
        le=1_000_000,
        description="So many decisions of each partition stay in Postgres after they reached the log:"
        " `ruche log verify` holds the log against them, `ruche log repair` mends it from them.",
    )
    publish_seconds: float = Field(
        5, gt=0, le=120, description="How long a publish waits for its acknowledgement before it is tried again."
    )
    stop_seconds: float = Field(
        10, gt=0, description="How long a graceful stop may take: finish the batch, hand the leases over."
    )
    http_host: Annotated[str, AfterValidator(_host)] = Field(
        "127.0.0.1", description="Where /healthz, /readyz, /metrics, /asyncapi and a service's pages listen."
    )
    http_port: int = Field(8080, ge=1, le=65535, description="The port of the same.")
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="`json` for machines, `console` for people, `auto`: console on a terminal, else json."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")

    @model_validator(mode="before")
    @classmethod
    def _user_apart(cls, given: Any) -> Any:
        """A user and password inside the addresses are taken out of them: an address may be logged."""
        if not isinstance(given, dict) or not isinstance(given.get("nats_url"), str):
            return given
        addresses, inside = [], set()
        for address in given["nats_url"].split(","):
            parts = urlsplit(address.strip())
            user, _, place = parts.netloc.rpartition("@")
            if user:
                inside.add(user)
            addresses.append(parts._replace(netloc=place).geturl())
        if not inside:
            return given
        if len(inside) > 1:
            raise ValueError(f"{PREFIX}NATS_URL has more than one user: a service is one user on all servers")
        user, _, password = inside.pop().partition(":")
        apart = {"nats_user": unquote(user), "nats_password": unquote(password)}
        return {**apart, **given, "nats_url": ",".join(addresses)}

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if (self.nats_user is None) != (self.nats_password is None):
            raise ValueError(f"{PREFIX}NATS_USER and {PREFIX}NATS_PASSWORD go together")
        if self.deployment_secret is None:
            if not self.embedded:
                raise ValueError(
                    f"{PREFIX}DEPLOYMENT_SECRET is missing: give every service the same 16 random characters"
                )
        elif len(self.deployment_secret.get_secret_value()) < 16:
            raise ValueError(f"{PREFIX}DEPLOYMENT_SECRET is too short: at least 16 characters")
        return self

    @property
    def secret(self) -> bytes:
        """The deployment secret, for message ids. Never log it."""
        given = self.deployment_secret
        return EMBEDDED_SECRET if given is None else given.get_secret_value().encode()

    def inbox_prefix(self, name: str) -> str:
        """Where answers to this process arrive: under its user, whose permissions name it, else under `name`."""
        own = self.nats_user is not None and _TOKEN.fullmatch(self.nats_user)
        return f"_INBOX_{self.nats_user if own else name}"

    @property
    def names_secret(self) -> bytes:
        """The secret under which those who were erased have no name. Never log it."""
        return self.secret if self.erasure_secret is None else self.erasure_secret.get_secret_value().encode()

    def nats_options(self, name: str) -> dict[str, Any]:
        """What `nats.connect` wants for a service: it reconnects for ever, under an inbox prefix of its own.

        A broken connection is noticed within two pings; nats-py's own defaults give up after two minutes, and
        notice after four.
        """
        options: dict[str, Any] = {
            "servers": [server.strip() for server in self.nats_url.split(",")],
            "name": name,
            "inbox_prefix": self.inbox_prefix(name).encode(),
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": 0.5,
            "ping_interval": 15,
            "max_outstanding_pings": 2,
        }
        if self.nats_user is not None and self.nats_password is not None:
            options |= {"user": self.nats_user, "password": self.nats_password.get_secret_value()}
        if self.nats_ca is not None:
            options["tls"] = ssl.create_default_context(cafile=str(self.nats_ca))
        return options


def load_settings(**given: Any) -> Settings:
    """The settings of this process: what is given, then the environment. Raises `BadSettings`."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BadSettings("\n".join(_complaint(line) for line in error.errors(include_input=False))) from None


def _complaint(error: Mapping[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if not error["loc"]:
        return message
    name = f"{PREFIX}{str(error['loc'][0]).upper()}"
    if error["type"] == "missing":
        field = Settings.model_fields[str(error["loc"][0])]
        return f"{name} is missing: {field.description}"
    return f"{name} {message[0].lower()}{message[1:]}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    if field.default is PydanticUndefined or field.default is None:
        return ""
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"


def settings_page(model: type[BaseSettings] = Settings) -> str:
    """`docs/settings.md`: every variable, its default, what it does."""
    prefix = model.model_config.get("env_prefix", PREFIX)
    lines = [
        "# Settings",
        "",
        "Every service reads these environment variables once, when it starts. Generated: `make docs`.",
        "",
        "| Variable | Default | What it does |",
        "|---|---|---|",
    ]
    for name, field in model.model_fields.items():
        text = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{prefix}{name.upper()}` | {_default(field)} | {text} |")
    return "\n".join(lines) + "\n"
