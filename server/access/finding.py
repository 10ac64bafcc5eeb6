"""The caller's place in what a route is about, found in one joined query: absent and forbidden look alike."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, cast, false, func, literal, null, or_, select
from sqlalchemy.sql import Select

from server.access.who import Who
from server.announcements.models import announcement
from server.calls.models import call, call_file
from server.customers.models import customer, customer_squad
from server.drive.models import drive_bin, drive_document, drive_folder, drive_link, drive_upload
from server.feed.models import post
from server.hall.models import hall_win
from server.journal import stream
from server.members.models import api_token, member, session
from server.notices.models import notice
from server.photos.models import attachment
from server.schema import Moment, now
from server.squads.models import membership, squad
from server.sweeps.models import handover, lane, stop, sweep
from server.training.models import training_track
from server.visits.models import visit

Held = tuple[str, bool]
"""A credential as it is stored, and whether it is a token: what `access.credential` gives."""


def _callers(by_token: bool, several: bool = False) -> Any:
    """The member a credential stands for, while it stands; of one, or of `several`."""
    ticket: Any
    expires: Any
    key = (api_token if by_token else session).c.hash
    brought = key.in_(bindparam("hashes", expanding=True)) if several else key == bindparam("hash")
    common = (
        member.c.id,
        member.c.name,
        member.c.handle,
        member.c.role,
        member.c.locale,
        member.c.zone,
        member.c.colour,
    )
    if by_token:
        ticket, expires = api_token.c.id, cast(null(), Moment)
        source = api_token.join(member, member.c.id == api_token.c.member)
        holds = and_(brought, api_token.c.revoked_at.is_(None))
    else:
        ticket, expires = session.c.id, session.c.expires_at
        source = session.join(member, member.c.id == session.c.member)
        holds = and_(brought, session.c.expires_at > bindparam("now"))
    return common, ticket.label("ticket"), expires, source, and_(holds, member.c.deactivated_at.is_(None))


def _query(by_token: bool, about: str) -> Select[Any]:
    common, ticket, expires, source, holds = _callers(by_token)
    columns = [*common, ticket, expires.label("expires")]
    if about == "":
        return select(*columns).select_from(source).where(holds)
    if about == "customer":
        return _of_customer(source, columns).where(holds)
    author: Any = cast(null(), String)
    key: Any = bindparam("subject")
    if about == "post":
        source = source.join(post, and_(post.c.id == key, post.c.deleted_at.is_(None)))
        key, author = post.c.squad, post.c.author
    elif about == "photo":
        here = and_(attachment.c.id == key, attachment.c.file.is_not(None))
        shown = and_(post.c.id == attachment.c.post, post.c.deleted_at.is_(None))
        source = source.join(attachment, here).join(post, shown)
        key, author = post.c.squad, post.c.author
    elif about == "announcement":
        source = source.join(announcement, announcement.c.id == key)
        key, author = announcement.c.squad, announcement.c.author
    elif about == "track":
        stands = and_(training_track.c.id == key, training_track.c.ended_at.is_(None))
        source = source.join(training_track, stands)
        key, author = training_track.c.squad, training_track.c.made_by
    elif about == "win":
        source = source.join(hall_win, hall_win.c.visit == key)
        key = hall_win.c.squad
    elif about == "visit":
        source = source.join(visit, and_(visit.c.id == key, visit.c.retracted_at.is_(None)))
        key, author = visit.c.squad, visit.c.member
    elif about == "document":
        source = source.join(call_file, call_file.c.id == key)
        source = source.join(post, and_(post.c.id == call_file.c.answer, post.c.deleted_at.is_(None)))
        key, author = post.c.squad, post.c.author
    elif about == "call":
        source = source.join(call, call.c.id == key)
        key, author = call.c.squad, call.c.asker
    elif about in OF_SWEEP:
        source, author = _of_sweep(source, about)
        key = sweep.c.squad
    elif about in IN_DRIVE:
        source, key, author, rights = _of_drive(source, about)
        columns.append(rights.label("rights"))
    here = and_(
        membership.c.squad == squad.c.id, membership.c.member == member.c.id, membership.c.left_at.is_(None)
    )
    there = and_(squad.c.id == key, squad.c.hall) if about == "win" else squad.c.id == key
    # An announcement or a track for the whole company is about no squad, nor is what lies in its part of the
    # drive.
    of_all = about in FOR_ALL or about in IN_DRIVE
    source = source.join(squad, there, isouter=of_all).outerjoin(membership, here)
    columns += [
        squad.c.id.label("squad"),
        squad.c.name.label("squad_name"),
        squad.c.zone.label("squad_zone"),
        membership.c.lead,
        membership.c.manages,
        membership.c.id.label("membership"),
        author.label("author"),
    ]
    if about == "handover":
        columns.append(handover.c.taker.label("meant"))
    if about == "call":
        columns.append(call.c.owner.label("meant"))
    return select(*columns).select_from(source).where(holds)


def _of_customer(source: Any, columns: list[Any]) -> Select[Any]:
    """A customer is there for the squads linked to it or its parts, and those in their territories; for the
    desk once somebody called about it. Of several squads of the caller's it is one they lead, or the first.
    """
    part = customer.alias("part")
    parts = part.c.merged_into == customer.c.id
    linked = select(customer_squad.c.squad).where(customer_squad.c.customer == customer.c.id)
    joined = select(customer_squad.c.squad).join(part, part.c.id == customer_squad.c.customer).where(parts)
    lands = select(part.c.territory).where(parts, part.c.territory.is_not(None)).correlate(customer)
    sees = or_(
        squad.c.id.in_(linked.correlate(customer)),
        squad.c.id.in_(joined.correlate(customer)),
        squad.c.territory == customer.c.territory,
        squad.c.territory.in_(lands),
    )
    place = (
        select(membership.c.id)
        .join(squad, squad.c.id == membership.c.squad)
        .where(membership.c.member == member.c.id, membership.c.left_at.is_(None), sees)
        .order_by(membership.c.lead.desc(), membership.c.manages.desc(), membership.c.id)
        .limit(1)
        .correlate(member, customer)
    )
    called = select(call.c.id).where(call.c.customer == customer.c.id).exists()
    source = source.join(customer, customer.c.id == bindparam("subject"))
    source = source.outerjoin(membership, membership.c.id == place.scalar_subquery())
    source = source.outerjoin(squad, squad.c.id == membership.c.squad)
    columns = [
        *columns,
        squad.c.id.label("squad"),
        squad.c.name.label("squad_name"),
        squad.c.zone.label("squad_zone"),
        func.coalesce(membership.c.lead, false()).label("lead"),
        func.coalesce(membership.c.manages, false()).label("manages"),
        membership.c.id.label("membership"),
        customer.c.created_by.label("author"),
    ]
    seen = or_(membership.c.id.is_not(None), and_(member.c.role == "desk", called))
    return select(*columns).select_from(source).where(seen)


def _of_sweep(source: Any, about: str) -> tuple[Any, Any]:
    """A sweep, or what is in one; and whose it is: that of the lane's member, of who offers."""
    key: Any = bindparam("subject")
    if about == "sweep":
        return source.join(sweep, sweep.c.id == key), sweep.c.made_by
    if about == "lane":
        source = source.join(lane, lane.c.id == key)
        return source.join(sweep, sweep.c.id == lane.c.sweep), lane.c.member
    if about == "stop":
        source = source.join(stop, stop.c.id == key).outerjoin(lane, lane.c.id == stop.c.lane)
        return source.join(sweep, sweep.c.id == stop.c.sweep), lane.c.member
    source = source.join(handover, handover.c.id == key)
    return source.join(sweep, sweep.c.id == handover.c.sweep), handover.c.giver


def _of_drive(source: Any, about: str) -> tuple[Any, Any, Any, Any]:
    """A folder, document or upload outside the bin, a link wherever its document is, or a place in the bin;
    its squad, whose it is, its rights.
    """
    key: Any = bindparam("subject")
    if about == "binned":
        return (
            source.join(drive_bin, drive_bin.c.id == key),
            drive_bin.c.squad,
            drive_bin.c.by,
            literal("add"),
        )
    author = drive_folder.c.made_by
    outside = [drive_folder.c.bin.is_(None)]
    if about == "item":
        source = source.join(drive_document, and_(drive_document.c.id == key, drive_document.c.bin.is_(None)))
        key, author = drive_document.c.folder, drive_document.c.made_by
    if about == "link":
        source = source.join(drive_link, drive_link.c.id == key)
        source = source.join(drive_document, drive_document.c.id == drive_link.c.document)
        key, author, outside = drive_document.c.folder, drive_link.c.made_by, []
    if about == "upload":
        source = source.join(drive_upload, drive_upload.c.id == key)
        key, author = drive_upload.c.folder, drive_upload.c.made_by
    top = drive_folder.alias("top")
    source = source.join(drive_folder, and_(drive_folder.c.id == key, *outside))
    return source.join(top, top.c.id == drive_folder.c.top), drive_folder.c.squad, author, top.c.rights


FOR_ALL = ("announcement", "track")
OF_SWEEP = ("sweep", "lane", "stop", "handover")
IN_DRIVE = ("folder", "item", "binned", "upload", "link")
ABOUT = (
    *("", "squad", "post", "photo", "visit", "win", *FOR_ALL, "call", "document", "customer"),
    *OF_SWEEP,
    *IN_DRIVE,
)
_queries = {(t, about): _query(t, about) for t in (True, False) for about in ABOUT}


def _several(by_token: bool) -> Select[Any]:
    common, ticket, expires, source, holds = _callers(by_token, several=True)
    key = (api_token if by_token else session).c.hash
    return select(*common, ticket, expires.label("expires"), key).select_from(source).where(holds)


_crowds = {by_token: _several(by_token) for by_token in (True, False)}
_memberships = select(membership.c.member, membership.c.squad).where(
    membership.c.member.in_(bindparam("members", expanding=True)), membership.c.left_at.is_(None)
)

_desk = select(member.c.id).where(
    member.c.id.in_(bindparam("members", expanding=True)), member.c.role == "desk"
)


def find(c: Connection, held: Held, about: str, subject: str | None) -> Who | None:
    """The caller and their place there; None: not signed in, or no such thing."""
    hashed, by_token = held
    values: dict[str, Any] = {"hash": hashed}
    if not by_token:
        values["now"] = now()
    if about:
        values["subject"] = subject
    row = c.execute(_queries[by_token, about], values).one_or_none()
    if row is None:
        return None
    known = dict(row._mapping)
    inside = known.pop("membership", None) is not None
    lead, manages = bool(known.pop("lead", False)), bool(known.pop("manages", False))
    return Who(**known, by_token=by_token, lead=lead, inside=inside, manages=manages)


_unseen = select(func.count(notice.c.id)).where(
    notice.c.member == bindparam("member"), notice.c.seen_at.is_(None)
)
_bell = select(stream.c.epoch, stream.c.head, _unseen.scalar_subquery().label("unseen")).where(
    stream.c.id == bindparam("key")
)


def with_bell(c: Connection, held: Held, about: str, subject: str | None) -> Who | None:
    """The same for a page, whose frame shows how many notices its reader has not seen."""
    if (who := find(c, held, about, subject)) is None:
        return None
    at = c.execute(_bell, {"key": f"me:{who.id}", "member": who.id}).one()
    return replace(who, unseen=at.unseen, own_stream=f"me@{at.epoch}.{at.head}")


def find_all(c: Connection, held: Sequence[Held]) -> dict[Held, Who]:
    """The callers behind some credentials, in no place; those that stand for nobody are left out."""
    found: dict[Held, Who] = {}
    for by_token in (True, False):
        if hashes := {hashed for hashed, token in held if token is by_token}:
            values = {"hashes": list(hashes)} | ({} if by_token else {"now": now()})
            for row in c.execute(_crowds[by_token], values):
                known = dict(row._mapping)
                key = known.pop("hash"), by_token
                found[key] = Who(**known, by_token=by_token)
    return found


def streams_of(c: Connection, members: Iterable[str]) -> dict[str, list[str]]:
    """Every stream each of them may hear now: the company's, the desk's for whoever is at it, their own, and
    those of their squads.
    """
    streams = {one: ["company", f"me:{one}"] for one in members}
    for one in c.scalars(_desk, {"members": list(streams)}):
        streams[one].append("desk")
    for row in c.execute(_memberships, {"members": list(streams)}):
        streams[row.member].append(row.squad)
    return streams
