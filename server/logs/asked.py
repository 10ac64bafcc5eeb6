"""Pages of what is asked in logs besides: a squad's own fields, kept by its lead, and the company's."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ADMIN, LEAD, Who
from server.answers import explained, go, page
from server.errors import Invalid
from server.logs import reminding, templates
from server.members.doors import typed
from server.members.queries import last_squad
from server.schema import as_id, new_id

router = APIRouter(include_in_schema=False)
Admin = Annotated[Who, Depends(ADMIN)]
Lead = Annotated[Who, Depends(LEAD)]


@router.get("/squads/{squad}/log-fields")
async def of_squad(squad: UUID, request: Request, who: Lead) -> Response:
    """What a squad's logs ask, and what the company asks in all of them."""
    return await _list(request, who, str(squad), {}, {})


@router.get("/log-fields")
async def of_company(request: Request, who: Admin) -> Response:
    """What the company asks in every squad."""
    return await _list(request, who, None, {}, {})


async def _list(
    request: Request,
    who: Who,
    squad: str | None,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    db = request.app.state.db
    shown = {
        "fields": await db.read(templates.fields, squad, True),
        "above": await db.read(templates.fields, None) if squad else [],
        "squad_id": squad or await db.read(_last, who),
        "of": squad,
        "hour": await db.read(reminding.hour, squad) if squad else "",
        "forms": templates.FORMS,
        "kinds": templates.KINDS,
    }
    fixed = {"values": values, "errors": errors, "new_id": new_id()}
    return page(request, "logs/fields.html", status, **fixed, **shown)


def _last(c: Connection, who: Who) -> str | None:
    return last_squad(c, who.id)


@router.post("/squads/{squad}/log-fields")
async def add(squad: UUID, request: Request, who: Lead) -> Response:
    """One more that the squad asks."""
    return await _add(request, who, str(squad), f"/squads/{squad}/log-fields")


@router.post("/log-fields")
async def add_for_all(request: Request, who: Admin) -> Response:
    """One more that the company asks."""
    return await _add(request, who, None, "/log-fields")


async def _add(request: Request, who: Who, squad: str | None, to: str) -> Response:
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        id = as_id(values.get("new_id")) or new_id()
        await app.db.write(templates.add, who, id, squad, values)
    except Invalid as refused:
        return await _list(request, who, squad, values, explained(request, refused), 422)
    return go(request, to)


@router.post("/squads/{squad}/log-due")
async def set_due(squad: UUID, request: Request, who: Lead) -> Response:
    """When the squad's logs of the day are due, or that they are not."""
    app, values = request.app.state, await typed(request)
    await app.limits.write(who)
    try:
        await app.db.write(reminding.set_hour, who, values.get("hour", ""))
    except Invalid as refused:
        return await _list(request, who, str(squad), values, explained(request, refused), 422)
    return go(request, f"/squads/{squad}/log-fields")


@router.post("/squads/{squad}/log-fields/{field}/close")
async def close(squad: UUID, field: UUID, request: Request, who: Lead) -> Response:
    """It is asked no more."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(templates.close, who, str(field), str(squad))
    return go(request, f"/squads/{squad}/log-fields")


@router.post("/log-fields/{field}/close")
async def close_for_all(field: UUID, request: Request, who: Admin) -> Response:
    """The same of one of the company's."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(templates.close, who, str(field), None)
    return go(request, "/log-fields")
