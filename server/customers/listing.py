"""Lists of customers: a squad's, and one member's, with when somebody was last there and goes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel
from sqlalchemy import Connection, Select, and_, func, or_, select

from server.access import Who
from server.customers.models import contact, customer, customer_name, customer_tag, fact
from server.customers.queries import on_list
from server.errors import NotFound
from server.feed.views import Person
from server.schema import now
from server.sight import actions as sight
from server.sight import queries as sights
from server.squads.models import squad
from server.text import sought
from server.visits.models import visit

PAGE = 100
Sought = Annotated[str, AfterValidator(sought)]


class Wanted(BaseModel):
    """What a list holds: words of a name, a stage, a tag, nobody there for so many days; from where on."""

    q: Sought = ""
    stage: Sought = ""
    tag: Sought = ""
    quiet: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A customer in a list; `facts` and `contacts` are how many are known."""

    id: str
    name: str
    kind: str
    stage: str
    address: str
    touch_on: date | None
    last_at: datetime | None
    facts: int
    contacts: int


def of_squad(squad_id: str) -> Any:
    """The customers a squad may see: linked to it, or in its territory."""
    there = select(squad.c.id).where(squad.c.id == squad_id, squad.c.territory == customer.c.territory)
    return and_(customer.c.merged_into.is_(None), or_(on_list(squad_id), there.exists()))


def squads(c: Connection, squad_id: str, wanted: Wanted) -> Sequence[Row]:
    """A page of the squad's customers by name."""
    return _filled(c, _sifted(_rows().where(of_squad(squad_id)), wanted))


def members(c: Connection, who: Who, member_id: str, wanted: Wanted) -> tuple[Person, Sequence[Row]]:
    """A member's customers in the caller's squad: where they went, and whom they added. It is a look."""
    assert who.squad
    person = sights.placed(c, who.squad, member_id)
    if person is None:
        raise NotFound
    sight.note(c, who, person.id, "customers", who.squad)
    theirs = select(visit.c.id).where(
        visit.c.customer == customer.c.id,
        visit.c.member == member_id,
        visit.c.squad == who.squad,
        visit.c.retracted_at.is_(None),
    )
    own = or_(customer.c.created_by == member_id, theirs.exists())
    return person, _filled(c, _sifted(_rows().where(of_squad(who.squad), own), wanted))


def tags(c: Connection, squad_id: str) -> list[str]:
    """The tags there are on the squad's customers."""
    query = select(customer_tag.c.tag).join(customer, customer.c.id == customer_tag.c.customer)
    return sorted(c.scalars(query.where(of_squad(squad_id)).distinct().limit(50)))


def _rows() -> Select[Any]:
    last = select(func.max(visit.c.captured_at)).where(
        visit.c.customer == customer.c.id, visit.c.retracted_at.is_(None)
    )
    known = select(func.count(fact.c.id)).where(fact.c.customer == customer.c.id, fact.c.ended_at.is_(None))
    staff = select(func.count(contact.c.id)).where(
        contact.c.customer == customer.c.id, contact.c.ended_at.is_(None)
    )
    return select(
        customer,
        last.scalar_subquery().label("last_at"),
        known.scalar_subquery().label("facts"),
        staff.scalar_subquery().label("contacts"),
    )


def _sifted(query: Select[Any], wanted: Wanted) -> Select[Any]:
    for word in wanted.q.split()[:6]:
        other = select(customer_name.c.id).where(
            customer_name.c.customer == customer.c.id,
            customer_name.c.ended_at.is_(None),
            customer_name.c.name.icontains(word, autoescape=True),
        )
        query = query.where(or_(customer.c.name.icontains(word, autoescape=True), other.exists()))
    if wanted.stage:
        query = query.where(customer.c.stage == wanted.stage)
    if wanted.tag:
        tagged = select(customer_tag.c.tag).where(
            customer_tag.c.customer == customer.c.id, customer_tag.c.tag == wanted.tag
        )
        query = query.where(tagged.exists())
    if wanted.quiet > 0:
        lately = select(visit.c.id).where(
            visit.c.customer == customer.c.id,
            visit.c.retracted_at.is_(None),
            visit.c.captured_at > now() - timedelta(days=min(wanted.quiet, 3650)),
        )
        query = query.where(~lately.exists())
    return query.order_by(customer.c.name, customer.c.id).offset(max(wanted.after, 0)).limit(PAGE)


def _filled(c: Connection, query: Select[Any]) -> list[Row]:
    about = ("id", "name", "kind", "stage", "address", "touch_on", "last_at", "facts", "contacts")
    return [Row(*(row._mapping[name] for name in about)) for row in c.execute(query)]
