"""A chat group out of reach in every way: tried ever more seldom, shown to the admin, told once when well."""

from datetime import timedelta

import pytest

from server.notices import channels
from server.notices.models import delivery, endpoint
from server.schema import new_id, now
from tests.bed.receivers import Hooks, receiving
from tests.server.conftest import Town
from tests.server.noticing import SOON, hooks, rows, run

pytestmark = pytest.mark.anyio

__all__ = ["hooks"]
A_LITTLE = timedelta(seconds=2)


async def tried(town: Town) -> str:
    """What its next try came to; none comes before it is due."""
    (before,) = await rows(town, endpoint)
    due = before.retry_at or now() + SOON
    if before.retry_at:
        await run(town, due - now() - A_LITTLE)
        assert await rows(town, endpoint) == [before]
    await run(town, due - now() + A_LITTLE)
    (after,) = await rows(town, endpoint)
    assert after != before
    return str(after.error or "")


async def test_told_once_when_it_is_well(town: Town, hooks: Hooks) -> None:
    """Nobody there, 500, too slow, an answer that is lost; then it has it, once."""
    async with receiving(Hooks()) as first:
        port = first.port
    url = f"json://127.0.0.1:{port}/a-secret-key?rto=0.5"
    await town["wang"].post(f"/squads/{town.squad}/channels", data={"name": "Our group", "url": url})
    sent = {"id": new_id(), "title": "New prices", "text": "Four percent less."}
    await town["wang"].post(f"/api/v1/squads/{town.squad}/announcements", json=sent)
    assert await tried(town) == "away"
    async with receiving(Hooks(port=port, status=500)) as group:
        assert await tried(town) == "500"
        page = (await town["wang"].get("/channels")).text
        assert "JSON: Our group" in page
        assert "The service refused it (500)" in page
        assert "a-secret-key" not in page
        (row,) = await town.app.state.db.read(channels.ailing)
        pause = row.retry_at
        group.silent = True
        assert await tried(town) == "away"
        group.silent, group.cuts = False, True
        assert await tried(town) == "away"
        (row,) = await rows(town, endpoint)
        assert row.retry_at - pause == timedelta(seconds=30 * (4 + 8))
        group.got, group.cuts, group.status = [], False, 201
        assert await tried(town) == ""
        await run(town, row.retry_at - now() + timedelta(days=1))
    assert len(group.got) == 1
    assert await rows(town, delivery) == []
    assert await town.app.state.db.read(channels.ailing) == []
    assert "JSON: Our group" not in (await town["wang"].get("/channels")).text
