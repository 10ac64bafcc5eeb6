"""The application as its callers meet it, and the small cast of every story.

Wang Fang leads North Bank; Zhang Wei and Li Na are in it. Sun Yue is in the other squad, South Gate, alone.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncBaseTransport, AsyncClient, Request, Response
from sqlalchemy import Connection

from channels.protocol import uvicorn_options
from config.settings import Settings
from server.access import Who, digest, find
from server.app import create_app
from server.customers.actions import add as add_customer
from server.members import actions as members
from server.schema import new_id
from server.squads import actions as squads
from server.visits.place import Position

members.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # slow on purpose; not here
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
    squad: str = ""
    other: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    clients: dict[str, AsyncClient] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)

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


PEOPLE = {"wang": "Wang Fang", "zhang": "Zhang Wei", "li": "Li Na", "sun": "Sun Yue"}


CUSTOMERS = (("hengtai", "Hengtai Hardware", 31.21, 121.41), ("lotus", "Lotus Pharmacies", 31.22, 121.40))


def settle(c: Connection, made: Town) -> dict[str, str]:
    """Brings the cast into an empty installation, in one transaction; their tokens."""
    zone = "Asia/Shanghai"
    made.ids["wang"] = members.set_up_company(
        c, "Qinghe", "Wang Fang", "wang@qinghe.example", None, "en", zone
    )
    for key in ("zhang", "li", "sun"):
        login = f"{key}@qinghe.example"
        made.ids[key] = members.add_member(c, name=PEOPLE[key], login=login, locale="en", zone=zone)
    made.squad = squads.create_squad(c, made.ids["wang"], "North Bank", zone)
    made.other = squads.create_squad(c, made.ids["sun"], "South Gate", zone)
    for key in ("zhang", "li"):
        squads.join(c, made.squad, made.ids[key])
    tokens = {key: members.new_token(c, id, "test") for key, id in made.ids.items()}
    lead = find(c, (digest(tokens["wang"]), True), "squad", made.squad)
    assert lead is not None
    for key, name, lat, lon in CUSTOMERS:
        made.customers[key] = add_customer(c, lead, name, Position(lat=lat, lon=lon))
    return tokens


@pytest.fixture
async def town(app: FastAPI) -> AsyncIterator[Town]:
    """The cast, signed in with tokens; two customers on North Bank's list."""
    made = Town(app)
    for key, token in (await app.state.db.write(settle, made)).items():
        made.clients[key] = client(app, {"Authorization": f"Bearer {token}"})
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
    """Each request goes to the next of the servers there are."""

    def __init__(self, app: FastAPI) -> None:
        self.servers = cycle([ASGITransport(one) for one in (app, getattr(app.state, "twin", app))])

    async def handle_async_request(self, request: Request) -> Response:
        """The next one's answer."""
        return await next(self.servers).handle_async_request(request)


def client(app: FastAPI, headers: dict[str, str] | None = None) -> AsyncClient:
    """A caller over ASGI; without headers a stranger."""
    return AsyncClient(transport=InTurn(app), base_url="http://testserver", headers=headers)


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Somebody who is not signed in."""
    async with client(app) as one:
        yield one
