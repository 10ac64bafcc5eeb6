"""Documents as they are shown and downloaded: to whoever may see them, and to nobody else."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response, StreamingResponse

from server import ranges
from server.access import ON_ITEM, Who
from server.drive import actions, marking, queries
from server.drive.shelf import type_of
from server.errors import NotFound
from server.text import sought

router = APIRouter(include_in_schema=False)

KEPT = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Cookie"}
"""A browser keeps it for this sign-in alone: the next may be somebody else's, on the same phone."""
LATER = "private, max-age=3600"
"""How they are drawn may change."""
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
    if kept is None or leaf > (kept.pages or kept.cover):
        raise NotFound
    pieces = await app.leaves.page(kept.hash, kept.media_type, leaf)
    if pieces is None:
        raise NotFound
    return StreamingResponse(pieces, headers=KEPT, media_type="image/webp")


@router.get("/drive/documents/{item}/versions/{n}/pages/{leaf}/marks")
async def marks(
    item: UUID, n: Number, leaf: Number, request: Request, who: Annotated[Who, Depends(ON_ITEM)], q: str = ""
) -> Response:
    """Marks at words on the picture of a page, to be laid over it; none where that is not known."""
    app = request.app.state
    kept = await app.db.read(queries.version, str(item), n)
    if kept is None or leaf > (kept.pages or 0):
        raise NotFound
    signs = await app.leaves.signs(kept.hash, kept.media_type, leaf)
    drawn = await to_thread.run_sync(marking.drawn, signs, sought(q)[:120])
    return Response(drawn, headers={**KEPT, "Cache-Control": LATER}, media_type="image/svg+xml")
