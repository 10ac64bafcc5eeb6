"""What a customer asks about a document: a post in the squad of whoever sent it, until it is removed."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from server import audit, journal
from server.access import Who
from server.drive import links
from server.drive.models import drive_link, drive_question
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


def one(c: Connection, id: str) -> Any:
    """A question that stands: (id, link, customer, name, about, squad, text, captured_at); or `NotFound`."""
    query = select(drive_question, post.c.squad, post.c.text, post.c.captured_at)
    query = query.join(post, post.c.id == drive_question.c.id)
    row = c.execute(query.where(post.c.id == id, post.c.deleted_at.is_(None))).one_or_none()
    if row is None:
        raise NotFound
    return row


def remove(c: Connection, who: Who, id: str) -> str | None:
    """Its words and the name go for good: from the feed, the link, the customer's story, the journal, the
    search and, by its entry, the notices. The squad sees who did it. Answers the link it came by, if there is
    one.
    """
    row = one(c, id)
    link = c.execute(select(drive_link).where(drive_link.c.id == row.link)).one_or_none()
    journal.hold(c, {row.squad, *(links.heard_on(c, link) if link else ())})
    standing = (post.c.id == id) & post.c.deleted_at.is_(None)
    if not c.execute(update(post).where(standing).values(deleted_at=now(), text="")).rowcount:
        raise NotFound
    c.execute(update(drive_question).where(drive_question.c.id == id).values(name=""))
    journal.redact(c, row.squad, id)
    data = {"id": id, "post": id, "customer": row.customer}
    journal.append(c, row.squad, "deleted", data, actor=who.id, subject=id)
    if link:
        links.tell(c, link.id, "removed", who.id)
    audit.note(c, who.id, "question_removed", squad=row.squad, name=row.about)
    return str(link.id) if link else None
