"""Two customers side by side, made one, and taken apart again."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ON_CUSTOMER, Who
from server.answers import explained, go, page
from server.customers import file, merging
from server.customers.actions import STAGES
from server.customers.telling import squads_of
from server.errors import Conflict, Invalid, NotFound
from server.members.doors import typed
from server.members.queries import last_squad
from server.schema import as_id

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(ON_CUSTOMER)]


def _both(c: Connection, who: Who, id: str, other: str) -> dict[str, Any]:
    """Both files; the other has to be seen by one of the caller's squads too."""
    if not {*squads_of(c, other)} & {*file.mine(c, who)}:
        raise NotFound
    return {
        "both": [file.whole(c, who, id), file.whole(c, who, other)],
        "stages": STAGES,
        "squad_id": who.squad or last_squad(c, who.id),
    }


@router.get("/customers/{customer}/merge/{other}")
async def ask(customer: UUID, other: UUID, request: Request, who: Known) -> Response:
    """Side by side, before one decides."""
    return await _ask(request, who, customer, other, {})


async def _ask(
    request: Request, who: Who, id: UUID, other: UUID, errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(_both, who, str(id), str(other))
    return page(request, "customers/merge.html", status, errors=errors, **shown)


@router.post("/customers/{customer}/merge/{other}")
async def merge(customer: UUID, other: UUID, request: Request, who: Known) -> Response:
    """They are one. From within a visit it leads back there."""
    app = request.app.state
    await app.limits.write(who)
    visit = as_id((await typed(request)).get("visit"))

    def act(c: Connection) -> None:
        merging.merge(c, who.id, file.mine(c, who), str(customer), str(other))

    try:
        await app.db.write(act)
    except Conflict as refused:
        told = explained(request, Invalid({"merge": str(refused.args[0])}))
        return await _ask(request, who, customer, other, told, 409)
    return go(request, f"/visits/{visit}" if visit else f"/customers/{customer}")


@router.post("/customers/{customer}/part/{other}")
async def part(customer: UUID, other: UUID, request: Request, who: Known) -> Response:
    """They are two after all."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(merging.part, who.id, str(customer), str(other))
    return go(request, f"/customers/{customer}")
