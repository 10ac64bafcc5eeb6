"""Keeping the index: what a transaction has changed is read again, and written, before its commit; what
is new comes after it (`soon.py`).
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select

from channels.frame import Entry
from server.customers.models import contact, customer, customer_name, customer_tag, fact
from server.db import Database
from server.feed.models import post
from server.logs.models import log, log_line
from server.search.models import search_entry, search_gram
from server.search.terms import pieces
from server.visits.models import visit

POSTS = ("checkin", "message", "reply", "call", "answer", "log", "question")
"""Kinds of posts that can be found."""
SAID = ("outcome", "visit", "edited", "deleted", "call", "log")
"""Entries after which a post may read otherwise; a call's may be about the reply that answers it."""
NEW = ("checkin", "message", "reply", "question")
"""Entries of posts that were not there before: nothing about them has to be forgotten."""
FILED = ("customer", "file")
AT_ONCE = 200


def note(c: Connection, items: Sequence[Any]) -> None:
    """Looks at what an action has written, before it is committed, and reads those things again."""
    entries = [one for one in items if isinstance(one, Entry)]
    posts = {one.subject for one in entries if one.kind in SAID}
    posts |= {one.data.get("reply") for one in entries if one.kind == "call"}
    posts -= {one.subject for one in entries if one.kind in NEW}
    files = {one.subject for one in entries if one.kind in FILED}
    files |= {one.data.get("other") for one in entries if one.kind == "file"}
    if found := {one for one in posts if one}:
        keep_posts(c, found)
    if found := {one for one in files if one}:
        keep_customers(c, found)


_here = (search_gram.c.gram == bindparam("piece")) & (search_gram.c.entry == bindparam("of"))
_cut = delete(search_gram).where(_here)


def forget(c: Connection, ids: Any) -> None:
    """These are found no more: `ids` of things, or a query for them."""
    known = c.execute(select(search_entry.c.id, search_entry.c.text).where(search_entry.c.id.in_(ids))).all()
    if cut := [{"of": row.id, "piece": gram} for row in known for gram in sorted(pieces(row.text))]:
        c.execute(_cut, cut)
    for start in range(0, len(known), AT_ONCE):
        some = [row.id for row in known[start : start + AT_ONCE]]
        c.execute(delete(search_entry).where(search_entry.c.id.in_(some)))


_ids: BindParameter[str] = bindparam("ids", expanding=True)
_posts = (
    select(post, visit.c.note, visit.c.outcome_note, visit.c.next_step)
    .outerjoin(visit, visit.c.id == post.c.id)
    .where(post.c.id.in_(_ids), post.c.deleted_at.is_(None), post.c.kind.in_(POSTS))
)


_known = select(search_entry.c.id).where(search_entry.c.id.in_(_ids))


def keep_posts(c: Connection, ids: Collection[str]) -> None:
    """Posts as they read now. What is gone is found no more."""
    forget(c, list(ids))
    _read(c, _posts, ids)


def keep_new(c: Connection, ids: Collection[str]) -> None:
    """Posts that were not there before, as they read by now; whoever changed one since has seen to it."""
    known = set(c.scalars(_known, {"ids": list(ids)}))
    if new := [id for id in ids if id not in known]:
        # Who deletes one meanwhile waits, and then finds it in the index to be forgotten.
        _read(c, _posts.order_by(post.c.id).with_for_update(read=True, of=post), new)


def _read(c: Connection, query: Any, ids: Collection[str]) -> None:
    rows = c.execute(query, {"ids": list(ids)}).all()
    logs = [row.id for row in rows if row.kind == "log"]
    letters = _letters(c, logs) if logs else {}
    _put(c, [_post(row, letters.get(row.id, "")) for row in rows])


def _post(row: Any, letter: str) -> dict[str, Any]:
    said = (row.text, row.note, row.outcome_note, row.next_step, letter)
    about = {"id": row.id, "kind": row.kind, "squad": row.squad, "author": row.author}
    at = min(row.captured_at, row.recorded_at)
    return about | {"at": at, "text": "\n".join(one for one in said if one)}


def _letters(c: Connection, ids: list[str]) -> dict[str, str]:
    """What logs told their squads, line by line."""
    query = select(log_line.c.log, log_line.c.told).join(log, log.c.id == log_line.c.log)
    told = log_line.c.log.in_(ids) & log_line.c.told.is_not(None)
    found: dict[str, list[str]] = {}
    for id, text in c.execute(query.where(told).order_by(log_line.c.id)):
        found.setdefault(id, []).append(text)
    return {id: "\n".join(lines) for id, lines in found.items()}


def keep_customers(c: Connection, ids: Collection[str]) -> None:
    """Customers as their files are now; one that was made one with another is found as that one."""
    forget(c, list(ids))
    rows = c.execute(
        select(customer).where(customer.c.id.in_(list(ids)), customer.c.merged_into.is_(None))
    ).all()
    said = {row.id: [row.name, row.kind, row.address, row.phone] for row in rows}
    whole = {row.id: row.id for row in rows}
    parts = select(customer.c.id, customer.c.merged_into, customer.c.name)
    for id, into, name in c.execute(parts.where(customer.c.merged_into.in_(list(said)))).all():
        whole[id] = into
        said[into].append(name)
    for table, words in (
        (customer_name, (customer_name.c.name,)),
        (customer_tag, (customer_tag.c.tag,)),
        (contact, (contact.c.name, contact.c.role, contact.c.phone, contact.c.note)),
        (fact, (fact.c.text,)),
    ):
        stands = [table.c.ended_at.is_(None)] if "ended_at" in table.c else []
        query = select(table.c.customer, *words).where(table.c.customer.in_(list(whole)), *stands)
        for id, *found in c.execute(query.order_by(table.c.customer, *words)):
            said[whole[id]].append(" ".join(one for one in found if one))
    _put(c, [_customer(row, said[row.id]) for row in rows])


def _customer(row: Any, said: list[str]) -> dict[str, Any]:
    about = {"id": row.id, "kind": "customer", "squad": None, "author": row.created_by, "at": row.created_at}
    return about | {"text": "\n".join(text for text in said if text)}


_entry, _gram = insert(search_entry), insert(search_gram)


def _put(c: Connection, found: list[dict[str, Any]]) -> None:
    if not found:
        return
    c.execute(_entry, found)
    cut = [{"gram": gram, "entry": one["id"]} for one in found for gram in sorted(pieces(one["text"]))]
    if cut:
        c.execute(_gram, cut)


def fill(c: Connection) -> int:
    """Some of what is not in the index: from before there was one, or written by other hands. How many."""
    known = select(search_entry.c.id)
    there = post.c.deleted_at.is_(None) & post.c.kind.in_(POSTS)
    missing = ~known.where(search_entry.c.id == post.c.id).exists()
    if posts := list(c.scalars(select(post.c.id).where(there, missing).limit(AT_ONCE))):
        keep_posts(c, posts)
        return len(posts)
    missing = ~known.where(search_entry.c.id == customer.c.id).exists()
    whole = customer.c.merged_into.is_(None) & missing
    if customers := list(c.scalars(select(customer.c.id).where(whole).limit(AT_ONCE))):
        keep_customers(c, customers)
    return len(customers)


async def fill_up(db: Database) -> None:
    """All of that, in many small transactions."""
    while await db.write(fill):
        pass
