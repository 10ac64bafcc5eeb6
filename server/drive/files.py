"""Documents as they are shown and downloaded: to whoever may see them, and to nobody else."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response, StreamingResponse

from server import ranges
from server.access import ON_ITEM, Who
from server.drive import actions, queries
from server.drive.shelf import type_of
from server.errors import NotFound

router = APIRouter(include_in_schema=False)

KEPT = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Cookie"}
"""A browser keeps it for this sign-in alone: the next may be somebody else's, on the same phone."""
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/drive/documents/{item}/versions/{n}/file")
async def file(
    item: UUID,
    n: Number,
    request: Request,
    who: Annotated[Who, Depends(ON_ITEM)],
    download: str = "",
    keep: str = "",
) -> Response:
    """A version's content or a part of it, in the browser where that is safe; with `download` always as a
    file. That somebody opened it is said by its beginning, unless a phone takes it to `keep`.
    """
    app, id, tag = request.app.state, str(item), f'"{item}-{n}"'
    kept = await app.db.read(queries.version, id, n)
    if kept is None:
        raise NotFound
    part = ranges.asked(request, kept.size, tag)
    pieces = await app.store.open(kept.hash, part.start, part.end)
    if pieces is None:
        raise NotFound
    one = (await app.db.read(queries.some, who, [id]))[id]
    if part.start == 0 and not keep:
        await app.db.write(actions.opened, who, id)
    kind = type_of(kept.media_type)
    suffix = kind.suffix or kept.suffix
    named = quote(f"{one.name}.{suffix}" if suffix else one.name)
    how = "inline" if kind.shown and not download else "attachment"
    headers = {
        **KEPT,
        "Content-Disposition": f"{how}; filename*=UTF-8''{named}",
        **part.headers(tag),
    }
    media = "text/plain; charset=utf-8" if kept.media_type == "text/plain" else kept.media_type
    return StreamingResponse(pieces, part.status, headers, media)


@router.get("/drive/documents/{item}/versions/{n}/pages/{leaf}")
async def leaf(
    item: UUID, n: Number, leaf: Number, request: Request, who: Annotated[Who, Depends(ON_ITEM)]
) -> Response:
    """A page of a version as a picture."""
    app = request.app.state
    kept = await app.db.read(queries.version, str(item), n)
    if kept is None or leaf > (kept.pages or 0):
        raise NotFound
    pieces = await app.leaves.page(kept.hash, kept.media_type, leaf)
    if pieces is None:
        raise NotFound
    return StreamingResponse(pieces, headers=KEPT, media_type="image/webp")
