"""Figures for Prometheus, all prefixed `muster_`."""

import math
import time
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.jobs import State

SIZES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """One registry an application, so that several can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "muster_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "muster_request_seconds", "Time to answer", ["route"], buckets=SIZES, registry=self.registry
        )
        self.entries = Counter(
            "muster_entries", "Journal entries written here", ["kind"], registry=self.registry
        )
        self.jobs = Counter(
            "muster_jobs", "Jobs this process had a hand in", ["kind", "how"], registry=self.registry
        )
        self.live = Gauge("muster_live", "The live hub's own counts", ["what"], registry=self.registry)
        self.up = Gauge("muster_up", "Whether a part answers this process", ["part"], registry=self.registry)
        self.database = Gauge(
            "muster_database_seconds", "How long the database took to answer just now", registry=self.registry
        )
        self.waiting = Gauge(
            "muster_jobs_waiting", "Jobs on the list, of all processes", ["state"], registry=self.registry
        )
        self.late = Gauge(
            "muster_jobs_late_seconds", "How long the oldest job has been due", registry=self.registry
        )

    def text(self, hub: dict[str, int], parts: Mapping[str, float | None], jobs: State | None) -> bytes:
        """The exposition: the hub's counts, seconds each part took (None: no answer), the jobs' state."""
        for what, count in hub.items():
            self.live.labels(what).set(count)
        for part, seconds in parts.items():
            self.up.labels(part).set(seconds is not None)
        taken = parts.get("database")
        self.database.set(math.nan if taken is None else taken)
        for name in ("planned", "due", "running", "failing"):
            self.waiting.labels(name).set(getattr(jobs, name) if jobs else math.nan)
        self.late.set(jobs.late if jobs else math.nan)
        return generate_latest(self.registry)


class Measured:
    """Counts and times every HTTP request under its route's template, never its address."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            route: Any = scope.get("route")
            path = getattr(route, "path", "none")
            self.metrics.requests.labels(scope["method"], path, str(status)).inc()
            self.metrics.seconds.labels(path).observe(time.perf_counter() - started)
