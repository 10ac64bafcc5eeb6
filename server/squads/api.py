"""JSON routes about squads and who is in them."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, SIGNED_IN, Who
from server.squads import queries, unread

router = APIRouter(prefix="/api/v1", tags=["squads"])


@router.get("/squads")
async def squads(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The caller's squads, each with where its stream stands."""
    return _json(await request.app.state.db.read(_squads, who.id))


def _squads(c: Connection, member: str) -> list[dict[str, Any]]:
    shown, counts = [], unread.counts(c, member)
    for row in queries.mine(c, member):
        head, new = journal.head(c, row.id), counts[row.id]
        place = {"epoch": head.epoch, "offset": head.offset}
        about = {"id": row.id, "name": row.name, "zone": row.zone, "members": row.members}
        about |= {"lead": row.lead, "manages": row.manages}
        quiet = {"muted": new.muted, "muted_until": journal.stamp(new.until) if new.until else None}
        shown.append(about | {"head": place, "unread": new.n} | quiet)
    return shown


class Quiet(BaseModel):
    """Until when a squad is muted; without a time until it is taken back."""

    until: AwareDatetime | None = None


@router.put("/squads/{squad}/mute", status_code=204)
async def mute(
    squad: UUID, form: Quiet, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """Mutes a squad for the caller alone: its unread is shown quietly."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(unread.mute, who.id, str(squad), True, form.until)
    return Response(status_code=204)


@router.delete("/squads/{squad}/mute", status_code=204)
async def unmute(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """Ends that."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(unread.mute, who.id, str(squad), False, None)
    return Response(status_code=204)


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
            "manages": one.manages,
            "joined_at": journal.stamp(one.joined_at),
        }
        for one in queries.people(c, squad)
    ]


def _json(shown: Any) -> Response:
    return Response(orjson.dumps(shown), media_type="application/json")
