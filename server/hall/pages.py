"""The company's hall of wins, and what a squad shows there."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from config.settings import Settings
from server import journal
from server.access import IN_HALL, LEAD, SIGNED_IN, Who
from server.answers import by_htmx, go, page
from server.feed import actions as feed
from server.feed.state import cursors
from server.hall import actions, queries
from server.hall.actions import Shown
from server.members.queries import last_squad
from server.squads import queries as squads
from server.squads import unread

router = APIRouter(include_in_schema=False)


def hall_state(c: Connection, who: Who, settings: Settings, before: int | None) -> dict[str, Any]:
    """All the hall shows; its place in the streams is read before its content."""
    streams = {key: journal.head(c, key) for key in ("company", f"me:{who.id}")}
    led = [one for one in squads.mine(c, who.id) if one.lead or one.manages]
    return {
        "streams": cursors(streams),
        "wins": queries.page(c, settings.feed_page, before),
        "before": before,
        "closed": [one for one in led if not actions.shown(c, one.id).on],
        "unread": unread.counts(c, who.id),
        "squad_id": last_squad(c, who.id),
        "page_size": settings.feed_page,
        "patience": round(settings.live_patience * 1000),
    }


@router.get("/hall")
async def hall(
    request: Request,
    who: Annotated[Who, Depends(SIGNED_IN)],
    before: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> Response:
    """Wins across the squads, newest first."""
    app = request.app.state
    return page(request, "hall/hall.html", **await app.db.read(hall_state, who, app.settings, before))


@router.post("/hall/{win}/cheers")
async def cheer(
    win: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_HALL)],
    give: Annotated[str, Form()] = "",
) -> Response:
    """Cheers a win, or takes the caller's cheer back."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(feed.react, who, str(win), "cheer", bool(give))
    return Response(status_code=204) if by_htmx(request) else go(request, f"/hall#h-{win}")


@router.get("/squads/{squad}/hall")
async def opened(squad: UUID, request: Request, who: Annotated[Who, Depends(LEAD)]) -> Response:
    """What the squad shows of its wins, for its lead to choose."""
    shown = await request.app.state.db.read(actions.shown, str(squad))
    return page(request, "hall/open.html", shown=shown)


@router.post("/squads/{squad}/hall")
async def show(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(LEAD)],
    on: Annotated[str, Form()] = "",
    customer: Annotated[str, Form()] = "",
    amount: Annotated[str, Form()] = "",
) -> Response:
    """What the squad shows of its wins: boxes ticked or not."""
    app = request.app.state
    await app.limits.write(who)
    wanted = Shown(bool(on), bool(customer), bool(amount))
    await app.db.write(actions.show, who.id, str(squad), wanted)
    return go(request, "/hall" if on else f"/squads/{squad}/people")
