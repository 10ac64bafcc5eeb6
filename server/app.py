"""The composition root: the only file that knows all parts."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, WebSocket
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from channels.frame import Entry
from channels.hub import Hub
from channels.redis_relay import RedisRelay
from channels.relay import MemoryRelay
from channels.source import Dismissal
from config.settings import Settings
from server import openapi, operation, phone, problems, socket
from server.announcements import api as announcements_api
from server.announcements import pages as announcements_pages
from server.db import Database
from server.feed import api as feed_api
from server.feed import pages as feed_pages
from server.files import Files
from server.guard import Guard
from server.hall import api as hall_api
from server.hall import pages as hall_pages
from server.limits import Limits
from server.live import Source
from server.members import routes as members
from server.members.sessions import Staying
from server.metrics import Measured, Metrics
from server.photos import api as photos_api
from server.photos import pages as photos_pages
from server.photos.intake import Intake
from server.photos.sweeping import sweeping
from server.squads import routes as squads
from server.store import Store
from server.visits import api as visits_api
from server.visits import pages as visits_pages
from web import assets


def create_app(settings: Settings) -> FastAPI:
    """The whole application; its parts start and stop with the ASGI lifespan."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state = app.state
        state.db = Database(settings)
        await state.db.start()
        state.relay = RedisRelay(settings.redis_url) if settings.redis_url else MemoryRelay()
        state.limits = Limits(settings)
        state.store = Store(settings)
        state.photos = Intake(settings, state.db, state.store)
        state.hub = Hub(
            Source(state.db),
            state.relay,
            beat=settings.live_beat,
            poll=settings.live_poll,
            buffer_limit=settings.live_buffer,
        )
        state.admissions = socket.Admissions(state.db)
        state.db.on_commit = lambda items: tell(state.hub, metrics, items)
        await state.hub.start()
        sweeper = asyncio.create_task(sweeping(state.db, state.store))
        yield
        sweeper.cancel()
        await state.hub.stop()
        await state.db.stop()

    app = FastAPI(
        title="Muster",
        version="1",
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(Measured, metrics=metrics),
            Middleware(Guard, most=limits_of(settings), refuse=problems.refused),
            Middleware(GZipMiddleware, minimum_size=1_400, compresslevel=5),
            Middleware(Staying),
        ],
    )
    app.state.settings, app.state.metrics = settings, metrics
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    problems.install(app)

    @app.websocket("/live")
    async def live(ws: WebSocket) -> None:
        await socket.listen(ws)

    # What is asked most comes first: a request is tried against every route before its own.
    for router in (
        visits_api.router,
        feed_api.router,
        photos_pages.router,
        photos_api.router,
        operation.router,
        phone.router,
        *members.routers,
        *squads.routers,
        feed_pages.router,
        visits_pages.router,
        announcements_api.router,
        announcements_pages.router,
        hall_api.router,
        hall_pages.router,
    ):
        app.include_router(router)

    app.mount("/static", Files(directory=assets.STATIC), name="static")
    return app


def limits_of(settings: Settings) -> Callable[[str], int]:
    """How many bytes may be sent to an address."""
    small, photo = settings.body_max, settings.photo_max
    several = re.compile(r"/squads/[^/]+/(checkins|messages)").fullmatch

    def most(path: str) -> int:
        if path == "/api/v1/photos":
            return small + photo
        return small + photo * settings.photo_count if several(path) else small

    return most


def tell(hub: Hub, metrics: Metrics, items: list[Any]) -> None:
    """After a commit, never before: entries to the watchers, and the door to those who lost access."""
    entries = [item for item in items if isinstance(item, Entry)]
    for entry in entries:
        metrics.entries.labels(entry.kind).inc()
    if entries:
        hub.announce(entries)
    for item in items:
        if isinstance(item, Dismissal):
            hub.dismiss(item.member, item.stream, item.ticket)
