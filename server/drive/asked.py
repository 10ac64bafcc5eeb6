"""What a customer asks about a document: a post in the squad of whoever sent it."""

from typing import Any

from sqlalchemy import Connection, insert, select

from server import journal
from server.drive.models import drive_question
from server.drive.opened import Opened
from server.errors import NotFound
from server.feed.models import post
from server.schema import new_id, now
from server.text import checked
from server.text import name as checked_name


def ask(c: Connection, link: Opened, id: str, name: str, text: str, text_max: int) -> None:
    """A question, under an id made with the page: sent twice it is asked once."""
    if link.squad is None:
        raise NotFound
    same = (post.c.author == link.made_by) & (post.c.client_id == id)
    if c.scalar(select(post.c.id).where(same)) is not None:
        return
    checked("text", text, text_max, required=True)
    name = checked_name("name", name) if name.strip() else ""
    at, moment, made = journal.take(c, link.squad), now(), new_id()
    row: dict[str, Any] = {"id": made, "squad": link.squad, "kind": "question", "author": link.made_by}
    row |= {"client_id": id, "root": None, "parent": None, "feed_offset": at.offset, "text": text}
    c.execute(insert(post), {**row, "captured_at": moment, "recorded_at": moment})
    about = {"link": link.id, "customer": link.customer, "name": name, "about": link.name}
    c.execute(insert(drive_question), {"id": made, **about})
    data = {"id": made, "link": link.id, "customer": link.customer, "text": text}
    journal.append(c, link.squad, "question", data, actor=None, subject=made, at=at)
