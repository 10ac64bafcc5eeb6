"""What can be asked about calls: one, a squad's, all that somebody may see."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from server import journal
from server.access import Who
from server.calls.models import call
from server.feed import queries as feed
from server.feed.models import post
from server.feed.views import Answer, Post, Reply
from server.squads.models import membership

STANDING = ("open", "claimed")
"""States in which somebody still waits."""
OVER = ("answered", "closed", "withdrawn")
"""And those in which nobody does."""


def seen_by(who: Who) -> ColumnElement[bool]:
    """The calls somebody may see: those of their squads; at the desk all."""
    if who.role == "desk":
        return true()
    theirs = select(membership.c.squad).where(membership.c.member == who.id, membership.c.left_at.is_(None))
    return call.c.squad.in_(theirs)


def some(c: Connection, ids: Iterable[str]) -> list[Post]:
    """The posts of these calls, in the order asked for; those that are gone are left out."""
    wanted = list(ids)
    known = feed.some(c, wanted)
    return [known[id] for id in wanted if id in known]


def place(one: Post) -> int:
    """Where it stands in the queue."""
    return one.call.n if one.call else 0


def listed(
    c: Connection, which: ColumnElement[bool], states: Iterable[str] = STANDING, limit: int = 100
) -> list[Post]:
    """Calls in these states, whoever waits longest first; those that are over the other way round."""
    there = post.c.deleted_at.is_(None) & call.c.state.in_(tuple(states)) & which
    query = select(call.c.id).join(post, post.c.id == call.c.id).where(there)
    order = (call.c.opened_at.desc(), call.c.id.desc()) if states is OVER else (call.c.opened_at, call.c.id)
    return some(c, c.scalars(query.order_by(*order).limit(limit)).all())


def asked_within(c: Connection, visit: str) -> list[Post]:
    """The calls of a visit, the last first."""
    query = select(call.c.id).where(call.c.visit == visit).order_by(call.c.opened_at.desc(), call.c.id)
    return some(c, c.scalars(query).all())


def as_data(one: Post, answers: list[Reply] | None = None) -> dict[str, Any]:
    """A call as the API shows it; `answers` where they are asked for as well."""
    assert one.call
    it, given = one.call, answers or []
    times = {
        "due_at": it.due_at,
        "late_at": it.late_at,
        "opened_at": it.opened_at,
        "looked_at": it.looked_at,
        "claimed_at": it.claimed_at,
        "answered_at": it.answered_at,
        "ended_at": it.ended_at,
    }
    return {
        "id": one.id,
        "squad": one.squad,
        "asker": one.author.id,
        "kind": it.kind,
        "text": one.text,
        "at": journal.stamp(one.at),
        "state": it.state,
        "owner": it.owner.id if it.owner else None,
        "customer": {"id": it.customer_id, "name": it.customer},
        "visit": it.visit,
        "inside": it.since is not None,
        "level": it.level,
        "asked": it.asked,
        **{name: _stamp(at) for name, at in times.items()},
        "answers": [_answer(reply, reply.answer) for reply in given if reply.answer],
    }


def _answer(reply: Reply, it: Answer) -> dict[str, Any]:
    """One answer as the API shows it."""
    price = {"amount": it.amount, "currency": it.currency, "minimum": it.minimum}
    return {
        "id": reply.id,
        "author": reply.author.id,
        "text": reply.text,
        "at": journal.stamp(reply.at),
        "authority": price | {"until": _stamp(it.until), "used_at": _stamp(it.used_at)}
        if it.amount
        else None,
        "person": {"member": it.person.id, "eta_at": _stamp(it.eta_at)} if it.person else None,
        "documents": [one.id for one in reply.documents],
        "files": [{"id": one.id, "name": one.name, "size": one.size, "type": one.type} for one in it.files],
        "delivered_at": _stamp(it.delivered_at),
        "opened_at": _stamp(it.opened_at),
    }


def _stamp(at: datetime | None) -> str | None:
    return journal.stamp(at) if at else None
