"""One's own data: to take along, and to have erased. For an admin, erasing somebody else's account."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select
from starlette.responses import Response

from server.access import ADMIN, SIGNED_IN, Who
from server.answers import explained, go, page
from server.errors import Conflict, Invalid, NotFound
from server.members import queries
from server.members.actions import fits
from server.members.doors import entrance, show_out, slowly, typed
from server.members.models import member
from server.members.tokens import by_person
from server.own.erase import erase, only_lead
from server.own.sending import archive
from web.render import N_

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]
Admin = Annotated[Who, Depends(ADMIN)]


@router.get("/me/data")
async def data(request: Request, who: Known) -> Response:
    """What is kept of one: to take along, or to have erased."""
    return await _data(request, who, {})


async def _data(request: Request, who: Who, errors: dict[str, str], status: int = 200) -> Response:
    shown = await request.app.state.db.read(_shown, who.id)
    return page(request, "own/data.html", status, errors=errors, name=who.name, **shown)


def _shown(c: Connection, id: str) -> dict[str, Any]:
    admins = select(member.c.id).where(member.c.role == "admin", member.c.deactivated_at.is_(None))
    return {
        "squad_id": queries.last_squad(c, id),
        "leads": only_lead(c, id),
        "last_admin": list(c.scalars(admins)) == [id],
        "by_password": queries.password(c, id) is not None,
    }


@router.get("/me/export")
async def export(request: Request, who: Known) -> Response:
    """Everything of one's own as a ZIP."""
    return await archive(request, who)


@router.post("/me/erase")
async def erase_me(request: Request, who: Known) -> Response:
    """Erases one's own account, for whoever knows its password, or its name where it has none."""
    by_person(who)
    values, app = await typed(request), request.app.state
    await app.limits.hit("password", who.id, app.settings.signin_limit)
    try:
        await _confirmed(request, who, values.get("confirm", ""))
        await app.db.write(erase, who.id, who.id)
    except Invalid as refused:
        return await _data(request, who, explained(request, refused), 422)
    except Conflict as refused:
        return await _data(request, who, explained(request, Invalid({"confirm": refused.args[0]})), 409)
    request.state.who = None
    return show_out(entrance(request, "own/gone.html"))


async def _confirmed(request: Request, who: Who, given: str) -> None:
    stored = await request.app.state.db.read(queries.password, who.id)
    if stored is None and given.strip() != who.name:
        raise Invalid({"confirm": N_("Write your name as it stands here.")})
    if stored is not None and not await slowly(request, fits, stored, given):
        raise Invalid({"confirm": N_("This is not your password now.")})


@router.get("/members/closed")
async def closed(request: Request, who: Admin) -> Response:
    """Accounts that are closed and not erased, for an admin who is asked to."""
    app = request.app.state
    return page(request, "own/closed.html", **await app.db.read(_closed, who.id))


def _closed(c: Connection, who: str) -> dict[str, Any]:
    query = select(member.c.id, member.c.name, member.c.deactivated_at)
    ended = member.c.deactivated_at.is_not(None) & member.c.erased_at.is_(None)
    people = c.execute(query.where(ended).order_by(member.c.deactivated_at.desc(), member.c.id)).all()
    return {"people": people, "squad_id": queries.last_squad(c, who)}


@router.get("/members/{member}/erase")
async def ask_erase(member: UUID, request: Request, who: Admin) -> Response:
    """Says first what erasing somebody's account does."""
    return await _asked(request, str(member))


async def _asked(request: Request, id: str, errors: dict[str, str] | None = None) -> Response:
    shown = await request.app.state.db.read(_other, id)
    return page(request, "own/erase.html", 409 if errors else 200, errors=errors or {}, id=id, **shown)


def _other(c: Connection, id: str) -> dict[str, Any]:
    name = c.scalar(select(member.c.name).where(member.c.id == id, member.c.erased_at.is_(None)))
    if name is None:
        raise NotFound
    return {"name": name, **_shown(c, id)}


@router.post("/members/{member}/erase")
async def erase_other(member: UUID, request: Request, who: Admin) -> Response:
    """Erases somebody's account, also one that was closed before."""
    by_person(who)
    app, id = request.app.state, str(member)
    await app.limits.write(who)
    await app.db.read(_other, id)
    try:
        await app.db.write(erase, who.id, id)
    except Conflict as refused:
        return await _asked(request, id, explained(request, Invalid({"confirm": refused.args[0]})))
    return go(request, "/squads")
