"""Show mode: a document alone on the screen, for the customer across the table; and that it was shown."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from pydantic import AwareDatetime, BaseModel, field_validator
from starlette.responses import Response

from server.access import ON_ITEM, Who
from server.answers import go, page
from server.drive import actions, shelf, showing
from server.schema import new_id, now
from server.visits.api import answer
from server.visits.forms import sane

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["drive"])


class Showing(BaseModel):
    """A document is shown, under an id made on the phone; `at` is its clock."""

    id: UUID
    at: AwareDatetime
    _sane = field_validator("at")(sane)


@pages.get("/drive/documents/{item}/show")
async def shown(item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)]) -> Response:
    """The document and nothing else: no bars, no notices, one way out."""
    known = await request.app.state.db.read(shelf.document, who, str(item))
    return page(request, "drive/show.html", **known)


@pages.post("/drive/documents/{item}/show")
async def show(
    item: UUID,
    request: Request,
    who: Annotated[Who, Depends(ON_ITEM)],
    show_id: Annotated[UUID | None, Form()] = None,
) -> Response:
    """Notes it in the open visit, then shows it."""
    await _noted(request, who, str(item), Showing(id=show_id or UUID(new_id()), at=now()))
    return go(request, f"/drive/documents/{item}/show")


@api.post("/drive/documents/{item}/shown", status_code=201)
async def noted(
    item: UUID, form: Showing, request: Request, who: Annotated[Who, Depends(ON_ITEM)]
) -> Response:
    """It is shown, or was: noted in the visit the caller was in then, once; `visit` null: in none."""
    done = await _noted(request, who, str(item), form)
    return answer({"id": str(form.id), "visit": done.visit}, 201 if done.created else 200)


async def _noted(request: Request, who: Who, item: str, form: Showing) -> showing.Shown:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.opened, who, item)
    seconds = app.settings.visit_timeout
    done: showing.Shown = await app.db.write(showing.show, who, item, str(form.id), form.at, seconds)
    return done
