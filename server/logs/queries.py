"""What can be asked about logs: one's own draft of a day, a published one, the squad's list."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, select

from server.access import Who
from server.calls.models import call
from server.errors import NotFound
from server.feed import queries as feed
from server.feed.models import post
from server.feed.views import Person, Post
from server.logs import adding, answering, cards, filing, lines, marks, templates
from server.logs.models import log, log_call, log_line, log_read, log_reply, log_revision
from server.logs.views import Log
from server.squads.models import membership
from server.visits.models import visit
from server.visits.queries import today

STANDING = post, (post.c.id == log.c.id) & post.c.deleted_at.is_(None)
"""Joined to logs it leaves those that are told and not forgotten."""


def span(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a day begins and ends in a zone; 23 or 25 hours where the clocks change."""
    at = ZoneInfo(zone)
    return datetime.combine(day, time(), at), datetime.combine(day + timedelta(days=1), time(), at)


def visits_of(c: Connection, member: str, squad: str, day: date, zone: str) -> list[str]:
    """A member's visits in a squad on a day in that zone, in the order they went."""
    begins, ends = span(day, zone)
    theirs = (visit.c.member == member) & (visit.c.squad == squad) & visit.c.retracted_at.is_(None)
    when = (visit.c.captured_at >= begins) & (visit.c.captured_at < ends)
    query = select(visit.c.id).where(theirs, when)
    return list(c.scalars(query.order_by(visit.c.captured_at, visit.c.id)))


def draft(c: Connection, who: Who, day: date, kind: str = "day") -> Log:
    """The caller's own day, or the week it is in, as they have it, whether anything of it is kept yet or not.

    Raises `NotFound` for a day nobody had.
    """
    assert who.squad
    if not 2000 <= day.year <= 2100:
        raise NotFound
    day = begins(day, kind)
    mine = (log.c.member == who.id) & (log.c.squad == who.squad) & (log.c.kind == kind) & (log.c.day == day)
    row = c.execute(select(log).where(mine)).one_or_none()
    zone = row.zone if row else who.zone
    ids = visits_of(c, who.id, who.squad, day, zone) if kind == "day" else []
    days, asked = _week(c, who, day) if kind == "week" else ({}, {})
    if row:
        return _filled(c, [row], Draft(ids, days, asked))[0]
    author = feed.persons(c, {who.id})[who.id]
    posts, fields = feed.some(c, ids), templates.fields(c, who.squad)
    shown = [posts[id] for id in ids if id in posts]
    made = lines.of_visits(shown, _calls(c, ids), fields, lines.NOTHING)
    one = Log(
        None, who.squad, author, day, zone, None, None, None, made, lines.sections(asked, lines.NOTHING)
    )
    one.kind, one.days = kind, lines.of_days(days, lines.NOTHING)
    one.own = lines.of_fields(fields, kind, lines.NOTHING)
    return one


def begins(day: date, kind: str) -> date:
    """The day itself, or the Monday of its week."""
    return day - timedelta(days=day.weekday()) if kind == "week" else day


class Draft(NamedTuple):
    """What a draft is made of besides what is kept: visits, and what the days of a week say."""

    visits: list[str]
    days: dict[str, str]
    asked: dict[str, str]


def _week(c: Connection, who: Who, monday: date) -> tuple[dict[str, str], dict[str, str]]:
    last = min(monday + timedelta(days=6), today(who.zone))
    count = (last - monday).days + 1
    return lines.week([draft(c, who, monday + timedelta(days=n)) for n in range(count)])


def some(c: Connection, ids: Iterable[str]) -> dict[str, Log]:
    """Published logs by id, with the lines that are told."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = c.execute(select(log).join(*STANDING).where(log.c.id.in_(wanted))).all()
    return {one.id: one for one in _filled(c, rows) if one.id}


def _filled(c: Connection, rows: Sequence[Any], own: Draft | None = None) -> list[Log]:
    """Logs with all that is in them; `own`: one as its author has it, told or not."""
    ids = [row.id for row in rows]
    kept: dict[str, dict[str, Any]] = {id: {} for id in ids}
    for line in c.execute(select(log_line).where(log_line.c.log.in_(ids))):
        if own is not None or line.told is not None:
            kept[line.log][line.key] = line
    about = {id: [line.visit for line in kept[id].values() if line.visit] for id in ids}
    if own is not None:
        about = {id: list(dict.fromkeys([*about[id], *own.visits])) for id in ids}
    posts = feed.some(c, {id for some in about.values() for id in some})
    calls, before = _calls(c, list(posts)), _before(c, ids)
    named, read, felt = feed.mentions_of(c, ids), readers(c, ids), feed.reactions_of(c, ids)
    inside = {row.squad: _inside(c, row.squad) for row in rows}
    who = {row.member for row in rows} | _ids(named) | _ids(felt)
    people = feed.persons(c, who.union(*read.values(), *inside.values()))
    waits = set[str]().union(*(answering.open_of(c, row.squad, [row.id]) for row in rows))
    chosen, found = adding.recipients(c, ids), []
    counted = cards.weeks(c, {row.id: row.day for row in rows if row.kind == "week"})
    for row in rows:
        called = _called(named.get(row.id, {}), people)
        order = sorted((posts[id] for id in about[row.id] if id in posts), key=_when)
        seen = {row.member, *read.get(row.id, ())}
        known, fields = lines.Written(kept[row.id], before, called), templates.from_data(row.fields)
        one = Log(row.id, row.squad, people[row.member], row.day, row.zone, row.saved_at, row.published_at,
                  row.updated_at, lines.of_visits(order, calls, fields, known),
                  lines.sections(own.asked if own else {}, known))  # fmt: skip
        one.kind, one.own = row.kind, lines.of_fields(fields, row.kind, known)
        one.days = lines.of_days(own.days if own else {}, known)
        one.read = [people[by] for by in read.get(row.id, ())]
        one.missing = [people[by] for by in inside[row.squad] if by not in seen]
        one.to = [people[by] for by in chosen.get(row.id, ()) if by in people]
        _marked(c, one, own is not None)
        _said(c, one)
        one.waits, one.counted = row.id in waits, counted.get(row.id, (0, 0))
        one.reactions = feed.reactions_shown(row.id, felt, people)
        found.append(one)
    return found


def _marked(c: Connection, one: Log, own: bool) -> None:
    """Photos put there by hand and problems that are shown, as its author has them or as the squad does."""
    here = {line.id: line for line in one.lines if line.id}
    for id, pictures in adding.photos_of(c, here, one.author.id if own else None).items():
        here[id].photos = pictures
    for id, shown in marks.of_lines(c, here).items():
        here[id].problems = shown


def _said(c: Connection, one: Log) -> None:
    """Hangs the log's thread on its lines, and what became of them."""
    here = {line.id: line for line in one.lines if line.id}
    if one.published_at is None or one.id is None or not here:
        return
    about = select(log_reply.c.id, log_reply.c.line).where(log_reply.c.line.in_(here))
    at = {row.id: row.line for row in c.execute(about)}
    for reply in feed.thread(c, one.id):
        line = here.get(at.get(reply.id, ""))
        (line.replies if line else one.replies).append(reply)
    for id, filed in filing.of_lines(c, here).items():
        here[id].filed = filed
    for one_play in marks.plays(c, one.squad, here):
        here[one_play.line].plays.append(one_play)
    became = c.execute(select(log_call.c.id, log_call.c.line).where(log_call.c.line.in_(here))).all()
    posts = feed.some(c, [row.id for row in became])
    for row in sorted(became):
        if row.id in posts:
            here[row.line].tasks.append(posts[row.id])


def _when(post: Post) -> tuple[datetime, str]:
    assert post.visit
    return post.visit.captured_at, post.id


def _calls(c: Connection, visits: list[str]) -> dict[str, list[Post]]:
    """The calls made from within some visits, by visit."""
    if not visits:
        return {}
    query = select(call.c.id, call.c.visit).where(call.c.visit.in_(visits)).order_by(call.c.opened_at)
    rows = c.execute(query).all()
    posts, found = feed.some(c, [row.id for row in rows]), dict[str, list[Post]]()
    for row in rows:
        if row.id in posts:
            found.setdefault(row.visit, []).append(posts[row.id])
    return found


def _before(c: Connection, ids: list[str]) -> lines.Before:
    query = select(log_revision).join(log_line, log_line.c.id == log_revision.c.line)
    found = lines.Before()
    for row in c.execute(query.where(log_line.c.log.in_(ids)).order_by(log_revision.c.replaced_at.desc())):
        found.setdefault(row.line, []).append((row.text, row.replaced_at))
    return found


def readers(c: Connection, ids: list[str]) -> dict[str, list[str]]:
    """Who has read each of some logs, the first first."""
    found: dict[str, list[str]] = {}
    query = select(log_read).where(log_read.c.log.in_(ids))
    for row in c.execute(query.order_by(log_read.c.at, log_read.c.member)):
        found.setdefault(row.log, []).append(row.member)
    return found


def _inside(c: Connection, squad: str) -> list[str]:
    here = and_(membership.c.squad == squad, membership.c.left_at.is_(None))
    return list(c.scalars(select(membership.c.member).where(here).order_by(membership.c.joined_at)))


def _ids(found: feed.Felt) -> set[str]:
    return {by for kinds in found.values() for members in kinds.values() for by in members}


def _called(named: dict[str, list[str]], people: dict[str, Person]) -> dict[str, str]:
    return {people[by].name: by for by in named.get("", [])}
