"""What is measured on and with: cores, the time and memory a process has used, compiled programs."""

import os
import platform
import resource
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from tests.bed.ground import Ground

HERE = Path(__file__).parent
CORES = sorted(os.sched_getaffinity(0))
SERVER, LOAD = CORES[0], CORES[-1]
"""The core of what is measured, and that of the load and the database. With one core they are the same."""
median = statistics.median


class Missing(RuntimeError):
    """The machine lacks something a row needs."""


@contextmanager
def on(core: int) -> Iterator[None]:
    """What is started in here stays on that core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def all_files() -> int:
    """Raises the limit of open files as far as it goes; the programs started from now on inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def cpu(pid: int) -> float:
    """Seconds that a process's living threads have computed, to the nanosecond, on whatever core."""
    spent = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


def memory(pid: int) -> int:
    """Bytes of a process that are in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def described() -> dict[str, Any]:
    """The machine of this run."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown")
    return {
        "cpu": model,
        "cores": len(CORES),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


class Program:
    """A helper of ours that tells its ports in its first line and ends with its stdin."""

    def __init__(self, *command: str | Path, core: int) -> None:
        with on(core):
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def ports(self) -> tuple[int, int]:
        """What it says first: where watchers and where lines go."""
        entrance, control = self._line().split()
        return int(entrance), int(control)

    def say(self, words: str) -> None:
        """One command."""
        assert self.process.stdin
        self.process.stdin.write(f"{words}\n".encode())
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """One line of JSON."""
        return dict(orjson.loads(self._line()))

    def _line(self) -> bytes:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args} ended")
        return line


class Bench:
    """What the rows of one run share."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.files = all_files()

    def compiled(self, name: str) -> Path:
        """One of the C programs beside this file, compiled once a run."""
        made = self.ground.folder / name
        if not made.exists():
            compiler = shutil.which("cc")
            if compiler is None:
                raise Missing("no C compiler (cc): apt-get install gcc libc6-dev")
            subprocess.run([compiler, "-O2", "-o", made, HERE / f"{name}.c"], check=True)
        return made

    def most(self, watchers: int) -> int:
        """So many watchers, or as many as this machine lets a process have files."""
        return min(watchers, self.files - 200)
