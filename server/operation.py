"""Routes for whoever runs the server."""

import anyio
import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from server.access import OPEN
from server.asyncapi import document

router = APIRouter(tags=["operation"], dependencies=[Depends(OPEN)])


@router.get("/healthz", response_class=PlainTextResponse)
async def healthz() -> Response:
    """The process is up."""
    return PlainTextResponse("ok")


@router.get("/readyz", responses={503: {"description": "Part of it does not answer"}})
async def readyz(request: Request) -> Response:
    """Database, relay and files answer; 503 names what does not."""
    state, missing = request.app.state, []
    for name, ping in (
        ("database", state.db.ping),
        ("relay", state.relay.ping),
        ("files", state.store.ping),
    ):
        try:
            with anyio.fail_after(3):
                await ping()
        except Exception:
            missing.append(name)
    return JSONResponse({"missing": missing}, 503 if missing else 200)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Prometheus' text format."""
    state = request.app.state
    return Response(state.metrics.text(state.hub.stats()), media_type="text/plain; version=0.0.4")


@router.get("/api/asyncapi.json")
async def asyncapi(request: Request) -> Response:
    """What travels on `/live`."""
    return Response(orjson.dumps(document()), media_type="application/json")
