"""A sweep played back: its page at a moment, and the files it can be taken along as."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ON_SWEEP, Who
from server.answers import page
from server.members.queries import company
from server.sweeps.recorded import Recording, recording
from server.sweeps.replay_show import shown

router = APIRouter(include_in_schema=False)


def _read(c: Connection, id: str) -> tuple[Recording, bool]:
    return recording(c, id), company(c).demo


@router.get("/sweeps/{sweep}/replay")
async def replay(sweep: UUID, request: Request, who: Annotated[Who, Depends(ON_SWEEP)]) -> Response:
    """Map, feed and chart at a moment of the sweep (`at`), at its end where none is asked for.

    `only` (visits, stops, won, won-CNY) lists what a sum is made of.
    """
    assert who.squad_zone
    record, town = await request.app.state.db.read(_read, str(sweep))
    asked, only = (request.query_params.get(name, "")[:40] for name in ("at", "only"))
    zone, wrong = ZoneInfo(who.squad_zone), False
    try:
        found = shown(record, zone, asked)
    except (ValueError, OverflowError):
        found, wrong = shown(record, zone, ""), True
    if found is None:
        return page(request, "sweeps/no_replay.html", row=record.row)
    values = {"only": only, "asked": asked, "wrong": wrong, "town": town}
    return page(request, "sweeps/replay.html", 422 if wrong else 200, replay=found, **values)
