"""How much there is room for in a part of the drive."""

from sqlalchemy import Connection, func, select

from config.settings import Settings
from server.drive.models import drive_document, drive_folder, drive_version
from server.errors import Invalid
from web.render import N_


def used(c: Connection, squad: str | None) -> int:
    """Bytes of a part of the drive, all versions and the bin counted."""
    total = func.coalesce(func.sum(drive_version.c.size), 0)
    query = select(total).select_from(drive_version)
    query = query.join(drive_document, drive_document.c.id == drive_version.c.document)
    query = query.join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    return int(
        c.scalar(query.where(drive_folder.c.squad == squad if squad else drive_folder.c.squad.is_(None))) or 0
    )


def check_room(c: Connection, squad: str | None, size: int, settings: Settings) -> None:
    """Raises `Invalid` where so many bytes more would be too many."""
    quota = settings.drive_quota
    if quota and used(c, squad) + size > quota:
        full = N_(
            "There is no room for this: of %(most)s GB nothing as large is left. Empty old folders first."
        )
        raise Invalid({"file": full}, {"most": round(quota / 1e9, 1)})
