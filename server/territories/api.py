"""JSON routes of territories."""

from typing import Annotated, Any
from uuid import UUID

import anyio
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import ADMIN, SIGNED_IN, Who
from server.errors import NotFound
from server.territories import actions, area, queries
from server.territories.pages import limits
from server.territories.queries import Territory
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["territories"])
Known = Annotated[Who, Depends(SIGNED_IN)]
Admin = Annotated[Who, Depends(ADMIN)]


class Making(BaseModel):
    """A territory under an id of the caller's; without a parent it stands at the top."""

    id: UUID
    name: str
    parent: UUID | None = None


class Changes(BaseModel):
    """What is to be otherwise: what is left out stays. `parent` null is the top, `area` null no outline."""

    name: str | None = None
    parent: UUID | None = None
    area: dict[str, Any] | None = None


@router.get("/territories")
async def territories(request: Request, who: Known) -> Response:
    """The whole tree, each territory before those in it, with their squads and managers."""
    return answer([_data(one) for one in await request.app.state.db.read(queries.tree)])


def _data(one: Territory) -> dict[str, Any]:
    return {
        "id": one.id,
        "parent": one.parent,
        "name": one.name,
        "drawn": one.drawn,
        "managers": [
            {
                "id": post.person.id,
                "name": post.person.name,
                "initials": post.person.initials,
                "colour": post.person.colour,
                "since": journal.stamp(post.since),
            }
            for post in one.managers
        ],
        "squads": [{"id": squad.id, "name": squad.name} for squad in one.squads],
    }


@router.post("/territories", status_code=201)
async def make(form: Making, request: Request, who: Admin) -> Response:
    """Makes a territory."""
    app = request.app.state
    await app.limits.write(who)
    parent = str(form.parent) if form.parent else None
    made = await app.db.write(actions.make, who.id, str(form.id), form.name, parent, limits(request))
    return await _one(request, made.id, 201 if made.created else 200)


@router.get("/territories/{territory}")
async def one(territory: UUID, request: Request, who: Known) -> Response:
    """One territory, with its outline."""
    return await _one(request, str(territory))


async def _one(request: Request, id: str, status: int = 200) -> Response:
    whole = await request.app.state.db.read(queries.one, id)
    if whole is None:
        raise NotFound
    return answer(_data(whole.it) | {"area": whole.area}, status)


@router.patch("/territories/{territory}")
async def change(territory: UUID, form: Changes, request: Request, who: Admin) -> Response:
    """Renames, moves or draws it; moved, it takes along all that is in it."""
    app, id, said = request.app.state, str(territory), form.model_fields_set
    await app.limits.write(who)
    drawn = None
    if form.area is not None:
        drawn = await anyio.to_thread.run_sync(area.checked, form.area, app.settings.area_corners)

    def act(c: Connection) -> None:
        whole = queries.one(c, id)
        if whole is None:
            raise NotFound
        if said & {"name", "parent"}:
            parent = str(form.parent) if form.parent else None
            name = form.name if form.name is not None else whole.it.name
            actions.change(
                c, who.id, id, name, parent if "parent" in said else whole.it.parent, limits(request)
            )
        if "area" in said:
            actions.draw(c, who.id, id, drawn)

    await app.db.write(act)
    return await _one(request, id)


@router.delete("/territories/{territory}", status_code=204)
async def close(territory: UUID, request: Request, who: Admin) -> Response:
    """Closes it; 409 while squads or territories are in it."""
    return await _done(request, who, actions.close, territory)


@router.put("/territories/{territory}/managers/{member}", status_code=204)
async def appoint(territory: UUID, member: UUID, request: Request, who: Admin) -> Response:
    """Makes somebody a manager: they are in every squad in it and below, which see it."""
    return await _done(request, who, actions.appoint, territory, member)


@router.delete("/territories/{territory}/managers/{member}", status_code=204)
async def relieve(territory: UUID, member: UUID, request: Request, who: Admin) -> Response:
    """Ends their post."""
    return await _done(request, who, actions.relieve, territory, member)


@router.put("/territories/{territory}/squads/{squad}", status_code=204)
async def place(territory: UUID, squad: UUID, request: Request, who: Admin) -> Response:
    """Puts a squad into it, out of the one it was in."""
    return await _done(request, who, actions.put_in, territory, squad)


@router.delete("/territories/{territory}/squads/{squad}", status_code=204)
async def take_out(territory: UUID, squad: UUID, request: Request, who: Admin) -> Response:
    """Takes a squad out of it: it is in none then."""
    return await _done(request, who, actions.take_out, territory, squad)


async def _done(request: Request, who: Who, action: Any, *about: UUID) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(action, who.id, *(str(one) for one in about))
    return Response(status_code=204)
