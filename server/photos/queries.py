"""What can be asked about the photos of posts."""

from collections.abc import Sequence
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


def stored(c: Connection, id: str) -> Any:
    """What is kept of a photo that has arrived: (hash, media_type, size), or None."""
    return c.execute(_stored.where(attachment.c.id == id)).one_or_none()
