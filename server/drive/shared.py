"""What members see of links: of a document, as far as each is their business; and one whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.access import Who
from server.customers.file import mine
from server.customers.models import customer
from server.customers.telling import squads_of
from server.drive.models import drive_link, drive_question, drive_view
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.schema import now
from server.visits.models import visit

SHOWN = 20
"""Views of a link that are listed; the others are counted."""
LATELY = 12
"""Customers that are offered: where the member was last."""


@dataclass(frozen=True, slots=True)
class View:
    """One visit of the page: `seconds` in all, `pages` in their order, `longest` the one looked at most."""

    id: str
    at: datetime
    seconds: int
    pages: tuple[int, ...]
    longest: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link. `views` is None where they are not for the reader to see; `count` is of all of them."""

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
        return self.ended_at is None and self.expires_at > now()


def of_document(c: Connection, who: Who, document: str) -> list[Link]:
    """The links to a document the reader made, or of a customer of their squads; all where they manage it.

    How often they were opened is for the first two alone: those who are seen the same way.
    """
    query = _links.where(drive_link.c.document == document).order_by(drive_link.c.made_at.desc())
    own, found = set(mine(c, who)), []
    for row in c.execute(query).all():
        near = row.made_by == who.id or bool(row.customer and own & set(squads_of(c, row.customer)))
        if near or who.keeps:
            found.append((row, near))
    return _filled(c, found)


def one(c: Connection, id: str) -> Link:
    """A link of the reader's own."""
    return _filled(c, [(c.execute(_links.where(drive_link.c.id == id)).one(), True)])[0]


_links = select(drive_link, customer.c.name.label("customer_name")).outerjoin(
    customer, customer.c.id == drive_link.c.customer
)


def _filled(c: Connection, rows: Sequence[tuple[Any, bool]]) -> list[Link]:
    ids = [row.id for row, near in rows if near]
    views: dict[str, list[View]] = {}
    query = select(drive_view).where(drive_view.c.link.in_(ids)).order_by(drive_view.c.at.desc())
    for seen in c.execute(query):
        views.setdefault(seen.link, []).append(view(seen))
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


def view(row: Any) -> View:
    """A row of the table as it is shown."""
    pages = {int(page): seconds for page, seconds in row.pages.items()}
    longest = max(pages, key=lambda page: (pages[page], -page), default=1)
    return View(row.id, row.at, sum(pages.values()), tuple(sorted(pages)), longest)


def customers(c: Connection, who: Who, also: str | None) -> list[tuple[str, str]]:
    """Customers a link may be for, by name: where the member was last, and the one it is for."""
    visited = select(visit.c.customer).where(visit.c.member == who.id, visit.c.retracted_at.is_(None))
    query = visited.where(visit.c.squad.in_(mine(c, who))).order_by(visit.c.captured_at.desc()).limit(60)
    ids = list(dict.fromkeys(c.scalars(query)))[:LATELY]
    known = select(customer.c.id, customer.c.name).where(customer.c.id.in_([*ids, *([also] if also else [])]))
    return [(row.id, row.name) for row in c.execute(known.order_by(customer.c.name, customer.c.id))]


def named(c: Connection, id: str) -> Any:
    """A customer the reader may see: (id, name)."""
    return c.execute(select(customer.c.id, customer.c.name).where(customer.c.id == id)).one()
