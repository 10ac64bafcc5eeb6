"""The pact: what all of a sweep agree to before their lanes start."""

from sqlalchemy import Connection, insert, select

from server.access import Who
from server.errors import Conflict
from server.schema import now
from server.sweeps import queries, telling
from server.sweeps.models import pact_yes
from web.render import N_


def agree(c: Connection, who: Who, id: str, v: int) -> list[str]:
    """The caller agrees to the pact as they read it; an entry, once. Answers who has.

    Raises `Conflict` with the sweep when the text has changed since.
    """
    row = telling.locked(c, id, planning=True)
    if v != row.pact_v:
        said = N_("The pact has changed since. Read it as it is now.")
        raise Conflict(said, now=queries.head_data(row))
    mine = (pact_yes.c.sweep == id) & (pact_yes.c.member == who.id) & (pact_yes.c.v == v)
    if c.scalar(select(pact_yes.c.member).where(mine)) is not None:
        return queries.yes(c, id, v)
    c.execute(insert(pact_yes), {"sweep": id, "member": who.id, "v": v, "at": now()})
    return telling.tell_pact(c, row, who.id)
