"""The map in one file on this machine, for whoever is signed in. Browsers read the parts they need of it."""

import os
from stat import S_ISREG
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse, Response

from server.access import SIGNED_IN, Who
from server.errors import NotFound
from server.maps.ground import ARCHIVE

router = APIRouter(include_in_schema=False)
KEPT = {"Cache-Control": "private, max-age=86400"}
TYPE = "application/vnd.pmtiles"


@router.get(ARCHIVE)
async def archive(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """Ranges of the file (206, 416), under a tag that changes with it; there is no other file to name."""
    path = request.app.state.settings.map_pmtiles
    try:
        known = await to_thread.run_sync(os.stat, path)
    except OSError:
        raise NotFound from None
    if not path or not S_ISREG(known.st_mode):
        raise NotFound
    answer = FileResponse(path, headers=KEPT, media_type=TYPE, stat_result=known)
    if request.headers.get("if-none-match") == answer.headers["etag"]:
        return Response(status_code=304, headers=KEPT | {"ETag": answer.headers["etag"]})
    return answer
