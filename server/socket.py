"""`/live`: who may listen to what, and where from."""

import asyncio
from uuid import UUID

from sqlalchemy import Connection
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from channels.position import Position
from server import access
from server.access import Held, Who
from server.db import Database

BAD, GONE = 1003, 1008
MOST = 64
BATCH = 100
"""Credentials looked up in one read."""


class Listening:
    """The endpoint as ASGI: of what a framework's route does around one, a connection would use nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await listen(WebSocket(scope, receive, send))


async def listen(ws: WebSocket) -> None:
    """Admits the caller, hands the connection to the hub and returns; the connection stays."""
    state = ws.app.state
    held = access.credential(ws)
    who, allowed = await state.admissions.ask(held) if held else (None, [])
    asked = cursors(ws.query_params.get("streams", ""), who.id if who else "")
    how = ws.query_params.get("as", "data")
    code = GONE
    if asked is None or how not in ("html", "data"):
        code = BAD
    elif who is not None and asked and all(stream in allowed for stream in asked):
        code = 0
    await ws.accept()
    live = ws.scope["extensions"]["live"]
    if code or who is None or asked is None:
        live.close(code)
        return
    live.owner, live.ticket = who.id, who.ticket
    live.expires = who.expires.timestamp() if who.expires else None
    await state.hub.join(live, asked, f"html:{who.locale}" if how == "html" else "data")


Admitted = tuple[Who | None, list[str]]


class Admissions:
    """Thousands who come back at once are looked up many to a read, while the last read is under way."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.waiting: list[tuple[Held, asyncio.Future[Admitted]]] = []
        self.task: asyncio.Task[None] | None = None

    async def ask(self, held: Held) -> Admitted:
        """Whom a credential stands for, and the streams they may hear."""
        answer: asyncio.Future[Admitted] = asyncio.get_running_loop().create_future()
        self.waiting.append((held, answer))
        if self.task is None:
            self.task = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self.waiting:
                batch, self.waiting = self.waiting[:BATCH], self.waiting[BATCH:]
                try:
                    found = await self.db.read(_admit, [held for held, _ in batch])
                except Exception as failure:
                    for _, answer in batch:
                        if not answer.done():
                            answer.set_exception(failure)
                    continue
                for (_, answer), one in zip(batch, found, strict=True):
                    if not answer.done():
                        answer.set_result(one)
        finally:
            self.task = None


def _admit(c: Connection, credentials: list[Held]) -> list[Admitted]:
    found = access.find_all(c, credentials)
    streams = access.streams_of(c, {who.id for who in found.values()})
    callers = [found.get(held) for held in credentials]
    return [(who, streams[who.id] if who else []) for who in callers]


def cursors(text: str, member: str) -> dict[str, Position | None] | None:
    """`<stream>[@<epoch>.<offset>],…` as stream keys and positions; None for what cannot be read."""
    found: dict[str, Position | None] = {}
    for part in text.split(","):
        name, _, place = part.partition("@")
        if name == "me":
            key = f"me:{member}"
        elif name in ("company", "desk"):
            key = name
        else:
            try:
                key = str(UUID(name))
            except ValueError:
                return None
        try:
            found[key] = Position.parse(place) if place else None
        except ValueError:
            return None
    return found if len(found) <= MOST else None
