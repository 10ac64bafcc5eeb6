"""An installation to be broken: one server on SQLite, or two on PostgreSQL and Valkey behind one door."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random

from config.settings import Settings
from tests.bed.ground import Ground
from tests.bed.postgres import Postgres
from tests.bed.process import until
from tests.bed.served import Served
from tests.bed.valkey import Valkey
from tests.bed.wire import Wire
from tests.faults.launcher import POINTS

LIMITED = """import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["server", *sys.argv[2:]]
runpy.run_module("server", run_name="__main__")
"""


class Dying(Served):
    """A server that can be started with a fuse, or on a disk that is full."""

    def died(self, patience: float = 10.0) -> None:
        """Returns once its fuse has burnt down, or when nothing passes that point any more."""
        until(lambda: self.guard is None or self.guard.poll() is not None, patience)

    def armed(self, point: str, turn: int) -> None:
        """It will die at that pass by the point."""
        self.end()
        with suppress(RuntimeError):  # dead before it said that it is there
            self.start(before=["-m", "tests.faults.launcher", point, str(turn)])

    def full(self, bytes: int) -> None:
        """No file of it may grow over that size: what a full disk looks like from inside."""
        self.end()
        self.start(before=["-c", LIMITED, str(bytes)])


class Installation:
    """Servers, what is behind them, and the door. `faults` are what may befall it, by name."""

    def __init__(self, ground: Ground, settings: Settings, postgres: Postgres | None, valkey: Valkey | None):
        self.settings, self.postgres, self.valkey = settings, postgres, valkey
        self.servers = [
            Dying(ground.room("dying"), settings, ground.owner) for _ in range(2 if valkey else 1)
        ]
        self.door = Wire(*(server.port for server in self.servers))
        self.random = Random(0)

    @property
    def url(self) -> str:
        """Where clients go."""
        return self.door.url

    @property
    def faults(self) -> dict[str, Callable[[], None]]:
        """Each returns when it is over, and the installation is whole again."""
        named: dict[str, Callable[[], None]] = {
            "killed": self.killed,
            "stopped in good order": self.stopped,
            "every connection dropped": self.door.drop,
            "out of reach": self.out_of_reach,
            "sockets that say nothing": self.silent,
            **{f"killed {point}": partial(self.killed_at, point) for point in POINTS},
        }
        if self.valkey is None:
            named["disk full"] = self.disk_full
        else:
            named |= {
                "Valkey killed": self.valkey_killed,
                "Valkey flushed": self.valkey.forget,
                "Valkey silent": partial(self.frozen, self.valkey.pid),
                "PostgreSQL restarted": self.postgres_restarted,
            }
        return named

    def start(self) -> None:
        """All servers and the door."""
        for server in self.servers:
            server.start()
        self.door.__enter__()

    def end(self) -> None:
        """All of it."""
        self.door.__exit__()
        for server in self.servers:
            server.end()

    def one(self) -> Dying:
        """The server it hits."""
        return self.random.choice(self.servers)

    def killed(self) -> None:
        """kill -9 at any moment."""
        server = self.one()
        server.kill()
        server.start()

    def stopped(self) -> None:
        """A deploy in the middle of a sweep."""
        self.one().restart()

    def killed_at(self, point: str) -> None:
        """kill -9 where it matters most."""
        server = self.one()
        server.armed(point, self.random.randint(1, 4))
        if len(self.servers) > 1:
            self.door.drop()  # all are at the other server by now; this one would wait in vain to be asked
        server.died()
        server.end()
        server.start()

    def out_of_reach(self) -> None:
        """The network is away for a while: longer than a try, shorter than patience."""
        self.door.cut()
        self.rest(0.5)
        self.door.mend()

    def silent(self) -> None:
        """Open connections that carry nothing, then all at once."""
        self.door.freeze()
        self.rest(0.5)
        self.door.thaw()

    def frozen(self, pid: int) -> None:
        """A process that is there and does not answer."""
        os.kill(pid, signal.SIGSTOP)
        self.rest(0.5)
        os.kill(pid, signal.SIGCONT)

    def valkey_killed(self) -> None:
        """With all it knew."""
        assert self.valkey
        self.valkey.kill()
        self.rest(0.3)
        self.valkey.start()

    def postgres_restarted(self) -> None:
        """kill -9 of the database itself."""
        assert self.postgres
        self.postgres.kill()
        self.postgres.start()

    def disk_full(self) -> None:
        """No room to write any more; room again after a while."""
        server = self.one()
        there = sum(file.stat().st_size for file in self.settings.data_dir.glob("muster.db*"))
        server.full(max(there, 4096))
        self.rest(1.0)
        server.restart()

    def rest(self, seconds: float) -> None:
        """How long a fault lasts; the squad goes on meanwhile."""
        time.sleep(seconds)
