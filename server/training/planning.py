"""What a member does with their own learning plan: put there, dated, done, moved, taken off."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from server import journal
from server.access import Who
from server.drive.models import drive_document, drive_folder
from server.drive.queries import HERE
from server.errors import Invalid
from server.schema import new_id, now
from server.training import plan
from server.training.models import training_plan, training_track
from web.render import N_

TRACKS, DOCUMENTS = "tracks", "documents"
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


def put(c: Connection, who: Who, what: str, id: str, wanted: Mapping[str, Any], most: int) -> None:
    """Puts a track or a document at the end of the caller's plan, unless it is there. Of `wanted` is kept
    what it names: `due`, a day or None; `done_at`, when a document was. `most` things stand in one plan:
    what was taken off it, has ended or is in the bin does not.
    """
    at = journal.take(c, f"me:{who.id}")
    values, due = dict(wanted), wanted.get("due")
    if due is not None and not FIRST <= due < LAST:
        raise Invalid({"due": N_("This is no day one could keep.")})
    p = training_plan.c
    row = c.execute(select(training_plan).where(_mine(who, what, id))).one_or_none()
    if (row is None or row.away_at is not None) and _standing(c, who) >= most:
        raise Invalid({"plan": N_("At most %(most)s things in one plan.")}, {"most": most})
    if row is None:
        made = {"id": new_id(), "member": who.id, _column(what): id, "n": _end(c, who), "at": now()}
        c.execute(insert(training_plan), {**made, **values})
    else:
        if row.away_at is not None:
            values |= {"away_at": None, "n": _end(c, who)}
        if row.done_at is not None and values.get("done_at"):
            values["done_at"] = row.done_at  # twice is once
        if values:
            c.execute(update(training_plan).where(p.id == row.id).values(**values))
    _tell(c, who, at)


def take_off(c: Connection, who: Who, what: str, id: str) -> None:
    """Off the caller's plan, or never on it: from now on it is not suggested either."""
    at = journal.take(c, f"me:{who.id}")
    gone = {"away_at": now(), "done_at": None, "due": None}
    if not c.execute(update(training_plan).where(_mine(who, what, id)).values(**gone)).rowcount:
        made = {"id": new_id(), "member": who.id, _column(what): id, "n": _end(c, who), "at": now()}
        c.execute(insert(training_plan), {**made, "away_at": now()})
    _tell(c, who, at)


def order(c: Connection, who: Who, ids: Sequence[str], new_days: int, most: int) -> None:
    """The things of these ids first, in this order, then the others as they were."""
    at = journal.take(c, f"me:{who.id}")
    here = {one.id: one for one in plan.plan(c, who, new_days)}
    wanted = [here[id] for id in dict.fromkeys(ids) if id in here]
    rest = [one for one in here.values() if one not in wanted]
    for n, one in enumerate([*wanted, *rest][:most], 1):
        which = _mine(who, one.what, one.id)
        if not c.execute(update(training_plan).where(which).values(n=n)).rowcount:
            made = {"id": new_id(), "member": who.id, _column(one.what): one.id, "n": n, "at": now()}
            c.execute(insert(training_plan), made)
    _tell(c, who, at)


def raise_up(c: Connection, who: Who, id: str, new_days: int, most: int) -> None:
    """One place nearer to the beginning, past what is not done; the first stays where it is."""
    journal.hold(c, [f"me:{who.id}"])
    items = plan.plan(c, who, new_days)
    ids = [one.id for one in items if not one.done]
    if id not in ids[1:]:
        return
    at = ids.index(id)
    ids[at - 1], ids[at] = ids[at], ids[at - 1]
    order(c, who, ids, new_days, most)


def _end(c: Connection, who: Who) -> int:
    """The place after all that was ever in the caller's plan."""
    mine = training_plan.c.member == who.id
    return int(c.scalar(select(func.coalesce(func.max(training_plan.c.n), 0)).where(mine)) or 0) + 1


def _standing(c: Connection, who: Who) -> int:
    """How many things stand in the caller's plan."""
    p = training_plan.c
    query = select(func.count()).select_from(training_plan)
    query = query.outerjoin(training_track, training_track.c.id == p.track)
    query = query.outerjoin(drive_document, drive_document.c.id == p.document)
    query = query.outerjoin(drive_folder, drive_folder.c.id == drive_document.c.folder)
    there = (training_track.c.id.is_not(None) & training_track.c.ended_at.is_(None)) | (
        p.document.is_not(None) & HERE
    )
    return int(c.scalar(query.where(p.member == who.id, p.away_at.is_(None), there)) or 0)


def _column(what: str) -> str:
    return {TRACKS: "track", DOCUMENTS: "document"}[what]


def _mine(who: Who, what: str, id: str) -> Any:
    return (training_plan.c.member == who.id) & (training_plan.c[_column(what)] == id)


def _tell(c: Connection, who: Who, at: Any) -> None:
    """To their own pages alone, and without saying what."""
    data = {"id": who.id, "did": "planned"}
    journal.append(c, f"me:{who.id}", "training", data, actor=who.id, subject=who.id, at=at)
