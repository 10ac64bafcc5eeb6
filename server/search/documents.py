"""Documents among what is found: the drive finds them, here they are put beside the rest."""

from sqlalchemy import Connection

from server.access import Who
from server.drive import queries
from server.drive.finding import Place, Sought
from server.drive.finding import find as find_documents
from server.feed.queries import persons
from server.feed.views import Person
from server.search.queries import Found, Results, Wanted, find, look
from server.squads import queries as squads

KIND = "document"
FEW = 5
"""Documents among other things; all of them are found by their kind."""


def everything(c: Connection, who: Who, asked: Wanted, most: int) -> Results:
    """What has all the words: a few documents first, then what was said; or of one kind."""
    if asked.kind == KIND:
        look(c, who, asked, [one.id for one in squads.mine(c, who.id)])
        return documents(c, who, asked, asked.after, most)
    rest = find(c, who, asked, most)
    if asked.kind or asked.after:
        return rest
    few = documents(c, who, asked, 0, FEW)
    return Results([*few.found, *rest.found], rest.more)


def documents(c: Connection, who: Who, asked: Wanted, after: int, most: int) -> Results:
    """Documents with all the words, `most` at once from that one on."""
    since, until = asked.between(who.zone)
    sought = Sought(
        space=str(asked.squad) if asked.squad else None,
        by=str(asked.person) if asked.person else None,
        since=since,
        until=until,
    )
    places, more = find_documents(c, who, asked.q, sought, after, most)
    people = persons(c, {one.document.by for one in places})
    names = {one.id: one.name for one in squads.mine(c, who.id)}
    return Results([_found(one, asked.q, people, names) for one in places], more)


def _found(one: Place, q: str, people: dict[str, Person], names: dict[str, str]) -> Found:
    it = one.document
    return Found(
        id=it.id,
        kind=KIND,
        squad=it.squad,
        squad_name=names.get(it.squad or "", ""),
        author=people.get(it.by),
        at=it.changed_at,
        title=it.name,
        text=one.text,
        snippet=one.snippet,
        href=queries.href(it.id, one.page, q),
        page=one.page or None,
    )
