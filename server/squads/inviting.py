"""Showing and renewing a squad's invitation."""

from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.access import STEWARD, Who
from server.answers import go, page
from server.members.doors import LOCAL_NAMES, base, qr, typed
from server.squads import invites

router = APIRouter(include_in_schema=False)
Steward = Annotated[Who, Depends(STEWARD)]


async def invitation(request: Request, who: Who, make: bool = False) -> dict[str, Any]:
    """What an invitation's card shows; `card` is None where there is none and none is made."""
    app = request.app.state
    secret = app.settings.secret
    card = await app.db.read(invites.card, secret, who.squad)
    if card is None and make:
        card = await app.db.write(invites.card_or_new, secret, who.squad, who.id)
    link = f"{base(request)}/join/{card.token}" if card else ""
    return {
        "card": card,
        "link": link,
        "qr": qr(link) if card else "",
        "only_here": urlsplit(base(request)).hostname in LOCAL_NAMES,
    }


@router.post("/squads/{squad}/invite")
async def renew(squad: UUID, request: Request, who: Steward) -> Response:
    """A new invitation in place of the one before."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    await app.db.write(invites.new_invite, app.settings.secret, str(squad), who.id)
    return go(request, _back(squad, values))


@router.post("/squads/{squad}/invite/revoke")
async def revoke(squad: UUID, request: Request, who: Steward) -> Response:
    """Ends the invitation: link, QR and code lead nowhere any more."""
    values, app = await typed(request), request.app.state
    await app.limits.write(who)
    await app.db.write(invites.revoke, str(squad), who.id)
    return go(request, _back(squad, values))


def _back(squad: UUID, values: dict[str, str]) -> str:
    return f"/setup/{squad}/invite" if values.get("back") == "setup" else f"/squads/{squad}/people"


@router.get("/squads/{squad}/invite/poster")
async def poster(squad: UUID, request: Request, who: Steward) -> Response:
    """The invitation for the wall: to print, or for the big screen."""
    return page(request, "squads/poster.html", **await invitation(request, who, make=True))
