"""The composition root of the web server: every route, and what stands before them."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.routing import WebSocketRoute

from config.settings import Settings
from server import openapi, operation, phone, problems, socket
from server.administration import pages as administration_pages
from server.announcements import api as announcements_api
from server.announcements import pages as announcements_pages
from server.calls import api as calls_api
from server.calls import asking
from server.calls import pages as calls_pages
from server.customers import routes as customers
from server.drive import api as drive_api
from server.drive import attach_routes, keep_pages, link_api, pin_routes, show_routes, write_pages
from server.drive import files as drive_files
from server.drive import folder_pages as drive_folder_pages
from server.drive import link_pages as drive_links
from server.drive import open_pages as drive_opened
from server.drive import pages as drive_pages
from server.drive import tus as drive_tus
from server.feed import api as feed_api
from server.feed import pages as feed_pages
from server.files import Files
from server.guard import Guard
from server.hall import api as hall_api
from server.hall import pages as hall_pages
from server.heads import Heads
from server.ledger import api as ledger_api
from server.ledger import pages as ledger_pages
from server.logs import api as logs_api
from server.logs import asked as log_fields
from server.logs import marking
from server.logs import pages as logs_pages
from server.logs import taking as logs_taken
from server.maps import ground
from server.maps import pages as maps_pages
from server.members import routes as members
from server.members.sessions import Staying
from server.metrics import Measured, Metrics
from server.notices import api as notices_api
from server.notices import channel_pages, channels_api, wishing
from server.notices import pages as notices_pages
from server.own import api as own_api
from server.own import pages as own_pages
from server.parts import running
from server.photos import api as photos_api
from server.photos import pages as photos_pages
from server.search import api as search_api
from server.search import pages as search_pages
from server.search import taking as search_taking
from server.sight import api as sight_api
from server.sight import pages as sight_pages
from server.signposts import Signposts
from server.squads import routes as squads
from server.sweeps import routes as sweeps
from server.territories import api as territories_api
from server.territories import pages as territories_pages
from server.training import api as training_api
from server.training import outline_api as training_outline_api
from server.training import outline_pages as training_outline_pages
from server.training import pages as training_pages
from server.training import plan_api as training_plan_api
from server.training import plan_pages as training_plan_pages
from server.visits import api as visits_api
from server.visits import pages as visits_pages
from web import assets

PACKED_ALREADY = (*DEFAULT_EXCLUDED_CONTENT_TYPES, maps_pages.TYPE)


def create_app(settings: Settings) -> FastAPI:
    """The whole application; its parts start and stop with the ASGI lifespan."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings, metrics, app.state):
            if settings.jobs:
                app.state.jobs.start()
            yield

    app = FastAPI(
        title="Muster",
        version="1",
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        # What happens here is told by /metrics alone; to ask for others took 3 % of a request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        middleware=[
            Middleware(Measured, metrics=metrics),
            Middleware(
                Guard, most=limits_of(settings), refuse=problems.refused, maps=ground.origins(settings)
            ),
            Middleware(Heads),
            Middleware(
                GZipMiddleware, minimum_size=1_400, compresslevel=5, exclude_content_types=PACKED_ALREADY
            ),
            Middleware(Staying),
        ],
    )
    app.state.settings, app.state.metrics, app.state.ground = settings, metrics, ground.told(settings)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    problems.install(app)

    app.router.routes.append(WebSocketRoute("/live", socket.Listening(), name="live"))
    app.mount("/static", Files(directory=assets.STATIC), name="static")
    # The routes are taken as they are: including a router makes each anew, a tenth of a second in all.
    for router in (
        visits_api.router,
        feed_api.router,
        photos_pages.router,
        photos_api.router,
        operation.router,
        phone.router,
        *members.routers,
        *squads.routers,
        *sweeps.routers,
        calls_api.router,
        calls_pages.router,
        asking.router,
        feed_pages.router,
        visits_pages.router,
        *customers.routers,
        announcements_api.router,
        announcements_pages.router,
        logs_api.router,
        logs_taken.router,
        logs_pages.router,
        log_fields.router,
        drive_api.router,
        attach_routes.router,
        keep_pages.router,
        pin_routes.api,
        pin_routes.pages,
        show_routes.api,
        show_routes.pages,
        drive_pages.router,
        drive_folder_pages.router,
        drive_files.router,
        link_api.router,
        drive_links.router,
        drive_opened.router,
        marking.api,
        marking.pages,
        drive_tus.router,
        write_pages.router,
        hall_api.router,
        hall_pages.router,
        ledger_api.router,
        ledger_pages.router,
        search_api.router,
        search_pages.router,
        search_taking.router,
        sight_api.router,
        sight_pages.router,
        notices_api.router,
        notices_pages.router,
        wishing.router,
        channels_api.router,
        channel_pages.router,
        own_api.router,
        own_pages.router,
        administration_pages.router,
        maps_pages.router,
        territories_api.router,
        territories_pages.router,
        training_outline_api.router,
        training_outline_pages.router,
        training_api.router,
        training_pages.router,
        training_plan_api.router,
        training_plan_pages.router,
    ):
        app.router.routes.extend(router.routes)

    app.router.middleware_stack = Signposts(app.router)
    return app


def limits_of(settings: Settings) -> Callable[[str], int]:
    """How many bytes may be sent to an address."""
    small, photo = settings.body_max, settings.photo_max
    several = re.compile(r"/squads/[^/]+/(checkins|messages)|/visits/[^/]+/calls").fullmatch
    table = re.compile(r"/squads/[^/]+/customers/imports").fullmatch
    document = re.compile(r"/api/v1/documents|/calls/[^/]+/answers").fullmatch
    in_drive = re.compile(
        r"(/api/v1)?/drive/(folders/[^/]+/documents|documents/[^/]+/versions|uploads/[^/]+)"
    ).fullmatch

    def most(path: str) -> int:
        if path == "/api/v1/photos":
            return small + photo
        if table(path):
            return small + settings.import_max
        if document(path):
            return small + settings.document_max
        if in_drive(path):
            return small + settings.drive_max
        return small + photo * settings.photo_count if several(path) else small

    return most
