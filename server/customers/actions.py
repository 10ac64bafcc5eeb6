"""What can be done with customers."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection, delete, insert, select, update

from server import journal
from server.access import Who
from server.customers.keys import keep, keys, put
from server.customers.models import customer, customer_name, customer_squad, customer_tag
from server.customers.telling import squads_of, tell
from server.errors import Invalid, together
from server.schema import new_id, now
from server.territories.models import territory
from server.text import checked
from server.text import name as checked_name
from server.visits.forms import CURRENCIES, Figures, NoneIfEmpty
from server.visits.place import Position
from web.render import N_

STAGES = {
    "new": N_("New"),
    "talks": N_("In talks"),
    "offer": N_("Offer made"),
    "customer": N_("Customer"),
    "resting": N_("Resting"),
}
NAMES = ("zh", "en", "alias")
TAGS = 20


class Changes(BaseModel):
    """What of a customer is to be otherwise; what is left out stays. `names` by kind: zh, en, alias."""

    name: str | None = None
    names: dict[str, Annotated[list[str], Field(max_length=20)]] | None = None
    kind: str | None = None
    address: str | None = None
    phone: str | None = None
    territory: Annotated[UUID | None, NoneIfEmpty] = None
    stage: str | None = None
    value: Annotated[Figures | None, NoneIfEmpty] = None
    currency: Annotated[str | None, NoneIfEmpty] = None
    tags: Annotated[list[str], Field(max_length=TAGS)] | None = None
    position: Position | None = None


def add(c: Connection, who: Who, name: str, position: Position | None, id: str | None = None) -> str:
    """A new customer of the caller's squad; the same id of one's own again is the same customer."""
    assert who.squad
    name = checked_name("customer", name, 120)
    if id is not None:
        known = c.execute(select(customer.c.created_by).where(customer.c.id == id)).one_or_none()
        if known is not None and known.created_by == who.id:
            return id
        id = None if known is not None else id
    id = id or new_id()
    spot = position.model_dump(include={"lat", "lon"}) if position else {"lat": None, "lon": None}
    c.execute(
        insert(customer),
        {
            "id": id,
            "name": name,
            **spot,
            "position_source": position.source if position else None,
            "position_by": who.id if position else None,
            "created_by": who.id,
            "created_at": now(),
            "merged_into": None,
        },
    )
    c.execute(insert(customer_squad), {"squad": who.squad, "customer": id})
    put(c, id, keys([name], "", spot["lat"], spot["lon"]))
    data = {"id": id, "name": name, "position": spot if position else None}
    journal.append(c, who.squad, "customer", data, actor=who.id, subject=id)
    return id


def change(c: Connection, by: str, id: str, form: Changes) -> None:
    """Puts right what stands at the head of the file. The same again changes nothing."""
    said = form.model_fields_set
    values = checked_head(c, form)
    before = (
        c.execute(select(customer).where(customer.c.id == id).with_for_update(key_share=True)).one()._mapping
    )
    heard = squads_of(c, id)
    if values.get("value") is None and "value" in values:
        values["currency"] = None
    differs = {name: value for name, value in values.items() if before[name] != value}
    if form.position is not None:
        place = form.position.model_dump(include={"lat", "lon"})
        differs |= {n: value for n, value in place.items() if before[n] != value}
        if {"lat", "lon"} & differs.keys():
            differs |= {"position_source": form.position.source, "position_by": by}
    if differs:
        c.execute(update(customer).where(customer.c.id == id).values(**differs))
    listed = "names" in said and form.names is not None and _name(c, by, id, form.names)
    tagged = "tags" in said and form.tags is not None and _tag(c, id, form.tags)
    if listed or {"name", "phone", "lat", "lon"} & differs.keys():
        keep(c, id)
    if {"name", "lat", "lon"} & differs.keys():
        _moved(c, by, id, heard)
    if differs or listed or tagged:
        tell(c, by, id, "changed")


def checked_head(c: Connection, form: Changes) -> dict[str, Any]:
    """The columns that were said, checked; raises `Invalid` with all that is wrong."""
    said = form.model_fields_set
    given = {name: getattr(form, name) for name in said & {"kind", "address", "phone", "stage"}}
    values: dict[str, Any] = {name: value.strip() for name, value in given.items() if value is not None}
    together(
        lambda: form.name is None or checked_name("name", form.name, 120),
        *(
            (lambda name=name, most=most: checked(name, values.get(name, ""), most))
            for name, most in (("kind", 40), ("address", 200), ("phone", 40))
        ),
        lambda: _listed(c, form),
    )
    if form.name is not None:
        values["name"] = checked_name("name", form.name, 120)
    if "territory" in said:
        values["territory"] = str(form.territory) if form.territory else None
    if "value" in said:
        values["value"] = form.value
    if "currency" in said:
        values["currency"] = form.currency
    return values


def _listed(c: Connection, form: Changes) -> None:
    wrong = {}
    if form.stage is not None and form.stage not in STAGES:
        wrong["stage"] = N_("Choose one of the list.")
    if form.currency is not None and form.currency not in CURRENCIES:
        wrong["currency"] = N_("This currency is not known.")
    if form.territory is not None:
        there = territory.c.closed_at.is_(None) & (territory.c.id == str(form.territory))
        if c.scalar(select(territory.c.id).where(there)) is None:
            wrong["territory"] = N_("This territory is not there any more. Choose another.")
    if form.names is not None and not form.names.keys() <= set(NAMES):
        wrong["names"] = N_("Choose one of the list.")
    if wrong:
        raise Invalid(wrong)


def _name(c: Connection, by: str, id: str, names: dict[str, list[str]]) -> bool:
    """The other names, by kind; those that are left out end. Whether anything differs."""
    mine = (customer_name.c.customer == id) & customer_name.c.ended_at.is_(None)
    known = {(row.kind, row.name): row.id for row in c.execute(select(customer_name).where(mine))}
    wanted = {
        (kind, checked_name("names", one, 120)): None
        for kind, several in names.items()
        for one in several
        if one.strip()
    }
    gone = [known[one] for one in known if one[0] in names and one not in wanted]
    c.execute(update(customer_name).where(customer_name.c.id.in_(gone)).values(ended_at=now()))
    new = [one for one in wanted if one not in known]
    for kind, name in new:
        row = {"id": new_id(), "customer": id, "name": name, "kind": kind, "by": by, "at": now()}
        c.execute(insert(customer_name), row)
    return bool(gone or new)


def _tag(c: Connection, id: str, tags: list[str]) -> bool:
    wanted = {checked_name("tags", one, 30) for one in tags if one.strip()}
    known = set(c.scalars(select(customer_tag.c.tag).where(customer_tag.c.customer == id)))
    if wanted == known:
        return False
    c.execute(delete(customer_tag).where(customer_tag.c.customer == id))
    if wanted:
        c.execute(insert(customer_tag), [{"customer": id, "tag": one} for one in sorted(wanted)])
    return True


def _moved(c: Connection, by: str, id: str, squads: list[str]) -> None:
    """Maps and lists show another name, or it elsewhere."""
    row = c.execute(select(customer.c.name, customer.c.lat, customer.c.lon).where(customer.c.id == id)).one()
    spot = {"lat": row.lat, "lon": row.lon} if row.lat is not None else None
    for key, at in sorted(journal.take_all(c, squads).items()):
        data = {"id": id, "name": row.name, "position": spot}
        journal.append(c, key, "customer", data, actor=by, subject=id, at=at)
