"""Photos as they are shown: to who sent them and whoever may see the post they hang on, nobody else."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from server.access import ON_PHOTO, SIGNED_IN, Who
from server.errors import NotFound
from server.photos import queries

router = APIRouter(include_in_schema=False)
KEPT = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Disposition": "inline"}


@router.get("/photos/{photo}")
async def photo(
    photo: UUID, request: Request, who: Annotated[Who, Depends(ON_PHOTO)], size: str = ""
) -> Response:
    """The picture; with `size=small` its small copy."""
    return await _shown(request, await request.app.state.db.read(queries.stored, str(photo)), size)


@router.get("/me/photos/{photo}")
async def own(
    photo: UUID, request: Request, who: Annotated[Who, Depends(SIGNED_IN)], size: str = ""
) -> Response:
    """One the caller has sent themselves, while nothing that others see names it yet."""
    return await _shown(
        request, await request.app.state.db.read(queries.stored_own, who.id, str(photo)), size
    )


async def _shown(request: Request, kept: Any, size: str) -> Response:
    app = request.app.state
    if kept is None:
        raise NotFound
    small = size == "small"
    pieces = await (app.photos.small(kept.hash) if small else app.store.open(kept.hash))
    if pieces is None:
        raise NotFound
    length = {} if small else {"Content-Length": str(kept.size)}
    return StreamingResponse(pieces, headers=KEPT | length, media_type=kept.media_type)
