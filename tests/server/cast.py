"""The small cast of every story, and how it comes into an empty installation.

Wang Fang leads North Bank; Zhang Wei and Li Na are in it. Sun Yue is in the other squad, South Gate, alone.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select

from server.access import digest, find
from server.customers.actions import add as add_customer
from server.jobs import task
from server.members import actions as members
from server.schema import now
from server.squads import actions as squads
from server.tables import metadata
from server.visits.place import Position

ZONE = "Asia/Shanghai"
PEOPLE = {"wang": "Wang Fang", "zhang": "Zhang Wei", "li": "Li Na", "sun": "Sun Yue"}
CUSTOMERS = (("hengtai", "Hengtai Hardware", 31.21, 121.41), ("lotus", "Lotus Pharmacies", 31.22, 121.40))
Row = dict[str, Any]


class Cast(NamedTuple):
    """Who came where: ids of both squads, and of people and customers by their short names; API tokens."""

    squad: str
    other: str
    ids: dict[str, str]
    customers: dict[str, str]
    tokens: dict[str, str]


class Arrival(NamedTuple):
    """What was written when the cast came."""

    at: datetime
    cast: Cast
    rows: dict[Table, list[Row]]


FIRST: list[Arrival] = []
"""How it went the first time in this process."""


def arrive(c: Connection) -> Cast:
    """The cast has come, just now. The first time it does all it has to; then the same rows are written
    again, as of now, which is a tenth of the work.
    """
    if FIRST:
        since = now() - FIRST[0].at
        for table, rows in FIRST[0].rows.items():
            c.execute(insert(table), [_later(row, since) for row in rows])
    else:
        cast = settle(c)
        FIRST.append(Arrival(now(), cast, _everything(c)))
    return FIRST[0].cast


def settle(c: Connection) -> Cast:
    """Brings the cast in, in one transaction."""
    ids = {"wang": members.set_up_company(c, "Qinghe", "Wang Fang", "wang@qinghe.example", None, "en", ZONE)}
    for key in ("zhang", "li", "sun"):
        login = f"{key}@qinghe.example"
        ids[key] = members.add_member(c, name=PEOPLE[key], login=login, locale="en", zone=ZONE)
    squad = squads.create_squad(c, ids["wang"], "North Bank", ZONE)
    other = squads.create_squad(c, ids["sun"], "South Gate", ZONE)
    for key in ("zhang", "li"):
        squads.join(c, squad, ids[key])
    tokens = {key: members.new_token(c, id, "test") for key, id in ids.items()}
    lead = find(c, (digest(tokens["wang"]), True), "squad", squad)
    assert lead is not None
    customers = {
        key: add_customer(c, lead, name, Position(lat=lat, lon=lon)) for key, name, lat, lon in CUSTOMERS
    }
    return Cast(squad, other, ids, customers, tokens)


def _everything(c: Connection) -> dict[Table, list[Row]]:
    """All rows there are, but for the jobs: those are the server's own."""
    tables = [table for table in metadata.sorted_tables if table is not task]
    found = {table: [dict(row) for row in c.execute(select(table)).mappings()] for table in tables}
    return {table: rows for table, rows in found.items() if rows}


def _later(row: Row, by: timedelta) -> Row:
    return {name: value + by if isinstance(value, datetime) else value for name, value in row.items()}
