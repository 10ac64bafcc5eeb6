"""Territories: the tree for everybody, each of them, and what an admin does there."""

from typing import Annotated, Any
from uuid import UUID

import anyio
import orjson
from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server import journal
from server.access import ADMIN, SIGNED_IN, Who
from server.answers import explained, go, page
from server.errors import Conflict, Invalid, NotFound
from server.feed.state import cursors
from server.members.doors import typed
from server.members.queries import last_squad
from server.schema import as_id, new_id
from server.territories import actions, area, queries
from server.territories.actions import Limits
from web.render import N_

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]
Admin = Annotated[Who, Depends(ADMIN)]
CHOOSE = N_("Choose one of the list.")


def limits(request: Request) -> Limits:
    """How large the tree may grow here."""
    settings = request.app.state.settings
    return Limits(settings.territories_max, settings.territory_levels)


def _tree(c: Connection, who: Who) -> dict[str, Any]:
    """The tree; its place in the streams is read before it."""
    streams = {key: journal.head(c, key) for key in ("company", f"me:{who.id}")}
    return {
        "streams": cursors(streams),
        "tree": queries.tree(c),
        "loose": queries.loose(c) if who.role == "admin" else [],
        "squad_id": last_squad(c, who.id),
    }


@router.get("/territories")
async def territories(request: Request, who: Known) -> Response:
    """The tree with its squads and managers; for an admin also the squads that are in none."""
    app = request.app.state
    shown = await app.db.read(_tree, who)
    patience = round(app.settings.live_patience * 1000)
    return page(request, "territories/list.html", may=who.role == "admin", patience=patience, **shown)


def _new(c: Connection, who: Who) -> dict[str, Any]:
    return {"parents": queries.tree(c), "squad_id": last_squad(c, who.id)}


async def _form(request: Request, who: Who, values: dict[str, str], errors: dict[str, str]) -> Response:
    shown = await request.app.state.db.read(_new, who)
    id = as_id(values.get("new_id")) or new_id()
    values, status = {"parent": "", **values}, 422 if errors else 200
    return page(request, "territories/new.html", status, values=values, errors=errors, new_id=id, **shown)


@router.get("/territories/new")
async def new(request: Request, who: Admin) -> Response:
    """The form for a new territory; `in` is the one it is to lie in."""
    return await _form(request, who, {"parent": request.query_params.get("in", "")}, {})


@router.post("/territories")
async def make(request: Request, who: Admin) -> Response:
    """Makes it. Pressed twice it is one."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    wanted, name = as_id(values.get("new_id")) or new_id(), values.get("name", "")
    try:
        made = await app.db.write(actions.make, who.id, wanted, name, _parent(values), limits(request))
    except Invalid as refused:
        return await _form(request, who, values, explained(request, refused))
    return go(request, f"/territories/{made.id}")


def _parent(values: dict[str, str]) -> str | None:
    """The territory chosen to lie in; what is no id is one that is not there."""
    chosen = values.get("parent", "")
    return (as_id(chosen) or chosen) if chosen else None


def _whole(c: Connection, who: Who, id: str) -> dict[str, Any]:
    whole = queries.one(c, id)
    if whole is None:
        raise NotFound
    may = who.role == "admin"
    return {
        "whole": whole,
        "may": may,
        "outline": area.drawn(whole.area) if whole.area else "",
        "candidates": queries.candidates(c, id) if may else [],
        "elsewhere": queries.squads_elsewhere(c, id) if may else [],
        "parents": queries.parents_for(c, id) if may else [],
        "squad_id": last_squad(c, who.id),
    }


async def _one(
    request: Request, who: Who, id: UUID, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(_whole, who, str(id))
    it, drawn = shown["whole"].it, shown["whole"].area
    text = orjson.dumps(drawn).decode() if drawn else ""
    values = {"name": it.name, "parent": it.parent or "", "area": text, **values}
    return page(request, "territories/one.html", status, values=values, errors=errors, **shown)


@router.get("/territories/{territory}")
async def one(territory: UUID, request: Request, who: Known) -> Response:
    """One territory: where it lies, who manages it, its squads; for an admin the forms."""
    return await _one(request, who, territory, {}, {})


@router.post("/territories/placing")
async def place(request: Request, who: Admin) -> Response:
    """Puts a squad into a territory; without one, out of its own. `back` is where the form stood."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    if (squad := as_id(values.get("squad"))) is None:
        raise Invalid({"squad": CHOOSE})
    chosen = values.get("territory", "")
    await app.db.write(actions.place, who.id, squad, (as_id(chosen) or chosen) if chosen else None)
    back = as_id(values.get("back"))
    return go(request, f"/territories/{back}" if back else "/territories")


@router.post("/territories/{territory}")
async def change(territory: UUID, request: Request, who: Admin) -> Response:
    """Another name, another place in the tree."""
    values, app, id = await typed(request), request.app.state, str(territory)
    await app.limits.write(who)
    about = (values.get("name", ""), _parent(values), limits(request))
    try:
        await app.db.write(actions.change, who.id, id, *about)
    except Invalid as refused:
        return await _one(request, who, territory, values, explained(request, refused), 422)
    return go(request, f"/territories/{territory}")


@router.post("/territories/{territory}/area")
async def draw(territory: UUID, request: Request, who: Admin) -> Response:
    """Its outline, pasted or as a file; what is wrong comes back with all that was sent."""
    app = request.app.state
    await app.limits.write(who)
    form = await request.form()
    file, text = form.get("file"), form.get("area")
    given: str | bytes = text if isinstance(text, str) else ""
    if isinstance(file, UploadFile) and file.size:
        given = await file.read()
    try:
        drawn = await anyio.to_thread.run_sync(area.parsed, given, app.settings.area_corners)
    except Invalid as refused:
        sent = given if isinstance(given, str) else given.decode(errors="replace")
        return await _one(request, who, territory, {"area": sent}, explained(request, refused), 422)
    await app.db.write(actions.draw, who.id, str(territory), drawn)
    return go(request, f"/territories/{territory}")


@router.post("/territories/{territory}/managers")
async def appoint(territory: UUID, request: Request, who: Admin) -> Response:
    """Makes somebody a manager."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    if (member := as_id(values.get("member"))) is None:
        errors = explained(request, Invalid({"member": CHOOSE}))
        return await _one(request, who, territory, {}, errors, 422)
    await app.db.write(actions.appoint, who.id, str(territory), member)
    return go(request, f"/territories/{territory}")


@router.post("/territories/{territory}/managers/{member}/relieve")
async def relieve(territory: UUID, member: UUID, request: Request, who: Admin) -> Response:
    """Ends a manager's post."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.relieve, who.id, str(territory), str(member))
    return go(request, f"/territories/{territory}")


@router.get("/territories/{territory}/close")
async def ask_close(territory: UUID, request: Request, who: Admin) -> Response:
    """Says first what closing does."""
    return await _ask(request, who, territory)


async def _ask(request: Request, who: Who, territory: UUID, status: int = 200) -> Response:
    shown = await request.app.state.db.read(_whole, who, str(territory))
    return page(request, "territories/close.html", status, **shown)


@router.post("/territories/{territory}/close")
async def close(territory: UUID, request: Request, who: Admin) -> Response:
    """Closes it, where it is empty."""
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(actions.close, who.id, str(territory))
    except Conflict:
        return await _ask(request, who, territory, 409)
    return go(request, "/territories")
