"""The server with a place to die at: `python -m tests.faults.launcher POINT TURN serve ...`.

At its `TURN`th pass by the named point the process ends as by kill -9. The points lie where a crash would
tell whether the order of things is right; the server itself knows nothing of them.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import server.__main__
import server.app
import server.parts

POINTS = ("before the commit", "after the commit", "before the answer")


class Fuse:
    """Burns down by one at each pass."""

    def __init__(self, turns: int) -> None:
        self.left = turns

    def burn(self) -> None:
        """The last pass is the end."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str, turns: int) -> None:
    """Puts the fuse at one of `POINTS`."""
    fuse = Fuse(turns)
    if point == "before the commit":
        event.listen(Engine, "commit", lambda connection: fuse.burn())
    elif point == "after the commit":
        told = server.parts.tell

        def tell(*args: Any) -> None:
            fuse.burn()
            told(*args)

        server.parts.tell = tell
    elif point == "before the answer":
        made: Callable[..., ASGIApp] = server.app.create_app
        server.app.create_app = lambda settings: answering(made(settings), fuse)  # type: ignore[assignment,return-value]


def answering(app: ASGIApp, fuse: Fuse) -> ASGIApp:
    """The application, whose fuse burns when it has made something and is about to say so."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 201:
                fuse.burn()
            await send(message)

        await app(scope, receive, sending if scope["type"] == "http" else send)

    return wrapped


if __name__ == "__main__":
    _, where, turn, *rest = sys.argv
    arm(where, int(turn))
    sys.argv = ["server", *rest]
    server.__main__.app()
