"""A real server that a test run starts, breaks and ends, by process id and never by name."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from tests.bed import guard
from tests.bed.warm import Child


class Process:
    """One server behind its guard, in a folder of its own.

    `watched` is the process whose end ends the server: the test run's first process.
    """

    def __init__(
        self,
        folder: Path,
        command: list[str],
        *,
        ready: Callable[[], bool],
        watched: int,
        uid: int = -1,
        stop: int = signal.SIGTERM,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.folder, self.command, self.ready = folder, command, ready
        self.watched, self.uid, self.stop_signal = watched, uid, stop
        self.env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"} if env is None else dict(env)
        self.guard: subprocess.Popen[bytes] | Child | None = None

    def start(self, patience: float = 30.0) -> None:
        """Starts it and returns once it answers. Raises RuntimeError with its log when it does not."""
        (self.folder / "pid").unlink(missing_ok=True)
        self.guard = self.launch()
        until(lambda: self.ready() or self.guard is None or self.guard.poll() is not None, patience)
        if not self.ready():
            self.end()
            raise RuntimeError(f"{self.command[0]} did not start:\n{self.log()}")

    def launch(self) -> subprocess.Popen[bytes] | Child:
        """Starts the guard, which starts the server."""
        words = [str(self.watched), str(self.folder), str(self.uid), str(int(self.stop_signal))]
        script = [sys.executable, "-S", "-E", guard.__file__]
        return subprocess.Popen([*script, *words, *self.command], env=self.env, start_new_session=True)

    def log(self) -> str:
        """What the server has written so far."""
        path = self.folder / "log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    @property
    def pid(self) -> int:
        """The server's own process id."""
        return int((self.folder / "pid").read_text())

    def kill(self) -> None:
        """kill -9: what it was doing stays undone. Returns once its children are gone too."""
        server = psutil.Process(self.pid)
        family = server.children(recursive=True)
        server.kill()
        self._wait()
        psutil.wait_procs(family, timeout=10)

    def end(self) -> None:
        """Stops it in good order; returns once it is gone. May be called again."""
        if self.guard is not None and self.guard.poll() is None:
            self.guard.terminate()
        self._wait()

    def restart(self) -> None:
        """Stopped in good order, or already dead: up again on the same folder."""
        self.end()
        self.start()

    def _wait(self) -> None:
        if self.guard is not None:
            self.guard.wait(guard.PATIENCE + 10)


def until(true: Callable[[], bool], patience: float, pause: float = 0.01) -> bool:
    """Asks again and again until it is true; False when `patience` seconds have passed before."""
    deadline = time.monotonic() + patience
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
