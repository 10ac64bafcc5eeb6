"""JSON routes of customers that may be the same, or are."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import IN_SQUAD, ON_CUSTOMER, Who
from server.customers import alike, file, merging
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["customers"])
Known = Annotated[Who, Depends(ON_CUSTOMER)]
Degrees = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]


@router.get("/squads/{squad}/customers/alike")
async def like(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_SQUAD)],
    name: Annotated[str, Query(max_length=120)],
    phone: Annotated[str, Query(max_length=40)] = "",
    lat: Degrees = None,
    lon: Degrees = None,
) -> Response:
    """Customers of the squad that may be this one already, the likest first: ask before making another."""
    found = await request.app.state.db.read(alike.find, [str(squad)], [name], phone, lat, lon)
    return answer([_data(one) for one in found])


def _data(one: alike.Like) -> dict[str, Any]:
    about = ("id", "name", "address", "score", "distance")
    return {name: getattr(one, name) for name in about} | {"why": list(one.why)}


@router.put("/customers/{customer}/parts/{other}", status_code=204)
async def merge(customer: UUID, other: UUID, request: Request, who: Known) -> Response:
    """They are one: the other is shown in this one's file from now on. Nothing is moved."""
    app = request.app.state
    await app.limits.write(who)

    def act(c: Connection) -> None:
        merging.merge(c, who.id, file.mine(c, who), str(customer), str(other))

    await app.db.write(act)
    return Response(status_code=204)


@router.delete("/customers/{customer}/parts/{other}", status_code=204)
async def part(customer: UUID, other: UUID, request: Request, who: Known) -> Response:
    """They are two after all: each has again what it had, and what was said of it since."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(merging.part, who.id, str(customer), str(other))
    return Response(status_code=204)
