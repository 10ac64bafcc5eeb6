"""Who is through a track: how many, for all; by name for those who lead there, where the track says so."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, or_, select

from server.drive.attached import for_all
from server.drive.models import drive_document, drive_folder
from server.drive.queries import top
from server.members.models import member
from server.squads.models import membership
from server.training.models import training_done, training_step, training_track


class Through(NamedTuple):
    """A member who has done every step, and when they did the last."""

    id: str
    name: str
    at: datetime


def _open(track: str) -> Select[Any]:
    """The steps everybody it is for sees: words, and documents that all of its squad, or company, see."""
    query = select(training_step.c.id).join(training_track, training_track.c.id == training_step.c.track)
    query = query.outerjoin(drive_document, drive_document.c.id == training_step.c.document)
    query = query.outerjoin(drive_folder, drive_folder.c.id == drive_document.c.folder)
    query = query.outerjoin(top, top.c.id == drive_folder.c.top)
    seen = or_(training_step.c.document.is_(None), for_all(training_track.c.squad))
    return query.where(training_step.c.track == track, seen)


def _through(c: Connection, track: str) -> Select[Any]:
    steps = list(c.scalars(_open(track)))
    last = func.max(training_done.c.at).label("at")
    query = select(training_done.c.member, last).where(training_done.c.step.in_(steps))
    return query.group_by(training_done.c.member).having(func.count() == max(1, len(steps)))


def finished(c: Connection, track: str) -> int:
    """How many members have done every step of it that all of them see."""
    return int(c.scalar(select(func.count()).select_from(_through(c, track).subquery())) or 0)


def by_name(c: Connection, track: str) -> list[Through]:
    """Those who are in its squad, or the company, and were through since it tells so; the last first. Nobody
    where it does not.
    """
    row = c.execute(select(training_track).where(training_track.c.id == track)).one()
    if row.named_at is None:
        return []
    done = _through(c, track).subquery()
    query = select(member.c.id, member.c.name, done.c.at).join(done, done.c.member == member.c.id)
    query = query.where(done.c.at >= row.named_at, member.c.deactivated_at.is_(None))
    if row.squad:
        query = query.join(membership, membership.c.member == member.c.id)
        query = query.where(membership.c.squad == row.squad, membership.c.left_at.is_(None))
    rows = c.execute(query.order_by(done.c.at.desc(), member.c.name)).all()
    return [Through(one.id, one.name, one.at) for one in rows]


def tellers(c: Connection, squad: str | None) -> list[str]:
    """The names of those who are told: who leads or manages the squad, or the admins."""
    query = select(member.c.name).where(member.c.deactivated_at.is_(None))
    if squad is None:
        query = query.where(member.c.role == "admin")
    else:
        query = query.join(membership, membership.c.member == member.c.id)
        leads = or_(membership.c.lead, membership.c.manages)
        query = query.where(membership.c.squad == squad, membership.c.left_at.is_(None), leads)
    return list(c.scalars(query.order_by(member.c.name)))
