"""What a phone keeps of the drive: which documents and folders wanted there its member may see now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from server.access import Who
from server.drive import queries
from server.drive.filing import layers_of
from server.drive.models import drive_document, drive_folder, drive_version
from server.drive.queries import HERE, Document, seen, spaces, top

MOST = 100
"""Documents, and folders, that may be asked about at once."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """Folders as (id, name, ids of the documents in and below it), and all these documents with those that
    were asked for by themselves. What the reader may not see is not there.
    """

    folders: list[tuple[str, str, list[str]]]
    documents: list[Document]


def pinned(c: Connection, who: Who, documents: Sequence[str], folders: Sequence[str]) -> Pinned:
    """What of these is there for the reader."""
    known = select(drive_folder.c.id, drive_folder.c.name).join(top, top.c.id == drive_folder.c.top)
    known = known.where(drive_folder.c.id.in_(folders), seen(spaces(c, who)))
    rows = c.execute(known.order_by(drive_folder.c.name, drive_folder.c.id)).all()
    below = {row.id: _below(c, row.id) for row in rows}
    within = {one for each in below.values() for one in each}
    found = queries.visible(c, who, documents, within)
    inside = [(r.id, r.name, [one.id for one in found if one.folder in below[r.id]]) for r in rows]
    return Pinned(inside, found)


def _below(c: Connection, folder: str) -> set[str]:
    return {one for layer in layers_of(c, folder) for one in layer}


def weight(c: Connection, folder: str) -> tuple[int, int]:
    """How many documents are in a folder and below it, and their bytes as they are now."""
    newest = and_(drive_version.c.document == drive_document.c.id, drive_version.c.n == drive_document.c.n)
    total = func.coalesce(func.sum(drive_version.c.size), 0)
    query = select(func.count(drive_document.c.id), total).join(drive_version, newest)
    query = query.join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    n, size = c.execute(query.where(drive_folder.c.id.in_(_below(c, folder)), HERE)).one()
    return int(n), int(size)


def as_data(found: Pinned, data: Any) -> dict[str, Any]:
    """As the API says it; `data` makes a document's."""
    folders = [{"id": id, "name": name, "documents": ids} for id, name, ids in found.folders]
    return {"folders": folders, "documents": [data(one) for one in found.documents]}
