"""What is written in a document, page by page, and why nothing is."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from server.drive.models import drive_document, drive_page, drive_reading, drive_version
from server.drive.queries import Document
from web.render import N_

AT_ONCE = 60
"""Pages of text that are shown at once."""
BEFORE = 10
"""Of those, before the one that was asked for."""
SAID = {
    "locked": N_("It asks for a password. Download it and open it with that; here it is found by its name."),
    "broken": N_("It cannot be read; the file may be damaged. It is kept as it came, to be downloaded."),
    "large": N_("It is too large to be read here. It is found by its name, and can be downloaded."),
    "pixels": N_("This picture has too many pixels to be shown here. It can be downloaded."),
    "cut": N_("It is very long: only its beginning is found, and shown as words."),
    "waits": N_("Its words are being read. In a moment they are found."),
    "none": N_("There are no words in it, only pictures of them. It is found by its name and tags."),
}
"""What a reader is told, by the state a document is in."""


class Inside(NamedTuple):
    """Pages of text: rows of (page, title, text); `before` and `after`: a page to go on from, 0: none."""

    pages: Sequence[Any]
    before: int
    after: int


NOTHING = Inside((), 0, 0)


class Leaf(NamedTuple):
    """A page of text."""

    page: int
    title: str
    text: str


def whole(text: str) -> Inside:
    """A text as one page: before it is read, so that who wrote it sees it at once."""
    return Inside((Leaf(1, "", text),), 0, 0)


def inside(c: Connection, document: str, page: int) -> Inside:
    """What is written on some pages of a document, about the one asked for."""
    p, r = drive_page.c, drive_reading.c
    query = select(p.page, p.title, p.text).join(drive_reading, r.document == p.document)
    query = query.where(p.document == document, p.place.between(r.first, r.last), p.page > 0)
    first = max(1, page - BEFORE)
    rows = c.execute(query.where(p.page >= first).order_by(p.page).limit(AT_ONCE + 1)).all()
    after = rows[-1].page + BEFORE if len(rows) > AT_ONCE else 0
    before = max(1, first - AT_ONCE + BEFORE) if first > 1 and rows else 0
    return Inside(rows[:AT_ONCE], before, after)


def count(c: Connection, document: str) -> int:
    """How many pages of text the version that counts has."""
    p, r = drive_page.c, drive_reading.c
    query = select(func.coalesce(func.max(p.page), 0)).join(drive_reading, r.document == p.document)
    return int(c.scalar(query.where(p.document == document, p.place.between(r.first, r.last))) or 0)


def leaves() -> ColumnElement[int]:
    """Pages there are to look at, at least one: of a `drive_document` joined with its newest version."""
    p, r = drive_page.c, drive_reading.c
    written = select(func.max(p.page)).join(drive_reading, r.document == p.document)
    here = written.where(p.document == drive_document.c.id, p.place.between(r.first, r.last))
    most = func.nullif(here.correlate(drive_document).scalar_subquery(), 0)
    return func.coalesce(func.nullif(drive_version.c.pages, 0), most, 1)


def said(c: Connection, document: str, one: Document, kind: str) -> str:
    """Why there is nothing, or not all of it, to be seen or found; empty: all is well."""
    here = (drive_version.c.document == document) & (drive_version.c.n == one.n)
    why = c.scalar(select(drive_version.c.why).where(here))
    if why:
        return SAID[why]
    read = drive_reading.c.document == document
    state = c.scalar(select(drive_reading.c.state).where(read)) or ""
    if state == "none" and (kind in ("", "old") or one.type.icon == "image"):
        return ""
    return SAID.get(state, "") if kind else ""
