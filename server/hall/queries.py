"""What the hall shows: wins, newest first, of the squads that opened theirs, as far as they did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from server.customers.models import customer
from server.feed.models import post
from server.feed.queries import persons, reactions_of
from server.feed.views import Person
from server.hall.models import hall_win
from server.squads.models import squad
from server.visits.models import visit


@dataclass(frozen=True, slots=True)
class Win:
    """A win as the whole company sees it; `n` is its place. What its squad hides is None or empty."""

    id: str
    n: int
    squad: str
    squad_name: str
    author: Person
    at: datetime
    customer: str | None
    amount: str | None
    currency: str | None
    note: str
    cheers: list[Person]

    @property
    def by(self) -> str:
        """Who cheers, by id: for the browser to find the reader among them."""
        return " ".join(person.id for person in self.cheers)


_wins = (
    select(
        hall_win.c.offset,
        visit,
        customer.c.name.label("customer_name"),
        squad.c.name.label("squad_name"),
        squad.c.hall_customer,
        squad.c.hall_amount,
    )
    .join(visit, visit.c.id == hall_win.c.visit)
    .join(post, post.c.id == visit.c.id)
    .join(squad, squad.c.id == hall_win.c.squad)
    .join(customer, customer.c.id == visit.c.customer)
    .where(squad.c.hall, visit.c.result == "won", visit.c.retracted_at.is_(None), post.c.deleted_at.is_(None))
)


def page(c: Connection, limit: int, before: int | None = None) -> list[Win]:
    """The newest wins, or those below a place in the hall."""
    query = _wins if before is None else _wins.where(hall_win.c.offset < before)
    return _filled(c, query.order_by(hall_win.c.offset.desc()).limit(limit))


def some(c: Connection, ids: Iterable[str]) -> dict[str, Win]:
    """Wins by id; those that are not shown are left out."""
    wanted = list(set(ids))
    return {one.id: one for one in _filled(c, _wins.where(hall_win.c.visit.in_(wanted)))} if wanted else {}


def _filled(c: Connection, query: Select[Any]) -> list[Win]:
    rows = c.execute(query).all()
    if not rows:
        return []
    felt = reactions_of(c, [row.id for row in rows])
    cheers = {row.id: felt.get(row.id, {}).get("cheer", []) for row in rows}
    people = persons(c, {row.member for row in rows} | {by for found in cheers.values() for by in found})
    return [_win(row, people, cheers[row.id]) for row in rows]


def _win(row: Any, people: dict[str, Person], cheers: list[str]) -> Win:
    whole = row.hall_customer and row.hall_amount  # the words may name either
    return Win(
        row.id,
        row.offset,
        row.squad,
        row.squad_name,
        people[row.member],
        row.closed_at,
        row.customer_name if row.hall_customer else None,
        row.amount if row.hall_amount else None,
        row.currency if row.hall_amount else None,
        row.outcome_note if whole else "",
        [people[by] for by in cheers],
    )
