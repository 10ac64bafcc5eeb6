"""Problems from the company's list on lines of logs, and lines that are kept as plays."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server import live
from server.logs.models import log as log_table
from server.logs.models import log_line, log_revision
from server.schema import new_id, now
from tests.server.conftest import Town
from tests.server.test_daylog import publish, words, write
from tests.server.test_daylog_talk import told
from tests.server.test_retention import aged, kept

pytestmark = pytest.mark.anyio


async def listed(town: Town, name: str = "Price") -> str:
    """One more on the company's list."""
    answer = await town["wang"].post("/api/v1/problems", json={"id": new_id(), "name": name})
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


async def mark(town: Town, log: dict[str, Any], name: str, *problems: str, at: int = 0) -> Any:
    """Marks a line of a log."""
    sent = {"line": log["lines"][at]["id"], "problems": problems}
    return await town[name].put(f"/api/v1/logs/{log['id']}/problems", json=sent)


async def test_the_list_is_the_companys(town: Town) -> None:
    """An admin keeps it, everybody sees it; the same name is the same problem, closed ones come back."""
    price = await listed(town)
    assert await listed(town, "price") == price
    for name in ("li", "sun"):
        assert [one["name"] for one in (await town[name].get("/api/v1/problems")).json()] == ["Price"]
        again = {"id": new_id(), "name": "Mine"}
        assert (await town[name].post("/api/v1/problems", json=again)).status_code == 403
        assert (await town[name].delete(f"/api/v1/problems/{price}")).status_code == 403
        assert (await town[name].get("/problems")).status_code == 403
    assert (await town["wang"].post(f"/problems/{price}/close")).status_code == 303
    assert (await town["li"].get("/api/v1/problems")).json() == []
    assert "took “Price” off the list of problems" in (await town["wang"].get("/audit")).text
    assert (await town["wang"].delete(f"/api/v1/problems/{price}")).status_code == 404
    assert (await town["wang"].post("/problems", data={"name": "Price"})).status_code == 303
    assert [one["id"] for one in (await town["li"].get("/api/v1/problems")).json()] == [price]
    wrong = await town["wang"].post("/problems", data={"name": "x" * 61})
    assert wrong.status_code == 422
    assert f'value="{"x" * 61}"' in wrong.text


async def test_a_line_shows_what_stood_in_the_way(town: Town) -> None:
    """For all of the squad, live; a problem that is closed later stays where it stands."""
    log = await told(town)
    line = log["lines"][0]["id"]
    price, material = await listed(town), await listed(town, "Missing material")
    before = len(await town.journal())
    assert (await mark(town, log, "wang", price)).status_code == 204
    sent = {"line": line, "problem": [price, material]}
    assert (await town["zhang"].post(f"/logs/{log['id']}/problems", data=sent)).status_code == 303
    source = live.Source(town.app.state.db)
    last = (await source.contents(await source.history(town.squad, before, 100), "en"))[-1] or ""
    page = (await town["li"].get(f"/logs/{log['id']}")).text
    for shown in (last, page):
        tags = words("<main" + shown.partition(f'id="lp-{line}"')[2].partition("</div>")[0])
        assert "Missing material Price" in tags
    await town["wang"].delete(f"/api/v1/problems/{price}")
    assert (await mark(town, log, "wang")).status_code == 204
    now_has = (await town["li"].get(f"/api/v1/logs/{log['id']}")).json()["lines"][0]["problems"]
    assert now_has == [price]


async def test_only_what_is_listed_and_only_here(town: Town) -> None:
    """Nothing invented, no line of another log, nothing by people outside."""
    log = await told(town)
    other = await publish(town, "zhang", lesson=("Other", 0))
    price = await listed(town)
    assert (await mark(town, log, "wang", new_id())).status_code == 422
    assert (await mark(town, {**other, "id": log["id"]}, "wang", price)).status_code == 404
    assert (await mark(town, log, "sun", price)).status_code == 404
    lines = (await town["li"].get(f"/api/v1/logs/{log['id']}")).json()["lines"]
    assert [line["problems"] for line in lines] == [[]] * len(lines)


async def test_a_line_is_kept_with_its_source(town: Town) -> None:
    """In words of one's own or in its own; sent twice it is kept once; its author is named for good."""
    log = await told(town)
    line = log["lines"][0]["id"]
    path, id = f"/api/v1/logs/{log['id']}/plays", new_id()
    sent = {"id": id, "line": line, "text": "Show a bakery that has it"}
    answers = [await town["zhang"].post(path, json=sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    form = {"new_id": new_id(), "line": line, "text": " "}
    assert (await town["wang"].post(f"/logs/{log['id']}/plays", data=form)).status_code == 303
    plays = (await town["li"].get(f"/api/v1/squads/{town.squad}/plays")).json()
    source = "They ask for a bakery that uses ours"
    assert [(one["text"], one["by"], one["source"], one["author"]) for one in plays] == [
        (source, town.ids["wang"], source, town.ids["li"]),
        ("Show a bakery that has it", town.ids["zhang"], source, town.ids["li"]),
    ]
    assert "Kept as a play by Zhang Wei" in words((await town["li"].get(f"/logs/{log['id']}")).text)
    page = (await town["li"].get(f"/squads/{town.squad}/plays")).text
    assert f'href="/logs/{log["id"]}#le-{line}"' in page
    loud = {"id": new_id(), "line": line, "text": "Show **a bakery** <i>"}
    assert (await town["zhang"].post(path, json=loud)).status_code == 201
    page = (await town["li"].get(f"/squads/{town.squad}/plays")).text
    assert "Show <strong>a bakery</strong> &lt;i&gt;" in page
    assert (await town["sun"].get(f"/squads/{town.squad}/plays")).status_code == 404
    assert (await town["sun"].post(path, json={**sent, "id": new_id()})).status_code == 404
    long = await town["wang"].post(
        f"/logs/{log['id']}/plays", data={**form, "new_id": new_id(), "text": "x" * 401}
    )
    assert long.status_code == 422
    assert "x" * 401 in long.text


async def test_what_is_old_enough_is_forgotten(town: Town) -> None:
    """Words, earlier words and drafts that were never sent; the play stays, for it was kept on purpose."""
    log = await told(town)
    line = log["lines"][0]["id"]
    await publish(town, lesson=("Bring two lists", 1))
    kept_as = {"id": new_id(), "line": line, "text": "Show a bakery"}
    await town["wang"].post(f"/api/v1/logs/{log['id']}/plays", json=kept_as)
    await write(town, "zhang", stuck=("Never sent", 0))
    await town.app.state.db.write(aged, 40)
    old = update(log_table).values(saved_at=now() - timedelta(days=40))
    await town.app.state.db.write(lambda c: c.execute(old) and None)
    await kept(town)
    for words_gone in ("They ask for a bakery", "Bring the list", "Bring two lists", "Never sent"):
        found = await town.app.state.db.read(lambda c, w=words_gone: [
            table.name
            for table in (log_line, log_revision)
            for row in c.execute(select(table))
            if w in str(row)
        ])  # fmt: skip
        assert found == [], words_gone
    assert (await town["li"].get(f"/logs/{log['id']}")).status_code == 404
    assert (await town["wang"].get(f"/api/v1/squads/{town.squad}/logs")).json() == []
    assert (await town["wang"].get(f"/api/v1/squads/{town.squad}/log-answers")).json()["waiting"] == []
    plays = (await town["li"].get(f"/api/v1/squads/{town.squad}/plays")).json()
    assert [one["text"] for one in plays] == ["Show a bakery"]
