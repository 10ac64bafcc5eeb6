"""JSON routes of what is in a sweep: a lane's order, a stop, an offer of one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import OFFERED, OWN_HANDOVER, OWN_LANE, OWN_STOP, STOP_PLANNER, Who
from server.sweeps import handing, moves, stops
from server.sweeps.forms import Move, Offer, Order, StopState
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["sweeps"])


@router.put("/lanes/{lane}/stops")
async def reorder(
    lane: UUID, form: Order, request: Request, who: Annotated[Who, Depends(OWN_LANE)]
) -> Response:
    """Puts a lane's stops into another order; 409 with the lane as it is where they are others by now."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(moves.reorder, who, str(lane), form))


@router.put("/stops/{stop}")
async def set_state(
    stop: UUID, form: StopState, request: Request, who: Annotated[Who, Depends(OWN_STOP)]
) -> Response:
    """Skips a stop with a reason, or plans it again."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(stops.set_state, who, str(stop), form))


@router.put("/stops/{stop}/lane")
async def move(
    stop: UUID, form: Move, request: Request, who: Annotated[Who, Depends(STOP_PLANNER)]
) -> Response:
    """Moves a stop into another lane, to another place of its own, or into nobody's."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(moves.move, who, str(stop), form))


@router.post("/stops/{stop}/handovers", status_code=201)
async def offer(
    stop: UUID, form: Offer, request: Request, who: Annotated[Who, Depends(OWN_STOP)]
) -> Response:
    """Offers a stop to a team-mate, or to whoever takes it; the same id again: 200, the same offer."""
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(handing.offer, who, str(stop), form)
    return answer(made.data, 201 if made.created else 200)


@router.put("/handovers/{handover}/accept")
async def accept(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Takes the stop; 409 with who has it where somebody was first."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(handing.accept, who, str(handover)))


@router.put("/handovers/{handover}/decline")
async def decline(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Leaves the stop where it is."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(handing.decline, who, str(handover)))


@router.delete("/handovers/{handover}")
async def take_back(handover: UUID, request: Request, who: Annotated[Who, Depends(OWN_HANDOVER)]) -> Response:
    """Takes an offer back; 409 where it was answered."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(handing.take_back, who, str(handover)))
