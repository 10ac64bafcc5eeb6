"""Migrated PostgreSQL databases that are used again: emptied after a test, not copied before each.

A copy costs the server a quarter of a second, because it writes hundreds of files; to delete what one test
wrote takes a few milliseconds. What cannot be made as new by deleting rows is dropped, and copied anew.
"""

import asyncio
import uuid
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import asyncpg

from tests.bed.postgres import Postgres

T = TypeVar("T")
GROWN = 8_000_000
"""Bytes a database may grow by: deleted rows leave their room behind."""
SIGN = """
SELECT md5(string_agg(part::text, ' ' ORDER BY part::text)) FROM (
  SELECT (c.relname, c.relkind, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull)::text AS part
  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT (c.conname, c.contype, c.convalidated, c.conkey)::text FROM pg_constraint c
  WHERE c.connamespace = 'public'::regnamespace
  UNION ALL SELECT version_num FROM alembic_version) parts
"""
"""One word for all tables, columns, indexes, constraints, and the version they are of."""
EMPTY = """
DO $$
DECLARE one regclass;
BEGIN
  PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind = 'r' AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
  LOOP EXECUTE 'DELETE FROM ' || one; END LOOP;
  PERFORM setval(oid, 1, false) FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
END $$
"""
"""No table but the version's has rows in a new database. Foreign keys are not asked: all rows go."""


class Databases:
    """Those of this process. A thread of its own speaks to them, since a test may have an event loop."""

    def __init__(self, server: Postgres, template: str) -> None:
        self.server, self.template = server, template
        self.hand = ThreadPoolExecutor(1, "databases")
        self.loop = asyncio.Runner()
        self.lines: dict[str, asyncpg.Connection] = {}
        self.spare = [self.copy(template)]
        self.sign, self.size = self._do(self._looked_at(self.spare[0]))

    def take(self) -> str:
        """The name of a database that is as new, and nobody else's."""
        return self.spare.pop() if self.spare else self.copy(self.template)

    def give_back(self, name: str) -> None:
        """Whoever is still in it is put out, and what they wrote is gone."""
        self._do(self._execute(name, EMPTY))
        sign, size = self._do(self._looked_at(name))
        if sign == self.sign and size < self.size + GROWN:
            self.spare.append(name)
        else:
            self.drop(name)

    def copy(self, template: str) -> str:
        """A new one like a database nobody is in: by its files, which is half the work of writing it anew."""
        self._do(self._hang_up(template))
        name = f"t_{uuid.uuid4().hex}"
        self._do(self._execute("postgres", f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
        return name

    def drop(self, name: str) -> None:
        """It is no more."""
        self._do(self._hang_up(name))
        self._do(self._execute("postgres", f"DROP DATABASE {name} WITH (FORCE)"))

    def _do(self, what: Coroutine[Any, Any, T]) -> T:
        return self.hand.submit(lambda: self.loop.run(what)).result()

    async def _line(self, name: str) -> asyncpg.Connection:
        if name not in self.lines:
            self.lines[name] = await asyncpg.connect(self.server.url(name), statement_cache_size=10)
        return self.lines[name]

    async def _execute(self, name: str, statement: str) -> None:
        await (await self._line(name)).execute(statement)

    async def _looked_at(self, name: str) -> tuple[str, int]:
        line = await self._line(name)
        return await line.fetchval(SIGN), await line.fetchval("SELECT pg_database_size(current_database())")

    async def _hang_up(self, name: str) -> None:
        if name in self.lines:
            await self.lines.pop(name).close()
