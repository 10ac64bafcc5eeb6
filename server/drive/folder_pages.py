"""The pages of folders: one with what is in it, made, filled, changed, thrown away."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.access import ADDER, ADMIN, KEEPER, LEAD, ON_FOLDER, Who
from server.answers import explained, go, page
from server.drive import actions, bin, filing, intake, shelf
from server.drive.kinds import KINDS
from server.drive.pages import patience
from server.errors import Invalid
from server.schema import as_id, new_id

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
NewId = Annotated[UUID, Form(alias="new_id")]
AT_ONCE = 20
"""Files of one form."""


@router.get("/drive/folders/{folder}")
async def one(
    folder: UUID,
    request: Request,
    who: Annotated[Who, Depends(ON_FOLDER)],
    tag: Annotated[str, Query(max_length=40)] = "",
    view: str = "",
) -> Response:
    """What is in it: pages to recognise, or a list to compare."""
    app = request.app.state
    shown = await app.db.read(shelf.folder, who, str(folder), tag)
    how = {"as_list": view == "list", "most": app.settings.drive_max}
    return page(request, "drive/folder.html", **shown, **how, **patience(request))


async def _making(
    request: Request, who: Who, parent: str | None, errors: dict[str, str], status: int = 200, **typed: str
) -> Response:
    shown = await request.app.state.db.read(shelf.around, who)
    fixed = {"parent": parent, "values": typed, "errors": errors, **patience(request)}
    return page(request, "drive/new.html", status, new_id=typed.get("new_id") or new_id(), **shown, **fixed)


async def _make(request: Request, who: Who, parent: str | None, id: UUID, name: str, rights: str) -> Response:
    app = request.app.state
    await app.limits.write(who)
    try:
        made = await app.db.write(filing.make, who, str(id), name, rights, parent)
    except Invalid as refused:
        typed = {"new_id": str(id), "name": name, "rights": rights}
        return await _making(request, who, parent, explained(request, refused), 422, **typed)
    return go(request, f"/drive/folders/{made.id}")


@router.get("/drive/new")
async def making_companys(request: Request, who: Annotated[Who, Depends(ADMIN)]) -> Response:
    """The form for a folder of the company's."""
    return await _making(request, who, None, {})


@router.get("/squads/{squad}/drive/new")
async def making_squads(squad: UUID, request: Request, who: Annotated[Who, Depends(LEAD)]) -> Response:
    """The form for a folder of the squad's."""
    return await _making(request, who, None, {})


@router.get("/drive/folders/{folder}/new")
async def making_inner(folder: UUID, request: Request, who: Annotated[Who, Depends(ADDER)]) -> Response:
    """The form for a folder in this one."""
    return await _making(request, who, str(folder), {})


@router.post("/drive/folders")
async def make_companys(
    request: Request,
    who: Annotated[Who, Depends(ADMIN)],
    new_id: NewId,
    name: Text = "",
    rights: Text = "add",
) -> Response:
    """A folder of the company's."""
    return await _make(request, who, None, new_id, name, rights)


@router.post("/squads/{squad}/drive/folders")
async def make_squads(
    squad: UUID,
    request: Request,
    who: Annotated[Who, Depends(LEAD)],
    new_id: NewId,
    name: Text = "",
    rights: Text = "add",
) -> Response:
    """A folder of the squad's."""
    return await _make(request, who, None, new_id, name, rights)


@router.post("/drive/folders/{folder}/folders")
async def make_inner(
    folder: UUID, request: Request, who: Annotated[Who, Depends(ADDER)], new_id: NewId, name: Text = ""
) -> Response:
    """A folder in this one."""
    return await _make(request, who, str(folder), new_id, name, "add")


@router.get("/drive/folders/{folder}/upload")
async def uploading(folder: UUID, request: Request, who: Annotated[Who, Depends(ADDER)]) -> Response:
    """The form to bring files."""
    return await _uploading(request, who, str(folder), {})


async def _uploading(
    request: Request, who: Who, folder: str, errors: dict[str, str], kind: str = "", status: int = 200
) -> Response:
    app = request.app.state
    shown = await app.db.read(shelf.folder, who, folder)
    fixed = {"new_id": new_id(), "errors": errors, "kind": kind, "most": app.settings.drive_max}
    return page(request, "drive/upload.html", status, **shown, **fixed, **patience(request))


@router.post("/drive/folders/{folder}/documents")
async def upload(folder: UUID, request: Request, who: Annotated[Who, Depends(ADDER)]) -> Response:
    """Some files; what came before one that is refused is here. Sent twice, they are here once."""
    app, id = request.app.state, str(folder)
    await app.limits.write(who)
    async with request.form(max_files=AT_ONCE, max_fields=8) as form:
        kind = str(form.get("kind") or "other")
        files = [one for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename]
        key = as_id(form.get("new_id")) or new_id()
        try:
            if not files or kind not in KINDS:
                raise Invalid({"file": intake.CHOOSE})
            for n, sent in enumerate(files):
                content = await intake.keep(app, who, sent)
                which = intake.keyed(key, n, content.hash)
                await app.db.write(actions.bring, who, id, which, content, app.settings, kind)
        except Invalid as refused:
            return await _uploading(request, who, id, explained(request, refused), kind, 422)
    return go(request, f"/drive/folders/{id}")


@router.get("/drive/folders/{folder}/edit")
async def editing(folder: UUID, request: Request, who: Annotated[Who, Depends(KEEPER)]) -> Response:
    """The form to rename it, to move it, to open or close it, to throw it away."""
    return await _editing(request, who, str(folder), {}, {})


async def _editing(
    request: Request, who: Who, id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    shown = await request.app.state.db.read(shelf.reordering, who, id)
    fixed = {"values": values, "errors": errors, **patience(request)}
    return page(request, "drive/edit_folder.html", status, **shown, **fixed)


@router.post("/drive/folders/{folder}/edit")
async def edit(
    folder: UUID,
    request: Request,
    who: Annotated[Who, Depends(KEEPER)],
    name: Text = "",
    rights: Text = "",
    parent: Text = "",
) -> Response:
    """Another name, another place, other rights."""
    app, id = request.app.state, str(folder)
    await app.limits.write(who)
    try:
        await app.db.write(filing.change, who, id, name, rights or None, as_id(parent))
    except Invalid as refused:
        values = {"name": name, "rights": rights, "parent": parent}
        return await _editing(request, who, id, values, explained(request, refused), 422)
    return go(request, f"/drive/folders/{id}")


@router.post("/drive/folders/{folder}/throw")
async def throw(folder: UUID, request: Request, who: Annotated[Who, Depends(KEEPER)]) -> Response:
    """Into the bin, with all that is in it."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(bin.throw_folder, who, str(folder))
    return go(request, "/drive")
