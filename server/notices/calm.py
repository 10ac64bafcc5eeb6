"""When a member is left alone: quiet hours where they live, open visits, everything muted for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, or_, select

from server.calls.models import duty
from server.errors import Invalid
from server.members.models import member
from server.notices.kinds import KINDS
from server.notices.models import notice_calm
from server.schema import now
from server.squads.models import membership
from server.visits.queries import still_open
from web.render import N_

DAY = 24 * 60
LAST_YEAR = 9000
"""What is later than this is for good."""


@dataclass(frozen=True, slots=True)
class Calm:
    """One member's. `quiet_from` and `quiet_to` are minutes after midnight in their zone, None: no quiet
    hours. `muted_until` is None also where it is for good."""

    quiet_from: int | None
    quiet_to: int | None
    visiting: bool
    duty: bool
    muted: bool
    muted_until: datetime | None
    zone: str


def calm(c: Connection, who: str, moment: datetime | None = None) -> Calm:
    """How a member has it set."""
    moment = moment or now()
    row = c.execute(
        select(notice_calm, member.c.zone, member.c.role)
        .select_from(member.outerjoin(notice_calm, notice_calm.c.member == member.c.id))
        .where(member.c.id == who)
    ).one()
    muted = row.muted_at is not None and (row.muted_until is None or row.muted_until > moment)
    return Calm(
        row.quiet_from,
        row.quiet_to,
        row.visiting is not False,
        _leads(c, who, row.role) if row.duty is None else row.duty,
        muted,
        row.muted_until if muted else None,
        row.zone,
    )


def _leads(c: Connection, who: str, role: str) -> bool:
    """Who answers for others is reached unless they say otherwise."""
    here = (membership.c.member == who) & membership.c.left_at.is_(None)
    led = select(membership.c.id).where(here, or_(membership.c.lead, membership.c.manages)).limit(1)
    return role == "desk" or c.scalar(led) is not None


def _on_duty(c: Connection, who: str) -> bool:
    """Whether they have said so at the desk: then calls reach them whatever is set here."""
    there = select(duty.c.id).where(duty.c.member == who, duty.c.to_at.is_(None)).limit(1)
    return c.scalar(there) is not None


def set_calm(c: Connection, who: str, **values: Any) -> None:
    """Sets all of it; raises `Invalid` for times that are none, or hours with one end."""
    ends = [values.get("quiet_from"), values.get("quiet_to")]
    if any(one is not None and not 0 <= one < DAY for one in ends) or ends.count(None) == 1:
        raise Invalid({"quiet": N_("Quiet hours have a beginning and an end, like 22:00 and 07:00.")})
    if ends[0] == ends[1]:
        values |= {"quiet_from": None, "quiet_to": None}
    c.execute(delete(notice_calm).where(notice_calm.c.member == who))
    c.execute(insert(notice_calm), {"member": who, **values})


def may_go(c: Connection, who: str, kind: str, actor: str | None, moment: datetime, timeout: int) -> datetime:
    """From when on a member may be told on their devices; `datetime.max` in UTC: not at all."""
    set_so, of = calm(c, who, moment), KINDS[kind]
    urgent = of.urgent or (kind == "mention" and actor is not None and still_open(c, actor, timeout))
    through = bool(urgent) and (set_so.duty or _on_duty(c, who))
    if set_so.muted and not through:
        if set_so.muted_until is None or set_so.muted_until.year > LAST_YEAR:
            return NEVER
        moment = max(moment, set_so.muted_until)
    if not through:
        moment = after_quiet(set_so, moment)
    inside = still_open(c, who, timeout) if set_so.visiting and not of.into_visits else None
    return max(moment, inside.captured_at + timedelta(seconds=timeout)) if inside else moment


NEVER = datetime.max.replace(tzinfo=now().tzinfo)


def after_quiet(calm: Calm, moment: datetime) -> datetime:
    """The moment, or the end of the quiet hours it falls into."""
    if calm.quiet_from is None or calm.quiet_to is None:
        return moment
    here = moment.astimezone(ZoneInfo(calm.zone))
    minute = here.hour * 60 + here.minute
    if (minute - calm.quiet_from) % DAY >= (calm.quiet_to - calm.quiet_from) % DAY:
        return moment
    end = here.replace(hour=calm.quiet_to // 60, minute=calm.quiet_to % 60, second=0, microsecond=0)
    return (end if end > here else end + timedelta(days=1)).astimezone(moment.tzinfo)


def clock(minute: int | None) -> str:
    """Minutes after midnight as a clock shows them."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def minutes(shown: str) -> int | None:
    """And back; -1 for what no clock shows."""
    if not shown.strip():
        return None
    hour, _, minute = shown.strip().partition(":")
    if not (hour.isascii() and hour.isdigit() and minute[:2].isascii() and minute[:2].isdigit()):
        return -1
    found = int(hour) * 60 + int(minute[:2])
    return found if int(hour) < 24 and int(minute[:2]) < 60 else -1
