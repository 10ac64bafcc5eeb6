"""Calls as posts show them: filled into a page of the feed, a frame, the desk's queue."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from server.calls.models import call, call_answer, call_file
from server.customers.models import customer
from server.feed.views import Answer, Call, Document, Person
from server.photos.models import file
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
        row.soon_at is not None,
        row.late_at,
        row.prompt_at is not None and row.state == "closed",
        row.looked_at,
    )


_answers = select(call_answer).where(call_answer.c.id.in_(_wanted))
_files = (
    select(call_file.c.id, call_file.c.answer, call_file.c.name, file.c.size, file.c.media_type)
    .join(file, file.c.id == call_file.c.file)
    .where(call_file.c.answer.in_(_wanted))
    .order_by(call_file.c.id)
)


class Answers:
    """What some answers carry, by the id of their words; nothing is asked where there are none."""

    def __init__(self, c: Connection, ids: Collection[str]) -> None:
        wanted = {"wanted": list(ids)}
        self.rows = {row.id: row for row in c.execute(_answers, wanted)} if ids else {}
        self.files: dict[str, list[Document]] = {}
        for row in c.execute(_files, wanted) if ids else ():
            self.files.setdefault(row.answer, []).append(Document(row.id, row.name, row.size, row.media_type))

    @property
    def people(self) -> set[str]:
        """Who is on the way."""
        return {row.person for row in self.rows.values() if row.person}

    def of(self, id: str, known: Mapping[str, Person]) -> Answer | None:
        """One of them, with names."""
        if (row := self.rows.get(id)) is None:
            return None
        return Answer(
            row.amount,
            row.currency,
            row.minimum,
            row.until,
            row.used_at,
            known[row.person] if row.person else None,
            row.eta_at,
            row.delivered_at,
            row.opened_at,
            tuple(self.files.get(id, ())),
        )
