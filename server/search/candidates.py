"""Which things have all the words, in the order they are shown: customers first, then the newest.

A rare word names few things: those are looked at. Of a frequent one a page is soon full: what the reader may
see is gone through from the newest on. So neither asks for more than some thousand things of millions.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, union_all

from server.calls.models import call
from server.customers.models import customer, customer_squad
from server.search.models import search_entry, search_gram
from server.search.terms import matches, wanted
from server.squads.models import squad

FEW, MORE = 1500, 10
"""Things that are all looked at; and for each result that is asked for."""
MOST = 20_000
"""How far the things with a piece are counted."""
PATIENCE = 2000
"""Things that are gone through one after the other before all with the words are asked for."""
CHUNK = 500
FIRST, GROWTH = timedelta(hours=1), 8
MOMENT = timedelta(microseconds=1)
it = search_entry.c


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader may see of what they ask for: in `squads`, of the `desk` calls of all; of one `kind`, or
    of any; with all that is `also` asked.
    """

    squads: Collection[str]
    desk: bool
    kind: str
    also: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment until just before another."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Between which moments; the entries with the rarest piece, are these `few`; and what else they have."""

    span: Span
    rarest: Select[Any]
    whole: Sequence[ColumnElement[bool]]
    few: bool


def ordered(
    c: Connection,
    sight: Sight,
    looked_for: list[str],
    end: int,
    since: datetime | None,
    until: datetime | None,
) -> list[str]:
    """Ids of the first `end` and one more that have all the terms, between the moments."""
    ends = (select(one(it.at)).scalar_subquery() for one in (func.min, func.max))
    first, last = c.execute(select(*ends)).one()
    if first is None:
        return []
    span = Span(max(first, since or first), min(last + MOMENT, until or last + MOMENT))
    rarest, size = _rarest(c, looked_for)
    plan = Plan(span, rarest, _whole(looked_for), size <= FEW + MORE * end)
    found: list[str] = []
    for part in (_files, _said):
        if sight.kind and (sight.kind == "customer") != (part is _files):
            continue
        for row in part(c, sight, plan):
            if matches(row.text, looked_for):
                found.append(row.id)
                if len(found) > end:
                    return found
    return found


def _files(c: Connection, sight: Sight, plan: Plan) -> Iterator[Any]:
    """Customers: those with the rarest piece, or all of a short list, or of a long one the newest first."""
    lists = _lists(sight)
    count = select(func.count()).select_from(union_all(*lists).limit(FEW + 1).subquery())
    query = select(it.id, it.text, it.at).where(*sight.also)
    if not plan.few and (c.scalar(count) or 0) <= FEW:
        return _at_once(c, query.where(it.kind == "customer", it.id.in_(union_all(*lists))), plan.span)
    query = query.where(or_(*(one.where(one.selected_columns[0] == it.id).exists() for one in lists)))
    named = query.where(it.kind == "customer", it.id.in_(plan.rarest))
    if plan.few:
        return _at_once(c, named, plan.span)
    return _gone_through(c, query.where(it.squad.is_(None)), named, plan)


def _lists(sight: Sight) -> list[Select[Any]]:
    """The customers a reader sees: on a squad's list, one with one that is, in its territory; of calls."""
    linked = select(customer_squad.c.customer).where(customer_squad.c.squad.in_(sight.squads))
    merged = customer.c.merged_into.is_not(None), customer.c.id.in_(linked)
    there = select(squad.c.territory).where(squad.c.id.in_(sight.squads), squad.c.territory.is_not(None))
    lists = [
        linked,
        select(customer.c.merged_into).where(*merged),
        select(customer.c.id).where(customer.c.territory.in_(there)),
    ]
    return [*lists, select(call.c.customer).where(call.c.customer.is_not(None))] if sight.desk else lists


def _said(c: Connection, sight: Sight, plan: Plan) -> Iterator[Any]:
    """What was said in the squads: all with the rarest piece, or the newest first."""
    query = select(it.id, it.text, it.at).where(*sight.also)
    if sight.kind:
        query = query.where(it.kind == sight.kind)
    elsewhere = [it.kind.in_(("call", "answer"))] if sight.desk else []
    unaided = func.coalesce(it.squad, it.squad)  # not by the index of all that was ever said there
    named = query.where(or_(unaided.in_(sight.squads), *elsewhere), it.id.in_(plan.rarest))
    if plan.few:
        return _at_once(c, named, plan.span)
    return _gone_through(c, query.where(or_(it.squad.in_(sight.squads), *elsewhere)), named, plan)


def _at_once(c: Connection, query: Select[Any], span: Span) -> Iterator[Any]:
    return iter(c.execute(_older(query.where(it.at >= span.since), span.until)))


def _gone_through(c: Connection, query: Select[Any], named: Select[Any], plan: Plan) -> Iterator[Any]:
    """An hour, then eight, a week, as long as it takes; after much of that all at once with the pieces."""
    before, last, wide, seen = plan.span.until, "", FIRST, 0
    while seen < PATIENCE:
        after = max(plan.span.since, before - wide)
        rows = c.execute(_older(query.where(it.at >= after), before, last).limit(CHUNK)).all()
        yield from rows
        seen += len(rows)
        if len(rows) == CHUNK:
            before, last = rows[-1].at, rows[-1].id
        elif after == plan.span.since:
            return
        else:
            wide, before, last = wide * GROWTH, after, ""
    rest = named.where(it.at >= plan.span.since, *plan.whole)
    yield from c.execute(_older(rest, before, last))


def _older(query: Select[Any], before: datetime, last: str = "") -> Select[Any]:
    """From before a moment, or of that very moment and after the last one; the newest first."""
    older = it.at < before
    if last:
        query, older = query.where(it.at <= before), or_(older, it.id > last)
    return query.where(older).order_by(it.at.desc(), it.id)


def _pieces(looked_for: list[str]) -> list[Select[Any]]:
    """The entries with each piece that a text with the terms surely has."""
    gram, found = search_gram.c.gram, []
    for term in looked_for:
        whole, beginning = wanted(term)
        found += [select(search_gram.c.entry).where(gram == piece) for piece in sorted(whole)]
        if beginning:
            found.append(
                select(search_gram.c.entry).where(gram >= beginning, gram < beginning + "\U0010ffff")
            )
    return found


def _rarest(c: Connection, looked_for: list[str]) -> tuple[Select[Any], int]:
    """The entries with the piece that the fewest have, and how many these are, as far as is counted."""
    found = _pieces(looked_for)
    counts = (select(func.count()).select_from(one.limit(MOST).subquery()) for one in found)
    sizes = list(c.execute(select(*(one.scalar_subquery() for one in counts))).one())
    return found[sizes.index(min(sizes))], min(sizes)


def _whole(looked_for: list[str]) -> list[ColumnElement[bool]]:
    """An entry has these pieces as well: asked of each by itself."""
    pieces = sorted({piece for term in looked_for for piece in wanted(term)[0]})
    here = select(search_gram.c.entry).where(search_gram.c.entry == it.id)
    return [here.where(search_gram.c.gram == piece).exists() for piece in pieces]
