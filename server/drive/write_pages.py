"""The form by which a text of the drive is written on."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from server.access import ITEM_ADDER, Who
from server.answers import explained, go, page
from server.drive import intake, queries, shelf, writing
from server.drive.pages import patience
from server.errors import Invalid, NotFound
from server.schema import new_id
from server.text import checked

router = APIRouter(include_in_schema=False)


async def _form(
    request: Request, who: Who, id: str, values: dict[str, Any], errors: dict[str, str], status: int = 200
) -> Response:
    app, most = request.app.state, request.app.state.settings.drive_text
    one = (await app.db.read(queries.some, who, [id]))[id]
    text = await writing.text_of(app, one) if writing.writable(one, most) else None
    if not writing.savable(text, most):
        raise NotFound
    shown = await app.db.read(shelf.around, who)
    fixed = {"one": one, "values": {"text": text} | values, "errors": errors, "text_max": most}
    key = values.get("new_id") or new_id()
    return page(request, "drive/write.html", status, **shown, **fixed, new_id=key, **patience(request))


@router.get("/drive/documents/{item}/text")
async def writing_it(item: UUID, request: Request, who: Annotated[Who, Depends(ITEM_ADDER)]) -> Response:
    """The text as it stands, to be written on."""
    return await _form(request, who, str(item), {}, {})


@router.post("/drive/documents/{item}/text")
async def write(
    item: UUID,
    request: Request,
    who: Annotated[Who, Depends(ITEM_ADDER)],
    new_id: Annotated[UUID, Form()],
    n: Annotated[int, Form(ge=1, le=2**31 - 1)],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Another version, of these words."""
    app, id = request.app.state, str(item)
    await app.limits.write(who)
    one = (await app.db.read(queries.some, who, [id]))[id]
    most = app.settings.drive_text
    if not (writing.writable(one, most) and writing.savable(await writing.text_of(app, one), most)):
        raise NotFound
    words = text.replace("\r\n", "\n")
    try:
        checked("text", words, most, required=True)
        content = await intake.written(app, words, one.file)
        content = content._replace(suffix=one.suffix)
        await app.db.write(writing.save, who, id, n, str(new_id), content, app.settings)
    except Invalid as refused:
        typed = {"text": text, "new_id": str(new_id)}
        return await _form(request, who, id, typed, explained(request, refused), 422)
    return go(request, f"/drive/documents/{id}")
