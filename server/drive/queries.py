"""What can be asked about the drive, each time for one reader: what they may not see is not there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from server.access import Who
from server.among import among
from server.drive.kinds import TYPES, UNKNOWN, Type
from server.drive.models import (
    drive_bin,
    drive_document,
    drive_folder,
    drive_mark,
    drive_reading,
    drive_tag,
    drive_version,
)
from server.members.models import member
from server.schema import Id
from server.squads import queries as squads
from server.training.models import training_plan

LATELY = 12
"""Documents under “Shown lately”."""
HERE = and_(drive_folder.c.bin.is_(None), drive_document.c.bin.is_(None))
top = drive_folder.alias("top")


@dataclass(frozen=True, slots=True)
class Space:
    """A part of the drive: the company's (`id` None) or a squad's; `keeps`: the reader manages it."""

    id: str | None
    name: str
    keeps: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; `files` counts the documents in it and below. `rights` are its top folder's."""

    id: str
    squad: str | None
    parent: str | None
    name: str
    rights: str
    files: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document as its newest version is. `size` in bytes; `words`: how far read; `cover`: page 1 shows."""

    id: str
    folder: str
    folder_name: str
    squad: str | None
    name: str
    kind: str
    n: int
    size: int
    media_type: str
    suffix: str
    hash: str
    pages: int | None
    cover: bool
    changed_at: datetime
    made_by: str
    by: str
    by_name: str
    favourite: bool
    opened_at: datetime | None
    words: str | None
    tags: tuple[str, ...] = ()

    @property
    def type(self) -> Type:
        """What its content is."""
        return TYPES.get(self.media_type, TYPES[UNKNOWN])

    @property
    def file(self) -> str:
        """The name it is downloaded under."""
        suffix = self.type.suffix or self.suffix
        return f"{self.name}.{suffix}" if suffix else self.name


Known = Sequence[Space] | None
"""The reader's parts of the drive, where they were asked for before."""


def spaces(c: Connection, who: Who) -> list[Space]:
    """The company's part of the drive, then those of the reader's squads."""
    mine = squads.mine(c, who.id)
    company = Space(None, "", who.role == "admin")
    return [company, *(Space(one.id, one.name, one.lead or one.manages) for one in mine)]


def seen(known: Sequence[Space]) -> ColumnElement[bool]:
    """Whether a folder, joined with its `top`, may be seen from these parts."""
    kept = [one.id for one in known if one.keeps and one.id]
    mine = [one.id for one in known if one.id]
    here = or_(drive_folder.c.squad.is_(None), drive_folder.c.squad.in_(mine))
    keeps: ColumnElement[bool] = drive_folder.c.squad.in_(kept)
    if known[0].keeps:
        keeps = or_(keeps, drive_folder.c.squad.is_(None))
    return and_(drive_folder.c.bin.is_(None), here, or_(top.c.rights != "keep", keeps))


def documents_seen(known: Sequence[Space]) -> Select[Any]:
    """The ids of the documents that may be seen from these parts: a condition of other queries."""
    query = select(drive_document.c.id).join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    return query.join(top, top.c.id == drive_folder.c.top).where(HERE, seen(known))


def folders(c: Connection, who: Who, below: str | None = None, known: Known = None) -> list[Folder]:
    """The top folders the reader may see, or those in one, by name; with how much is in and below each."""
    where: ColumnElement[bool] = drive_folder.c.parent == below if below else drive_folder.c.parent.is_(None)
    query = select(drive_folder, top.c.rights.label("of_top")).join(top, top.c.id == drive_folder.c.top)
    query = query.where(where, seen(known or spaces(c, who))).order_by(drive_folder.c.name, drive_folder.c.id)
    rows = c.execute(query).all()
    counts = _counts(c, {row.top for row in rows})
    return [Folder(r.id, r.squad, r.parent, r.name, r.of_top, counts.get(r.id, 0)) for r in rows]


def _counts(c: Connection, tops: set[str]) -> dict[str, int]:
    """How many documents are in each folder under these, those below it counted too."""
    count = func.count(drive_document.c.id)
    inside = and_(drive_document.c.folder == drive_folder.c.id, drive_document.c.bin.is_(None))
    query = select(drive_folder.c.id, drive_folder.c.parent, count).outerjoin(drive_document, inside)
    query = query.where(drive_folder.c.top.in_(tops), drive_folder.c.bin.is_(None))
    rows = c.execute(query.group_by(drive_folder.c.id, drive_folder.c.parent)).all()
    above = {id: parent for id, parent, _ in rows}
    found = dict.fromkeys(above, 0)
    for id, _, n in rows:
        at: str | None = id
        while at in found:
            found[at] += n
            at = above[at]
    return found


def path(c: Connection, folder: str) -> list[Folder]:
    """A folder and those around it, the outermost first."""
    found: list[Folder] = []
    at: str | None = folder
    while at:
        query = select(drive_folder, top.c.rights.label("of_top")).join(top, top.c.id == drive_folder.c.top)
        row = c.execute(query.where(drive_folder.c.id == at)).one()
        found.insert(0, Folder(row.id, row.squad, row.parent, row.name, row.of_top, 0))
        at = row.parent
    return found


def _documents(who: str | BindParameter[str]) -> Select[Any]:
    """Documents that are not in the bin, for one reader."""
    d, v = drive_document.c, drive_version.c
    newest = and_(v.document == d.id, v.n == d.n)
    mine = and_(drive_mark.c.document == d.id, drive_mark.c.member == who)
    query = select(
        *(d.id, d.folder, drive_folder.c.name.label("folder_name"), drive_folder.c.squad),
        *(d.name, d.kind, d.n, d.changed_at, d.made_by),
        *(v.size, v.media_type, v.suffix, v.hash, v.pages, v.cover, v.by),
        *(member.c.name.label("by_name"), drive_mark.c.opened_at, drive_reading.c.state.label("words")),
        drive_mark.c.favourite_at.is_not(None).label("favourite"),
    )
    query = query.join(drive_folder, drive_folder.c.id == d.folder)
    query = query.join(top, top.c.id == drive_folder.c.top).join(drive_version, newest)
    query = query.outerjoin(drive_reading, drive_reading.c.document == d.id)
    return query.join(member, member.c.id == v.by).outerjoin(drive_mark, mine).where(HERE)


SOME = _documents(bindparam("who", type_=Id)).where(among(drive_document.c.id, "ids"))
TAGS = select(drive_tag).where(among(drive_tag.c.document, "ids")).order_by(drive_tag.c.tag)


def _filled(c: Connection, query: Select[Any], **asked: Any) -> list[Document]:
    rows = c.execute(query, asked).all()
    tags: dict[str, list[str]] = {}
    for one in c.execute(TAGS, {"ids": [row.id for row in rows]}):
        tags.setdefault(one.document, []).append(one.tag)
    return [Document(**row._mapping, tags=tuple(tags.get(row.id, ()))) for row in rows]


def documents(c: Connection, who: Who, folder: str) -> list[Document]:
    """What is directly in a folder, by name."""
    query = _documents(who.id).where(drive_document.c.folder == folder)
    return _filled(c, query.order_by(drive_document.c.name, drive_document.c.id))


def some(c: Connection, who: Who, ids: Sequence[str]) -> dict[str, Document]:
    """Documents by id, whoever may see them: a rule has decided that."""
    return {one.id: one for one in _filled(c, SOME, who=who.id, ids=ids)}


def visible(c: Connection, who: Who, ids: Sequence[str], within: Collection[str]) -> list[Document]:
    """Of these documents, and of all that are in some folders, those the reader may see, by name."""
    which = drive_document.c.id.in_(ids) | drive_document.c.folder.in_(within)
    query = _documents(who.id).where(which, seen(spaces(c, who)))
    return _filled(c, query.order_by(drive_document.c.name, drive_document.c.id))


def lately(c: Connection, who: Who, known: Known = None) -> list[Document]:
    """What the reader opened last, as far as they still may."""
    query = _documents(who.id).where(drive_mark.c.opened_at.is_not(None), seen(known or spaces(c, who)))
    return _filled(c, query.order_by(drive_mark.c.opened_at.desc()).limit(LATELY))


def newest(c: Connection, who: Who, parts: Collection[str | None], most: int) -> list[Document]:
    """What the reader may see of some parts (None: the company's), the last changed first."""
    squads = [one for one in parts if one]
    here: ColumnElement[bool] = drive_folder.c.squad.in_(squads)
    if None in parts:
        here = or_(here, drive_folder.c.squad.is_(None))
    query = _documents(who.id).where(here, seen(spaces(c, who)))
    return _filled(c, query.order_by(drive_document.c.changed_at.desc(), drive_document.c.id).limit(most))


def favourites(c: Connection, who: Who, known: Known = None) -> list[Document]:
    """What the reader marked, by name."""
    mine = drive_mark.c.favourite_at.is_not(None)
    query = _documents(who.id).where(mine, seen(known or spaces(c, who)))
    return _filled(c, query.order_by(drive_document.c.name, drive_document.c.id))


def planned(c: Connection, who: Who, document: str) -> bool:
    """Whether it is in the reader's own learning plan."""
    p = training_plan.c
    mine = (p.member == who.id) & (p.document == document) & p.away_at.is_(None)
    return c.scalar(select(p.id).where(mine)) is not None


def versions(c: Connection, document: str) -> Sequence[Any]:
    """Every version, the newest first: (id, n, hash, size, media_type, suffix, at, by, name)."""
    query = select(drive_version, member.c.name).join(member, member.c.id == drive_version.c.by)
    return c.execute(
        query.where(drive_version.c.document == document).order_by(drive_version.c.n.desc())
    ).all()


def version(c: Connection, document: str, n: int) -> Any:
    """One of them: its row, or None."""
    here = (drive_version.c.document == document) & (drive_version.c.n == n)
    return c.execute(select(drive_version).where(here)).one_or_none()


def binned(c: Connection, who: Who, known: Known = None) -> Sequence[Any]:
    """What lies in the bin that the reader may take out, the last first.

    Rows of (id, squad, what, name, by, at, by_name).
    """
    known = known or spaces(c, who)
    mine, kept = [one.id for one in known if one.id], [one.id for one in known if one.id and one.keeps]
    here = or_(drive_bin.c.squad.is_(None), drive_bin.c.squad.in_(mine))
    keeps: ColumnElement[bool] = drive_bin.c.squad.in_(kept)
    if known[0].keeps:
        keeps = or_(keeps, drive_bin.c.squad.is_(None))
    query = select(drive_bin, member.c.name.label("by_name")).join(member, member.c.id == drive_bin.c.by)
    query = query.where(here, or_(keeps, drive_bin.c.by == who.id))
    return c.execute(query.order_by(drive_bin.c.at.desc()).limit(200)).all()


def targets(c: Connection, who: Who, asked: Known = None) -> list[tuple[Folder, str]]:
    """Every folder the reader may add to, each with its path in words, in the order of these."""
    known = {one.id: one for one in asked or spaces(c, who)}
    query = select(drive_folder, top.c.rights.label("of_top")).join(top, top.c.id == drive_folder.c.top)
    rows = {row.id: row for row in c.execute(query.where(seen(list(known.values()))))}
    found = []
    for row in rows.values():
        if row.of_top == "add" or known[row.squad].keeps:
            names, at = [row.name], row.parent
            while at in rows:
                names.insert(0, rows[at].name)
                at = rows[at].parent
            found.append((Folder(row.id, row.squad, row.parent, row.name, row.of_top, 0), " / ".join(names)))
    return sorted(found, key=lambda one: (known[one[0].squad].name, one[1]))


def all_folders(c: Connection, who: Who) -> list[Folder]:
    """Every folder the reader may see, at whatever depth."""
    query = select(drive_folder, top.c.rights.label("of_top")).join(top, top.c.id == drive_folder.c.top)
    rows = c.execute(query.where(seen(spaces(c, who))))
    return [Folder(row.id, row.squad, row.parent, row.name, row.of_top, 0) for row in rows]


def href(document: str, page: int, q: str = "") -> str:
    """Where a document is opened at a page, with what was looked for marked."""
    asked = urlencode({"page": page, "q": q} if q else {"page": page})
    return f"/drive/documents/{document}?{asked}#page-{page}" if page else f"/drive/documents/{document}"
