"""From a file somebody sent to content in the store: copied in pieces, named by its hash, typed."""

import hashlib
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from uuid import UUID, uuid5

import filetype
from anyio import to_thread
from starlette.datastructures import UploadFile

from server.access import Who
from server.drive.actions import Content
from server.drive.kinds import TYPES, UNKNOWN
from server.errors import Invalid
from server.store import CHUNK
from web.render import N_

LOOKED_AT = 1 << 16
"""Bytes by which text is told from anything else."""
TEXT = "text/plain"
CHOOSE = N_("Choose a file.")
TOO_LARGE = N_("This file is too large: at most %(most)s MB.")


async def keep(state: Any, who: Who, sent: UploadFile) -> Content:
    """Puts what a form brought into the store; `state` is the application's."""
    if not sent.filename:
        raise Invalid({"file": CHOOSE})
    most = state.settings.drive_max
    if (sent.size or 0) > most:
        raise Invalid({"file": TOO_LARGE}, {"most": most // 1_000_000})
    with TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / "file"
        await to_thread.run_sync(_copy, sent.file, path)
        return await stored(state, path, sent.filename)


async def stored(state: Any, path: Path, filename: str) -> Content:
    """Puts a file of this machine into the store, and its first page, if it has any."""
    hash, size, media_type = await to_thread.run_sync(_looked_at, path)
    await state.store.put(hash, path)
    drawn = await state.leaves.first(path, hash, media_type)
    name, suffix = parted(filename)
    return Content(hash, size, media_type, name, suffix, drawn.pages, drawn.why, drawn.cover)


async def written(state: Any, text: str, filename: str) -> Content:
    """Puts words into the store as a text, whatever they look like."""
    with TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / "text"
        await to_thread.run_sync(path.write_bytes, text.encode())
        content = await stored(state, path, filename)
    return content._replace(media_type=TEXT, pages=None, why="", cover=False)


def parted(filename: str) -> tuple[str, str]:
    """A document's name and the end of its file's, from what a browser calls it."""
    name = re.split(r"[/\\]", filename)[-1].strip()
    found = re.fullmatch(r"(.+)\.([A-Za-z0-9]{1,8})", name)
    return (found[1], found[2].lower()) if found else (name, "")


def _copy(source: BinaryIO, path: Path) -> None:
    source.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(source, target, CHUNK)


def append(path: Path, target: BinaryIO) -> None:
    """Writes a file to the end of another, a piece at a time."""
    with path.open("rb") as source:
        shutil.copyfileobj(source, target, CHUNK)


def _looked_at(path: Path) -> tuple[str, int, str]:
    with path.open("rb") as content:
        hash = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        return hash, path.stat().st_size, type_of(content.read(LOOKED_AT))


def type_of(beginning: bytes) -> str:
    """The type of content that begins like this; a file's name and what a browser says count for nothing."""
    found = filetype.guess_mime(beginning)
    if found in TYPES:
        return str(found)
    if found is None and b"\0" not in beginning:
        try:
            beginning.decode()
        except UnicodeDecodeError as wrong:
            # A sign that is cut off at the end is no mistake.
            return TEXT if wrong.start > len(beginning) - 4 and len(beginning) == LOOKED_AT else UNKNOWN
        return TEXT
    return UNKNOWN


def keyed(form: str, n: int, hash: str) -> str:
    """The id of one of a form's files, so that a form that is sent twice brings each once."""
    return str(uuid5(UUID(form), f"{n} {hash}"))
