"""Calls as posts show them: filled into a page of the feed, a frame, the desk's queue."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from server.calls.models import call
from server.customers.models import customer
from server.feed.views import Call, Person
from server.territories.models import territory
from server.visits.models import visit

_later = visit.alias("later")
_elsewhere = (
    select(_later.c.id)
    .where(
        _later.c.member == visit.c.member,
        _later.c.captured_at > visit.c.captured_at,
        _later.c.retracted_at.is_(None),
    )
    .exists()
)
_wanted: BindParameter[str] = bindparam("wanted", expanding=True)
_calls = (
    select(
        call,
        customer.c.name.label("customer_name"),
        territory.c.name.label("asked_name"),
        visit.c.captured_at.label("entered"),
        (visit.c.result.is_(None) & visit.c.retracted_at.is_(None) & ~_elsewhere).label("inside"),
    )
    .join(customer, customer.c.id == call.c.customer)
    .outerjoin(territory, territory.c.id == call.c.asked)
    .outerjoin(visit, visit.c.id == call.c.visit)
    .where(call.c.id.in_(_wanted))
)


def rows(c: Connection, posts: Collection[str]) -> dict[str, Any]:
    """What is known of these calls, by id."""
    return {row.id: row for row in c.execute(_calls, {"wanted": list(posts)})} if posts else {}


def people(found: Mapping[str, Any]) -> set[str]:
    """Whom they name, besides their askers."""
    return {row.owner for row in found.values() if row.owner}


def card(row: Any, known: Mapping[str, Person]) -> Call:
    """One of them, with names."""
    return Call(
        row.id,
        row.kind,
        row.state,
        row.customer,
        row.customer_name,
        row.visit,
        row.entered if row.inside else None,
        known[row.owner] if row.owner else None,
        row.level,
        row.asked_name,
        row.due_at,
        row.opened_at,
        row.claimed_at,
        row.answered_at,
        row.ended_at,
    )
