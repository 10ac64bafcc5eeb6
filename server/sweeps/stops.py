"""One stop: added on the way, skipped with a reason, to be visited after all."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from server.access import Who
from server.customers.actions import add as add_customer
from server.customers.models import customer, customer_squad
from server.errors import Conflict, Forbidden, Invalid
from server.schema import new_id, now
from server.sweeps import handing, order, queries, telling
from server.sweeps.forms import Stop, StopState
from server.sweeps.models import lane, stop
from server.sweeps.plan import Made
from server.text import checked
from web.render import N_

REASON_MAX = 400


def add(c: Connection, who: Who, sweep_id: str, form: Stop) -> Made:
    """One more stop, at the end of a lane. A customer that is in the sweep already is that stop.

    Into one's own lane or nobody's; a lead also into others'.
    """
    row = telling.locked(c, sweep_id, planning=True)
    chosen = _customer(c, who, form)
    there = select(stop.c.id).where(stop.c.sweep == sweep_id, stop.c.customer == chosen)
    if (known := c.scalar(there)) is not None:
        return Made(queries.one_stop(c, known), False)
    into = _lane(c, who, sweep_id, str(form.lane) if form.lane else None)
    taken = c.scalar(select(stop.c.id).where(stop.c.id == str(form.id))) is not None
    id = new_id() if taken else str(form.id)
    place = len(order.stops_of(c, sweep_id, into))
    fresh = {"id": id, "sweep": sweep_id, "lane": into, "customer": chosen, "place": place}
    c.execute(insert(stop), {**fresh, "state": "planned", "reason": ""})
    telling.tell_lanes(c, row, who.id, {into} if into else set(), loose=into is None)
    return Made(queries.one_stop(c, id), True)


def set_state(c: Connection, who: Who, id: str, form: StopState) -> dict[str, Any]:
    """Skips a stop and says why, or plans it again. What was visited stays visited.

    The caller's same change of the same moment again is the first one, whatever others have done since.
    """
    row, one = telling.locked_with(c, stop, id)
    at = min(form.at or now(), now())
    if form.at is not None and telling.told_of_stop(c, row, id, who.id, at):
        return queries.one_stop(c, id)
    if one.state == "done":
        raise Conflict(N_("This stop has been visited."), now=queries.one_stop(c, id))
    skipped = form.state == "skipped"
    reason = checked("reason", form.reason, REASON_MAX, required=True) if skipped else ""
    if (one.state, one.reason) == (form.state, reason):
        return queries.one_stop(c, id)
    values: dict[str, Any] = {"state": form.state, "reason": reason, "by": None, "at": None}
    if skipped:
        values |= {"by": who.id, "at": at}
        handing.withdraw(c, row, [id], who.id)
    c.execute(update(stop).where(stop.c.id == id).values(**values))
    return telling.tell_stop(c, row, id, who.id, at)


def _customer(c: Connection, who: Who, form: Stop) -> str:
    if form.customer.strip():
        # Under the stop's id, so that the same request again means the same customer.
        return add_customer(c, who, form.customer, form.position, str(form.id))
    if form.customer_id is None:
        raise Invalid({"customer_id": N_("Choose a customer, or name a new one.")})
    listed = (
        select(customer.c.id)
        .join(customer_squad, customer_squad.c.customer == customer.c.id)
        .where(customer.c.id == str(form.customer_id), customer_squad.c.squad == who.squad)
    )
    if c.scalar(listed) is None:
        raise Invalid({"customer_id": N_("This customer is not on the squad's list.")})
    return str(form.customer_id)


def _lane(c: Connection, who: Who, sweep_id: str, wanted: str | None) -> str | None:
    """The lane that is meant: the caller's own where none is named, if they have one."""
    if wanted is None:
        return c.scalar(select(lane.c.id).where(lane.c.sweep == sweep_id, lane.c.member == who.id))
    found = c.execute(
        select(lane.c.id, lane.c.member).where(lane.c.id == wanted, lane.c.sweep == sweep_id)
    ).one_or_none()
    if found is None:
        raise Invalid({"lane": N_("There is no such lane in this sweep.")})
    if not who.leads and found.member != who.id:
        raise Forbidden
    return found.id  # type: ignore[no-any-return]
