"""JSON routes of one's own learning plan."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from server.access import ON_ITEM, ON_TRACK, SIGNED_IN, Who
from server.schema import now
from server.training import planning, suggesting
from server.training.plan import Item
from server.training.planning import DOCUMENTS, TRACKS
from server.training.suggesting import Suggestion
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["training"])
OnTrack = Annotated[Who, Depends(ON_TRACK)]
OnItem = Annotated[Who, Depends(ON_ITEM)]


class PlannedTrack(BaseModel):
    """A track in one's plan; left out, `due` stays as it is."""

    due: date | None = None


class PlannedDocument(BaseModel):
    """A document in one's plan; what is left out stays as it is."""

    due: date | None = None
    done: bool = False


class PlanOrder(BaseModel):
    """Ids of tracks and documents in one's plan: these come first, in this order."""

    ids: list[UUID]


@router.get("/me/plan")
async def own(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What the caller plans to learn, and what their own logs suggest."""
    return await _answer(request, who)


@router.put("/me/plan/order")
async def order(form: PlanOrder, request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """Another order; what is not in the plan is passed over."""
    app = request.app.state
    await app.limits.write(who)
    days, most = app.settings.training_new_days, app.settings.training_plan
    await app.db.write(planning.order, who, [str(one) for one in form.ids], days, most)
    return await _answer(request, who)


@router.put("/me/plan/tracks/{track}")
async def plan_track(track: UUID, form: PlannedTrack, request: Request, who: OnTrack) -> Response:
    """Puts a track into the plan, or gives it another day."""
    return await _put(request, who, TRACKS, str(track), form)


@router.delete("/me/plan/tracks/{track}")
async def off_track(track: UUID, request: Request, who: OnTrack) -> Response:
    """Takes a track off it; it is not suggested any more. One that is meant for the caller stays."""
    return await _off(request, who, TRACKS, str(track))


@router.put("/me/plan/documents/{item}")
async def plan_document(item: UUID, form: PlannedDocument, request: Request, who: OnItem) -> Response:
    """Puts a document into the plan, gives it another day, says that it is done or is not."""
    return await _put(request, who, DOCUMENTS, str(item), form)


@router.delete("/me/plan/documents/{item}")
async def off_document(item: UUID, request: Request, who: OnItem) -> Response:
    """Takes a document off it; it is not suggested any more."""
    return await _off(request, who, DOCUMENTS, str(item))


async def _put(
    request: Request, who: Who, what: str, id: str, form: PlannedTrack | PlannedDocument
) -> Response:
    app = request.app.state
    await app.limits.write(who)
    values: dict[str, Any] = form.model_dump(exclude_unset=True)
    if "done" in values:
        values["done_at"] = now() if values.pop("done") else None
    await app.db.write(planning.put, who, what, id, values, app.settings.training_plan)
    return await _answer(request, who)


async def _off(request: Request, who: Who, what: str, id: str) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(planning.take_off, who, what, id)
    return await _answer(request, who)


async def _answer(request: Request, who: Who) -> Response:
    app = request.app.state
    days, weeks = app.settings.training_new_days, app.settings.training_weeks
    found = await app.db.read(suggesting.shown, who, days, weeks)
    items = [
        {**_ids(one), "due": one.due and one.due.isoformat(), "done": one.done, "given": one.given}
        for one in found["items"]
    ]
    suggested = [
        {**_ids(one), "problem": one.problem.name, "times": one.problem.times} for one in found["suggestions"]
    ]
    plays = [one._asdict() for one in found["plays"]]
    return answer({"items": items, "suggestions": suggested, "plays": plays})


def _ids(one: Item | Suggestion) -> dict[str, str | None]:
    return {
        "track": one.track.id if one.track else None,
        "document": one.document.id if one.document else None,
    }
