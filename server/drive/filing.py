"""Folders: made, renamed, moved, opened or closed to others."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from server import audit
from server.access import Who
from server.drive import attached, queries
from server.drive.kinds import RIGHTS
from server.drive.models import drive_folder
from server.drive.telling import take, tell
from server.errors import Forbidden, Invalid, NotFound
from server.schema import new_id, now
from server.text import name as checked_name
from web.render import N_

NAME_MAX = 120
LEVELS = 8


class Made(NamedTuple):
    """The id of what was made, and whether this request made it."""

    id: str
    created: bool


def make(c: Connection, who: Who, id: str, name: str, rights: str, parent: str | None = None) -> Made:
    """A folder in the part of the drive `who` was admitted to, or in one of it. The same id: the same."""
    mine = (drive_folder.c.made_by == who.id) & (drive_folder.c.client_id == id)
    if (known := c.scalar(select(drive_folder.c.id).where(mine))) is not None:
        return Made(known, False)
    name = checked_name("name", name, NAME_MAX)
    if rights not in RIGHTS:
        raise Invalid({"rights": N_("This does not look right.")})
    at = take(c, who.squad)[who.squad]
    check_free(c, who.squad, parent, name)
    wanted = id
    if c.scalar(select(drive_folder.c.id).where(drive_folder.c.id == id)) is not None:
        id = new_id()  # somebody else's id: nothing is told of it
    around = queries.path(c, parent) if parent else []
    if len(around) >= LEVELS:
        raise Invalid({"name": N_("Folders go %(most)s deep, no further.")}, {"most": LEVELS})
    row: dict[str, Any] = {"id": id, "squad": who.squad, "parent": parent}
    row["top"] = around[0].id if around else id
    rights = around[0].rights if around else rights
    row |= {"name": name, "rights": rights, "made_by": who.id, "client_id": wanted, "made_at": now()}
    c.execute(insert(drive_folder), row)
    tell(c, who, who.squad, "made", at, folder=id)
    return Made(id, True)


def change(c: Connection, who: Who, id: str, name: str, rights: str | None, parent: str | None) -> None:
    """Another name, another place (a folder of the same part; None: on top), other rights (of a top one)."""
    name = checked_name("name", name, NAME_MAX)
    hung = attached.hung_in(c, [one for layer in layers_of(c, id) for one in layer])
    at = take(c, who.squad, also=attached.squads_of(c, hung))[who.squad]
    row = c.execute(select(drive_folder).where(drive_folder.c.id == id)).one()
    if row.bin:
        raise NotFound
    check_free(c, who.squad, parent, name, but=id)
    around = queries.path(c, parent) if parent else []
    if parent and (around[0].squad != who.squad or id in {one.id for one in around}):
        raise Invalid({"parent": N_("A folder cannot be put there.")})
    if rights is not None and rights not in RIGHTS:
        raise Invalid({"rights": N_("This does not look right.")})
    layers = layers_of(c, id)
    if len(around) + len(layers) > LEVELS:
        raise Invalid({"parent": N_("Folders go %(most)s deep, no further.")}, {"most": LEVELS})
    was = c.scalar(select(drive_folder.c.rights).where(drive_folder.c.id == row.top))
    fresh = around[0].rights if around else rights or was
    if fresh != was:
        audit.note(c, who.id, "folder_rights", squad=who.squad, subject=id, name=name)
    values = {"name": name, "parent": parent, "rights": fresh}
    c.execute(update(drive_folder).where(drive_folder.c.id == id).values(**values))
    top, below = around[0].id if around else id, [one for layer in layers for one in layer]
    c.execute(update(drive_folder).where(drive_folder.c.id.in_(below)).values(top=top))
    tell(c, who, who.squad, "changed", at, folder=id)
    if fresh != was:
        attached.renew(c, who, hung)


def check_free(c: Connection, squad: str | None, parent: str | None, name: str, but: str = "") -> None:
    """No two folders beside each other have one name."""
    beside = drive_folder.c.parent == parent if parent else drive_folder.c.parent.is_(None)
    part = drive_folder.c.squad == squad if squad else drive_folder.c.squad.is_(None)
    query = select(drive_folder.c.id, drive_folder.c.name).where(beside, part, drive_folder.c.bin.is_(None))
    if any(row.name.casefold() == name.casefold() and row.id != but for row in c.execute(query)):
        raise Invalid({"name": N_("There is a folder of this name here already.")})


def layers_of(c: Connection, id: str) -> list[list[str]]:
    """A folder, then what is in it, then what is in these, also what is in the bin."""
    found = [[id]]
    while inner := list(c.scalars(select(drive_folder.c.id).where(drive_folder.c.parent.in_(found[-1])))):
        found.append(inner)
    return found


def target(c: Connection, who: Who, folder: str) -> queries.Folder:
    """A folder the caller wants to add to, wherever it is; 404 and 403 as a rule would say it."""
    known = {one.id: one for one in queries.spaces(c, who)}
    row = c.execute(select(drive_folder).where(drive_folder.c.id == folder)).one_or_none()
    if row is None or row.bin or row.squad not in known:
        raise NotFound
    rights = c.scalar(select(drive_folder.c.rights).where(drive_folder.c.id == row.top)) or ""
    if rights != "add" and not known[row.squad].keeps:
        raise NotFound if rights == "keep" else Forbidden
    return queries.Folder(row.id, row.squad, row.parent, row.name, rights, 0)
