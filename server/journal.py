"""A stream's ordered record of everything that happened: what is live, and what is replayed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from channels.frame import Entry
from channels.position import Position
from server.schema import Id, Moment, StreamId, metadata, new_id, now, ref
from server.writer import told

stream = Table(
    "stream",
    metadata,
    Column("id", StreamId, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("epoch", String(16), nullable=False),
    Column("head", Integer, nullable=False, default=0),
    Column(
        "forgotten", Integer, nullable=False, server_default="0"
    ),  # up to there nothing but its order is kept
)
journal = Table(
    "journal",
    metadata,
    Column("stream", StreamId, ForeignKey("stream.id"), nullable=False),
    Column("offset", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("v", Integer, nullable=False, default=1),
    ref("actor", "member.id", nullable=True),
    Column("subject", Id),
    Column("captured_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("data", JSON, nullable=False),
    Column("redacted_at", Moment),
    PrimaryKeyConstraint("stream", "offset"),
    Index(None, "subject"),
)

_next = (
    update(stream)
    .where(stream.c.id == bindparam("key"))
    .values(head=stream.c.head + 1)
    .returning(stream.c.head, stream.c.epoch)
)
_insert = insert(journal)


def open_stream(c: Connection, key: str, kind: str) -> None:
    """A new, empty stream: `kind` is squad, company, desk or member."""
    c.execute(insert(stream), {"id": key, "kind": kind, "epoch": new_id()[-8:], "head": 0})


def take(c: Connection, key: str) -> Position:
    """The stream's next position. Its row stays locked until the commit, so number order is commit order."""
    head, epoch = c.execute(_next, {"key": key}).one()
    return Position(epoch, head)


def take_all(c: Connection, keys: Iterable[str]) -> dict[str, Position]:
    """The next position of several streams, locked in the order of their ids: no ring of waiting."""
    return {key: take(c, key) for key in sorted(keys)}


def hold(c: Connection, keys: Iterable[str]) -> None:
    """Locks streams, in the order of their ids, before several entries are made in each."""
    c.execute(select(stream.c.id).where(stream.c.id.in_(set(keys))).order_by(stream.c.id).with_for_update())


def append(
    c: Connection,
    key: str,
    kind: str,
    data: dict[str, Any],
    *,
    actor: str | None,
    subject: str | None = None,
    captured_at: datetime | None = None,
    at: Position | None = None,
) -> Entry:
    """Writes one entry and notes it for the hub; `at` when the offset was taken before."""
    at = at or take(c, key)
    recorded = now()
    captured = captured_at or recorded
    c.execute(
        _insert,
        {
            "stream": key,
            "offset": at.offset,
            "kind": kind,
            "v": 1,
            "actor": actor,
            "subject": subject,
            "captured_at": captured,
            "recorded_at": recorded,
            "data": data,
        },
    )
    entry = Entry(key, at.epoch, at.offset, kind, actor, subject, stamp(captured), stamp(recorded), data)
    told(c, entry)
    return entry


def redact(c: Connection, key: str, subject: str) -> None:
    """Empties what the journal keeps of a subject; the offsets stay dense."""
    c.execute(
        update(journal)
        .where(journal.c.stream == key, journal.c.subject == subject)
        .values(data={"id": subject, "redacted": True}, redacted_at=now())
    )


class Forgotten(NamedTuple):
    """Noted with `told()`: entries of the stream were emptied, and no entry says so."""

    stream: str


def head(c: Connection, key: str) -> Position:
    """Where a stream stands."""
    row = c.execute(select(stream.c.epoch, stream.c.head).where(stream.c.id == key)).one()
    return Position(row.epoch, row.head)


def begun_by(c: Connection, key: str) -> str | None:
    """Who made a stream's first entry; None where there is none."""
    return c.scalar(select(journal.c.actor).where(journal.c.stream == key, journal.c.offset == 1))


def heads(c: Connection, seen: Mapping[str, Position | None]) -> dict[str, Position]:
    """Those of the streams that stand elsewhere than the caller saw them, in slices of a thousand."""
    found: dict[str, Position] = {}
    keys = list(seen)
    for start in range(0, len(keys), 1000):
        some = keys[start : start + 1000]
        query = select(stream.c.id, stream.c.epoch, stream.c.head).where(stream.c.id.in_(some))
        for key, epoch, offset in c.execute(query):
            if (at := Position(epoch, offset)) != seen[key]:
                found[key] = at
    return found


def history(c: Connection, key: str, after: int, limit: int) -> Sequence[Entry]:
    """Entries above an offset, oldest first."""
    query = (
        select(journal, stream.c.epoch)
        .join(stream, stream.c.id == journal.c.stream)
        .where(journal.c.stream == key, journal.c.offset > after)
        .order_by(journal.c.offset)
        .limit(limit)
    )
    return [
        Entry(
            key,
            row.epoch,
            row.offset,
            row.kind,
            row.actor,
            row.subject,
            stamp(row.captured_at),
            stamp(row.recorded_at),
            row.data,
        )
        for row in c.execute(query)
    ]


def stamp(moment: datetime) -> str:
    """RFC 3339, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
