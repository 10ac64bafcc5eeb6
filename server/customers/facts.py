"""What is known of a customer, by whom, since when. What turns out otherwise is followed, not overwritten."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from server.customers.models import customer, fact, fact_confirmed
from server.customers.telling import family, tell
from server.errors import Conflict, Invalid, NotFound
from server.schema import new_id, now
from server.text import checked
from server.visits.models import visit
from web.render import N_

KINDS = {
    "decides": N_("Decides"),
    "has": N_("Has now"),
    "need": N_("Needs"),
    "budget": N_("Budget"),
    "way_in": N_("Way in"),
    "obstacle": N_("In the way"),
    "date": N_("Date"),
    "other": N_("Other"),
}
"""What a fact can be about."""
SOURCES = {
    "seen": N_("seen there"),
    "told": N_("told there"),
    "call": N_("by phone"),
    "public": N_("public"),
    "company": N_("company intel"),
    "else": N_("heard elsewhere"),
}
"""Where it is from."""
MOST = 2000


def add(
    c: Connection,
    by: str,
    customer_id: str,
    kind: str,
    text: str,
    source: str = "told",
    visit_id: str | None = None,
    id: str | None = None,
) -> str:
    """A new fact of a customer the caller may see; the same id of one's own again is the same fact.

    `visit_id`, one at this customer, says where it was learned.
    """
    if (known := _made(c, by, id)) is not None:
        return known
    return _put(c, by, customer_id, kind, text, source, visit_id, id, None)


def correct(
    c: Connection, by: str, customer_id: str, id: str, text: str, source: str = "told", new: str | None = None
) -> str:
    """It is otherwise: a new fact, which names the one it follows. That one stays to be seen."""
    if (known := _made(c, by, new)) is not None:
        return known
    row = _standing(c, customer_id, id)
    _end(c, by, id)
    return _put(c, by, row.customer, row.kind, text, source, None, new, id)


def retire(c: Connection, by: str, customer_id: str, id: str) -> None:
    """It is not true any more. Twice is once."""
    row = _one(c, customer_id, id)
    if row.ended_at is None:
        _end(c, by, id)
        tell(c, by, customer_id, "retired", fact=id)


def confirm(c: Connection, by: str, customer_id: str, id: str) -> None:
    """It is still true: from now on it counts as fresh again. Who confirms it again does so as of now."""
    _standing(c, customer_id, id)
    mine = (fact_confirmed.c.fact == id) & (fact_confirmed.c.member == by)
    if not c.execute(update(fact_confirmed).where(mine).values(at=now())).rowcount:
        c.execute(insert(fact_confirmed), {"fact": id, "member": by, "at": now()})
    tell(c, by, customer_id, "confirmed", fact=id)


def _put(
    c: Connection,
    by: str,
    customer_id: str,
    kind: str,
    text: str,
    source: str,
    visit_id: str | None,
    id: str | None,
    replaces: str | None,
) -> str:
    wrong = {}
    if kind not in KINDS:
        wrong["kind"] = N_("Choose what it is about.")
    if source not in SOURCES:
        wrong["source"] = N_("Choose where it is from.")
    if wrong:
        raise Invalid(wrong)
    text = checked("text", text.strip(), MOST, required=True)
    if visit_id is not None:
        there = select(visit.c.id).where(visit.c.id == visit_id, visit.c.customer == customer_id)
        if c.scalar(there) is None:
            raise Invalid({"visit": N_("That visit was somewhere else.")})
    taken = id is not None and c.scalar(select(fact.c.id).where(fact.c.id == id)) is not None
    made = new_id() if id is None or taken else id
    row: dict[str, Any] = {"id": made, "customer": customer_id, "kind": kind, "text": text, "source": source}
    c.execute(insert(fact), row | {"visit": visit_id, "by": by, "at": now(), "replaces": replaces})
    tell(c, by, customer_id, "corrected" if replaces else "learned", fact=made)
    return made


def _made(c: Connection, by: str, id: str | None) -> str | None:
    """The fact of this id, if the caller made it before."""
    if id is None:
        return None
    return c.scalar(select(fact.c.id).where(fact.c.id == id, fact.c.by == by))


def _one(c: Connection, customer_id: str, id: str) -> Any:
    # Of two who end it at once the second waits here, and sees that it has ended.
    c.execute(select(customer.c.id).where(customer.c.id == customer_id).with_for_update(key_share=True))
    there = (fact.c.id == id) & fact.c.customer.in_(family(customer_id))
    row = c.execute(select(fact).where(there)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _standing(c: Connection, customer_id: str, id: str) -> Any:
    row = _one(c, customer_id, id)
    if row.ended_at is not None:
        raise Conflict(N_("Somebody has put this right already. See what it says now."))
    return row


def _end(c: Connection, by: str, id: str) -> None:
    c.execute(update(fact).where(fact.c.id == id).values(ended_at=now(), ended_by=by))
