"""A sweep played back: what it shows at a moment, to whom, and that its end is the sweep as it stands."""

import csv
import io
import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from server.schema import now
from server.sweeps import standing
from server.sweeps.models import sweep as rows
from server.sweeps.recorded import Recording, recording
from server.sweeps.replay import at
from tests.server.conftest import Town
from tests.server.sweeping import Sweep, hours, running, visits

pytestmark = pytest.mark.anyio


async def close(town: Town, who: str, visit: dict[str, Any], result: str, **more: Any) -> None:
    """Says how a visit went."""
    body = {"result": result, "closed_at": hours(0), **more}
    answer = await town[who].put(f"/api/v1/visits/{visit['id']}/outcome", json=body)
    assert answer.status_code == 200, answer.text


async def page(town: Town, sweep: Sweep, who: str = "li", query: str = "") -> str:
    """The replay as somebody sees it."""
    answer = await town[who].get(f"/sweeps/{sweep.id}/replay{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def same_end(town: Town, sweep: Sweep) -> Recording:
    """The replay's end is the sweep as its tables say it stands."""
    db = town.app.state.db
    record = await db.read(recording, sweep.id)
    now = await db.read(standing.load, sweep.id)
    end = at(record.day, record.day.end)
    assert end.sums == now.sums
    for one in now.members:
        stand = end.people[one.member]
        assert (stand.metres, stand.done, stand.planned) == (one.metres, one.done, one.planned)
        assert (stand.at, stand.arrived) == (one.at, one.arrived_at is not None)
    assert [one.at for one in record.day.events] == sorted(one.at for one in record.day.events)
    return record


async def test_a_day_is_told_in_order(town: Town) -> None:
    """What happened, with who and where; nothing of it for the other squad."""
    sweep = await running(town)
    first = await visits(town, "li", "hotel")
    await town.say("wang", "Tea is on me")
    await close(town, "li", first, "won", amount="86400", currency="CNY")
    await visits(town, "zhang", "canteen")
    shown = await page(town, sweep)
    for text in ("The sweep begins", "Golden Harbour Hotel", "¥86,400", "Tea is on me", "East Gate Canteen"):
        assert text in shown
    record = await same_end(town, sweep)
    kinds = [one.kind for one in record.day.events]
    assert kinds == ["started", "checkin", "said", "won", "checkin"]
    for path in (f"/sweeps/{sweep.id}/replay", f"/api/v1/sweeps/{sweep.id}/replay"):
        assert (await town["sun"].get(path)).status_code == 404


async def test_what_is_no_time_is_said_so(town: Town) -> None:
    """Hostile moments get the page with a word, never a crash; times out of the sweep are its ends."""
    sweep = await running(town)
    await visits(town, "li", "hotel")
    for wrong in (
        "25:00",
        "yesterday",
        "<script>",
        "12:60",
        "９:00",
        "14:20Z",
        "2026-05-04",
        "NaN",
        "0" * 5000,
    ):
        answer = await town["li"].get(f"/sweeps/{sweep.id}/replay", params={"at": wrong})
        assert answer.status_code == 422, wrong
        assert "is no time of day" in answer.text
        assert "<script>" not in answer.text
    for far in ("00:00", "23:59:59", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00"):
        assert (await town["li"].get(f"/sweeps/{sweep.id}/replay", params={"at": far})).status_code == 200


async def test_a_link_means_one_moment_also_on_the_second_day(town: Town) -> None:
    """Of a sweep of fifty hours: the same time of day comes twice, the link's moment once."""
    sweep = await running(town)
    await visits(town, "li", "hotel")
    began = now().replace(microsecond=0) - timedelta(hours=50)
    longer = update(rows).where(rows.c.id == sweep.id).values(started_at=began)
    await town.app.state.db.write(lambda c: c.execute(longer))
    for hours_later in (1, 25, 49):
        moment = began + timedelta(hours=hours_later)
        shown = await page(town, sweep, query=f"?at={moment:%Y-%m-%dT%H:%M:%SZ}")
        at_most = re.search(r'data-at="(\d+)"', shown)
        assert at_most
        assert int(at_most[1]) // 1000 == int(moment.timestamp())
        links = re.findall(r'/replay\?at=([^"&#]+)', shown)
        assert links
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", link) for link in links)
        assert f"{moment:%Y-%m-%dT%H:%M:%SZ}" in links


async def taken(town: Town, sweep: Sweep, name: str, who: str = "li") -> bytes:
    """A file of the replay, refused to the other squad."""
    path = f"/sweeps/{sweep.id}/replay/{name}"
    assert (await town["sun"].get(path)).status_code == 404
    answer = await town[who].get(path)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].isascii()
    return answer.content


async def test_a_day_can_be_taken_along(town: Town) -> None:
    """As tables and for maps; no cell is a formula, and a name in Chinese is a name of a file."""
    sweep = await running(town, name="临江 =会战/..\\x")
    bad = '=HYPERLINK("http://evil.example","x")'
    first = await visits(town, "li", "hotel", note=bad)
    await close(town, "li", first, "won", amount="1200.50", currency="CNY", note="@SUM(A1)\ufffe")
    await visits(town, "zhang", "canteen", note="+1")
    rows = list(csv.reader(io.StringIO((await taken(town, sweep, "events.csv")).decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == ["Start", "Check-in", "Won", "Check-in"]
    assert rows[2][6] == f"'{bad}"
    assert rows[3][7:9] == ["1200.5", "CNY"] or rows[3][7:9] == ["1200.50", "CNY"]
    lines = list(csv.reader(io.StringIO((await taken(town, sweep, "distances.csv")).decode("utf-8-sig"))))
    assert sorted(lines[0][2:]) == ["Li Na", "Zhang Wei"]
    assert len(lines) == 4
    book = load_workbook(io.BytesIO(await taken(town, sweep, "replay.xlsx")))
    cells = [one for sheet in book for row in sheet.iter_rows() for one in row if one.value is not None]
    assert {one.data_type for one in cells} == {"s", "n"}
    assert not [one.value for one in cells if str(one.value).startswith(("=", "+", "@"))]
    assert book.sheetnames == ["Events", "Distances"]
    drawn = json.loads(await taken(town, sweep, "replay.geojson"))
    kinds = Counter(one["properties"]["kind"] for one in drawn["features"])
    assert kinds == {"rally": 1, "stop": 4, "checkin": 2}
    rally = drawn["features"][0]["geometry"]["coordinates"]
    assert rally == [121.4, 31.2]
