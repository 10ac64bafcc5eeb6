"""Announcements: those of a squad or of the company, each with who has read it, and the forms."""

from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server import journal
from server.access import ADMIN, ANNOUNCER, IN_SQUAD, LEAD, ON_ANNOUNCEMENT, SIGNED_IN, Who
from server.announcements import actions, queries
from server.answers import by_htmx, explained, go, page
from server.errors import Conflict, Invalid
from server.feed.state import cursors
from server.members.queries import last_squad
from server.schema import new_id

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
PAST = 50


def listed(c: Connection, who: Who) -> dict[str, Any]:
    """What the list shows; its place in the streams is read before its content."""
    keys = [*([who.squad] if who.squad else []), "company", f"me:{who.id}"]
    streams = {key: journal.head(c, key) for key in keys}
    return {
        "streams": cursors(streams),
        "standing": queries.standing(c, who.squad),
        "over": queries.over(c, who.squad, PAST),
        "squad_id": who.squad or last_squad(c, who.id),
        "may": who.leads if who.squad else who.role == "admin",
    }


async def _list(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    app = request.app.state
    shown = await app.db.read(listed, who)
    fixed = {"text_max": app.settings.text_max, "patience": round(app.settings.live_patience * 1000)}
    id = values.get("new_id") or new_id()
    return page(
        request, "announcements/list.html", status, values=values, errors=errors, new_id=id, **fixed, **shown
    )


@router.get("/announcements")
async def to_all(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What the company is told; for an admin the form to tell it something."""
    return await _list(request, who, {}, {})


@router.get("/squads/{squad}/announcements")
async def to_squad(squad: UUID, request: Request, who: Annotated[Who, Depends(IN_SQUAD)]) -> Response:
    """What the squad is told, with what the company is; for its leads the form."""
    return await _list(request, who, {}, {})


@router.post("/announcements")
async def announce_to_all(
    request: Request,
    who: Annotated[Who, Depends(ADMIN)],
    new_id_: Annotated[UUID, Form(alias="new_id")],
    title: Text = "",
    text: Text = "",
) -> Response:
    """Tells the company; what is wrong comes back with what was typed."""
    return await _announce(request, who, str(new_id_), title, text)


@router.post("/squads/{squad}/announcements")
async def announce(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(LEAD)],
    new_id_: Annotated[UUID, Form(alias="new_id")],
    title: Text = "",
    text: Text = "",
) -> Response:
    """Tells the squad."""
    return await _announce(request, who, str(new_id_), title, text)


async def _announce(request: Request, who: Who, id: str, title: str, text: str) -> Response:
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(actions.announce, who, id, title, text, app.settings.text_max)
    except Invalid as refused:
        values = {"new_id": id, "title": title, "text": text}
        return await _list(request, who, values, explained(request, refused), 422)
    return go(request, f"/squads/{who.squad}" if who.squad else "/announcements")


def _one(c: Connection, who: Who, id: str) -> dict[str, Any]:
    one = queries.some(c, [id])[id]
    may = who.leads if who.squad else who.role == "admin"
    home = who.squad or last_squad(c, who.id)
    return {"one": one, "before": queries.revisions(c, id), "may": may, "squad_id": home}


async def _shown(
    request: Request, who: Who, id: str, template: str, status: int = 200, **more: Any
) -> Response:
    app = request.app.state
    shown = await app.db.read(_one, who, id)
    return page(request, template, status, **shown, text_max=app.settings.text_max, **more)


@router.get("/announcements/{announcement}")
async def one(
    announcement: UUID, request: Request, who: Annotated[Who, Depends(ON_ANNOUNCEMENT)]
) -> Response:
    """The whole of it: who has read it and who has not, and what it said before."""
    return await _shown(request, who, str(announcement), "announcements/one.html")


@router.post("/announcements/{announcement}/read")
async def read(
    announcement: UUID, request: Request, who: Annotated[Who, Depends(ON_ANNOUNCEMENT)]
) -> Response:
    """The caller has read it: it leaves the top of their pages."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.read, who, str(announcement))
    return Response(status_code=204) if by_htmx(request) else go(request, "/")


@router.get("/announcements/{announcement}/edit")
async def editing(announcement: UUID, request: Request, who: Annotated[Who, Depends(ANNOUNCER)]) -> Response:
    """The form to put it right."""
    return await _shown(request, who, str(announcement), "announcements/edit.html", values={}, errors={})


@router.post("/announcements/{announcement}/edit")
async def edit(
    announcement: UUID,
    request: Request,
    who: Annotated[Who, Depends(ANNOUNCER)],
    title: Text = "",
    text: Text = "",
) -> Response:
    """Puts it right on every screen."""
    app, id = request.app.state, str(announcement)
    await app.limits.write(who)
    try:
        await app.db.write(actions.edit, who, id, title, text, app.settings.text_max)
    except Invalid as refused:
        typed = {"values": {"title": title, "text": text}, "errors": explained(request, refused)}
        return await _shown(request, who, id, "announcements/edit.html", 422, **typed)
    return go(request, f"/announcements/{id}")


@router.post("/announcements/{announcement}/end")
async def end(announcement: UUID, request: Request, who: Annotated[Who, Depends(ANNOUNCER)]) -> Response:
    """Takes it from the top everywhere; pressed twice it is over once."""
    app = request.app.state
    await app.limits.write(who)
    with suppress(Conflict):
        await app.db.write(actions.end, who, str(announcement))
    return go(request, f"/squads/{who.squad}/announcements" if who.squad else "/announcements")
