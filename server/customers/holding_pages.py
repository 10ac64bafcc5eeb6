"""Saying that one works on a customer, letting go, and asking to share it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import ON_CUSTOMER, Who
from server.answers import go
from server.customers import holding
from server.members.doors import typed
from server.schema import as_id

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["customers"])
Known = Annotated[Who, Depends(ON_CUSTOMER)]


async def _do(request: Request, who: Who, action: Any, id: UUID, *about: Any) -> None:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(action, who.id, str(id), *about)


async def _back(request: Request, id: UUID) -> Response:
    """Into the visit from which it was said, or to the file."""
    visit = as_id((await typed(request)).get("visit"))
    return go(request, f"/visits/{visit}#held" if visit else f"/customers/{id}#held")


@pages.post("/customers/{customer}/hold")
async def hold(customer: UUID, request: Request, who: Known) -> Response:
    """The caller works on it for a while; where somebody was quicker, the page says who."""
    await _do(request, who, holding.take, customer, request.app.state.settings.hold_days)
    return await _back(request, customer)


@pages.post("/customers/{customer}/release")
async def release(customer: UUID, request: Request, who: Known) -> Response:
    """The caller does not any more."""
    await _do(request, who, holding.release, customer)
    return await _back(request, customer)


@pages.post("/customers/{customer}/ask")
async def ask(customer: UUID, request: Request, who: Known) -> Response:
    """The caller asks to share it."""
    await _do(request, who, holding.ask, customer)
    return await _back(request, customer)


@pages.post("/customers/{customer}/share/{member}")
async def share(customer: UUID, member: UUID, request: Request, who: Known) -> Response:
    """Whoever holds it shares it with one who asked."""
    await _do(request, who, holding.share, customer, str(member))
    return await _back(request, customer)


@api.put("/customers/{customer}/hold", status_code=204)
async def put_hold(customer: UUID, request: Request, who: Known) -> Response:
    """The caller works on it for as many days as the installation says; 409 where somebody else does."""
    await _do(request, who, holding.hold, customer, request.app.state.settings.hold_days)
    return Response(status_code=204)


@api.delete("/customers/{customer}/hold", status_code=204)
async def end_hold(customer: UUID, request: Request, who: Known) -> Response:
    """The caller does not work on it any more."""
    await _do(request, who, holding.release, customer)
    return Response(status_code=204)


@api.put("/customers/{customer}/hold/asked", status_code=204)
async def put_ask(customer: UUID, request: Request, who: Known) -> Response:
    """The caller asks whoever holds it to share it."""
    await _do(request, who, holding.ask, customer)
    return Response(status_code=204)


@api.put("/customers/{customer}/hold/shared/{member}", status_code=204)
async def put_share(customer: UUID, member: UUID, request: Request, who: Known) -> Response:
    """Whoever holds it shares it with a member who asked."""
    await _do(request, who, holding.share, customer, str(member))
    return Response(status_code=204)
