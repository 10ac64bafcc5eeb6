"""What else is forgotten: looks, announcements that are over, ended ways in, old administration."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, func, select, update

from server import audit
from server.administration.retention import keep_no_longer
from server.announcements.models import announcement, announcement_revision, receipt
from server.members import actions as members
from server.members.models import access_change, api_token, reset_link, session
from server.schema import new_id, now
from server.sight.models import look
from server.squads.models import invite
from tests.server.conftest import Town
from tests.server.test_live import listen, until

pytestmark = pytest.mark.anyio
LONG_AGO = timedelta(days=800)


async def rows(town: Town, table: Any) -> int:
    """How many there are."""
    return int(await town.app.state.db.read(lambda c: c.scalar(select(func.count()).select_from(table))))


async def aged(town: Town, column: Any, which: ColumnElement[bool] | None = None) -> None:
    """It happened 800 days earlier."""
    change = update(column.table).values({column: now() - LONG_AGO})
    await town.app.state.db.write(
        lambda c: c.execute(change if which is None else change.where(which)) and None
    )


async def told(town: Town) -> str:
    """What admins read."""
    return str((await town["wang"].get("/audit")).text)


async def test_ways_in_that_have_ended_are_forgotten(town: Town) -> None:
    """Sessions, links, invitations, tokens; what stands stays, and whoever uses it notices nothing."""
    db, path, li = town.app.state.db, f"/squads/{town.squad}", town.ids["li"]
    gone, _ = [await db.write(members.open_session, li, "phone", 60) for _ in range(2)]
    await aged(town, session.c.expires_at, session.c.id == gone.id)
    for name in ("zhang", "li"):
        await town["wang"].post(f"{path}/people/{town.ids[name]}/reset")
    await aged(town, reset_link.c.expires_at, reset_link.c.member == li)
    for _ in range(2):
        await town["wang"].post(f"{path}/invite")
    await aged(town, invite.c.revoked_at, invite.c.revoked_at.is_not(None))
    await db.write(members.new_token, li, "old")
    await aged(town, api_token.c.revoked_at, api_token.c.name == "old")
    for _ in range(3):
        await db.write(members.sign_out_everywhere, town.ids["sun"])
    await aged(town, access_change.c.at)
    newest = await db.read(lambda c: c.scalar(select(func.max(access_change.c.id))))
    before = await rows(town, api_token)
    await keep_no_longer(db)
    assert (await rows(town, session), await rows(town, reset_link), await rows(town, invite)) == (1, 1, 1)
    assert await rows(town, api_token) == before - 1
    assert await db.read(lambda c: list(c.scalars(select(access_change.c.id)))) == [newest]
    assert "Removed 30 days after they ended: sign-ins, links and tokens (4)" in await told(town)
    await keep_no_longer(db)
    assert (await told(town)).count("sign-ins, links and tokens (") == 1
    assert (await town["li"].get("/me")).status_code == 200


async def test_who_lost_access_after_that_is_still_closed_out(town: Town, address: str) -> None:
    """The numbers of the changes go on where they were: no process takes a new one for an old one."""
    db = town.app.state.db
    await db.write(members.sign_out_everywhere, town.ids["sun"])
    await aged(town, access_change.c.at)
    await keep_no_longer(db)
    async with listen(address, town, "li", "me") as ws:
        await db.write(members.sign_out_everywhere, town.ids["li"])
        await ws.wait_closed()
    assert ws.close_code == 1008


async def test_looks_are_forgotten_also_by_the_hub(town: Town, address: str) -> None:
    """After 90 days neither the page nor the journal of whom it was about, nor a listener, knows of it."""
    await town.check_in("zhang")
    await town["li"].get(f"/squads/{town.squad}/members/{town.ids['zhang']}/day")
    async with listen(address, town, "zhang", "me") as ws:
        ready = await ws.recv()
    epoch = str(ready).split('"epoch":"')[1].split('"')[0]
    async with listen(address, town, "zhang", f"me@{epoch}.0") as ws:
        heard = await until(ws, 1)
        assert town.ids["li"] in str(heard)
        last = heard[-1]["offset"]
        await aged(town, look.c.last_at)
        await keep_no_longer(town.app.state.db)
    async with listen(address, town, "zhang", f"me@{epoch}.0") as ws:
        again = await until(ws, last)
    assert [one["offset"] for one in again] == [one["offset"] for one in heard]
    assert town.ids["li"] not in str(again)
    assert await rows(town, look) == 0
    assert "Removed after 90 days: who looked at whose day (1)" in await told(town)


async def test_announcements_that_are_over_are_forgotten(town: Town) -> None:
    """With their earlier words and readers; one that still stands stays, however old."""
    app, path = town.app.state, f"/api/v1/squads/{town.squad}/announcements"
    ids = [new_id(), new_id()]
    for id, title in zip(ids, ("Old prices", "House rules"), strict=True):
        await town["wang"].post(path, json={"id": id, "title": title, "text": "As agreed"})
        await town["wang"].patch(
            f"/api/v1/announcements/{id}", json={"title": title, "text": "As agreed now"}
        )
        await town["li"].put(f"/api/v1/announcements/{id}/read")
    await town["wang"].delete(f"/api/v1/announcements/{ids[0]}")
    await aged(town, announcement.c.ended_at, announcement.c.id == ids[0])
    await keep_no_longer(app.db)
    assert await rows(town, announcement) == 2
    app.settings.feed_days = 400
    await keep_no_longer(app.db)
    left = [await rows(town, table) for table in (announcement, announcement_revision, receipt)]
    assert left == [1, 1, 1]
    page = (await town["li"].get(f"/squads/{town.squad}/announcements")).text
    assert "House rules" in page
    assert "Old prices" not in page + str(await town.journal())
    assert (await town["li"].get(f"/announcements/{ids[0]}")).status_code == 404
    assert "House rules" in str(await town.journal())
    assert "Removed 400 days after they ended: announcements (1)" in await told(town)


async def test_old_administration_is_forgotten_and_says_so(town: Town) -> None:
    """After two years; how many lines went is a line of its own."""
    await aged(town, audit.audit.c.at)
    n = await rows(town, audit.audit)
    await keep_no_longer(town.app.state.db)
    page = await told(town)
    assert f"Removed after 730 days: lines of this list ({n})" in page
    assert "founded the squad" not in page
    assert await rows(town, audit.audit) == 1
