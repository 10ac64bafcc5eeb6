"""People who share their positions, and what their pages are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import orjson
from httpx2 import Response
from websockets.asyncio.client import ClientConnection, connect

from server.schema import new_id
from tests.server.conftest import Town
from tests.server.sweeping import Sweep

HERE, THERE = {"lat": 31.218642, "lon": 121.437791, "accuracy": 9}, {"lat": 31.219953, "lon": 121.438864}


async def share(sweep: Sweep, *people: str) -> None:
    """They switch it on."""
    for who in people:
        assert (await sweep.put(who, "sharing")).status_code == 200


async def move(sweep: Sweep, who: str, at: dict[str, Any] | None = HERE) -> Response:
    """Where somebody says they are."""
    return await sweep.put(who, "position", position=at)


class Ear:
    """What one person's page is told of positions."""

    def __init__(self, ws: ClientConnection, people: dict[str, str]) -> None:
        self.ws, self.people = ws, people

    async def hear(self, count: int = 1) -> list[tuple[str, float | None]]:
        """So many frames of the kind: who, and their latitude."""
        found: list[tuple[str, float | None]] = []
        async with asyncio.timeout(10):
            while len(found) < count:
                frame = orjson.loads(await self.ws.recv())
                if frame["kind"] == "shared":
                    assert "offset" not in frame
                    at = frame["data"]["position"]
                    found.append((self.people[frame["data"]["member"]], at and at["lat"]))
        return found

    async def nothing(self, town: Town, who: str = "wang") -> None:
        """Until a message that comes after it: no position."""
        squad, sent = (
            town.other if who == "sun" else town.squad,
            {"id": new_id(), "text": "Is anybody there?"},
        )
        await town[who].post(f"/api/v1/squads/{squad}/messages", json=sent)
        async with asyncio.timeout(10):
            while True:
                frame = orjson.loads(await self.ws.recv())
                assert frame["kind"] != "shared"
                if frame.get("subject") == sent["id"]:
                    return


@asynccontextmanager
async def listening(town: Town, address: str, *people: str) -> AsyncIterator[list[Ear]]:
    """They have the live page open."""
    known = {id: name for name, id in town.ids.items()}
    async with AsyncExitStack() as stack:
        ears = []
        for who in people:
            headers = {"Authorization": town[who].headers["authorization"]}
            streams = town.other if who == "sun" else town.squad
            ws = await stack.enter_async_context(
                connect(f"{address}?streams={streams}", additional_headers=headers)
            )
            assert orjson.loads(await ws.recv())["kind"] == "ready"
            ears.append(Ear(ws, known))
        yield ears
