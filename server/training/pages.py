"""Training's pages: the tracks, one with its steps, the forms to make and to change it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from server.access import ADMIN, LEAD, ON_TRACK, SIGNED_IN, TRAINER, Who
from server.answers import explained, go, page
from server.drive import shelf
from server.drive.pages import patience
from server.errors import Invalid
from server.members.doors import typed
from server.schema import as_id, new_id
from server.text import sought
from server.training import actions, finishing, plan, queries

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
NewId = Annotated[UUID, Form(alias="new_id")]


def _all(c: Connection, who: Who, new_days: int) -> dict[str, Any]:
    around = shelf.around(c, who)
    makes = [space for space, _ in around["rail"] if space.keeps]
    tracks = queries.tracks(c, who, new_days)
    return {
        **around,
        "tracks": tracks,
        "next_up": next((one for one in tracks if one.mine and one.steps and not one.complete), None),
        "makes": makes,
        "for_whom": queries.AUDIENCES,
    }


@router.get("/training")
async def tracks(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The tracks, the reader's first, with how far they are."""
    app = request.app.state
    shown = await app.db.read(_all, who, app.settings.training_new_days)
    return page(request, "training/list.html", **shown, **patience(request))


async def _making(
    request: Request, who: Who, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(shelf.around, who)
    fixed = {"values": values, "errors": errors, "new_id": values.get("new_id") or new_id()}
    fixed["for_whom"] = queries.AUDIENCES
    return page(request, "training/new.html", status, **shown, **fixed, **patience(request))


@router.get("/training/new")
async def making_companys(request: Request, who: Annotated[Who, Depends(ADMIN)]) -> Response:
    """The form for a track for the company."""
    return await _making(request, who, {}, {})


@router.get("/squads/{squad}/training/new")
async def making_squads(squad: UUID, request: Request, who: Annotated[Who, Depends(LEAD)]) -> Response:
    """The form for a track for the squad."""
    return await _making(request, who, {}, {})


@router.post("/training")
async def make_companys(
    request: Request,
    who: Annotated[Who, Depends(ADMIN)],
    new_id: NewId,
    name: Text = "",
    audience: Text = "",
    by_name: Text = "",
) -> Response:
    """A track for the company; then its steps are put in."""
    return await _make(request, who, str(new_id), name, audience, by_name)


@router.post("/squads/{squad}/training")
async def make_squads(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(LEAD)],
    new_id: NewId,
    name: Text = "",
    audience: Text = "",
    by_name: Text = "",
) -> Response:
    """A track for the squad."""
    return await _make(request, who, str(new_id), name, audience, by_name)


async def _make(request: Request, who: Who, id: str, name: str, audience: str, by_name: str) -> Response:
    app = request.app.state
    await app.limits.write(who)
    try:
        made = await app.db.write(actions.make, who, id, name, audience, by_name == "1")
    except Invalid as refused:
        typed = {"new_id": id, "name": name, "audience": audience, "by_name": by_name}
        return await _making(request, who, typed, explained(request, refused), 422)
    return go(request, f"/training/{made.id}/edit")


def _one(c: Connection, who: Who, id: str, new_days: int) -> dict[str, Any]:
    one = queries.track(c, who, id, new_days)
    shown = {"one": one, "finished": finishing.finished(c, id), "may": who.trains}
    shown["tellers"] = finishing.tellers(c, who.squad) if one.by_name else []
    shown["through"] = finishing.by_name(c, id) if who.trains else []
    shown["planned"] = id in {it.id for it in plan.items(c, who, [one])}
    return {**shelf.around(c, who), **shown, "for_whom": queries.AUDIENCES}


@router.get("/training/{track}")
async def track(track: UUID, request: Request, who: Annotated[Who, Depends(ON_TRACK)]) -> Response:
    """A track with its steps."""
    app = request.app.state
    shown = await app.db.read(_one, who, str(track), app.settings.training_new_days)
    return page(request, "training/one.html", **shown, **patience(request))


@router.post("/training/{track}/steps/{step}/done")
async def done(
    track: UUID, step: UUID, request: Request, who: Annotated[Who, Depends(ON_TRACK)], on: Text = ""
) -> Response:
    """The reader has done it; or not, after all."""
    to = f"/training/{track}#s-{step}"
    return await _then(request, who, to, actions.mark, str(track), str(step), on == "1")


def _changed(c: Connection, who: Who, id: str, new_days: int, q: str, chosen: str | None) -> dict[str, Any]:
    return {**_one(c, who, id, new_days), "documents": queries.choices(c, who, q, chosen)}


async def _editing(
    request: Request, who: Who, id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    app = request.app.state
    q, chosen = sought(values.get("q", ""))[:120], as_id(values.get("document"))
    shown = await app.db.read(_changed, who, id, app.settings.training_new_days, q, chosen)
    key = as_id(values.get("new_id")) or new_id()
    fixed = {"values": values, "errors": errors, "text_max": app.settings.text_max, "new_id": key, "q": q}
    return page(request, "training/edit.html", status, **shown, **fixed, **patience(request))


@router.get("/training/{track}/edit")
async def editing(track: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]) -> Response:
    """The forms to name it, to put steps in, to order them, to end it."""
    return await _editing(request, who, str(track), {}, {})


@router.post("/training/{track}/edit")
async def edit(
    track: UUID,
    request: Request,
    who: Annotated[Who, Depends(TRAINER)],
    name: Text = "",
    audience: Text = "",
    by_name: Text = "",
) -> Response:
    """Another name, others it is meant for, told by name or not."""
    app, id = request.app.state, str(track)
    await app.limits.write(who)
    try:
        await app.db.write(actions.change, who, id, name, audience, by_name == "1")
    except Invalid as refused:
        typed = {"name": name, "audience": audience, "by_name": by_name}
        return await _editing(request, who, id, typed, explained(request, refused), 422)
    return go(request, f"/training/{id}")


@router.get("/training/{track}/documents")
async def find(
    track: UUID,
    request: Request,
    who: Annotated[Who, Depends(TRAINER)],
    q: Annotated[str, Query(max_length=400)] = "",
    document: str = "",
) -> Response:
    """Documents that can be a step, to choose from: a part of the form."""
    words, chosen = sought(q)[:120], as_id(document)
    found = await request.app.state.db.read(queries.choices, who, words, chosen)
    return page(request, "training/choices.html", documents=found, values={"document": chosen}, q=words)


@router.post("/training/{track}/steps")
async def add(track: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]) -> Response:
    """Another step, at the end; or, without script, documents that are looked for."""
    app, id, values = request.app.state, str(track), await typed(request)
    await app.limits.write(who)
    if values.get("find"):
        return await _editing(request, who, id, values, {})
    try:
        key, document = as_id(values.get("new_id")) or new_id(), as_id(values.get("document"))
        if values.get("document") and not document:
            raise Invalid({"document": actions.WRONG})
        said = {name: values.get(name, "") for name in ("first", "last", "text")}
        await app.db.write(actions.add, who, id, key, actions.Typed(document or "", **said), app.settings)
    except Invalid as refused:
        return await _editing(request, who, id, values, explained(request, refused), 422)
    return go(request, f"/training/{id}/edit")


async def _then(request: Request, who: Who, to: str, action: Any, *about: Any) -> Response:
    """Does something that has nothing to be typed for it, and goes on there."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(action, who, *about)
    return go(request, to)


@router.post("/training/{track}/steps/{step}/up")
async def up(track: UUID, step: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]) -> Response:
    """One place nearer to the beginning."""
    return await _then(request, who, f"/training/{track}/edit", actions.raise_up, str(track), str(step))


@router.post("/training/{track}/steps/{step}/out")
async def out(track: UUID, step: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]) -> Response:
    """Takes it out of the track."""
    return await _then(request, who, f"/training/{track}/edit", actions.take_out, str(track), str(step))


@router.post("/training/{track}/end")
async def end(track: UUID, request: Request, who: Annotated[Who, Depends(TRAINER)]) -> Response:
    """Takes it off every list."""
    return await _then(request, who, "/training", actions.end, str(track))
