"""One's squads: the list, founding one, and an admin's way into those they look after."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, SIGNED_IN, STEWARD, Who
from server.answers import explained, go, page
from server.errors import Forbidden, Invalid
from server.members import queries as people
from server.members import zones
from server.members.doors import typed
from server.schema import as_id, new_id, now
from server.squads import actions, queries, unread

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]


@router.get("/squads")
async def squads(request: Request, who: Known) -> Response:
    """The caller's squads; for an admin also the names of the others."""
    shown = await request.app.state.db.read(_shown, who)
    return page(request, "squads/squads.html", **shown)


def _shown(c: Connection, who: Who) -> dict[str, Any]:
    return {
        "streams": f"me@{journal.head(c, f'me:{who.id}')}",
        "mine": queries.mine(c, who.id),
        "unread": unread.counts(c, who.id),
        "others": queries.others(c, who.id) if who.role == "admin" else [],
        "may_found": queries.may_found(c, who.id, who.role),
        "squad_id": people.last_squad(c, who.id),
    }


async def _founder(request: Request, who: Who) -> None:
    if not await request.app.state.db.read(queries.may_found, who.id, who.role):
        raise Forbidden


@router.post("/squads/{squad}/mute")
async def mute(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """Mutes a squad: `for` = hour, morning, always; anything else ends it."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    how = values.get("for", "")
    until = {"hour": now() + timedelta(hours=1), "morning": _morning(who.zone)}.get(how)
    await app.db.write(unread.mute, who.id, str(squad), how in ("hour", "morning", "always"), until)
    return go(request, "/squads")


def _morning(zone: str) -> datetime:
    """The next eight o'clock of somebody who sleeps."""
    here = now().astimezone(ZoneInfo(zone))
    at = here.replace(hour=8, minute=0, second=0, microsecond=0)
    return at if at > here else at + timedelta(days=1)


@router.get("/squads/new")
async def new(request: Request, who: Known) -> Response:
    """The form to found a squad: for admins, and for leads of one."""
    await _founder(request, who)
    return await _form(request, who, {}, {})


async def _form(request: Request, who: Who, values: dict[str, str], errors: dict[str, str]) -> Response:
    chosen = values.get("zone", who.zone)
    return page(
        request,
        "squads/new.html",
        422 if errors else 200,
        values=values,
        errors=errors,
        new_id=as_id(values.get("new_id")) or new_id(),
        chosen=chosen,
        zones=zones.listed(chosen),
        squad_id=await request.app.state.db.read(people.last_squad, who.id),
    )


@router.post("/squads/new")
async def found(request: Request, who: Known) -> Response:
    """Founds a squad, led by the caller; on to its invitation. Pressed twice it is one squad."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    await _founder(request, who)
    try:
        name, zone, wanted = values.get("squad", ""), values.get("zone", ""), as_id(values.get("new_id"))
        id = await app.db.write(actions.create_squad, who.id, name, zone, wanted)
    except Invalid as refused:
        return await _form(request, who, values, explained(request, refused))
    return go(request, f"/squads/{id}/people")


@router.post("/squads/{squad}/join")
async def join(squad: UUID, request: Request, who: Annotated[Who, Depends(STEWARD)]) -> Response:
    """An admin goes into a squad: from then on they see it, and it sees them. The feed says so."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.enter, str(squad), who.id, app.settings.members_max)
    return go(request, f"/squads/{squad}")
