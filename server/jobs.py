"""Jobs: what is due at some time, and happens though every process dies in between.

The database is the queue: a job is a row of `task`, written in the transaction that wants it, so neither is
there without the other. A process claims a row for a while and does the job. An action takes its row away in
its own transaction: it happens once, whoever was killed when. Work outside the database happens at least
once. What fails is tried again, ever more seldom, and never dropped. `server/worker.py` is who does it all.

A queue in Redis (taskiq) would be another store to keep in step with the rows a job is about: lost with a
flush, doubled after a crash, absent on the embedded default. Here it is one table, alike on both databases.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from server.schema import Id, Moment, metadata, new_id
from server.writer import told

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("kind", String(24), nullable=False),
    Column("data", JSON, nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
    Column("tries", Integer, nullable=False),  # begun so often without an end
    Column("claimed_by", Id),  # the claim, not the process: each is another
    Column("claimed_until", Moment, index=True),
    Column("last_error", String(300)),
)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
"""After a first failure, and at most; each is twice the one before."""


class Due(NamedTuple):
    """Noted with `told()`: something is to be done then."""

    at: datetime


class Task(NamedTuple):
    """A job somebody has claimed."""

    id: str
    kind: str
    data: dict[str, Any]
    tries: int
    claim: str


class State(NamedTuple):
    """How many jobs there are, and how long (seconds) the longest waiting one has been due."""

    planned: int
    due: int
    running: int
    failing: int
    late: float


def later(c: Connection, kind: str, key: str, data: Mapping[str, Any], due_at: datetime) -> None:
    """Notes a job. The same key again moves it: the last word counts, also while it is being done.

    `key` says what it is about, like `sweep-end:<id>`; `data` holds ids, no secrets and no positions.
    """
    values = {"kind": kind, "data": dict(data), "due_at": due_at, "tries": 0}
    free: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "last_error": None}
    if not c.execute(update(task).where(task.c.key == key).values(**values, **free)).rowcount:
        c.execute(insert(task), {"id": new_id(), "key": key, **values})
    told(c, Due(due_at))


def drop(c: Connection, key: str) -> None:
    """The job need not be done any more; nothing happens where there is none."""
    c.execute(delete(task).where(task.c.key == key))


def keep(c: Connection, kind: str, due_at: datetime) -> None:
    """Sees to it that a regular job is there; one that is there stays as it is."""
    if c.scalar(select(task.c.id).where(task.c.key == kind)) is None:
        later(c, kind, kind, {}, due_at)


def next_due(c: Connection, kinds: Collection[str]) -> datetime | None:
    """When there will be something to claim of these kinds; None: nothing is planned."""
    ours = task.c.kind.in_(kinds)
    free = select(task.c.due_at).where(ours, task.c.claimed_until.is_(None)).order_by(task.c.due_at)
    held = select(task.c.claimed_until).where(ours, task.c.claimed_until.is_not(None))
    found = (c.scalar(free.limit(1)), c.scalar(held.order_by(task.c.claimed_until).limit(1)))
    return min((moment for moment in found if moment), default=None)


def _claimed(moment: Any) -> ColumnElement[bool]:
    return and_(task.c.claimed_until.is_not(None), task.c.claimed_until > moment)


def claim(c: Connection, kinds: Collection[str], moment: datetime, until: datetime) -> Task | None:
    """The job of these kinds that has been due longest, for the caller alone until then."""
    waiting = (
        select(task.c.id)
        .where(task.c.kind.in_(kinds), task.c.due_at <= moment, ~_claimed(moment))
        .order_by(task.c.due_at, task.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    mine = {"claimed_by": new_id(), "claimed_until": until, "tries": task.c.tries + 1}
    taken = update(task).where(task.c.id == waiting.scalar_subquery()).values(**mine)
    row = c.execute(taken.returning(task)).one_or_none()
    return Task(row.id, row.kind, row.data, row.tries, row.claimed_by) if row else None


def _own(one: Task) -> ColumnElement[bool]:
    return and_(task.c.id == one.id, task.c.claimed_by == one.claim)


def extend(c: Connection, one: Task, until: datetime) -> None:
    """It takes longer."""
    c.execute(update(task).where(_own(one)).values(claimed_until=until))


def release(c: Connection, one: Task) -> None:
    """It was not done after all: somebody else may, at once."""
    freed = {"claimed_by": None, "claimed_until": None, "tries": task.c.tries - 1}
    c.execute(update(task).where(_own(one)).values(**freed))


def finish(c: Connection, one: Task, again: datetime | None) -> bool:
    """Takes a job off the list, or a regular one until then. False: it was moved or claimed meanwhile."""
    if again is None:
        return c.execute(delete(task).where(_own(one))).rowcount > 0
    fresh = {"due_at": again, "tries": 0, "claimed_by": None, "claimed_until": None, "last_error": None}
    return c.execute(update(task).where(_own(one)).values(**fresh)).rowcount > 0


def fail(c: Connection, one: Task, words: str, moment: datetime) -> None:
    """It failed; it is tried again, twice as late as the last time."""
    pause = min(FIRST_PAUSE * 2 ** min(one.tries - 1, 20), LONGEST_PAUSE)
    values = {"due_at": moment + pause, "claimed_by": None, "claimed_until": None}
    c.execute(update(task).where(_own(one)).values(**values, last_error=words[:300]))


def state(c: Connection, moment: datetime) -> State:
    """How the jobs stand."""
    running, past = _claimed(moment), task.c.due_at <= moment
    due = and_(past, ~running)
    which = (and_(~past, ~running), due, running, task.c.last_error.is_not(None))
    counts = [func.count(case((one, 1))) for one in which]
    planned, waiting, under_way, failed = tuple(c.execute(select(*counts)).one())
    since = c.scalar(select(task.c.due_at).where(due).order_by(task.c.due_at).limit(1))
    late = (moment - since).total_seconds() if since else 0.0
    return State(planned, waiting, under_way, failed, late)


def failing(c: Connection, tries: int) -> list[tuple[str, str]]:
    """Kind and last error of those that failed so often, one a kind."""
    often = and_(task.c.tries >= tries, task.c.last_error.is_not(None))
    query = select(task.c.kind, func.max(task.c.last_error)).where(often)
    return [(kind, error) for kind, error in c.execute(query.group_by(task.c.kind).order_by(task.c.kind))]
