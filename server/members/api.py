"""JSON routes about oneself."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import SIGNED_IN, Who
from server.members import queries

router = APIRouter(prefix="/api/v1", tags=["members"])


@router.get("/me")
async def me(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The caller, and where their own stream stands."""
    shown = await request.app.state.db.read(_me, who)
    return Response(orjson.dumps(shown), media_type="application/json")


def _me(c: Connection, who: Who) -> dict[str, Any]:
    head = journal.head(c, f"me:{who.id}")
    person = queries.person(c, who.id)
    return {
        "id": who.id,
        "handle": who.handle,
        "name": who.name,
        "initials": person.initials,
        "colour": who.colour,
        "role": who.role,
        "locale": who.locale,
        "zone": who.zone,
        "head": {"epoch": head.epoch, "offset": head.offset},
    }
