"""`python -m server doctor`: what is well with an installation, and what to do about what is not."""

import asyncio
import hashlib
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import SystemRandom
from typing import Literal, NamedTuple

from alembic.runtime.migration import MigrationContext
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Connection, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from server import jobs
from server.administration.retention import rules
from server.db import directly, newest_revision
from server.journal import journal, stream
from server.photos.actions import kept
from server.schema import now
from server.store import Store

SAMPLE = 50
"""Files looked into, unless all are."""
LITTLE, TOO_LITTLE = 2_000_000_000, 200_000_000
"""Bytes free on the disk."""
RULE = (
    "What a killed upload leaves there only S3 sees: give the bucket a rule that ends unfinished multipart "
    "uploads after a day (AbortIncompleteMultipartUpload)."
)
"""What obstore can neither list nor end."""
APART = timedelta(seconds=5)
"""Between our clock and the database's."""


TRIES = 3
"""Of a job, without success."""
LATE = 600.0
"""Seconds that nobody takes up a job."""


class Finding(NamedTuple):
    """One thing looked at; `words` say what was found and, unless it is well, what to do."""

    about: str
    state: Literal["ok", "warning", "failed"]
    words: str


def examine(settings: Settings, every_file: bool = False) -> Iterator[Finding]:
    """All findings, one after the other; a part that cannot be reached is one. Outside a running loop."""
    yield from _settings(settings)
    yield _disk(settings)
    yield _kept(settings)
    looks: list[Callable[[Connection], Finding]] = [_revision, _clock, _integrity, _journals, _jobs]
    for look in looks:
        found = _asked(settings, look)
        yield found
        if found.state == "failed" and look is _revision:
            return
    yield asyncio.run(_files(settings, directly(settings, kept, snapshot=True), every_file))
    if settings.redis_url:
        yield asyncio.run(_redis(settings.redis_url))


def _settings(settings: Settings) -> Iterator[Finding]:
    url = settings.public_url
    if not url:
        yield Finding(
            "address", "warning", "MUSTER_PUBLIC_URL is not set: links go by what each request says."
        )
    elif url.startswith("https://"):
        yield Finding("address", "ok", url)
    else:
        yield Finding(
            "address", "warning", "Not over https: phones keep no pages without signal, cookies travel open."
        )
    key = settings.data_dir / "secret.key"
    if settings.secret_key:
        yield Finding("secret key", "ok", "from the environment")
    elif not key.exists():
        yield Finding("secret key", "ok", "made at the first start")
    elif stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding("secret key", "failed", f"Others may read it: chmod 600 {key}")
    else:
        yield Finding("secret key", "ok", "readable by its owner alone")
    if not settings.embedded and not settings.redis_url:
        yield Finding("relay", "warning", "PostgreSQL without REDIS_URL: run one web process only.")


def _disk(settings: Settings) -> Finding:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    words = f"{free / 1e9:.1f} GB free"
    if free < TOO_LITTLE:
        return Finding("disk", "failed", f"{words}: writes will soon be refused. Make room.")
    return Finding("disk", "warning" if free < LITTLE else "ok", words)


def _asked(settings: Settings, look: Callable[[Connection], Finding]) -> Finding:
    try:
        return directly(settings, look, snapshot=True)
    except (SQLAlchemyError, OSError) as failure:
        return Finding("database", "failed", f"It does not answer: {type(failure).__name__}. {failure}"[:300])


def _revision(c: Connection) -> Finding:
    here, newest = MigrationContext.configure(c).get_current_revision(), newest_revision()
    if here == newest:
        return Finding("tables", "ok", f"at revision {here}")
    return Finding("tables", "failed", f"At revision {here}, not {newest}: python -m server migrate")


def _clock(c: Connection) -> Finding:
    there = c.scalar(select(func.current_timestamp()))
    if there is None or there.tzinfo is None:
        return Finding("clock", "ok", "the database's is ours")
    apart = abs(now() - there)
    if apart < APART:
        return Finding("clock", "ok", "as the database's")
    return Finding("clock", "warning", f"{apart} off the database's: set the time by NTP on both machines.")


def _integrity(c: Connection) -> Finding:
    if c.dialect.name != "sqlite":
        return Finding("integrity", "ok", "kept by PostgreSQL")
    said = c.exec_driver_sql("PRAGMA quick_check").scalars().all()
    loose = c.exec_driver_sql("PRAGMA foreign_key_check").all()
    if said == ["ok"] and not loose:
        return Finding("integrity", "ok", "the file is whole")
    return Finding("integrity", "failed", f"{said[:2]}, {len(loose)} loose rows: restore the last backup.")


def _journals(c: Connection) -> Finding:
    counted = func.count(journal.c.offset)
    last = func.coalesce(func.max(journal.c.offset), 0)
    query = (
        select(stream.c.id)
        .outerjoin(journal, journal.c.stream == stream.c.id)
        .group_by(stream.c.id, stream.c.head)
        .having(or_(counted != stream.c.head, last != stream.c.head))
    )
    wrong = c.scalars(query).all()
    if not wrong:
        return Finding("journals", "ok", "every stream is dense up to its head")
    return Finding("journals", "failed", f"{len(wrong)} streams have holes, {wrong[0]} first: restore.")


def _jobs(c: Connection) -> Finding:
    how = jobs.state(c, now())
    if failing := jobs.failing(c, TRIES):
        kind, words = failing[0]
        return Finding("jobs", "warning", f"{len(failing)} kinds fail again and again. {kind}: {words}"[:300])
    if how.late > LATE:
        words = f"{how.due} are due, one since {how.late / 60:.0f} min: start serve, or work."
        return Finding("jobs", "warning", words)
    return Finding("jobs", "ok", f"{how.planned} planned, {how.due} due, {how.running} under way")


def _kept(settings: Settings) -> Finding:
    known = [(rule.name, f"{rule.days} days" if rule.days else "for ever") for rule in rules(settings)]
    return Finding("kept", "ok", "; ".join(f"{name}: {how_long}" for name, how_long in known))


async def _files(settings: Settings, hashes: list[str], every: bool) -> Finding:
    store = Store(settings)
    looked = hashes if every else SystemRandom().sample(hashes, min(SAMPLE, len(hashes)))
    wrong = []
    try:
        await store.ping()
        for hashed in looked:
            pieces = await store.open(hashed)
            found = hashlib.sha256()
            for piece in pieces or ():
                found.update(piece)
            if pieces is None or found.hexdigest() != hashed:
                wrong.append(hashed)
    except Exception as failure:  # whatever a store of files may raise
        return Finding("files", "failed", f"They cannot be reached: {failure}"[:300])
    words = f"{len(looked)} of {len(hashes)} looked into"
    if wrong:
        return Finding(
            "files", "failed", f"{words}, {len(wrong)} missing or spoilt, {wrong[0]} first: restore."
        )
    return Finding("files", "ok", words if store.folder else f"{words}. {RULE}")


async def _redis(url: str) -> Finding:
    client = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    try:
        await client.ping()
    except (RedisError, OSError) as failure:
        return Finding("relay", "failed", f"It does not answer: {failure}"[:300])
    finally:
        await client.aclose()
    return Finding("relay", "ok", "answers")
