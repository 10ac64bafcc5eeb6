"""JSON routes about squads and who is in them."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, SIGNED_IN, Who
from server.squads import queries

router = APIRouter(prefix="/api/v1", tags=["squads"])


@router.get("/squads")
async def squads(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The caller's squads, each with where its stream stands."""
    return _json(await request.app.state.db.read(_squads, who.id))


def _squads(c: Connection, member: str) -> list[dict[str, Any]]:
    shown = []
    for row in queries.mine(c, member):
        head = journal.head(c, row.id)
        place = {"epoch": head.epoch, "offset": head.offset}
        about = {"id": row.id, "name": row.name, "zone": row.zone, "members": row.members, "lead": row.lead}
        shown.append(about | {"head": place})
    return shown


@router.get("/squads/{squad}/members")
async def members(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """Who is in the squad now, in order of joining."""
    return _json(await request.app.state.db.read(_members, str(squad)))


def _members(c: Connection, squad: str) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "handle": one.handle,
            "name": one.name,
            "initials": one.initials,
            "colour": one.colour,
            "role": one.role,
            "lead": one.lead,
            "joined_at": journal.stamp(one.joined_at),
        }
        for one in queries.people(c, squad)
    ]


def _json(shown: Any) -> Response:
    return Response(orjson.dumps(shown), media_type="application/json")
