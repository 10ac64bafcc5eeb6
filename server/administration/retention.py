"""What is kept how long: settings, in days. Once a day what is older is removed, and what was is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, or_, select

from config.settings import Settings
from server import audit
from server.administration.forgetting import forget_announcements, forget_feed
from server.db import Database
from server.drive import bin as drive_bin
from server.logs import forgetting as logs
from server.members.models import access_change, api_token, reset_link, session
from server.notices import actions as notices
from server.schema import now
from server.sight import actions as sight
from server.sight.models import look
from server.squads.models import invite
from web.render import N_


class Rule(NamedTuple):
    """One kind of thing: how it is called, how many days it is kept (0: for ever), and how it is forgotten.

    `forget` removes what is older than a moment, or some of it, and answers how much; 0 when nothing is left.
    """

    name: str
    days: int
    forget: Callable[[Connection, datetime, int], int]


def rules(settings: Settings) -> list[Rule]:
    """All of them, as an installation has set them."""
    return [
        Rule(N_("Posts, visits and the journal"), settings.feed_days, forget_feed),
        Rule(N_("Announcements that are over"), settings.feed_days, forget_announcements),
        Rule(N_("Logs that were never sent"), settings.feed_days, forget_drafts),
        Rule(N_("Who looked at whose day"), settings.look_days, forget_looks),
        Rule(N_("Notices"), settings.notice_days, forget_notices),
        Rule(N_("Ended sign-ins, used links, revoked tokens"), settings.ended_days, forget_ended),
        Rule(N_("What lies in the drive’s bin"), settings.drive_bin_days, drive_bin.forget),
        Rule(N_("Who administered what"), settings.audit_days, forget_audit),
    ]


async def keep_no_longer(db: Database, moment: datetime | None = None) -> None:
    """Forgets all that is old enough, in many small transactions: nobody waits long, a crash loses none."""
    moment = moment or now()
    for rule in rules(db.settings):
        before = moment - timedelta(days=rule.days)
        while rule.days and await db.write(rule.forget, before, rule.days):
            pass


def forget_looks(c: Connection, before: datetime, days: int) -> int:
    """Looks, also what the journal says of them."""
    n = sight.forget(c, look.c.last_at < before)
    return _told(c, "forgot_looks", n, days)


def forget_notices(c: Connection, before: datetime, days: int) -> int:
    """What members were told of."""
    n = notices.forget(c, before)
    return _told(c, "forgot_notices", n, days)


def forget_drafts(c: Connection, before: datetime, days: int) -> int:
    """Logs that were only drafts."""
    n = logs.forget_drafts(c, before)
    return _told(c, "forgot_drafts", n, days)


def forget_ended(c: Connection, before: datetime, days: int) -> int:
    """Sessions, reset links, invitations and tokens that have ended; changes of access all have heard of."""
    newest = select(func.max(access_change.c.id)).scalar_subquery()  # whose number must not be given again
    ended = (
        delete(session).where(session.c.expires_at < before),
        delete(reset_link).where(or_(reset_link.c.used_at < before, reset_link.c.expires_at < before)),
        delete(invite).where(or_(invite.c.revoked_at < before, invite.c.expires_at < before)),
        delete(api_token).where(api_token.c.revoked_at < before),
    )
    n = sum(c.execute(one).rowcount for one in ended)
    c.execute(delete(access_change).where(access_change.c.at < before, access_change.c.id < newest))
    return _told(c, "forgot_ended", n, days)


def forget_audit(c: Connection, before: datetime, days: int) -> int:
    """Acts of administration."""
    n = c.execute(delete(audit.audit).where(audit.audit.c.at < before)).rowcount
    return _told(c, "forgot_audit", n, days)


def _told(c: Connection, kind: str, n: int, days: int) -> int:
    if n:
        audit.note(c, None, kind, n=n, days=days)
    return n
