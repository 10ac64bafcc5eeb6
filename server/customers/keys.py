"""By what a customer is found again: pieces of its names, its phone number, where it is."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from server.customers.likeness import bare, cell, grams, number
from server.customers.models import customer, customer_key, customer_name


def keys(names: Iterable[str], phone: str, lat: float | None, lon: float | None) -> set[tuple[str, str]]:
    """(kind, key): `n` a bare name, `b` two signs of one, `p` a phone number, `g` a square of the map."""
    found = set()
    for name in (bare(one) for one in names):
        found |= {("n", name[:60])} | {("b", gram) for gram in grams(name)}
    if digits := number(phone):
        found.add(("p", digits))
    if lat is not None and lon is not None:
        row, column = cell(lat, lon)
        found.add(("g", f"{row}:{column}"))
    return found


def keep(c: Connection, id: str) -> None:
    """Writes a customer's keys as its names, number and place are now."""
    row = c.execute(select(customer).where(customer.c.id == id)).one()
    there = (customer_name.c.customer == id) & customer_name.c.ended_at.is_(None)
    names = [row.name, *c.scalars(select(customer_name.c.name).where(there))]
    c.execute(delete(customer_key).where(customer_key.c.customer == id))
    put(c, id, keys(names, row.phone, row.lat, row.lon))


def put(c: Connection, id: str, found: Iterable[tuple[str, str]]) -> None:
    """Writes keys of a customer that has none."""
    c.execute(
        insert(customer_key), [{"customer": id, "kind": kind, "key": key} for kind, key in sorted(found)]
    )
