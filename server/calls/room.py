"""What the desk's page shows: the queue, and one call with its customer, its thread and those like it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from config.settings import Settings
from server import journal
from server.access import Who
from server.calls import duty, queries
from server.calls.figures import figures
from server.calls.models import call
from server.customers.known import known
from server.customers.telling import family
from server.feed import queries as feed
from server.feed.models import post as words
from server.feed.state import cursors
from server.feed.views import Person, Post
from server.ledger.owed import owed
from server.members.models import member
from server.members.queries import currency, last_squad
from server.schema import now
from server.squads import queries as squads
from server.squads.models import membership, squad
from server.territories import queries as territories
from server.territories.tree import branch
from server.visits.models import visit
from server.visits.queries import still_open

TODAY = timedelta(hours=24)
LIKE = 3


class Before(NamedTuple):
    """An earlier visit to the customer."""

    by: Person
    at: datetime
    result: str | None
    note: str


class Like(NamedTuple):
    """An earlier call of the kind that was answered, and how its visit went on."""

    post: Post
    answer: str
    result: str | None


def queue(
    c: Connection, who: Who, settings: Settings, kind: str = "", place: str = "", about: str = ""
) -> dict[str, Any]:
    """Calls that wait, whoever waits longest first, and those of the last day that are over; `about` a
    customer all that are over, of every squad whose calls the caller sees. The page's places in its streams
    are read before its content.
    """
    mine = [] if who.role == "desk" else [one.id for one in squads.mine(c, who.id)]
    keys = [*(["desk"] if who.role == "desk" else mine), "company", f"me:{who.id}"]
    streams = {key: journal.head(c, key) for key in keys}
    seen = queries.seen_by(who)
    if kind:
        seen = and_(seen, call.c.kind == kind)
    within = _squads_below(c, place) if place else []
    if place:
        seen = and_(seen, call.c.squad.in_(within))
    if about:
        seen = and_(seen, call.c.customer == about)
    lately = seen if about else and_(seen, call.c.opened_at > now() - TODAY)
    over = queries.listed(c, lately, queries.OVER)
    waiting = queries.listed(c, seen)
    return {
        "streams": cursors(streams),
        "waiting": sorted(waiting, key=queries.place),
        "over": over,
        "figures": figures(c, seen),
        "duty": duty.people(c),
        "kinds": list(settings.calls),
        "tree": territories.tree(c),
        "chosen": {"kind": kind, "territory": place, "customer": about},
        "about": next((one.call.customer for one in (*waiting, *over) if about and one.call), ""),
        "within": within,
        "squad_names": _names(c, {one.squad for one in (*waiting, *over)}),
        "squad_id": last_squad(c, who.id),
        "inside": still_open(c, who.id, settings.visit_timeout),
        "owed": owed(c, who),
    }


def _squads_below(c: Connection, place: str) -> list[str]:
    """The squads in a territory and all below it."""
    known = {one.id: one for one in territories.tree(c)}
    under = branch({id: one.parent for id, one in known.items()}, place) if place in known else {}
    return [here.id for id in under for here in known[id].squads]


def _names(c: Connection, ids: set[str]) -> dict[str, str]:
    return {
        row.id: row.name for row in c.execute(select(squad.c.id, squad.c.name).where(squad.c.id.in_(ids)))
    }


def case(c: Connection, who: Who, settings: Settings, id: str) -> dict[str, Any]:
    """The queue, and beside it one call with all that is needed to answer it."""
    shown = queue(c, who, settings)
    (post,) = queries.some(c, [id])
    assert post.call
    return shown | {
        "case": post,
        "squad_names": shown["squad_names"] | _names(c, {post.squad}),
        "thread": feed.thread(c, id),
        "before": _visits(c, post),
        "known": known(c, who, post.call.customer_id, post.squad),
        "like": _like(c, post),
        "heirs": _heirs(c, who, post),
        "currency": currency(c),
    }


def _visits(c: Connection, post: Post) -> list[Before]:
    """The squad's last visits to the customer or its parts, before the one it is asked from."""
    assert post.call
    there = visit.c.customer.in_(family(post.call.customer_id)) & (visit.c.squad == post.squad)
    old = visit.c.retracted_at.is_(None) & (visit.c.id != (post.call.visit or post.id))
    query = select(visit).where(there, old).order_by(visit.c.captured_at.desc()).limit(LIKE)
    rows = c.execute(query).all()
    people = feed.persons(c, {row.member for row in rows})
    return [
        Before(people[row.member], row.captured_at, row.result, row.outcome_note or row.note) for row in rows
    ]


def _like(c: Connection, post: Post) -> list[Like]:
    """Earlier calls of that kind in the squad that were answered: what was said, and what came of it."""
    assert post.call
    same = (call.c.squad == post.squad) & (call.c.kind == post.call.kind) & (call.c.id != post.id)
    query = select(call.c.id, visit.c.result).outerjoin(visit, visit.c.id == call.c.visit)
    rows = c.execute(
        query.where(same, call.c.answered_at.is_not(None)).order_by(call.c.answered_at.desc()).limit(LIKE)
    ).all()
    found = {one.id: one for one in queries.some(c, [row.id for row in rows])}
    said = select(words.c.root, words.c.text).where(words.c.root.in_(list(found)), words.c.kind == "answer")
    first: dict[str, str] = {}
    for one in c.execute(said.where(words.c.deleted_at.is_(None)).order_by(words.c.feed_offset)):
        first.setdefault(one.root, one.text)
    return [Like(found[row.id], first.get(row.id, ""), row.result) for row in rows if row.id in found]


def _heirs(c: Connection, who: Who, post: Post) -> list[Any]:
    """Whom it can be handed on to: (id, name), those of the squad and the desk, by name."""
    inside = select(membership.c.member).where(
        membership.c.squad == post.squad, membership.c.left_at.is_(None)
    )
    able = member.c.id.in_(inside) | (member.c.role == "desk")
    other = member.c.id.not_in((post.author.id, who.id)) & member.c.deactivated_at.is_(None)
    return list(c.execute(select(member.c.id, member.c.name).where(able, other).order_by(member.c.name)))
