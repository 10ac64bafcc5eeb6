"""What can be done with photos: name them in a post, let them arrive, forget them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from server import journal
from server.access import Who
from server.calls.models import call_file
from server.drive.models import drive_version
from server.errors import Invalid
from server.feed.models import post
from server.logs.models import log, log_line, log_photo
from server.members.models import member
from server.photos import queries
from server.photos.models import attachment, file
from server.schema import new_id, now
from web.render import N_

KEPT = timedelta(days=1)
"""How long a photo waits for the post that names it."""


class Picture(NamedTuple):
    """A picture that lies in the store, under its hash. Bytes and pixels; a PDF has none of these."""

    hash: str
    size: int
    width: int | None
    height: int | None


class Arrived(NamedTuple):
    """A photo as its sender sees it, and whether this request brought it."""

    photo: dict[str, Any]
    created: bool


def checked(ids: Sequence[UUID], most: int) -> list[str]:
    """The photos a post names, each once."""
    named = list(dict.fromkeys(str(id) for id in ids))
    if len(named) > most:
        raise Invalid({"photos": N_("At most %(most)s photos at once.")}, {"most": most})
    return named


def await_turn(c: Connection, who: Who) -> None:
    """Of a photo and the post that names it one goes first: neither may miss the other.

    Taken before the stream's row, by both. Not the lock of a foreign key, which every entry's actor takes.
    """
    c.execute(select(member.c.id).where(member.c.id == who.id).with_for_update(key_share=True))


def name(c: Connection, who: Who, to: str, ids: Sequence[str], after: int = 0) -> list[queries.Photo]:
    """Hangs photos on a post of the caller, `after` those it has, whether they have arrived yet or not."""
    if not ids:
        return []
    mine = select(file.c.client_id, file.c.id).where(file.c.made_by == who.id, file.c.client_id.in_(ids))
    here = {row.client_id: row.id for row in c.execute(mine)}
    taken = set(c.scalars(select(attachment.c.id).where(attachment.c.id.in_(ids))))
    rows = [
        {
            "id": new_id() if id in taken else id,
            "post": to,
            "n": n,
            "author": who.id,
            "client_id": id,
            "file": here.get(id),
        }
        for n, id in enumerate(ids, after)
    ]
    c.execute(insert(attachment), rows)
    return queries.of(c, [to])[to]


def arrived(c: Connection, who: Who, id: str) -> dict[str, Any] | None:
    """The caller's photo of that id, if it is here."""
    row = c.execute(select(file).where(file.c.made_by == who.id, file.c.client_id == id)).one_or_none()
    if row is None:
        return None
    return {"id": id, "width": row.width, "height": row.height, "size": row.size, "type": row.media_type}


def arrive(c: Connection, who: Who, id: str, picture: Picture) -> Arrived:
    """Notes a photo, and tells the squads whose posts have waited for it."""
    await_turn(c, who)
    if known := arrived(c, who, id):
        return Arrived(known, False)
    row = {"id": new_id(), "kind": "photo", "media_type": "image/jpeg", **picture._asdict()}
    c.execute(insert(file), {**row, "made_by": who.id, "client_id": id, "made_at": now()})
    mine = (attachment.c.author == who.id) & (attachment.c.client_id == id)
    waiting = c.execute(
        select(post.c.id, post.c.squad)
        .join(attachment, attachment.c.post == post.c.id)
        .where(mine, attachment.c.file.is_(None), post.c.deleted_at.is_(None))
        .order_by(post.c.squad)
    ).all()
    c.execute(update(attachment).where(mine, attachment.c.file.is_(None)).values(file=row["id"]))
    for one in waiting:
        at = journal.take(c, one.squad)
        data = {"post": one.id, "photos": queries.state(c, one.id)}
        journal.append(c, one.squad, "photo", data, actor=who.id, subject=one.id, at=at)
    known = arrived(c, who, id)
    assert known
    return Arrived(known, True)


def forgo(c: Connection, who: Who, id: str) -> None:
    """The caller's photo will not come: whose posts wait for it need not. One that is here stays."""
    await_turn(c, who)
    mine = (attachment.c.author == who.id) & (attachment.c.client_id == id) & attachment.c.file.is_(None)
    there = (select(post.c.id, post.c.squad).join(attachment, attachment.c.post == post.c.id)).where(mine)
    waiting = c.execute(there.order_by(post.c.squad)).all()
    c.execute(delete(attachment).where(mine))
    for one in waiting:
        at = journal.take(c, one.squad)
        data = {"post": one.id, "photos": queries.state(c, one.id)}
        journal.append(c, one.squad, "photo", data, actor=who.id, subject=one.id, at=at)


def forget(c: Connection, of: str) -> None:
    """Takes the photos off a post that was taken back; what nothing names any more is swept."""
    c.execute(delete(attachment).where(attachment.c.post == of))


def sweep(c: Connection) -> None:
    """Forgets the photos and documents that nothing has named for a day."""
    named = select(attachment.c.id).where(attachment.c.file == file.c.id).exists()
    given = select(call_file.c.id).where(call_file.c.file == file.c.id).exists()
    lines = log_photo.join(log_line, log_line.c.id == log_photo.c.line).join(log, log.c.id == log_line.c.log)
    mine = (log_photo.c.id == file.c.client_id) & (log.c.member == file.c.made_by)
    drafted = select(log_photo.c.id).select_from(lines).where(mine).exists()
    c.execute(delete(file).where(file.c.made_at < now() - KEPT, ~named, ~given, ~drafted))


def unknown(c: Connection, hashes: Sequence[str]) -> set[str]:
    """Those of the hashes that no file has, and no document of the drive in any version."""
    found = set(hashes)
    for start in range(0, len(hashes), 500):
        some = hashes[start : start + 500]
        for known in (file.c.hash, drive_version.c.hash):
            found -= set(c.scalars(select(known).where(known.in_(some))))
    return found


def kept(c: Connection) -> list[str]:
    """The hashes of all that has to be in the store: files, and every version of the drive's documents."""
    return sorted({*c.scalars(select(file.c.hash)), *c.scalars(select(drive_version.c.hash))})
