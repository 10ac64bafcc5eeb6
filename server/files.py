"""Static files over HTTP: kept for good by whoever asks with the mark, and sent small."""

import mimetypes

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web import assets

FOREVER = "public, max-age=31536000, immutable"
LONGEST = 200
"""Characters; no file of ours has such a name, and some no disk could have."""


class Files(StaticFiles):
    """`/static/<mark>/<path>`; with another mark than today's (an old page) the file is not kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, as gzip for those who take it."""
        given, _, name = path.partition("/")
        if not name or "\0" in name or len(name) > LONGEST:
            raise HTTPException(404)
        headers = {"Cache-Control": FOREVER if given == assets.mark() else "no-cache"}
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            small = await to_thread.run_sync(assets.packed, name)
            if small is not None:
                headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
                return Response(small, headers=headers, media_type=mimetypes.guess_type(name)[0])
        if name == assets.ONE_SHEET:
            return Response(assets.sheet(), headers=headers, media_type="text/css")
        answer = await super().get_response(name, scope)
        answer.headers.update(headers)
        return answer
