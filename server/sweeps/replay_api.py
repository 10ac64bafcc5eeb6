"""A sweep's replay as JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import ON_SWEEP, Who
from server.sweeps.replay_show import told
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["sweeps"])


@router.get("/sweeps/{sweep}/replay")
async def replay(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """The whole course of a sweep: every event at the moment it happened, and who stood how after it."""
    return answer(await request.app.state.db.read(told, str(sweep)), lang=who.locale)
