"""Setting a new password with a link that a lead or an admin gave."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import ANYONE, Who
from server.answers import explained
from server.errors import Invalid, NotFound
from server.members import actions, resets
from server.members.doors import address, enter, entrance, slowly, typed

router = APIRouter(include_in_schema=False)
Visitor = Annotated[Who | None, Depends(ANYONE)]


async def _found(request: Request, token: str) -> resets.Reset | None:
    app = request.app.state
    await app.limits.check("reset", address(request), app.settings.invite_limit)
    found: resets.Reset | None = await app.db.read(resets.look_up_reset, token)
    if found is None:
        await app.limits.hit("reset", address(request), app.settings.invite_limit)
    return found


def _form(request: Request, found: resets.Reset | None, errors: dict[str, str], status: int) -> Response:
    least = request.app.state.settings.password_min
    return entrance(request, "auth/reset.html", status, found=found, errors=errors, least=least)


@router.get("/reset/{token}")
async def form(token: str, request: Request, who: Visitor) -> Response:
    """Whose password it is for; looking does not use the link up."""
    found = await _found(request, token)
    return _form(request, found, {}, 200 if found else 404)


@router.post("/reset/{token}")
async def reset(token: str, request: Request, who: Visitor) -> Response:
    """Sets the password, signs out everywhere, and in here."""
    values, app = await typed(request), request.app.state
    found = await _found(request, token)
    if found is None:
        return _form(request, None, {}, 404)
    try:
        new = actions.checked_password(values.get("password", ""), app.settings.password_min)
    except Invalid as refused:
        return _form(request, found, explained(request, refused), 422)
    try:
        member = await app.db.write(resets.use_reset, token, await slowly(request, actions.hashed, new))
    except NotFound:
        return _form(request, None, {}, 404)
    return await enter(request, member, "/")
