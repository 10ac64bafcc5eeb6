"""In and out: the start page, sign-in, sign-out, and the demo's one-click sign-in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ANYONE, SIGNED_IN, Who
from server.answers import go
from server.errors import NotFound, TooMany
from server.members import actions, queries
from server.members.doors import (
    WAIT,
    address,
    at_the_machine,
    enter,
    entrance,
    local,
    show_out,
    slowly,
    typed,
)
from web.render import N_

router = APIRouter(include_in_schema=False)
WRONG = N_(
    "This login and password do not fit together. Check both, or ask your squad’s lead for a new password."
)


@router.get("/")
async def start(request: Request, who: Annotated[Who | None, Depends(ANYONE)]) -> Response:
    """To the squad one was in last, to one's squads, or to the door."""
    db = request.app.state.db
    if who is None:
        there = await db.read(queries.company)
        return go(request, "/signin" if there else "/setup")
    last = await db.read(queries.last_squad, who.id)
    return go(request, f"/squads/{last}" if last else "/squads")


@router.get("/signin")
async def door(request: Request, who: Annotated[Who | None, Depends(ANYONE)], next: str = "/") -> Response:
    """The sign-in page; whoever is in already goes on."""
    if who is not None:
        return go(request, local(next))
    if await request.app.state.db.read(queries.company) is None:
        return go(request, "/setup")
    return await _door(request, {"next": local(next)}, "")


async def _door(request: Request, values: dict[str, str], wrong: str, status: int = 200) -> Response:
    shown = await request.app.state.db.read(_shown, demo_open(request))
    return entrance(request, "auth/signin.html", status, values=values, wrong=wrong, **shown)


def _shown(c: Connection, may_demo: bool) -> dict[str, Any]:
    there = queries.company(c)
    demo = bool(there and there.demo and may_demo)
    return {"company": there.name if there else "", "cast": queries.cast(c) if demo else {}}


def demo_open(request: Request) -> bool:
    """Whether a demo company may be entered without a password from there."""
    return at_the_machine(request) or request.app.state.settings.demo_anywhere


@router.post("/signin")
async def sign_in(request: Request, who: Annotated[Who | None, Depends(ANYONE)]) -> Response:
    """Opens a session. Answers alike, and takes as long, for an unknown login and a wrong password."""
    values, app = await typed(request), request.app.state
    login, to = actions.folded(values.get("login", ""))[:254], local(values.get("next", "/"))
    login = login if login.isprintable() else ""  # neither database nor Redis takes every sign
    again = {"login": values.get("login", ""), "next": to}
    limit = app.settings.signin_limit
    try:
        await app.limits.check("signin-address", address(request), limit)
        await app.limits.hit("signin", login, limit)
        member = await _known(request, login, values.get("password", ""))
        if member is None:
            await app.limits.hit("signin-address", address(request), limit)
    except TooMany:
        return await _door(request, again, WAIT, 429)
    if member is None:
        return await _door(request, again, WRONG, 422)
    await app.limits.forget("signin", login, limit)
    return await enter(request, member, to)


async def _known(request: Request, login: str, password: str) -> str | None:
    """Whose login and password these are."""
    found = await request.app.state.db.read(queries.entrance, login)
    fits = await slowly(request, actions.fits, found.password if found else None, password)
    return found.member if found and fits else None


@router.post("/demo/signin")
async def demo(request: Request, who: Annotated[Who | None, Depends(ANYONE)]) -> Response:
    """One click, in a demo company only."""
    values, app = await typed(request), request.app.state
    there = await app.db.read(queries.company)
    if there is None or not there.demo or not demo_open(request):
        raise NotFound
    found = await app.db.read(queries.entrance, actions.folded(values.get("handle", "")))
    if found is None:
        raise NotFound
    return await enter(request, found.member, local(values.get("next", "/")))


@router.post("/signout")
async def sign_out(request: Request, who: Annotated[Who | None, Depends(ANYONE)]) -> Response:
    """Ends this session, here and on the server. Works also when it has ended already."""
    if who is not None and not who.by_token:
        await request.app.state.db.write(actions.sign_out, who.id, who.ticket)
    return show_out(go(request, "/signin"))


@router.post("/signout/everywhere")
async def sign_out_everywhere(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """Ends every session of the caller."""
    await request.app.state.db.write(actions.sign_out_everywhere, who.id)
    return show_out(go(request, "/signin"))
