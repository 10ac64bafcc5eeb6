"""`python -m server backup`: everything as it was at one moment, while people go on working."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from server import audit
from server.archive import Archive
from server.db import directly
from server.photos.actions import kept
from server.schema import now
from server.store import Store
from server.tables import metadata

AT_ONCE = 1000
"""Rows in memory."""


def back_up(settings: Settings, path: Path) -> dict[str, Any]:
    """Writes the archive and returns its manifest. Not from inside a running event loop."""
    with suppress(SQLAlchemyError):  # a full disk must not stand in the way of a backup
        directly(settings, lambda c: audit.note(c, None, "backup_made"))
    archive = Archive(path)
    try:
        made = now().isoformat()
        about = directly(settings, lambda c: _tables(c, archive), snapshot=True)
        missing = asyncio.run(_files(settings, archive, about.pop("hashes")))
        return archive.finish(made=made, missing=missing, **about)
    except BaseException:
        archive.abandon()
        raise


def _tables(c: Connection, archive: Archive) -> dict[str, Any]:
    """Every table, a line per row: the first names the columns."""
    counts = {}
    for table in metadata.sorted_tables:
        archive.add(f"tables/{table.name}.jsonl", _lines(c, table))
        counts[str(table.name)] = c.scalar(select(func.count()).select_from(table))
    revision = MigrationContext.configure(c).get_current_revision()
    return {"revision": revision, "rows": counts, "hashes": kept(c)}


def _lines(c: Connection, table: Table) -> Iterator[bytes]:
    yield orjson.dumps([column.name for column in table.columns], option=orjson.OPT_APPEND_NEWLINE)
    rows = c.execute(select(table).execution_options(yield_per=AT_ONCE))
    for some in rows.partitions():
        yield b"".join(orjson.dumps(list(row), option=orjson.OPT_APPEND_NEWLINE) for row in some)


async def _files(settings: Settings, archive: Archive, hashes: list[str]) -> list[str]:
    """The files the snapshot names; those that are not there, which `doctor` tells about too."""
    store, missing = Store(settings), []
    for hashed in hashes:
        pieces = await store.open(hashed)
        if pieces is None:
            missing.append(hashed)
        else:
            archive.add(f"files/{hashed}", pieces)
    return missing
