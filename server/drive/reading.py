"""Reading documents: a job for each version, which takes the words out of it in a process of its own, and
puts them where they are found and shown.

Its steps are short transactions; what was read of a document counts with the last of them. Killed in the
middle, the job begins anew, and what it had written is found nowhere.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import anyio
from anyio import to_thread
from sqlalchemy import Connection, select

from config.settings import Settings
from server import jobs
from server.db import Database
from server.drive import index
from server.drive.index import Page
from server.drive.kinds import OFFICE, UNKNOWN
from server.drive.models import drive_document, drive_folder, drive_reading, drive_version
from server.drive.telling import hold, tell
from server.schema import now
from server.store import Store

JOB = "drive-read"
READER = Path(__file__).with_name("reader.py")
"""The program that reads: what it needs is not loaded here."""
PATIENCE = 120.0
"""Seconds that reading a document may take."""
AT_ONCE = 20_000
"""Signs that are put into the index in one transaction, or a page."""
KINDS = {
    "application/pdf": "pdf",
    f"{OFFICE}wordprocessingml.document": "docx",
    f"{OFFICE}presentationml.presentation": "pptx",
    f"{OFFICE}spreadsheetml.sheet": "xlsx",
    "application/msword": "old",
    "application/vnd.ms-powerpoint": "old",
    "application/vnd.ms-excel": "old",
    "text/plain": "text",
}
TEXTS = ("txt", "md", "markdown", "csv", "log")
"""Ends of the names of files that are text, whatever they are written in."""


class Source(NamedTuple):
    """What is to be read: a version's content."""

    n: int
    hash: str
    size: int
    media_type: str
    suffix: str


def later(c: Connection, document: str) -> None:
    """It is to be read; what is under way for an earlier version counts no more."""
    jobs.later(c, JOB, f"{JOB}:{document}", {"document": document}, now())


def kind_of(media_type: str, suffix: str) -> str:
    """How such content is read; empty: there are no words in it."""
    if media_type == UNKNOWN:
        return "text" if suffix in TEXTS else "old" if suffix in ("docx", "pptx", "xlsx") else ""
    return KINDS.get(media_type, "")


def source(c: Connection, document: str) -> Source | None:
    """The version that counts, as long as it is to be read."""
    v = drive_version.c
    newest = (v.document == drive_document.c.id) & (v.n == drive_document.c.n)
    query = select(v.n, v.hash, v.size, v.media_type, v.suffix).join(drive_document, newest)
    query = query.join(drive_reading, drive_reading.c.document == drive_document.c.id)
    waits = (drive_reading.c.n == v.n) & (drive_reading.c.state == "waits")
    row = c.execute(query.where(drive_document.c.id == document, waits)).one_or_none()
    return Source(*row) if row else None


async def read(db: Database, store: Store, settings: Settings, data: dict[str, Any]) -> None:
    """The job: once, or once more."""
    document = data["document"]
    it = await db.read(source, document)
    if it is None:
        return
    state, pages = await words(store, settings, it)
    last = await db.write(index.take, document, max(1, len(pages)))
    first = last - max(1, len(pages)) + 1
    for page, some in batches(pages or [("", "")], 1 if pages else 0):
        said = await to_thread.run_sync(index.text_pieces, last, page, some)
        await db.write(index.keep_pages, document, last, page, some, said)
    await db.write(turn, document, it.n, first, last, state)


def turn(c: Connection, document: str, n: int, first: int, last: int, state: str) -> None:
    """What was read of a version counts, and pages that show the document are told so."""
    d, f = drive_document.c, drive_folder.c
    here = select(d.folder, f.squad).join(drive_folder, f.id == d.folder).where(d.id == document)
    row = c.execute(here).one_or_none()
    if row is None:
        return  # gone for good
    hold(c, row.squad)  # the stream before the index, as with everything else in the drive
    if not index.turn(c, document, n, first, last, state):
        return  # another version, or in another part: that is read by itself
    folder = c.scalar(select(d.folder).where(d.id == document))
    tell(c, who=None, squad=row.squad, did="read", at=None, folder=folder, document=document)


def batches(pages: Sequence[Page], first: int) -> Iterator[tuple[int, Sequence[Page]]]:
    """Pages with the number of the first of them, some at once."""
    some: list[Page] = []
    for page in pages:
        if some and sum(len(text) for _, text in some) + len(page[1]) > AT_ONCE:
            yield first, some
            first, some = first + len(some), []
        some.append(page)
    yield first, some


async def words(store: Store, settings: Settings, it: Source) -> tuple[str, list[Page]]:
    """The state a version is in, and its pages."""
    kind = kind_of(it.media_type, it.suffix)
    if not kind:
        return "none", []
    if it.size > settings.drive_read_max:
        return "large", []
    with TemporaryDirectory(prefix="muster-") as folder:
        path, target = Path(folder) / "source", Path(folder) / "words"
        if not await store.fetch(it.hash, path):
            raise FileNotFoundError(f"the content of version {it.n} is not in the store")
        most = [str(settings.drive_unpacked), str(settings.drive_words)]
        command = [sys.executable, "-I", str(READER), str(path), str(target), kind, *most]
        try:
            with anyio.fail_after(PATIENCE):
                await anyio.run_process(command, stdout=DEVNULL, stderr=DEVNULL, check=False)
        except TimeoutError:
            return "large", []
        if not target.exists():
            return "broken", []
        found = json.loads(await to_thread.run_sync(target.read_bytes))
    return found["state"], [(title, text) for title, text in found["pages"]]


def unread(c: Connection) -> int:
    """Some documents from before there was an index are entered into it, the oldest first. How many."""
    v = drive_version.c
    known = select(drive_reading.c.document).where(drive_reading.c.document == drive_document.c.id)
    query = select(v.document, v.n, v.at).join(drive_document, (v.document == drive_document.c.id))
    query = query.where(v.n == drive_document.c.n, ~known.exists())
    rows = c.execute(query.order_by(v.at).limit(50)).all()
    for id, n, at in rows:
        index.enter(c, id, n, at)
        later(c, id)
    return len(rows)


async def fill_up(db: Database) -> None:
    """All of those, in many small transactions."""
    while await db.write(unread):
        pass
