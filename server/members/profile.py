"""One's own page: how one is shown, one's password, where one is signed in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ANYONE, SIGNED_IN, Who
from server.answers import explained, go, page
from server.errors import Invalid
from server.members import actions, queries, zones
from server.members.doors import slowly, typed
from server.members.queries import COLOURS
from server.names import initials
from web.render import N_

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]
SAVED = {
    "profile": N_("Saved. Your squads see it already."),
    "password": N_("Your new password is set. Everywhere else you are signed out."),
    "out": N_("Signed out there."),
}


@router.get("/me")
async def me(request: Request, who: Known, saved: str = "") -> Response:
    """One's own page."""
    return await _me(request, who, {}, {}, saved)


async def _me(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], saved: str = ""
) -> Response:
    shown = await request.app.state.db.read(_shown, who)
    person = shown["person"]
    now_is = {"name": person.name, "initials": person.own_initials, "colour": str(person.colour)}
    return page(
        request,
        "members/me.html",
        422 if errors else 200,
        values=now_is | {"locale": person.locale, "zone": person.zone} | values,
        errors=errors,
        zones=zones.listed(values.get("zone", person.zone)),
        saved=SAVED.get(saved, ""),
        least=request.app.state.settings.password_min,
        **shown,
    )


def _shown(c: Connection, who: Who) -> dict[str, Any]:
    return {
        "person": queries.person(c, who.id),
        "places": queries.sign_ins(c, who.id),
        "can_sign_in": queries.password(c, who.id) is not None,
        "squad_id": queries.last_squad(c, who.id),
    }


@router.post("/me")
async def change(request: Request, who: Known) -> Response:
    """Changes how one is shown; the squads hear of it."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    colour = values.get("colour", "")

    def act(c: Connection) -> None:
        actions.change_profile(
            c,
            who.id,
            name=values.get("name", ""),
            initials=values.get("initials", ""),
            colour=int(colour) if colour.isdecimal() and len(colour) < 4 else 0,
            locale=values.get("locale", ""),
            zone=values.get("zone", ""),
        )

    try:
        await app.db.write(act)
    except Invalid as refused:
        return await _me(request, who, values, explained(request, refused))
    return go(request, "/me?saved=profile")


@router.post("/me/password")
async def change_password(request: Request, who: Known) -> Response:
    """Sets a new password for whoever knows the old one; signs out everywhere else."""
    values, app = await typed(request), request.app.state
    await app.limits.hit("password", who.id, app.settings.signin_limit)
    try:
        new = actions.checked_password(values.get("password", ""), app.settings.password_min)
        stored = await app.db.read(queries.password, who.id)
        if not await slowly(request, actions.fits, stored, values.get("current", "")):
            raise Invalid({"current": N_("This is not your password now.")})
    except Invalid as refused:
        return await _me(request, who, {}, explained(request, refused))
    hashed = await slowly(request, actions.hashed, new)
    await app.db.write(actions.change_password, who.id, hashed, who.ticket)
    return go(request, "/me?saved=password")


@router.post("/me/sessions/{session}/signout")
async def sign_out_there(session: UUID, request: Request, who: Known) -> Response:
    """Ends one of one's own sessions; somebody else's is not touched, and nothing is told."""
    await request.app.state.db.write(actions.sign_out, who.id, str(session))
    return go(request, "/me?saved=out")


@router.get("/initials")
async def preview(
    request: Request,
    who: Annotated[Who | None, Depends(ANYONE)],
    name: str = "",
    colour: int = 1,
) -> Response:
    """The disc of a name while it is being typed."""
    signs = initials(name[:80]) if name.strip() else ""
    return page(request, "members/disc.html", signs=signs, colour=min(max(colour, 1), COLOURS))
