"""What can be said in a squad: messages, replies, reactions, and taking words back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, delete, insert, select, update

from server import journal
from server.access import Who
from server.calls import telling as calls
from server.drive import attached
from server.errors import Conflict, Invalid
from server.feed.models import mention, post, post_revision, reaction
from server.hall import actions as hall
from server.members.models import member
from server.photos import actions as photos
from server.photos import queries as photo_queries
from server.schema import new_id, now
from server.squads.models import membership
from server.text import checked
from web.render import N_

REACTIONS = {
    "cheer": "🙌",
    "encourage": "💪",
    "fire": "🔥",
    "smile": "😄",
    "thanks": "🙏",
    "handshake": "🤝",
    "heart": "❤️",
    "eyes": "👀",
}


class Said(NamedTuple):
    """What was said, and whether this request said it."""

    post: dict[str, Any]
    created: bool


def say(
    c: Connection,
    who: Who,
    id: str,
    text: str,
    text_max: int,
    captured_at: datetime | None = None,
    pictures: Sequence[UUID] = (),
    photo_count: int = 0,
    documents: Collection[Any] = (),
) -> Said:
    """A message to the caller's squad, or photos or documents alone, made at `captured_at` if not now.

    The same id again answers with the first result.
    """
    assert who.squad
    if known := _same(c, who, id):
        return Said(known, False)
    named = photos.checked(pictures, photo_count)
    along = attached.checked(c, who, documents)
    checked("text", text, text_max, required=not named and not along)
    if named:
        photos.await_turn(c, who)
    return _post(c, who, "message", id, text, captured_at, named=named, along=along)


def reply(
    c: Connection,
    who: Who,
    to: str,
    id: str,
    text: str,
    text_max: int,
    captured_at: datetime | None = None,
    documents: Collection[Any] = (),
) -> Said:
    """A reply under a post, or under a reply of its thread."""
    if known := _same(c, who, id):
        return Said(known, False)
    target = c.execute(select(post.c.id, post.c.root, post.c.parent).where(post.c.id == to)).one()
    root = target.root or target.id
    along = attached.checked(c, who, documents, root)
    checked("text", text, text_max, required=not along)
    parent = None if target.root is None else target.parent or target.id
    said = _post(c, who, "reply", id, text, captured_at, root=root, parent=parent, along=along)
    calls.said(c, who.id, root, said.post["id"])
    return said


def answer(
    c: Connection,
    who: Who,
    call: str,
    id: str,
    text: str,
    captured_at: datetime | None,
    along: Sequence[str] = (),
) -> str:
    """Words and documents that answer a call: a reply in its thread, marked as the answer. Their id."""
    said = _post(c, who, kind="answer", id=id, text=text, captured_at=captured_at, root=call, along=along)
    return str(said.post["id"])


def edit(c: Connection, who: Who, id: str, text: str, text_max: int) -> dict[str, Any]:
    """Changes one's own words; what they were is kept as a revision."""
    assert who.squad
    checked("text", text, text_max, required=True)
    row = c.execute(select(post).where(post.c.id == id)).one()
    if row.kind not in ("message", "reply"):
        raise Conflict(N_("This cannot be edited."))
    if row.text != text:
        revision = {"id": new_id(), "post": id, "text": row.text, "replaced_at": now()}
        c.execute(insert(post_revision), revision)
        c.execute(update(post).where(post.c.id == id).values(text=text, edited_at=now()))
        data = {"id": id, "post": row.root or id, "text": text}
        journal.append(c, who.squad, "edited", data, actor=who.id, subject=id)
        known = set(c.scalars(select(mention.c.member).where(mention.c.post == id)))
        c.execute(delete(mention).where(mention.c.post == id))
        name_people(c, who, id, text, known)
    return state(c, id)


def remove(c: Connection, who: Who, id: str) -> None:
    """Takes one's own words back: deletion is an entry, and the journal forgets the words."""
    assert who.squad
    row = c.execute(select(post).where(post.c.id == id)).one()
    if row.kind not in ("message", "reply"):
        raise Conflict(N_("This cannot be deleted."))
    c.execute(update(post).where(post.c.id == id).values(deleted_at=now(), text=""))
    c.execute(delete(post_revision).where(post_revision.c.post == id))
    c.execute(delete(mention).where(mention.c.post == id))
    photos.forget(c, id)
    attached.take_off(c, [id])
    journal.redact(c, who.squad, id)
    journal.append(c, who.squad, "deleted", {"id": id, "post": row.root or id}, actor=who.id, subject=id)


def react(c: Connection, who: Who, id: str, kind: str, on: bool) -> dict[str, list[str]]:
    """Sets or takes away one reaction of the caller; saying it twice changes nothing."""
    assert who.squad
    if kind not in REACTIONS:
        raise Invalid({"kind": N_("This reaction is not known.")})
    mine = and_(reaction.c.post == id, reaction.c.member == who.id, reaction.c.kind == kind)
    there = c.scalar(select(reaction.c.kind).where(mine)) is not None
    if there == on:
        return reactions(c, id)
    # The stream's row is locked before the reactions are read, so that the last entry tells the last state.
    places = journal.take_all(c, hall.streams(c, who.squad, id, False) if kind == "cheer" else [who.squad])
    if on:
        c.execute(insert(reaction), {"post": id, "member": who.id, "kind": kind, "at": now()})
    else:
        c.execute(delete(reaction).where(mine))
    now_are = reactions(c, id)
    data = {"post": id, "reactions": now_are}
    journal.append(c, who.squad, "reactions", data, actor=who.id, subject=id, at=places[who.squad])
    hall.cheered(c, who.id, id, now_are.get("cheer", []), places.get(hall.COMPANY))
    return now_are


def reactions(c: Connection, id: str) -> dict[str, list[str]]:
    """Who reacted how to one post, in the order they did."""
    found: dict[str, list[str]] = {}
    query = select(reaction.c.kind, reaction.c.member).where(reaction.c.post == id)
    for kind, by in c.execute(query.order_by(reaction.c.at, reaction.c.member)):
        found.setdefault(kind, []).append(by)
    return found


def state(c: Connection, id: str) -> dict[str, Any]:
    """One message or reply as the API shows it."""
    return _as_data(c, c.execute(select(post).where(post.c.id == id)).one())


def _as_data(c: Connection, row: Any) -> dict[str, Any]:
    data = {"id": row.id, "author": row.author, "text": row.text, "at": journal.stamp(row.captured_at)}
    data["documents"] = attached.ids(c, row.id)
    if row.root is not None:
        return data | {"post": row.root, "parent": row.parent}
    return data | {"photos": photo_queries.state(c, row.id)}


def _same(c: Connection, who: Who, id: str) -> dict[str, Any] | None:
    row = c.execute(select(post).where(post.c.author == who.id, post.c.client_id == id)).one_or_none()
    return _as_data(c, row) if row else None


def _post(
    c: Connection,
    who: Who,
    kind: str,
    id: str,
    text: str,
    captured_at: datetime | None,
    root: str | None = None,
    parent: str | None = None,
    named: Sequence[str] = (),
    along: Sequence[str] = (),
) -> Said:
    assert who.squad
    client_id = id
    if c.scalar(select(post.c.id).where(post.c.id == id)) is not None:
        id = new_id()  # somebody else's id: theirs stays theirs, and nothing is told
    at, moment = journal.take(c, who.squad), now()
    captured = captured_at or moment
    row = {
        "id": id,
        "squad": who.squad,
        "kind": kind,
        "author": who.id,
        "client_id": client_id,
        "root": root,
        "parent": parent,
        "feed_offset": at.offset,
        "text": text,
        "captured_at": captured,
        "recorded_at": moment,
    }
    c.execute(insert(post), row)
    attached.hang(c, id, along)
    data: dict[str, Any] = {"id": id, "text": text}
    if along:
        data["documents"] = list(along)
    if root is not None:
        data |= {"post": root, "parent": parent}
    else:
        data["photos"] = photo_queries.as_data(photos.name(c, who, id, named))
    told = "message" if root is None else "reply"
    journal.append(c, who.squad, told, data, actor=who.id, subject=id, captured_at=captured, at=at)
    name_people(c, who, id, text)
    return Said(state(c, id), True)


def name_people(c: Connection, who: Who, id: str, text: str, known: Collection[str] = frozenset()) -> None:
    """Notes whom a text names with an @, longest name first, and tells each on their own stream, once."""
    if "@" not in text:
        return
    people = c.execute(
        select(member.c.id, member.c.name, member.c.handle)
        .join(membership, membership.c.member == member.c.id)
        .where(membership.c.squad == who.squad, membership.c.left_at.is_(None))
    ).all()
    rest, found = text, set()
    for person in sorted(people, key=lambda person: -len(person.name)):
        for called in (f"@{person.name}", f"@{person.handle}"):
            if called.casefold() in rest.casefold():
                found.add(person.id)
                start = rest.casefold().index(called.casefold())
                rest = rest[:start] + " " + rest[start + len(called) :]
    for named in sorted(found):
        c.execute(insert(mention), {"post": id, "member": named})
        if named != who.id and named not in known:
            data = {"post": id, "squad": who.squad}
            journal.append(c, f"me:{named}", "mention", data, actor=who.id, subject=id)
