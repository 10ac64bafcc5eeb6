"""`python -m server restore`: a backup into an empty installation, all of it or nothing."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    MetaData,
    Table,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    update,
)

from config.settings import Settings
from server import audit
from server.archive import unpack
from server.backup import AT_ONCE
from server.db import directly, known_revisions, migrate
from server.drive.models import drive_upload
from server.journal import stream
from server.members.models import company, session
from server.schema import Moment, metadata, new_id
from server.store import Store


class Refused(Exception):
    """This backup cannot go into this installation; says why."""


def restore(settings: Settings, path: Path, keep_sessions: bool = False) -> dict[str, Any]:
    """Brings the backup's manifest's state back; not from inside a running event loop.

    Streams get new epochs, so that pages and programs that knew what came after the backup begin anew. All
    sessions end unless kept. An older backup is brought up to date. Raises `Refused` or `archive.Damaged`.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.data_dir) as folder:
        room = Path(folder)
        manifest = unpack(path, room)
        revision = manifest["revision"]
        if revision not in known_revisions():
            raise Refused("The backup was made by a newer Muster. Update this one first.")
        found = directly(settings, _state)
        if found["used"]:
            raise Refused("There is a company here already. Restore into a new data folder or database.")
        if found["revision"] not in (None, revision):
            raise Refused("The tables here are of another version. Restore into a database without tables.")
        asyncio.run(_files(settings, sorted(room.glob("files/*"))))
        migrate(settings, revision)
        directly(settings, lambda c: _load(c, room / "tables", keep_sessions))
        migrate(settings)
        directly(settings, lambda c: _done(c, manifest["made"]))
    return manifest


def _done(c: Connection, made: str) -> None:
    """Uploads that were under way have left their parts behind, and are begun anew."""
    c.execute(delete(drive_upload).where(drive_upload.c.document.is_(None)))
    audit.note(c, None, "restored", made=made)


def _state(c: Connection) -> dict[str, Any]:
    """Whether somebody lives here, and the tables' revision."""
    used = inspect(c).has_table(company.name) and c.execute(select(company.c.id)).first() is not None
    return {"used": used, "revision": MigrationContext.configure(c).get_current_revision()}


async def _files(settings: Settings, files: list[Path]) -> None:
    store = Store(settings)
    for file in files:
        await store.put(file.name, file)


def _load(c: Connection, folder: Path, keep_sessions: bool) -> None:
    there = MetaData()
    there.reflect(c)
    for table in there.sorted_tables:
        source = folder / f"{table.name}.jsonl"
        if source.exists():
            _fill(c, table, source)
    c.execute(update(stream).values(epoch=new_id()[-8:]))
    if not keep_sessions:
        c.execute(delete(session))


def _fill(c: Connection, there: Table, source: Path) -> None:
    """One table. Where a row points at another of its table, that is told once all are there; one that has to
    point somewhere points at itself until then.
    """
    own = [fk.parent.name for fk in there.foreign_keys if fk.column.table is there]
    must = [name for name in own if not there.c[name].nullable]
    with source.open("rb") as lines:
        names = orjson.loads(next(lines))
        table = Table(there.name, MetaData(), *(Column(name, _type(there, name)) for name in names))
        pointing: list[dict[str, Any]] = []
        for rows in _batches(lines, table):
            pointing += [row.copy() for row in rows if any(row[name] for name in own)]
            c.execute(
                insert(table), [row | {n: row["id"] if n in must else None for n in own} for row in rows]
            )
    if pointing:
        again = update(table).where(table.c.id == bindparam("of"))
        values = [{"of": row["id"], **{f"new_{name}": row[name] for name in own}} for row in pointing]
        c.execute(again.values({name: bindparam(f"new_{name}") for name in own}), values)


def _type(there: Table, name: str) -> Any:
    """A column's type as the code knows it, or as the database does where the code no longer has it."""
    known = metadata.tables.get(there.name)
    return known.c[name].type if known is not None and name in known.c else there.c[name].type


def _batches(lines: Iterator[bytes], table: Table) -> Iterator[list[dict[str, Any]]]:
    columns = [(column.name, _reader(column.type)) for column in table.columns]
    while some := list(islice(lines, AT_ONCE)):
        yield [
            {name: read(value) for (name, read), value in zip(columns, orjson.loads(line), strict=True)}
            for line in some
        ]


def _reader(kind: Any) -> Any:
    if isinstance(kind, Moment | DateTime):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    return lambda value: value
