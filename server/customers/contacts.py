"""The people at a customer: what they do, what they have to say in it, how one reaches them."""

import re
from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, insert, select, update

from server.customers.models import contact
from server.customers.telling import family, tell
from server.errors import Invalid, NotFound, together
from server.schema import new_id, now
from server.text import checked
from server.text import name as checked_name
from web.render import N_

PARTS = {
    "": N_("not known"),
    "decides": N_("decides"),
    "advises": N_("is asked first"),
    "uses": N_("works with it"),
    "buys": N_("buys and pays"),
    "against": N_("is against it"),
}
"""What somebody has to say in it."""
CHANNELS = {
    "": N_("any way"),
    "phone": N_("by phone"),
    "wechat": N_("by WeChat"),
    "text": N_("by message"),
    "mail": N_("by e-mail"),
    "visit": N_("in person"),
}
"""How somebody likes to be reached."""


class Contact(BaseModel):
    """Somebody at a customer; `birthday` is a date, or month and day alone."""

    name: str
    role: str = ""
    part: str = ""
    phone: str = ""
    channel: str = ""
    birthday: str = ""
    note: str = ""


def add(
    c: Connection,
    by: str,
    customer_id: str,
    form: Contact,
    id: str | None = None,
    replaces: str | None = None,
) -> str:
    """Somebody new; the same id of one's own again is the same person."""
    if id is not None and c.scalar(select(contact.c.id).where(contact.c.id == id, contact.c.by == by)):
        return id
    values = _checked(form)
    taken = id is not None and c.scalar(select(contact.c.id).where(contact.c.id == id)) is not None
    made = new_id() if id is None or taken else id
    row = {"id": made, "customer": customer_id, **values, "by": by, "at": now(), "replaces": replaces}
    c.execute(insert(contact), row)
    tell(c, by, customer_id, "contact changed" if replaces else "contact", contact=made)
    return made


def change(c: Connection, by: str, customer_id: str, id: str, form: Contact, new: str | None = None) -> str:
    """Puts somebody right. What stood there before stays, with who gave it."""
    row = _standing(c, customer_id, id)
    values = _checked(form)
    if all(row._mapping[name] == value for name, value in values.items()):
        return id
    _end(c, by, id)
    return add(c, by, row.customer, form, new, id)


def end(c: Connection, by: str, customer_id: str, id: str) -> None:
    """They are not there any more."""
    _standing(c, customer_id, id)
    _end(c, by, id)
    tell(c, by, customer_id, "contact gone", contact=id)


def _standing(c: Connection, customer_id: str, id: str) -> Any:
    here = contact.c.customer.in_(family(customer_id)) & contact.c.ended_at.is_(None)
    there = (contact.c.id == id) & here
    if (row := c.execute(select(contact).where(there).with_for_update()).one_or_none()) is None:
        raise NotFound
    return row


def _end(c: Connection, by: str, id: str) -> None:
    c.execute(update(contact).where(contact.c.id == id).values(ended_at=now(), ended_by=by))


def _checked(form: Contact) -> dict[str, str]:
    together(
        lambda: checked_name("name", form.name),
        lambda: checked("role", form.role, 80),
        lambda: checked("phone", form.phone, 40),
        lambda: checked("note", form.note, 200),
        lambda: _birthday(form.birthday),
        lambda: _known(form),
    )
    return form.model_dump() | {
        "name": checked_name("name", form.name),
        "phone": form.phone.strip(),
        "birthday": _birthday(form.birthday),
    }


def _known(form: Contact) -> None:
    for name, known in (("part", PARTS), ("channel", CHANNELS)):
        if getattr(form, name) not in known:
            raise Invalid({name: N_("Choose one of the list.")})


def _birthday(text: str) -> str:
    """1980-07-03 or 07-03, however it was written; a day that exists."""
    text = text.strip()
    if not text:
        return ""
    found = re.fullmatch(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?", text)
    try:
        if found is None:
            raise ValueError
        year, month, day = found.groups()
        made = date(int(year or 2000), int(month), int(day))  # 2000 had a 29 February
    except ValueError:
        raise Invalid({"birthday": N_("Write it as 1980-07-03, or 07-03 without the year.")}) from None
    return made.isoformat() if year else f"{made:%m-%d}"
