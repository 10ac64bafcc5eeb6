"""What was shown to customers, as pages tell it: the documents their reader may see, and no others."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from server.access import Who
from server.calls.models import call, call_answer, call_file
from server.customers.models import customer
from server.drive.models import drive_attachment, drive_document, drive_folder, drive_shown, drive_version
from server.drive.queries import HERE, Space, seen, spaces, top
from server.feed.models import post
from server.members.models import member
from server.photos.models import file
from server.visits.models import visit


def in_visit(c: Connection, who: Who, id: str) -> list[Any]:
    """Rows of (id, document, name, at, member, squad) of one visit, the first first."""
    return _rows(c, who, drive_shown.c.visit == id)[::-1]


def of_document(c: Connection, known: Sequence[Space], id: str) -> list[Any]:
    """Visits of the squads of a reader of these parts in which a document was shown, the last first.

    Rows of (visit, squad, customer, name of the customer, at, member, by).
    """
    query = select(
        *(drive_shown.c.visit, visit.c.squad, visit.c.customer, customer.c.name, drive_shown.c.at),
        *(drive_shown.c.member, member.c.name.label("by")),
    )
    query = query.join(visit, (visit.c.id == drive_shown.c.visit) & visit.c.retracted_at.is_(None))
    query = query.join(customer, customer.c.id == visit.c.customer)
    query = query.join(member, member.c.id == drive_shown.c.member)
    own = [one.id for one in known if one.id]
    there = query.where(drive_shown.c.document == id, visit.c.squad.in_(own))
    return list(c.execute(there.order_by(drive_shown.c.at.desc(), drive_shown.c.id.desc()).limit(20)))


def in_calls(c: Connection, known: Sequence[Space], id: str) -> list[Any]:
    """Calls for help in the squads of a reader of these parts that were answered with a document, the last
    first: with the document itself, or with the same file as any of its versions, whoever brought it there.

    Rows of (squad, root, customer, name of the customer, at, by).
    """
    versions = select(drive_version.c.hash).where(drive_version.c.document == id)
    query = select(
        *(call.c.squad, func.coalesce(post.c.root, call.c.id).label("root"), call.c.customer),
        *(customer.c.name, post.c.recorded_at.label("at"), member.c.name.label("by")),
    )
    query = query.join(call_answer, call_answer.c.call == call.c.id).join(post, post.c.id == call_answer.c.id)
    query = query.join(customer, customer.c.id == call.c.customer)
    query = query.join(member, member.c.id == post.c.author).where(post.c.deleted_at.is_(None))
    start = post.alias("start")  # without it there is no thread to lead to
    query = query.join(
        start, (start.c.id == func.coalesce(post.c.root, call.c.id)) & start.c.deleted_at.is_(None)
    )
    own = [one.id for one in known if one.id]
    same = select(call_file.c.answer).join(file, file.c.id == call_file.c.file)
    itself = select(drive_attachment.c.post).where(drive_attachment.c.document == id)
    ways = or_(post.c.id.in_(itself), post.c.id.in_(same.where(file.c.hash.in_(versions))))
    there = query.where(ways, call.c.squad.in_(own))
    return list(c.execute(there.order_by(post.c.recorded_at.desc(), post.c.id.desc()).limit(20)))


def at_customers(c: Connection, who: Who, customers: Any, squads: Collection[str]) -> list[Any]:
    """The same of visits of some squads to these customers, the last first."""
    return _rows(c, who, visit.c.customer.in_(customers) & visit.c.squad.in_(squads))


def _rows(c: Connection, who: Who, which: ColumnElement[bool]) -> list[Any]:
    query = select(
        *(drive_shown.c.id, drive_shown.c.document, drive_document.c.name, drive_shown.c.at),
        *(drive_shown.c.member, visit.c.squad),
    )
    query = query.join(visit, (visit.c.id == drive_shown.c.visit) & visit.c.retracted_at.is_(None))
    query = query.join(drive_document, drive_document.c.id == drive_shown.c.document)
    query = query.join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    query = query.join(top, top.c.id == drive_folder.c.top).where(which, HERE, seen(spaces(c, who)))
    return list(c.execute(query.order_by(drive_shown.c.at.desc(), drive_shown.c.id.desc()).limit(60)))
