"""JSON routes of what is in a sweep: a lane's order, a stop, an offer of one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import OFFERED, OWN_HANDOVER, OWN_LANE, OWN_STOP, STOP_PLANNER, Who
from server.sweeps import handing, moves, stops
from server.sweeps.forms import Move, Offer, Order, StopState
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["sweeps"])


async def _done(request: Request, who: Who, action: Any, *given: Any) -> Any:
    app = request.app.state
    await app.limits.write(who)
    return await app.db.write(action, who, *given)


@router.put("/lanes/{lane}/stops")
async def reorder(
    lane: UUID, form: Order, request: Request, who: Annotated[Who, Depends(OWN_LANE)]
) -> Response:
    """Puts a lane's stops into another order; 409 with the lane as it is where they are others by now."""
    return answer(await _done(request, who, moves.reorder, str(lane), form))


@router.put("/stops/{stop}")
async def set_state(
    stop: UUID, form: StopState, request: Request, who: Annotated[Who, Depends(OWN_STOP)]
) -> Response:
    """Skips a stop with a reason, or plans it again."""
    return answer(await _done(request, who, stops.set_state, str(stop), form))


@router.put("/stops/{stop}/lane")
async def move(
    stop: UUID, form: Move, request: Request, who: Annotated[Who, Depends(STOP_PLANNER)]
) -> Response:
    """Moves a stop into another lane, to another place of its own, or into nobody's."""
    return answer(await _done(request, who, moves.move, str(stop), form))


@router.post("/stops/{stop}/handovers", status_code=201)
async def offer(
    stop: UUID, form: Offer, request: Request, who: Annotated[Who, Depends(OWN_STOP)]
) -> Response:
    """Offers a stop to a team-mate, or to whoever takes it; the same id again: 200, the same offer."""
    made = await _done(request, who, handing.offer, str(stop), form)
    return answer(made.data, 201 if made.created else 200)


@router.put("/handovers/{handover}/accept")
async def accept(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Takes the stop; 409 with who has it where somebody was first."""
    return answer(await _done(request, who, handing.accept, str(handover)))


@router.put("/handovers/{handover}/decline")
async def decline(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Leaves the stop where it is."""
    return answer(await _done(request, who, handing.decline, str(handover)))


@router.delete("/handovers/{handover}")
async def take_back(handover: UUID, request: Request, who: Annotated[Who, Depends(OWN_HANDOVER)]) -> Response:
    """Takes an offer back; 409 where it was answered."""
    return answer(await _done(request, who, handing.take_back, str(handover)))
