"""Who is on duty for calls: members say so themselves, and the whole company sees it."""

from sqlalchemy import Connection, insert, select, update

from server import journal
from server.calls.models import duty
from server.feed.queries import persons
from server.feed.views import Person
from server.members.models import member
from server.schema import new_id, now

COMPANY = "company"
_now = (
    select(duty.c.member)
    .join(member, member.c.id == duty.c.member)
    .where(duty.c.to_at.is_(None), member.c.deactivated_at.is_(None))
    .order_by(duty.c.from_at, duty.c.member)
)


def on(c: Connection) -> list[str]:
    """Who is on duty, whoever is longest first."""
    return list(c.scalars(_now))


def people(c: Connection) -> list[Person]:
    """The same with names."""
    ids = on(c)
    known = persons(c, set(ids))
    return [known[id] for id in ids]


def set_duty(c: Connection, who: str, wanted: bool) -> list[str]:
    """Begins or ends one's duty; saying it twice changes nothing. Answers who is on duty now."""
    journal.hold(c, [COMPANY])
    mine = (duty.c.member == who) & duty.c.to_at.is_(None)
    there = c.scalar(select(duty.c.id).where(mine)) is not None
    if there == wanted:
        return on(c)
    if wanted:
        c.execute(insert(duty), {"id": new_id(), "member": who, "from_at": now()})
    else:
        c.execute(update(duty).where(mine).values(to_at=now()))
    here = on(c)
    journal.append(c, COMPANY, "duty", {"on": here}, actor=who)
    return here


def on_the_desk(c: Connection, but: str) -> list[str]:
    """Those at the desk who are on duty; where nobody is, all of them."""
    active = (member.c.role == "desk") & member.c.deactivated_at.is_(None) & (member.c.id != but)
    query = select(member.c.id).where(active).order_by(member.c.id)
    on = select(duty.c.member).where(duty.c.to_at.is_(None))
    return list(c.scalars(query.where(member.c.id.in_(on)))) or list(c.scalars(query))
