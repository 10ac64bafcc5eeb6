"""What a squad has agreed on, as far as it depends on how things are now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.squads.models import squad


@dataclass(frozen=True, slots=True)
class Pact:
    """What the pact's words hang on: what the company sees of wins, and until when a position is shared."""

    hall: bool
    hall_customer: bool
    hall_amount: bool
    shared_until: datetime | None


def pact(c: Connection, squad_id: str, member_id: str | None = None) -> Pact:
    """A squad's pact for one of its members, or for somebody who is invited."""
    shown = (squad.c.hall, squad.c.hall_customer, squad.c.hall_amount)
    row = c.execute(select(*shown).where(squad.c.id == squad_id)).one()
    return Pact(row.hall, row.hall_customer, row.hall_amount, shared_until(c, squad_id, member_id))


def shared_until(c: Connection, squad_id: str, member_id: str | None) -> datetime | None:
    """Until when a member's position is seen between their check-ins; None: it is not.

    All that is said about it, on the check-in sheet and in the pact, is said by way of this: a position that
    is shared in another way has to be told here.
    """
    return None
