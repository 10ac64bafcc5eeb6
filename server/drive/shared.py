"""What members see of links: of a document, as far as each is their business; their own; and one whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    or_,
    select,
)

from server.access import Who
from server.customers.file import mine
from server.customers.models import customer
from server.customers.queries import may_see
from server.customers.telling import squads_of
from server.drive import inner
from server.drive.kinds import TYPES, UNKNOWN, Type
from server.drive.looks import View, longest, view
from server.drive.models import (
    drive_document,
    drive_folder,
    drive_link,
    drive_question,
    drive_version,
    drive_view,
)
from server.drive.queries import HERE, Space, seen, spaces, top
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.schema import now
from server.visits.models import visit

SHOWN = 20
"""Views of a link that are listed; the others are counted."""
LATELY = 12
"""Customers that are offered: where the member was last."""
PAGE = 50
"""Links on one page of a member's list."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link. `views` is None where they are not for the reader to see; `count` is of all of them.

    `customer_name` is None without a customer, and of one the reader may not see.
    """

    id: str
    document: str
    squad: str | None
    customer: str | None
    customer_name: str | None
    by: Person
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    code: bool
    download: bool
    again_at: datetime | None
    views: tuple[View, ...] | None
    count: int
    questions: tuple[Any, ...]

    @property
    def stands(self) -> bool:
        """Whether it opens the document."""
        return self.state in ("open", "locked")

    @property
    def state(self) -> str:
        """What it is, as in `Given`."""
        return _state(self.ended_at, self.expires_at, self.code)


def of_document(c: Connection, who: Who, document: str) -> list[Link]:
    """The links to a document the reader made, or of a customer of their squads; all where they manage it.

    How often they were opened is for the first two alone: those who are seen the same way.
    """
    own, found = set(mine(c, who)), []
    query = _links(who, own).where(drive_link.c.document == document).order_by(drive_link.c.made_at.desc())
    for row in c.execute(query).all():
        near = row.made_by == who.id or bool(row.customer and own & set(squads_of(c, row.customer)))
        if near or who.keeps:
            found.append((row, near))
    return _filled(c, found)


def one(c: Connection, who: Who, id: str) -> Link:
    """A link of the reader's own."""
    query = _links(who, mine(c, who)).where(drive_link.c.id == id)
    return _filled(c, [(c.execute(query).one(), True)])[0]


@dataclass(frozen=True, slots=True)
class Given:
    """A link in its maker's list; what is said of the document is as it is now.

    `customer_name` as in `Link`.
    `most`: the pages looked at longest, by all who opened it, the first of them most.
    """

    id: str
    document: str
    name: str
    n: int
    pages: int | None
    cover: bool
    media_type: str
    customer: str | None
    customer_name: str | None
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    code: bool
    download: bool
    again_at: datetime | None
    count: int
    last_at: datetime | None
    questions: int
    leaves: int
    most: tuple[int, ...]

    @property
    def state(self) -> str:
        """What it is: open, locked (open to who knows the code), over (its day has passed), ended."""
        return _state(self.ended_at, self.expires_at, self.code)

    @property
    def type(self) -> Type:
        """What the document's content is."""
        return TYPES.get(self.media_type, TYPES[UNKNOWN])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of links holds: words of the document's or customer's name, a state, a customer's; from
    where on. "open" holds the locked ones too: they work.
    """

    q: str = ""
    state: str = ""
    customer: str = ""
    after: int = 0


def _state(ended_at: datetime | None, expires_at: datetime, code: bool) -> str:
    if ended_at is not None:
        return "ended"
    if expires_at <= now():
        return "over"
    return "locked" if code else "open"


def _stands(moment: datetime) -> ColumnElement[bool]:
    return and_(drive_link.c.ended_at.is_(None), drive_link.c.expires_at > moment)


def _own(query: Select[Any], who: Who, known: Sequence[Space]) -> Select[Any]:
    """Links the reader made, to documents they may see: what they may not see has no links either."""
    query = query.join(drive_document, drive_document.c.id == drive_link.c.document)
    query = query.join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    query = query.join(top, top.c.id == drive_folder.c.top)
    return query.where(drive_link.c.made_by == who.id, HERE, seen(known))


def standing(c: Connection, who: Who, known: Sequence[Space]) -> int:
    """How many of the reader's own links open something now; `known`: the parts of the drive they see."""
    query = _own(select(func.count()).select_from(drive_link), who, known)
    return c.scalar(query.where(_stands(now()))) or 0


def given_to(c: Connection, who: Who) -> list[tuple[str, str]]:
    """The customers the reader has made links for and may still see, by name."""
    known = spaces(c, who)
    query = _own(select(customer.c.id, customer.c.name).select_from(drive_link), who, known)
    query = query.join(customer, _named(who, _squads(known))).distinct()
    return [(row.id, row.name) for row in c.execute(query.order_by(customer.c.name, customer.c.id))]


def of_member(c: Connection, who: Who, wanted: Wanted) -> tuple[list[Given], bool]:
    """The reader's own links, the newest first, a page of them; and whether there are more.

    Three questions to the database, however many they are: views are summed there.
    """
    newest = and_(drive_version.c.document == drive_document.c.id, drive_version.c.n == drive_document.c.n)
    views = select(func.count()).where(drive_view.c.link == drive_link.c.id)
    last = select(func.max(drive_view.c.at)).where(drive_view.c.link == drive_link.c.id)
    asked = select(func.count()).join_from(drive_question, post, post.c.id == drive_question.c.id)
    asked = asked.where(drive_question.c.link == drive_link.c.id, post.c.deleted_at.is_(None))
    query: Select[Any] = select(
        *(drive_link.c.id, drive_link.c.document, drive_document.c.name, drive_document.c.n),
        *(drive_version.c.pages, drive_version.c.cover, drive_version.c.media_type, drive_link.c.customer),
        *(customer.c.name.label("customer_name"), drive_link.c.made_at, drive_link.c.expires_at),
        *(drive_link.c.ended_at, drive_link.c.code.is_not(None).label("code"), drive_link.c.download),
        *(drive_link.c.again_at, views.scalar_subquery().label("count")),
        *(last.scalar_subquery().label("last_at"), asked.scalar_subquery().label("questions")),
        inner.leaves().label("leaves"),
    ).select_from(drive_link)
    known = spaces(c, who)
    query = _own(query, who, known).join(drive_version, newest)
    query = _sifted(query.outerjoin(customer, _named(who, _squads(known))), wanted)
    query = query.order_by(drive_link.c.made_at.desc(), drive_link.c.id)
    rows = c.execute(query.offset(max(wanted.after, 0)).limit(PAGE + 1)).all()
    most = longest(c, [row.id for row in rows[:PAGE]])
    return [Given(**row._mapping, most=tuple(most.get(row.id, ()))) for row in rows[:PAGE]], len(rows) > PAGE


def _sifted(query: Select[Any], wanted: Wanted) -> Select[Any]:
    for word in wanted.q.split()[:6]:
        named = [one.c.name.icontains(word, autoescape=True) for one in (drive_document, customer)]
        query = query.where(or_(*named))
    moment, ended = now(), drive_link.c.ended_at.is_not(None)
    states = {
        "open": _stands(moment),
        "locked": and_(_stands(moment), drive_link.c.code.is_not(None)),
        "over": and_(~ended, drive_link.c.expires_at <= moment),
        "ended": ended,
    }
    if wanted.state in states:
        query = query.where(states[wanted.state])
    return query.where(drive_link.c.customer == wanted.customer) if wanted.customer else query


def _named(who: Who, own: Collection[str]) -> ColumnElement[bool]:
    """A link's customer, for who may see them: who left the squad reads no name, nor finds the link by it."""
    return and_(customer.c.id == drive_link.c.customer, may_see(who.role == "desk", own))


def _squads(known: Sequence[Space]) -> list[str]:
    return [one.id for one in known if one.id]


def _links(who: Who, own: Collection[str]) -> Select[Any]:
    query = select(drive_link, customer.c.name.label("customer_name"))
    return query.select_from(drive_link).outerjoin(customer, _named(who, own))


def _filled(c: Connection, rows: Sequence[tuple[Any, bool]]) -> list[Link]:
    ids = [row.id for row, near in rows if near]
    views: dict[str, list[View]] = {}
    query = select(drive_view).where(drive_view.c.link.in_(ids)).order_by(drive_view.c.at.desc())
    for row in c.execute(query):
        views.setdefault(row.link, []).append(view(row))
    asked: dict[str, list[Any]] = {}
    said = select(drive_question, post.c.text, post.c.captured_at, post.c.squad)
    said = said.join(post, post.c.id == drive_question.c.id).where(drive_question.c.link.in_(ids))
    for question in c.execute(said.where(post.c.deleted_at.is_(None)).order_by(post.c.captured_at.desc())):
        asked.setdefault(question.link, []).append(question)
    people = persons(c, {row.made_by for row, _ in rows})
    found = []
    for row, near in rows:
        about = {name: row._mapping[name] for name in PLAIN}
        seen_by = views.get(row.id, [])
        shown = tuple(seen_by[:SHOWN]) if near else None
        questions = tuple(asked.get(row.id, ()))
        by, code = people[row.made_by], row.code is not None
        found.append(Link(**about, by=by, code=code, views=shown, count=len(seen_by), questions=questions))
    return found


PLAIN = (
    *("id", "document", "squad", "customer", "customer_name", "made_at", "expires_at", "ended_at"),
    *("download", "again_at"),
)


def customers(c: Connection, who: Who, also: str | None) -> list[tuple[str, str]]:
    """Customers a link may be for, by name: where the member was last, and the one it is for, if seen."""
    own = mine(c, who)
    visited = select(visit.c.customer).where(visit.c.member == who.id, visit.c.retracted_at.is_(None))
    query = visited.where(visit.c.squad.in_(own)).order_by(visit.c.captured_at.desc()).limit(60)
    ids = [*dict.fromkeys(c.scalars(query))][:LATELY] + ([also] if also else [])
    there = customer.c.id.in_(ids) & may_see(who.role == "desk", own)
    known = select(customer.c.id, customer.c.name).where(there)
    return [(row.id, row.name) for row in c.execute(known.order_by(customer.c.name, customer.c.id))]


def named(c: Connection, id: str) -> Any:
    """A customer the reader may see: (id, name)."""
    return c.execute(select(customer.c.id, customer.c.name).where(customer.c.id == id)).one()
