"""Uploads by tus 1.0 (creation, expiration, termination): a cut loses nothing, whatever client it is.

Libraries for it keep the parts in a folder of their own machine; ours lie in the store, where any process
takes the next one. It is four methods and a handful of headers.
"""

import binascii
from base64 import b64decode
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from anyio import CancelScope, to_thread
from fastapi import APIRouter, Depends, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from server.access import ADDER, OWN_UPLOAD, SIGNED_IN, Who
from server.drive import intake, uploads
from server.drive.uploads import State
from server.errors import Conflict, Invalid, NotFound, Refused, TooLarge
from server.schema import new_id
from web.render import N_

router = APIRouter(include_in_schema=False)
VERSION = "1.0.0"
TYPE = "application/offset+octet-stream"
NUMBER = N_("This does not look right.")


class OtherVersion(Refused):
    """The client speaks another version of tus."""

    status, kind, title = 412, "tus-version", N_("This program speaks another language than Muster")


class OtherType(Refused):
    """The body is not what tus sends."""

    status, kind, title = 415, "tus-type", N_("This program speaks another language than Muster")


def _answer(status: int, **headers: str) -> Response:
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Response(
        status_code=status, headers={"Tus-Resumable": VERSION, "Cache-Control": "no-store", **named}
    )


def _understood(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise OtherVersion


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid({name: NUMBER})
    return int(text)


def _metadata(request: Request) -> dict[str, str]:
    """Names and what they are, from `Upload-Metadata`."""
    found = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Invalid({"upload-metadata": NUMBER}) from None
    return found


@router.options("/drive/uploads")
async def about(request: Request, who: Annotated[Who, Depends(SIGNED_IN)]) -> Response:
    """What is spoken here."""
    most = str(request.app.state.settings.drive_max)
    return _answer(
        204, tus_version=VERSION, tus_extension="creation,expiration,termination", tus_max_size=most
    )


@router.post("/drive/folders/{folder}/uploads")
async def begin(folder: UUID, request: Request, who: Annotated[Who, Depends(ADDER)]) -> Response:
    """A file is to come: `Upload-Length`, and in `Upload-Metadata` its `filename` and its `kind`."""
    _understood(request)
    app = request.app.state
    await app.limits.write(who)
    size, said = _number(request, "upload-length"), _metadata(request)
    filename, kind = said.get("filename", ""), said.get("kind", "other")
    id = await app.db.write(uploads.begin, who, str(folder), size, filename, kind, app.settings)
    at = await _state(request, id)
    if size == 0:
        await _finish(app, who, at, None)
    return _answer(
        201, location=f"/drive/uploads/{id}", upload_expires=format_datetime(at.expires, usegmt=True)
    )


async def _state(request: Request, id: str) -> State:
    found: State | None = await request.app.state.db.read(uploads.state, id)
    if found is None:
        raise NotFound
    return found


@router.get("/drive/uploads/{upload}")
async def far(upload: UUID, request: Request, who: Annotated[Who, Depends(OWN_UPLOAD)]) -> Response:
    """How far it is. Asked with HEAD."""
    _understood(request)
    return _far(200, await _state(request, str(upload)))


def _far(status: int, at: State) -> Response:
    expires = format_datetime(at.expires, usegmt=True)
    headers = {"upload_offset": str(at.offset), "upload_expires": expires}
    if at.document:
        headers["content_location"] = f"/drive/documents/{at.document}"
    return _answer(status, **headers, upload_length=str(at.size))


@router.delete("/drive/uploads/{upload}")
async def end(upload: UUID, request: Request, who: Annotated[Who, Depends(OWN_UPLOAD)]) -> Response:
    """It will not come. What became a document stays."""
    _understood(request)
    at = await _state(request, str(upload))
    await request.app.state.db.write(uploads.end, at.id)
    await _clear(request.app.state, at.parts)
    return _answer(204)


@router.patch("/drive/uploads/{upload}")
async def more(upload: UUID, request: Request, who: Annotated[Who, Depends(OWN_UPLOAD)]) -> Response:
    """More bytes from `Upload-Offset` on. What has come when the sender goes away is kept."""
    _understood(request)
    if request.headers.get("content-type") != TYPE:
        raise OtherType
    at = await _state(request, str(upload))
    if _number(request, "upload-offset") != at.offset or at.document:
        raise Conflict
    with TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / "part"
        size = await _received(request, path, at.size - at.offset)
        with CancelScope(shield=True):  # the sender may be gone; what they sent is not lost
            await _kept(request.app.state, who, at, path, size)
    return _far(204, await _state(request, at.id))


async def _received(request: Request, path: Path, most: int) -> int:
    """Writes what comes to a file; how many bytes came before the end, or before the sender went away."""
    size = 0
    file: BinaryIO = await to_thread.run_sync(path.open, "wb")
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > most:
                raise TooLarge
            await to_thread.run_sync(file.write, piece)
    except ClientDisconnect:
        pass
    finally:
        await to_thread.run_sync(file.close)
    return size


async def _kept(state: Any, who: Who, at: State, path: Path, size: int) -> None:
    if at.offset + size == at.size:
        await _finish(state, who, at, path)
    elif size:
        part = f"part-{new_id()}"
        await state.store.put(part, path)
        await state.db.write(uploads.add, at, part, size)


async def _finish(state: Any, who: Who, at: State, last: Path | None) -> None:
    """Puts the parts together and makes the document; the parts are no longer needed then."""
    with TemporaryDirectory(prefix="muster-") as folder:
        whole = Path(folder) / "whole"
        target: BinaryIO = await to_thread.run_sync(whole.open, "wb")
        try:
            for name in at.parts:
                pieces = await state.store.open(name)
                if pieces is None:
                    raise NotFound
                await to_thread.run_sync(target.writelines, pieces)
            if last:
                await to_thread.run_sync(intake.append, last, target)
        finally:
            await to_thread.run_sync(target.close)
        content = await intake.stored(state, whole, at.filename)
    await state.db.write(uploads.finish, who, at, content, state.settings)
    await _clear(state, at.parts)


async def _clear(state: Any, parts: Any) -> None:
    for name in parts:
        await state.store.remove(name)
