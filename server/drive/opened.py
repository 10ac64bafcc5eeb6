"""What a link is to whoever opens it: what it leads to, and what they do there."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from server.access import digest
from server.drive import inner, reading, snippets
from server.drive.kinds import Type
from server.drive.links import tell
from server.drive.models import drive_document, drive_folder, drive_link, drive_version, drive_view
from server.drive.shelf import type_of
from server.members.models import company, member
from server.schema import now
from web.prose import prose

SLACK = 15
"""Seconds that a browser's count may be ahead of the server's."""
LONG = 4 * 3600
"""Seconds of one view that count."""
VIEWS = 2000
"""Views of one link that are kept."""
PAGES = re.compile(r"([0-9]{1,5}:[0-9]{1,6})(,[0-9]{1,5}:[0-9]{1,6})*")


@dataclass(frozen=True, slots=True)
class Opened:
    """A link and its document as it is now. `over`: ended, out of date, or the document gone."""

    id: str
    document: str
    name: str
    n: int
    hash: str
    size: int
    media_type: str
    suffix: str
    pages: int
    download: bool
    code: str | None
    squad: str | None
    customer: str | None
    made_by: str
    by: str
    company: str
    expires_at: datetime
    again_at: datetime | None
    over: bool

    @property
    def type(self) -> Type:
        """What its content is."""
        return type_of(self.media_type)

    def key(self, secret: str) -> str:
        """What a browser is given that knew the code; another code, another key."""
        made = hmac.digest(secret.encode(), f"document code {self.id} {self.code}".encode(), "sha256")
        return made.hex()


def look_up(c: Connection, token: str) -> Opened | None:
    """What a token leads to; None for one that never was."""
    newest = drive_version.c.document == drive_document.c.id
    query = (
        select(
            *(drive_link.c.id, drive_link.c.document, drive_document.c.name, drive_version.c.n),
            *(drive_version.c.hash, drive_version.c.size, drive_version.c.media_type, drive_version.c.suffix),
            func.coalesce(drive_version.c.pages, 0).label("pages"),
            *(drive_link.c.download, drive_link.c.code, drive_link.c.squad, drive_link.c.customer),
            *(drive_link.c.made_by, member.c.name.label("by"), company.c.name.label("company")),
            *(drive_link.c.expires_at, drive_link.c.again_at, drive_link.c.ended_at),
            (drive_document.c.bin.is_not(None) | drive_folder.c.bin.is_not(None)).label("binned"),
        )
        .join(drive_document, drive_document.c.id == drive_link.c.document)
        .join(drive_folder, drive_folder.c.id == drive_document.c.folder)
        .join(drive_version, newest & (drive_version.c.n == drive_document.c.n))
        .join(member, member.c.id == drive_link.c.made_by)
        .join(company, company.c.id == 1)
    )
    row = c.execute(query.where(drive_link.c.hash == digest(token))).one_or_none()
    if row is None:
        return None
    known = dict(row._mapping)
    ended, binned = known.pop("ended_at"), known.pop("binned")
    return Opened(**known, over=bool(ended or binned or row.expires_at <= now()))


def words(c: Connection, opened: Opened, page: int) -> dict[str, Any]:
    """What is written in it about a page, where there are no pictures of its pages."""
    kind = reading.kind_of(opened.media_type, opened.suffix)
    inside = inner.inside(c, opened.document, page) if kind and not opened.pages else inner.NOTHING
    shown = {"inside": inside, "written": kind, "page": page, "one": opened}
    return {**shown, "prose": prose, "mark": lambda text: snippets.marked(text, "")}


def most(c: Connection, opened: Opened) -> int:
    """Pages there are to look at, at least one."""
    return opened.pages or max(1, inner.count(c, opened.document))


def told_pages(text: str, most: int) -> dict[str, int]:
    """Seconds by page as a browser says them, like `1:12,2:3`; nothing where it makes no sense."""
    if not PAGES.fullmatch(text):
        return {}
    pairs = (one.split(":") for one in text.split(","))
    return {str(int(page)): int(seconds) for page, seconds in pairs if 1 <= int(page) <= most}


def seen(c: Connection, opened: Opened, view: str, pages: dict[str, int]) -> bool:
    """How long somebody has looked at what by now, in one visit of the page. False: it cannot be.

    A visit is never longer than the time since it was first heard of, and never gets shorter.
    """
    row = c.execute(select(drive_view).where(drive_view.c.id == view).with_for_update()).one_or_none()
    if row is None:
        known = c.scalar(select(func.count()).where(drive_view.c.link == opened.id)) or 0
        if known >= VIEWS or sum(pages.values()) > SLACK:
            return False
        fresh: dict[str, Any] = {"id": view, "link": opened.id, "n": opened.n, "at": now(), "pages": pages}
        c.execute(insert(drive_view), fresh)
    else:
        most = min((now() - row.at).total_seconds() + SLACK, LONG)
        grown = {page: max(pages.get(page, 0), row.pages.get(page, 0)) for page in {*pages, *row.pages}}
        if row.link != opened.id or sum(grown.values()) > most:
            return False
        if grown == row.pages:
            return True
        c.execute(update(drive_view).where(drive_view.c.id == view).values(pages=grown))
    tell(c, opened.id, "seen", None, view=view)
    return True


def again(c: Connection, opened: Opened) -> None:
    """Whoever was sent a link that is over would like it once more. Said once, it is said."""
    first = (drive_link.c.id == opened.id) & drive_link.c.again_at.is_(None)
    if c.execute(update(drive_link).where(first).values(again_at=now())).rowcount:
        tell(c, opened.id, "again", None)
