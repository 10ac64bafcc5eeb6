"""What the company hears of a squad's wins: only where its lead has opened them, and only what they chose."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, exists, insert, select, update

from channels.position import Position
from server import audit, journal
from server.hall.models import hall_win
from server.squads.models import squad

COMPANY = "company"


class Shown(NamedTuple):
    """What of a squad's wins the company sees: nothing, or all but the customer's name or the amount."""

    on: bool
    customer: bool
    amount: bool


def shown(c: Connection, squad_id: str) -> Shown:
    """What a squad shows."""
    query = select(squad.c.hall, squad.c.hall_customer, squad.c.hall_amount).where(squad.c.id == squad_id)
    return Shown(*c.execute(query).one())


def show(c: Connection, by: str, squad_id: str, wanted: Shown) -> None:
    """Opens a squad's wins from now on, or closes them; what is closed is gone from every screen at once."""
    if shown(c, squad_id) == wanted:
        return
    values = {"hall": wanted.on, "hall_customer": wanted.customer, "hall_amount": wanted.amount}
    c.execute(update(squad).where(squad.c.id == squad_id).values(**values))
    audit.note(c, by, "hall_opened" if wanted.on else "hall_closed", squad=squad_id, **wanted._asdict())
    journal.append(c, COMPANY, "hall", {"squad": squad_id, **wanted._asdict()}, actor=by, subject=squad_id)


def streams(c: Connection, squad_id: str, visit: str, won: bool) -> list[str]:
    """Whom an outcome is told: the squad, and the company where the hall shows it or did."""
    there = c.scalar(select(exists().where(hall_win.c.visit == visit)))
    return [squad_id, COMPANY] if there or (won and shown(c, squad_id).on) else [squad_id]


def tell(c: Connection, by: str, squad_id: str, visit: str, won: bool, at: Position | None) -> None:
    """Puts a win into the hall, on top, or takes it out; `at` is its place on the company's stream, if any.

    The entry holds ids alone: what the squad hides is in nobody's journal.
    """
    if at is None:
        return
    c.execute(delete(hall_win).where(hall_win.c.visit == visit))
    if won and shown(c, squad_id).on:
        c.execute(insert(hall_win), {"visit": visit, "squad": squad_id, "offset": at.offset})
    data: dict[str, Any] = {"id": visit, "squad": squad_id, "member": by, "won": won}
    journal.append(c, COMPANY, "win", data, actor=by, subject=visit, at=at)


def cheered(c: Connection, by: str, visit: str, cheers: list[str], at: Position | None) -> None:
    """Tells the company who cheers a win; `at` is None for what is not in the hall."""
    if at is not None:
        data = {"id": visit, "cheers": cheers}
        journal.append(c, COMPANY, "cheers", data, actor=by, subject=visit, at=at)
