"""Numbers for the operator, in the format of Prometheus.

No label holds anybody's id, a channel's, or a text: only kinds, methods and Slack's own error
codes, of which there are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 3.0)
"""Seconds; Slack waits three for an answer."""


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What waits to be sent, at one moment."""

    lag_seconds: Mapping[str, float]
    """By priority: for how long the oldest row has been due."""

    rows: Mapping[str, int]
    """How many rows there are, by state."""


class Metrics:
    """The meter that is read over HTTP. Safe to use from threads."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._reconnects = Counter(
            "hearth_socket_reconnects", "Times the socket was opened anew", registry=registry
        )
        self._calls = Counter(
            "hearth_slack_calls",
            "Calls to Slack by outcome",
            ["method", "outcome"],
            registry=registry,
        )
        self._limited = Counter(
            "hearth_slack_rate_limited",
            "Calls that Slack put off",
            ["method"],
            registry=registry,
        )
        self._errors = Counter("hearth_errors", "Failures by kind", ["kind"], registry=registry)
        self._refused = Counter(
            "hearth_requests_refused", "Requests turned away", ["reason"], registry=registry
        )
        self._listeners = Histogram(
            "hearth_listener_seconds",
            "Time to answer what Slack sent",
            buckets=_QUICK,
            registry=registry,
        )
        self._database = Histogram(
            "hearth_database_wait_seconds",
            "Time until a read could begin, or a write was on the disk",
            buckets=_QUICK,
            registry=registry,
        )

    def text(self) -> bytes:
        """Return everything, as Prometheus reads it."""
        return generate_latest(self._registry)

    def watch_socket(self, age_seconds: Callable[[], float]) -> None:
        """Tell how long ago Slack was last heard."""
        gauge = Gauge(
            "hearth_socket_age_seconds",
            "Seconds since Slack was last heard over the socket",
            registry=self._registry,
        )
        gauge.set_function(age_seconds)

    def watch_outbox(self, state: Callable[[], OutboxState | None]) -> None:
        """Tell what waits to be sent; `state` answers soon, with None when it cannot know."""
        self._registry.register(_Outbox(state))

    def listener_took(self, seconds: float) -> None:
        """Count an answer to something that Slack sent."""
        self._listeners.observe(seconds)

    def database_waited(self, seconds: float) -> None:
        """Count how long the database was waited for."""
        self._database.observe(seconds)

    def slack_called(self, method: str, outcome: str) -> None:
        """Count a call to Slack."""
        self._calls.labels(method, outcome).inc()
        if outcome == "ratelimited":
            self._limited.labels(method).inc()

    def went_wrong(self, kind: str) -> None:
        """Count a failure."""
        self._errors.labels(kind).inc()

    def refused(self, reason: str) -> None:
        """Count a request that was turned away."""
        self._refused.labels(reason).inc()

    def reconnected(self) -> None:
        """Count a new socket."""
        self._reconnects.inc()


class _Outbox(Collector):
    """Asks for the outbox when the numbers are read, so that they are of that moment."""

    def __init__(self, state: Callable[[], OutboxState | None]) -> None:
        self._state = state

    def describe(self) -> list[GaugeMetricFamily]:
        """Name them without asking: what is asked may not be there yet."""
        return [*_families()]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the numbers, or none when nobody knows them."""
        state = self._state()
        if state is None:
            return
        lag, rows = _families()
        for priority, seconds in state.lag_seconds.items():
            lag.add_metric([priority], seconds)
        for kind, count in state.rows.items():
            rows.add_metric([kind], count)
        yield from (lag, rows)


def _families() -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
    return (
        GaugeMetricFamily(
            "hearth_outbox_lag_seconds", "How long the oldest row is due", labels=["priority"]
        ),
        GaugeMetricFamily("hearth_outbox_rows", "Rows of the outbox", labels=["state"]),
    )
