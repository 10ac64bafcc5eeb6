"""What can be found, each time for one reader: what they may not see is not there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, intersect, or_, select

from server.access import Who
from server.calls.models import call
from server.customers.listing import of_squad
from server.customers.models import customer
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.search.keeping import POSTS
from server.search.models import search_entry, search_gram
from server.search.terms import Piece, matches, snippet, terms, wanted
from server.sight import actions as sight
from server.squads import queries as squads
from server.squads.models import squad
from server.text import sought

PAGE = 20
LOOKED_THROUGH = 2000
"""Candidates whose words are compared for one page; their pieces are all there."""
KINDS = ("customer", *POSTS, "document")
Sought = Annotated[str, AfterValidator(sought), Field(max_length=120)]


class Wanted(BaseModel):
    """What is looked for: words, all of which have to be there; of a kind, by a person, in a squad, from one
    day to another where the reader lives; from which result on.
    """

    q: Sought = ""
    kind: Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})?$")] = ""
    person: UUID | None = None
    squad: UUID | None = None
    since: date | None = None
    until: date | None = None
    after: Annotated[int, Field(ge=0, le=1000)] = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found: all its words and those about the first hit, and where it is. `title` names a
    customer or a document, `page` is one of that.
    """

    id: str
    kind: str
    squad: str | None
    squad_name: str
    author: Person | None
    at: datetime
    title: str
    text: str
    snippet: list[Piece]
    href: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found; `more` where there is another."""

    found: list[Found]
    more: bool


def find(c: Connection, who: Who, asked: Wanted, most: int = PAGE) -> Results:
    """The things with all the words, customers first, then the newest, `most` at once. Looking for one
    person's is a look.
    """
    looked_for = terms(asked.q)
    mine = [one.id for one in squads.mine(c, who.id)]
    if asked.person:
        _look(c, who, str(asked.person), mine)
    if not looked_for:
        return Results([], False)
    query, end = _query(who, asked, looked_for, mine), asked.after + most
    hits: list[Any] = []
    for candidates in (4 * (end + 1), LOOKED_THROUGH):  # the first are mostly enough
        rows = c.execute(query.limit(candidates)).all()
        hits = [row for row in rows if matches(row.text, looked_for)]
        if len(hits) > end or len(rows) < candidates:
            break
    return Results(_filled(c, hits[asked.after : end], looked_for), len(hits) > end)


def _look(c: Connection, who: Who, person: str, mine: Collection[str]) -> None:
    """They see that somebody went through their words; whoever shares no squad with them finds none."""
    if person == who.id:
        return
    theirs = {one.id for one in squads.mine(c, person)} & set(mine)
    if theirs:
        sight.note(c, who, person, "search")


def _query(who: Who, asked: Wanted, looked_for: list[str], mine: Collection[str]) -> Select[Any]:
    it = search_entry.c
    query = select(search_entry, customer.c.name, post.c.root).where(it.id.in_(_with_pieces(looked_for)))
    query = query.outerjoin(customer, and_(customer.c.id == it.id, it.kind == "customer"))
    query = query.outerjoin(post, post.c.id == it.id)
    query = query.where(seen(who, mine, str(asked.squad) if asked.squad else ""))
    if asked.kind:
        query = query.where(it.kind == asked.kind)
    if asked.person:
        query = query.where(it.author == str(asked.person))
    here = ZoneInfo(who.zone)
    if asked.since:
        query = query.where(it.at >= midnight(asked.since, here))
    if asked.until:
        query = query.where(it.at < midnight(asked.until, here) + timedelta(days=1))
    return query.order_by(case((it.kind == "customer", 0), else_=1), it.at.desc(), it.id)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins. Years at either end of the calendar have no hours before or after them."""
    day = min(max(day, date(1970, 1, 2)), date(9990, 1, 1))
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)


def _with_pieces(looked_for: list[str]) -> Any:
    """The entries that have every piece of every term."""
    gram = search_gram.c.gram
    found: list[Any] = []
    for term in looked_for:
        whole, beginning = wanted(term)
        found += [select(search_gram.c.entry).where(gram == piece) for piece in sorted(whole)]
        if beginning:
            found.append(
                select(search_gram.c.entry).where(gram >= beginning, gram < beginning + "\U0010ffff")
            )
    return intersect(*found) if len(found) > 1 else found[0]


def seen(who: Who, mine: Collection[str], only: str = "") -> ColumnElement[bool]:
    """What one reader may see, by its squad or by the rule of its kind; `only` in one squad of theirs."""
    it = search_entry.c
    here = [one for one in mine if only in ("", one)]
    in_squads: ColumnElement[bool] = it.squad.in_(here) if here else false()
    files: ColumnElement[bool] = or_(*(of_squad(one) for one in here)) if here else false()
    if who.role == "desk" and not only:
        called = select(call.c.id).where(call.c.customer == customer.c.id).exists()
        files = or_(files, and_(called, customer.c.merged_into.is_(None)))
        in_squads = or_(in_squads, it.kind.in_(("call", "answer")))
    return or_(in_squads, and_(it.kind == "customer", files))


def _filled(c: Connection, rows: list[Any], looked_for: list[str]) -> list[Found]:
    people = persons(c, {row.author for row in rows if row.author})
    names = select(squad.c.id, squad.c.name).where(squad.c.id.in_({row.squad for row in rows if row.squad}))
    named = {row.id: row.name for row in c.execute(names)}
    return [
        Found(
            row.id,
            row.kind,
            row.squad,
            named.get(row.squad, ""),
            people.get(row.author),
            row.at,
            row.name or "",
            row.text,
            snippet(row.text, looked_for),
            _href(row),
        )
        for row in rows
    ]


def _href(row: Any) -> str:
    if row.kind == "customer":
        return f"/customers/{row.id}"
    if row.kind == "log":
        return f"/logs/{row.id}"
    if row.kind in ("call", "answer"):
        return f"/calls/{row.root or row.id}"
    return f"/squads/{row.squad}/posts/{row.root or row.id}"
