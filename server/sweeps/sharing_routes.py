"""Sharing one's position while a sweep runs: the switch, for programs and as a form, and where one is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import ON_SWEEP, Who
from server.answers import go
from server.errors import Conflict
from server.sweeps import positions, sharing
from server.sweeps.forms import Seen
from server.sweeps.pages import shown, typed, words
from server.visits.api import answer

api = APIRouter(prefix="/api/v1", tags=["sweeps"])
pages = APIRouter(include_in_schema=False)


@api.get("/sweeps/{sweep}/sharing")
async def state(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Whether the caller shares their position, and until when; of the others nobody is told."""
    return answer(await request.app.state.db.read(positions.switch, who, str(sweep)))


@api.put("/sweeps/{sweep}/sharing")
async def begin(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """The caller shares it from now on, by this token or session alone; 409 where they take no part."""
    app = request.app.state
    await app.limits.write(who)
    mine = await app.db.write(sharing.begin, who, str(sweep))
    return answer(positions.as_data(mine, who, str(sweep)))


@api.delete("/sweeps/{sweep}/sharing")
async def end(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """The caller does not any more: gone from every screen."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(sharing.end, who, str(sweep))
    return answer(positions.as_data(None, who, str(sweep)))


@api.put("/sweeps/{sweep}/position")
async def place(
    sweep: UUID, form: Seen, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]
) -> Response:
    """Where the caller is, for those who share theirs; 409 when they do not, 429 for too often."""
    return answer(await positions.share(request.app.state, who, str(sweep), form))


@pages.post("/sweeps/{sweep}/sharing")
async def switch(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """On or off."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        await app.db.write(sharing.begin if values.get("on") == "1" else sharing.end, who, str(sweep))
    except Conflict as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return go(request, f"/squads/{who.squad}")
