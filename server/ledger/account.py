"""A member's account: how many entries of each kind on either side, and a page of the entries themselves."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy import Connection, Select, and_, bindparam, case, func, or_, select

from server.access import Who
from server.customers.listing import of_squad
from server.customers.models import customer
from server.customers.telling import family
from server.errors import NotFound
from server.feed.queries import persons
from server.feed.views import Person
from server.ledger.entries import account
from server.ledger.rules import SIDES
from server.schema import Id, Moment, now
from server.sight import actions as sight
from server.sight import queries as sights
from server.squads import queries as squads

PAGE = 50
BEFORE_ALL, AFTER_ALL = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Wanted(BaseModel):
    """What of an account: a month (`2026-05`), a side, a kind on it, a customer; from which entry on."""

    month: Annotated[str, Field(pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")] = ""
    side: Annotated[str, Field(pattern="^(gave|got)?$")] = ""
    kind: Annotated[str, Field(pattern="^[a-z]{0,8}$")] = ""
    customer: UUID | None = None
    after: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    @property
    def first(self) -> date:
        """The first day of the month."""
        return date(int(self.month[:4]), int(self.month[5:]), 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, with whom it was shared, at whose door, and where it leads; `href` is empty where the reader
    may no longer go, and so are the words of others there.
    """

    side: str
    kind: str
    id: str
    at: datetime
    other: Person | None
    squad: str | None
    customer: str | None
    customer_name: str
    thing: str
    about: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Account:
    """`sums` by side and kind, of the month or of always; `entries` a page of those asked for, the last
    first, `count` how many of these there are. `months` go back to that of the first entry.
    """

    member: Person
    sums: dict[str, dict[str, int]]
    entries: list[Entry]
    count: int
    months: list[date]

    def total(self, side: str) -> int:
        """How many entries a side has."""
        return sum(self.sums[side].values())


def see(c: Connection, who: Who, member: str, wanted: Wanted) -> Account:
    """A member's account as their squad sees it; a look, unless it is one's own."""
    assert who.squad
    person = sights.placed(c, who.squad, member)
    if person is None:
        raise NotFound
    sight.note(c, who, person.id, "ledger", who.squad)
    return drawn(c, who, person, wanted, who.squad)


def own(c: Connection, who: Who, wanted: Wanted) -> Account:
    """One's own account, from everywhere."""
    return drawn(c, who, persons(c, {who.id})[who.id], wanted, None)


def drawn(c: Connection, who: Who, person: Person, wanted: Wanted, squad: str | None) -> Account:
    """The account of a month or of always, and a page of it."""
    sums: dict[str, dict[str, int]] = {side: dict.fromkeys(kinds, 0) for side, kinds in SIDES.items()}
    there = str(wanted.customer) if wanted.customer else None
    given = {"member": person.id, "squad": squad, "there": there} | _span(wanted.month, who.zone)
    first, in_squad = now(), squad is not None
    for row in c.execute(_counted(in_squad, there is not None), given):
        sums[row.side][row.kind] = row.n
        first = min(first, row.first)
    page = _paged(in_squad, there is not None, wanted.side, wanted.kind)
    rows = c.execute(page, given | {"after": wanted.after}).all()
    count = sum(
        n
        for side, kinds in sums.items()
        for kind, n in kinds.items()
        if wanted.side in ("", side) and wanted.kind in ("", kind)
    )
    return Account(person, sums, filled(c, who, rows), count, _months(first, who.zone))


def everything(c: Connection, who: Who, month: str) -> list[Entry]:
    """All of one's own entries of a month, the first first."""
    it = account(False).c
    query = select(account(False)).where(_within(it, False)).order_by(it.at, it.side, it.kind, it.id)
    return filled(c, who, c.execute(query, {"member": who.id} | _span(month, who.zone)).all())


def _span(month: str, zone: str) -> dict[str, datetime]:
    """From when on and until when a month is where somebody lives; without one always."""
    if not month:
        return {"since": BEFORE_ALL, "until": AFTER_ALL}
    year, number = int(month[:4]), int(month[5:])
    here = ZoneInfo(zone)
    end = (year + number // 12, number % 12 + 1)
    return {"since": datetime(year, number, 1, tzinfo=here), "until": datetime(*end, 1, tzinfo=here)}


def _within(it: Any, there: bool) -> Any:
    """In the time asked for, and at the customer, or at what was made one with it."""
    time = and_(it.at >= bindparam("since", type_=Moment()), it.at < bindparam("until", type_=Moment()))
    return and_(time, it.customer.in_(family(bindparam("there", type_=Id)))) if there else time


def _counted(in_squad: bool, there: bool) -> Select[Any]:
    """How many of each kind there are in the time asked for, and when its first ever was."""
    it = account(in_squad).c
    count = func.count(case((_within(it, there), 1)))
    query = select(it.side, it.kind, count.label("n"), func.min(it.at).label("first"))
    return query.group_by(it.side, it.kind)


def _paged(in_squad: bool, there: bool, side: str, kind: str) -> Select[Any]:
    it = account(in_squad).c
    query = select(account(in_squad)).where(_within(it, there))
    if side:
        query = query.where(it.side == side)
    if kind:
        query = query.where(it.kind == kind)
    last = (it.at.desc(), it.side, it.kind, it.id.desc())
    return query.order_by(*last).offset(bindparam("after")).limit(PAGE)


def _months(first: datetime, zone: str) -> list[date]:
    """From this month back to that of the first entry, three years at most."""
    here = ZoneInfo(zone)
    month = now().astimezone(here).date().replace(day=1)
    last = first.astimezone(here).date().replace(day=1)
    found = [month]
    while month > last and len(found) < 36:
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        found.append(month)
    return found


def filled(c: Connection, who: Who, rows: Sequence[Any]) -> list[Entry]:
    """Rows of an account with names, as one reader may see them."""
    people = persons(c, {row.other for row in rows if row.other})
    mine = {one.id for one in squads.mine(c, who.id)}
    named = dict(_customers(c, {row.customer for row in rows if row.customer}))
    open_to = _open(c, {whole for whole, _ in named.values()}, mine)
    return [_entry(row, people, mine, named, open_to) for row in rows]


def _entry(
    row: Any, people: dict[str, Person], mine: Collection[str], named: dict[str, Any], open_to: set[str]
) -> Entry:
    whole, name = named.get(row.customer, (None, ""))
    here = row.squad in mine if row.squad else whole is None or whole in open_to
    shown = here or row.side == "gave"
    return Entry(
        row.side,
        row.kind,
        row.id,
        row.at,
        people.get(row.other) if row.other else None,
        row.squad,
        whole,
        name,
        row.thing,
        row.about,
        row.words if shown else "",
        leads(row, whole) if here else "",
    )


def leads(row: Any, customer: str | None) -> str:
    """The address of what an entry tells of."""
    if row.kind in ("fact", "confirm"):
        return f"/customers/{customer}#fact-{row.thing}"
    if row.kind == "contact":
        return f"/customers/{customer}#c-{row.thing}"
    if row.kind == "file" and row.other is None:
        return f"/drive/documents/{row.thing}"
    if row.kind == "reply":
        return f"/logs/{row.thing}"
    if row.kind == "play":
        return f"/squads/{row.squad}/plays#play-{row.thing}"
    if row.kind == "stop":
        return f"/sweeps/{row.thing}"
    if row.kind in ("visit", "win"):
        return f"/squads/{row.squad}/posts/{row.thing}"
    return f"/calls/{row.thing}"


def _customers(c: Connection, ids: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """By customer: it or what it was made one with, and its name."""
    whole = customer.alias("whole")
    query = select(customer.c.id, whole.c.id.label("whole"), whole.c.name)
    query = query.join(whole, whole.c.id == func.coalesce(customer.c.merged_into, customer.c.id))
    for row in c.execute(query.where(customer.c.id.in_(ids))) if ids else ():
        yield row.id, (row.whole, row.name)


def _open(c: Connection, ids: set[str], mine: Collection[str]) -> set[str]:
    """Those of some customers whose files one may open from one's squads."""
    if not ids or not mine:
        return set()
    seen = or_(*(of_squad(one) for one in mine))
    return set(c.scalars(select(customer.c.id).where(customer.c.id.in_(ids), seen)))
