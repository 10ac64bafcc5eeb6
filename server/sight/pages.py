"""One member's day, and who looked at one's own."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from config.settings import Settings
from server import journal
from server.access import IN_SQUAD, SIGNED_IN, Who
from server.answers import page
from server.feed.state import cursors
from server.members.queries import company, last_squad
from server.sight import actions, queries
from server.sight.queries import Day
from server.squads import queries as squads

router = APIRouter(include_in_schema=False)
SHOWN = 200


@router.get("/squads/{squad}/members/{member}/day")
async def day(
    squad: UUID,
    member: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_SQUAD)],
    date: date | None = None,
) -> Response:
    """What one member did in the squad on a day; they see that somebody looked."""
    app = request.app.state
    shown = await looked(request, who, str(member), date)
    town = (await app.db.read(company)).demo
    return page(request, "sight/day.html", shown=shown, town=town)


async def looked(request: Request, who: Who, member: str, day: date | None) -> Day:
    """The day; a look is written before anything is answered, one's own day is no look."""
    app = request.app.state
    if member == who.id:
        return await app.db.read(actions.see_day, who, member, day)  # type: ignore[no-any-return]
    await app.limits.write(who)
    return await app.db.write(actions.see_day, who, member, day)  # type: ignore[no-any-return]


@router.get("/me/looks")
async def looks(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """Who looked at one's own days, for oneself alone."""
    app = request.app.state
    return page(request, "sight/looks.html", **await app.db.read(_looks, who, app.settings))


def _looks(c: Connection, who: Who, settings: Settings) -> dict[str, Any]:
    """What the list shows; its place in the streams is read before its content."""
    streams = {key: journal.head(c, key) for key in ("company", f"me:{who.id}")}
    return {
        "streams": cursors(streams),
        "looks": queries.at_me(c, who.id, settings.look_days, SHOWN),
        "days": settings.look_days,
        "squads": squads.mine(c, who.id),
        "squad_id": last_squad(c, who.id),
        "patience": round(settings.live_patience * 1000),
    }
