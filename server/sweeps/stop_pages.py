"""What one does with a stop on the way: add it, skip it, put it earlier or later, hand it on, take one."""

from collections.abc import Callable
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


async def _done(
    request: Request,
    who: Who,
    table: str,
    id: UUID,
    action: Any,
    read: Callable[[dict[str, str]], Any] | None = None,
) -> Response:
    """Does `action` to a sweep, stop or handover and shows the sweep; what cannot be done is said above it.

    `read` makes of the form's fields what the action is told.
    """
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    sweep = str(id) if table == "sweep" else await app.db.read(sweep_of, table, str(id))
    try:
        given = [read(values)] if read else []
        await app.db.write(action, who, str(id), *given)
    except (Conflict, Invalid) as refused:
        return await shown(request, who, sweep, words(request, refused), refused.status)
    return go(request, f"/sweeps/{sweep}")


@router.post("/sweeps/{sweep}/stops")
async def add(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """One more stop: a customer of the squad, or a new one by name."""
    return await _done(request, who, "sweep", sweep, stops.add, lambda given: parsed(Stop, _named(given)))


@router.post("/stops/{stop}/state")
async def set_state(stop: UUID, request: Request, who: Annotated[Who, Depends(OWN_STOP)]) -> Response:
    """Skips it and says why, or plans it again."""
    return await _done(request, who, "stop", stop, stops.set_state, lambda given: parsed(StopState, given))


@router.post("/stops/{stop}/place")
async def shift(stop: UUID, request: Request, who: Annotated[Who, Depends(OWN_STOP)]) -> Response:
    """One place earlier or later in its lane."""
    return await _done(
        request, who, "stop", stop, moves.nudge, lambda given: -1 if given.get("by") == "-1" else 1
    )


@router.post("/stops/{stop}/handovers")
async def offer(stop: UUID, request: Request, who: Annotated[Who, Depends(OWN_STOP)]) -> Response:
    """Offers it to a team-mate, or to whoever takes it."""
    return await _done(request, who, "stop", stop, handing.offer, lambda given: parsed(Offer, _named(given)))


@router.post("/handovers/{handover}/accept")
async def accept(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Takes the stop; whoever comes second is told who has it."""
    return await _done(request, who, "handover", handover, handing.accept)


@router.post("/handovers/{handover}/decline")
async def decline(handover: UUID, request: Request, who: Annotated[Who, Depends(OFFERED)]) -> Response:
    """Leaves the stop where it is."""
    return await _done(request, who, "handover", handover, handing.decline)


@router.post("/handovers/{handover}/withdraw")
async def take_back(handover: UUID, request: Request, who: Annotated[Who, Depends(OWN_HANDOVER)]) -> Response:
    """Takes an offer back."""
    return await _done(request, who, "handover", handover, handing.take_back)


def _named(given: dict[str, str]) -> dict[str, Any]:
    """A form's new thing under the id the form came with."""
    return {"id": given.get("new_id"), **given}
