"""What is on its way to devices, addresses and channels: a row each, written with its cause.

One job for each endpoint takes all that is due there and sends it as one message. Rows are claimed before
they are sent and gone after: of who is killed in between, or got no answer, nobody knows whether it arrived.
Then the same rows, and no others, are sent once more after a while under the same name, so that a device
replaces what it has. What was seen meanwhile is not sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from config.settings import Settings
from server import jobs
from server.members.models import login, member, session
from server.notices import queries
from server.notices.calm import NEVER, may_go
from server.notices.kinds import KINDS
from server.notices.models import delivery, endpoint, notice
from server.notices.queries import Notice
from server.notices.wishes import wanted
from server.schema import new_id, now
from server.squads.models import membership

JOB = "notices"
"""The kind of job that sends what is due at one endpoint."""
PATIENCE = timedelta(minutes=3)
"""A claim without news is nobody's after this."""
GATHER = timedelta(seconds=5)
"""What would be due so soon goes along."""
STALE = timedelta(days=1)
"""Nobody is told of what is older."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent to one endpoint now. Sent again, `name` and `several` stay as they were."""

    claim: str
    name: str
    kind: str
    secret: dict[str, Any]
    lang: str
    address: str
    notices: list[Notice]
    several: bool


def plan(c: Connection, one: Any, settings: Settings) -> None:
    """A notice (its row) is new, or new again: it goes where its member wants it, or to the channels."""
    ways = _own(c, one.member, settings) if one.member else _channels(c, one.squad)
    if not ways or (one.member and _muted(c, one.member, one.squad)):
        return
    for to in ways:
        if one.member and not wanted(c, one.member, one.kind, to.kind):
            continue
        due = due_at(c, one, to.kind, settings)
        same = (delivery.c.endpoint == to.id) & (delivery.c.notice == one.id)
        c.execute(delete(delivery).where(same, delivery.c.claim.is_(None)))
        if due == NEVER or c.scalar(select(delivery.c.id).where(same)):
            continue
        c.execute(insert(delivery), {"id": new_id(), "endpoint": to.id, "notice": one.id, "due_at": due})
        wake(c, to.id)


def due_at(c: Connection, one: Any, way: str, settings: Settings) -> datetime:
    """When a notice may go: once it could have been seen, and its member is not to be left alone."""
    wait = 0 if KINDS[one.kind].urgent else settings.notice_wait
    wait = max(wait, settings.mail_wait) if way == "mail" else wait
    moment: datetime = max(now(), one.at + timedelta(seconds=wait))
    if one.member is None:
        return moment
    return may_go(c, one.member, one.kind, one.actor, moment, settings.visit_timeout)


# Asked with every check-in, so it is made once.
_any_waits = (
    select(delivery.c.id)
    .join(endpoint, endpoint.c.id == delivery.c.endpoint)
    .where(endpoint.c.member == bindparam("who"))
    .limit(1)
)


def again(c: Connection, who: str, settings: Settings) -> None:
    """What waits for a member is thought over: a visit is over, or they have set it otherwise."""
    if c.scalar(_any_waits, {"who": who}) is None:
        return
    waiting = select(delivery.c.id.label("delivery"), endpoint.c.id.label("to"), endpoint.c.kind.label("way"))
    mine = waiting.add_columns(notice).select_from(delivery.join(endpoint).join(notice))
    rows = c.execute(mine.where(endpoint.c.member == who, delivery.c.claim.is_(None))).all()
    for row in rows:
        due, this = due_at(c, row, row.way, settings), delivery.c.id == row.delivery
        c.execute(
            delete(delivery).where(this) if due == NEVER else update(delivery).where(this).values(due_at=due)
        )
    for to in sorted({row.to for row in rows}):
        wake(c, to)


def wake(c: Connection, to: str) -> None:
    """The endpoint's job is there, for when its next row is due; none where nothing waits."""
    free = case((delivery.c.claim.is_(None), delivery.c.due_at), else_=delivery.c.claimed_until)
    first = c.scalar(select(func.min(free)).where(delivery.c.endpoint == to))
    retry = c.scalar(select(endpoint.c.retry_at).where(endpoint.c.id == to))
    if first is None:
        jobs.drop(c, f"{JOB}:{to}")
        return
    due = max(first, retry) if retry else first
    jobs.later(c, JOB, f"{JOB}:{to}", {"endpoint": to, "due": due.isoformat()}, due)


def take(c: Connection, to: str, moment: datetime, settings: Settings) -> Parcel | None:
    """Claims what is due at an endpoint; None where there is nothing to send, now or any more."""
    where = c.execute(select(endpoint).where(endpoint.c.id == to).with_for_update()).one_or_none()
    if where is None or _signed_out(c, where):
        c.execute(delete(endpoint).where(endpoint.c.id == to))
        return None
    lost = _lost(c, to, moment)
    fresh = and_(delivery.c.claim.is_(None), delivery.c.due_at <= moment + GATHER)
    rows = c.execute(
        select(delivery.c.id.label("delivery"), notice)
        .join(notice, notice.c.id == delivery.c.notice)
        .where(delivery.c.endpoint == to, delivery.c.claim == lost if lost else fresh)
        .order_by(delivery.c.id)
    ).all()
    going, over = _sorted(c, where, rows, moment, settings)
    c.execute(delete(delivery).where(delivery.c.id.in_(over)))
    if not going:
        wake(c, to)
        return None
    shown = queries.some(c, where.member, [row.id for row in going])
    claim = new_id()
    names = [row.delivery for row in going]
    c.execute(
        update(delivery).where(delivery.c.id.in_(names)).values(claim=claim, claimed_until=moment + PATIENCE)
    )
    wake(c, to)
    lang, mailbox = _reader(c, where)
    first = rows if lost else going
    several = len(first) > 1
    return Parcel(claim, first[0].delivery, where.kind, where.secret, lang, mailbox, shown, several)


def _lost(c: Connection, to: str, moment: datetime) -> str | None:
    """A claim of whose rows nothing more was heard: they go by themselves, before all that is due."""
    lost = and_(delivery.c.endpoint == to, delivery.c.claimed_until <= moment)
    return c.scalar(select(delivery.c.claim).where(lost).order_by(delivery.c.id).limit(1))


def _sorted(
    c: Connection, where: Any, rows: Sequence[Any], moment: datetime, settings: Settings
) -> tuple[list[Any], list[str]]:
    """Rows that go now, and those that need not go any more; the rest waits until later."""
    visible = {one.id for one in queries.some(c, where.member, [row.id for row in rows])}
    going, over = [], []
    for row in rows:
        told = where.kind == "mail" and row.sent_at is not None and row.sent_at >= row.at
        if row.seen_at or told or row.id not in visible or row.at < moment - STALE:
            over.append(row.delivery)
            continue
        free = moment
        if row.member:
            free = may_go(c, row.member, row.kind, row.actor, moment, settings.visit_timeout)
        if free > moment:
            this = delivery.c.id == row.delivery
            c.execute(update(delivery).where(this).values(due_at=free, claim=None))
        else:
            going.append(row)
    return going, over


def done(c: Connection, to: str, parcel: Parcel) -> None:
    """It has arrived: for these notices there is nothing left to do."""
    mine = delivery.c.claim == parcel.claim
    told = select(delivery.c.notice).where(mine)
    c.execute(update(notice).where(notice.c.id.in_(told)).values(sent_at=now()))
    c.execute(delete(delivery).where(mine))
    well = {"fails": 0, "retry_at": None, "error": None, "sent_at": now()}
    c.execute(update(endpoint).where(endpoint.c.id == to).values(**well))
    wake(c, to)


def failed(c: Connection, to: str, parcel: Parcel, error: str, moment: datetime, unsure: bool) -> None:
    """It has not: once more, each time twice as late, and all that is due by then with it.

    `unsure`: nobody knows whether it has; then by itself.
    """
    row = c.execute(select(endpoint.c.fails).where(endpoint.c.id == to)).one_or_none()
    if row is None:
        return
    pause = min(FIRST_PAUSE * 2 ** min(row.fails, 16), LONGEST_PAUSE)
    ill = {"fails": row.fails + 1, "retry_at": moment + pause, "error": error[:300]}
    c.execute(update(endpoint).where(endpoint.c.id == to).values(**ill))
    mine = update(delivery).where(delivery.c.claim == parcel.claim)
    c.execute(mine.values(claimed_until=moment) if unsure else mine.values(claim=None, claimed_until=None))
    wake(c, to)


def dead(c: Connection, to: str) -> None:
    """There is nobody there any more: it is forgotten, with what was on its way."""
    c.execute(delete(delivery).where(delivery.c.endpoint == to))
    c.execute(delete(endpoint).where(endpoint.c.id == to))
    jobs.drop(c, f"{JOB}:{to}")


def _own(c: Connection, who: str, settings: Settings) -> list[Any]:
    """A member's devices, and their address where there is one and somebody who sends e-mail."""
    found = list(c.execute(select(endpoint).where(endpoint.c.member == who)))
    if settings.smtp_host and not any(one.kind == "mail" for one in found) and address(c, who):
        row = {"id": new_id(), "kind": "mail", "member": who, "name": "", "secret": {}, "made_at": now()}
        c.execute(insert(endpoint), {**row, "fails": 0})
        found.append(c.execute(select(endpoint).where(endpoint.c.id == row["id"])).one())
    return [one for one in found if one.kind != "mail" or settings.smtp_host]


def _channels(c: Connection, squad: str | None) -> list[Any]:
    here = endpoint.c.squad == squad if squad else endpoint.c.squad.is_(None)
    return list(c.execute(select(endpoint).where(endpoint.c.kind == "chat", here)))


def _muted(c: Connection, who: str, squad: str | None) -> bool:
    here = (membership.c.member == who) & (membership.c.squad == squad) & membership.c.left_at.is_(None)
    until = or_(membership.c.muted_until.is_(None), membership.c.muted_until > now())
    return (
        c.scalar(select(membership.c.id).where(here, membership.c.muted_at.is_not(None), until)) is not None
    )


def address(c: Connection, who: str | None) -> str:
    """Where a member gets e-mail; empty: nowhere."""
    mine: ColumnElement[bool] = (login.c.member == who) & (login.c.kind == "email")
    return c.scalar(select(login.c.shown).where(mine).order_by(login.c.folded).limit(1)) or ""


def _signed_out(c: Connection, where: Any) -> bool:
    """Whether the sign-in a device came with is over: it may be somebody else's by now."""
    if where.ticket is None:
        return False
    stands = select(session.c.id).where(session.c.id == where.ticket, session.c.expires_at > now())
    return c.scalar(stands) is None


def _reader(c: Connection, where: Any) -> tuple[str, str]:
    """In which language, and at which address; a channel's is that of whoever set it up."""
    who = where.member or where.made_by
    lang = c.scalar(select(member.c.locale).where(member.c.id == who)) or "en"
    return lang, address(c, who) if where.kind == "mail" else ""
