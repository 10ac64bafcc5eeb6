"""What can be done with training: tracks made, changed, ended, their steps put in, moved, taken out; done."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from config.settings import Settings
from server import journal
from server.access import Who
from server.drive import queries as drive
from server.errors import Invalid, NotFound
from server.schema import new_id, now
from server.text import checked
from server.text import name as checked_name
from server.training import queries
from server.training.models import training_done, training_step, training_track
from web.render import N_

COMPANY = "company"
NAME_MAX = 120
WRONG = N_("This does not look right.")


class Made(NamedTuple):
    """The id of a track or a step, and whether this request made it."""

    id: str
    created: bool


class Typed(NamedTuple):
    """A step as it is typed: `document` an id or empty; `first` and `last` empty, or numbers of pages."""

    document: str = ""
    first: str = ""
    last: str = ""
    text: str = ""


def make(c: Connection, who: Who, id: str, name: str, audience: str, by_name: bool = False) -> Made:
    """For the caller's squad; where the route is about none, for the company. The same id: the same.

    `by_name`: those who lead there are told by name who is through, and the track says so.
    """
    mine = (training_track.c.made_by == who.id) & (training_track.c.client_id == id)
    if (known := c.scalar(select(training_track.c.id).where(mine))) is not None:
        return Made(known, False)
    name = _checked(name, audience)
    row: dict[str, Any] = {
        "id": new_id(),
        "squad": who.squad,
        "name": name,
        "audience": audience,
        "made_by": who.id,
    }
    row["named_at"] = now() if by_name else None
    c.execute(insert(training_track), {**row, "client_id": id, "made_at": now()})
    _tell(c, who, str(row["id"]), "made")
    return Made(str(row["id"]), True)


def change(c: Connection, who: Who, id: str, name: str, audience: str, by_name: bool | None = None) -> None:
    """Another name, others it is meant for; None: `by_name` as it is. Who was through before it was told by
    name is not told of: they did not know.
    """
    name = _checked(name, audience)
    _hold(c, who, id)
    values: dict[str, Any] = {"name": name, "audience": audience}
    if by_name is not None:
        values["named_at"] = func.coalesce(training_track.c.named_at, now()) if by_name else None
    c.execute(update(training_track).where(training_track.c.id == id).values(**values))
    _tell(c, who, id, "changed")


def end(c: Connection, who: Who, id: str) -> None:
    """Takes it off every list; who did what of it stays theirs."""
    _hold(c, who, id)
    c.execute(update(training_track).where(training_track.c.id == id).values(ended_at=now()))
    _tell(c, who, id, "ended")


def add(c: Connection, who: Who, id: str, key: str, typed: Typed, settings: Settings) -> Made:
    """A step at the end: a document of the drive, or some pages of it; or words alone. The same `key`: the
    same step.
    """
    mine = (training_step.c.by == who.id) & (training_step.c.client_id == key)
    if (known := c.scalar(select(training_step.c.id).where(mine))) is not None:
        return Made(known, False)
    document = typed.document
    text = checked("text", typed.text.strip(), settings.text_max, required=not document)
    pages = _pages(typed.first, typed.last) if document else (None, None)
    _hold(c, who, id)
    if document and not any(one.id == document for one in drive.visible(c, who, [document], ())):
        raise Invalid({"document": WRONG})
    if document and drive.some(c, who, [document])[document].squad not in (None, who.squad):
        raise Invalid({"document": WRONG})
    if not room(c, id, settings):
        raise Invalid({"text": N_("At most %(most)s steps.")}, {"most": settings.training_steps})
    last = c.scalar(select(func.max(training_step.c.n)).where(training_step.c.track == id))
    row: dict[str, Any] = {"id": new_id(), "track": id, "n": (last or 0) + 1, "document": document or None}
    row |= {"first": pages[0], "last": pages[1], "text": text, "by": who.id, "client_id": key}
    c.execute(insert(training_step), row)
    _tell(c, who, id, "changed")
    return Made(row["id"], True)


def room(c: Connection, id: str, settings: Settings) -> bool:
    """Whether one more step may be added; others may add one meanwhile, unless the stream is held."""
    here = training_step.c.track == id
    return int(c.scalar(select(func.count()).where(here)) or 0) < settings.training_steps


def raise_up(c: Connection, who: Who, id: str, step: str) -> None:
    """One place nearer to the beginning; the first stays where it is."""
    _hold(c, who, id)
    order = _order(c, id)
    if step not in order:
        raise NotFound
    at = order.index(step)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
        _number(c, who, id, order)


def reorder(c: Connection, who: Who, id: str, steps: Sequence[str]) -> None:
    """These steps first, in this order, then the others as they were; what is none of its is passed over."""
    _hold(c, who, id)
    before = _order(c, id)
    wanted = [one for one in dict.fromkeys(steps) if one in before]
    order = [*wanted, *(one for one in before if one not in wanted)]
    if order != before:
        _number(c, who, id, order)


def _order(c: Connection, id: str) -> list[str]:
    query = select(training_step.c.id).where(training_step.c.track == id)
    return list(c.scalars(query.order_by(training_step.c.n, training_step.c.id)))


def _number(c: Connection, who: Who, id: str, order: Sequence[str]) -> None:
    for n, one in enumerate(order, 1):
        c.execute(update(training_step).where(training_step.c.id == one).values(n=n))
    _tell(c, who, id, "changed")


def take_out(c: Connection, who: Who, id: str, step: str) -> None:
    """Takes a step out, with who has done it; the document stays where it is."""
    _hold(c, who, id)
    here = (training_step.c.track == id) & (training_step.c.id == step)
    if c.scalar(select(training_step.c.id).where(here)) is None:
        raise NotFound
    c.execute(delete(training_done).where(training_done.c.step == step))
    c.execute(delete(training_step).where(here))
    _tell(c, who, id, "changed")


def mark(c: Connection, who: Who, id: str, step: str, on: bool) -> None:
    """The caller has done a step, or not yet after all: an entry on their own stream, once."""
    key = f"me:{who.id}"
    at = journal.take(c, key)
    if not queries.sees(c, who, id, step):
        raise NotFound
    mine = (training_done.c.step == step) & (training_done.c.member == who.id)
    if on and c.scalar(select(training_done.c.step).where(mine)) is None:
        c.execute(insert(training_done), {"step": step, "member": who.id, "at": now()})
    elif not on:
        c.execute(delete(training_done).where(mine))
    data = {"id": id, "did": "done" if on else "undone"}
    journal.append(c, key, "training", data, actor=who.id, subject=id, at=at)


def _checked(name: str, audience: str) -> str:
    if audience not in queries.AUDIENCES:
        raise Invalid({"audience": WRONG})
    return checked_name("name", name, NAME_MAX)


def _pages(first: str, last: str) -> tuple[int | None, int | None]:
    found: dict[str, int | None] = {}
    for field, typed in (("first", first.strip()), ("last", last.strip())):
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 6 and int(typed)):
            raise Invalid({field: N_("A page is a whole number, from 1 on.")})
        found[field] = int(typed) if typed else None
    one, other = found["first"], found["last"]
    if other is not None and other < (one or 1):
        raise Invalid({"last": N_("The last page comes after the first.")})
    return one, other


def _hold(c: Connection, who: Who, id: str) -> None:
    """Locks it: what two change at once is changed one after the other. The stream first, as whoever begins
    the outline does: no ring of waiting.
    """
    journal.hold(c, [who.squad or COMPANY])
    query = select(training_track.c.ended_at).where(training_track.c.id == id).with_for_update()
    if c.scalar(query) is not None:
        raise NotFound


def _tell(c: Connection, who: Who, id: str, did: str) -> None:
    """One entry. It names nothing: not everybody on the stream may see every document."""
    journal.append(c, who.squad or COMPANY, "training", {"id": id, "did": did}, actor=who.id, subject=id)
