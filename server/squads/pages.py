"""A squad's people: who is in it, and what its leads and the company's admins do for them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ADMIN, IN_SQUAD, STEWARD, Who
from server.answers import explained, go, page
from server.errors import Forbidden, Invalid, NotFound
from server.members import resets, zones
from server.members.doors import base, qr, typed
from server.squads import actions, queries
from server.squads.inviting import invitation
from server.squads.pact import pact
from server.squads.queries import Placed

router = APIRouter(include_in_schema=False)
Steward = Annotated[Who, Depends(STEWARD)]
Inside = Annotated[Who, Depends(IN_SQUAD)]


@router.get("/squads/{squad}/people")
async def people(squad: UUID, request: Request, who: Inside) -> Response:
    """Who is in the squad since when; for those who may, the invitation and the squad's settings."""
    return await _people(request, who, {}, {})


async def _people(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    there = await request.app.state.db.read(_shown, who)
    card = await invitation(request, who) if who.steward else {"card": None}
    chosen = values.get("zone", who.squad_zone or "UTC")
    return page(
        request,
        "squads/people.html",
        status,
        values={"squad": who.squad_name, **values},
        errors=errors,
        chosen=chosen,
        zones=zones.listed(chosen) if who.steward else (),
        **there,
        **card,
    )


def _shown(c: Connection, who: Who) -> dict[str, Any]:
    assert who.squad
    there = queries.people(c, who.squad)
    reset = [one.id for one in there if who.steward and queries.may_reset(c, who.id, who.role, one.id)]
    return {
        "people": there,
        "resettable": reset,
        "territory": queries.territory_of(c, who.squad),
        "own": any(one.own for one in there if one.id == who.id),
        "last_lead": [one.id for one in there if one.lead] == [who.id],
    }


@router.get("/squads/{squad}/pact")
async def agreed(squad: UUID, request: Request, who: Inside) -> Response:
    """What all in the squad agree on, who sees what, and where positions come from."""
    return page(request, "squads/pact.html", **await request.app.state.db.read(_agreed, who))


def _agreed(c: Connection, who: Who) -> dict[str, Any]:
    assert who.squad
    return {"pact": pact(c, who.squad, who.id), "people": queries.people(c, who.squad)}


@router.post("/squads/{squad}/settings")
async def rename(squad: UUID, request: Request, who: Steward) -> Response:
    """Changes the squad's name and time zone."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(
            actions.rename, who.id, str(squad), values.get("squad", ""), values.get("zone", "")
        )
    except Invalid as refused:
        return await _people(request, who, values, explained(request, refused), 422)
    return go(request, f"/squads/{squad}/people")


async def _placed(request: Request, squad: UUID, member: UUID) -> Placed:
    found: Placed | None = await request.app.state.db.read(queries.placed, str(squad), str(member))
    if found is None:
        raise NotFound
    return found


@router.post("/squads/{squad}/people/{member}/lead")
async def lead(squad: UUID, member: UUID, request: Request, who: Steward) -> Response:
    """Makes somebody a lead (`on` = 1) or a member like the others again (0)."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    await _placed(request, squad, member)
    await app.db.write(actions.make_lead, who.id, str(squad), str(member), values.get("on") == "1")
    return go(request, f"/squads/{squad}/people")


@router.get("/squads/{squad}/people/{member}/remove")
async def ask_remove(squad: UUID, member: UUID, request: Request, who: Steward) -> Response:
    """Says first what removing does."""
    return page(request, "squads/remove.html", one=await _placed(request, squad, member))


@router.post("/squads/{squad}/people/{member}/remove")
async def remove(squad: UUID, member: UUID, request: Request, who: Steward) -> Response:
    """Takes somebody out; what they did stays, named."""
    app = request.app.state
    await app.limits.write(who)
    await _placed(request, squad, member)
    await app.db.write(actions.remove, who.id, str(squad), str(member))
    return go(request, f"/squads/{squad}/people" if str(member) != who.id else "/squads")


@router.post("/squads/{squad}/people/{member}/reset")
async def reset(squad: UUID, member: UUID, request: Request, who: Steward) -> Response:
    """A link to a new password, shown once, to hand over in person."""
    app = request.app.state
    await app.limits.write(who)
    one = await _placed(request, squad, member)
    if not await app.db.read(queries.may_reset, who.id, who.role, one.id):
        raise Forbidden
    token = await app.db.write(resets.new_reset, who.id, one.id, str(squad))
    link = f"{base(request)}/reset/{token}"
    return page(request, "squads/reset.html", one=one, link=link, qr=qr(link))


@router.get("/squads/{squad}/leave")
async def ask_leave(squad: UUID, request: Request, who: Inside) -> Response:
    """Says first what leaving does, and to a last lead what comes before it."""
    return page(request, "squads/leave.html", **await request.app.state.db.read(_shown, who))


@router.post("/squads/{squad}/leave")
async def leave(squad: UUID, request: Request, who: Inside) -> Response:
    """Goes out of the squad."""
    await request.app.state.limits.write(who)
    await request.app.state.db.write(actions.leave, str(squad), who.id)
    return go(request, "/squads")


@router.get("/squads/{squad}/people/{member}/close")
async def ask_close(
    squad: UUID, member: UUID, request: Request, who: Annotated[Who, Depends(ADMIN)]
) -> Response:
    """Says first what closing an account does."""
    one = await _placed(request, squad, member)
    return page(request, "squads/close.html", one=one, squad_id=str(squad))


@router.post("/squads/{squad}/people/{member}/close")
async def close(squad: UUID, member: UUID, request: Request, who: Annotated[Who, Depends(ADMIN)]) -> Response:
    """Closes somebody's account; what they did stays, named."""
    app = request.app.state
    await app.limits.write(who)
    await _placed(request, squad, member)
    await app.db.write(actions.deactivate, who.id, str(member))
    return go(request, f"/squads/{squad}/people")
