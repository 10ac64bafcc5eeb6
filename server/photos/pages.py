"""Photos as they are shown: to whoever may see the post they hang on, and to nobody else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from server.access import ON_PHOTO, Who
from server.errors import NotFound
from server.photos import queries

router = APIRouter(include_in_schema=False)
KEPT = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Disposition": "inline"}


@router.get("/photos/{photo}")
async def photo(
    photo: UUID, request: Request, who: Annotated[Who, Depends(ON_PHOTO)], size: str = ""
) -> Response:
    """The picture; with `size=small` its small copy."""
    app = request.app.state
    kept = await app.db.read(queries.stored, str(photo))
    if kept is None:
        raise NotFound
    small = size == "small"
    pieces = await (app.photos.small(kept.hash) if small else app.store.open(kept.hash))
    if pieces is None:
        raise NotFound
    length = {} if small else {"Content-Length": str(kept.size)}
    return StreamingResponse(pieces, headers=KEPT | length, media_type=kept.media_type)
