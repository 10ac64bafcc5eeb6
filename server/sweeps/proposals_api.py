"""JSON routes of proposals: one for each sweep, searched for beside everything else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import PLANNER, Who
from server.sweeps import proposals
from server.sweeps.forms import Ask, Take
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["sweeps"])


@router.post("/sweeps/{sweep}/proposal", status_code=201)
async def ask(sweep: UUID, form: Ask, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Begins to search for lanes, some seconds long; the same id again: 200, the same search."""
    app = request.app.state
    await app.limits.write(who)
    begun = await app.db.write(proposals.begin, who, str(sweep), form)
    if begun.problem is None:
        return answer(begun.data)
    app.proposing.start(str(sweep), str(form.id), begun.problem)
    return answer(begun.data, 201)


@router.get("/sweeps/{sweep}/proposal")
async def show(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """How far the search is, and in the end the lanes; 404 where nothing was asked for."""
    return answer(await request.app.state.db.read(proposals.show, str(sweep)))


@router.put("/sweeps/{sweep}/proposal")
async def take(sweep: UUID, form: Take, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Makes the proposal the plan; 409 while it is searched for, or where the plan has changed since."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(proposals.take, who, str(sweep), form))


@router.delete("/sweeps/{sweep}/proposal", status_code=204)
async def drop(sweep: UUID, request: Request, who: Annotated[Who, Depends(PLANNER)]) -> Response:
    """Ends the search, or throws away what it found."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(proposals.drop, str(sweep))
    app.proposing.end(str(sweep))
    return Response(status_code=204)
