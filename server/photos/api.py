"""The JSON route by which photos come in."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from server.access import SIGNED_IN, Who
from server.errors import Invalid
from server.photos import actions
from server.photos.intake import REASONS
from server.schema import as_id
from web.render import N_

router = APIRouter(prefix="/api/v1", tags=["photos"])
FIELDS = {"id": {"type": "string", "format": "uuid"}, "file": {"type": "string", "format": "binary"}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": FIELDS, "required": ["id", "file"]}
            }
        },
    }
}


@router.post("/photos", status_code=201, openapi_extra=BODY)
async def bring(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """A photo, under an id made on the phone, for a check-in or message that names it, before or after.

    JPEG, PNG, WebP or HEIC. What squads see is made anew: upright, at most 2048 pixels, without where it was
    taken.
    """
    app = request.app.state
    await app.limits.write(who)
    async with request.form(max_files=1, max_fields=8) as form:
        id, sent = as_id(form.get("id")), form.get("file")
        if id is None:
            raise Invalid({"id": N_("This does not look right.")})
        if not isinstance(sent, UploadFile):
            raise Invalid({"file": REASONS["none"]})
        photo, created = await app.photos.take(who, id, sent)
    return Response(orjson.dumps(photo), 201 if created else 200, media_type="application/json")


@router.delete("/photos/{photo}", status_code=204)
async def forgo(photo: UUID, request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """The caller's photo of that id will not come after all; nobody waits for it any longer."""
    app = request.app.state
    await app.limits.write(who)
    await app.db.write(actions.forgo, who, str(photo))
    return Response(status_code=204)
