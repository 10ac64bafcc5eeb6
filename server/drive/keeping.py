"""An answer in a thread kept as a card: a document of its words, which keeps whose they are and whence."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from config.settings import Settings
from server.access import Who
from server.drive import actions, queries
from server.drive.actions import Brought, Content
from server.drive.filing import NAME_MAX, target
from server.drive.models import drive_card
from server.drive.queries import Space
from server.errors import Invalid, NotFound
from server.feed.models import post
from server.members.models import member
from server.schema import now
from server.text import name as checked_name
from web.render import N_

ANSWERS = ("reply", "answer")


class Said(NamedTuple):
    """An answer: its words, and whose they are."""

    text: str
    by: str


def said(c: Connection, id: str) -> Said:
    """What is to be kept; 404 for what is no answer, or says nothing."""
    query = select(post.c.text, post.c.kind, member.c.name).join(member, member.c.id == post.c.author)
    row = c.execute(query.where(post.c.id == id, post.c.deleted_at.is_(None))).one_or_none()
    if row is None or row.kind not in ANSWERS or not row.text.strip():
        raise NotFound
    return Said(row.text, row.name)


def keep(
    c: Connection, who: Who, id: str, key: str, folder: str, name: str, content: Content, settings: Settings
) -> Brought:
    """A post's words into a folder the caller may add to, of any part. The same `key`: the same card."""
    if before := actions.known(c, who, key):
        return before
    name = checked_name("name", name, NAME_MAX)
    to = target(c, who, folder)
    row = c.execute(select(post.c.squad, post.c.author, post.c.recorded_at).where(post.c.id == id)).one()
    if actions.twin(c, folder, name, content.media_type):
        raise Invalid({"name": N_("There is a document of this name here already.")})
    there = replace(who, squad=to.squad)
    brought = actions.bring(c, there, folder, key, content._replace(name=name), settings, "skill")
    about: dict[str, Any] = {"document": brought.document, "post": id, "squad": row.squad}
    about |= {"author": row.author, "said_at": row.recorded_at, "by": who.id, "at": now()}
    c.execute(insert(drive_card), about)
    return brought


class Card(NamedTuple):
    """Where a card comes from. `thread`: its address, where the reader may see it; None: they may not."""

    author: str
    said_at: Any
    thread: str | None


def card(c: Connection, known: Sequence[Space], document: str) -> Card | None:
    """The source of a document that is a card, as a reader of these parts may know it."""
    query = select(drive_card, member.c.name, post.c.root, post.c.deleted_at)
    query = query.join(member, member.c.id == drive_card.c.author).join(post, post.c.id == drive_card.c.post)
    row = c.execute(query.where(drive_card.c.document == document)).one_or_none()
    if row is None:
        return None
    inside = row.deleted_at is None and row.squad in {one.id for one in known}
    return Card(row.name, row.said_at, f"/squads/{row.squad}/posts/{row.root}" if inside else None)


def places(c: Connection, who: Who, known: Sequence[Space]) -> list[tuple[str, str]]:
    """The folders the caller may put it in: ids, and where they are in words; the name of a part is
    empty for the company's.
    """
    names = {space.id: space.name for space in known}
    return [(one.id, f"{names[one.squad]} / {words}") for one, words in queries.targets(c, who, known)]
