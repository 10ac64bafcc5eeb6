"""Handing out an archive of one's own: made in a file without a name, which is gone once it is sent."""

import tempfile
from collections.abc import Iterator
from typing import IO

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.access import Who
from server.own.export import pack
from server.schema import now

CHUNK = 1 << 18
AT_ONCE = 2
"""Archives that are being made at the same time."""


async def archive(request: Request, who: Who) -> Response:
    """The caller's archive; so many of them an hour."""
    app = request.app.state
    await app.limits.hit("export", who.id, app.settings.export_limit)
    if not hasattr(app, "packing"):
        app.packing = CapacityLimiter(AT_ONCE)
    file = tempfile.TemporaryFile(prefix="muster-")  # noqa: SIM115 - closed when it has been sent
    try:
        async with app.packing:
            await pack(app.db, app.store, who, file)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    name = f"muster-{who.handle}-{now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    headers |= {"Cache-Control": "no-store", "Content-Encoding": "identity"}  # it is packed already
    return StreamingResponse(_pieces(file), headers=headers, media_type="application/zip")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece
