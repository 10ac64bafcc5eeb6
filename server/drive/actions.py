"""What can be done with documents: brought, brought anew, described, moved, marked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from config.settings import Settings
from server.access import Who
from server.drive import attached, index, queries, reading
from server.drive.filing import NAME_MAX, target
from server.drive.kinds import KINDS
from server.drive.models import drive_document, drive_folder, drive_mark, drive_tag, drive_version
from server.drive.room import check_room
from server.drive.telling import take, tell
from server.errors import Invalid, NotFound
from server.schema import new_id, now
from server.text import name as checked_name
from web.render import N_

TAG_MAX, TAGS_MAX = 40, 12


class Content(NamedTuple):
    """What lies in the store, under its hash. `size` in bytes; `name` and `suffix` of the file that came;
    `pages` that can be drawn; none: `why`. `cover`: a picture of the first came with it.
    """

    hash: str
    size: int
    media_type: str
    name: str
    suffix: str
    pages: int | None = None
    why: str = ""
    cover: bool = False


class Brought(NamedTuple):
    """A document, the number of the version that came, and whether this request brought it."""

    document: str
    n: int
    created: bool


def known(c: Connection, who: Who, id: str) -> Brought | None:
    """The version the caller brought under that id, if it is here."""
    mine = (drive_version.c.by == who.id) & (drive_version.c.client_id == id)
    row = c.execute(select(drive_version.c.document, drive_version.c.n).where(mine)).one_or_none()
    return Brought(row.document, row.n, False) if row else None


def bring(
    c: Connection, who: Who, folder: str, id: str, content: Content, settings: Settings, kind: str = "other"
) -> Brought:
    """A file into a folder. One of that name and type there gets a new version; else it is a new document."""
    if before := known(c, who, id):
        return before
    if kind not in KINDS:
        raise Invalid({"kind": N_("This does not look right.")})
    name = checked_name("name", content.name[:NAME_MAX], NAME_MAX)
    at = take(c, who.squad)[who.squad]
    if c.scalar(select(drive_folder.c.bin).where(drive_folder.c.id == folder)):
        raise NotFound
    check_room(c, who.squad, content.size, settings)
    if document := twin(c, folder, name, content.media_type):
        n = _version(c, who, document, id, content)
    else:
        document, n = new_id(), 1
        row = {"id": document, "folder": folder, "name": name, "kind": kind, "n": 1, "made_by": who.id}
        c.execute(insert(drive_document), {**row, "made_at": now(), "changed_at": now()})
        c.execute(insert(drive_version), _row(who, document, 1, id, content))
        _to_be_read(c, document, 1)
    tell(c, who, who.squad, "brought", at, folder=folder, document=document)
    return Brought(document, n, True)


def renew(c: Connection, who: Who, document: str, id: str, content: Content, settings: Settings) -> Brought:
    """Another version of a document, whatever the file is called."""
    if before := known(c, who, id):
        return before
    at = take(c, who.squad)[who.squad]
    row = _standing(c, document)
    check_room(c, who.squad, content.size, settings)
    n = _version(c, who, document, id, content)
    tell(c, who, who.squad, "brought", at, folder=row.folder, document=document)
    return Brought(document, n, True)


def go_back(c: Connection, who: Who, document: str, n: int) -> int:
    """An earlier version counts again: as a new one, so that nothing is lost. Answers its number."""
    at = take(c, who.squad)[who.squad]
    row = _standing(c, document)
    old, newest = queries.version(c, document, n), queries.version(c, document, row.n)
    if old is None:
        raise NotFound
    if old.hash == newest.hash:
        return int(row.n)
    about = (old.hash, old.size, old.media_type, row.name, old.suffix, old.pages, old.why or "", old.cover)
    content = Content(*about)
    made = _version(c, who, document, new_id(), content)
    tell(c, who, who.squad, "brought", at, folder=row.folder, document=document)
    return made


def describe(
    c: Connection, who: Who, document: str, name: str, kind: str, tags: Sequence[str], folder: str
) -> None:
    """Another name, kind, tags, or another folder, also of another part, where the caller may add."""
    name = checked_name("name", name, NAME_MAX)
    named = checked_tags(tags)
    if kind not in KINDS:
        raise Invalid({"kind": N_("This does not look right.")})
    here = c.execute(select(drive_document.c.folder).where(drive_document.c.id == document)).scalar_one()
    to = target(c, who, folder) if folder != here else None
    streams = {who.squad, to.squad if to else who.squad}
    at = take(c, *streams, also=attached.squads_of(c, [document]))
    row = _standing(c, document)
    newest = queries.version(c, document, row.n)
    if (other := twin(c, folder, name, newest.media_type)) and other != document:
        raise Invalid({"name": N_("There is a document of this name here already.")})
    index.unname(c, document)
    values = {"name": name, "kind": kind, "folder": folder, "changed_at": now()}
    c.execute(update(drive_document).where(drive_document.c.id == document).values(**values))
    c.execute(delete(drive_tag).where(drive_tag.c.document == document))
    if named:
        c.execute(insert(drive_tag), [{"document": document, "tag": one} for one in named])
    index.name(c, document)
    if to and to.squad != who.squad:  # what it says stands in the index of the part it was in
        _to_be_read(c, document, row.n, newest.at)
    for squad in sorted(streams, key=str):
        tell(c, who, squad, "changed", at[squad], folder=folder, document=document)
    attached.renew(c, who, [document])


def favour(c: Connection, who: Who, document: str, on: bool) -> None:
    """Marks a document for the caller, or no longer."""
    _mark(c, who, document, favourite_at=now() if on else None)


def opened(c: Connection, who: Who, document: str) -> None:
    """The caller looks at it: it is among what was shown lately, to them alone."""
    _mark(c, who, document, opened_at=now())


def _mark(c: Connection, who: Who, document: str, **values: Any) -> None:
    mine = (drive_mark.c.member == who.id) & (drive_mark.c.document == document)
    if not c.execute(update(drive_mark).where(mine).values(**values)).rowcount:
        c.execute(insert(drive_mark), {"member": who.id, "document": document, **values})


def checked_tags(tags: Sequence[str]) -> list[str]:
    """Each once, as it was written first."""
    found: dict[str, str] = {}
    for tag in tags:
        if tag.strip():
            word = checked_name("tags", tag, TAG_MAX)
            found.setdefault(word.casefold(), word)
    if len(found) > TAGS_MAX:
        raise Invalid({"tags": N_("At most %(most)s tags.")}, {"most": TAGS_MAX})
    return list(found.values())


def twin(c: Connection, folder: str, name: str, media_type: str) -> str | None:
    """The document of that name and type in a folder."""
    newest = (drive_version.c.document == drive_document.c.id) & (drive_version.c.n == drive_document.c.n)
    query = select(drive_document.c.id, drive_document.c.name).join(drive_version, newest)
    query = query.where(drive_document.c.folder == folder, drive_document.c.bin.is_(None))
    rows = c.execute(query.where(drive_version.c.media_type == media_type))
    return next((str(row.id) for row in rows if row.name.casefold() == name.casefold()), None)


def _standing(c: Connection, document: str) -> Any:
    row = c.execute(select(drive_document).where(drive_document.c.id == document)).one()
    if row.bin:
        raise NotFound
    return row


def _row(who: Who, document: str, n: int, id: str, content: Content) -> dict[str, Any]:
    row = {"id": new_id(), "document": document, "n": n, "hash": content.hash, "size": content.size}
    row |= {"media_type": content.media_type, "suffix": content.suffix, "pages": content.pages}
    row |= {"why": content.why or None, "cover": content.cover}
    return {**row, "by": who.id, "client_id": id, "at": now()}


def _version(c: Connection, who: Who, document: str, id: str, content: Content) -> int:
    newest = c.scalar(select(func.max(drive_version.c.n)).where(drive_version.c.document == document)) or 0
    n = int(newest) + 1
    c.execute(insert(drive_version), _row(who, document, n, id, content))
    c.execute(update(drive_document).where(drive_document.c.id == document).values(n=n, changed_at=now()))
    _to_be_read(c, document, n)
    return n


def _to_be_read(c: Connection, document: str, n: int, at: datetime | None = None) -> None:
    index.enter(c, document, n, at or now())
    reading.later(c, document)
