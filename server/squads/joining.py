"""Coming in with an invitation: a link, a QR code, or a short code typed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import ANYONE, Who
from server.answers import explained, go, language
from server.errors import Invalid, NotFound, TooMany
from server.members import actions as members
from server.members import queries as people
from server.members.doors import WAIT, address, enter, entrance, slowly, typed
from server.members.forms import checked_newcomer
from server.names import initials
from server.squads import invites, queries
from server.squads.invites import Invitation, Newcomer
from server.squads.pact import pact
from web.render import N_

router = APIRouter(include_in_schema=False)
Visitor = Annotated[Who | None, Depends(ANYONE)]
UNKNOWN = N_("This invitation leads nowhere. Check it, or ask for a new one.")


@router.get("/join")
async def code_form(request: Request, who: Visitor) -> Response:
    """Where one types a code."""
    return entrance(request, "auth/code.html", values={}, errors={})


@router.post("/join")
async def with_code(request: Request, who: Visitor) -> Response:
    """On to what the code invites to; a wrong one is told from an old one by nobody."""
    values = await typed(request)
    code = invites.plain(values.get("code", ""))
    try:
        found = await _found(request, code or "?")
    except TooMany:
        return _wrong_code(request, values, WAIT, 429)
    return go(request, f"/join/{code}") if found else _wrong_code(request, values, UNKNOWN, 422)


def _wrong_code(request: Request, values: dict[str, str], text: str, status: int) -> Response:
    errors = explained(request, Invalid({"code": text}))
    return entrance(request, "auth/code.html", status, values=values, errors=errors)


async def _found(request: Request, given: str) -> Invitation | None:
    """What an invitation says. Only those that lead nowhere are counted: many join from one address."""
    app, limit = request.app.state, request.app.state.settings.invite_limit
    await app.limits.check("invite", address(request), limit)
    found: Invitation | None = await app.db.read(invites.look_up_invite, app.settings.secret, given)
    if found is None:
        await app.limits.hit("invite", address(request), limit)
    return found


@router.get("/join/{given}")
async def invited(given: str, request: Request, who: Visitor) -> Response:
    """What one is invited to. Looking uses nothing up, so a chat's preview may."""
    found = await _found(request, given)
    if found is None:
        return entrance(request, "auth/no_invite.html", 404)
    if who is not None and await request.app.state.db.read(queries.joined, found.squad, who.id):
        return go(request, f"/squads/{found.squad}")
    return await _form(request, given, found, {}, {})


async def _form(
    request: Request, given: str, found: Invitation, values: dict[str, str], errors: dict[str, str]
) -> Response:
    app = request.app.state
    return entrance(
        request,
        "auth/join.html",
        422 if errors else 200,
        given=given,
        invited=found,
        values=values,
        errors=errors,
        signs=initials(values["name"]) if values.get("name", "").strip() else "",
        colour=await app.db.read(people.next_colour),
        pact=await app.db.read(pact, found.squad),
        least=app.settings.password_min,
    )


async def _newcomer(request: Request, given: str, values: dict[str, str]) -> str:
    """Makes the account. Refusals count: who may come in need not find out who signs in with what."""
    app, limit = request.app.state, request.app.state.settings.invite_limit
    await app.limits.check("newcomer", address(request), limit)
    hashed = await slowly(request, members.hashed, values["password"])
    form = Newcomer(values["name"], values["login"], hashed, language(request))
    most = app.settings.members_max
    try:
        member: str = await app.db.write(invites.accept_as_new, app.settings.secret, given, form, most)
    except Invalid:
        await app.limits.hit("newcomer", address(request), limit)
        raise
    return member


@router.post("/join/{given}")
async def join(given: str, request: Request, who: Visitor) -> Response:
    """Brings whoever is signed in into the squad; else makes an account and signs it in."""
    values, app = await typed(request), request.app.state
    found = await _found(request, given)
    if found is None:
        return entrance(request, "auth/no_invite.html", 404)
    try:
        if who is not None:
            await app.db.write(invites.accept, app.settings.secret, given, who.id, app.settings.members_max)
            return go(request, f"/squads/{found.squad}")
        checked_newcomer(values, app.settings)
        member = await _newcomer(request, given, values)
    except Invalid as refused:
        return await _form(request, given, found, values, explained(request, refused))
    except NotFound:
        return entrance(request, "auth/no_invite.html", 404)
    return await enter(request, member, f"/squads/{found.squad}")
