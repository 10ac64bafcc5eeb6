"""JSON routes of the drive."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server import journal
from server.access import (
    ADDER,
    ADMIN,
    IN_BIN,
    ITEM_ADDER,
    ITEM_KEEPER,
    KEEPER,
    LEAD,
    ON_FOLDER,
    ON_ITEM,
    SIGNED_IN,
    Who,
)
from server.drive import actions, bin, filing, intake, queries
from server.drive.queries import Document
from server.errors import Invalid
from server.photos.api import BODY
from server.schema import as_id
from server.visits.api import answer
from web.render import N_

router = APIRouter(prefix="/api/v1", tags=["drive"])


class NewFolder(BaseModel):
    """A folder to be made, under an id made on the phone. `rights`: add, view or keep, of a top one."""

    id: UUID
    name: str
    rights: str = "add"


class FolderChange(BaseModel):
    """A folder's name and place: `parent` null is on top. `rights` null: as they are."""

    name: str
    parent: UUID | None = None
    rights: str | None = None


class DocumentChange(BaseModel):
    """What a document is, and where; all of it."""

    name: str
    kind: str
    tags: list[str] = []
    folder: UUID


class VersionChosen(BaseModel):
    """The version that is to count again."""

    n: Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("/drive")
async def parts(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The company's part of the drive and those of the caller's squads, with their top folders."""
    return answer(await request.app.state.db.read(_parts, who))


def _parts(c: Connection, who: Who) -> list[dict[str, Any]]:
    known = queries.spaces(c, who)
    tops = queries.folders(c, who, known=known)
    return [
        {
            "squad": space.id,
            "name": space.name,
            "keeps": space.keeps,
            "folders": [asdict(one) for one in tops if one.squad == space.id],
        }
        for space in known
    ]


@router.post("/drive/folders", status_code=201)
async def make(form: NewFolder, request: Request, who: Annotated[Who, Depends(ADMIN)]) -> Response:
    """A folder of the company's."""
    return await _make(form, request, who, None)


@router.post("/squads/{squad}/drive/folders", status_code=201)
async def make_squads(
    squad: UUID, form: NewFolder, request: Request, who: Annotated[Who, Depends(LEAD)]
) -> Response:
    """A folder of the squad's."""
    return await _make(form, request, who, None)


@router.post("/drive/folders/{folder}/folders", status_code=201)
async def make_inner(
    folder: UUID, form: NewFolder, request: Request, who: Annotated[Who, Depends(ADDER)]
) -> Response:
    """A folder in this one; it has that one's rights."""
    return await _make(form, request, who, str(folder))


async def _make(form: NewFolder, request: Request, who: Who, parent: str | None) -> Response:
    app = request.app.state
    await app.limits.write(who)
    made = await app.db.write(filing.make, who, str(form.id), form.name, form.rights, parent)
    return answer(await app.db.read(_inside, who, made.id), 201 if made.created else 200)


@router.get("/drive/folders/{folder}")
async def folder(folder: UUID, request: Request, who: Annotated[Who, Depends(ON_FOLDER)]) -> Response:
    """A folder with what is directly in it."""
    return answer(await request.app.state.db.read(_inside, who, str(folder)))


def _inside(c: Connection, who: Who, id: str) -> dict[str, Any]:
    here = queries.path(c, id)[-1]
    below, documents = queries.folders(c, who, id), queries.documents(c, who, id)
    files = len(documents) + sum(one.files for one in below)
    inside = {"folders": [asdict(one) for one in below], "documents": [as_data(one) for one in documents]}
    return {**asdict(here), "files": files, **inside}


@router.patch("/drive/folders/{folder}")
async def change(
    folder: UUID, form: FolderChange, request: Request, who: Annotated[Who, Depends(KEEPER)]
) -> Response:
    """Another name, place, or rights."""
    app, id = request.app.state, str(folder)
    await app.limits.write(who)
    parent = str(form.parent) if form.parent else None
    await app.db.write(filing.change, who, id, form.name, form.rights, parent)
    return answer(await app.db.read(_inside, who, id))


@router.delete("/drive/folders/{folder}", status_code=204)
async def throw_folder(folder: UUID, request: Request, who: Annotated[Who, Depends(KEEPER)]) -> Response:
    """Into the bin, with all that is in it."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(bin.throw_folder, who, str(folder))
    return Response(status_code=204)


@router.post("/drive/folders/{folder}/documents", status_code=201, openapi_extra=BODY)
async def bring(folder: UUID, request: Request, who: Annotated[Who, Depends(ADDER)]) -> Response:
    """A file, under an id made on the phone. One of its name and type in the folder gets a new version.

    The field `kind` says what it is: brochure, sample, case, prices, product, skill, contract or other.
    """
    return await _bring(request, who, str(folder), None)


@router.post("/drive/documents/{item}/versions", status_code=201, openapi_extra=BODY)
async def renew(item: UUID, request: Request, who: Annotated[Who, Depends(ITEM_ADDER)]) -> Response:
    """Another version of a document."""
    return await _bring(request, who, None, str(item))


async def _bring(request: Request, who: Who, folder: str | None, document: str | None) -> Response:
    app = request.app.state
    await app.limits.write(who)
    async with request.form(max_files=1, max_fields=8) as form:
        id, sent = as_id(form.get("id")), form.get("file")
        if id is None:
            raise Invalid({"id": N_("This does not look right.")})
        brought = await app.db.read(actions.known, who, id)
        if brought is None:
            if not isinstance(sent, UploadFile):
                raise Invalid({"file": intake.CHOOSE})
            content = await intake.keep(app, who, sent)
            if document:
                brought = await app.db.write(actions.renew, who, document, id, content, app.settings)
            else:
                kind = str(form.get("kind") or "other")
                brought = await app.db.write(actions.bring, who, folder, id, content, app.settings, kind)
    shown = await app.db.read(_whole, who, brought.document)
    return answer(shown, 201 if brought.created else 200)


@router.get("/drive/documents/{item}")
async def document(item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)]) -> Response:
    """A document with all its versions."""
    return answer(await request.app.state.db.read(_whole, who, str(item)))


def _whole(c: Connection, who: Who, id: str) -> dict[str, Any]:
    versions = [
        {
            "n": row.n,
            "size": row.size,
            "type": row.media_type,
            "file": f"/drive/documents/{id}/versions/{row.n}/file",
            "by": row.by,
            "at": journal.stamp(row.at),
        }
        for row in queries.versions(c, id)
    ]
    return {**as_data(queries.some(c, who, [id])[id]), "versions": versions}


def as_data(one: Document) -> dict[str, Any]:
    """A document as the API says it."""
    return {
        **{name: getattr(one, name) for name in ("id", "folder", "squad", "name", "kind", "size", "by")},
        "tags": list(one.tags),
        "version": one.n,
        "pages": one.pages,
        "cover": one.cover,
        "words": one.words,
        "type": one.media_type,
        "file": f"/drive/documents/{one.id}/versions/{one.n}/file",
        "changed_at": journal.stamp(one.changed_at),
        "favourite": one.favourite,
    }


@router.patch("/drive/documents/{item}")
async def describe(
    item: UUID, form: DocumentChange, request: Request, who: Annotated[Who, Depends(ITEM_KEEPER)]
) -> Response:
    """Other words for it, another folder, also of another part."""
    app, id = request.app.state, str(item)
    await app.limits.write(who)
    await app.db.write(actions.describe, who, id, form.name, form.kind, form.tags, str(form.folder))
    return answer(await app.db.read(_whole, who, id))


@router.delete("/drive/documents/{item}", status_code=204)
async def throw(item: UUID, request: Request, who: Annotated[Who, Depends(ITEM_KEEPER)]) -> Response:
    """Into the bin, with its versions."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(bin.throw, who, str(item))
    return Response(status_code=204)


@router.put("/drive/documents/{item}/current")
async def go_back(
    item: UUID, form: VersionChosen, request: Request, who: Annotated[Who, Depends(ITEM_KEEPER)]
) -> Response:
    """An earlier version counts again, as a new one."""
    app, id = request.app.state, str(item)
    await app.limits.write(who)
    await app.db.write(actions.go_back, who, id, form.n)
    return answer(await app.db.read(_whole, who, id))


@router.put("/drive/documents/{item}/favourite", status_code=204)
async def favour(item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)]) -> Response:
    """Marks it for the caller alone."""
    return await _favour(request, who, str(item), True)


@router.delete("/drive/documents/{item}/favourite", status_code=204)
async def unfavour(item: UUID, request: Request, who: Annotated[Who, Depends(ON_ITEM)]) -> Response:
    """Takes the mark off."""
    return await _favour(request, who, str(item), False)


async def _favour(request: Request, who: Who, id: str, on: bool) -> Response:
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.favour, who, id, on)
    return Response(status_code=204)


@router.get("/drive/bin")
async def binned(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What the caller may take out of the bin, the last first."""
    rows = await request.app.state.db.read(queries.binned, who)
    names = ("id", "squad", "what", "name", "by")
    found = [{**{k: getattr(r, k) for k in names}, "at": journal.stamp(r.at)} for r in rows]
    return answer(found)


@router.put("/drive/bin/{binned}/restore", status_code=204)
async def restore(binned: UUID, request: Request, who: Annotated[Who, Depends(IN_BIN)]) -> Response:
    """Takes it out, to where it was; 409 where that is in the bin as well."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(bin.restore, who, str(binned))
    return Response(status_code=204)
