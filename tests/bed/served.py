"""The real server in a process of its own, as people start it, to be killed and started again."""

import http.client
import os
import socket
import subprocess
import sys
from pathlib import Path

from config.settings import Settings
from tests.bed.process import Process
from tests.bed.warm import ROOT, Child, warm


class Served(Process):
    """`python -m server serve` on a free port. `folder` keeps its log; `settings` say where the data are.

    A warm Python becomes it (`warm.py`); `cold`: a new one starts, as it does where people start it.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        watched: int | None = None,
        port: int = 0,
        *,
        cold: bool = False,
        program: str = "server",
    ) -> None:
        self.settings, self.cold, self.program = settings, cold, program
        self.port = port or free_port()
        command = [sys.executable, "-m", program, "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        owner = os.getpid() if watched is None else watched
        super().__init__(folder, command, ready=self.answers, watched=owner, env=environment(settings))

    def start(self, patience: float = 30.0, before: list[str] | None = None) -> None:
        """As ever, or by another program: the words after Python's own name."""
        serve = self.command[self.command.index("serve") :]
        self.command = [sys.executable, *(before or ["-m", self.program]), *serve]
        super().start(patience)

    def update(self) -> None:
        """Stopped in good order; up again in the version that `newer.py` is."""
        self.end()
        self.start(before=["-m", "tests.bed.newer"])

    def launch(self) -> subprocess.Popen[bytes] | Child:
        """By way of its guard, or of the warm Python, which then guards it."""
        if self.cold:
            return super().launch()
        child = warm(self.folder.parent).run(self.command[1:], self.folder, self.env)
        (self.folder / "pid").write_text(str(child.pid))
        return child

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether it is ready: process, database and relay."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


def environment(settings: Settings) -> dict[str, str]:
    """The environment variables that make a process see the same settings, and nothing of ours."""
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        choices = getattr(field.validation_alias, "choices", [name.upper()])
        if name in settings.model_fields_set and value is not None:
            env[str(choices[0])] = str(value)
    return env


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
