"""JSON routes of a member's day, and of who looked at one's own."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import IN_SQUAD, SIGNED_IN, Who
from server.sight import actions, queries
from server.sight.queries import Look
from server.visits.api import answer
from server.visits.queries import state

router = APIRouter(prefix="/api/v1", tags=["sight"])
SHOWN = 500


@router.get("/squads/{squad}/members/{member}/day")
async def day(
    squad: UUID,
    member: UUID,
    request: Request,
    who: Annotated[Who, Depends(IN_SQUAD)],
    date: date | None = None,
) -> Response:
    """One member's day in the squad, today unless said. They see that the caller looked."""
    app = request.app.state
    if str(member) == who.id:
        return answer(await app.db.read(_day, who, str(member), date))
    await app.limits.write(who)
    return answer(await app.db.write(_day, who, str(member), date))


def _day(c: Connection, who: Who, member: str, day: date | None) -> dict[str, Any]:
    shown = actions.see_day(c, who, member, day)
    return {
        "member": member,
        "squad": who.squad,
        "day": shown.day.isoformat(),
        "visits": [state(c, stop.post.id) for stop in shown.stops],
        "earlier": shown.earlier and shown.earlier.isoformat(),
        "later": shown.later and shown.later.isoformat(),
        "rhythm": [
            {"day": beat.day.isoformat(), "visits": beat.visits, "told": beat.told}
            for week in shown.rhythm.weeks
            for beat in week
            if not beat.ahead
        ],
    }


@router.get("/me/looks")
async def looks(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """Who looked at the caller's days, the last first; nobody else is told."""
    app = request.app.state
    found = await app.db.read(queries.at_me, who.id, app.settings.look_days, SHOWN)
    return answer([_look(one) for one in found])


def _look(one: Look) -> dict[str, Any]:
    return {
        "id": one.id,
        "viewer": one.viewer.id,
        "kind": one.kind,
        "squad": one.squad,
        "day": one.day and one.day.isoformat(),
        "first_at": journal.stamp(one.first_at),
        "last_at": journal.stamp(one.last_at),
    }
