"""JSON routes of announcements."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from server import journal
from server.access import ADMIN, ANNOUNCER, IN_SQUAD, LEAD, ON_ANNOUNCEMENT, SIGNED_IN, Who
from server.announcements import actions, queries
from server.announcements.queries import Announcement
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["announcements"])


class Changed(BaseModel):
    """Other words."""

    title: str
    text: str


class Announced(Changed):
    """What is announced, under an id made on the phone."""

    id: UUID


@router.get("/announcements")
async def to_all(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What the whole company is told now, newest first."""
    return answer([_data(one) for one in await request.app.state.db.read(queries.standing, None)])


@router.get("/squads/{squad}/announcements")
async def to_squad(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """What the squad is told now, with what the company is, newest first."""
    return answer([_data(one) for one in await request.app.state.db.read(queries.standing, str(squad))])


@router.post("/announcements", status_code=201)
async def announce_to_all(form: Announced, request: Request, who: Annotated[Who, Depends(ADMIN)]) -> Response:
    """Tells the whole company."""
    return await _announce(form, request, who)


@router.post("/squads/{squad}/announcements", status_code=201)
async def announce(
    squad: UUID, form: Announced, request: Request, who: Annotated[Who, Depends(LEAD)]
) -> Response:
    """Tells the squad."""
    return await _announce(form, request, who)


async def _announce(form: Announced, request: Request, who: Who) -> Response:
    app = request.app.state
    await app.limits.write(who)
    most = app.settings.text_max
    said = await app.db.write(actions.announce, who, str(form.id), form.title, form.text, most)
    return await _one(request, said.id, 201 if said.created else 200)


@router.get("/announcements/{announcement}")
async def one(
    announcement: UUID, request: Request, who: Annotated[Who, Depends(ON_ANNOUNCEMENT)]
) -> Response:
    """An announcement, and who has read it."""
    return await _one(request, str(announcement))


@router.patch("/announcements/{announcement}")
async def edit(
    announcement: UUID, form: Changed, request: Request, who: Annotated[Who, Depends(ANNOUNCER)]
) -> Response:
    """Puts it right; its earlier words stay to be seen."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.edit, who, str(announcement), form.title, form.text, app.settings.text_max)
    return await _one(request, str(announcement))


@router.delete("/announcements/{announcement}", status_code=204)
async def end(announcement: UUID, request: Request, who: Annotated[Who, Depends(ANNOUNCER)]) -> Response:
    """Ends it; 409 where it is over."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.end, who, str(announcement))
    return Response(status_code=204)


@router.put("/announcements/{announcement}/read", status_code=204)
async def read(
    announcement: UUID, request: Request, who: Annotated[Who, Depends(ON_ANNOUNCEMENT)]
) -> Response:
    """The caller has read it, which all who may read it see."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.read, who, str(announcement))
    return Response(status_code=204)


async def _one(request: Request, id: str, status: int = 200) -> Response:
    return answer(_data((await request.app.state.db.read(queries.some, [id]))[id]), status)


def _data(one: Announcement) -> dict[str, Any]:
    return {
        "id": one.id,
        "squad": one.squad,
        "author": one.author.id,
        "at": journal.stamp(one.at),
        "title": one.title,
        "text": one.text,
        "edited": one.edited,
        "ended_at": journal.stamp(one.ended_at) if one.ended_at else None,
        "read": [person.id for person in one.read],
        "missing": one.missing_count,
    }
