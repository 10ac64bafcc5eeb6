"""The next touch: when somebody means to be in contact with a customer again, and what for."""

from datetime import date

from sqlalchemy import Connection, select, update

from server.customers.models import customer
from server.customers.telling import tell
from server.errors import Invalid
from server.text import checked
from web.render import N_


def plan(c: Connection, by: str, customer_id: str, day: date | None, note: str = "") -> None:
    """The caller means to be there that day; None: nobody means to. The same again changes nothing."""
    note = checked("note", note.strip(), 200) if day else ""
    if day is not None and not 2000 <= day.year <= 2100:
        raise Invalid({"day": N_("This day does not look right.")})
    values = {"touch_on": day, "touch_note": note, "touch_by": by if day else None}
    row = c.execute(select(customer).where(customer.c.id == customer_id)).one()
    if all(row._mapping[name] == value for name, value in values.items()):
        return
    c.execute(update(customer).where(customer.c.id == customer_id).values(**values))
    tell(c, by, customer_id, "touch", day=day and day.isoformat())
