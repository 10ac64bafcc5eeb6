"""What can be found, each time for one reader: what they may not see is not there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import Connection, select

from server.access import Who
from server.customers.models import customer
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.search.candidates import Sight, ordered
from server.search.keeping import POSTS
from server.search.models import search_entry
from server.search.terms import Piece, snippet, terms
from server.sight import actions as sight
from server.squads import queries as squads
from server.squads.models import squad
from server.text import sought

PAGE = 20
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

    def between(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """From which moment until before which, where the reader lives; None: no end on that side."""
        here = ZoneInfo(zone)
        since = _midnight(self.since, here) if self.since else None
        return since, _midnight(self.until, here) + timedelta(days=1) if self.until else None


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
    look(c, who, asked, mine)
    if not looked_for:
        return Results([], False)
    end = asked.after + most
    hits = ordered(c, _sight(who, asked, mine), looked_for, end, *asked.between(who.zone))
    return Results(_filled(c, hits[asked.after : end], looked_for), len(hits) > end)


def look(c: Connection, who: Who, asked: Wanted, mine: Collection[str]) -> None:
    """Whoever's words are gone through sees that; whoever shares no squad with them finds none."""
    person = str(asked.person or who.id)
    if person == who.id:
        return
    theirs = {one.id for one in squads.mine(c, person)} & set(mine)
    if theirs:
        sight.note(c, who, person, "search")


def _sight(who: Who, asked: Wanted, mine: Collection[str]) -> Sight:
    """What one reader may see, by its squad or by the rule of its kind."""
    only = str(asked.squad) if asked.squad else ""
    here = [one for one in mine if only in ("", one)]
    also = [search_entry.c.author == str(asked.person)] if asked.person else []
    return Sight(here, who.role == "desk" and not only, asked.kind, also)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins. Years at either end of the calendar have no hours before or after them."""
    day = min(max(day, date(1970, 1, 2)), date(9990, 1, 1))
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)


def _filled(c: Connection, ids: Sequence[str], looked_for: list[str]) -> list[Found]:
    query = select(search_entry, customer.c.name, post.c.root).where(search_entry.c.id.in_(ids))
    query = query.outerjoin(customer, customer.c.id == search_entry.c.id)
    found = {row.id: row for row in c.execute(query.outerjoin(post, post.c.id == search_entry.c.id))}
    rows = [found[id] for id in ids]
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
