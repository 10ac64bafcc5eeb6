"""What an author puts at lines of their own log besides words: photos, and the problems a line shows."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, delete, func, insert, select

from server.access import Who
from server.errors import Invalid, NotFound
from server.logs import marks
from server.logs.forms import Written
from server.logs.models import log_line, log_photo, log_recipient
from server.logs.views import Line
from server.photos import actions as photos
from server.photos import queries as shown
from server.photos.models import attachment
from server.photos.queries import Photo
from server.schema import new_id, now
from server.squads.models import membership
from web.render import N_

PHOTOS_MAX = 12
"""Put by hand at one line."""


def put(c: Connection, who: Who, log: str, form: Written, shown: Mapping[str, Line], told: bool) -> None:
    """Keeps photos and problems at some of the lines `shown`. Problems of told ones are told at once."""
    wanted = {one.key for one in form.photos} | set(form.problems)
    at = _lines(c, log, wanted, shown)
    if form.recipients is not None:
        address(c, who, log, [str(one) for one in form.recipients])
    here = select(log_line.c.id).where(log_line.c.log == log)
    without = [str(one) for one in form.without]
    c.execute(delete(log_photo).where(log_photo.c.line.in_(here), log_photo.c.id.in_(without)))
    known = set(c.scalars(select(log_photo.c.id).where(log_photo.c.line.in_(here))))
    for one in form.photos:
        if str(one.id) not in known:
            c.execute(insert(log_photo), {"line": at[one.key], "id": str(one.id), "at": now()})
            known.add(str(one.id))
    count = select(func.count()).where(log_photo.c.line.in_(list(at.values()))).group_by(log_photo.c.line)
    if any(n > PHOTOS_MAX for n in c.scalars(count)):
        raise Invalid({"photos": N_("At most %(most)s photos at once.")}, {"most": PHOTOS_MAX})
    for key, problems in form.problems.items():
        marks.show(c, who, log, at[key], [str(one) for one in problems], told)


def _lines(c: Connection, log: str, keys: Iterable[str], shown: Mapping[str, Line]) -> dict[str, str]:
    """Lines by key; one nobody has written in yet stays as it is drafted."""
    found = {row.key: row.id for row in c.execute(select(log_line).where(log_line.c.log == log))}
    for key in sorted(set(keys) - set(found)):
        if (line := shown.get(key)) is None or line.field:
            raise NotFound
        visit = line.visit and line.visit.id
        blank = {"text": "", "told": None, "revision": 0, "device": "", "visit": visit}
        found[key] = new_id()
        c.execute(insert(log_line), {"id": found[key], "log": log, "key": key, **blank})
    return {key: found[key] for key in keys}


def address(c: Connection, who: Who, log: str, people: Collection[str]) -> None:
    """Who is to answer it from now on; nobody: those who lead."""
    here = (membership.c.squad == who.squad) & membership.c.left_at.is_(None)
    inside = set(c.scalars(select(membership.c.member).where(here))) - {who.id}
    if not set(people) <= inside:
        raise Invalid({"recipients": N_("Choose from the list.")})
    c.execute(delete(log_recipient).where(log_recipient.c.log == log))
    for one in sorted(set(people)):
        c.execute(insert(log_recipient), {"log": log, "member": one})


def recipients(c: Connection, logs: Collection[str]) -> dict[str, list[str]]:
    """Whom some logs are for, where that is chosen."""
    found: dict[str, list[str]] = {}
    query = select(log_recipient).where(log_recipient.c.log.in_(list(logs)))
    for row in c.execute(query.order_by(log_recipient.c.member)):
        found.setdefault(row.log, []).append(row.member)
    return found


def untold(c: Connection, log: str) -> bool:
    """Whether the squad has other photos than the author put there."""
    there = select(attachment.c.client_id).where(attachment.c.post == log)
    return set(_named(c, log)) != set(c.scalars(there))


def tell(c: Connection, who: Who, log: str) -> None:
    """Hangs the photos on the log's post; those that were taken away are gone from it."""
    named = _named(c, log)
    rows = c.execute(select(attachment).where(attachment.c.post == log)).all()
    gone = [row.id for row in rows if row.client_id not in named]
    c.execute(delete(attachment).where(attachment.c.id.in_(gone)))
    there = {row.client_id for row in rows}
    after = max((row.n for row in rows), default=-1) + 1
    photos.name(c, who, log, [id for id in named if id not in there], after)


def _named(c: Connection, log: str) -> list[str]:
    query = select(log_photo.c.id).join(log_line, log_line.c.id == log_photo.c.line)
    return list(c.scalars(query.where(log_line.c.log == log).order_by(log_photo.c.at, log_photo.c.id)))


def photos_of(c: Connection, lines: Collection[str], author: str | None) -> dict[str, list[Photo]]:
    """The photos at some lines: as their `author` has them or, without, as the squad does."""
    query = select(log_photo.c.line, log_photo.c.id.label("sent"))
    query = query.where(log_photo.c.line.in_(list(lines))).order_by(log_photo.c.at, log_photo.c.id)
    found: dict[str, list[Photo]] = {}
    if author:
        rows = c.execute(query).all()
        here = shown.of_author(c, author, [row.sent for row in rows])
        for row in rows:
            found.setdefault(row.line, []).append(here.get(row.sent, Photo(row.sent, None, None)))
        return found
    told = query.join(log_line, log_line.c.id == log_photo.c.line).add_columns(
        attachment.c.post, attachment.c.id.label("as")
    )
    same = (attachment.c.post == log_line.c.log) & (attachment.c.client_id == log_photo.c.id)
    rows = c.execute(told.join(attachment, same)).all()
    by_post = shown.of(c, list({row.post for row in rows})) if rows else {}
    for row in rows:
        one = next(one for one in by_post[row.post] if one.id == row._mapping["as"])
        found.setdefault(row.line, []).append(one)
    return found
