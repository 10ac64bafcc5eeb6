"""Uploads that may be cut and go on: their bytes lie in the store in parts until all are here.

Nothing of one is seen before. The last bytes count in the transaction that makes the document: whoever was
killed in between, the sender is told that they are missing, and sends them again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from config.settings import Settings
from server.access import Who
from server.drive import actions
from server.drive.actions import Content
from server.drive.kinds import KINDS
from server.drive.models import drive_upload
from server.drive.room import check_room
from server.errors import Conflict, Invalid, TooLarge
from server.schema import new_id, now
from server.text import name as checked_name
from web.render import N_

LASTS = timedelta(days=1)
"""An upload is whole by then, or forgotten. What lies in the store longer without a row is swept there."""
NAME_MAX = 200


class State(NamedTuple):
    """How far an upload is: bytes here of all bytes, its parts, when it began, the document it became."""

    id: str
    folder: str
    filename: str
    kind: str
    size: int
    offset: int
    parts: Sequence[str]
    made_at: datetime
    document: str | None

    @property
    def expires(self) -> datetime:
        """When it is forgotten."""
        return self.made_at + LASTS


def begin(
    c: Connection, who: Who, folder: str, size: int, filename: str, kind: str, settings: Settings
) -> str:
    """Notes what is to come; its id."""
    if size > settings.drive_max:
        raise TooLarge
    name = checked_name("filename", filename, NAME_MAX)
    if kind not in KINDS:
        raise Invalid({"kind": N_("This does not look right.")})
    check_room(c, who.squad, size, settings)
    row = {"id": new_id(), "folder": folder, "filename": name, "kind": kind, "size": size}
    c.execute(insert(drive_upload), {**row, "offset": 0, "parts": [], "made_by": who.id, "made_at": now()})
    return str(row["id"])


def state(c: Connection, id: str) -> State | None:
    """How far it is; None: it is forgotten."""
    columns = [drive_upload.c[name] for name in State._fields]
    row = c.execute(select(*columns).where(drive_upload.c.id == id)).one_or_none()
    return State(*row) if row and row.made_at > now() - LASTS else None


def add(c: Connection, was: State, part: str, size: int) -> None:
    """More of it lies in the store; Conflict where somebody else has brought more meanwhile."""
    _advance(c, was, offset=was.offset + size, parts=[*was.parts, part])


def finish(c: Connection, who: Who, was: State, content: Content, settings: Settings) -> str:
    """All of it is in the store, under its hash: it is a document now, or a new version of one. Its id."""
    brought = actions.bring(c, who, was.folder, was.id, content, settings, was.kind)
    _advance(c, was, offset=was.size, parts=[], document=brought.document)
    return brought.document


def _advance(c: Connection, was: State, **values: Any) -> None:
    here = (drive_upload.c.id == was.id) & (drive_upload.c.offset == was.offset)
    if not c.execute(
        update(drive_upload).where(here, drive_upload.c.document.is_(None)).values(**values)
    ).rowcount:
        raise Conflict


def end(c: Connection, id: str) -> None:
    """It will not come."""
    c.execute(delete(drive_upload).where(drive_upload.c.id == id))


def forget(c: Connection) -> None:
    """Uploads that did not become whole in time, and those that are long done."""
    c.execute(delete(drive_upload).where(drive_upload.c.made_at < now() - LASTS))
