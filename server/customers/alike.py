"""Customers that may be the same as one, of those a squad may see: by name, by other names, phone and place.

A look-up reads a bounded number of index rows, however many customers there are: two signs that are in very
many names tell little, and are not followed.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, bindparam, func, or_, select, union_all

from server.customers.file import File
from server.customers.keys import keys
from server.customers.likeness import ALIKE, alike, bare, cells, number
from server.customers.listing import of_squad
from server.customers.models import customer, customer_key, customer_name
from server.visits.place import metres

MANY = 200
"""Of so many customers with the same key none is told apart by it."""
CLOSE = 300
"""Metres within which the same name is most likely the same customer."""
SHOWN, TRIED = 5, 30
ASKED, STEP = 60, 10
"""Keys looked up at most, and in steps of so many: each size is a statement of its own."""
WEIGHTS = {"n": 50, "p": 50, "b": 3, "g": 1}
"""What sharing a key of a kind counts for: the whole name, the number, two signs, the square of the map."""


@dataclass(frozen=True, slots=True)
class Like:
    """One that may be the same. `why`: name, phone, place; `score` from 0 to 1, `distance` in metres."""

    id: str
    name: str
    address: str
    score: float
    why: tuple[str, ...]
    distance: float | None


def find(
    c: Connection,
    squads: list[str],
    names: list[str],
    phone: str = "",
    lat: float | None = None,
    lon: float | None = None,
    but: str | None = None,
) -> list[Like]:
    """Those that may be the same as one of this name, number and place; the likest first, without `but`."""
    wanted = [bare(one) for one in names if bare(one)]
    ids = _candidates(c, names, phone, lat, lon)
    seen = or_(*(of_squad(one) for one in squads)) if squads else customer.c.id.is_(None)
    whole = select(func.coalesce(customer.c.merged_into, customer.c.id)).where(customer.c.id.in_(ids))
    query = select(customer).where(customer.c.id.in_(whole), customer.c.merged_into.is_(None), seen)
    rows = [row for row in c.execute(query) if row.id != but]
    called = _called(c, [row.id for row in rows])
    digits, found = number(phone), []
    for row in rows:
        score = max((alike(one, bare(other)) for one in wanted for other in called[row.id]), default=0.0)
        away = None
        if lat is not None and lon is not None and row.lat is not None:
            away = metres(lat, lon, row.lat, row.lon)
        why = ["name"] if score >= ALIKE else []
        if digits and number(row.phone) == digits:
            why.append("phone")
            score = max(score, 0.9)
        if away is not None and away <= CLOSE and score >= 0.4:
            why.append("place")
            score = min(1.0, score + 0.15)
        elif away is not None and away > 50_000 and "phone" not in why:
            score -= 0.15  # another town's branch
        if why and score >= ALIKE:
            found.append(Like(row.id, row.name, row.address, round(score, 2), tuple(why), away))
    return sorted(found, key=lambda one: (-one.score, one.name))[:SHOWN]


def to(c: Connection, squads: list[str], it: File) -> list[Like]:
    """Those that may be the same as this customer."""
    names = [it.row.name, *(name for several in it.names.values() for name in several)]
    return find(c, squads, names, it.row.phone, it.row.lat, it.row.lon, it.id)


def _called(c: Connection, ids: list[str]) -> dict[str, list[str]]:
    """All that these and their parts are called."""
    found: dict[str, list[str]] = {id: [] for id in ids}
    own = func.coalesce(customer.c.merged_into, customer.c.id).label("whole")
    mine = customer.c.id.in_(ids) | customer.c.merged_into.in_(ids)
    for row in c.execute(select(own, customer.c.name).where(mine)):
        found[row.whole].append(row.name)
    others = select(own, customer_name.c.name).join(customer, customer.c.id == customer_name.c.customer)
    for row in c.execute(others.where(mine, customer_name.c.ended_at.is_(None))):
        found[row.whole].append(row.name)
    return found


def _candidates(
    c: Connection, names: list[str], phone: str, lat: float | None, lon: float | None
) -> list[str]:
    """Those that share most keys with it, the rare ones at that."""
    asked = keys(names, phone, None, None)
    if lat is not None and lon is not None:
        asked |= {("g", key) for key in cells(lat, lon)}
    shared: Counter[str] = Counter()
    sharing: dict[tuple[str, str], list[str]] = {}
    if not asked:
        return []
    some_asked = sorted(asked)[:ASKED]
    size = -(-len(some_asked) // STEP) * STEP
    some_asked += [("-", "")] * (size - len(some_asked))
    named = {
        f"{name}{n}": part for n, one in enumerate(some_asked) for name, part in zip("kq", one, strict=True)
    }
    for kind, key, id in c.execute(_looked_up(size), named):
        sharing.setdefault((kind, key), []).append(id)
    for (kind, _), some in sharing.items():
        if len(some) <= MANY or kind in "np":
            for id in some:
                shared[id] += WEIGHTS[kind]
    return [id for id, _ in shared.most_common(TRIED)]


@cache
def _looked_up(size: int) -> CompoundSelect[Any]:
    """One statement for so many keys, each branch of which reads as far into the index as it may and no
    farther. It is made once: to write it anew took longer than to run it.
    """
    row = (customer_key.c.kind, customer_key.c.key, customer_key.c.customer)
    each = (
        select(*row)
        .where(row[0] == bindparam(f"k{n}"), row[1] == bindparam(f"q{n}"))
        .limit(MANY + 1)
        .subquery()
        .select()
        for n in range(size)
    )
    return union_all(*each)
