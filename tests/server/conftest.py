"""The application as its callers meet it, and the town with the small cast of every story (`cast.py`)."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncBaseTransport, AsyncClient, Request, Response

from channels.protocol import uvicorn_options
from config.settings import Settings
from server import db, parts
from server.access import Who, digest, find
from server.app import create_app
from server.members import actions as members
from server.schema import new_id
from tests.bed.compiled import once
from tests.server.cast import PEOPLE, arrive
from tests.server.kept import Checked

DECOY = members.DECOY
members.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # slow on purpose; not here
members.DECOY = members.hasher.hash("nobody's")  # a hash says itself how slow it is
sys.modules.setdefault("sniffio", None)  # not there, and httpx2 looks everywhere for it with each request
db.create_engine = once(db.create_engine)
db.create_async_engine = once(db.create_async_engine)
parts.Commons = Checked  # type: ignore[misc]
NOON = "2026-05-04T04:00:00Z"


@pytest.fixture
async def app(setup: Settings) -> AsyncIterator[FastAPI]:
    """The whole application, started, on each kind of installation. Behind a relay there are two of them:
    callers are answered by both in turn, and cannot tell.
    """
    application, twin = create_app(setup), create_app(setup)
    async with application.router.lifespan_context(application):
        if not setup.redis_url:
            yield application
            return
        async with twin.router.lifespan_context(twin):
            application.state.twin = twin
            yield application


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The same application behind a real socket: the address of its `/live`."""
    config = uvicorn.Config(
        app, lifespan="off", log_level="warning", **uvicorn_options(lambda: app.state.hub)
    )
    server = uvicorn.Server(config)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(100)
        config.load()
        running = asyncio.create_task(server.serve([door]))
        yield f"ws://127.0.0.1:{door.getsockname()[1]}/live"
        server.should_exit = True
        await running


@dataclass
class Town:
    """A company of two squads, and a client for each of its people."""

    app: FastAPI
    squad: str
    other: str
    ids: dict[str, str]
    clients: dict[str, AsyncClient]
    customers: dict[str, str]

    def __getitem__(self, name: str) -> AsyncClient:
        """A person's client, with their token."""
        return self.clients[name]

    async def check_in(self, name: str, **changes: Any) -> Response:
        """A check-in at Hengtai Hardware at noon, unless said otherwise."""
        body = {
            "id": new_id(),
            "customer_id": self.customers["hengtai"],
            "captured_at": NOON,
            "note": "Owner is in",
            "position": {"lat": 31.2101, "lon": 121.4101, "accuracy": 12, "fix_at": NOON, "source": "gps"},
            **changes,
        }
        return await self[name].post(f"/api/v1/squads/{self.squad}/checkins", json=body)

    async def say(self, name: str, text: str) -> dict[str, Any]:
        """A message to North Bank."""
        body = {"id": new_id(), "text": text}
        answer = await self[name].post(f"/api/v1/squads/{self.squad}/messages", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def speak(self, name: str, locale: str) -> None:
        """Sets a person's language."""
        person = members.change_profile
        zone, shown = "Asia/Shanghai", PEOPLE[name]
        await self.app.state.db.write(
            lambda c: person(c, self.ids[name], name=shown, initials="", colour=1, locale=locale, zone=zone)
        )

    async def journal(self, squad: str | None = None) -> list[dict[str, Any]]:
        """Every entry of a squad's stream."""
        answer = await self["wang"].get(f"/api/v1/squads/{squad or self.squad}/journal?limit=1000")
        return list(answer.json()["entries"])


@pytest.fixture
async def town(app: FastAPI) -> AsyncIterator[Town]:
    """The cast, signed in with tokens; two customers on North Bank's list."""
    cast = await app.state.db.write(arrive)
    clients = {key: client(app, {"Authorization": f"Bearer {token}"}) for key, token in cast.tokens.items()}
    made = Town(app, cast.squad, cast.other, dict(cast.ids), clients, dict(cast.customers))
    yield made
    for one in made.clients.values():
        await one.aclose()


async def place_of(app: FastAPI, made: Town, key: str) -> Who:
    """A person's place in North Bank."""
    token = made.clients[key].headers["authorization"].removeprefix("Bearer ")
    found = await app.state.db.read(find, (digest(token), True), "squad", made.squad)
    assert found is not None
    return found


class InTurn(AsyncBaseTransport):
    """Each request goes to the next of the servers there are. What was said to one is found at the other a
    moment later: a search waits for it.
    """

    def __init__(self, app: FastAPI) -> None:
        self.apps = (app, getattr(app.state, "twin", app))
        self.servers = cycle([ASGITransport(one) for one in self.apps])

    async def handle_async_request(self, request: Request) -> Response:
        """The next one's answer."""
        if request.url.path.endswith("/search"):
            for one in self.apps:
                await one.state.search.settled()
        return await next(self.servers).handle_async_request(request)


def client(app: FastAPI, headers: dict[str, str] | None = None) -> AsyncClient:
    """A caller over ASGI; without headers a stranger."""
    return AsyncClient(transport=InTurn(app), base_url="http://testserver", headers=headers)


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Somebody who is not signed in."""
    async with client(app) as one:
        yield one
