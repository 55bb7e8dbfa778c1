"""A service as a process: the runner inside, FastStream around it for operators, HTTP for probes and Prometheus."""

import asyncio
import contextlib
import logging as stdlib_logging
import signal
import sys
from collections.abc import AsyncIterator
from functools import cache
from http import HTTPStatus
from typing import Any, Protocol

import orjson
import uvicorn
from faststream.asgi import AsgiFastStream, AsgiResponse, get
from faststream.asgi.types import Scope
from faststream.nats import NatsBroker
from faststream.security import BaseSecurity, SASLPlaintext

from chassis import collector
from chassis.asyncapi import asyncapi_document
from chassis.logging import configure_logging, get_logger
from chassis.metrics import CONTENT_TYPE, Metrics
from chassis.operations import Operated, answer_requests, failures
from chassis.pages import Reader, Shown, matched
from chassis.runner import Runner
from chassis.service import Service
from chassis.settings import BadSettings, Settings, load_settings
from chassis.showing import Application

STOPPED = 0
FAILED = 1
"""Something that should not happen; the log has its frames."""
BAD_SETTINGS = 2
CANNOT_START = 3
"""The port is taken, the log is not provisioned or the schema not migrated: the last line of the log says which."""

log = get_logger(__name__)


class Running(Operated, Protocol):
    """The runner, as the application sees it."""

    async def start(self) -> None:
        """Connect and begin; returns when the first partitions are held, raises what no waiting will mend."""

    async def stop(self) -> None:
        """Finish the batch, hand the leases over, close."""

    def ready(self) -> tuple[bool, list[str]]:
        """Whether it does its work, and if not, why."""

    def reading(self) -> contextlib.AbstractAsyncContextManager[Reader]:
        """The service's rows, as of one moment."""


class PatientBroker(NatsBroker):
    """A broker that starts in the background and for ever: probes must answer while NATS is still away."""

    _starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        self._starting = asyncio.create_task(super().start(), name="operator requests")
        self._starting.add_done_callback(self._started)

    async def stop(self, *args: Any, **kwargs: Any) -> None:
        """Close, or give up connecting."""
        # One cancellation can be lost: wait_for drops it when a refused connection ends at the same moment.
        while self._starting is not None and not self._starting.done():
            self._starting.cancel()
            await asyncio.wait([self._starting], timeout=0.1)
        await super().stop(*args, **kwargs)

    def missing(self) -> str | None:
        """Why operators' requests are not answered; None when they are."""
        if self._starting is None or not self._starting.done():
            return "operator requests: not connected to NATS yet"
        if self._starting.cancelled() or self._starting.exception() is not None:
            return "operator requests: NATS refused the connection"
        return None

    @staticmethod
    def _started(starting: asyncio.Task[None]) -> None:
        if not starting.cancelled() and (error := starting.exception()) is not None:
            log.error("cannot answer operator requests", exc_info=error)


class Process:
    """One service in one process, and how it ended."""

    def __init__(self, service: Service, settings: Settings, runner: Running, metrics: Metrics) -> None:
        self.broker = _broker(service, settings)
        self.service = service
        self.settings = settings
        self.runner = runner
        self.metrics = metrics
        self.exit_code = STOPPED
        self.started = False
        self.server: uvicorn.Server | None = None

    @contextlib.asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Start the runner beside the HTTP server; stop it gracefully."""
        starting = asyncio.create_task(self._start(), name="start")
        try:
            yield
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            try:
                await asyncio.wait_for(self.runner.stop(), self.settings.stop_seconds)
            except TimeoutError:
                log.warning("stopped before the batch was finished; it will be read again")
            log.info("stopped")

    async def _start(self) -> None:
        try:
            await self.runner.start()
        except Exception as error:
            self.exit_code = CANNOT_START
            log.critical("cannot start", reason=str(error), exc_info=error)
            if self.server is not None:
                self.server.should_exit = True
            return
        self.started = True
        collector.spare()
        log.info("started", replica=self.settings.replica, conducted=self.settings.conducted)

    async def show(self, path: str) -> Shown | None:
        """The page of a path, if the service has one there."""
        found = matched(self.service.pages, path)
        if found is None:
            return None
        page, named = found
        async with self.runner.reading() as reader:
            return await page(reader, named)

    def readiness(self) -> tuple[bool, list[str]]:
        """Whether the service does its work, and if not, why."""
        _, reasons = self.runner.ready()
        if not self.started:
            return False, reasons or ["starting"]
        unheard = self.broker.missing()
        told = [*reasons, *([unheard] if unheard is not None else [])]
        return not told, told


def _json(body: Any, status: HTTPStatus = HTTPStatus.OK, kind: str = "application/json") -> AsgiResponse:
    return AsgiResponse(orjson.dumps(body), status, {"content-type": kind, "cache-control": "no-store"})


def _routes(process: Process) -> list[tuple[str, Any]]:
    @cache
    def document() -> dict[str, Any]:
        # A second's work, and hardly ever asked for: not before it is.
        return asyncapi_document(process.service)

    @get(include_in_schema=False)
    async def healthz(scope: Scope) -> AsgiResponse:  # noqa: ARG001
        return _json({"service": process.service.name, "alive": True})

    @get(include_in_schema=False)
    async def readyz(scope: Scope) -> AsgiResponse:  # noqa: ARG001
        ready, reasons = process.readiness()
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return _json({"service": process.service.name, "ready": ready, "reasons": reasons}, status)

    @get(include_in_schema=False)
    async def metrics(scope: Scope) -> AsgiResponse:  # noqa: ARG001
        return AsgiResponse(process.metrics.text(), HTTPStatus.OK, {"content-type": CONTENT_TYPE})

    @get(include_in_schema=False)
    async def asyncapi(scope: Scope) -> AsgiResponse:  # noqa: ARG001
        return _json(document(), kind="application/vnd.aai.asyncapi+json;version=3.0.0")

    return [("/healthz", healthz), ("/readyz", readyz), ("/metrics", metrics), ("/asyncapi", asyncapi)]


def _broker(service: Service, settings: Settings) -> PatientBroker:
    options = settings.nats_options(service.name)
    user, password, tls = options.pop("user", None), options.pop("password", None), options.pop("tls", None)
    security: BaseSecurity | None = None
    if user is not None and password is not None:
        security = SASLPlaintext(user, password, ssl_context=tls, use_ssl=tls is not None)
    elif tls is not None:
        security = BaseSecurity(ssl_context=tls, use_ssl=True)
    return PatientBroker(
        options.pop("servers"),
        **options,
        security=security,
        middlewares=[failures()],
        logger=stdlib_logging.getLogger("faststream.operations"),
        graceful_timeout=settings.stop_seconds,
    )


def build(service: Service, settings: Settings, runner: Running | None = None) -> tuple[AsgiFastStream, Process]:
    """The application of a service, and the process that watches over it. Nothing connects before it is served."""
    metrics = Metrics(service.name)
    process = Process(service, settings, runner if runner is not None else Runner(service, settings, metrics), metrics)
    answer_requests(process.broker, service.name, settings.replica, process.runner, process.readiness)
    application = Application(
        process.broker,
        asgi_routes=_routes(process),
        lifespan=process.lifespan,
        logger=None,
    )
    application.show = process.show
    return application, process


def application(service: Service, settings: Settings) -> AsgiFastStream:
    """The application of a service, for any ASGI server with a lifespan."""
    return build(service, settings)[0]


class Server(uvicorn.Server):
    """The HTTP server of a service; `exit_code` says how the service ended."""

    def __init__(self, service: Service, settings: Settings, runner: Running | None = None) -> None:
        application_, self.process = build(service, settings, runner)
        super().__init__(
            uvicorn.Config(
                application_,
                host=settings.http_host,
                port=settings.http_port,
                loop="uvloop",
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )
        self.process.server = self

    @property
    def exit_code(self) -> int:
        """0: stopped when asked to."""
        return self.process.exit_code


def main(service: Service) -> int:
    """Run a service until it is told to stop (SIGTERM, SIGINT); answers the exit code of the process."""
    try:
        settings = load_settings()
    except BadSettings as error:
        print(f"{service.name} cannot start: its settings are not right.\n{error}", file=sys.stderr)  # noqa: T201
        return BAD_SETTINGS
    configure_logging(settings, service.name)
    # uvicorn raises the signal again when it has stopped: to have been told to stop is no failure.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    server = Server(service, settings)
    try:
        server.run()
    except SystemExit:
        log.critical("cannot start", reason=f"cannot listen on {settings.http_host}:{settings.http_port}")
        return CANNOT_START
    except Exception:
        log.exception("failed")
        return FAILED
    return server.exit_code
