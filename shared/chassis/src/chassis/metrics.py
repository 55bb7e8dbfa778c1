"""What a service counts about itself, for Prometheus. Labels are partitions and kinds, never a community."""

from contextlib import suppress
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
_NAMESPACE = "ruche"
Outcome = Literal["applied", "skipped", "duplicate", "refused", "failed"]
"""What became of an event that was read: folded; of no concern to this service; seen already; a dead letter; a rule
raised on it."""

_BATCH_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_DELAY_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.5, 10, 60, 600)


class Metrics:
    """The figures of one service in one process. Every method is cheap, and none can fail.

    The runner calls, per committed batch: `batch`, `events` (once per outcome that occurred), `decided` (per type),
    `lettered` (per kind), `cursor`, `lag`; when it changes: `outbox`, `leases`, `breaker`; when it happens: `ticked`,
    `published`, `reconnected`.
    """

    def __init__(self, service: str, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry if registry is not None else CollectorRegistry()
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series beside each counter, which nobody plots
        if registry is None:
            ProcessCollector(registry=self.registry)
            PlatformCollector(registry=self.registry)
            GCCollector(registry=self.registry)
        self._service = service
        self._events = self._counter("events", "Events read from the log.", "partition", "outcome")
        self._decisions = self._counter("decisions", "Decisions committed.", "type")
        self._letters = self._counter("letters", "Dead letters written.", "kind")
        self._published = self._counter("published", "Decisions acknowledged by the log.")
        self._occupied = self._counter("occupied_ids", "Message ids that somebody else had taken.")
        self._ticks = self._counter("ticks", "Ticks of the clock published.")
        self._reconnects = self._counter("reconnects", "Connections found again.", "server")
        self._takeovers = self._counter("takeovers", "Partitions taken over.")
        self._seconds = self._histogram("batch_seconds", "From the first event read to the commit.", _BATCH_SECONDS)
        self._delay = self._histogram(
            "delay_seconds", "From the log's timestamp of a batch's oldest event to its commit.", _DELAY_SECONDS
        )
        self._cursor = self._gauge("cursor", "Last sequence of the log that is committed.", "partition")
        self._lag = self._gauge("lag_events", "Events of the log not read yet.", "partition")
        self._held = self._gauge("held_rows", "Rows of communities held in memory.", "partition")
        self._outbox_rows = self._gauge("outbox_rows", "Decisions on their way to the log.")
        self._outbox_age = self._gauge("outbox_age_seconds", "How long the oldest of them waits.")
        self._leases = self._gauge("leases", "Partitions held by this replica.")
        self._breaker = self._gauge("breaker_open", "1 while failures of rules keep a partition stopped.", "partition")
        self._paused = self._gauge("paused", "1 while an operator keeps the service paused.")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, ("service", *labels), namespace=_NAMESPACE, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, ("service", *labels), namespace=_NAMESPACE, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, text, ("service",), namespace=_NAMESPACE, registry=self.registry, buckets=buckets)

    def events(self, partition: int, outcome: Outcome, count: int = 1) -> None:
        """So many events of a partition had this outcome."""
        self._events.labels(self._service, str(partition), outcome).inc(count)

    def decided(self, event_type: str, count: int = 1) -> None:
        """Decisions of a type were committed."""
        self._decisions.labels(self._service, event_type).inc(count)

    def lettered(self, kind: str, count: int = 1) -> None:
        """Dead letters of a kind were written."""
        self._letters.labels(self._service, kind).inc(count)

    def published(self, count: int = 1) -> None:
        """The log acknowledged decisions."""
        self._published.labels(self._service).inc(count)

    def occupied(self) -> None:
        """A message id of ours was taken by a message that is not ours."""
        self._occupied.labels(self._service).inc()

    def ticked(self, count: int = 1) -> None:
        """Ticks were published."""
        self._ticks.labels(self._service).inc(count)

    def reconnected(self, server: Literal["nats", "postgres"]) -> None:
        """A lost connection is there again."""
        self._reconnects.labels(self._service, server).inc()

    def took_over(self) -> None:
        """A partition came to this replica."""
        self._takeovers.labels(self._service).inc()

    def batch(self, seconds: float, delay_seconds: float | None = None) -> None:
        """A batch was committed: how long it took, and how old its oldest event was by then."""
        self._seconds.labels(self._service).observe(seconds)
        if delay_seconds is not None:
            self._delay.labels(self._service).observe(max(0.0, delay_seconds))

    def cursor(self, partition: int, seq: int) -> None:
        """The cursor of a partition stands here."""
        self._cursor.labels(self._service, str(partition)).set(seq)

    def lag(self, partition: int, events: int) -> None:
        """So much of a partition is not read yet."""
        self._lag.labels(self._service, str(partition)).set(events)

    def held(self, partition: int, rows: int) -> None:
        """So many rows and deadlines of a partition's communities are in memory."""
        self._held.labels(self._service, str(partition)).set(rows)

    def outbox(self, rows: int, age_seconds: float) -> None:
        """What waits to be published."""
        self._outbox_rows.labels(self._service).set(rows)
        self._outbox_age.labels(self._service).set(age_seconds)

    def leases(self, count: int) -> None:
        """Partitions held now."""
        self._leases.labels(self._service).set(count)

    def lost(self, partition: int) -> None:
        """A partition is somebody else's now: its figures end here."""
        for gauge in (self._cursor, self._lag, self._held, self._breaker):
            with suppress(KeyError):
                gauge.remove(self._service, str(partition))

    def breaker(self, partition: int, *, is_open: bool) -> None:
        """The breaker of a partition."""
        self._breaker.labels(self._service, str(partition)).set(int(is_open))

    def paused(self, *, is_paused: bool) -> None:
        """An operator's pause."""
        self._paused.labels(self._service).set(int(is_paused))

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)
