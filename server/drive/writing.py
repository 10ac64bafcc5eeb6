"""Texts of the drive that are written in the browser: each time they are saved is another version."""

from typing import Any

from anyio import to_thread
from sqlalchemy import Connection, select

from config.settings import Settings
from server import journal
from server.access import Who
from server.drive import actions
from server.drive.actions import Brought, Content
from server.drive.intake import TEXT
from server.drive.models import drive_document
from server.drive.queries import Document
from server.drive.telling import COMPANY
from server.errors import Invalid
from server.text import sought
from web.render import N_

BYTES = 4
"""Of a character, at most."""
MEANWHILE = N_(
    "Somebody else saved a version meanwhile. Yours is below; saved once more, it comes after theirs."
)


def writable(one: Document, most: int) -> bool:
    """Whether it may be a text that fits into a form: `most` characters. What is in it `savable` knows."""
    return one.media_type == TEXT and one.size <= most * BYTES


def savable(text: str | None, most: int) -> bool:
    """Whether a text could be saved as it is; nobody is to begin writing what is refused however they end."""
    return text is not None and len(text) <= most and sought(text) == text


async def text_of(state: Any, one: Document) -> str | None:
    """What stands in it now; None where that is no text, or gone. `state` is the application's."""
    pieces = await state.store.open(one.hash)
    if pieces is None:
        return None
    content = await to_thread.run_sync(b"".join, pieces)
    try:
        return str(content.decode())
    except UnicodeDecodeError:  # its end is no text
        return None


def save(
    c: Connection, who: Who, document: str, n: int, id: str, content: Content, settings: Settings
) -> Brought:
    """Another version of a text of which the writer had version `n` before them. Raises `Invalid` where there
    is a newer one by now: nobody writes over what they have not seen.
    """
    if before := actions.known(c, who, id):
        return before
    journal.hold(c, [who.squad or COMPANY])
    if c.scalar(select(drive_document.c.n).where(drive_document.c.id == document)) != n:
        raise Invalid({"text": MEANWHILE})
    return actions.renew(c, who, document, id, content, settings)
