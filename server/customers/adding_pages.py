"""A customer made outside a check-in; known ones that it may be are offered first."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import IN_SQUAD, Who
from server.answers import explained, go, page
from server.customers import doubles
from server.customers.actions import Changes
from server.errors import Invalid
from server.members.doors import typed
from server.schema import as_id, new_id
from server.text import sought
from server.visits.forms import position_of
from server.visits.place import Position

router = APIRouter(include_in_schema=False)
Inside = Annotated[Who, Depends(IN_SQUAD)]
FIELDS = ("name", "kind", "address", "phone")


def _like(c: Connection, who: Who, values: dict[str, str]) -> Any:
    """The known ones; a place that makes no sense is none."""
    try:
        place = Position.model_validate(position_of(values) or {})
    except ValidationError:
        place = None
    name = values.get("customer") or values.get("name", "")
    return doubles.like(c, who, sought(name)[:120], place, sought(values.get("phone", ""))[:40])


@router.get("/squads/{squad}/like")
async def like(squad: UUID, request: Request, who: Inside) -> Response:
    """The known ones alone, while a name is being typed."""
    found = await request.app.state.db.read(_like, who, dict(request.query_params))
    return page(request, "customers/like.html", like=found)


@router.get("/squads/{squad}/customers/new")
async def new(squad: UUID, request: Request, who: Inside) -> Response:
    """The empty form."""
    return await _new(request, who, {}, {})


async def _new(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = {"values": values, "errors": errors, "new_id": values.get("new_id") or new_id()}
    found = await request.app.state.db.read(_like, who, values)
    return page(request, "customers/new.html", status, like=found, **shown)


@router.post("/squads/{squad}/customers")
async def make(squad: UUID, request: Request, who: Inside) -> Response:
    """Puts it in the files, or leads to the one it is."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    if same := as_id(values.get("same")):
        return go(request, f"/customers/{same}")
    form = Changes.model_validate({name: values.get(name, "") for name in FIELDS})
    try:
        sure = "same" in values
        id = await app.db.write(doubles.make, who, form, as_id(values.get("new_id")), sure)
    except Invalid as refused:
        return await _new(request, who, values, explained(request, refused), 422)
    return go(request, f"/customers/{id}")
