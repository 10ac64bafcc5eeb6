"""What helps whoever is asked for help at a customer: who knows whom, and how customers like it were won."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from server.access import Who
from server.calls.models import call, call_answer
from server.customers.file import mine
from server.customers.models import contact, customer, customer_tag, fact
from server.customers.telling import family
from server.feed.models import post
from server.feed.queries import persons
from server.feed.views import Person
from server.visits.models import visit

PEOPLE, FACTS, WON = 6, 6, 3
LOOKED_AT = 500
"""So many of the last wins are looked through for those at customers like this one."""


@dataclass(frozen=True, slots=True)
class Knows:
    """Somebody of ours who knows somebody, or something, there."""

    person: Person
    what: Any


@dataclass(frozen=True, slots=True)
class Won:
    """A customer like this one that was won: by whom, when, by what; `helper` answered the call of a `kind`
    from within that visit. `same` says in what it is like: kind, tag, territory.
    """

    id: str
    name: str
    person: Person
    at: datetime
    words: str
    same: tuple[str, ...]
    kind: str | None
    helper: Person | None


@dataclass(frozen=True, slots=True)
class Known:
    """`people` and `facts` of a customer with their givers; `won` those like it, the likest first."""

    people: list[Knows]
    facts: list[Knows]
    won: list[Won]


def known(c: Connection, who: Who, id: str, squad: str) -> Known:
    """For a reader who may see the customer: wins are those of their squads, and of the one that asks."""
    there = contact.c.customer.in_(family(id)) & contact.c.ended_at.is_(None)
    staff = c.execute(select(contact).where(there).order_by(contact.c.at.desc()).limit(PEOPLE)).all()
    so = fact.c.customer.in_(family(id)) & fact.c.ended_at.is_(None)
    facts = c.execute(select(fact).where(so).order_by(fact.c.at.desc(), fact.c.id).limit(FACTS)).all()
    givers = persons(c, {row.by for row in (*staff, *facts)})
    return Known(
        [Knows(givers[row.by], row) for row in staff],
        [Knows(givers[row.by], row) for row in facts],
        _won(c, id, {squad, *mine(c, who)}),
    )


def _won(c: Connection, id: str, squads: Collection[str]) -> list[Won]:
    """The last wins of these squads at customers that have something in common with this one."""
    this = c.execute(select(customer.c.kind, customer.c.territory).where(customer.c.id == id)).one()
    mine = set(c.scalars(select(customer_tag.c.tag).where(customer_tag.c.customer == id)))
    query = select(visit, customer.c.name, customer.c.kind, customer.c.territory)
    query = query.join(customer, customer.c.id == visit.c.customer)
    won = (visit.c.result == "won") & visit.c.retracted_at.is_(None) & visit.c.squad.in_(squads)
    other = visit.c.customer.not_in(family(id))
    tagged = select(customer_tag.c.customer).where(customer_tag.c.tag.in_(mine))
    like = [customer.c.id.in_(tagged)]
    like += [customer.c.kind == this.kind] if this.kind else []
    like += [customer.c.territory == this.territory] if this.territory else []
    order = (visit.c.captured_at.desc(), visit.c.id)
    rows = c.execute(query.where(won, other, or_(*like)).order_by(*order).limit(LOOKED_AT)).all()
    tags = _tags(c, {row.customer for row in rows})
    found: dict[str, tuple[Any, tuple[str, ...]]] = {}
    for row in rows:
        same = {
            "kind": bool(this.kind) and row.kind == this.kind,
            "tag": bool(mine & tags.get(row.customer, set())),
            "territory": bool(this.territory) and row.territory == this.territory,
        }
        found.setdefault(row.customer, (row, tuple(name for name, it_is in same.items() if it_is)))
    likest = sorted(found.values(), key=lambda one: -len(one[1]))[:WON]
    return _filled(c, likest)


def _tags(c: Connection, ids: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id, tag in c.execute(select(customer_tag).where(customer_tag.c.customer.in_(ids))) if ids else ():
        found.setdefault(id, set()).add(tag)
    return found


def _filled(c: Connection, found: list[tuple[Any, tuple[str, ...]]]) -> list[Won]:
    """With who helped: whoever answered a call from within that visit first."""
    query = select(call.c.visit, call.c.kind, post.c.author)
    query = query.join(call_answer, call_answer.c.call == call.c.id).join(post, post.c.id == call_answer.c.id)
    there = call.c.visit.in_([row.id for row, _ in found]) & post.c.deleted_at.is_(None)
    helped = {row.visit: row for row in c.execute(query.where(there).order_by(post.c.feed_offset.desc()))}
    people = persons(c, {row.member for row, _ in found} | {row.author for row in helped.values()})
    return [
        Won(
            row.customer,
            row.name,
            people[row.member],
            row.captured_at,
            row.outcome_note or row.note,
            same,
            helped[row.id].kind if row.id in helped else None,
            people[helped[row.id].author] if row.id in helped else None,
        )
        for row, same in found
    ]
