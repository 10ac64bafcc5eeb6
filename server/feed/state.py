"""What the live page and a thread of it show, each read in one view of the database."""

from typing import Any

from sqlalchemy import Connection, select

from channels.position import Position
from config.settings import Settings
from server import journal
from server.access import Who
from server.announcements import queries as announcements
from server.drive import shown
from server.errors import NotFound
from server.feed import queries
from server.feed.common import Commons, common
from server.feed.inside import meanwhile
from server.feed.since import since
from server.feed.views import Post
from server.members.queries import company
from server.notices.models import notice_calm
from server.schema import new_id, now
from server.squads import queries as squads
from server.squads import unread
from server.sweeps.positions import mine as shared_by
from server.training.queries import to_begin_with
from server.visits import queries as visits


def live_state(
    c: Connection,
    who: Who,
    settings: Settings,
    commons: Commons,
    before: int | None = None,
    only: str | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    """All the live page shows. The cursors are read first: what happens meanwhile comes as frames."""
    assert who.squad is not None
    assert who.squad_zone is not None
    keys = (who.squad, "company", f"me:{who.id}")
    found = journal.heads(c, dict.fromkeys(keys))
    streams, size = {key: found[key] for key in keys}, settings.feed_page
    here = {key: streams[key] for key in (who.squad, "company")}
    shared = common(c, who.squad, who.squad_zone, here, size, commons)
    part = before is not None or only is not None
    return {
        "streams": cursors(streams),
        "posts": queries.page(c, who.squad, size, before, only) if part else shared.posts,
        "field": shared.field,
        "squads": squads.mine(c, who.id),
        "news": announcements.standing(c, who.squad, but_read_by=who.id),
        "unread": unread.counts(c, who.id),
        "begin": to_begin_with(c, who, settings.training_new_days),
        "since": since(c, who.id, who.squad, size, settings.absence) if not only else None,
        "people": shared.people,
        "inside": visits.still_open(c, who.id, settings.visit_timeout),
        "hush": settings.visit_timeout if left_alone(c, who.id) else None,
        "town": company(c).demo,
        "sweep": shared.sweep,
        "sharing": shared_by(c, who),
        "meanwhile": meanwhile(c, who, after) if after else None,
        "only": only or "all",
        "before": before,
        "made": journal.stamp(now()),
    }


def left_alone(c: Connection, who: str) -> bool:
    """Whether a member is left alone while in a visit, on every device: unless they chose otherwise."""
    return c.scalar(select(notice_calm.c.visiting).where(notice_calm.c.member == who)) is not False


def cursors(streams: dict[str, Position]) -> str:
    """The page's place in each of its streams, as `/live` wants it."""
    return ",".join(f"{key.partition(':')[0]}@{at}" for key, at in streams.items())


def thread_state(c: Connection, who: Who, id: str) -> dict[str, Any]:
    """What the drawer shows; its place in the stream is read before its content."""
    assert who.squad is not None
    at = journal.head(c, who.squad)
    root: Post | None = queries.some(c, [id]).get(id)
    if root is None or root.squad != who.squad:
        raise NotFound
    return {
        "thread": root,
        "replies": queries.thread(c, id),
        "shown_there": shown.in_visit(c, who, id) if root.visit else [],
        "at": at.offset,
        "reply_id": new_id(),
        "people": squads.people(c, who.squad),
        "errors": {},
        "reply_typed": "",
    }
