"""The page of one's own learning plan, and its forms."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ON_ITEM, ON_TRACK, SIGNED_IN, Who
from server.answers import explained, go, page
from server.drive import shelf
from server.drive.pages import patience
from server.errors import Invalid
from server.schema import now
from server.training import planning, suggesting
from server.training.planning import DOCUMENTS, TRACKS
from web.render import N_

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]


def _shown(c: Connection, who: Who, new_days: int, weeks: int) -> dict[str, Any]:
    return {**shelf.around(c, who), **suggesting.shown(c, who, new_days, weeks)}


async def _page(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    app = request.app.state
    days, weeks = app.settings.training_new_days, app.settings.training_weeks
    shown = await app.db.read(_shown, who, days, weeks)
    fixed = {"values": values, "errors": errors, "weeks": weeks, **patience(request)}
    return page(request, "training/plan.html", status, **shown, **fixed)


@router.get("/me/plan")
async def own(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What the reader plans to learn; nobody else has this page."""
    return await _page(request, who, {}, {})


@router.post("/me/plan/tracks/{track}")
async def with_track(
    track: UUID, request: Request, who: Annotated[Who, Depends(ON_TRACK)], do: Text = "", due: Text = ""
) -> Response:
    """Something done with a track: add, date, up, off."""
    return await _do(request, who, TRACKS, str(track), do, due)


@router.post("/me/plan/documents/{item}")
async def with_document(
    item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)], do: Text = "", due: Text = ""
) -> Response:
    """Something done with a document: add, date, up, off; done, undone."""
    return await _do(request, who, DOCUMENTS, str(item), do, due)


async def _do(request: Request, who: Who, what: str, id: str, do: str, due: str) -> Response:
    app, most = request.app.state, request.app.state.settings.training_plan
    await app.limits.write(who)
    marks = {"done": {"done_at": now()}, "undone": {"done_at": None}} if what == DOCUMENTS else {}
    try:
        if do == "up":
            await app.db.write(planning.raise_up, who, id, app.settings.training_new_days, most)
        elif do == "off":
            await app.db.write(planning.take_off, who, what, id)
        elif do == "date":
            await app.db.write(planning.put, who, what, id, {"due": _day(due)}, most)
        elif do == "add" or do in marks:
            await app.db.write(planning.put, who, what, id, marks.get(do, {}), most)
        else:
            raise Invalid({"plan": N_("This does not look right.")})
    except Invalid as refused:
        typed = {"id": id, "due": due}
        return await _page(request, who, typed, explained(request, refused), 422)
    return go(request, "/me/plan" if do == "off" else f"/me/plan#i-{id}")


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid({"due": N_("This is no day one could keep.")}) from None
