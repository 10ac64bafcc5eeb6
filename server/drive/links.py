"""Links to documents for customers: made, changed and ended by members.

A link's token is made from the installation's secret and its id, so that it can be shown again; what is
stored is its hash.
"""

import base64
import hmac
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from config.settings import Settings
from server import journal
from server.access import Who, digest
from server.calls.models import call
from server.customers.file import mine
from server.customers.telling import squads_of
from server.drive.actions import opened
from server.drive.leaves import DRAWN
from server.drive.models import drive_document, drive_folder, drive_link, drive_version
from server.errors import Conflict, Invalid, NotFound
from server.members.queries import last_squad
from server.schema import new_id, now
from server.text import checked
from web.render import N_

CODE_MIN, CODE_MAX = 4, 60
ENDED = N_("This link is switched off. Share the document again for a new one.")
CUSTOMER = N_("This customer is not on your lists.")


class Made(NamedTuple):
    """A link's id, and whether this request made it."""

    id: str
    created: bool


class Changes(NamedTuple):
    """What a link is to be from now on; None: as it was.

    `until` the moment it is over, `code` hashed and empty for none, `customer` empty for no one.
    """

    until: datetime | None = None
    download: bool | None = None
    code: str | None = None
    customer: str | None = None


def token(secret: str, id: str) -> str:
    """What a link's address ends with: 256 bits nobody without the secret can guess."""
    made = hmac.digest(secret.encode(), f"document link {id}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def make(
    c: Connection, who: Who, document: str, id: str, settings: Settings, customer: str | None = None
) -> Made:
    """A link to a document, for a customer if one is named; the same id again is the same link."""
    same = (drive_link.c.made_by == who.id) & (drive_link.c.client_id == id)
    if known := c.execute(select(drive_link.c.id, drive_link.c.document).where(same)).one_or_none():
        if known.document != document:
            raise Invalid({"id": N_("This does not look right.")})
        return Made(known.id, False)
    newest = _newest(c, document)
    link, moment = new_id(), now()
    row: dict[str, Any] = {"id": link, "document": document, "customer": customer}
    row |= {"made_by": who.id, "client_id": id}
    row |= {"squad": heard_by(c, who, customer), "hash": digest(token(settings.secret, link))}
    row |= {"download": newest.media_type not in DRAWN or not newest.pages, "made_at": moment}
    row["expires_at"] = at_night(moment, who.zone, settings.link_days)
    c.execute(insert(drive_link), row)
    opened(c, who, document)  # it is at hand next time
    tell(c, link, "made", who.id)
    return Made(link, True)


def _newest(c: Connection, document: str) -> Any:
    """The version that counts, of a document that is not in the bin."""
    query = select(drive_version).join(
        drive_document,
        (drive_document.c.id == drive_version.c.document) & (drive_document.c.n == drive_version.c.n),
    )
    query = query.join(drive_folder, drive_folder.c.id == drive_document.c.folder)
    here = (drive_document.c.bin.is_(None), drive_folder.c.bin.is_(None))
    row = c.execute(query.where(drive_document.c.id == document, *here)).one_or_none()
    if row is None:
        raise NotFound
    return row


def heard_by(c: Connection, who: Who, customer: str | None) -> str | None:
    """The squad that hears what comes of a link; raises `Invalid` for a customer the member may not see."""
    own = mine(c, who)
    if customer is None:
        last = last_squad(c, who.id)
        return who.squad if who.squad in own else last if last in own else None
    theirs = squads_of(c, customer)
    if near := [one for one in (who.squad, *theirs) if one in own and one in theirs]:
        return near[0]
    called = c.scalar(select(call.c.squad).where(call.c.customer == customer).limit(1))
    if who.role != "desk" or called is None:
        raise Invalid({"customer": CUSTOMER})
    return str(called)


def at_night(moment: datetime, zone: str, days: int) -> datetime:
    """The end of the day so many days after a moment, where somebody is."""
    here = ZoneInfo(zone)
    day = moment.astimezone(here).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), here)


def checked_until(day: date, who: Who, settings: Settings) -> datetime:
    """The end of a day; raises `Invalid` where it is over, or too far off."""
    away = (day - now().astimezone(ZoneInfo(who.zone)).date()).days
    if away < 0:
        raise Invalid({"until": N_("This day is over.")})
    if away > settings.link_days_most:
        raise Invalid({"until": N_("At most %(most)s days.")}, {"most": settings.link_days_most})
    return at_night(now(), who.zone, away)


def checked_code(code: str) -> str:
    """A code that may be asked for."""
    code = checked("code", code.strip(), CODE_MAX)
    if len(code) < CODE_MIN:
        raise Invalid({"code": N_("At least %(least)s characters.")}, {"least": CODE_MIN})
    return code


def change(c: Connection, who: Who, link: str, to: Changes) -> None:
    """What a link is from now on. Open again, it may be asked for again once it is over."""
    row = c.execute(select(drive_link).where(drive_link.c.id == link).with_for_update()).one()
    if row.ended_at is not None:
        raise Conflict(ENDED)
    newest = _newest(c, row.document)
    values: dict[str, Any] = {}
    if to.download is False and (newest.media_type not in DRAWN or not newest.pages):
        raise Invalid({"download": N_("This cannot be shown as pages: without the file there is nothing.")})
    if to.download is not None:
        values["download"] = to.download
    if to.customer is not None and (to.customer or None) != row.customer:
        values |= {"customer": to.customer or None, "squad": heard_by(c, who, to.customer or None)}
    if to.until is not None:
        values |= {"expires_at": to.until, "again_at": None}
    if to.code is not None:
        values["code"] = to.code or None
    if values:
        c.execute(update(drive_link).where(drive_link.c.id == link).values(**values))
        tell(c, link, "changed", who.id)


def end(c: Connection, who: Who, link: str) -> None:
    """It leads nowhere any more, from the next request on. Ended once, it stays so."""
    standing = (drive_link.c.id == link) & drive_link.c.ended_at.is_(None)
    if c.execute(update(drive_link).where(standing).values(ended_at=now(), ended_by=who.id)).rowcount:
        tell(c, link, "ended", who.id)


def heard_on(c: Connection, link: Any) -> set[str]:
    """The streams that hear of a link: its maker's, and those of the squads whose customer it is for."""
    return {f"me:{link.made_by}", *(squads_of(c, link.customer) if link.customer else ())}


def tell(c: Connection, link: str, did: str, by: str | None, **about: Any) -> None:
    """One entry for whoever made the link, and one for each squad whose customer it is for; by ids alone."""
    row = c.execute(select(drive_link).where(drive_link.c.id == link)).one()
    streams = heard_on(c, row)
    data = {"id": link, "document": row.document, "customer": row.customer, "did": did, **about}
    for key, at in sorted(journal.take_all(c, streams).items()):
        journal.append(c, key, "link", data, actor=by, subject=link, at=at)
