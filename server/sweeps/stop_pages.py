"""What one does with a stop on the way: add it, skip it, put it earlier or later, hand it on, take one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import OFFERED, ON_SWEEP, OWN_HANDOVER, OWN_STOP, Who
from server.answers import go
from server.errors import Conflict, Invalid
from server.sweeps import handing, moves, stops
from server.sweeps.forms import Offer, Stop, StopState
from server.sweeps.pages import shown, typed, words
from server.sweeps.queries import sweep_of
from server.visits.forms import parsed

router = APIRouter(include_in_schema=False)


async def _done(request: Request, who: Who, sweep: str, action: Any, *given: Any) -> Response:
    """Does it and shows the sweep; what cannot be done is said above it."""
    app = request.app.state
    try:
        await app.db.write(action, who, *given)
    except (Conflict, Invalid) as refused:
        return await shown(request, who, sweep, words(request, refused), refused.status)
    return go(request, f"/sweeps/{sweep}")


@router.post("/sweeps/{sweep}/stops")
async def add(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """One more stop: a customer of the squad, or a new one by name."""
    await request.app.state.limits.write(who)
    values = await typed(request)
    try:
        form = parsed(Stop, {"id": values.get("new_id"), **values})
    except Invalid as refused:
        return await shown(request, who, str(sweep), words(request, refused), refused.status)
    return await _done(request, who, str(sweep), stops.add, str(sweep), form)


@router.post("/stops/{stop}/state")
async def set_state(stop: UUID, request: Request, who: Annotated[Who, Depends(OWN_STOP)]) -> Response:
    """Skips it and says why, or plans it again."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    sweep = await app.db.read(sweep_of, "stop", str(stop))
    try:
        form = parsed(StopState, values)
    except Invalid as refused:
        return await shown(request, who, sweep, words(request, refused), refused.status)
    return await _done(request, who, sweep, stops.set_state, str(stop), form)


@router.post("/stops/{stop}/place")
async def shift(stop: UUID, request: Request, who: Annotated[Who, Depends(OWN_STOP)]) -> Response:
    """One place earlier or later in its lane."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    sweep = await app.db.read(sweep_of, "stop", str(stop))
    return await _done(request, who, sweep, moves.nudge, str(stop), -1 if values.get("by") == "-1" else 1)


@router.post("/stops/{stop}/handovers")
async def offer(stop: UUID, request: Request, who: Annotated[Who, Depends(OWN_STOP)]) -> Response:
    """Offers it to a team-mate, or to whoever takes it."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    sweep = await app.db.read(sweep_of, "stop", str(stop))
    try:
        form = parsed(Offer, {"id": values.get("new_id"), "to": values.get("to")})
    except Invalid as refused:
        return await shown(request, who, sweep, words(request, refused), refused.status)
    return await _done(request, who, sweep, handing.offer, str(stop), form)


async def _answered(request: Request, who: Who, handover: UUID, action: Any) -> Response:
    app = request.app.state
    await app.limits.write(who)
    sweep = await app.db.read(sweep_of, "handover", str(handover))
    return await _done(request, who, sweep, action, str(handover))


@router.post("/handovers/{handover}/accept")
async def accept(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Takes the stop; whoever comes second is told who has it."""
    return await _answered(request, who, handover, handing.accept)


@router.post("/handovers/{handover}/decline")
async def decline(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Leaves the stop where it is."""
    return await _answered(request, who, handover, handing.decline)


@router.post("/handovers/{handover}/withdraw")
async def take_back(handover: UUID, request: Request, who: Annotated[Who, Depends(OWN_HANDOVER)]) -> Response:
    """Takes an offer back."""
    return await _answered(request, who, handover, handing.take_back)
