"""One's own notices: the list, and the way to what each is about."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from config.settings import Settings
from server import journal
from server.access import SIGNED_IN, Who
from server.answers import go, page
from server.errors import NotFound
from server.feed.state import cursors
from server.members.queries import last_squad
from server.notices import actions, queries
from server.schema import as_id

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]


@router.get("/notices")
async def notices(request: Request, who: Known, before: str = "") -> Response:
    """What one is told, newest first."""
    app = request.app.state
    shown = await app.db.read(_shown, who, app.settings, as_id(before))
    return page(request, "notices/list.html", **shown)


def _shown(c: Connection, who: Who, settings: Settings, before: str | None) -> dict[str, Any]:
    """What the list shows; its place in the stream is read before its content."""
    at = journal.head(c, f"me:{who.id}")
    found = queries.mine(c, who.id, settings.feed_page + 1, before)
    return {
        "streams": cursors({"me": at}),
        "parts_live": "" if before else "notices",
        "notices": found[: settings.feed_page],
        "more": found[settings.feed_page - 1].id if len(found) > settings.feed_page else "",
        "days": settings.notice_days,
        "squad_id": last_squad(c, who.id),
        "patience": round(settings.live_patience * 1000),
    }


@router.post("/notices/seen")
async def all_seen(request: Request, who: Known) -> Response:
    """All of them have been seen."""
    await request.app.state.limits.write(who)
    await request.app.state.db.write(actions.see, who.id, None)
    return go(request, "/notices")


@router.get("/notices/{notice}")
async def one(notice: UUID, request: Request, who: Known) -> Response:
    """To what it is about; it has been seen with that."""
    app, id = request.app.state, str(notice)
    found = await app.db.read(queries.one, who.id, id)
    if found is None:
        raise NotFound
    if not found.seen:
        await app.db.write(actions.see, who.id, [id])
    return go(request, found.path)
