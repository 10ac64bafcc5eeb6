"""The product knowledge's outline: begun with one press, and what it lacks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ADMIN, KEEPER, Who
from server.answers import explained, go, page
from server.drive import shelf
from server.drive.pages import patience
from server.errors import Invalid, NotFound
from server.schema import new_id
from server.training import gaps, outline
from server.training.topics import TOPICS

router = APIRouter(include_in_schema=False)
Admin = Annotated[Who, Depends(ADMIN)]
Text = Annotated[str, Form()]


def _shown(c: Connection, who: Who, settings: Any) -> dict[str, Any]:
    around = shelf.around(c, who)
    products = gaps.check(c, who, settings.training_old_days)
    return {**around, "products": products, "wanted": gaps.wanted(c, who, settings)}


async def _page(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    settings = request.app.state.settings
    shown = await request.app.state.db.read(_shown, who, settings)
    fixed = {"values": values, "errors": errors, "new_id": values.get("new_id") or new_id()}
    said = {"weeks": settings.training_weeks, "floor": settings.training_floor, **patience(request)}
    said["old_days"] = settings.training_old_days
    return page(request, "training/gaps.html", status, **shown, **fixed, **said)


@router.get("/training/gaps")
async def check(request: Request, who: Admin) -> Response:
    """What there is about each product, what is missing, and what the logs ask for."""
    return await _page(request, who, {}, {})


@router.post("/training/outline")
async def begin(request: Request, who: Admin) -> Response:
    """The outline, as far as it is not there."""
    app = request.app.state
    await app.limits.write(who)
    some = await outline.starters(app, who.locale, *TOPICS)
    try:
        await app.db.write(outline.begin, who, some, app.settings)
    except Invalid as refused:
        return await _page(request, who, {}, explained(request, refused), 422)
    return go(request, "/training/gaps")


@router.post("/training/outline/{folder}")
async def start(
    folder: UUID, request: Request, who: Annotated[Who, Depends(KEEPER)], topic: Text = ""
) -> Response:
    """A topic of a product, or all it lacks; then its questions are there to be answered."""
    app, id = request.app.state, str(folder)
    await app.limits.write(who)
    if (topic and topic not in TOPICS) or who.squad:
        raise NotFound
    some = await outline.starters(app, who.locale, *([topic] if topic else TOPICS))
    try:
        await app.db.write(outline.start, who, id, some, app.settings)
    except Invalid as refused:
        return await _page(request, who, {}, explained(request, refused), 422)
    if topic and (one := (await app.db.read(outline.known, who, id)).get(topic)):
        return go(request, f"/drive/documents/{one.id}" + ("/text" if one.suffix == "md" else ""))
    return go(request, "/training/gaps")


@router.post("/training/products")
async def add_product(
    request: Request, who: Admin, new_id: Annotated[UUID, Form()], name: Text = ""
) -> Response:
    """Another product, with nothing about it yet."""
    app = request.app.state
    await app.limits.write(who)
    try:
        await app.db.write(outline.add_product, who, str(new_id), name)
    except Invalid as refused:
        typed = {"new_id": str(new_id), "name": name}
        return await _page(request, who, typed, explained(request, refused), 422)
    return go(request, "/training/gaps")
