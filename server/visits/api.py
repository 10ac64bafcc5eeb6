"""JSON routes of visits and of the squad's map."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import IN_SQUAD, ON_VISIT, OWN_VISIT, Who
from server.customers import actions as customer_actions
from server.customers import queries as customer_queries
from server.errors import Invalid
from server.members.queries import currency
from server.sweeps import drawing
from server.visits import actions, queries
from server.visits.forms import CheckIn, Outcome, Tuning
from server.visits.place import Position
from web.render import FORMER, N_, named

router = APIRouter(prefix="/api/v1", tags=["visits"])
ERASED = orjson.dumps(FORMER)[1:-1]


def answer(shown: Any, status: int = 200, lang: str = "") -> Response:
    """JSON made once, without a response model in between; with names in it, `lang` is the caller's."""
    made = orjson.dumps(shown)
    if lang and ERASED in made:
        made = made.replace(ERASED, orjson.dumps(named(FORMER, lang))[1:-1])
    return Response(made, status, media_type="application/json")


class NewCustomer(BaseModel):
    """A customer met on the spot."""

    id: UUID
    name: str
    position: Position | None = None


@router.post("/squads/{squad}/checkins", status_code=201)
async def check_in(
    squad: UUID, form: CheckIn, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """Opens a visit. 201 the visit; the same author and id again: 200, the same visit."""
    app = request.app.state
    await app.limits.write(who)
    most, near = app.settings, app.settings.arrived_metres
    result = await app.db.write(actions.check_in, who, form, most.text_max, most.photo_count, near)
    return answer(result.visit, 201 if result.created else 200)


@router.patch("/visits/{visit}")
async def tune(
    visit: UUID, form: Tuning, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]
) -> Response:
    """Moves the pin by hand, or changes the note."""
    app = request.app.state
    await app.limits.write(who)
    return answer(await app.db.write(actions.tune, who, str(visit), form, app.settings.text_max))


@router.get("/visits/{visit}")
async def one(visit: UUID, request: Request, who: Annotated[Who, Depends(ON_VISIT)]) -> Response:
    """A visit as it stands."""
    return answer(await request.app.state.db.read(queries.state, str(visit)))


@router.delete("/visits/{visit}", status_code=204)
async def undo(visit: UUID, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]) -> Response:
    """Takes a fresh check-in back; 409 when it is too late."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.undo, who, str(visit), app.settings.undo_seconds)
    return Response(status_code=204)


@router.put("/visits/{visit}/outcome")
async def outcome(
    visit: UUID, form: Outcome, request: Request, who: Annotated[Who, Depends(OWN_VISIT)]
) -> Response:
    """Says how the visit ended. The same again changes nothing."""
    app = request.app.state
    await app.limits.write(who)
    money = await app.db.read(currency)
    return answer(await app.db.write(actions.close, who, str(visit), form, app.settings.text_max, money))


@router.get("/squads/{squad}/map")
async def day_map(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """The day's check-ins and the squad's customers as GeoJSON, with the stream's head."""
    return answer(await request.app.state.db.read(_map, str(squad)), lang=who.locale)


def _map(c: Connection, squad: str) -> dict[str, Any]:
    """The day, and over it the sweep's lanes, stops and rally point."""
    over = drawing.drawn(c, squad)
    made = queries.day_map(c, squad, over.members)
    made["features"] += over.features
    return made


@router.get("/squads/{squad}/customers")
async def customers(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_SQUAD)],
    near: Annotated[str, Query(description="lat,lon in degrees")] = "",
    q: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """The squad's customers, nearest first."""
    lat, lon = _near(near)
    found = await request.app.state.db.read(customer_queries.nearest, str(squad), lat, lon, q, limit)
    return answer([customer_data(one) for one in found])


@router.post("/squads/{squad}/customers", status_code=201)
async def new_customer(
    squad: UUID, form: NewCustomer, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]
) -> Response:
    """A new customer; the same author and id again is the same customer."""
    app = request.app.state
    await app.limits.write(who)
    id = await app.db.write(customer_actions.add, who, form.name, form.position, str(form.id))
    place = form.position.model_dump(include={"lat", "lon"}) if form.position else None
    return answer({"id": id, "name": form.name, "position": place}, 201)


def customer_data(one: customer_queries.Near) -> dict[str, Any]:
    """A customer as outsiders see it; `distance` in metres."""
    place = {"lat": one.lat, "lon": one.lon} if one.lat is not None else None
    last = one.last_visit.isoformat() if one.last_visit else None
    return {"id": one.id, "name": one.name, "position": place, "distance": one.distance, "last_visit": last}


def _near(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    try:
        lat, lon = (float(part) for part in text.split(","))
        Position(lat=lat, lon=lon)
    except ValueError:
        raise Invalid({"near": N_("The position does not make sense. Place the pin by hand.")}) from None
    return lat, lon
