"""Everything of one member's own as one archive: a JSON file per table, their photos, a word about each."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import orjson
from anyio import to_thread
from sqlalchemy import Connection, FromClause, select

from server import journal
from server.access import Who
from server.db import Database
from server.own.holdings import HOLDINGS, rows_of
from server.schema import metadata, now
from server.store import Store
from web.render import N_, named, translate

AT_ONCE = 500
"""Rows that are in memory at the same time."""
TITLE = N_("What Muster keeps of %(name)s")
WHEN = N_("Taken out on %(when)s. All times are UTC; days are those of the squad.")
FILES = N_("Each file is a list, the oldest first:")
PHOTOS = N_("Photos, named by the `client_id` they have in file.json and attachment.json")
NOT = N_(
    "What others wrote is not in it, also where they answered you. Passwords and keys are not in it either: "
    "of those Muster keeps only a trace by which it knows them again."
)


async def pack(db: Database, store: Store, who: Who, to: IO[bytes]) -> None:
    """Writes the archive, a few rows and a piece of a photo at a time."""
    counts: dict[str, int] = {}
    with ZipFile(to, "w", ZIP_DEFLATED) as archive:
        for name, holding in HOLDINGS.items():
            if holding.about:
                counts[name] = await _table(db, who, name, archive)
        await _photos(db, store, who, archive)
        await to_thread.run_sync(archive.writestr, "README.txt", _about(who, counts))


async def _table(db: Database, who: Who, name: str, archive: ZipFile) -> int:
    count = 0
    with archive.open(f"{name}.json", "w", force_zip64=True) as file:
        while some := await db.read(page, name, who.id, count):
            text = b",\n".join(orjson.dumps(row, option=orjson.OPT_INDENT_2) for row in some)
            await to_thread.run_sync(file.write, (b",\n" if count else b"[\n") + text)
            count += len(some)
        await to_thread.run_sync(file.write, b"\n]\n" if count else b"[]\n")
    return count


def page(c: Connection, name: str, member: str, after: int) -> list[dict[str, Any]]:
    """Some of a table's rows, without what is secret, and with the names of what they point at."""
    table, which = rows_of(name, member)
    columns = [one for one in table.c if one.name not in HOLDINGS[name].secret]
    query, source = select(*columns), cast(FromClause, table)
    for column in columns:
        for key in column.foreign_keys:
            target = metadata.tables[key.target_fullname.partition(".")[0]]
            if "name" in target.c:
                there = target.alias(f"of_{column.name}")
                query = query.add_columns(there.c.name.label(f"{column.name}_name"))
                source = source.outerjoin(there, there.c.id == column)
    order = [table.c[one.name] for one in table.primary_key]
    rows = c.execute(query.select_from(source).where(which).order_by(*order).offset(after).limit(AT_ONCE))
    return [{str(name): _plain(value) for name, value in row._mapping.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return journal.stamp(value)
    return value.isoformat() if isinstance(value, date) else value


def _pictures(c: Connection, member: str) -> list[Any]:
    table, which = rows_of("file", member)
    query = select(table.c.client_id, table.c.hash, table.c.kind).where(which)
    return list(c.execute(query.order_by(table.c.id)))


async def _photos(db: Database, store: Store, who: Who, archive: ZipFile) -> None:
    for id, hash, kind in await db.read(_pictures, who.id):
        name = f"photos/{id}.jpg" if kind == "photo" else f"documents/{id}.pdf"
        pieces = await store.open(hash)
        if pieces is not None:
            await to_thread.run_sync(_picture, archive, name, pieces)


def _picture(archive: ZipFile, name: str, pieces: Iterator[bytes]) -> None:
    info = ZipInfo(name, now().timetuple()[:6])
    info.compress_type = ZIP_STORED
    with archive.open(info, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)


def _about(who: Who, counts: dict[str, int]) -> str:
    """What is in it, in the member's language."""
    lang = who.locale
    lines = [translate(lang, TITLE, name=who.name), translate(lang, WHEN, when=journal.stamp(now())), ""]
    lines += [translate(lang, FILES), ""]
    lines += [f"{name}.json  {translate(lang, HOLDINGS[name].about)} ({n})" for name, n in counts.items()]
    lines += [f"photos/  {translate(lang, PHOTOS)}", "", translate(lang, NOT), ""]
    return named("\n".join(lines), lang)
