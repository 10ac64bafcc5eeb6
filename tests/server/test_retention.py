"""Retention: what is old enough is nowhere any more, order and offsets stay, and it is told how much went."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from server.administration import forgetting
from server.administration.retention import keep_no_longer
from server.feed.models import post
from server.journal import journal
from server.schema import new_id, now
from server.tables import metadata
from tests.server.conftest import Town
from tests.server.pictures import shown_by
from tests.server.test_live import listen, until

pytestmark = pytest.mark.anyio
SECRETS = (
    "Owner is ill",
    "Pump is loud",
    "Pump was loud",
    "Price too high",
    "Bring the list",
    "86400",
    "31.2101",
)
"""What people wrote, what was won, where they were."""


async def an_old_day(town: Town) -> dict[str, str]:
    """Forty days ago: a visit with a photo and a win, words, replies, reactions, something edited."""
    await town["wang"].put(f"/api/v1/squads/{town.squad}/hall", json={"on": True})
    visit = (await town.check_in("zhang", note="Owner is ill")).json()["id"]
    won = {
        "result": "won",
        "amount": "86400",
        "currency": "CNY",
        "note": "Price too high",
        "closed_at": str(now()),
    }
    assert (await town["zhang"].put(f"/api/v1/visits/{visit}/outcome", json=won)).status_code == 200
    said = (await town.say("li", "Pump is loud, @Wang Fang"))["id"]
    await town["li"].patch(f"/api/v1/posts/{said}", json={"text": "Pump was loud"})
    reply = {"id": new_id(), "text": "Bring the list"}
    await town["wang"].post(f"/api/v1/posts/{visit}/replies", json=reply)
    await town["li"].put(f"/api/v1/posts/{visit}/reactions/cheer")
    photo = await shown_by(town, "zhang")
    await town.app.state.db.write(aged, 40)
    return {"visit": visit, "said": said, "reply": reply["id"], "photo": photo}


def aged(c: Connection, days: int) -> None:
    """All there is happened so many days earlier."""
    for table in (journal, post):
        rows = select(table.c.recorded_at).distinct()
        for (at,) in c.execute(rows).all():
            c.execute(
                update(table).where(table.c.recorded_at == at).values(recorded_at=at - timedelta(days=days))
            )


async def kept(town: Town, feed_days: int = 30) -> None:
    """The daily job has run."""
    town.app.state.settings.feed_days = feed_days
    await keep_no_longer(town.app.state.db)


def everything(c: Connection) -> str:
    """All that is in the database, as text."""
    return "\n".join(str(tuple(row)) for table in metadata.sorted_tables for row in c.execute(select(table)))


async def shown(town: Town, name: str) -> str:
    """All pages and answers of North Bank somebody has, one after the other."""
    squad, zhang = town.squad, town.ids["zhang"]
    paths = [
        f"/squads/{squad}",
        f"/squads/{squad}?show=wins",
        "/hall",
        f"/squads/{squad}/members/{zhang}/day",
    ]
    paths += [f"/api/v1/squads/{squad}/{what}" for what in ("posts", "journal?limit=1000", "map")]
    paths += ["/api/v1/hall", f"/squads/{squad}/checkin", "/me"]
    answers = [await town[name].get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return "\n".join(answer.text for answer in answers)


async def test_what_is_old_is_nowhere_any_more(town: Town) -> None:
    """Neither on a page, in an answer, the hall or the map, nor in any row; what is young stays."""
    old = await an_old_day(town)
    fresh = await town.say("zhang", "Back from the fair")
    before = await shown(town, "li")
    assert [word for word in SECRETS if word not in before and word != "Pump is loud"] == []
    await kept(town)
    after = await shown(town, "li")
    assert [word for word in SECRETS if word in after] == []
    assert "Back from the fair" in after
    rows = await town.app.state.db.read(everything)
    assert [word for word in SECRETS if word in rows] == []
    for path in (
        f"/visits/{old['visit']}",
        f"/squads/{town.squad}/posts/{old['said']}",
        f"/photos/{old['photo']}",
    ):
        assert (await town["li"].get(path)).status_code == 404, path
    answer = await town["wang"].post(
        f"/api/v1/posts/{old['reply']}/replies", json={"id": new_id(), "text": "x"}
    )
    assert answer.status_code == 404
    assert [one["id"] for one in (await town["li"].get(f"/api/v1/squads/{town.squad}/posts")).json()] == [
        fresh["id"]
    ]


async def test_offsets_stay_dense_and_the_journal_says_what_went(town: Town) -> None:
    """The same rows in the same order and epoch, emptied; then one entry, and a line the squad can read."""
    await an_old_day(town)
    fresh = await town.say("zhang", "Back from the fair")
    before = await town.journal()
    await kept(town)
    entries = await town.journal()
    assert [one["offset"] for one in entries] == list(range(1, len(before) + 2))
    assert {one["epoch"] for one in entries} == {before[0]["epoch"]}
    assert [(one["kind"], one["subject"]) for one in entries[:-1]] == [
        (one["kind"], one["subject"]) for one in before
    ]
    assert all(one["data"] == {"id": one["subject"], "redacted": True} for one in entries[:-2])
    assert entries[-2]["data"]["id"] == fresh["id"]
    said = entries[-1]
    assert (said["kind"], said["actor"], said["data"]["days"]) == ("retention", None, 30)
    assert said["data"]["entries"] == len(before) - 1
    page = (await town["li"].get(f"/squads/{town.squad}/audit")).text
    posts = said["data"]["posts"]
    assert f"Removed after 30 days: posts ({posts}), entries of the journal ({len(before) - 1})" in page
    await kept(town)
    assert len(await town.journal()) == len(entries)  # a second time there is nothing to say


async def test_a_listener_from_the_beginning_hears_nothing_of_it(town: Town, address: str) -> None:
    """Also where the hubs had all of it in memory; in both forms; and whoever listens is told at once."""
    await an_old_day(town)
    entries = await town.journal()
    start, last = f"{town.squad}@{entries[0]['epoch']}.0", entries[-1]["offset"]
    async with listen(address, town, "li", start) as ws, listen(address, town, "wang", start, "html") as page:
        heard = str(await until(ws, last)) + str(await until(page, last))
        assert "Owner is ill" in heard
        await kept(town)
        assert (await until(ws, last + 1))[-1]["kind"] == "retention"
        assert (await until(page, last + 1))[-1]["kind"] == "retention"
    for how in ("data", "html"):
        async with listen(address, town, "wang", start, how) as ws:
            frames = await until(ws, last + 1)
        assert [one["offset"] for one in frames] == list(range(1, last + 2))
        assert [word for word in SECRETS if word in str(frames)] == []


async def test_it_goes_in_steps_that_each_leave_all_in_order(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after any of them: dense, readable, nothing half gone; the rest follows the next day."""
    await an_old_day(town)
    db, steps = town.app.state.db, 0
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    while await db.write(forgetting.forget_feed, now() - timedelta(days=30), 30):
        steps += 1
        entries = await town.journal()
        assert [one["offset"] for one in entries] == list(range(1, len(entries) + 1))
        shown_posts = (await town["li"].get(f"/api/v1/squads/{town.squad}/posts?limit=200")).json()
        assert (await town["li"].get(f"/squads/{town.squad}")).status_code == 200
        told = {one["subject"] for one in entries if one["kind"] in ("checkin", "message")}
        full = {one["subject"] for one in entries if "redacted" not in one["data"]}
        assert {one["id"] for one in shown_posts if one["kind"] in ("checkin", "message")} == told & full
    assert steps > 4
    assert [word for word in SECRETS if word in await shown(town, "li")] == []


async def test_unless_it_is_set_all_is_kept_for_ever(town: Town) -> None:
    """The default; people are told either way."""
    await an_old_day(town)
    await town.app.state.db.write(aged, 4000)
    await keep_no_longer(town.app.state.db)
    seen = await shown(town, "li")
    assert [word for word in SECRETS if word not in seen and word != "Pump is loud"] == []
    page = (await town["li"].get(f"/squads/{town.squad}/audit")).text
    assert re.search(r"Posts, visits and the journal</dt><dd>for ever<", page)
    town.app.state.settings.feed_days = 365
    page = (await town["li"].get(f"/squads/{town.squad}/audit")).text
    assert re.search(r"Posts, visits and the journal</dt><dd>365 days<", page)


async def test_it_is_a_daily_job(town: Town) -> None:
    """By itself."""
    await an_old_day(town)
    for app in (town.app, getattr(town.app.state, "twin", town.app)):
        app.state.settings.feed_days = 30
    await town.app.state.jobs.run_due(now() + timedelta(hours=25))
    assert "Owner is ill" not in await shown(town, "li")
    assert await town.app.state.db.read(lambda c: c.scalar(select(func.count()).select_from(post))) > 5


async def test_another_squad_is_told_nothing(town: Town) -> None:
    """Its stream stays as it is, where it is younger."""
    await an_old_day(town)
    sent: dict[str, Any] = {"id": new_id(), "text": "Ours"}
    await town["sun"].post(f"/api/v1/squads/{town.other}/messages", json=sent)
    await town.app.state.db.write(
        lambda c: (
            c.execute(update(journal).where(journal.c.stream == town.other).values(recorded_at=now()))
            and None
        )
    )
    path = f"/api/v1/squads/{town.other}/journal"
    before = (await town["sun"].get(path)).json()
    await kept(town)
    assert (await town["sun"].get(path)).json() == before
    assert "Removed after" not in (await town["sun"].get(f"/squads/{town.other}/audit")).text
