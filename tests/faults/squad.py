"""A squad that goes on working whatever happens: writers that do not give up, watchers that do not miss.

Both follow the public rules, as phones do: an id made here and the same request until it is answered; a
cursor at every reconnect, drop what is lower, apply what is next, ask again where there is a hole.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson
from httpx2 import AsyncClient, HTTPError
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from config.settings import Settings
from server.access import Who, digest, find
from server.customers.actions import add as add_customer
from server.db import Database
from server.members import actions as members
from server.schema import new_id
from server.squads import actions as squads

ZONE = "Asia/Shanghai"
PAUSE = 0.05  # seconds before the next try of a client
SKEWED = (0, 0, -3600, 3600)  # seconds a phone's clock is wrong by


class News:
    """Wakes whoever waits for something to be written."""

    def __init__(self) -> None:
        self.next = asyncio.Event()

    def tell(self) -> None:
        """Something was."""
        self.next.set()
        self.next = asyncio.Event()

    async def wait(self) -> None:
        """Returns when the next thing is."""
        await self.next.wait()


@dataclass
class Squad:
    """A squad in a database: its id, a customer's, its members' tokens; `news` when something is written."""

    id: str
    customer: str
    tokens: list[str]
    news: News = field(default_factory=News)

    @classmethod
    async def found(cls, settings: Settings, people: int) -> "Squad":
        """A new company of one squad."""
        db = Database(settings)
        await db.start()
        lead = await db.write(
            members.set_up_company, "Qinghe", "Wang Fang", "wang@q.example", None, "en", ZONE
        )
        id = await db.write(squads.create_squad, lead, "North Bank", ZONE)
        tokens = [await db.write(members.new_token, lead, "test")]
        for n in range(people - 1):
            one = await db.write(
                lambda c, n=n: members.add_member(
                    c, name=f"Rep {n}", login=f"rep{n}@q.example", locale="en", zone=ZONE
                )
            )
            await db.write(squads.join, id, one)
            tokens.append(await db.write(members.new_token, one, "test"))
        who: Who | None = await db.read(find, (digest(tokens[0]), True), "squad", id)
        assert who is not None
        customer = await db.write(add_customer, who, "Hengtai", None)
        await db.stop()
        return cls(id, customer, tokens)


@dataclass
class Writer:
    """A rep who writes one thing after the other until it is acknowledged: `done`, ids in their order."""

    url: str
    squad: Squad
    token: str
    random: Random
    done: list[str] = field(default_factory=list)

    async def work(self, enough: asyncio.Event) -> None:
        """Until it is enough; returns once everything is acknowledged."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with AsyncClient(base_url=self.url, headers=headers, timeout=5) as api:
            while not enough.is_set():
                id, path, body = self.next()
                # A button pressed three times, three tabs, a retry that was not needed.
                times = self.random.choice((1, 1, 3))
                await asyncio.gather(*(self.insist(api, path, body) for _ in range(times)))
                self.done.append(id)
                self.squad.news.tell()

    def next(self) -> tuple[str, str, dict[str, Any]]:
        """A check-in or a message by a clock that may be wrong."""
        id = new_id()
        at = datetime.now(UTC) + timedelta(seconds=self.random.choice(SKEWED))
        path = f"/api/v1/squads/{self.squad.id}"
        if self.random.random() < 0.5:
            body = {"id": id, "customer_id": self.squad.customer, "captured_at": at.isoformat(), "note": id}
            return id, f"{path}/checkins", body
        return id, f"{path}/messages", {"id": id, "text": id, "captured_at": at.isoformat()}

    async def insist(self, api: AsyncClient, path: str, body: dict[str, Any]) -> None:
        """The same request until it is acknowledged; a refusal is a defect, and so is a failure of ours."""
        while True:
            try:
                answer = await api.post(path, json=body)
            except HTTPError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code in (200, 201):
                assert answer.json()["id"] == body["id"]
                return
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(PAUSE)


@dataclass
class Watcher:
    """Somebody with the squad's page open. `seen` is what it shows: subjects in the order of offsets."""

    url: str
    squad: Squad
    token: str
    seen: list[str] = field(default_factory=list)
    at: int = 0
    epoch: str = ""
    resets: int = 0
    wrong: list[str] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self) -> None:
        """For ever; cancelled at the end."""
        headers = {"Authorization": f"Bearer {self.token}"}
        while True:
            cursor = f"@{self.epoch}.{self.at}" if self.epoch else ""
            address = f"{self.url.replace('http', 'ws')}/live?streams={self.squad.id}{cursor}&as=data"
            try:
                async with connect(address, additional_headers=headers, open_timeout=5) as socket:
                    while self.take(orjson.loads(await asyncio.wait_for(socket.recv(), 5))):
                        pass
            except (OSError, WebSocketException, TimeoutError):
                pass
            await asyncio.sleep(PAUSE)

    def take(self, frame: dict[str, Any]) -> bool:
        """One frame by the client's rule; False where it must ask again from its cursor."""
        if "offset" not in frame:
            return True
        if frame["kind"] == "reset":
            self.resets += 1
            self.wrong.append("reset")
            return False
        if not self.epoch:
            self.epoch, self.at = frame["epoch"], frame["offset"]
            self.moved.set()
        if frame["kind"] in ("ready", "beat"):
            return bool(frame["offset"] <= self.at)
        if frame["offset"] <= self.at:
            return True
        if frame["offset"] > self.at + 1:
            return False
        self.at = frame["offset"]
        self.seen.append(frame["data"]["id"])
        self.moved.set()
        return True

    async def there(self) -> None:
        """Returns once it is live for the first time."""
        await self.moved.wait()

    async def reach(self, offset: int) -> None:
        """Returns once everything up to there is on the screen."""
        while self.at < offset:
            self.moved.clear()
            await self.moved.wait()
