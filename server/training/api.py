"""JSON routes of training."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from server import journal
from server.access import ADMIN, LEAD, ON_TRACK, SIGNED_IN, TRAINER, Who
from server.training import actions, finishing, queries
from server.training.queries import Track
from server.visits.api import answer

router = APIRouter(prefix="/api/v1", tags=["training"])


class NewTrack(BaseModel):
    """A track to be made, under an id made on the phone. `audience`: all, new, rep, desk or admin; `by_name`:
    those who lead there are told who is through.
    """

    id: UUID
    name: str
    audience: str = "all"
    by_name: bool = False


class TrackChange(BaseModel):
    """What it is called, for whom it is meant, whether it is told by name who is through; null: as it is."""

    name: str
    audience: str
    by_name: bool | None = None


class NewStep(BaseModel):
    """A step under an id made by the caller: pages `first` to `last` of a document, or words alone."""

    id: UUID
    document: UUID | None = None
    first: int | None = None
    last: int | None = None
    text: str = ""


class StepOrder(BaseModel):
    """Ids of steps: these come first, in this order."""

    ids: list[UUID]


@router.get("/training")
async def tracks(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The tracks of the company and of the caller's squads, those meant for them first."""
    app = request.app.state
    found = await app.db.read(queries.tracks, who, app.settings.training_new_days)
    return answer([_data(one) for one in found])


@router.post("/training", status_code=201)
async def make_companys(form: NewTrack, request: Request, who: Annotated[Who, Depends(ADMIN)]) -> Response:
    """A track for the company."""
    return await _make(form, request, who)


@router.post("/squads/{squad}/training", status_code=201)
async def make_squads(
    squad: UUID, form: NewTrack, request: Request, who: Annotated[Who, Depends(LEAD)]
) -> Response:
    """A track for the squad."""
    return await _make(form, request, who)


async def _make(form: NewTrack, request: Request, who: Who) -> Response:
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(actions.make, who, str(form.id), form.name, form.audience, form.by_name)
    return await _one(request, who, made.id, 201 if made.created else 200)


@router.get("/training/{track}")
async def track(track: UUID, request: Request, who: Annotated[Who, Depends(ON_TRACK)]) -> Response:
    """A track with the steps the caller sees."""
    return await _one(request, who, str(track))


@router.patch("/training/{track}")
async def change(
    track: UUID, form: TrackChange, request: Request, who: Annotated[Who, Depends(TRAINER)]
) -> Response:
    """Another name, others it is meant for."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.change, who, str(track), form.name, form.audience, form.by_name)
    return await _one(request, who, str(track))


@router.delete("/training/{track}", status_code=204)
async def end(track: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]) -> Response:
    """Ends it; it is on no list any more."""
    return await _did(request, who, actions.end, str(track))


@router.get("/training/{track}/through")
async def through(track: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]) -> Response:
    """Who is through, for those who lead there; nobody where the track does not tell by name."""
    found = await request.app.state.db.read(finishing.by_name, str(track))
    return answer([{"member": one.id, "at": journal.stamp(one.at)} for one in found])


@router.post("/training/{track}/steps", status_code=201)
async def add_step(
    track: UUID, form: NewStep, request: Request, who: Annotated[Who, Depends(TRAINER)]
) -> Response:
    """Another step at the end; answers the track."""
    app = request.app.state
    await app.limits.write(who)
    page = {name: "" if n is None else str(n) for name, n in (("first", form.first), ("last", form.last))}
    said = actions.Typed(str(form.document or ""), text=form.text, **page)
    made = await app.db.write(actions.add, who, str(track), str(form.id), said, app.settings)
    return await _one(request, who, str(track), 201 if made.created else 200)


@router.put("/training/{track}/order")
async def order(
    track: UUID, form: StepOrder, request: Request, who: Annotated[Who, Depends(TRAINER)]
) -> Response:
    """Another order of the steps; answers the track."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.reorder, who, str(track), [str(one) for one in form.ids])
    return await _one(request, who, str(track))


@router.delete("/training/{track}/steps/{step}", status_code=204)
async def take_out(
    track: UUID, step: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]
) -> Response:
    """Takes a step out, with who has done it; the document stays where it is."""
    return await _did(request, who, actions.take_out, str(track), str(step))


@router.put("/training/{track}/steps/{step}/done", status_code=204)
async def done(track: UUID, step: UUID, request: Request, who: Annotated[Who, Depends(ON_TRACK)]) -> Response:
    """The caller has done the step."""
    return await _did(request, who, actions.mark, str(track), str(step), True)


@router.delete("/training/{track}/steps/{step}/done", status_code=204)
async def undone(
    track: UUID, step: UUID, request: Request, who: Annotated[Who, Depends(ON_TRACK)]
) -> Response:
    """The caller has not done it, after all."""
    return await _did(request, who, actions.mark, str(track), str(step), False)


async def _did(request: Request, who: Who, action: Any, *about: Any) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(action, who, *about)
    return Response(status_code=204)


async def _one(request: Request, who: Who, id: str, status: int = 200) -> Response:
    app = request.app.state
    return answer(_data(await app.db.read(queries.track, who, id, app.settings.training_new_days)), status)


def _data(one: Track) -> dict[str, Any]:
    steps = [
        {
            "id": step.id,
            "document": step.document.id if step.document else None,
            "first": step.first,
            "last": step.last,
            "text": step.text,
            "done": step.done,
        }
        for step in one.steps
    ]
    said = {"id": one.id, "squad": one.squad, "name": one.name, "audience": one.audience}
    return {**said, "mine": one.mine, "by_name": one.by_name, "steps": steps}
