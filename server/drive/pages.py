"""The drive's pages: where it begins, a document with its versions, the bin."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.access import IN_BIN, ITEM_ADDER, ITEM_KEEPER, ON_ITEM, SIGNED_IN, Who
from server.answers import explained, go, page
from server.drive import actions, bin, inner, intake, queries, shelf, writing
from server.errors import Conflict, Invalid
from server.schema import as_id, new_id
from server.text import sought
from web.render import translate

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]


def patience(request: Request) -> dict[str, Any]:
    """How long the page believes silence, milliseconds."""
    return {"patience": round(request.app.state.settings.live_patience * 1000)}


@router.get("/drive")
async def home(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The parts of the drive, what the reader marked, what they were shown lately."""
    shown = await request.app.state.db.read(shelf.home, who)
    return page(request, "drive/home.html", **shown, **patience(request))


@router.get("/drive/search")
async def search(
    request: Request, who: Annotated[Who, Depends(SIGNED_IN)], q: str = "", after: str = ""
) -> Response:
    """The documents with these words that the reader may see."""
    skip = min(int(after), 1000) if after.isascii() and after.isdigit() and len(after) < 5 else 0
    shown = await request.app.state.db.read(shelf.found, who, sought(q)[:120], skip)
    return page(request, "drive/search.html", **shown, **patience(request))


@router.get("/drive/documents/{item}")
async def one(
    item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)], page: str = "", q: str = ""
) -> Response:
    """A document and all its versions; about a page of it, with words that are looked for."""
    at = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 0
    return await _one(request, who, str(item), {}, at=at, q=sought(q)[:120])


async def _one(
    request: Request,
    who: Who,
    id: str,
    errors: dict[str, str],
    status: int = 200,
    at: int = 0,
    q: str = "",
) -> Response:
    shown = await request.app.state.db.read(shelf.document, who, id, at, q)
    fixed = {"new_id": new_id(), "link_id": new_id(), "errors": errors, **patience(request)}
    most = request.app.state.settings.drive_text
    text = writing.writable(shown["one"], most)
    words = await writing.text_of(request.app.state, shown["one"]) if text else None
    fixed["writable"] = who.adds and writing.savable(words, most)
    if words and not shown["inside"].pages:
        shown["inside"] = inner.whole(words)
    return page(request, "drive/document.html", status, **shown, **fixed)


@router.post("/drive/documents/{item}/versions")
async def renew(item: UUID, request: Request, who: Annotated[Who, Depends(ITEM_ADDER)]) -> Response:
    """Another version of it."""
    app, id = request.app.state, str(item)
    await app.limits.write(who)
    async with request.form(max_files=1, max_fields=4) as form:
        sent, key = form.get("file"), as_id(form.get("new_id")) or new_id()
        try:
            if not isinstance(sent, UploadFile):
                raise Invalid({"file": intake.CHOOSE})
            content = await intake.keep(app, who, sent)
            await app.db.write(actions.renew, who, id, key, content, app.settings)
        except Invalid as refused:
            return await _one(request, who, id, explained(request, refused), 422)
    return go(request, f"/drive/documents/{id}")


@router.post("/drive/documents/{item}/current")
async def go_back(
    item: UUID,
    request: Request,
    who: Annotated[Who, Depends(ITEM_KEEPER)],
    n: Annotated[int, Form(ge=1, le=2**31 - 1)],
) -> Response:
    """An earlier version counts again."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.go_back, who, str(item), n)
    return go(request, f"/drive/documents/{item}")


@router.post("/drive/documents/{item}/favourite")
async def favour(
    item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)], on: Text = ""
) -> Response:
    """Marks it for the reader, or no longer."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.favour, who, str(item), on == "1")
    return go(request, f"/drive/documents/{item}")


@router.get("/drive/documents/{item}/edit")
async def editing(item: UUID, request: Request, who: Annotated[Who, Depends(ITEM_KEEPER)]) -> Response:
    """The form to describe it, to move it, to throw it away."""
    return await _editing(request, who, str(item), {}, {})


async def _editing(
    request: Request, who: Who, id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(shelf.moving, who, id)
    fixed = {"values": values, "errors": errors, **patience(request)}
    return page(request, "drive/edit.html", status, **shown, **fixed)


@router.post("/drive/documents/{item}/edit")
async def edit(
    item: UUID,
    request: Request,
    who: Annotated[Who, Depends(ITEM_KEEPER)],
    name: Text = "",
    kind: Text = "",
    tags: Text = "",
    folder: Text = "",
) -> Response:
    """Other words, another place."""
    app, id = request.app.state, str(item)
    await app.limits.write(who)
    to = as_id(folder) or (await app.db.read(queries.some, who, [id]))[id].folder
    words = tags.replace("，", ",").replace("、", ",").split(",")
    try:
        await app.db.write(actions.describe, who, id, name, kind, words, to)
    except Invalid as refused:
        values = {"name": name, "kind": kind, "tags": tags, "folder": to}
        return await _editing(request, who, id, values, explained(request, refused), 422)
    return go(request, f"/drive/documents/{id}")


@router.post("/drive/documents/{item}/throw")
async def throw(item: UUID, request: Request, who: Annotated[Who, Depends(ITEM_KEEPER)]) -> Response:
    """Into the bin."""
    app, id = request.app.state, str(item)
    await app.limits.write(who)
    folder = (await app.db.read(queries.some, who, [id]))[id].folder
    await app.db.write(bin.throw, who, id)
    return go(request, f"/drive/folders/{folder}")


def _bin(c: Connection, who: Who) -> dict[str, Any]:
    shown = shelf.around(c, who)
    names = {space.id: space.name for space in shown["known"]}
    return {**shown, "binned": queries.binned(c, who, shown["known"]), "names": names}


async def _in_bin(request: Request, who: Who, said: str = "", status: int = 200) -> Response:
    app = request.app.state
    shown = await app.db.read(_bin, who)
    days = app.settings.drive_bin_days
    return page(request, "drive/bin.html", status, said=said, days=days, **shown, **patience(request))


@router.get("/drive/bin")
async def binned(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What was thrown away and can be taken out."""
    return await _in_bin(request, who)


@router.post("/drive/bin/{binned}/restore")
async def restore(binned: UUID, request: Request, who: Annotated[Who, Depends(IN_BIN)]) -> Response:
    """Takes it out again."""
    app = request.app.state
    await app.limits.write(who)
    try:
        folder = await app.db.write(bin.restore, who, str(binned))
    except (Conflict, Invalid) as refused:
        words = refused.fields.values() if isinstance(refused, Invalid) else refused.args
        return await _in_bin(request, who, translate(who.locale, str(next(iter(words)))), 409)
    return go(request, f"/drive/folders/{folder}")
