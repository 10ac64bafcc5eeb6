"""JSON routes of the product knowledge's outline."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ADMIN, KEEPER, Who
from server.errors import Invalid, NotFound
from server.training import gaps, outline
from server.training.actions import WRONG
from server.training.topics import TOPICS
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["training"])
Admin = Annotated[Who, Depends(ADMIN)]


class NewProduct(BaseModel):
    """Another product, under an id made by the caller: a folder in the outline's."""

    id: UUID
    name: str


class Begun(BaseModel):
    """Topics of a product to begin; none are named: all it lacks."""

    topics: list[str] = []


def _all(c: Connection, who: Who, settings: Any) -> tuple[list[gaps.Product], list[gaps.Wanted]]:
    return gaps.check(c, who, settings.training_old_days), gaps.wanted(c, who, settings)


async def _answer(request: Request, who: Who, status: int = 200) -> Response:
    products, wanted = await request.app.state.db.read(_all, who, request.app.state.settings)
    shown = [
        {
            "folder": one.folder.id,
            "name": one.folder.name,
            "topics": [
                {"topic": it.topic, "state": it.state, "document": it.document.id if it.document else None}
                for it in one.gaps
            ],
        }
        for one in products
    ]
    return answer({"products": shown, "wanted": [one._asdict() for one in wanted]}, status)


@router.get("/knowledge/gaps")
async def check(request: Request, who: Admin) -> Response:
    """What there is about each product, and problems of the last weeks that no document answers."""
    return await _answer(request, who)


@router.put("/knowledge/outline")
async def begin(request: Request, who: Admin) -> Response:
    """Begins the company's outline, as far as it is not there; answers what there is."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(outline.begin, who, await outline.starters(app, who.locale, *TOPICS), app.settings)
    return await _answer(request, who)


@router.put("/knowledge/outline/{folder}")
async def start(
    folder: UUID, form: Begun, request: Request, who: Annotated[Who, Depends(KEEPER)]
) -> Response:
    """Begins topics of a product, as far as they are not there; answers what there is."""
    app = request.app.state
    await app.limits.write(who)
    if who.squad:
        raise NotFound
    if not set(form.topics) <= set(TOPICS):
        raise Invalid({"topics": WRONG})
    some = await outline.starters(app, who.locale, *(form.topics or TOPICS))
    await app.db.write(outline.start, who, str(folder), some, app.settings)
    return await _answer(request, who)


@router.post("/knowledge/products", status_code=201)
async def add_product(form: NewProduct, request: Request, who: Admin) -> Response:
    """Another product, with nothing about it yet; answers what there is."""
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(outline.add_product, who, str(form.id), form.name)
    return await _answer(request, who, 201 if made.created else 200)
