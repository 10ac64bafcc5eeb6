"""What the database alone can do: check-ins that the server wrote, written again by the driver alone."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg

TABLES = ("visit", "post", "journal")
MOST = 6000
"""Check-ins that are written again."""
POOL = 10
"""Connections to PostgreSQL, as many as a server has."""
CheckIn = Sequence[Sequence[Any]]
"""The row of each table, as it is stored."""


def chosen(table: str) -> str:
    """The query for a table's rows of check-ins; in the same order for every table."""
    key = "one.subject" if table == "journal" else "one.id"
    return (
        f"SELECT one.* FROM {table} one JOIN journal j ON j.subject = {key} AND j.kind = 'checkin' "
        f'ORDER BY j.recorded_at, j.stream, j."offset" LIMIT {MOST}'
    )


def sqlite(written: Path, copy: Path, together: int) -> float:
    """Check-ins a second, so many to a commit, each commit on the disk."""
    with sqlite3.connect(written) as source:
        check_ins = list(zip(*(source.execute(chosen(table)).fetchall() for table in TABLES), strict=True))
    db = sqlite3.connect(copy, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        db.execute(f"PRAGMA {pragma}")
    begun = time.perf_counter()
    for start in range(0, len(check_ins), together):
        db.execute("BEGIN IMMEDIATE")
        for rows in check_ins[start : start + together]:
            stream = rows[-1][0]
            db.execute("UPDATE stream SET head = head + 1 WHERE id = ? RETURNING head", (stream,)).fetchone()
            for table, row in zip(TABLES, rows, strict=True):
                db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
        db.execute("COMMIT")
    seconds = time.perf_counter() - begun
    db.close()
    return len(check_ins) / seconds


async def postgres(written: str, copy: str) -> float:
    """Check-ins a second, one to a commit, as many at once as the server has connections."""
    source = await asyncpg.connect(written)
    check_ins = list(zip(*[await source.fetch(chosen(table)) for table in TABLES], strict=True))
    await source.close()
    lines = [await asyncpg.connect(copy) for _ in range(POOL)]
    waiting, begun = iter(check_ins), time.perf_counter()
    await asyncio.gather(*(_write(line, waiting) for line in lines))
    seconds = time.perf_counter() - begun
    for line in lines:
        await line.close()
    return len(check_ins) / seconds


async def _write(line: asyncpg.Connection, waiting: Iterator[CheckIn]) -> None:
    for visit, post, entry in waiting:
        async with line.transaction():
            await _insert(line, "visit", visit)
            await line.fetchval(
                "UPDATE stream SET head = head + 1 WHERE id = $1 RETURNING head", entry["stream"]
            )
            await _insert(line, "post", post)
            await _insert(line, "journal", entry)


async def _insert(line: asyncpg.Connection, table: str, row: Sequence[Any]) -> None:
    places = ",".join(f"${number}" for number in range(1, len(row) + 1))
    await line.execute(f"INSERT INTO {table} VALUES ({places})", *row)
