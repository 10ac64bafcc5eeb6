"""What the tests of one run share: a folder, a PostgreSQL, an S3, and databases migrated once.

The pytest process one starts makes the folder and removes it; xdist's workers get its path. Servers start
when the first test asks for them, under a file lock, and their guards end them with the first process.
"""

import fcntl
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import psutil

from config.settings import Settings
from tests.bed.databases import Databases
from tests.bed.postgres import Postgres
from tests.bed.process import until
from tests.bed.s3 import S3
from tests.bed.valkey import Valkey

T = TypeVar("T")
TEMPLATE = "migrated"
BUCKET = "muster"
ROOM = 8 << 30
"""Bytes that must be free in memory before a run's data may lie there."""


class Ground:
    """The ground the tests of this process stand on. `owner` is the run's first process."""

    def __init__(self, folder: Path, owner: int) -> None:
        self.folder, self.owner = folder, owner

    @classmethod
    def make(cls, where: str | None = None) -> "Ground":
        """A new one, owned by this process: where temporary files go, unless told."""
        folder = Path(tempfile.mkdtemp(prefix="muster-", dir=where))
        folder.chmod(0o755)  # PostgreSQL may run as another user than ours
        return cls(folder, os.getpid())

    def clear(self) -> None:
        """Ends the servers, removes the folder. For the owner, at the very end."""
        for server in self.folder.glob("*/guard"):
            pid = int(server.read_text())
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                continue
            until(lambda pid=pid: gone(pid), 15)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """One process of the run at a time."""
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def room(self, name: str) -> Path:
        """A new folder with a short path, for a server or a data folder."""
        path = self.folder / f"{name}-{uuid.uuid4().hex[:8]}"
        path.mkdir()
        return path

    @cached_property
    def postgres(self) -> Postgres:
        """The run's one PostgreSQL, with a migrated database to copy from."""
        folder = self.folder / "postgres"
        with self.alone("postgres"):
            folder.mkdir(exist_ok=True)
            server = Postgres(folder, self.owner)
            if not (folder / "guard").exists():
                server.start()
                server.sql(f"CREATE DATABASE {TEMPLATE}")
                migrate(settings(data_dir=folder, database_url=server.url(TEMPLATE)))
                assert server.guard is not None
                (folder / "guard").write_text(str(server.guard.pid))
        return server

    @cached_property
    def migrated(self) -> Path:
        """The folder of a PostgreSQL server that has ended, its first database migrated: to begin like it."""
        folder = self.folder / "cluster"
        with self.alone("cluster"):
            if not (folder / "done").exists():
                folder.mkdir(exist_ok=True)
                server = Postgres(folder, self.owner)
                server.start()
                migrate(settings(data_dir=folder, database_url=server.url()))
                server.end()
                (folder / "done").touch()
        return folder

    @cached_property
    def valkey(self) -> Valkey:
        """This process's own Valkey: channels are not kept apart by its numbered databases."""
        folder = self.room("valkey")
        server = Valkey(folder, self.owner)
        server.start()
        assert server.guard is not None
        (folder / "guard").write_text(str(server.guard.pid))
        return server

    @cached_property
    def s3(self) -> S3:
        """The run's one S3 server, with an empty bucket; each installation has a folder of its own in it."""
        folder = self.folder / "s3"
        with self.alone("s3"):
            folder.mkdir(exist_ok=True)
            server = S3(folder, self.owner)
            if not (folder / "guard").exists():
                server.start()
                server.bucket(BUCKET)
                assert server.guard is not None
                (folder / "guard").write_text(str(server.guard.pid))
        return server

    @cached_property
    def lite(self) -> Path:
        """A migrated SQLite file to copy from, closed and complete."""
        folder = self.folder / "lite"
        with self.alone("lite"):
            if not (folder / "done").exists():
                migrate(settings(data_dir=folder))
                (folder / "done").touch()
        return folder / "muster.db"

    @contextmanager
    def embedded(self, *, empty: bool = False, **chosen: Any) -> Iterator[Settings]:
        """Settings of a fresh installation on SQLite and memory. `empty`: no tables yet."""
        folder = self.room("data")
        if not empty:
            shutil.copy(self.lite, folder / "muster.db")
        yield settings(data_dir=folder, **chosen)
        shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def on(self, database: Postgres, relay: Valkey) -> Iterator[Settings]:
        """Settings of a fresh installation on servers of one's own, which may be killed.

        `database` was begun like `migrated`.
        """
        folder = self.room("data")
        yield settings(data_dir=folder, database_url=database.url(), redis_url=relay.url)
        shutil.rmtree(folder, ignore_errors=True)

    def copied(self, name: str, template: str) -> str:
        """A new PostgreSQL database like another, and its address. It stays until the run ends."""
        name, template = name.replace("-", "_"), template.replace("-", "_")
        with self.alone("copy"):  # a template may have nobody in it
            self.postgres.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.postgres.url(name)

    @contextmanager
    def scaled(self, *, empty: bool = False, **chosen: Any) -> Iterator[Settings]:
        """Settings of a fresh installation on PostgreSQL and Valkey. `empty`: no tables yet."""
        folder = self.room("data")
        name = self.databases.copy("template1") if empty else self.databases.take()
        self.valkey.forget()
        yield settings(
            data_dir=folder, database_url=self.postgres.url(name), redis_url=self.valkey.url, **chosen
        )
        if empty:
            self.databases.drop(name)
        else:
            self.databases.give_back(name)
        shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def afar(self, **chosen: Any) -> Iterator[Settings]:
        """Settings of a fresh installation on PostgreSQL and Valkey, its files at S3."""
        with self.scaled(files_url=self.s3.url(BUCKET, uuid.uuid4().hex), **chosen) as made:
            yield made

    @contextmanager
    def like(self, other: Settings) -> Iterator[Settings]:
        """Settings of an installation with all that is in another, where nobody is at work just now."""
        folder = self.room("data")
        shutil.copytree(other.data_dir, folder, dirs_exist_ok=True)
        if other.embedded:
            yield other.model_copy(update={"data_dir": folder})
        else:
            name = self.databases.copy(str(other.database.database))
            self.valkey.forget()
            url = self.postgres.url(name)
            yield other.model_copy(update={"data_dir": folder, "database_url": url})
            self.databases.drop(name)
        shutil.rmtree(folder, ignore_errors=True)

    @cached_property
    def databases(self) -> Databases:
        """This process's own on the run's one PostgreSQL."""
        return Databases(self.postgres, TEMPLATE)


def in_memory(where: str = "/dev/shm") -> str | None:
    """A place that waits for no disk, if there is one with room enough: SQLite's tests wait for each commit.

    What is measured must not lie there.
    """
    try:
        found = os.statvfs(where)
    except OSError:
        return None
    roomy = found.f_bavail * found.f_frsize > ROOM and psutil.virtual_memory().available > ROOM
    runs = not found.f_flag & os.ST_NOEXEC  # a copy of PostgreSQL's programs may lie there too
    return where if roomy and runs and os.access(where, os.W_OK) else None


def settings(**chosen: Any) -> Settings:
    """Settings that look at nothing but what is given: no environment, no `.env`."""
    chosen.setdefault("secret_key", "a key for tests, and for tests alone")
    return Settings(_env_file=None, **chosen)  # type: ignore[call-arg]


def migrate(chosen: Settings, to: str = "head") -> None:
    """Tables up to date. The server is imported late: what needs no database is tested without it."""
    from server.db import migrate as upgrade

    apart(lambda: upgrade(chosen, to))


def apart(work: Callable[[], T]) -> T:
    """Runs it in a thread of its own: a browser's driver already has an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def gone(pid: int) -> bool:
    """Whether a process has ended. A child of ours is reaped on the way."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
