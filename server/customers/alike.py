"""Customers that may be the same as one, of those a squad may see: by name, by other names, phone and place.

A look-up reads a bounded number of index rows, however many customers there are: two signs that are in very
many names tell little, and are not followed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    false,
    func,
    or_,
    select,
    text,
    union_all,
)

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
part = customer.alias("part_of")  # made once, like the statement below
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a customer of these names, with this number, there; but not the one `but`."""

    names: Sequence[str]
    phone: str = ""
    lat: float | None = None
    lon: float | None = None
    but: str | None = None


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
    return several(c, squads, [Asked(names, phone, lat, lon, but)])[0]


def several(c: Connection, squads: list[str], asked: Sequence[Asked]) -> list[list[Like]]:
    """The same for each of several, in the same few trips to the database."""
    tried = _candidates(c, asked)
    tried_all = {id for some in tried for id in some}
    if not tried_all:
        return [[] for _ in asked]
    seen = or_(*(of_squad(one) for one in squads)) if squads else false()
    row = customer.c
    query = select(part.c.id.label("tried"), row.id, row.name, row.address, row.phone, row.lat, row.lon)
    query = query.join(customer, row.id == func.coalesce(part.c.merged_into, part.c.id))
    there = c.execute(query.where(part.c.id.in_(tried_all), seen)).all()
    rows, whole = {one.id: one for one in there}, {one.tried: one.id for one in there}
    called = _called(c, list(rows.values()))
    found = []
    for one, some in zip(asked, tried, strict=True):
        ids = dict.fromkeys(whole[id] for id in some if id in whole)
        found.append(_likest(one, [(rows[id], called[id]) for id in ids]))
    return found


def _likest(asked: Asked, known: list[tuple[Any, list[str]]]) -> list[Like]:
    """Of known ones, each with all it is called, those that are like enough."""
    wanted = [bare(one) for one in asked.names if bare(one)]
    digits, found = number(asked.phone), []
    for row, called in known:
        if row.id == asked.but:
            continue
        score = max((alike(one, bare(other)) for one in wanted for other in called), default=0.0)
        away = None
        if asked.lat is not None and asked.lon is not None and row.lat is not None:
            away = metres(asked.lat, asked.lon, row.lat, row.lon)
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


def _called(c: Connection, rows: list[Any]) -> dict[str, list[str]]:
    """All that these and their parts are called."""
    # Each by an index of its own: asked for as one, whole or part, SQLite read every customer.
    part = select(customer.c.id, customer.c.name, customer.c.merged_into)
    ids = [row.id for row in rows]
    parts = c.execute(part.where(customer.c.merged_into.in_(ids))).all()
    whole = {id: id for id in ids} | {row.id: row.merged_into for row in parts}
    found: dict[str, list[str]] = {id: [] for id in ids}
    for row in (*rows, *parts):
        found[whole[row.id]].append(row.name)
    others = select(customer_name.c.customer, customer_name.c.name).where(customer_name.c.ended_at.is_(None))
    for id, name in c.execute(others.where(customer_name.c.customer.in_(list(whole)))):
        found[whole[id]].append(name)
    return found


def _candidates(c: Connection, asked: Sequence[Asked]) -> list[list[str]]:
    """For each those that share most keys with it, the rare ones at that."""
    wanted = [_keys(one) for one in asked]
    each = sorted({key for some in wanted for key in some})
    sharing: dict[tuple[str, str], list[str]] = {}
    for start in range(0, len(each), ASKED):
        for kind, key, id in _sharing(c, each[start : start + ASKED]):
            sharing.setdefault((kind, key), []).append(id)
    found = []
    for some in wanted:
        shared: Counter[str] = Counter()
        for kind, key in some:
            for id in sharing.get((kind, key), ()):
                shared[id] += WEIGHTS[kind]
        found.append([id for id, _ in shared.most_common(TRIED)])
    return found


def _keys(asked: Asked) -> list[tuple[str, str]]:
    found = keys(asked.names, asked.phone, None, None)
    if asked.lat is not None and asked.lon is not None:
        found |= {("g", key) for key in cells(asked.lat, asked.lon)}
    return sorted(found)[:ASKED]


def _sharing(c: Connection, asked: Sequence[tuple[str, str]]) -> Any:
    """Who has which of these keys: (kind, key, customer); keys that very many have are left out."""
    size = -(-len(asked) // STEP) * STEP
    filled = [*asked, *[("-", "")] * (size - len(asked))]
    named = {f"{name}{n}": part for n, one in enumerate(filled) for name, part in zip("kq", one, strict=True)}
    return c.execute(_looked_up(size), named)


@cache
def _looked_up(size: int) -> CompoundSelect[Any]:
    """One statement for so many keys, each branch of which reads as far into the index as it may and no
    farther, and hands out nothing of what is too much. It is made once: to write it anew took longer than to
    run it.
    """
    return union_all(*(_branch(n).subquery().select() for n in range(size)))


def _branch(n: int) -> Select[Any]:
    row = (customer_key.c.kind, customer_key.c.key, customer_key.c.customer)
    kind: BindParameter[str] = bindparam(f"k{n}")
    here = (row[0] == kind, row[1] == bindparam(f"q{n}"))
    some = select(row[0]).where(*here).limit(MANY + 1).subquery()
    few = select(func.count()).select_from(some).scalar_subquery() <= MANY
    return select(*row).where(*here, or_(*(kind == text(f"'{one}'") for one in "np"), few)).limit(MANY + 1)
