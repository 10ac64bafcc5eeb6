"""A journal in memory, a hub on a real uvicorn server, and watchers that speak the live protocol."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from channels.relay import Bus, MemoryRelay
from tests.channels.town import Journal, Station

LOOPS = [
    pytest.param(("asyncio", {"use_uvloop": False}), id="asyncio"),
    pytest.param(("asyncio", {"use_uvloop": True}), id="uvloop"),
]


@pytest.fixture(params=LOOPS)
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="session", autouse=True)
def many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.fixture
def journal() -> Journal:
    return Journal()


Open = Callable[..., Awaitable[Station]]


@pytest.fixture
async def open_station(journal: Journal) -> AsyncIterator[Open]:
    """Starts hubs, each on its own server; all of them share one journal and one bus."""
    bus = Bus()
    async with contextlib.AsyncExitStack() as stack:

        async def opened(relay: Any = None, source: Any = None, **options: Any) -> Station:
            station = Station(source or journal, relay or MemoryRelay(bus), **options)
            return await stack.enter_async_context(station)

        async with asyncio.timeout(60):
            yield opened


@pytest.fixture
async def station(open_station: Open) -> Station:
    return await open_station()
