"""What can be asked about territories: the whole tree, one of them, what could be put where.

Names of territories, of squads in them and of their managers are known to everybody who is signed in; what is
in a squad is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from server.feed.queries import persons
from server.feed.views import Person
from server.members.models import member
from server.squads.models import squad
from server.territories.models import territory, territory_manager
from server.territories.tree import branch, upward, walked

OPEN = territory.c.closed_at.is_(None)
NOW = territory_manager.c.to_at.is_(None)


class Named(NamedTuple):
    """A territory or a squad, to be named."""

    id: str
    name: str


class Manager(NamedTuple):
    """Who manages a territory, since when."""

    person: Person
    since: datetime


@dataclass(slots=True)
class Territory:
    """One in the tree; `level` 0 is the top. `squads` are those directly in it."""

    id: str
    parent: str | None
    name: str
    drawn: bool
    level: int
    managers: list[Manager] = field(default_factory=list)
    squads: list[Named] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Whole:
    """A territory with what lies around it: `above` from the top down, `below` directly."""

    it: Territory
    area: dict[str, Any] | None
    above: list[Named]
    below: list[Named]


_rows = select(
    territory.c.id, territory.c.parent, territory.c.name, territory.c.area.is_not(None).label("drawn")
).where(OPEN)
_managers = select(territory_manager).where(NOW).order_by(territory_manager.c.from_at, territory_manager.c.id)
_squads = select(squad.c.id, squad.c.name, squad.c.territory).order_by(squad.c.name, squad.c.id)


def tree(c: Connection) -> list[Territory]:
    """All of them, each before those below it, side by side by name; with managers and squads."""
    rows = {row.id: row for row in c.execute(_rows)}
    parents = {id: row.parent for id, row in rows.items()}
    found = {
        id: Territory(id, parents[id], rows[id].name, rows[id].drawn, level)
        for id, level in walked(parents, lambda id: rows[id].name.casefold())
    }
    posts = c.execute(_managers).all()
    people = persons(c, {row.member for row in posts})
    for row in posts:
        found[row.territory].managers.append(Manager(people[row.member], row.from_at))
    for row in c.execute(_squads.where(squad.c.territory.is_not(None))):
        found[row.territory].squads.append(Named(row.id, row.name))
    return list(found.values())


def one(c: Connection, id: str) -> Whole | None:
    """One territory; None when there is none, or none any more."""
    known = {one.id: one for one in tree(c)}
    if id not in known:
        return None
    above = list(upward({one.id: one.parent for one in known.values()}, known[id].parent))
    return Whole(
        known[id],
        c.scalar(select(territory.c.area).where(territory.c.id == id)),
        [Named(one, known[one].name) for one in reversed(above)],
        [Named(one.id, one.name) for one in known.values() if one.parent == id],
    )


def parents_for(c: Connection, id: str) -> list[Territory]:
    """Where a territory could go: the tree without it and what lies below it."""
    known = tree(c)
    own = branch({one.id: one.parent for one in known}, id)
    return [one for one in known if one.id not in own]


def loose(c: Connection) -> list[Named]:
    """The squads that are in no territory, by name."""
    return [Named(row.id, row.name) for row in c.execute(_squads.where(squad.c.territory.is_(None)))]


def squads_elsewhere(c: Connection, id: str) -> list[Named]:
    """The squads that are not directly in a territory, by name."""
    there = squad.c.territory.is_distinct_from(id)
    return [Named(row.id, row.name) for row in c.execute(_squads.where(there))]


def candidates(c: Connection, id: str) -> Sequence[Any]:
    """Who could manage a territory: (id, name, handle) of the active members who do not, by name."""
    there = select(territory_manager.c.member).where(NOW, territory_manager.c.territory == id)
    query = select(member.c.id, member.c.name, member.c.handle).where(
        member.c.deactivated_at.is_(None), member.c.id.not_in(there)
    )
    return c.execute(query.order_by(member.c.name, member.c.handle)).all()
