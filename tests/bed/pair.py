"""Two servers that must behave as one: PostgreSQL and Valkey behind them, one door before them."""

from config.settings import Settings
from tests.bed.ground import Ground
from tests.bed.served import Served
from tests.bed.valkey import Valkey
from tests.bed.wire import Wire


class Pair:
    """Two web processes; each connection goes to the other of them. Looks like one `Served`.

    Their Valkey is their own: databases copied from one template have streams of the same name.
    """

    def __init__(self, ground: Ground, settings: Settings) -> None:
        self.valkey = Valkey(ground.room("valkey"), ground.owner)
        self.settings = settings.model_copy(update={"redis_url": self.valkey.url})
        self.servers = [Served(ground.room("served"), self.settings, ground.owner) for _ in range(2)]
        self.door = Wire(*(server.port for server in self.servers))

    @property
    def port(self) -> int:
        """The door's."""
        return self.door.port

    @property
    def url(self) -> str:
        """Where both are, without a slash at the end."""
        return self.door.url

    def start(self) -> None:
        """Valkey, both servers, the door."""
        self.valkey.start()
        for server in self.servers:
            server.start()
        self.door.__enter__()

    def kill(self) -> None:
        """kill -9, both."""
        for server in self.servers:
            server.kill()

    def restart(self) -> None:
        """Both up again; the door stands."""
        for server in self.servers:
            server.restart()

    def update(self) -> None:
        """Both in the next version."""
        for server in self.servers:
            server.update()

    def end(self) -> None:
        """All of it, in good order."""
        self.door.__exit__()
        for server in self.servers:
            server.end()
        self.valkey.end()
