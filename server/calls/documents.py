"""Files on answers, PDFs and pictures: known by their content, kept by hash, for whoever sees the call."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import filetype
from anyio import to_thread
from sqlalchemy import Connection, insert, select
from starlette.datastructures import UploadFile

from server.access import Who
from server.calls.models import call_file
from server.errors import Invalid
from server.photos.actions import Picture
from server.photos.intake import digest, reason
from server.photos.models import file
from server.schema import new_id, now
from web.render import N_

PDF = "application/pdf"
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"}
"""What becomes a JPEG that says nothing of where it was taken, as photos do."""
ENDINGS = {PDF: ".pdf", "image/jpeg": ".jpg"}
NAME_MAX = 120


async def take(state: Any, who: Who, id: str, sent: UploadFile) -> dict[str, Any]:
    """Keeps a PDF or a picture under the caller's id; the same id again is the first.

    `state` is the application's.
    """
    if known := await state.db.read(kept, who.id, id):
        return dict(known)
    if (sent.size or 0) > state.settings.document_max:
        most = state.settings.document_max // 1_000_000
        raise Invalid({"file": N_("This file is too large: at most %(most)s MB.")}, {"most": most})
    with TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / "document"
        await to_thread.run_sync(_copy, sent, path)
        found = await to_thread.run_sync(filetype.guess_mime, str(path))
        if found in PICTURES:
            made = await _picture(state, sent, Path(folder))
        elif found == PDF:
            made = await _pdf(state, path, sent.size or 0)
        else:
            raise Invalid({"file": N_("This is neither a PDF nor a photo. JPEG, PNG, WebP and HEIC work.")})
        return dict(await state.db.write(note, who.id, id, made, PDF if found == PDF else "image/jpeg"))


async def _pdf(state: Any, path: Path, size: int) -> Picture:
    with path.open("rb") as content:
        name = await to_thread.run_sync(digest, content)
    await state.store.put(name, path)
    return Picture(name, size, None, None)


async def _picture(state: Any, sent: UploadFile, folder: Path) -> Picture:
    if (sent.size or 0) > state.settings.photo_max:
        raise reason("size", state.settings)
    made: Picture = await state.photos.keep(sent.file, folder)
    return made


def _copy(sent: UploadFile, path: Path) -> None:
    sent.file.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(sent.file, target)


def kept(c: Connection, who: str, id: str) -> dict[str, Any] | None:
    """The caller's document of that id, if it is here: {id, size, type}."""
    mine = (file.c.made_by == who) & (file.c.client_id == id) & (file.c.kind == "document")
    row = c.execute(select(file).where(mine)).one_or_none()
    return {"id": id, "size": row.size, "type": row.media_type} if row else None


def note(c: Connection, who: str, id: str, made: Picture, media_type: str) -> dict[str, Any]:
    """Notes what lies in the store."""
    if known := kept(c, who, id):
        return known
    row = {"id": new_id(), "kind": "document", "media_type": media_type, **made._asdict()}
    c.execute(insert(file), {**row, "made_by": who, "client_id": id, "made_at": now()})
    return {"id": id, "size": made.size, "type": media_type}


def hang(c: Connection, who: str, answer: str, named: dict[str, str]) -> None:
    """Hangs the caller's documents (id -> name) on an answer."""
    mine = select(file.c.id, file.c.client_id).where(file.c.made_by == who, file.c.client_id.in_(named))
    rows = {row.client_id: row.id for row in c.execute(mine.where(file.c.kind == "document"))}
    if set(rows) != set(named):
        raise Invalid({"files": N_("Send the file first, then the answer that names it.")})
    for id, name in named.items():
        shown = " ".join(name.split())[:NAME_MAX] or "PDF"
        c.execute(insert(call_file), {"id": new_id(), "answer": answer, "file": rows[id], "name": shown})


def stored(c: Connection, id: str) -> Any:
    """What is kept of a document on an answer: (hash, media_type, size, name), or None."""
    query = select(file.c.hash, file.c.media_type, file.c.size, call_file.c.name)
    return c.execute(
        query.join(call_file, call_file.c.file == file.c.id).where(call_file.c.id == id)
    ).one_or_none()
