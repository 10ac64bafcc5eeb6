"""A seeded installation behind a running server, and what its people do there without a browser."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from config.settings import Settings
from tests.bed.ground import apart
from tests.bed.pair import Pair
from tests.bed.served import Served


class Town:
    """A seeded installation behind a running server. `members` as printed by `seed --demo --json`."""

    def __init__(self, server: Served | Pair, members: dict[str, dict[str, Any]]) -> None:
        self.server, self.members = server, members

    @property
    def url(self) -> str:
        """Where the server is."""
        return self.server.url

    def call(self, handle: str, method: str, path: str, **body: Any) -> Any:
        """One request to `/api/v1` with that member's token; the answer's JSON."""
        key = {"Authorization": f"Bearer {self.members[handle]['token']}"}
        answer = httpx2.request(method, f"{self.url}/api/v1{path}", json=body or None, headers=key)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def say(self, handle: str, squad: str, text: str) -> str:
        """A message to the squad; its id."""
        return str(self.call(handle, "POST", f"/squads/{squad}/messages", id=str(uuid4()), text=text)["id"])

    def check_in(self, handle: str, squad: str, **more: Any) -> dict[str, Any]:
        """A check-in at the first customer of the squad's list; the visit."""
        there = self.call(handle, "GET", f"/squads/{squad}/customers")[0]
        sent = {"id": str(uuid4()), "customer_id": there["id"], "captured_at": datetime.now(UTC).isoformat()}
        visit: dict[str, Any] = self.call(handle, "POST", f"/squads/{squad}/checkins", **sent, **more)
        return visit

    def close(self, handle: str, visit: str, **outcome: Any) -> None:
        """Says how a visit went."""
        ended = {"closed_at": datetime.now(UTC).isoformat(), **outcome}
        self.call(handle, "PUT", f"/visits/{visit}/outcome", **ended)

    def leave_alone(self, handle: str) -> None:
        """What others do waits while this member is in a visit, as it does unless one chooses otherwise."""
        self.call(handle, "PUT", "/me/notices/calm", visiting=True)

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """One statement on the server's own database, committed; the rows, if it has any."""
        return sql(self.server.settings, statement, **values)


def sql(chosen: Settings, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """One statement on a database, committed; the rows, if it has any."""

    def run(connection: Connection) -> list[tuple[Any, ...]]:
        answer = connection.execute(text(statement), values)
        return [tuple(row) for row in answer] if answer.returns_rows else []

    if chosen.embedded:
        engine = create_engine(chosen.database)
        with engine.begin() as connection:
            rows = run(connection)
        engine.dispose()
        return rows

    async def on_postgres() -> list[tuple[Any, ...]]:
        great = create_async_engine(chosen.database, poolclass=NullPool)
        async with great.begin() as connection:
            return await connection.run_sync(run)

    return apart(lambda: asyncio.run(on_postgres()))
