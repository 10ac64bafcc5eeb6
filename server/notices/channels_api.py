"""JSON routes of channels: a squad's for its leads, the company's for its admins."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server import journal
from server.access import ADMIN, LEAD, Who
from server.notices import channels, reaching
from server.notices.shapes import NewChannel
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["channels"])
Lead = Annotated[Who, Depends(LEAD)]
Admin = Annotated[Who, Depends(ADMIN)]


@router.get("/squads/{squad}/channels")
async def of_squad(squad: UUID, request: Request, who: Lead) -> Response:
    """The squad's channels, the oldest first. Where they are is told to nobody."""
    return await _list(request, who)


@router.get("/channels")
async def of_company(request: Request, who: Admin) -> Response:
    """The company's channels, the oldest first."""
    return await _list(request, who)


@router.post("/squads/{squad}/channels", status_code=201)
async def add_to_squad(squad: UUID, form: NewChannel, request: Request, who: Lead) -> Response:
    """One more for the squad, ten at most."""
    return await _add(request, who, form)


@router.post("/channels", status_code=201)
async def add_to_company(form: NewChannel, request: Request, who: Admin) -> Response:
    """One more for the company, ten at most."""
    return await _add(request, who, form)


@router.put("/squads/{squad}/channels/{key}/test")
async def test_of_squad(squad: UUID, key: UUID, request: Request, who: Lead) -> Response:
    """Tells one of the squad's something, now; in `error` why it did not arrive."""
    return await _test(request, who, str(key))


@router.put("/channels/{key}/test")
async def test_of_company(key: UUID, request: Request, who: Admin) -> Response:
    """Tells one of the company's something, now; in `error` why it did not arrive."""
    return await _test(request, who, str(key))


@router.delete("/squads/{squad}/channels/{key}", status_code=204)
async def remove_of_squad(squad: UUID, key: UUID, request: Request, who: Lead) -> Response:
    """It is told nothing any more."""
    return await _remove(request, who, str(key))


@router.delete("/channels/{key}", status_code=204)
async def remove_of_company(key: UUID, request: Request, who: Admin) -> Response:
    """It is told nothing any more."""
    return await _remove(request, who, str(key))


async def _list(request: Request, who: Who) -> Response:
    found = await request.app.state.db.read(channels.listed, who.squad)
    return answer([_data(row) for row in found])


def _data(row: Any) -> dict[str, Any]:
    sent = journal.stamp(row.sent_at) if row.sent_at else None
    made = {"id": row.id, "name": row.name, "made_at": journal.stamp(row.made_at)}
    return made | {"sent_at": sent, "error": row.error}


async def _add(request: Request, who: Who, form: NewChannel) -> Response:
    app = request.app.state
    await app.limits.write(who)
    return await _one(request, who, await reaching.bring(app, who, form.name, form.url), 201)


async def _test(request: Request, who: Who, id: str) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await reaching.try_out(app, who, id)
    return await _one(request, who, id)


async def _one(request: Request, who: Who, id: str, status: int = 200) -> Response:
    return answer(_data(await request.app.state.db.read(channels.one, who, id)), status)


async def _remove(request: Request, who: Who, id: str) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(channels.remove, who, id)
    return Response(status_code=204)
