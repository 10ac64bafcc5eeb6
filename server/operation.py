"""Routes for whoever runs the server."""

import time
from contextlib import suppress
from typing import Any

import anyio
import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from server import jobs
from server.access import OPEN
from server.asyncapi import document
from server.schema import now

router = APIRouter(tags=["operation"], dependencies=[Depends(OPEN)])

PATIENCE = 3
"""Seconds a part may take to answer."""


@router.get("/healthz", response_class=PlainTextResponse)
async def healthz() -> Response:
    """The process is up."""
    return PlainTextResponse("ok")


@router.get("/readyz", responses={503: {"description": "Part of it does not answer"}})
async def readyz(request: Request) -> Response:
    """Database, relay and files answer; 503 names what does not."""
    missing = [part for part, seconds in (await answering(request.app.state)).items() if seconds is None]
    return JSONResponse({"missing": missing}, 503 if missing else 200)


async def answering(state: Any) -> dict[str, float | None]:
    """How many seconds each part took to answer, asked all at once; None for one that does not."""
    pings = {"database": state.db.ping, "relay": state.relay.ping, "files": state.store.ping}
    found: dict[str, float | None] = dict.fromkeys(pings)

    async def ask(part: str) -> None:
        begun = time.perf_counter()
        try:
            with anyio.fail_after(PATIENCE):
                await pings[part]()
        except Exception:  # whatever a part may raise: it does not answer
            return
        found[part] = time.perf_counter() - begun

    async with anyio.create_task_group() as group:
        for part in pings:
            group.start_soon(ask, part)
    return found


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Prometheus' text format; there also while the database is away."""
    state, waiting = request.app.state, None
    parts = await answering(state)
    if parts["database"] is not None:
        with suppress(Exception), anyio.fail_after(PATIENCE):
            waiting = await state.db.read(jobs.state, now())
    text = state.metrics.text(state.hub.stats(), parts, waiting)
    return Response(text, media_type="text/plain; version=0.0.4")


@router.get("/api/asyncapi.json")
async def asyncapi(request: Request) -> Response:
    """What travels on `/live`."""
    return Response(orjson.dumps(document()), media_type="application/json")
