"""Erasing a member: name and words are gone; customers, counts, offsets and others' words stay."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from server import audit, jobs, journal
from server.audit import audit as acts
from server.errors import Conflict
from server.feed.models import mention, post
from server.hall.actions import COMPANY
from server.journal import Forgotten
from server.members.leaving import dismiss
from server.members.models import member
from server.own.holdings import HOLDINGS, rows_of
from server.own.redaction import empty_entries, unname
from server.schema import metadata, now
from server.search import keeping as search
from server.squads import actions as squads
from server.squads.models import membership, squad
from server.writer import told
from web.render import FORMER, N_

AGAIN = "erased"
"""The job that looks once more: what was on its way while the account was erased."""
SOON = timedelta(minutes=1)


def only_lead(c: Connection, who: str) -> list[Any]:
    """Squads that would be left without a lead: (id, name). Where nobody else is, none is needed."""
    others = membership.alias("others")
    here = (others.c.squad == membership.c.squad) & (others.c.member != who) & others.c.left_at.is_(None)
    query = (
        select(squad.c.id, squad.c.name)
        .join(membership, membership.c.squad == squad.c.id)
        .where(membership.c.member == who, membership.c.lead, membership.c.left_at.is_(None))
        .where(select(others.c.id).where(here).exists())
        .where(~select(others.c.id).where(here, others.c.lead).exists())
    )
    return list(c.execute(query.order_by(squad.c.name)))


def erase(c: Connection, by: str, who: str) -> None:
    """Erases a member. Raises `Conflict` for a squad's only lead and for the last admin."""
    row = c.execute(select(member).where(member.c.id == who).with_for_update(key_share=True)).one()
    if row.erased_at is not None:
        return
    if only_lead(c, who):
        raise Conflict(N_("A squad needs a lead. Make somebody else a lead first."))
    if row.deactivated_at is None:
        squads.deactivate(c, by, who)
    streams = c.scalars(select(membership.c.squad).where(membership.c.member == who).distinct()).all()
    places = journal.take_all(c, {*streams, COMPANY})  # nothing is written there until this is done
    unname(c, who, [row.name, row.handle])
    _empty(c, who)
    values = {"name": FORMER, "initials": "–", "handle": f"former-{who[-12:]}", "password": None}
    gone = update(member).where(member.c.id == who)
    c.execute(gone.values(**values, last_squad=None, erased_at=now()))
    dismiss(c, who)
    audit.note(c, by, "member_erased", subject=who)
    for key, at in sorted(places.items()):
        journal.append(c, key, "erased", {"id": who}, actor=by, subject=who, at=at)
    _forget(c, who)
    jobs.later(c, AGAIN, f"{AGAIN}:{who}", {"member": who}, now() + SOON)
    jobs.later(c, "photos", "photos", {}, now())


def again(c: Connection, data: dict[str, Any]) -> None:
    """What somebody sent at the very moment of their erasure goes as well."""
    who = data["member"]
    if not _empty(c, who):
        return
    for key in c.scalars(select(membership.c.squad).where(membership.c.member == who).distinct()).all():
        journal.append(c, key, "erased", {"id": who}, actor=None, subject=who)


def _empty(c: Connection, who: str) -> bool:
    """Empties or deletes all that is theirs, in tables and journals; whether there was anything."""
    found = empty_entries(c, who)
    mine = select(post.c.id).where(rows_of("post", who)[1])
    search.forget(c, mine)
    c.execute(delete(mention).where(mention.c.post.in_(mine)))
    over = rows_of("announcement", who)
    c.execute(update(over[0]).where(over[1]).values(ended_at=func.coalesce(over[0].c.ended_at, now())))
    tokens = acts.c.kind.in_(("token_made", "token_given", "token_revoked")) & (acts.c.subject == who)
    c.execute(update(acts).where(tokens).values(data={"name": "–"}))
    for table in reversed(metadata.sorted_tables):
        if (holding := HOLDINGS.get(table.name)) is None:
            continue
        _, which = rows_of(table.name, who)
        if holding.gone:
            found |= c.execute(delete(table).where(which)).rowcount > 0
        elif holding.empty:
            full = or_(*(table.c[name].is_distinct_from(value) for name, value in holding.empty.items()))
            found |= c.execute(update(table).where(which, full).values(**holding.empty)).rowcount > 0
    return found


def _forget(c: Connection, who: str) -> None:
    """No process keeps in memory what was told of them on the streams of others, or on their own."""
    theirs = journal.journal.c.stream.startswith("me:") & (journal.journal.c.actor == who)
    for key in {f"me:{who}", *c.scalars(select(journal.journal.c.stream).where(theirs).distinct())}:
        told(c, Forgotten(key))
