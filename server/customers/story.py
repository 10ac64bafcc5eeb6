"""What happened at a customer, the last first: visits and how they went, calls, facts, people that were met.

Of a squad the reader is not in it says who was there and when; what was said there is that squad's.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, case, func, select

from server.access import Who
from server.calls.models import call, call_answer
from server.customers.models import contact, fact
from server.customers.telling import family, squads_of
from server.drive import inner, shown
from server.drive.looks import View, lately
from server.drive.models import drive_document, drive_link, drive_question, drive_version, drive_view
from server.drive.queries import documents_seen, spaces
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.logs.models import log_line
from server.photos import queries as photos
from server.photos.queries import Photo
from server.squads.models import squad
from server.visits.models import visit

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `kind`: visit, call, fact, contact, link (a document was shared), shown
    (it was shown across the table), question
    (somebody there asked about one). `data` is its row; `inside`: the reader is
    in that squad. `other` answered the call, `took` so many seconds after. `photos` are of a visit or a call,
    `log` and `line` where a log tells of the visit, `seen` are the last looks at what was sent.
    """

    id: str
    kind: str
    at: datetime
    person: Person
    squad: str | None
    squad_name: str
    inside: bool
    data: Any
    other: Person | None = None
    took: int | None = None
    photos: tuple[Photo, ...] = ()
    log: str | None = None
    line: str | None = None
    seen: tuple[View, ...] = ()


def of(c: Connection, who: Who, mine: Collection[str], id: str) -> list[Moment]:
    """The story of a customer, for somebody who is in the squads `mine`."""
    visits, calls = _visits(c, id), _calls(c, mine, id)
    known = documents_seen(spaces(c, who))
    given, asked = _links(c, mine, id, known), _questions(c, mine, id, known)
    held_up = shown.at_customers(c, who, family(id), mine)
    facts, met = _known(c, fact, id), _known(c, contact, id)
    ids = {row.member for row in visits} | {row.asker for row in calls} | {row.by for row in [*facts, *met]}
    ids |= {row.made_by for row in given} | {row.author for row in asked}
    ids |= {row.member for row in held_up}
    people = persons(c, ids | {row.helper for row in calls if row.helper})
    told = [_visit(row, people, row.squad in mine) for row in visits]
    told += [_call(row, people) for row in calls]
    views = lately(c, [row.id for row in given])
    for row in given:
        who_sent, seen = people[row.made_by], tuple(views.get(row.id, ()))
        told.append(Moment(row.id, "link", row.made_at, who_sent, None, "", True, row, seen=seen))
    told += [Moment(r.id, "question", r.captured_at, people[r.author], r.squad, "", True, r) for r in asked]
    told += [Moment(r.id, "shown", r.at, people[r.member], r.squad, "", True, r) for r in held_up]
    for kind, rows in (("fact", facts), ("contact", met)):
        told += [Moment(row.id, kind, row.at, people[row.by], None, "", True, row) for row in rows]
    return _shown(c, sorted(told, key=lambda one: (one.at, one.id), reverse=True)[:SHOWN])


def _known(c: Connection, table: Table, id: str) -> list[Any]:
    """What is known of it, ended or not."""
    there = select(table).where(table.c.customer.in_(family(id)))
    return list(c.execute(there.order_by(table.c.at.desc(), table.c.id).limit(SHOWN)))


def _shown(c: Connection, told: list[Moment]) -> list[Moment]:
    """The same with the photos that were taken there, and where logs tell of it."""
    posts = [one.id for one in told if one.inside and one.kind in ("visit", "call")]
    if not posts:
        return told
    query = select(log_line.c.visit, log_line.c.log, log_line.c.id).join(post, post.c.id == log_line.c.log)
    query = query.where(log_line.c.visit.in_(posts), log_line.c.told.is_not(None))
    rows = c.execute(query.where(post.c.deleted_at.is_(None))).all()
    taken, lines = photos.of(c, posts), {row.visit: row for row in rows}
    found = []
    for one in told:
        line = lines.get(one.id)
        there = tuple(it for it in taken.get(one.id, ()) if it.width)
        found.append(replace(one, photos=there, log=line and line.log, line=line and line.id))
    return found


def _links(c: Connection, mine: Collection[str], id: str, known: Select[Any]) -> list[Any]:
    """Documents that were shared with it, how often each was opened and when last: for its squads alone.

    That one was sent is theirs to know; its `name` is None unless the reader may see it: is in `known`.
    """
    if not {*mine} & {*squads_of(c, id)}:
        return []
    views = select(func.count()).where(drive_view.c.link == drive_link.c.id)
    last = select(func.max(drive_view.c.at)).where(drive_view.c.link == drive_link.c.id)
    query = select(
        *(drive_link.c.id, drive_link.c.made_by, drive_link.c.made_at),
        case((drive_document.c.id.in_(known), drive_document.c.name)).label("name"),
        views.scalar_subquery().label("views"),
        *(last.scalar_subquery().label("last_at"), inner.leaves().label("leaves")),
    ).join(drive_document, drive_document.c.id == drive_link.c.document)
    newest = (drive_version.c.document == drive_document.c.id) & (drive_version.c.n == drive_document.c.n)
    query = query.join(drive_version, newest)
    there = query.where(drive_link.c.customer.in_(family(id)))
    return list(c.execute(there.order_by(drive_link.c.made_at.desc(), drive_link.c.id).limit(SHOWN)))


def _questions(c: Connection, mine: Collection[str], id: str, known: Select[Any]) -> list[Any]:
    """What somebody there asked about a document, in the squads `mine`; `document` is None as in `_links`."""
    document = case((drive_link.c.document.in_(known), drive_question.c.about)).label("document")
    query = select(drive_question, document, post.c.author, post.c.squad, post.c.text, post.c.captured_at)
    query = query.outerjoin(drive_link, drive_link.c.id == drive_question.c.link)
    query = query.join(post, (post.c.id == drive_question.c.id) & post.c.deleted_at.is_(None))
    there = drive_question.c.customer.in_(family(id)) & post.c.squad.in_(mine)
    return list(c.execute(query.where(there).order_by(post.c.captured_at.desc(), post.c.id).limit(SHOWN)))


def _visits(c: Connection, id: str) -> list[Any]:
    there = visit.c.customer.in_(family(id)) & visit.c.retracted_at.is_(None)
    query = select(visit, squad.c.name.label("squad_name")).join(squad, squad.c.id == visit.c.squad)
    return list(c.execute(query.where(there).order_by(visit.c.captured_at.desc(), visit.c.id).limit(SHOWN)))


def _visit(row: Any, people: dict[str, Person], inside: bool) -> Moment:
    at = min(row.captured_at, row.recorded_at)
    return Moment(
        row.id, "visit", at, people[row.member], row.squad, row.squad_name, inside, row if inside else None
    )


def _calls(c: Connection, mine: Collection[str], id: str) -> list[Any]:
    """Calls about this customer with their words, and who answered first and when."""
    answer = (
        select(post.c.author)
        .join(call_answer, call_answer.c.id == post.c.id)
        .where(call_answer.c.call == call.c.id, post.c.deleted_at.is_(None))
        .order_by(post.c.recorded_at)
        .limit(1)
        .scalar_subquery()
    )
    query = select(call, post.c.text, answer.label("helper"), squad.c.name.label("squad_name"))
    query = query.join(post, (post.c.id == call.c.id) & post.c.deleted_at.is_(None))
    query = query.join(squad, squad.c.id == call.c.squad)
    there = call.c.customer.in_(family(id)) & call.c.squad.in_(mine) & (call.c.state != "withdrawn")
    return list(c.execute(query.where(there).order_by(call.c.opened_at.desc(), call.c.id).limit(SHOWN)))


def _call(row: Any, people: dict[str, Person]) -> Moment:
    took = round((row.answered_at - row.opened_at).total_seconds()) if row.answered_at else None
    return Moment(
        row.id,
        "call",
        row.opened_at,
        people[row.asker],
        row.squad,
        row.squad_name,
        True,
        row,
        people.get(row.helper or ""),
        took,
    )
