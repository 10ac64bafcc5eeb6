"""A customer's whole file, as one reader may see it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from server.access import Who
from server.customers import holding, story
from server.customers.holding import Hold
from server.customers.models import contact, customer, customer_name, customer_tag, fact, fact_confirmed
from server.customers.story import Moment
from server.customers.telling import family, squads_of
from server.errors import NotFound
from server.feed.queries import persons
from server.feed.views import Person
from server.schema import now
from server.squads.models import membership, squad
from server.territories.models import territory
from web.render import N_

OLD = timedelta(days=183)
"""After half a year one is asked whether a fact is still true."""
GAPS = {
    "decides": N_("who decides"),
    "phone": N_("a phone number"),
    "place": N_("where it is"),
    "has": N_("what they have now"),
    "budget": N_("the budget"),
    "touch": N_("when somebody goes next"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known, from whom, since when; `fresh_at` when it was last said to be true, and by how many.

    `ended_at`: it was put right or is not true any more. `follows` is what was taken for true before.
    """

    id: str
    kind: str
    text: str
    source: str
    visit: str | None
    by: Person
    at: datetime
    fresh_at: datetime
    confirmed: int
    old: bool
    follows: str | None
    ended_at: datetime | None
    ended_by: Person | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody there; `replaces` an earlier word about them."""

    id: str
    name: str
    role: str
    part: str
    phone: str
    channel: str
    birthday: str
    note: str
    by: Person
    at: datetime


@dataclass(slots=True)
class File:
    """The file. `gaps` what nobody knows yet, `last_at` when anybody last was there or said something."""

    id: str
    row: Any
    territory: str | None
    squads: list[str]
    names: dict[str, list[str]]
    tags: list[str]
    facts: list[Fact]
    past: list[Fact]
    contacts: list[Contact]
    story: list[Moment]
    touch_by: Person | None
    created_by: Person | None
    near: list[Person] = field(default_factory=list)
    parts: list[Any] = field(default_factory=list)  # those merged into it: (id, name)
    hold: Hold | None = None

    @property
    def last_at(self) -> datetime | None:
        """When anybody last was there, or last said what is so."""
        told = [one.fresh_at for one in self.facts] + [one.at for one in self.story if one.kind == "visit"]
        return max(told, default=None)

    @property
    def gaps(self) -> list[str]:
        """What nobody knows yet."""
        known = {one.kind for one in self.facts}
        filled = {
            "decides": "decides" in known or any(one.part == "decides" for one in self.contacts),
            "phone": bool(self.row.phone or any(one.phone for one in self.contacts)),
            "place": self.row.lat is not None,
            "has": "has" in known,
            "budget": "budget" in known,
            "touch": self.row.touch_on is not None,
        }
        return [name for name, there in filled.items() if not there]

    @property
    def touch_on(self) -> date | None:
        """When somebody means to be in contact again."""
        return self.row.touch_on  # type: ignore[no-any-return]


def whole(c: Connection, who: Who, id: str) -> File:
    """The file of a customer the caller may see; of other squads' visits it says that they were, no more."""
    row = c.execute(select(customer).where(customer.c.id == id)).one_or_none()
    if row is None:
        raise NotFound
    facts = c.execute(
        select(fact).where(fact.c.customer.in_(family(id))).order_by(fact.c.at, fact.c.id)
    ).all()
    said = _confirmed(c, [one.id for one in facts])
    there = contact.c.customer.in_(family(id)) & contact.c.ended_at.is_(None)
    staff = c.execute(select(contact).where(there).order_by(contact.c.at, contact.c.id)).all()
    told = story.of(c, who, mine(c, who), id)
    givers = {one for row in facts for one in (row.by, row.ended_by)} | {one.by for one in staff}
    people = persons(c, {one for one in {*givers, row.touch_by, row.created_by} if one})
    made = [_fact(one, said.get(one.id, (0, None)), people) for one in facts]
    seen: dict[str, Person] = {one.person.id: one.person for one in told if one.kind == "visit"}
    return File(
        id,
        row,
        c.scalar(select(territory.c.name).where(territory.c.id == row.territory)) if row.territory else None,
        list(c.scalars(select(squad.c.name).where(squad.c.id.in_(squads_of(c, id))).order_by(squad.c.name))),
        _names(c, id),
        sorted(c.scalars(select(customer_tag.c.tag).where(customer_tag.c.customer == id))),
        [one for one in made if one.ended_at is None],
        [one for one in made if one.ended_at is not None],
        [_contact(one, people) for one in staff],
        told,
        people.get(row.touch_by or ""),
        people.get(row.created_by or ""),
        list(seen.values())[:3],
        list(c.execute(select(customer.c.id, customer.c.name).where(customer.c.merged_into == id))),
        holding.standing(c, id),
    )


def mine(c: Connection, who: Who) -> list[str]:
    """The squads the caller is in."""
    here = (membership.c.member == who.id) & membership.c.left_at.is_(None)
    return list(c.scalars(select(membership.c.squad).where(here)))


def _confirmed(c: Connection, ids: list[str]) -> dict[str, tuple[int, datetime | None]]:
    """By fact: how many said that it is still true, and when the last did."""
    query = select(fact_confirmed.c.fact, func.count(), func.max(fact_confirmed.c.at))
    rows = c.execute(query.where(fact_confirmed.c.fact.in_(ids)).group_by(fact_confirmed.c.fact))
    return {id: (count, at) for id, count, at in rows}


def _fact(row: Any, said: tuple[int, datetime | None], people: dict[str, Person]) -> Fact:
    count, again = said
    fresh = max(row.at, again) if again else row.at
    return Fact(
        id=row.id,
        kind=row.kind,
        text=row.text,
        source=row.source,
        visit=row.visit,
        by=people[row.by],
        at=row.at,
        fresh_at=fresh,
        confirmed=count,
        old=now() - fresh > OLD,
        follows=row.replaces,
        ended_at=row.ended_at,
        ended_by=people.get(row.ended_by or ""),
    )


def _contact(row: Any, people: dict[str, Person]) -> Contact:
    about = ("id", "name", "role", "part", "phone", "channel", "birthday", "note", "at")
    return Contact(**{name: row._mapping[name] for name in about}, by=people[row.by])


def _names(c: Connection, id: str) -> dict[str, list[str]]:
    there = (customer_name.c.customer == id) & customer_name.c.ended_at.is_(None)
    found: dict[str, list[str]] = {}
    for row in c.execute(select(customer_name).where(there).order_by(customer_name.c.id)):
        found.setdefault(row.kind, []).append(row.name)
    return found
