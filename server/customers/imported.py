"""The work of an import, a few rows at a time: is each known already, and making those that are not."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from server.customers import alike, importing
from server.customers.actions import checked_head
from server.customers.columns import Read, read
from server.customers.importing import row_of
from server.customers.keys import keys
from server.customers.likeness import bare, plain
from server.customers.models import (
    contact,
    customer,
    customer_import,
    customer_import_row,
    customer_key,
    customer_name,
    customer_squad,
    customer_tag,
)
from server.db import Database
from server.errors import Invalid
from server.schema import new_id, now
from server.search.keeping import keep_customers
from server.territories.models import territory
from server.text import checked
from server.text import name as checked_name

PEOPLE = {"contact_role": 80, "contact_phone": 40}
LOOKED, MADE, TURN = 100, 10, 60
"""Rows looked at, and made, in one step; steps until other work has its turn."""
SHOWN = 3
"""Known ones that are named for a row."""


async def go_on(db: Database, data: dict[str, Any]) -> None:
    """Some steps of an import; the rest is another job, so that nobody waits for its end."""
    id = data["import"]
    for _ in range(TURN):
        it = await db.read(_it, id)
        if it is None or it.state not in ("clearing", "checking", "running"):
            return
        if it.state == "clearing":
            await db.write(importing.clear, id)
        elif it.state == "running":
            await db.write(make, id)
        else:
            await db.write(judge, id, it.mapping, await db.read(looked_at, it))
    await db.write(importing.again, id)


async def forget_old(db: Database) -> None:
    """Tables that were brought long ago, one after the other."""
    for id in await db.read(importing.old):
        await db.write(importing.forget, id)


def _it(c: Connection, id: str) -> Any:
    return c.execute(select(customer_import).where(customer_import.c.id == id)).one_or_none()


def lands(c: Connection) -> dict[str, str]:
    """Territories by name."""
    query = select(territory.c.name, territory.c.id).where(territory.c.closed_at.is_(None))
    return {plain(name): id for name, id in c.execute(query)}


def looked_at(c: Connection, it: Any) -> list[dict[str, Any]]:
    """Verdicts of the next rows: read alone, since it takes its time."""
    query = select(customer_import_row.c.n, customer_import_row.c.cells)
    query = query.where(row_of == it.id, customer_import_row.c.verdict == "")
    rows = c.execute(query.order_by(customer_import_row.c.n).limit(LOOKED)).all()
    known = lands(c)
    said = [read(row.cells, it.mapping, known) for row in rows]
    whys = [{name: [words, {}] for name, words in one.why.items()} | wrong(c, one) for one in said]
    right = [n for n, why in enumerate(whys) if not why]
    likes = dict(zip(right, alike.several(c, [it.squad], [_asked(said[n]) for n in right]), strict=True))
    return [
        {
            "n": row.n,
            "verdict": "wrong" if whys[n] else "double" if likes[n] else "new",
            "why": whys[n],
            "likes": [{"id": one.id, "name": one.name} for one in likes.get(n, [])[:SHOWN]],
            "key": "" if whys[n] else bare(said[n].form.name or "")[:60],
        }
        for n, row in enumerate(rows)
    ]


def _asked(said: Read) -> alike.Asked:
    place = said.form.position
    lat, lon = (place.lat, place.lon) if place else (None, None)
    names = [said.form.name or "", *(one for some in (said.form.names or {}).values() for one in some)]
    return alike.Asked(names, said.form.phone or "", lat, lon)


def wrong(c: Connection, said: Read) -> dict[str, Any]:
    """What the files would refuse of a row, by field: words, and what goes into them."""
    found: dict[str, Any] = {}
    names = [("names", one, 120) for some in (said.form.names or {}).values() for one in some if one.strip()]
    tags = [("tags", one, 30) for one in said.form.tags or () if one]
    names += [("contact", said.contact["contact"], 80)] if "contact" in said.contact else []
    people = [(name, said.contact.get(name, ""), most) for name, most in PEOPLE.items()]
    checks = [(checked_name, one) for one in (*names, *tags)] + [(checked, one) for one in people]
    for check, (field, text, most) in checks:
        found |= _refused(check, field, text, most)
    if "name" not in said.why:
        found |= _refused(checked_head, c, said.form)
    return found


def _refused(check: Callable[..., object], *about: Any) -> dict[str, Any]:
    try:
        check(*about)
    except Invalid as refused:
        return {name: [words, dict(refused.values)] for name, words in refused.fields.items()}
    return {}


_row = customer_import_row.c
_here = (row_of == bindparam("of")) & (_row.n == bindparam("row"))
_JUDGED = (
    update(customer_import_row)
    .where(_here)
    .values(
        verdict=bindparam("is"),
        why=bindparam("because"),
        likes=bindparam("known"),
        first=bindparam("which"),
        key=bindparam("bare"),
    )
)


def judge(c: Connection, id: str, mapping: Sequence[str], found: Sequence[dict[str, Any]]) -> None:
    """Writes the verdicts down; a row that says what an earlier one did is repeated. None: all are known.

    What was found while the columns meant something else, or is written down already, is let be.
    """
    it = c.execute(select(customer_import).where(customer_import.c.id == id).with_for_update()).one_or_none()
    if it is None or it.state != "checking" or it.mapping != mapping:
        return
    if not found:
        c.execute(update(customer_import).where(customer_import.c.id == id).values(state="checked"))
        return
    # By their numbers alone: told to look for those without a verdict, PostgreSQL goes through all of them.
    between = (row_of == id) & _row.n.between(found[0]["n"], found[-1]["n"])
    left = {n for n, verdict in c.execute(select(_row.n, _row.verdict).where(between)) if not verdict}
    found = [one for one in found if one["n"] in left]
    wanted = {one["key"] for one in found if one["key"]}
    before = select(customer_import_row.c.key, customer_import_row.c.n)
    before = before.where(row_of == id, customer_import_row.c.key.in_(wanted))
    first: dict[str, int] = {}
    for key, n in c.execute(before.order_by(customer_import_row.c.n)):
        first.setdefault(key, n)
    judged = []
    for one in found:
        earlier = first.setdefault(one["key"], one["n"]) if one["key"] else one["n"]
        again = one["verdict"] == "new" and earlier != one["n"]
        verdict, which = ("repeated", earlier) if again else (one["verdict"], None)
        judged.append({"of": id, "row": one["n"], "is": verdict, "which": which})
        judged[-1] |= {"because": one["why"], "known": one["likes"], "bare": one["key"]}
    if judged:
        c.execute(_JUDGED, judged)


def make(c: Connection, id: str) -> int:
    """Makes the next rows that are to be made, and says so of each in the same transaction; how many."""
    it = c.execute(select(customer_import).where(customer_import.c.id == id).with_for_update()).one_or_none()
    if it is None or it.state != "running":
        return 0
    row = customer_import_row.c
    wanted = (row.verdict == "new") | (row.verdict.in_(("double", "repeated")) & (row.choice == "make"))
    query = select(row.n, row.cells).where(row_of == id, wanted, row.customer.is_(None))
    rows = c.execute(query.order_by(row.n).limit(MADE)).all()
    if not rows:
        importing.done(c, it)
        return 0
    known, moment = lands(c), now()
    into: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (customer, customer_squad, customer_key, customer_name, customer_tag, contact)
    }
    made = [{"row": one.n, "made": new_id()} for one in rows]
    for one, its in zip(rows, made, strict=True):
        _written(c, into, read(one.cells, it.mapping, known), its["made"], it, moment)
    for table, several in into.items():
        if several:
            c.execute(insert(table), several)
    of = update(customer_import_row).where(row_of == id, row.n == bindparam("row"))
    c.execute(of.values(customer=bindparam("made")), made)
    keep_customers(c, [one["made"] for one in made])
    return len(rows)


def _written(c: Connection, into: Any, said: Read, id: str, it: Any, moment: Any) -> None:
    """The rows of one customer, as they go into the tables."""
    head: dict[str, Any] = {
        "kind": "",
        "address": "",
        "phone": "",
        "stage": "new",
        "territory": None,
        "value": None,
    }
    head |= {"currency": None} | checked_head(c, said.form)
    place = said.form.position
    spot = {"lat": place.lat if place else None, "lon": place.lon if place else None}
    by = {"created_by": it.by, "created_at": moment, "position_by": it.by if place else None}
    into[customer].append({"id": id, **head, **spot, **by, "position_source": "file" if place else None})
    into[customer_squad].append({"squad": it.squad, "customer": id})
    names = {
        (kind, checked_name("names", one, 120)): None
        for kind, some in (said.form.names or {}).items()
        for one in some
        if one.strip()
    }
    into[customer_name] += [
        {"id": new_id(), "customer": id, "name": name, "kind": kind, "by": it.by, "at": moment}
        for kind, name in names
    ]
    tags = sorted({checked_name("tags", one, 30) for one in said.form.tags or () if one})
    into[customer_tag] += [{"customer": id, "tag": one} for one in tags]
    called = [head["name"], *(name for _, name in names)]
    found = keys(called, str(head["phone"]), spot["lat"], spot["lon"])
    into[customer_key] += [{"customer": id, "kind": kind, "key": key} for kind, key in sorted(found)]
    if name := said.contact.get("contact", "").strip():
        line = {"role": said.contact.get("contact_role", ""), "phone": said.contact.get("contact_phone", "")}
        blank = dict.fromkeys(("part", "channel", "birthday", "note"), "")
        into[contact].append(
            {"id": new_id(), "customer": id, "name": checked_name("contact", name), **line, **blank}
            | {"by": it.by, "at": moment}
        )
