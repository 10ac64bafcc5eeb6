"""One run: a squad works, faults befall its servers, and afterwards everything must be there."""

import asyncio
import socket
from contextlib import suppress
from random import Random
from typing import Any

from httpx2 import AsyncClient

from tests.faults.installation import Installation
from tests.faults.squad import Squad, Watcher, Writer

WRITERS, WATCHERS = 4, 3
PATIENCE = 60.0
"""Seconds for what must come in the end."""
SAID = ("checkin", "message")


async def run(installation: Installation, faults: list[str], seed: int) -> None:
    """Raises AssertionError unless acknowledged = stored = seen, each once, in one order for all."""
    random = Random(seed)
    installation.random = random
    squad = await Squad.found(installation.settings, WRITERS)
    await asyncio.to_thread(installation.start)
    try:
        writers = [Writer(installation.url, squad, token, random) for token in squad.tokens]
        watchers = [Watcher(installation.url, squad, squad.tokens[0]) for _ in range(WATCHERS)]
        deaf = await never_reads(installation, squad)
        watching = [asyncio.create_task(one.watch()) for one in watchers]
        await asyncio.gather(*(one.there() for one in watchers))
        enough = asyncio.Event()
        writing = [asyncio.create_task(one.work(enough)) for one in writers]
        for fault in faults:
            await written(writers, 4)
            await asyncio.to_thread(installation.faults[fault])
        await written(writers, 4)
        enough.set()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*writing)
            entries = await journal(installation.url, squad)
            await asyncio.gather(*(one.reach(entries[-1]["offset"]) for one in watchers))
        for task in watching:
            task.cancel()
        deaf.close()
        check(entries, writers, watchers)
        await check_feed(installation.url, squad, writers)
    finally:
        await asyncio.to_thread(installation.end)


async def never_reads(installation: Installation, squad: Squad) -> asyncio.StreamWriter:
    """A watcher whose phone has gone to sleep with the connection open."""
    phone = socket.socket()
    phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    phone.setblocking(False)
    await asyncio.get_running_loop().sock_connect(phone, ("127.0.0.1", installation.door.port))
    reader, writer = await asyncio.open_connection(sock=phone, limit=1)
    writer.write(
        f"GET /live?streams={squad.id}&as=html HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        f"Authorization: Bearer {squad.tokens[0]}\r\n\r\n".encode()
    )
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    return writer


async def written(writers: list[Writer], more: int) -> None:
    """Returns once the squad has written some more, together."""
    wanted = sum(len(one.done) for one in writers) + more
    async with asyncio.timeout(PATIENCE):
        while sum(len(one.done) for one in writers) < wanted:
            await writers[0].squad.news.wait()


async def journal(url: str, squad: Squad) -> list[dict[str, Any]]:
    """Every entry there is."""
    found: list[dict[str, Any]] = []
    headers = {"Authorization": f"Bearer {squad.tokens[0]}"}
    async with AsyncClient(base_url=url, headers=headers, timeout=20) as api:
        while True:
            after = f"&after={found[-1]['epoch']}.{found[-1]['offset']}" if found else ""
            answer = await api.get(f"/api/v1/squads/{squad.id}/journal?limit=1000{after}")
            page = answer.json()["entries"]
            if not page:
                return found
            found += page


def check(entries: list[dict[str, Any]], writers: list[Writer], watchers: list[Watcher]) -> None:
    """The journal is dense, holds each acknowledged thing once in its writer's order, and was seen as is."""
    assert [one["offset"] for one in entries] == list(range(1, len(entries) + 1))
    stored = [one["subject"] for one in entries if one["kind"] in SAID]
    acknowledged = [id for one in writers for id in one.done]
    assert len(stored) == len(set(stored))
    assert set(stored) == set(acknowledged)
    place = {id: n for n, id in enumerate(stored)}
    for one in writers:
        assert [place[id] for id in one.done] == sorted(place[id] for id in one.done)
    shown = [one["data"]["id"] for one in entries]
    for watcher in watchers:
        assert watcher.wrong == []
        assert watcher.seen == shown[len(shown) - len(watcher.seen) :]
        assert set(acknowledged) <= set(watcher.seen)


async def check_feed(url: str, squad: Squad, writers: list[Writer]) -> None:
    """The feed has each of them once, whole."""
    headers = {"Authorization": f"Bearer {squad.tokens[0]}"}
    found: list[dict[str, Any]] = []
    async with AsyncClient(base_url=url, headers=headers, timeout=20) as api:
        while True:
            before = f"&before={found[-1]['offset']}" if found else ""
            page = (await api.get(f"/api/v1/squads/{squad.id}/posts?limit=200{before}")).json()
            found += page
            if len(page) < 200:
                break
    said = [one for one in found if one["kind"] in SAID]
    assert sorted(one["id"] for one in said) == sorted(id for one in writers for id in one.done)
    for one in said:
        with suppress(KeyError):
            assert (one["visit"]["note"] if one["visit"] else one["text"]) == one["id"]
