"""One's API tokens: a program's way in, under a name, until it is revoked."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection, select, update
from starlette.responses import Response

from server import audit
from server.access import SIGNED_IN, Who
from server.answers import explained, go, page
from server.errors import Conflict, Forbidden, Invalid
from server.members import actions, queries
from server.members.doors import typed
from server.members.leaving import dismiss
from server.members.models import api_token
from server.schema import now
from server.text import checked
from web.render import N_

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]
MOST = 20
"""Tokens of one member that stand."""
REVOKED = N_("Revoked. What used it is cut off.")


def standing(c: Connection, member: str) -> list[Any]:
    """A member's tokens that are not revoked, newest first: (id, name, created_at)."""
    query = select(api_token.c.id, api_token.c.name, api_token.c.created_at)
    mine = (api_token.c.member == member) & api_token.c.revoked_at.is_(None)
    return list(c.execute(query.where(mine).order_by(api_token.c.created_at.desc(), api_token.c.id)))


def make(c: Connection, who: Who, name: str) -> str:
    """A new token of the caller; it is told now and never again."""
    checked("name", name, 80, required=True)
    if len(standing(c, who.id)) >= MOST:
        raise Conflict(N_("Revoke one of your tokens first."))
    return actions.new_token(c, who.id, name.strip())


def revoke(c: Connection, who: Who, id: str) -> None:
    """Ends one of the caller's tokens, and closes its sockets at once. Somebody else's is not touched."""
    mine = (api_token.c.id == id) & (api_token.c.member == who.id) & api_token.c.revoked_at.is_(None)
    ended = update(api_token).where(mine).values(revoked_at=now()).returning(api_token.c.name)
    if (name := c.scalar(ended)) is not None:
        audit.note(c, who.id, "token_revoked", subject=who.id, name=name)
        dismiss(c, who.id, ticket=id)


def by_person(who: Who) -> None:
    """A token makes and ends no tokens: whoever finds one must not outlive it."""
    if who.by_token:
        raise Forbidden


@router.get("/me/tokens")
async def tokens(request: Request, who: Known, revoked: str = "") -> Response:
    """One's tokens by name."""
    return await _tokens(request, who, said=REVOKED if revoked else "")


async def _tokens(request: Request, who: Who, status: int = 200, **shown: Any) -> Response:
    db = request.app.state.db
    mine, squad = await db.read(standing, who.id), await db.read(queries.last_squad, who.id)
    return page(
        request,
        "members/tokens.html",
        status,
        **{"mine": mine, "squad_id": squad, "said": "", "fresh": "", "values": {}, "errors": {}, **shown},
    )


@router.post("/me/tokens")
async def new(request: Request, who: Known) -> Response:
    """A new token, on this page and nowhere else."""
    by_person(who)
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    try:
        fresh = await app.db.write(make, who, values.get("name", ""))
    except (Invalid, Conflict) as refused:
        told = refused if isinstance(refused, Invalid) else Invalid({"name": str(refused.args[0])})
        return await _tokens(request, who, 422, values=values, errors=explained(request, told))
    return await _tokens(request, who, fresh=fresh)


@router.post("/me/tokens/{key}/revoke")
async def end(key: UUID, request: Request, who: Known) -> Response:
    """Ends one of one's own tokens."""
    by_person(who)
    await request.app.state.db.write(revoke, who, str(key))
    return go(request, "/me/tokens?revoked=yes")
