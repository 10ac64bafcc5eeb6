"""What can be done with territories: make, change, draw and close them; managers and squads come and go.

All of it is an admin's, and each is an entry on the company's stream. Whatever changes who manages which
squad is settled with it (`server/squads/managing.py`): the squads see it, and who may not any more is out.
"""

import unicodedata
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from server import audit, journal
from server.errors import Conflict, Invalid, NotFound
from server.members.actions import void_resets
from server.members.models import member
from server.schema import new_id, now
from server.squads.actions import lock_territories
from server.squads.managing import settle
from server.squads.models import squad
from server.territories.models import territory, territory_manager
from server.territories.tree import Parents, branch, upward
from server.text import name as checked_name
from web.render import N_

COMPANY = "company"
OPEN = territory.c.closed_at.is_(None)
NOW = territory_manager.c.to_at.is_(None)


AUDITED = {
    "made": "territory_made",
    "renamed": "territory_changed",
    "moved": "territory_changed",
    "drawn": "territory_drawn",
    "closed": "territory_closed",
    "appointed": "manager_made",
    "relieved": "manager_ended",
    "placed": "squad_placed",
    "unplaced": "squad_unplaced",
}


class Limits(NamedTuple):
    """How many territories there may be, on how many levels."""

    most: int
    levels: int


class Made(NamedTuple):
    """The id of a territory, and whether this request made it."""

    id: str
    created: bool


def make(c: Connection, by: str, id: str, name: str, parent: str | None, limits: Limits) -> Made:
    """A new territory below another, or at the top. The same id again is the same territory."""
    parents = _locked(c)
    if c.scalar(select(territory.c.id).where(territory.c.id == id)) is not None:
        return Made(id, False)
    if len(parents) >= limits.most:
        wrong = N_("There are %(most)s territories, and no room for more. Close some first.")
        raise Invalid({"name": wrong}, {"most": limits.most})
    _fits(parents, parent, 1, limits)
    name = _free(c, name, parent)
    c.execute(insert(territory), {"id": id, "parent": parent, "name": name, "created_at": now()})
    _tell(c, by, id, "made")
    return Made(id, True)


def change(c: Connection, by: str, id: str, name: str, parent: str | None, limits: Limits) -> None:
    """Another name, another place in the tree, or both; all that lies below comes along."""
    parents = _locked(c)
    row = _standing(c, id)
    below = branch(parents, id)
    if parent in below:
        raise Invalid({"parent": N_("A territory cannot lie within itself.")})
    if parent != row.parent:
        _fits(parents, parent, max(below.values()) + 1, limits)
    name = _free(c, name, parent, but=id)
    if (name, parent) == (row.name, row.parent):
        return
    c.execute(update(territory).where(territory.c.id == id).values(name=name, parent=parent))
    if parent != row.parent:
        settle(c, by, list(c.scalars(select(squad.c.id).where(squad.c.territory.in_(below)))))
    _tell(c, by, id, "moved" if parent != row.parent else "renamed", parent=parent)


def draw(c: Connection, by: str, id: str, area: dict[str, Any] | None) -> None:
    """Its outline, checked before (`area.py`), or none."""
    _locked(c)
    _standing(c, id)
    c.execute(update(territory).where(territory.c.id == id).values(area=area))
    _tell(c, by, id, "drawn")


def close(c: Connection, by: str, id: str) -> None:
    """Ends an empty territory, and the posts of its managers."""
    parents = _locked(c)
    _standing(c, id)
    inside = c.scalar(select(squad.c.id).where(squad.c.territory == id).limit(1))
    if inside is not None or len(branch(parents, id)) > 1:
        raise Conflict(N_("Squads or territories are in it. Put them elsewhere first."))
    c.execute(update(territory).where(territory.c.id == id).values(closed_at=now()))
    posts = territory_manager.c.territory == id
    c.execute(update(territory_manager).where(posts, NOW).values(to_at=now()))
    _tell(c, by, id, "closed")


def appoint(c: Connection, by: str, id: str, member_id: str) -> None:
    """Makes somebody a manager: from now on they are in every squad in it and below. Twice is once."""
    parents = _locked(c)
    _standing(c, id)
    active = member.c.deactivated_at.is_(None)
    if c.scalar(select(member.c.id).where(member.c.id == member_id, active)) is None:
        raise NotFound
    if c.scalar(select(territory_manager.c.id).where(_post(id, member_id), NOW)) is not None:
        return
    row = {"id": new_id(), "territory": id, "member": member_id, "from_at": now()}
    c.execute(insert(territory_manager), row)
    void_resets(c, member_id)
    settle(c, by, _squads(c, parents, id))
    _tell(c, by, id, "appointed", member=member_id)


def relieve(c: Connection, by: str, id: str, member_id: str) -> None:
    """Ends somebody's post: their sockets close where they have no other reason to be."""
    parents = _locked(c)
    _standing(c, id)
    if c.execute(update(territory_manager).where(_post(id, member_id), NOW).values(to_at=now())).rowcount:
        settle(c, by, _squads(c, parents, id))
        _tell(c, by, id, "relieved", member=member_id)


def put_in(c: Connection, by: str, id: str, squad_id: str) -> None:
    """Puts a squad into this territory, out of the one it was in."""
    _locked(c)
    _standing(c, id)
    place(c, by, squad_id, id)


def take_out(c: Connection, by: str, id: str, squad_id: str) -> None:
    """Takes a squad out of this territory; elsewhere it stays where it is."""
    _locked(c)
    _standing(c, id)
    if c.scalar(select(squad.c.id).where(squad.c.id == squad_id, squad.c.territory == id)) is not None:
        place(c, by, squad_id, None)


def place(c: Connection, by: str, squad_id: str, id: str | None) -> None:
    """Puts a squad into a territory, out of the one it was in; None: into none."""
    parents = _locked(c)
    row = c.execute(select(squad.c.territory).where(squad.c.id == squad_id)).one_or_none()
    if row is None:
        raise NotFound
    if id is not None and id not in parents:
        raise Invalid({"territory": N_("This territory is not there any more. Choose another.")})
    if row.territory == id:
        return
    c.execute(update(squad).where(squad.c.id == squad_id).values(territory=id))
    settle(c, by, [squad_id])
    for where, did in ((row.territory, "unplaced"), (id, "placed")):
        if where is not None:
            _tell(c, by, where, did, squad=squad_id)


def _locked(c: Connection) -> Parents:
    """The tree as it stands, and stays until the commit."""
    lock_territories(c)
    open_ones = select(territory.c.id, territory.c.parent).where(OPEN)
    return {row.id: row.parent for row in c.execute(open_ones)}


def _standing(c: Connection, id: str) -> Any:
    if (row := c.execute(select(territory).where(territory.c.id == id, OPEN)).one_or_none()) is None:
        raise NotFound
    return row


def _squads(c: Connection, parents: Parents, id: str) -> list[str]:
    """The squads in a territory and below it."""
    return list(c.scalars(select(squad.c.id).where(squad.c.territory.in_(branch(parents, id)))))


def _post(id: str, member_id: str) -> Any:
    return (territory_manager.c.territory == id) & (territory_manager.c.member == member_id)


def _fits(parents: Parents, parent: str | None, height: int, limits: Limits) -> None:
    """Raises `Invalid` where a branch of so many levels has no room below `parent`."""
    if parent is not None and parent not in parents:
        raise Invalid({"parent": N_("This territory is not there any more. Choose another.")})
    if len(list(upward(parents, parent))) + height > limits.levels:
        wrong = N_("That would be too deep: at most %(levels)s levels.")
        raise Invalid({"parent": wrong}, {"levels": limits.levels})


def _free(c: Connection, name: str, parent: str | None, but: str | None = None) -> str:
    """The name, checked; raises `Invalid` where another beside it is called the same."""
    name = checked_name("name", name)
    here = territory.c.parent.is_not_distinct_from(parent)
    beside = select(territory.c.id, territory.c.name).where(OPEN, here)
    if any(_folded(row.name) == _folded(name) and row.id != but for row in c.execute(beside)):
        raise Invalid({"name": N_("There is a territory of this name here already.")})
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _tell(c: Connection, by: str, id: str, did: str, **about: str | None) -> None:
    """One entry, and one row of the audit."""
    name = c.scalar(select(territory.c.name).where(territory.c.id == id))
    audit.note(c, by, AUDITED[did], squad=about.get("squad"), subject=about.get("member") or id, name=name)
    journal.append(c, COMPANY, "territory", {"id": id, "did": did, **about}, actor=by, subject=id)
