"""One's own notices: the list, the way to what each is about, and what one wants to be told of."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from config.settings import Settings
from server import journal
from server.access import SIGNED_IN, Who
from server.answers import go, language, page
from server.errors import NotFound
from server.feed.state import cursors
from server.members.queries import last_squad
from server.notices import actions, queries, wishes
from server.notices.kinds import KINDS
from server.schema import as_id
from web.render import N_, translate

router = APIRouter(include_in_schema=False)
Known = Annotated[Who, Depends(SIGNED_IN)]
WAYS = {"app": N_("In Muster")}


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


@router.get("/me/notices")
async def settings(request: Request, who: Known, saved: str = "") -> Response:
    """What one wants to be told of, and how."""
    lang = language(request)
    shown = await request.app.state.db.read(_settings, who)
    rows = [(kind, translate(lang, KINDS[kind].title), on) for kind, on in shown["wishes"].items()]
    ways = [(way, translate(lang, words)) for way, words in WAYS.items()]
    return page(
        request,
        "notices/settings.html",
        wishes=rows,
        ways=ways,
        saved=bool(saved),
        squad_id=shown["squad_id"],
    )


def _settings(c: Connection, who: Who) -> dict[str, Any]:
    return {"wishes": wishes.wishes(c, who.id), "squad_id": last_squad(c, who.id)}


@router.post("/me/notices")
async def choose(request: Request, who: Known) -> Response:
    """Chooses: boxes ticked or not."""
    app = request.app.state
    await app.limits.write(who)
    form = await request.form()
    chosen = {kind: {way: way in form.getlist(kind) for way in WAYS} for kind in KINDS}
    await app.db.write(wishes.choose, who.id, chosen)
    return go(request, "/me/notices?saved=yes")
