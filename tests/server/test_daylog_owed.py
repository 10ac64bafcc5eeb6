"""Whom a log is for, when it is due, and lines that come to one that others have open."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server import live
from server.logs import reminding
from server.schema import now
from tests.server.conftest import Town
from tests.server.test_daylog import DAY, ZONE, publish, visit, words, write
from tests.server.test_daylog_talk import bell, told

pytestmark = pytest.mark.anyio


async def for_whom(town: Town, *names: str, by: str = "li") -> Any:
    """Who is to answer somebody's log of that day."""
    sent = {"recipients": [town.ids[name] for name in names]}
    return await town[by].patch(f"/api/v1/squads/{town.squad}/logs/{DAY}", json=sent)


async def test_a_log_is_for_whom_its_author_chooses(town: Town) -> None:
    """They owe it the answer then, and hear of it, nobody else; without a choice whoever leads does."""
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    assert (await for_whom(town, "sun")).status_code == 422
    assert (await for_whom(town, "li")).status_code == 422
    assert (await for_whom(town, "zhang")).status_code == 200
    log = await publish(town)
    assert log["recipients"] == [town.ids["zhang"]]
    assert await bell(town, "zhang") == ["log"]
    assert await bell(town, "wang") == []
    assert "Waiting for your answer" in (await town["zhang"].get(f"/squads/{town.squad}/logs")).text
    assert "Waiting for your answer" not in (await town["wang"].get(f"/squads/{town.squad}/logs")).text
    assert "For Zhang Wei" in words((await town["wang"].get(f"/logs/{log['id']}")).text)
    shares = (await town["li"].get(f"/api/v1/squads/{town.squad}/log-answers")).json()
    assert {(one["member"], one["answered"], one["logs"]) for one in shares["shares"]} == {
        (town.ids["wang"], 0, 0),
        (town.ids["zhang"], 0, 1),
    }
    sent = {"new_id": town.ids["wang"], "text": "Well done"}
    await town["wang"].post(f"/logs/{log['id']}/replies", data=sent)
    assert (await town["li"].get(f"/api/v1/logs/{log['id']}")).json()["waits"] is True
    await town["zhang"].post(f"/logs/{log['id']}/replies", data=sent)
    assert (await town["li"].get(f"/api/v1/logs/{log['id']}")).json()["waits"] is False


async def test_a_form_says_for_whom(town: Town) -> None:
    """Without script too; all of them unchosen means whoever leads again."""
    await visit(town, "2026-05-04T04:00:00Z", "Owner is in")
    path = f"/squads/{town.squad}/logs/{DAY}"
    for chosen in ([town.ids["zhang"]], []):
        assert (await town["li"].post(path, data={"to": ["", *chosen]})).status_code == 303
        assert (await town["li"].get(f"/api/v1{path}")).json()["recipients"] == chosen


async def test_who_has_not_sent_theirs_is_told_once(town: Town) -> None:
    """After the hour their squad chose, never before, never twice, never who has none; sent, it is over."""
    today = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).replace(hour=12, minute=0, second=0, microsecond=0)
    for name in ("li", "zhang"):
        await town.check_in(name, captured_at=(now() - timedelta(minutes=1)).isoformat())
    path = f"/squads/{town.squad}/log-due"
    assert (await town["li"].post(path, data={"hour": "12:00"})).status_code == 403
    assert (await town["wang"].post(path, data={"hour": "25:00"})).status_code == 422
    assert (await town["wang"].post(path, data={"hour": "12:00"})).status_code == 303
    assert 'value="12:00"' in (await town["wang"].get(f"/squads/{town.squad}/log-fields")).text
    sent = {"day": today.date().isoformat()}
    await town["zhang"].post(f"/api/v1/squads/{town.squad}/logs", json=sent)
    db = town.app.state.db
    for minutes, heard in ((-1, []), (181, []), (10, ["log_due"]), (20, ["log_due"])):
        await db.write(reminding.remind, today + timedelta(minutes=minutes))
        assert await bell(town, "li") == heard
    for name in ("zhang", "wang", "sun"):
        assert "log_due" not in await bell(town, name)
    seen = (await town["li"].get("/notices")).text
    assert "Your visits of today are drafted as a log" in seen
    await town["li"].post(f"/api/v1/squads/{town.squad}/logs", json=sent)
    assert await bell(town, "li") == []
    assert (await town["wang"].post(path, data={"hour": ""})).status_code == 303
    await db.write(reminding.remind, today + timedelta(days=1, minutes=10))
    assert await bell(town, "li") == []


async def frames(town: Town, after: int) -> str:
    """What came over the wire since then."""
    source = live.Source(town.app.state.db)
    entries = await source.history(town.squad, after, 100)
    return "".join(one or "" for one in await source.contents(entries, "en"))


async def test_a_line_that_is_added_arrives_on_open_pages(town: Town) -> None:
    """Whole, at its place, only where it is not there yet; its author is offered it as soon as it is made."""
    log = await told(town)
    before = len(await town.journal())
    await visit(town, "2026-05-04T06:00:00Z", "Came later")
    offered = await frames(town, before)
    assert f'hx-target="#lu-{log["id"]}"' in offered
    assert "1 visit came after you sent it" in offered
    before = len(await town.journal())
    again = await publish(town)
    added = next(line["id"] for line in again["lines"] if line["text"] == "Came later")
    shown = await frames(town, before)
    assert f'hx-target="#ll-{log["id"]}:not(:has(#le-{added}))" hx-swap="put"' in shown
    page = (await town["wang"].get(f"/logs/{log['id']}")).text
    places = [
        part.partition('"')[0] for part in page.split('data-n="')[1:] if part.partition('"')[0].isdigit()
    ]
    assert places == sorted(places, key=int)
    before = len(await town.journal())
    await write(town, stuck=("Not yet sent", 0))
    assert "Not yet sent" not in await frames(town, before)
