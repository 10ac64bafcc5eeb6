"""The scissors cut."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.bed.wire import Wire


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that says everything back."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(line,), daemon=True).start()

        def talk(line: socket.socket) -> None:
            with line:
                while data := line.recv(1024):
                    line.sendall(data)

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def call(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def broken(line: socket.socket) -> bool:
    """Whether the other side has hung up, gently or not."""
    try:
        return line.recv(10) == b""
    except ConnectionError:
        return True


def test_it_carries_both_ways(echo: int) -> None:
    """As if it were not there."""
    with Wire(echo) as wire, call(wire.port) as line:
        line.sendall(b"anyone there")
        assert line.recv(1024) == b"anyone there"


def test_a_cut_breaks_what_is_open_and_refuses_what_comes(echo: int) -> None:
    """Until it is mended."""
    with Wire(echo) as wire:
        with call(wire.port) as line:
            line.sendall(b"1")
            assert line.recv(10) == b"1"
            wire.cut()
            assert broken(line)
        with call(wire.port) as line:
            assert broken(line)
        wire.mend()
        with call(wire.port) as line:
            line.sendall(b"3")
            assert line.recv(10) == b"3"


def test_a_frozen_wire_says_nothing_and_loses_nothing(echo: int) -> None:
    """The connection stays open and silent."""
    with Wire(echo) as wire, call(wire.port) as line:
        line.sendall(b"0")
        assert line.recv(10) == b"0"
        wire.freeze()
        line.sendall(b"later")
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(10)
        line.settimeout(5)
        wire.thaw()
        assert line.recv(10) == b"later"
