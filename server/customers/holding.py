"""Customers that are being worked on: one holds them for a while, and the second hears by whom, and can ask.

It is a word among colleagues, no lock: nobody is refused a check-in, a call or a line in the file.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from server import journal
from server.customers.models import customer, customer_hold, customer_hold_asked
from server.customers.telling import family, tell
from server.errors import Conflict, NotFound
from server.feed.queries import persons
from server.feed.views import Person
from server.schema import new_id, now
from web.render import N_

LONGEST = 366


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked to share a customer somebody holds, and when; `shared`: they may."""

    person: Person
    at: datetime
    shared: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Who works on a customer, since when and until when, and who asked to share it."""

    by: Person
    since: datetime
    until: datetime
    asked: list[Asked]

    def of(self, member: str) -> Asked | None:
        """What became of one member's asking."""
        return next((one for one in self.asked if one.person.id == member), None)

    def others(self, member: str) -> bool:
        """Whether it is held by somebody who does not share it with this member."""
        mine = self.of(member)
        return self.by.id != member and not (mine and mine.shared)


def standing(c: Connection, id: str) -> Hold | None:
    """Who holds a customer, or one of its parts, now."""
    if (row := _row(c, id)) is None:
        return None
    asked = c.execute(
        select(customer_hold_asked)
        .where(customer_hold_asked.c.hold == row.id)
        .order_by(customer_hold_asked.c.at)
    ).all()
    people = persons(c, {row.member, *(one.member for one in asked)})
    said = [Asked(people[one.member], one.at, one.shared_at is not None) for one in asked]
    return Hold(people[row.member], row.since, row.until, said)


def _row(c: Connection, id: str) -> Any:
    whole = select(customer.c.merged_into).where(customer.c.id == id, customer.c.merged_into.is_not(None))
    here = customer_hold.c.customer.in_(family(id)) | customer_hold.c.customer.in_(whole)
    query = select(customer_hold).where(
        here, customer_hold.c.ended_at.is_(None), customer_hold.c.until > now()
    )
    return c.execute(query.order_by(customer_hold.c.since).limit(1)).one_or_none()


def holders(c: Connection, ids: Sequence[str]) -> dict[str, Person]:
    """Who works on which of these customers, or on a part of it, now; of several who began first."""
    whole = func.coalesce(customer.c.merged_into, customer.c.id)
    query = select(whole, customer_hold.c.member).join(customer, customer.c.id == customer_hold.c.customer)
    these = customer.c.id.in_(ids) | customer.c.merged_into.in_(ids)
    stands = customer_hold.c.ended_at.is_(None) & (customer_hold.c.until > now())
    rows = c.execute(query.where(these, stands).order_by(customer_hold.c.since.desc())).all()
    people = persons(c, {member for _, member in rows})
    return {id: people[member] for id, member in rows}


def hold(c: Connection, by: str, id: str, days: int) -> None:
    """The caller works on it, from now on so many days; once more: that long again. Conflict where another
    holds it who does not share it.
    """
    _alone(c, id)
    row = _row(c, id)
    if row is not None and row.member != by:
        raise Conflict(N_("Somebody is working on this customer. Ask to share it."))
    until = now() + timedelta(days=min(days, LONGEST))
    if row is None:
        values = {"id": new_id(), "customer": id, "member": by, "since": now(), "until": until}
        c.execute(insert(customer_hold), values)
    else:
        c.execute(update(customer_hold).where(customer_hold.c.id == row.id).values(until=until))
    tell(c, by, id, "held", member=by, until=journal.stamp(until))


def take(c: Connection, by: str, id: str, days: int) -> None:
    """The same from a page, which shows who was quicker."""
    with suppress(Conflict):
        hold(c, by, id, days)


def release(c: Connection, by: str, id: str) -> None:
    """The caller does not work on it any more. Twice is once."""
    _alone(c, id)
    row = _row(c, id)
    if row is not None and row.member == by:
        c.execute(update(customer_hold).where(customer_hold.c.id == row.id).values(ended_at=now()))
        tell(c, by, id, "released", member=by)


def ask(c: Connection, by: str, id: str) -> None:
    """The caller asks whoever holds it to share it. Twice is once; nobody holds it: nothing to ask."""
    _alone(c, id)
    row = _row(c, id)
    if row is None or row.member == by:
        return
    mine = (customer_hold_asked.c.hold == row.id) & (customer_hold_asked.c.member == by)
    if c.scalar(select(customer_hold_asked.c.at).where(mine)) is None:
        c.execute(insert(customer_hold_asked), {"hold": row.id, "member": by, "at": now()})
        tell(c, by, id, "asked", member=by)
        _hear(c, row.member, id, "hold_asked", by)


def share(c: Connection, by: str, id: str, member: str) -> None:
    """The holder shares it with somebody who asked: it is theirs alike. Twice is once."""
    _alone(c, id)
    row = _row(c, id)
    if row is None or row.member != by:
        raise NotFound
    theirs = (customer_hold_asked.c.hold == row.id) & (customer_hold_asked.c.member == member)
    found = c.execute(select(customer_hold_asked).where(theirs)).one_or_none()
    if found is None:
        raise NotFound
    if found.shared_at is None:
        c.execute(update(customer_hold_asked).where(theirs).values(shared_at=now()))
        tell(c, by, id, "shared", member=member)
        _hear(c, member, id, "hold_shared", by)


def met(c: Connection, by: str, squad: str, id: str) -> None:
    """The caller was there, or calls about it: where somebody else works on it they hear who."""
    it = standing(c, id)
    if it is not None and it.others(by):
        _hear(c, by, id, "hold_met", it.by.id, squad)


def _alone(c: Connection, id: str) -> None:
    """Of two who do something about it at once, the second waits here."""
    c.execute(select(customer.c.id).where(customer.c.id == id).with_for_update(key_share=True))


def _hear(c: Connection, member: str, id: str, did: str, by: str, squad: str | None = None) -> None:
    data = {"id": id, "did": did, "by": by, "squad": squad}
    journal.append(c, f"me:{member}", "file", data, actor=by, subject=id)
