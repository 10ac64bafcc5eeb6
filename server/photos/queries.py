"""What can be asked about the photos of posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from server.photos.models import attachment, file


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a post; without width and height (pixels) it is still on its way."""

    id: str
    width: int | None
    height: int | None


_wanted: BindParameter[str] = bindparam("wanted", expanding=True)
_photos = (
    select(attachment.c.post, attachment.c.id, file.c.width, file.c.height)
    .outerjoin(file, file.c.id == attachment.c.file)
    .where(attachment.c.post.in_(_wanted))
    .order_by(attachment.c.post, attachment.c.n)
)
_stored = select(file.c.hash, file.c.media_type, file.c.size).join(attachment, attachment.c.file == file.c.id)


def of(c: Connection, posts: Sequence[str]) -> dict[str, list[Photo]]:
    """The photos of posts, in the order they were named; posts without any are left out."""
    found: dict[str, list[Photo]] = {}
    for row in c.execute(_photos, {"wanted": posts}):
        found.setdefault(row.post, []).append(Photo(row.id, row.width, row.height))
    return found


def state(c: Connection, post: str) -> list[dict[str, Any]]:
    """One post's photos as frames and the API show them."""
    return as_data(of(c, [post]).get(post, []))


def as_data(photos: Sequence[Photo]) -> list[dict[str, Any]]:
    """Photos by ids."""
    return [{"id": one.id, "width": one.width, "height": one.height} for one in photos]


def of_author(c: Connection, member: str, ids: Collection[str]) -> dict[str, Photo]:
    """A member's own photos that have arrived, named in a post or not, by the ids they sent them under."""
    mine = (file.c.made_by == member) & file.c.client_id.in_(list(ids))
    rows = c.execute(select(file).where(mine)).all() if ids else []
    return {row.client_id: Photo(row.client_id, row.width, row.height) for row in rows}


def stored_own(c: Connection, member: str, id: str) -> Any:
    """The same of a photo that the member has sent themselves."""
    mine = (file.c.made_by == member) & (file.c.client_id == id)
    return c.execute(select(file.c.hash, file.c.media_type, file.c.size).where(mine)).one_or_none()


def stored(c: Connection, id: str) -> Any:
    """What is kept of a photo that has arrived: (hash, media_type, size), or None."""
    return c.execute(_stored.where(attachment.c.id == id)).one_or_none()
