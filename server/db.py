"""The two ways to the database: `read` a query, `write` an action. Nothing else opens a connection."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, TypeVarTuple, Unpack

import orjson
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from asyncpg import PostgresError
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from config.settings import Settings
from server.writer import Writer, told

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVarTuple("A")

__all__ = ["Database", "migrate", "told"]


class Database:
    """One database, the same to its callers whichever it is.

    A query or an action is a plain function of a connection. What an action notes with `told()` reaches
    `on_commit` after the commit, in order, and never when the action failed. `before_commit` sees it first,
    in the same transaction, and may add to it.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.before_commit: Callable[[Connection, list[Any]], None] = lambda c, items: None
        self.on_commit: Callable[[list[Any]], None] = lambda items: None
        self.writer: Writer | None = None
        self.readers: ThreadPoolExecutor | None = None
        self.lite: Engine | None = None
        self.great: AsyncEngine | None = None

    async def start(self) -> None:
        """Opens what the chosen database needs."""
        if self.settings.embedded:
            self.settings.data_dir.mkdir(parents=True, exist_ok=True)
            self.lite = lite_engine(self.settings, "BEGIN", pool=4)
            self.readers = ThreadPoolExecutor(4, thread_name_prefix="reader")
            engine = lite_engine(self.settings, "BEGIN IMMEDIATE", pool=1)
            self.writer = Writer(
                engine,
                lambda c, items: self.before_commit(c, items),
                lambda items: self.on_commit(items),
            )
        else:
            self.great = create_async_engine(
                self.settings.database, pool_size=10, max_overflow=0, **_options()
            )
            event.listen(self.great.sync_engine, "handle_error", _discreet)
            event.listen(self.great.sync_engine.pool, "checkout", _alive)

    async def stop(self) -> None:
        """Closes it again; what was being written is finished first."""
        if self.writer:
            self.writer.open = False
            await asyncio.to_thread(self.writer.stop)
            self.writer.engine.dispose()
        if self.readers:
            self.readers.shutdown()
        if self.lite:
            self.lite.dispose()
        if self.great:
            await self.great.dispose()

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """The query's answer, from one consistent view."""
        if self.great is not None:
            try:
                return await self._read_great(lambda c: query(c, *args, **named))
            except DBAPIError as failure:
                if not failure.connection_invalidated:
                    raise
                return await self._read_great(lambda c: query(c, *args, **named))
        return await asyncio.get_running_loop().run_in_executor(
            self.readers, self._read_lite, lambda c: query(c, *args, **named)
        )

    async def _read_great(self, query: Callable[[Connection], T]) -> T:
        assert self.great is not None
        async with self.great.connect() as connection:
            return await connection.run_sync(query)

    def _read_lite(self, query: Callable[[Connection], T]) -> T:
        assert self.lite is not None
        with self.lite.connect() as connection:
            return query(connection)

    async def write(self, action: Callable[[Connection, Unpack[A]], T], *args: *A) -> T:
        """Runs the action in one durable transaction; returns once it is committed."""
        if self.writer is not None:
            return await self.writer.run(action, args)  # type: ignore[no-any-return]
        try:
            return await self._write_great(action, args)
        except (IntegrityError, DBAPIError) as failure:
            # Two of the same id at once: the second sees the first's row when it looks again.
            if not isinstance(failure, IntegrityError) and not _retryable(failure):
                raise
            return await self._write_great(action, args)

    async def _write_great(self, action: Callable[..., T], args: tuple[Any, ...]) -> T:
        assert self.great is not None
        async with self.great.begin() as connection:
            items: list[Any] = []
            connection.sync_connection.info["told"] = items  # type: ignore[union-attr]
            result = await connection.run_sync(action, *args)
            await connection.run_sync(self.before_commit, items)
        self.on_commit(items)
        return result

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        await self.read(lambda c: c.execute(text("SELECT 1")).scalar())


def _retryable(failure: DBAPIError) -> bool:
    code = getattr(failure.orig, "sqlstate", None)
    return failure.connection_invalidated or code in ("40001", "40P01")


def _options() -> dict[str, Any]:
    """Of both engines. A failed statement's error, which is logged, keeps its parameters to itself."""
    return {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "hide_parameters": True,
    }


def _alive(connection: Any, *_: object) -> None:
    """A server that was restarted has closed its connections. To ask it each time took three of the six trips
    that a read made; what breaks off in between is read, or written, once more.
    """
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


def _discreet(context: ExceptionContext) -> None:
    """PostgreSQL's own detail is the whole row."""
    cause = context.original_exception.__cause__
    if isinstance(cause, PostgresError):
        cause.detail = None


def lite_engine(settings: Settings, begin: str, pool: int) -> Engine:
    """SQLite as it is safe: WAL, every commit on the disk, foreign keys on."""
    engine = create_engine(
        settings.database,
        pool_size=pool,
        max_overflow=0,
        connect_args={"timeout": 30, "check_same_thread": False},
        **_options(),
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def migrate(settings: Settings, to: str = "head") -> None:
    """Brings the tables to the newest form. Must not be called from inside a running event loop."""
    config = _alembic()

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, to)

    directly(settings, upgrade)


def known_revisions() -> set[str]:
    """The revisions of the tables this code knows."""
    return {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}


def newest_revision() -> str | None:
    """The one `migrate` leads to."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def directly(settings: Settings, work: Callable[[Connection], T], snapshot: bool = False) -> T:
    """Runs it in one transaction of its own, for commands: no server, no running event loop.

    `snapshot`: for reading only, everything as it is at one moment, while others write.
    """
    if settings.embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        engine = lite_engine(settings, "BEGIN" if snapshot else "BEGIN IMMEDIATE", pool=1)
        try:
            with engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()

    async def on_postgres() -> T:
        options = {"isolation_level": "REPEATABLE READ"} if snapshot else {}
        great = create_async_engine(settings.database, poolclass=NullPool, **options, **_options())
        try:
            async with great.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await great.dispose()

    return asyncio.run(on_postgres())
